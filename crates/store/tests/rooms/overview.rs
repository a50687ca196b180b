//! What everybody may see: figures that are right, and nothing about fewer than five people, not even by subtraction.

use freerange_domain::{change::Kind as ChangeKind, outing::Kind, overview::Count, people::Role};
use freerange_store::{Act, Actor, StoreError, outing::Offer, overview::Overview, people::StaffRow};
use freerange_testkit::{
    City, House, both, city, commitment, draft, invite, line, person, prose, reason, sign_in_as, zone,
};
use jiff::{Timestamp, ToSpan as _};

fn new_year() -> Timestamp {
    "2027-01-01T00:00:00+01:00".parse().expect("a moment")
}

async fn year(house: &House, who: &Actor) -> Overview {
    house.store.overview(who, new_year(), house.clock.today()).await.expect("is for everybody here")
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

/// What a reader can work out about those of whom nothing is said, given a total: how many they are together. It must
/// be nobody or at least five people, and never a single group.
fn nothing_follows(total: i64, shown: &[Count], unlisted: usize, what: &str) {
    let said: i64 = shown.iter().map(|c| if let Count::Exactly(n) = c { *n } else { 0 }).sum();
    let hidden = shown.iter().filter(|c| **c == Count::FewerThanFive).count();
    let rest = total - said;
    if hidden > 0 {
        assert!(hidden + unlisted > 1, "{what}: {rest} people are of the one group that is not shown");
        assert!(rest >= 5, "{what}: {rest} people are left for {hidden} groups");
    }
    for count in shown {
        assert!(!matches!(count, Count::Exactly(1..=4)), "{what}: {count:?}");
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
        for out in [
            [1, 0, 0, 0],
            [1, 1, 0, 0],
            [1, 1, 6, 0],
            [2, 6, 7, 0],
            [4, 4, 4, 0],
            [9, 8, 7, 2],
            [9, 8, 0, 3],
            [5, 5, 5, 1],
            [3, 8, 7, 3],
            [9, 8, 7, 0],
        ] {
            house.tamper("DELETE FROM placement").await;
            went(house, "hall", 15, "Mill").await;
            for (d, people) in out.iter().enumerate() {
                went(house, &format!("d{d}n"), *people, "Mill").await;
            }
            let year = year(house, &ann).await;
            let total = 15 + i64::try_from(out.iter().sum::<usize>()).expect("small");
            assert_eq!(year.people_out, Count::Exactly(total));
            let names: Vec<&str> = year.departments.iter().map(|d| d.name.as_str()).collect();
            assert_eq!(
                names,
                ["Department 0", "Department 1", "Department 2", "Hall"],
                "of three people nothing is said"
            );
            let shown: Vec<Count> = year.departments.iter().map(|d| d.went).collect();
            nothing_follows(total, &shown, 1, &format!("{out:?}"));
            // The department of three is not listed; whatever is left over must not be it alone.
            let said: i64 = shown.iter().map(|c| if let Count::Exactly(n) = c { *n } else { 0 }).sum();
            assert!(
                shown.contains(&Count::FewerThanFive),
                "{out:?}: {} people went of the three who are not listed",
                total - said
            );
        }
    });
}

#[test]
fn what_is_shown_of_departments_is_right() {
    both(async |house| {
        house.store.import_people(&Actor::Program, &departments(&[9, 8]), house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        house.offer(&ann, Offer { title: line("Mill"), ..house.in_a_week(Kind::CommunityVisit) }).await;
        house.clock.advance(30.days());
        for (prefix, people) in [("hall", 15), ("d0n", 7), ("d1n", 0)] {
            went(house, prefix, people, "Mill").await;
        }
        let year = year(house, &ann).await;
        let shown: Vec<_> = year.departments.iter().map(|d| (d.people, d.went, d.teams_never)).collect();
        assert_eq!(shown, [(9, Count::Exactly(7), 0), (8, Count::Exactly(0), 1), (21, Count::Exactly(15), 0)]);
    });
}

#[test]
fn small_counts_of_visits_hide_behind_another_neighbourhood() {
    both(async |house| {
        let town = city(house).await;
        let rows: Vec<_> = freerange_testkit::staff()
            .into_iter()
            .chain(
                departments(&[])
                    .into_iter()
                    .skip(1)
                    .map(|r| StaffRow { manager_email: Some("ada@city.example".to_owned()), ..r }),
            )
            .collect();
        house.store.import_people(&Actor::Program, &rows, house.now()).await.expect("is taken");
        let ann = sign_in_as(house, "ann").await;
        for name in ["Mill", "Harbour", "Orchard"] {
            let offer =
                Offer { title: line(name), place: Some(town.place(name)), ..house.in_a_week(Kind::CommunityVisit) };
            house.offer(&ann, offer).await;
        }
        house.clock.advance(30.days());
        for visits in [[1, 6, 8], [1, 1, 8], [4, 4, 6], [5, 5, 5], [0, 2, 9], [2, 2, 0]] {
            house.tamper("DELETE FROM placement").await;
            let mut from = 0;
            for (name, n) in ["Mill", "Harbour", "Orchard"].into_iter().zip(visits) {
                // Everybody goes once, so each place gets people of its own.
                for who in from..from + n {
                    went_one(house, &format!("S-hall{who}"), name).await;
                }
                from += n;
            }
            let year = year(house, &ann).await;
            let shown: Vec<Count> = year.visits.values().copied().collect();
            assert_eq!(shown.len(), visits.iter().filter(|n| **n > 0).count());
            let total = i64::from(from);
            assert_eq!(year.days_out, total);
            if total >= 5 {
                nothing_follows(total, &shown, 0, &format!("{visits:?}"));
            }
            if visits == [5, 5, 5] {
                assert!(shown.iter().all(|c| *c == Count::Exactly(5)), "what may be shown is shown");
            }
        }
        never_been(&town, &year(house, &ann).await);
    });
}

fn never_been(town: &City, year: &Overview) {
    assert!(!year.visits.contains_key(&town.place("Dyke")), "where nobody has been is said openly");
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
        assert_eq!((year.people_out, year.people, year.days_out), (Count::FewerThanFive, 12, 1));
        assert_eq!((year.changes["stop"], year.changes["adapt"], year.hours_freed), (3, 1, 12));
        assert_eq!(year.stopped.iter().map(|s| s.2).sum::<i64>(), 12);
        assert_eq!(year.heard.iter().map(|h| (h.2, h.3)).collect::<Vec<_>>(), [(2, 1), (1, 1)]);
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
        assert!(calm.invitations.is_empty() && calm.untold.is_empty() && calm.silent_changes == 0);
        house.clock.advance(35.days());
        let busy = look(&lead).await.expect("is for the lead");
        assert_eq!((busy.invitations.len(), busy.untold.len()), (1, 1));
        assert_eq!((busy.slow_answers, busy.silent_changes), (1, 1));
        assert!(busy.unheard.is_empty());
        house.clock.set("2027-08-10T10:00:00+02:00");
        assert_eq!(look(&lead).await.expect("is for the lead").unheard.len(), 2, "both challenges have no note yet");
    });
}
