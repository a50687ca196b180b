//! What everybody may see: figures that are right, and nothing about fewer than five people, not even by subtraction.

use freerange_domain::{
    change::Kind as ChangeKind,
    outing::Kind,
    overview::{Been, Count, Load},
    people::Role,
};
use freerange_store::{Act, Actor, StoreError, outing::Offer, overview::Overview, people::StaffRow};
use freerange_testkit::{
    House, both, city, commitment, draft, invite, line, person, prose, reason, said, sign_in_as, uses, zone,
};
use jiff::{Timestamp, ToSpan as _};

fn new_year() -> Timestamp {
    "2027-01-01T00:00:00+01:00".parse().expect("a moment")
}

async fn year(house: &House, who: &Actor) -> Overview {
    house.store.overview(who, new_year(), house.clock.today(), house.now()).await.expect("is for everybody here")
}

/// A city of departments of the given sizes, and one that has more than enough people.
fn departments(sizes: &[usize]) -> Vec<StaffRow> {
    let mut rows = vec![person("ann", &["Hall"], None)];
    rows.extend((0..20).map(|n| person(&format!("hall{n}"), &["Hall"], Some("ann"))));
    for (d, size) in sizes.iter().enumerate() {
        let department = format!("Department {d}");
        rows.extend((0..*size).map(|n| person(&format!("d{d}n{n}"), &[&department], Some("ann"))));
    }
    rows
}

/// Lets the first so many people of a department have been out, behind the store's back. A placement takes its person's
/// id, so each goes once.
async fn went(house: &House, prefix: &str, people: usize, outing: &str) {
    let names: Vec<String> = (0..people).map(|n| format!("'S-{prefix}{n}'")).collect();
    if names.is_empty() {
        return;
    }
    house
        .tamper(&format!(
            "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, created_at, updated_at)
             SELECT w.id, o.id, w.id, 'debriefing', o.ends_at, o.ends_at, '{{}}', '[]', '', o.starts_at, o.starts_at
             FROM person w CROSS JOIN outing o WHERE w.staff_no IN ({}) AND o.title = '{outing}'",
            names.join(", ")
        ))
        .await;
}

/// What a reader can work out about those of whom nothing is said, given total and sizes: how many of them went, and how
/// many did not. Both must be nobody or at least five people, and never of a single group.
fn nothing_follows(year: &Overview, what: &str) {
    let few = |n: i64| (1..5).contains(&n);
    let Count::Exactly(total) = year.people_out else { return };
    let said: i64 = year.departments.iter().filter_map(|d| d.went.said()).sum();
    let hidden: Vec<_> = year.departments.iter().filter(|d| d.went == Count::NotSaid).collect();
    let of: i64 = hidden.iter().map(|d| d.people).sum();
    assert_ne!(hidden.len(), 1, "{what}: the number of one group follows from the total");
    assert!(!few(total) && !few(year.people - total), "{what}: {total} of {}", year.people);
    assert!(!few(total - said) && !few(of - (total - said)), "{what}: {} of {of}", total - said);
    for d in &year.departments {
        let few_of = d.went.said().is_some_and(|n| few(n) || few(d.people - n));
        assert!(!few_of && d.people >= 5, "{what}: {d:?}");
    }
}

