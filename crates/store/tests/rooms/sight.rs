//! What others see of somebody's placement: that they go, when, who agreed and the answers meant for them. Not when they
//! left, not when they came back, not with whom; and what is needed for body and home is not for the boss.

use freerange_domain::{
    outing::{Kind, Party},
    placement::Stage,
    reflection::Moment,
};
use freerange_store::{
    Actor,
    outing::Offer,
    placement::{Event, Placement, Say, Step},
};
use freerange_testkit::{House, answers, both, both_grown, city, line, reason, sign_in_as, zone};
use jiff::{Timestamp, ToSpan as _};

const PRIVATE: &str = "a chair with arms, my knee";

/// Ann is to shadow somebody at Ada's outing, and has the links of those who were asked by letter.
async fn shadowing(house: &House) -> (freerange_domain::id::PlacementId, Vec<Actor>) {
    let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
    let parties = vec![
        (Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned()),
        (Party::Shadowed, "Sjoerd".to_owned(), "sjoerd@harbour.example".to_owned()),
    ];
    let outing = house.offer(&ada, Offer { parties, ..house.in_a_week(Kind::Shadowing) }).await;
    let ends = house.store.outing(&ann, outing, house.now()).await.expect("is there").listed.ends_at;
    let dates = Some((ends + 24.hours(), ends + 48.hours()));
    let given = answers(&[("learn", "how the locks are run"), ("access-needs", PRIVATE)]);
    let id = house.store.wish(&ann, outing, &given, dates, house.now()).await.expect("may wish");
    let mut links = vec![house.by_link("bo@city.example").await];
    house.store.answer_placement(&links[0], id, Say::Yes, house.now()).await.expect("yes is taken");
    for email in ["crew@harbour.example", "sjoerd@harbour.example"] {
        let link = house.by_link(email).await;
        house.store.answer_placement(&link, id, Say::Yes, house.now()).await.expect("yes is taken");
        links.push(link);
    }
    (id, links)
}

async fn look(house: &House, who: &Actor, id: freerange_domain::id::PlacementId) -> (Placement, Vec<Event>) {
    house.store.placement(who, id).await.expect("has to do with it")
}

fn said(p: &Placement) -> Vec<&str> {
    p.answers.iter().map(|(question, _)| question.as_str()).collect()
}

#[test]
fn an_answer_is_read_by_those_it_is_meant_for_and_by_nobody_else() {
    both(async |house| {
        city(house).await;
        let (id, links) = shadowing(house).await;
        let own = ["access-needs", "learn"];
        for (name, sees) in [("ann", &own[..]), ("ada", &own), ("bo", &["learn"])] {
            let who = sign_in_as(house, name).await;
            assert_eq!(said(&look(house, &who, id).await.0), sees, "{name}");
        }
        for (link, sees) in links.iter().zip([&["learn"][..], &own, &["learn"]]) {
            assert_eq!(said(&look(house, link, id).await.0), sees, "{link:?}");
        }
    });
}

#[test]
fn nobody_but_the_person_sees_that_they_left_came_back_or_stopped_and_they_see_the_day() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        for cut_short in [false, true] {
            let (id, links) = shadowing(house).await;
            let starts = look(house, &ann, id).await.0.starts_at;
            house.clock.set(&(starts + 17.minutes()).to_string());
            let leave = Step::Depart { checkin: line("With Sjoerd, until four"), zone: zone() };
            let tick = Step::Tick(vec!["induction".to_owned()]);
            for step in [tick, leave] {
                house.store.step(&ann, id, step, house.now()).await.expect("leaves");
            }
            assert_eq!(look(house, &ann, id).await.0.checkin, "With Sjoerd, until four");
            let others = [sign_in_as(house, "ada").await, sign_in_as(house, "bo").await];
            for who in others.iter().chain(&links) {
                let (p, events) = look(house, who, id).await;
                assert_eq!((p.state.stage(), p.checkin.as_str()), (Stage::Out, ""), "{who:?}");
                assert!(p.done.is_empty(), "{who:?}");
                let seen: Vec<&str> = events.iter().map(|e| e.what.as_str()).collect();
                assert_eq!(seen, ["wished", "offered", "said-yes", "said-yes", "said-yes", "agreed"], "{who:?}");
            }
            house.clock.advance(97.minutes());
            let zone = zone();
            let (home, word) = if cut_short {
                (Step::CutShort { why: reason("a storm"), zone }, "cut-short")
            } else {
                (Step::ComeBack { zone }, "back")
            };
            house.store.step(&ann, id, home, house.now()).await.expect("comes back");
            for who in others.iter().chain(&links) {
                let (_, events) = look(house, who, id).await;
                assert!(!events.iter().any(|e| matches!(e.what.as_str(), "out" | "back" | "cut-short")), "{who:?}");
            }
            // She herself sees both, in their order after what came before, and of each the day.
            let (p, events) = look(house, &ann, id).await;
            assert_eq!(p.checkin, "", "it was for the time in which she was out");
            let own: Vec<&str> = events.iter().map(|e| e.what.as_str()).skip_while(|w| *w != "agreed").collect();
            let ticked =
                if own.contains(&"ticked") { own.iter().filter(|w| **w != "ticked").copied().collect() } else { own };
            assert_eq!(ticked, ["agreed", "out", word]);
            let day =
                house.now().to_zoned_datetime(freerange_testkit::zone()).start_of_day().expect("a day").timestamp();
            for event in events.iter().filter(|e| e.by_the_day) {
                assert_eq!(event.at, day, "{}", event.what);
            }
            assert_eq!(events.iter().filter(|e| e.by_the_day).count(), 2);
        }
    });
}

