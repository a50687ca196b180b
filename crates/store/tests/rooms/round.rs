//! Rounds: wishes are nobody else's business, one server has a run, publishing happens wholly or not at all, and a seat
//! given back goes to the first who fits.

use freerange_domain::{
    id::{OutingId, RoundId},
    outing::Kind,
    people::{Email, Role},
    placement::Stage,
    round::{Because, Edit, Effort, RunStage, Season, Week},
};
use freerange_store::{
    Act, Actor, StoreError,
    outing::Offer,
    round::{Finished, Heard, Move, Needs, Opening, Reserve, Said, Why},
};
use freerange_testkit::{House, both, challenge, city, line, outing, reason, sign_in_as, zone};
use jiff::{ToSpan as _, civil::Date};
use uuid::Uuid;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// The lead, a round in spring, and two outings in it: one with a single seat, one with three from two people on.
pub(crate) async fn spring(house: &House) -> (Actor, RoundId, OutingId, OutingId) {
    city(house).await;
    let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
    let season = Season {
        starts_on: house.clock.today() + 14.days(),
        ends_on: house.clock.today() + 100.days(),
        wishes_until: house.clock.today() + 7.days(),
    };
    let opening = Opening { title: line("Spring"), season, place_cap: 12, host_cap: None };
    let round = house.store.open_round(&lead, &opening, house.now()).await.expect("is opened");
    let one = Offer { seats: 1, ..outing(Kind::Shadowing, house.now() + (21 * 24).hours()) };
    let three = outing(Kind::Shadowing, house.now() + (28 * 24).hours());
    let (one, three) = (house.offer(&lead, one).await, house.offer(&lead, three).await);
    house.store.put_in_round(&lead, round, &[one], 1, &zone(), house.now()).await.expect("goes in");
    house.store.put_in_round(&lead, round, &[three], 2, &zone(), house.now()).await.expect("goes in");
    (lead, round, one, three)
}

pub(crate) async fn wish(house: &House, name: &str, round: RoundId, outings: &[OutingId]) -> Actor {
    let who = sign_in_as(house, name).await;
    for outing in outings {
        house.store.add_round_wish(&who, round, *outing, house.clock.today(), house.now()).await.expect("is added");
    }
    who
}

/// What a matcher would find: ann has the single seat, eli and fay go together, ben is left out and next in line.
async fn found(house: &House, one: OutingId, three: OutingId) -> Finished {
    let (ann, ben) = (house.id_of("ann").await, house.id_of("ben").await);
    let (eli, fay) = (house.id_of("eli").await, house.id_of("fay").await);
    let why = |person, kind, rank, outing| Why {
        person,
        kind,
        rank: Some(rank),
        outing: Some(outing),
        week: None,
        alone: false,
    };
    Finished {
        verified: true,
        seats: vec![(ann, one, 1), (eli, three, 1), (fay, three, 2)],
        reasons: vec![
            why(ann, Because::Got, 1, one),
            Why { week: Some(Week::of(day("2027-03-22"))), ..why(ben, Because::Full, 1, one) },
            why(eli, Because::Got, 1, three),
            why(fay, Because::Got, 2, three),
        ],
        reserves: vec![Reserve { outing: one, person: ben, place_no: 1 }],
        proof: vec![1, 2, 3],
        ..Finished::default()
    }
}

/// A run that is done.
pub(crate) async fn run(house: &House, lead: &Actor, round: RoundId, found: &Finished) -> i64 {
    let number = house.store.ask_round_run(lead, round, Effort::Quick, house.now()).await.expect("is asked for");
    let worker = Uuid::now_v7();
    let job = house.store.claim_round_run(worker, house.now()).await.expect("answers").expect("waits");
    assert!(house.store.finish_round_run(job.id, worker, found, house.now()).await.expect("is kept"));
    number
}

/// Everybody wished, and a run is done.
async fn matched(house: &House) -> (Actor, RoundId, OutingId, OutingId, i64) {
    let (lead, round, one, three) = spring(house).await;
    for name in ["ann", "ben"] {
        wish(house, name, round, &[one]).await;
    }
    wish(house, "eli", round, &[three]).await;
    wish(house, "fay", round, &[one, three]).await;
    // Eli and Fay go in the same week: their manager lets two of them go.
    let dee = sign_in_as(house, "dee").await;
    house.store.say_round_cover(&dee, round, 2, &[], house.now()).await.expect("is said");
    let number = run(house, &lead, round, &found(house, one, three).await).await;
    (lead, round, one, three, number)
}