#[test]
fn nothing_is_said_or_can_be_worked_out_about_fewer_than_five_people_of_a_department() {
    both(async |house| {
        let sizes = [9, 8, 7, 3];
        house.store.import_people(&Actor::Program, &departments(&sizes), house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        house.offer(&ann, Offer { title: line("Mill"), ..house.in_a_week(Kind::CommunityVisit) }).await;
        house.clock.advance(30.days());
        for (hall, out) in [
            (15, [1, 0, 0, 0]),
            (15, [1, 1, 0, 0]),
            (15, [1, 1, 6, 0]),
            (15, [8, 8, 7, 0]),
            (15, [4, 4, 4, 0]),
            (15, [9, 8, 7, 2]),
            (15, [9, 8, 0, 3]),
            (15, [5, 5, 5, 1]),
            (15, [3, 8, 7, 3]),
            (20, [9, 8, 7, 0]),
            (20, [9, 8, 7, 3]),
            (2, [0, 0, 0, 1]),
        ] {
            house.tamper("DELETE FROM placement").await;
            went(house, "hall", hall, "Mill").await;
            for (d, people) in out.iter().enumerate() {
                went(house, &format!("d{d}n"), *people, "Mill").await;
            }
            let year = year(house, &ann).await;
            let names: Vec<Option<&str>> = year.departments.iter().map(|d| d.name.as_deref()).collect();
            let expected = [Some("Department 0"), Some("Department 1"), Some("Hall"), None];
            assert_eq!(names, expected, "three people are told of together with the next smallest");
            nothing_follows(&year, &format!("{hall} {out:?}"));
        }
    });
}

#[test]
fn a_person_who_went_twice_is_one_person_and_who_left_is_none() {
    both(async |house| {
        house.store.import_people(&Actor::Program, &departments(&[9]), house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        for title in ["Mill", "Dyke"] {
            house.offer(&ann, Offer { title: line(title), ..house.in_a_week(Kind::CommunityVisit) }).await;
        }
        house.clock.advance(30.days());
        went(house, "hall", 7, "Mill").await;
        house
            .tamper(
                "INSERT INTO placement (id, outing_id, person_id, stage, ending, ending_why, reflection_at, talk_at, answers, done, checkin,
                    created_at, updated_at)
                 SELECT o.id, o.id, w.id, 'closed', 'changed-nothing', 'It was fine', o.ends_at, o.ends_at, '{}', '[]', '',
                    o.starts_at, o.starts_at
                 FROM person w CROSS JOIN outing o WHERE w.staff_no = 'S-hall0' AND o.title = 'Dyke'",
            )
            .await;
        let seen = year(house, &ann).await;
        assert_eq!((seen.people_out, seen.outings), (Count::Exactly(7), 2));
        assert_eq!(seen.endings, (Count::Exactly(0), Count::NotSaid), "one person's ending is not told");
        // Those who left are counted nowhere, or they would follow from the sum of the departments.
        house.tamper("UPDATE person SET active = FALSE WHERE staff_no = 'S-hall0'").await;
        assert_eq!(year(house, &ann).await.people_out, Count::Exactly(6));
    });
}

#[test]
fn what_is_shown_of_departments_is_right() {
    both(async |house| {
        house.store.import_people(&Actor::Program, &departments(&[9, 8]), house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        house.offer(&ann, Offer { title: line("Mill"), ..house.in_a_week(Kind::CommunityVisit) }).await;
        house.clock.advance(30.days());
        for (prefix, people) in [("hall", 15), ("d0n", 7)] {
            went(house, prefix, people, "Mill").await;
        }
        let year = year(house, &ann).await;
        let shown: Vec<_> = year.departments.iter().map(|d| (d.people, d.went, d.never.join(", "))).collect();
        // Of the first seven of nine went: two did not. It hides behind the hall.
        let (none, second) = (String::new(), "Department 1".to_owned());
        assert_eq!(
            shown,
            [(9, Count::NotSaid, none.clone()), (8, Count::Exactly(0), second), (21, Count::NotSaid, none)]
        );
        assert_eq!(year.people_out, Count::Exactly(22));
    });
}

#[test]
fn a_neighbourhood_bears_outings_and_no_number_of_people_is_told() {
    both(async |house| {
        let town = city(house).await;
        let ann = sign_in_as(house, "ann").await;
        for n in 0..4 {
            let at = house.in_a_week(Kind::CommunityVisit);
            house.offer(&ann, Offer { title: line(&format!("Mill {n}")), place: Some(town.place("Mill")), ..at }).await;
        }
        let harbour = Offer { place: Some(town.place("Harbour")), ..house.in_a_week(Kind::CommunityVisit) };
        house.offer(&ann, Offer { title: line("Harbour"), ..harbour }).await;
        house.clock.advance(30.days());
        // Four outings of one person each; and one outing of four people.
        for (n, who) in ["ben", "cas", "dee", "eli"].into_iter().enumerate() {
            went_one(house, &format!("S-{who}"), &format!("Mill {n}")).await;
        }
        for who in ["fay", "gus", "hal", "ida"] {
            went_one(house, &format!("S-{who}"), "Harbour").await;
        }
        let year = year(house, &ann).await;
        assert_eq!(year.visits.get(&town.place("Mill")), Some(&Load::Some));
        assert_eq!(year.visits.get(&town.place("Harbour")), Some(&Load::Few), "four people were one outing");
        assert!(!year.visits.contains_key(&town.place("Dyke")), "where nobody has been is said openly");
        assert_eq!(year.outings, 5);
    });
}

#[test]
fn an_outing_tells_departments_of_those_who_have_been_there_but_never_a_few_people() {
    both(async |house| {
        let mill = city(house).await.place("Mill");
        let ada = Some("ada@city.example".to_owned());
        let more = departments(&[9, 8]).into_iter().skip(1).map(|r| StaffRow { manager_email: ada.clone(), ..r });
        let rows: Vec<StaffRow> = freerange_testkit::staff().into_iter().chain(more).collect();
        house.store.import_people(&Actor::Program, &rows, house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        let offer = Offer { title: line("Mill"), place: Some(mill), ..house.in_a_week(Kind::CommunityVisit) };
        let id = house.offer(&ann, offer).await;
        house.clock.advance(10.days());
        let been = async || {
            let outing = house.store.outing(&ann, id, house.now()).await.expect("is there");
            (outing.been, outing.load)
        };
        assert_eq!(been().await, (Been::Nobody, Load::Never));
        went(house, "d0n", 4, "Mill").await;
        assert_eq!(been().await, (Been::NotSaid, Load::Few));
        went(house, "d1n", 4, "Mill").await;
        assert_eq!(been().await, (Been::People(Vec::new()), Load::Few), "several departments, none with five");
        house.tamper("DELETE FROM placement").await;
        went(house, "d0n", 6, "Mill").await;
        assert_eq!(been().await.0, Been::People(vec!["Department 0".to_owned()]));
    });
}

#[test]
fn a_team_from_which_nobody_went_is_named_where_its_department_stays_many() {
    both(async |house| {
        let mut rows = departments(&[]);
        for (team, size) in [("Bridges", 6), ("Trees", 5), ("Lamps", 4)] {
            let name = team.to_lowercase();
            rows.extend((0..size).map(|n| person(&format!("{name}{n}"), &["Works", team], Some("ann"))));
        }
        house.store.import_people(&Actor::Program, &rows, house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        house.offer(&ann, Offer { title: line("Mill"), ..house.in_a_week(Kind::CommunityVisit) }).await;
        house.clock.advance(30.days());
        let named = async || {
            let year = year(house, &ann).await;
            let works = year.departments.into_iter().find(|d| d.name.as_deref() == Some("Works"));
            works.expect("is listed").never
        };
        assert_eq!(named().await, ["Works / Bridges"], "without both, Lamps would be four people of whom none went");
        went(house, "trees", 5, "Mill").await;
        assert!(named().await.is_empty(), "four of the other nine did not go");
        went(house, "lamps", 4, "Mill").await;
        assert_eq!(named().await, ["Works / Bridges"], "all of the others did");
    });
}

#[test]
fn what_was_heard_is_told_in_words_that_may_be_shown_and_says_on_how_much_it_rests() {
    both(async |house| {
        let town = city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let about = house.ask(&bo, "Why so dark?").await;
        let visit = |place: &str| Offer {
            challenge: Some(about),
            place: Some(town.place(place)),
            ..house.in_a_week(Kind::CommunityVisit)
        };
        let at = visit("Mill");
        let (_, one) = house.out(&ann, &bo, at).await;
        let quote = uses("use quote");
        let (given, code) = house.consent(&ann, one, quote).await;
        let (only_use, _) = house.consent(&ann, one, uses("use")).await;
        house
            .store
            .write_note(&ann, one, &said("I walk round the park", Some(given), house.now()), house.now())
            .await
            .expect("kept");
        let seen_of_somebody =
            freerange_store::note::Draft { consent: Some(only_use), ..draft("She held on to the wall", house.now()) };
        house.store.write_note(&ann, one, &seen_of_somebody, house.now()).await.expect("is kept");
        let (_, two) = house.out(&ben, &bo, visit("Dyke")).await;
        house.store.write_note(&ben, two, &draft("Three lamps are out", house.now()), house.now()).await.expect("kept");
        let heard = async || year(house, &ann).await.heard;
        let told = heard().await;
        assert_eq!((told[0].notes, told[0].outings, told[0].places), (3, 2, 2));
        let words: Vec<&str> = told[0].words.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(words, ["I walk round the park", "Three lamps are out"], "what may not be quoted is not");
        let resident = house.store.resident(&code, "192.0.2.9", house.now()).await.expect("the code is known");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let words: Vec<String> = heard().await.remove(0).words.into_iter().map(|w| w.text).collect();
        assert_eq!(words, ["Three lamps are out"]);
    });
}

async fn went_one(house: &House, staff_no: &str, outing: &str) {
    house
        .tamper(&format!(
            "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, created_at, updated_at)
             SELECT w.id, o.id, w.id, 'debriefing', o.ends_at, o.ends_at, '{{}}', '[]', '', o.starts_at, o.starts_at
             FROM person w CROSS JOIN outing o WHERE w.staff_no = '{staff_no}' AND o.title = '{outing}'"
        ))
        .await;
}

#[test]
fn the_figures_are_those_of_this_year_counted_again_by_hand() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        // Last year: a visit, a note, changes. None of it may be counted.
        house.clock.set("2026-11-02T09:00:00+01:00");
        let (_, old) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        house.store.write_note(&ann, old, &draft("Last year", house.now()), house.now()).await.expect("is kept");
        let stop = |hours| freerange_store::change::Commitment {
            hours_freed: hours,
            ..commitment(ChangeKind::Stop, "Less paper", house.clock.today())
        };
        house.store.commit_change(&ann, &stop(100), house.now()).await.expect("is committed");
        house.home_again(&ann, old).await;
        // This year: two visits by two people, three notes, four changes of which one was dropped.
        house.clock.set("2027-02-01T09:00:00+01:00");
        let (first, one) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (_, two) = house.out(&ben, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        for (who, id, words) in [(&ann, one, "One"), (&ann, one, "Two"), (&ben, two, "Three")] {
            house.store.write_note(who, id, &draft(words, house.now()), house.now()).await.expect("is kept");
        }
        let mut committed = Vec::new();
        for hours in [5, 7, 11] {
            committed.push(house.store.commit_change(&ann, &stop(hours), house.now()).await.expect("is committed"));
        }
        let adapt = commitment(ChangeKind::Adapt, "Ring first", house.clock.today());
        house.store.commit_change(&ben, &adapt, house.now()).await.expect("is committed");
        let dropped = freerange_store::change::Outcome::Dropped(reason("no money"));
        house.store.end_change(&ann, committed[2], &dropped, house.now()).await.expect("is dropped");
        house.home_again(&ann, one).await;
        house.store.tell_back(&ann, first, &prose("From now on we ring first."), house.now()).await.expect("is told");
        let year = year(house, &ben).await;
        assert_eq!((year.people_out, year.people, year.outings), (Count::NotSaid, 12, 1));
        // Two people stand behind them: what they did is told, how much not.
        assert_eq!(
            (year.changes["stop"], year.changes["adapt"], year.hours_freed),
            (Count::NotSaid, Count::NotSaid, Count::NotSaid)
        );
        assert_eq!(year.stopped.iter().map(|s| s.2).sum::<i64>(), 12);
        assert_eq!(year.heard.iter().map(|h| (h.notes, h.outings)).collect::<Vec<_>>(), [(2, 1), (1, 1)]);
        assert_eq!((year.told_back, year.hosts), ((1, 1), 1));
        assert_eq!(year.latest.len(), 1);
    });
}

#[test]
fn the_programme_lead_sees_exceptions_and_nobody_else_does() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
        let wished: Timestamp = "2027-04-01T10:00:00+02:00".parse().expect("a moment");
        let sent = house.store.invite(&Actor::Anybody, &invite("The lift", wished), &zone(), house.now()).await;
        sent.expect("anybody may invite");
        let waits = house.offer(&bo, house.in_a_week(Kind::CommunityVisit)).await;
        house.wish(&ann, waits).await;
        let (_, id) = house.out(&bo, &lead, house.in_a_week(Kind::CommunityVisit)).await;
        house.home_again(&bo, id).await;
        let start = commitment(ChangeKind::Start, "Ring first", house.clock.today());
        house.store.commit_change(&bo, &start, house.now()).await.expect("is committed");
        let look = async |who: &Actor| house.store.exceptions(who, house.now(), house.clock.today()).await;
        assert!(matches!(look(&ann).await, Err(StoreError::Refused(Act::SeeExceptions))));
        let calm = look(&lead).await.expect("is for the lead");
        assert!(calm.invitations.is_empty() && calm.untold.is_empty() && calm.silent_changes.is_empty());
        house.clock.advance(35.days());
        let busy = look(&lead).await.expect("is for the lead");
        assert_eq!((busy.invitations.len(), busy.untold.len()), (1, 1));
        let (slow, silent) = (&busy.slow_answers, &busy.silent_changes);
        assert_eq!((slow.len(), slow[0].0, slow[0].2), (1, waits, freerange_domain::outing::Party::Manager));
        assert_eq!((silent.len(), silent[0].1.as_str()), (1, "Ring first"));
        assert!(busy.unheard.is_empty());
        house.clock.set("2027-08-10T10:00:00+02:00");
        assert_eq!(look(&lead).await.expect("is for the lead").unheard.len(), 2, "both challenges have no note yet");
    });
}