#[test]
fn the_moment_of_leaving_and_of_coming_back_stands_nowhere() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = house.in_a_week(Kind::CommunityVisit);
        let outing = house.offer(&ann, offer).await;
        let id = house.wish(&ann, outing).await;
        house.store.answer_placement(&bo, id, Say::Yes, house.now()).await.expect("yes is taken");
        let mut moments: Vec<Timestamp> = Vec::new();
        for (moment, step) in [
            ("2027-03-08T10:21:43.123456Z", Step::Depart { checkin: line("With Sjoerd"), zone: zone() }),
            ("2027-03-08T15:32:54.654321Z", Step::ComeBack { zone: zone() }),
        ] {
            house.clock.set(moment);
            moments.push(house.now());
            house.store.step(&ann, id, step, house.now()).await.expect("goes and comes");
        }
        let all = house.everything().await;
        for moment in moments {
            let written = moment.as_microsecond().to_string();
            let there: Vec<_> = all.iter().filter(|c| c.bytes == written.as_bytes()).collect();
            assert!(there.is_empty(), "{there:?}");
        }
        assert_eq!(house.where_it_says("With Sjoerd").await, [""; 0]);
    });
}

/// A placement of which an older program kept the moments: `#1` to `#9` are ids.
const BEFORE: &[&str] = &[
    "INSERT INTO team (id, path, name) VALUES (#1, 'Old', 'Old')",
    "INSERT INTO person (id, staff_no, name, email, team_id, grade, languages, working_pattern, active, created_at, updated_at)
     VALUES (#2, 'S-old', 'Old Hand', 'old@city.example', #1, '9', 'nl', '', TRUE, 1, 1)",
    "INSERT INTO outing (id, kind, title, description, organiser_id, meeting_point, host_name, host_wants, host_gets, safety_plan,
        access_notes, step_free, language, starts_at, ends_at, seats, photos, notes_allowed, publicity, status, created_at)
     VALUES (#3, 'free-range-day', 'A walk', 'A walk', #2, '', '', '', '', '', '', FALSE, 'nl', 1, 2, 1, 'ask', TRUE, 'none', 'open', 1)",
    "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, out_at, back_at, created_at, updated_at)
     VALUES (#4, #3, #2, 'debriefing', 3, 4, '{}', '[]', 'at the ferry', 1804500000123456, 1804510000123456, 1, 1)",
    "INSERT INTO placement_event (id, placement_id, at, what, by_name) VALUES (#5, #4, 1804400000123456, 'wished', 'Old Hand')",
    "INSERT INTO placement_event (id, placement_id, at, what, by_name) VALUES (#6, #4, 1804500000123456, 'out', 'Old Hand')",
    "INSERT INTO placement_event (id, placement_id, at, what, by_name) VALUES (#7, #4, 1804510000123456, 'back', 'Old Hand')",
    "INSERT INTO reflection (id, placement_id, author_id, kind, shared, shared_at, created_at, updated_at)
     VALUES (#8, #4, #2, 'evening', '{\"struck\":\"the gull\"}', 1, 1804510000123456, 1804510000123456)",
    "INSERT INTO reflection (id, placement_id, author_id, kind, shared, created_at, updated_at)
     VALUES (#9, #4, #2, 'debrief', '{}', 1, 1)",
];

#[test]
fn what_an_older_program_kept_of_it_is_forgotten_and_nothing_else_is() {
    both_grown(2, BEFORE, async |house| {
        assert_eq!(house.count("placement", "stage = 'debriefing' AND checkin = '' AND talk_at = 4").await, 1);
        assert_eq!(house.count("placement_event", "what = 'wished' AND at = 1804400000123456").await, 1);
        assert_eq!(house.count("placement_event", "at % 86400000000 = 43200000000").await, 2);
        let evening = "kind = 'evening' AND day = '2027-03-08' AND shared LIKE '%the gull%' AND shared_at = 1";
        assert_eq!(house.count("reflection", evening).await, 1);
        assert_eq!(house.count("reflection", "kind = 'debrief' AND day = '' AND shared = '{}'").await, 1);
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn every_evening_out_has_a_stop_of_its_own() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let write = async |day, text: &str| {
            let (moment, given) = (Moment::Evening(day), answers(&[("struck", text)]));
            house.store.write_reflection(&ann, id, moment, &given, house.now()).await.expect("is kept")
        };
        let monday = house.clock.today();
        let tuesday = monday.tomorrow().expect("a day");
        let (first, second) = (write(monday, "the stairs").await, write(tuesday, "the lift").await);
        assert_ne!(first, second);
        assert_eq!(write(monday, "the stairs again").await, first, "the same evening is rewritten");
        house.store.share_reflection(&ann, second, house.now()).await.expect("is shared");
        let mine = house.store.my_reflections(&ann, Some(id)).await.expect("are hers");
        let seen: Vec<_> = mine.iter().map(|r| (r.day, r.answers.clone().expect("opens")["struck"].clone())).collect();
        let expected = [(Some(tuesday), "the lift".to_owned()), (Some(monday), "the stairs again".to_owned())];
        assert_eq!(seen, expected);
        assert!(mine[0].shared_at.is_some() && mine[1].shared_at.is_none(), "sharing one shares no other");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}