#[test]
fn wishes_are_ranked_changed_and_taken_back_until_the_day() {
    both(async |house| {
        let (_, round, one, three) = spring(house).await;
        let ann = wish(house, "ann", round, &[one, three]).await;
        let (today, now) = (house.clock.today(), house.now());
        house.store.move_round_wish(&ann, round, three, Move::Up, today, now).await.expect("moves");
        let ranked = async || {
            let mine = house.store.my_round_wishes(&ann, round).await.expect("is hers");
            mine.wishes.iter().map(|w| (w.outing, w.rank)).collect::<Vec<_>>()
        };
        assert_eq!(ranked().await, [(three, 1), (one, 2)]);
        let needs = Needs { wanted: 2, away: vec![(day("2027-04-01"), day("2027-04-03"))], ..Needs::default() };
        house.store.say_round_needs(&ann, round, &needs, today, now).await.expect("is said");
        let mine = house.store.my_round_wishes(&ann, round).await.expect("is hers");
        assert_eq!((mine.needs.wanted, mine.needs.away), (needs.wanted, needs.away));
        house.store.move_round_wish(&ann, round, three, Move::Out, today, now).await.expect("goes");
        assert_eq!(ranked().await, [(one, 1)]);
        house.clock.advance(8.days());
        let late = house.store.add_round_wish(&ann, round, three, house.clock.today(), house.now()).await;
        assert!(matches!(late, Err(StoreError::Rule { key: "wishes-over", .. })), "{late:?}");
    });
}

#[test]
fn an_outing_in_an_open_round_takes_no_wishes_of_its_own() {
    both(async |house| {
        let (lead, round, one, _) = spring(house).await;
        let ann = sign_in_as(house, "ann").await;
        let refused = house.try_wish(&ann, one).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "outing-in-round", .. })), "{refused:?}");
        house.store.cancel_round(&lead, round, house.now()).await.expect("is called off");
        house.try_wish(&ann, one).await.expect("now it does");
    });
}

#[test]
fn nobody_sees_anothers_wishes_or_what_came_of_them() {
    both(async |house| {
        let (lead, round, .., number) = matched(house).await;
        house.store.publish_round(&lead, round, number, &zone(), house.now()).await.expect("is published");
        for name in ["bo", "dee", "jan"] {
            let other = sign_in_as(house, name).await;
            let theirs = house.store.my_round_wishes(&other, round).await.expect("is their own");
            assert!(theirs.wishes.is_empty() && !theirs.stated);
            assert!(house.store.my_round_outcome(&other, round).await.expect("is their own").is_none());
            let runs = house.store.round_runs(&other, round).await;
            assert!(matches!(runs, Err(StoreError::Refused(Act::SeeRoundProof))), "{runs:?}");
        }
        let bo = sign_in_as(house, "bo").await;
        let team: Vec<String> =
            house.store.round_team(&bo, round).await.expect("is his").into_iter().map(|s| s.person).collect();
        assert_eq!(team, ["Ann Berg"], "who goes, and not who wished and does not");
        let ben = sign_in_as(house, "ben").await;
        let why = house.store.my_round_outcome(&ben, round).await.expect("is his").expect("he wished");
        assert!(why.seats.is_empty());
        assert_eq!((why.told.kind, why.told.outing.as_deref()), (Because::Full, Some("Morning at the mill")));
    });
}

#[test]
fn a_manager_says_one_number_by_link_and_only_for_the_own_team() {
    both(async |house| {
        let (lead, round, ..) = spring(house).await;
        let asked = house.store.ask_round_cover(&lead, round, house.now()).await.expect("asks");
        assert!(asked > 2, "every manager is asked once");
        assert_eq!(house.store.ask_round_cover(&lead, round, house.now()).await.expect("asks"), 0);
        let token = house.last_link("bo@city.example").await;
        let bo = house.store.cover_actor(&token, house.now()).await.expect("opens");
        let cover = house.store.round_cover(&bo, round).await.expect("is his");
        assert_eq!((cover.team, cover.usual, cover.away), (3, 1, None));
        let rest = Week::of(house.clock.today() + 20.days());
        house.store.say_round_cover(&bo, round, 2, &[(rest, 0)], house.now()).await.expect("is said");
        let cover = house.store.round_cover(&bo, round).await.expect("is his");
        assert_eq!((cover.away, cover.weeks), (Some(2), vec![(rest, 0)]));
        let many = house.store.say_round_cover(&bo, round, 4, &[], house.now()).await;
        assert!(matches!(many, Err(StoreError::Rule { key: "cover-above-team", .. })), "{many:?}");
        let ann = sign_in_as(house, "ann").await;
        assert!(house.store.round_cover(&ann, round).await.is_err(), "she leads nobody");
        let rounds = house.store.round(&bo, round).await;
        assert!(matches!(rounds, Err(StoreError::Refused(Act::SeeRounds))), "the link opens nothing else");
    });
}

