//! Databases of older programs: what was in them is there afterwards, and what points to it still does.

use freerange_domain::placement::Stage;
use freerange_store::StoreError;
use freerange_testkit::{both_grown, city, reason, sign_in_as};
use jiff::ToSpan as _;

/// Two outings, three placements, and something of every kind that hangs on a placement. `#1` to `#9` are ids.
const AS_AT_FIRST: &[&str] = &[
    "INSERT INTO team (id, path, name) VALUES (#1, 'Old', 'Old')",
    "INSERT INTO person (id, staff_no, name, email, team_id, grade, languages, working_pattern, active, created_at, updated_at)
     VALUES (#2, 'S-old', 'Old Hand', 'old@city.example', #1, '9', 'nl', '', TRUE, 1, 1)",
    "INSERT INTO outing (id, kind, title, description, organiser_id, meeting_point, host_name, host_wants, host_gets, safety_plan,
        access_notes, step_free, language, starts_at, ends_at, seats, photos, notes_allowed, publicity, status, created_at)
     VALUES (#3, 'free-range-day', 'A walk', 'A walk', #2, '', '', '', '', '', '', FALSE, 'nl', 1, 2, 1, 'ask', TRUE, 'none', 'open', 1)",
    "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, out_at, created_at, updated_at)
     VALUES (#4, #3, #2, 'out', 3, 4, '{}', '[]', 'at the ferry', 1, 1, 1)",
    "INSERT INTO approval (placement_id, party, answer, name, email) VALUES (#4, 'manager', 'yes', 'A', 'a@city.example')",
    "INSERT INTO placement_event (id, placement_id, at, what, by_name) VALUES (#5, #4, 1, 'wished', 'Old Hand')",
    "INSERT INTO note (id, placement_id, outing_id, author_id, kind, seen, meaning, happened_at, created_at)
     VALUES (#6, #4, #3, #2, 'saw', 'A gull on the bench', '', 1, 1)",
    "INSERT INTO reflection (id, placement_id, author_id, kind, shared, shared_at, created_at, updated_at)
     VALUES (#7, #4, #2, 'evening', '{\"struck\":\"the gull\"}', 1, 1, 1)",
    "INSERT INTO change (id, placement_id, kind, title, what, when_x, will_y, makes_room, hours_freed, owner_id, committed_on, status,
        created_at, updated_at) VALUES (#8, #4, 'start', 'T', 'W', 'X', 'Y', '', 0, #2, '2027-03-01', 'running', 1, 1)",
    "INSERT INTO invitation (id, code, group_name, contact_name, contact_email, contact_phone, topic, message, meeting_point, wished_at,
        people, language, notes_allowed, photos, publicity, received_via, status, answer_due, created_at)
     VALUES (#9, '222222222', 'G', 'C', 'c@g.example', '', 'T', 'M', '', 1, 2, 'nl', TRUE, 'ask', 'none', 'page', 'received', '2027-03-10', 1)",
];

#[test]
fn placements_and_all_that_hangs_on_them_survive_being_moved_to_a_new_table() {
    both_grown(2, AS_AT_FIRST, async |house| {
        let there = "stage = 'out' AND checkin = 'at the ferry' AND talk_at = 4";
        assert_eq!(house.count("placement", there).await, 1);
        for child in ["approval", "placement_event", "note", "reflection", "change"] {
            let joined = format!("placement_id IN (SELECT id FROM placement WHERE {there})");
            assert_eq!(house.count(child, &joined).await, 1, "{child}");
        }
        assert_eq!(house.count("invitation", "guests = 'anyone' AND host_wants = '' AND NOT step_free").await, 1);
        let checked = house.store.check().await.expect("looks at everything");
        // The rows above have no four follow-ups; everything else is as it must be.
        let wrong: Vec<&str> =
            checked.problems.iter().map(String::as_str).filter(|p| !p.contains("follow-ups")).collect();
        assert_eq!(wrong, [""; 0]);
    });
}

#[test]
fn after_the_move_nobody_is_twice_on_one_outing_and_whoever_was_turned_away_may_ask_again() {
    both_grown(3, &[], async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, house.in_a_week(freerange_domain::outing::Kind::Shadowing)).await;
        let first = house.wish(&ann, outing).await;
        let twice = house.try_wish(&ann, outing).await;
        assert!(matches!(twice, Err(StoreError::Rule { key: "already-wished", .. })), "{twice:?}");
        house.store.cancel_placement(&ann, first, &reason("a cold"), house.now()).await.expect("may cancel");
        house.clock.advance(1.hour());
        let second = house.wish(&ann, outing).await;
        assert_ne!(first, second);
        assert_eq!(house.stage(&ann, second).await, Stage::Offered);
        let seen = house.store.outing(&ann, outing, house.now()).await.expect("reads");
        assert_eq!((seen.mine, seen.going), (Some(second), true), "the one under way is shown");
    });
}