#[test]
fn each_desk_shows_what_waits_on_it_and_only_to_whom_it_belongs() {
    both(async |house| {
        let town = city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let clerk = house.with_roles("dee", &[Role::Clerk]).await;
        let auditor = house.with_roles("eli", &[Role::Auditor]).await;
        let admin = house.with_roles("fay", &[Role::Admin]).await;
        let store = &house.store;
        assert!(matches!(store.unanswered(&ann).await, Err(StoreError::Refused(Act::TakeDownInvitation))));
        assert!(matches!(store.watch(&admin).await, Err(StoreError::Refused(Act::SeeAudit))));
        assert!(matches!(store.machine(&auditor, house.now()).await, Err(StoreError::Refused(Act::SeeOutbox))));
        // The civic desk.
        let wished: Timestamp = "2027-04-01T10:00:00+02:00".parse().expect("a moment");
        let sent = store.invite(&Actor::Anybody, &invite("The lift", wished), &zone(), house.now()).await;
        sent.expect("anybody may invite");
        assert_eq!(store.unanswered(&clerk).await.expect("is for the desk").len(), 1);
        // The auditor: no sweep yet, then one.
        assert_eq!(store.watch(&auditor).await.expect("is for the auditor").swept_at, None);
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(store.watch(&auditor).await.expect("is for the auditor").swept_at, Some(house.now()));
        // The administrator: one at the top, no backup yet, then one.
        let machine = store.machine(&admin, house.now()).await.expect("is for the administrator");
        assert_eq!((machine.unmanaged, machine.failing, machine.backed_up_at), (1, 0, None));
        store.note_backup(house.now()).await.expect("is noted");
        let machine = store.machine(&admin, house.now()).await.expect("is for the administrator");
        assert_eq!(machine.backed_up_at, Some(house.now()));
        let top = store.staff_without_manager(&admin, 1).await.expect("is for the administrator").items;
        assert_eq!(top.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Ada Berg"]);
        // An organiser: somebody came back, nobody was told.
        let offer = Offer { place: Some(town.place("Mill")), ..house.in_a_week(Kind::CommunityVisit) };
        let (outing, id) = house.out(&ann, &bo, offer).await;
        house.home_again(&ann, id).await;
        house.clock.advance(1.days());
        let untold = async |who: &Actor| store.my_untold(who, house.now()).await.expect("one's own");
        assert_eq!((untold(&ann).await.len(), untold(&bo).await.len()), (1, 0));
        // The mayor: three neighbourhoods are left, nothing was stopped, and two letters waited.
        let look = store.glance(&bo, new_year(), house.clock.today()).await.expect("is for everybody here");
        assert_eq!((look.never, look.decided, look.stopped, look.kept), (3, 0, Count::Exactly(0), None));
        assert!(store.machine(&admin, house.now()).await.expect("is for the administrator").waiting > 0);
        store.tell_back(&ann, outing, &prose("The lift is ordered."), house.now()).await.expect("is told");
        assert!(untold(&ann).await.is_empty());
    });
}

#[test]
fn an_empty_house_stays_empty_so_that_a_backup_can_be_restored_into_it() {
    both(async |house| {
        house.store.sweep(house.now()).await.expect("sweeps");
        house.store.note_backup(house.now()).await.expect("is noted");
        assert!(house.store.is_empty().await.expect("looks"));
    });
}

#[test]
fn what_belonged_to_somebody_who_left_is_listed_until_it_is_handed_over() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
        let asked = house.ask(&ann, "Why so dark?").await;
        let start = commitment(ChangeKind::Start, "Ring first", house.clock.today());
        let change = house.store.commit_change(&ann, &start, house.now()).await.expect("is committed");
        let outing = house.offer(&ann, Offer { challenge: Some(asked), ..house.in_a_week(Kind::CommunityVisit) }).await;
        let orphans = async || {
            let e = house.store.exceptions(&lead, house.now(), house.clock.today()).await.expect("is for the lead");
            (
                e.orphan_challenges.iter().map(|o| o.0).collect::<Vec<_>>(),
                e.orphan_changes.iter().map(|o| o.0).collect::<Vec<_>>(),
                e.orphan_outings.iter().map(|o| o.0).collect::<Vec<_>>(),
            )
        };
        assert_eq!(orphans().await, (vec![], vec![], vec![]));
        let left: Vec<StaffRow> = freerange_testkit::staff().into_iter().filter(|r| r.staff_no != "S-ann").collect();
        house.store.import_people(&Actor::Program, &left, house.now()).await.expect("is taken");
        assert_eq!(orphans().await, (vec![asked], vec![change], vec![outing]));
        drop(bo);
    });
}