#[test]
fn one_server_has_a_run_and_another_takes_it_up_when_that_one_died() {
    both(async |house| {
        let (lead, round, one, three) = spring(house).await;
        wish(house, "ann", round, &[one]).await;
        house.store.ask_round_run(&lead, round, Effort::Normal, house.now()).await.expect("is asked for");
        let twice = house.store.ask_round_run(&lead, round, Effort::Normal, house.now()).await;
        assert!(matches!(twice, Err(StoreError::Rule { key: "run-under-way", .. })), "{twice:?}");
        let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
        let both_try = tokio::join!(
            house.store.claim_round_run(first, house.now()),
            house.store.claim_round_run(second, house.now())
        );
        let (a, b) = (both_try.0.expect("answers"), both_try.1.expect("answers"));
        assert!(a.is_some() != b.is_some(), "exactly one has it");
        let (winner, loser) = if a.is_some() { (first, second) } else { (second, first) };
        let job = a.or(b).expect("one has it");
        let said = Said { phase: "prices".to_owned(), ..Said::default() };
        let heard = house.store.hear_round_run(job.id, winner, &said, house.now()).await.expect("answers");
        assert_eq!(heard, Heard::GoOn);
        house.store.stop_round_run(&lead, round, 1, house.now()).await.expect("is stopped");
        let heard = house.store.hear_round_run(job.id, winner, &said, house.now()).await.expect("answers");
        assert_eq!(heard, Heard::Stop);
        // No sign of life for a minute.
        house.clock.advance(1.minute());
        let again = house.store.claim_round_run(loser, house.now()).await.expect("answers").expect("is taken up");
        assert_eq!((again.id, again.seed, again.effort, again.asked_at), (job.id, job.seed, job.effort, job.asked_at));
        let late = found(house, one, three).await;
        assert!(!house.store.finish_round_run(job.id, winner, &late, house.now()).await.expect("answers"));
        let heard = house.store.hear_round_run(job.id, winner, &said, house.now()).await.expect("answers");
        assert_eq!(heard, Heard::Lost);
        assert!(house.store.finish_round_run(job.id, loser, &late, house.now()).await.expect("answers"));
        let run = house.store.round_run(&lead, round, 1).await.expect("is there");
        assert_eq!((run.stage, run.verified), (RunStage::Done, true));
        assert_eq!(house.count("round_seat", "rank > 0").await, 3, "once");
        let auditor = house.with_roles("jan", &[Role::Auditor]).await;
        assert_eq!(house.store.round_proof(&auditor, round, 1).await.expect("is there"), [1, 2, 3]);
    });
}

#[test]
fn published_seats_are_offered_with_the_managers_yes_and_everybody_hears() {
    both(async |house| {
        let (lead, round, one, _, number) = matched(house).await;
        let before = house.count("mail", "id IS NOT NULL").await;
        house.store.publish_round(&lead, round, number, &zone(), house.now()).await.expect("is published");
        // Four who wished, and the two managers of those who go.
        assert_eq!(house.count("mail", "id IS NOT NULL").await - before, 6);
        let ann = sign_in_as(house, "ann").await;
        let mine = house.store.my_placements(&ann).await.expect("is hers");
        assert_eq!((mine.len(), mine[0].stage), (1, Stage::Offered));
        let (reflection, talk) = (mine[0].ends_at + 24.hours(), mine[0].ends_at + 48.hours());
        house.store.book_return(&ann, mine[0].id, reflection, talk, house.now()).await.expect("is booked");
        // The manager's number was the yes; now those outside are asked.
        assert_eq!(house.count("approval", "party = 'manager' AND answer = 'yes' AND asked_at IS NULL").await, 3);
        assert!(house.count("approval", "party <> 'manager' AND asked_at IS NOT NULL").await > 0);
        let twice = house.store.publish_round(&lead, round, number, &zone(), house.now()).await;
        assert!(matches!(twice, Err(StoreError::Rule { key: "round-not-open", .. })), "{twice:?}");
        let checked = house.store.check().await.expect("looks at everything");
        assert_eq!(checked.problems, [""; 0]);
        let _ = one;
    });
}

#[test]
fn publishing_a_plan_that_is_not_true_any_more_changes_nothing() {
    both(async |house| {
        let (lead, round, one, _, number) = matched(house).await;
        let ann = sign_in_as(house, "ann").await;
        house.store.move_round_wish(&ann, round, one, Move::Out, house.clock.today(), house.now()).await.expect("goes");
        let before = house.count("mail", "id IS NOT NULL").await;
        let refused = house.store.publish_round(&lead, round, number, &zone(), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "run-broken-pair", .. })), "{refused:?}");
        assert_eq!(house.count("placement", "id IS NOT NULL").await, 0);
        assert_eq!(house.count("mail", "id IS NOT NULL").await, before);
        assert_eq!(house.count("round", "stage = 'open'").await, 1);
    });
}

#[test]
fn a_run_is_published_by_what_holds_now_whatever_a_clock_said() {
    both(async |house| {
        let (lead, round, one, three, number) = matched(house).await;
        let (store, now) = (&house.store, house.now());
        let publish = async |key: &str| {
            let refused = store.publish_round(&lead, round, number, &zone(), now).await;
            assert!(matches!(refused, Err(StoreError::Rule { key: k, .. }) if k == key), "{key}: {refused:?}");
            assert_eq!(house.count("placement", "id IS NOT NULL").await, 0);
        };
        // All of it is said before the run was asked for, if clocks were to be believed.
        let before = now - 1.hour();
        let bo = sign_in_as(house, "bo").await;
        store.say_round_cover(&bo, round, 0, &[], before).await.expect("is said");
        publish("run-broken-team").await;
        store.say_round_cover(&bo, round, 1, &[], before).await.expect("is said");
        store.set_min_group(&lead, round, three, 3).await.expect("is set");
        publish("run-broken-group").await;
        store.set_min_group(&lead, round, three, 2).await.expect("is set");
        store.set_round_limits(&lead, round, 12, Some(2), before).await.expect("is set");
        publish("run-broken-host").await;
        store.set_round_limits(&lead, round, 12, None, before).await.expect("is set");
        let eli = sign_in_as(house, "eli").await;
        let needs = Needs { wanted: 1, away: vec![(day("2027-01-01"), day("2027-12-31"))], ..Needs::default() };
        store.say_round_needs(&eli, round, &needs, house.clock.today(), before).await.expect("is said");
        publish("run-broken-pair").await;
        store
            .say_round_needs(&eli, round, &Needs { wanted: 1, ..Needs::default() }, house.clock.today(), before)
            .await
            .expect("said");
        // Whoever decides by hand and tries learns only that it was decided.
        for (who, outing) in [("ann", one), ("ben", one)] {
            let email = Email::parse(&format!("{who}@city.example")).expect("an address");
            let why = reason("Just to see.");
            store.decide_in_round(&lead, round, (&email, outing), Edit::Ban, &why, before).await.expect("is decided");
            publish("run-outdated").await;
            store.undecide_in_round(&lead, round, house.id_of(who).await, outing, before).await.expect("is free again");
        }
        assert!(!store.round_run(&lead, round, number).await.expect("is there").is_old);
        // What is said later and breaks nothing is a hint only.
        store.say_round_cover(&bo, round, 2, &[], now + 1.minute()).await.expect("is said");
        assert!(store.round_run(&lead, round, number).await.expect("is there").is_old);
        store.publish_round(&lead, round, number, &zone(), now).await.expect("everything holds");
        assert_eq!(house.count("placement", "id IS NOT NULL").await, 3);
    });
}

#[test]
fn every_change_of_a_ceiling_is_in_the_log() {
    both(async |house| {
        let (lead, round, ..) = spring(house).await;
        let place = house.store.places(freerange_domain::place::Level::Neighbourhood).await.expect("reads")[0].id;
        let (store, now) = (&house.store, house.now());
        let lines = async || house.count("audit", "subject LIKE '%at most%'").await;
        store.set_round_limits(&lead, round, 3, None, now).await.expect("is set");
        store.set_round_place(&lead, round, place, None, Some(0), now).await.expect("is set");
        store.set_round_host(&lead, round, "Friends of the mill", Some(2), now).await.expect("is set");
        assert_eq!(lines().await, 3);
        assert_eq!(house.count("audit", "subject LIKE '%mill%'").await, 0, "no names");
    });
}

#[test]
fn a_seat_given_back_goes_to_the_first_reserve_who_fits() {
    both(async |house| {
        let (lead, round, one, three, number) = matched(house).await;
        house.store.publish_round(&lead, round, number, &zone(), house.now()).await.expect("is published");
        let repair = house.store.round_repair(&lead, round, &zone(), house.now()).await.expect("looks");
        assert!(repair.outings.is_empty());
        let ann = sign_in_as(house, "ann").await;
        let mine = house.store.my_placements(&ann).await.expect("is hers")[0].id;
        house.store.cancel_placement(&ann, mine, &reason("a broken leg"), house.now()).await.expect("gives it back");
        let late = sign_in_as(house, "cas").await;
        house.try_wish(&late, one).await.expect("waits: the seat belongs to the reserves");
        assert_eq!(house.count("placement", "stage = 'wished'").await, 1);
        let repair = house.store.round_repair(&lead, round, &zone(), house.now()).await.expect("looks");
        let given: Vec<_> = repair.outings.iter().map(|g| (g.outing, g.planned, g.going, g.next.as_deref())).collect();
        assert_eq!(given, [(one, 1, 0, Some("Ben Berg"))]);
        house.store.move_up_reserve(&lead, round, one, &zone(), house.now()).await.expect("moves up");
        let ben = sign_in_as(house, "ben").await;
        assert_eq!(house.store.my_placements(&ben).await.expect("is his")[0].stage, Stage::Offered);
        let outcome = house.store.my_round_outcome(&ben, round).await.expect("is his").expect("he wished");
        assert_eq!(outcome.seats.len(), 1);
        // A group that falls below its minimum is told, and nobody fits.
        let eli = sign_in_as(house, "eli").await;
        let theirs = house.store.my_placements(&eli).await.expect("is hers")[0].id;
        house.store.cancel_placement(&eli, theirs, &reason("moved away"), house.now()).await.expect("gives it back");
        let repair = house.store.round_repair(&lead, round, &zone(), house.now()).await.expect("looks");
        let short = repair.outings.iter().find(|g| g.outing == three).expect("is told");
        assert!(short.going < short.min_group && short.next.is_none());
        let none = house.store.move_up_reserve(&lead, round, three, &zone(), house.now()).await;
        assert!(matches!(none, Err(StoreError::Rule { key: "no-reserve-fits", .. })), "{none:?}");
    });
}

#[test]
fn whoever_was_decided_about_by_hand_reads_why_once_it_is_published() {
    both(async |house| {
        let (lead, round, one, three) = spring(house).await;
        let ben = wish(house, "ben", round, &[one]).await;
        wish(house, "ann", round, &[one]).await;
        let email = Email::parse("ben@city.example").expect("an address");
        let why = reason("He has just been there");
        house.store.decide_in_round(&lead, round, (&email, one), Edit::Ban, &why, house.now()).await.expect("decides");
        let (ann_id, ben_id) = (house.id_of("ann").await, house.id_of("ben").await);
        let all = found(house, one, three).await;
        let plan = Finished {
            seats: vec![(ann_id, one, 1)],
            reasons: all.reasons.into_iter().filter(|r| [ann_id, ben_id].contains(&r.person)).collect(),
            reserves: Vec::new(),
            edits: vec![(ben_id, one, Edit::Ban, true)],
            ..Finished { verified: true, ..Finished::default() }
        };
        let number = run(house, &lead, round, &plan).await;
        let before = house.store.my_round_outcome(&ben, round).await.expect("is his");
        assert!(before.is_none(), "not before it is published");
        house.store.publish_round(&lead, round, number, &zone(), house.now()).await.expect("is published");
        let his = house.store.my_round_outcome(&ben, round).await.expect("is his").expect("he wished");
        assert_eq!(his.by_hand, [("Morning at the mill".to_owned(), Edit::Ban, why.to_string())]);
        let ann = sign_in_as(house, "ann").await;
        let hers = house.store.my_round_outcome(&ann, round).await.expect("is hers").expect("she wished");
        assert!(hers.by_hand.is_empty(), "nobody reads a colleague's");
    });
}

#[test]
fn the_matcher_sees_what_suits_and_what_is_left_of_every_limit() {
    both(async |house| {
        let (lead, round, one, three) = spring(house).await;
        let ann = wish(house, "ann", round, &[one, three]).await;
        wish(house, "ben", round, &[one]).await;
        let (today, now) = (house.clock.today(), house.now());
        let from = house.clock.today() + 28.days();
        let needs = Needs { wanted: 1, away: vec![(from, from)], ..Needs::default() };
        house.store.say_round_needs(&ann, round, &needs, today, now).await.expect("is said");
        let ben = Email::parse("ben@city.example").expect("an address");
        let why = reason("He has just been there");
        house.store.decide_in_round(&lead, round, (&ben, one), Edit::Ban, &why, now).await.expect("is decided");
        let seen = house.store.round_instance(round, &zone(), now).await.expect("is read");
        assert_eq!(seen.people.len(), 2);
        assert_eq!(seen.depts, ["Space"], "a department is the first part of the path, and not each team");
        let edges: Vec<_> = seen.edges.iter().map(|e| (seen.people[e.person].id, seen.outings[e.outing].id)).collect();
        assert_eq!(edges, [(house.id_of("ann").await, one)], "not on days she cannot, and not where he must not");
        assert_eq!(seen.shut.len(), 1);
        assert!(seen.people.iter().all(|p| p.waited == 208), "nobody was ever out");
        let team = seen.teams.iter().find(|t| t.manager.is_some()).expect("theirs");
        assert!(team.left.iter().all(|left| *left == 1), "a tenth, at least one");
        let checked = house.store.check_round(&lead, round, &zone(), now).await.expect("looks");
        assert_eq!(checked.unwished.some.iter().map(|o| o.0).collect::<Vec<_>>(), [three]);
        let refused = house.store.check_round(&ann, round, &zone(), now).await;
        assert!(matches!(refused, Err(StoreError::Refused(Act::RunRound))));
    });
}

#[test]
fn months_after_the_season_wishes_and_reasons_are_gone_and_the_round_is_known() {
    both(async |house| {
        let (lead, round, .., number) = matched(house).await;
        house.store.publish_round(&lead, round, number, &zone(), house.now()).await.expect("is published");
        house.clock.advance(200.days());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(house.count("round_wish", "rank > 0").await, 5, "not yet");
        house.clock.advance(60.days());
        house.store.sweep(house.now()).await.expect("sweeps");
        for table in ["round_wish", "round_person", "round_reason", "round_seat", "round_reserve", "round_proof"] {
            assert_eq!(house.count(table, "1 = 1").await, 0, "{table}");
        }
        assert_eq!(house.count("round", "stage = 'published'").await, 1);
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn whoever_takes_everything_back_is_not_in_it() {
    both(async |house| {
        let (_, round, one, _) = spring(house).await;
        let ann = wish(house, "ann", round, &[one]).await;
        house.store.leave_round(&ann, round, house.clock.today()).await.expect("leaves");
        for table in ["round_wish", "round_person"] {
            assert_eq!(house.count(table, "1 = 1").await, 0, "{table}");
        }
    });
}

#[test]
fn only_challenges_that_the_round_serves_can_be_wished_for() {
    both(async |house| {
        let (lead, round, one, _) = spring(house).await;
        let (today, now) = (house.clock.today(), house.now());
        let served =
            house.store.ask_challenge(&lead, &challenge("Why is it served?"), None, now).await.expect("is asked");
        let other = house.store.ask_challenge(&lead, &challenge("Why is it not?"), None, now).await.expect("is asked");
        let offer = Offer { challenge: Some(served), ..outing(Kind::Shadowing, house.now() + (35 * 24).hours()) };
        let serving = house.offer(&lead, offer).await;
        house.store.put_in_round(&lead, round, &[serving], 1, &zone(), now).await.expect("goes in");
        let ann = wish(house, "ann", round, &[one]).await;
        let say = async |challenge| {
            let needs = Needs { wanted: 1, serves: vec![challenge], ..Needs::default() };
            house.store.say_round_needs(&ann, round, &needs, today, now).await
        };
        let refused = say(other).await;
        assert!(matches!(refused, Err(StoreError::Rule { field: "serves", .. })), "{refused:?}");
        assert_eq!(house.count("round_serves", "1 = 1").await, 0);
        say(served).await.expect("an outing of the round serves it");
        house.tamper("UPDATE challenge SET status = 'decided'").await;
        assert!(say(served).await.is_err(), "it is decided");
    });
}
