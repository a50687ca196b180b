//! Circles of peers: three to seven, by their own yes; their actions are theirs alone, and nobody outside sees who is in one.

use freerange_domain::{
    circle::Stage,
    id::CircleId,
    outing::Kind,
    overview::Count,
    people::{Email, Role},
};
use freerange_store::{Actor, StoreError, circle::Whom, placement::Step};
use freerange_testkit::{House, PASSWORD, both, city, prose, sign_in_as, zone};
use jiff::ToSpan as _;

fn whom(name: &str) -> Whom {
    Whom::Email(Email::parse(&format!("{name}@city.example")).expect("an address"))
}

#[expect(clippy::needless_pass_by_value, reason = "a result that is only looked at reads best in place")]
fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>, rule: &str) {
    assert!(matches!(&result, Err(StoreError::Rule { key, .. }) if *key == rule), "{result:?} is not {rule}");
}

/// Somebody went and came back.
async fn been(house: &House, who: &Actor, manager: &Actor) {
    let (_, id) = house.out(who, manager, house.in_a_week(Kind::CommunityVisit)).await;
    house.clock.advance(5.hours());
    house.store.step(who, id, Step::ComeBack { zone: zone() }, house.now()).await.expect("is back");
}

/// A circle of ann, who came back, and these, who said yes.
async fn circle(house: &House, others: &[&str]) -> (CircleId, Actor) {
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    been(house, &ann, &bo).await;
    let id = house.store.start_circle(&ann, house.now()).await.expect("begins");
    for name in others {
        house.store.ask_into_circle(&ann, id, &whom(name), house.now()).await.expect("asks");
        let who = sign_in_as(house, name).await;
        house.store.answer_circle(&who, id, true, house.now()).await.expect("yes");
    }
    (id, ann)
}

#[test]
fn whoever_came_back_begins_one_and_it_runs_with_the_third_yes() {
    both(async |house| {
        city(house).await;
        let (ann, eli) = (sign_in_as(house, "ann").await, sign_in_as(house, "eli").await);
        refused(house.store.start_circle(&ann, house.now()).await, "circle-not-back");
        let (id, ann) = circle(house, &["ben"]).await;
        let store = &house.store;
        assert_eq!(store.circle(&ann, id).await.expect("in it").stage, Stage::Gathering);
        refused(
            store.set_circle_meeting(&ann, id, house.now() + 48.hours(), &zone(), house.now()).await,
            "circle-too-few",
        );
        store.ask_into_circle(&ann, id, &whom("eli"), house.now()).await.expect("asks");
        refused(store.ask_into_circle(&ann, id, &whom("eli"), house.now()).await, "circle-asked-already");
        refused(store.ask_into_circle(&eli, id, &whom("fay"), house.now()).await, "circle-answer-first");
        store.answer_circle(&eli, id, true, house.now()).await.expect("yes");
        assert_eq!(store.circle(&eli, id).await.expect("in it").stage, Stage::Running);
        // Leaving needs no reason; below three it pauses, with the last it is gone.
        store.leave_circle(&eli, id, house.now()).await.expect("leaves");
        assert_eq!(store.circle(&ann, id).await.expect("in it").stage, Stage::Paused);
        assert!(matches!(store.circle(&eli, id).await, Err(StoreError::NotFound)));
        store.leave_circle(&sign_in_as(house, "ben").await, id, house.now()).await.expect("leaves");
        store.leave_circle(&ann, id, house.now()).await.expect("leaves");
        assert_eq!((house.count("circle", "1 = 1").await, house.count("circle_member", "1 = 1").await), (0, 0));
    });
}

#[test]
fn a_no_leaves_no_trace_and_there_is_no_eighth() {
    both(async |house| {
        city(house).await;
        let (id, ann) = circle(house, &["ben", "cas", "dee", "eli", "fay"]).await;
        let store = &house.store;
        store.ask_into_circle(&ann, id, &whom("gus"), house.now()).await.expect("asks a seventh");
        refused(store.ask_into_circle(&ann, id, &whom("hal"), house.now()).await, "circle-full");
        let gus = sign_in_as(house, "gus").await;
        store.answer_circle(&gus, id, false, house.now()).await.expect("no");
        assert_eq!(house.count("circle_member", "1 = 1").await, 6);
        store.ask_into_circle(&ann, id, &whom("hal"), house.now()).await.expect("there is room again");
        let hal = sign_in_as(house, "hal").await;
        store.answer_circle(&hal, id, true, house.now()).await.expect("the seventh");
        refused(store.ask_into_circle(&ann, id, &whom("gus"), house.now()).await, "circle-full");
        assert!(store.check().await.expect("looks").problems.is_empty());
    });
}

#[test]
fn nobody_outside_sees_it_whatever_their_role_and_the_lead_counts_from_five_on() {
    both(async |house| {
        city(house).await;
        let (id, _) = circle(house, &["ben", "cas"]).await;
        let store = &house.store;
        let bo = house.with_roles("bo", Role::ALL).await;
        for who in [&bo, &Actor::Anybody] {
            assert!(store.circle(who, id).await.is_err(), "{who:?}");
            assert!(store.leave_circle(who, id, house.now()).await.is_err());
            assert!(store.keep_circle_action(who, id, None).await.is_err());
            assert!(store.ask_into_circle(who, id, &whom("gus"), house.now()).await.is_err());
        }
        assert!(store.my_circles(&bo).await.expect("his own").is_empty());
        let said = store.circle_figures(&bo).await.expect("counts");
        assert_eq!((said.circles, said.running), (Count::NotSaid, Count::NotSaid), "three people are not counted");
        // No letter about it is listed with its reader.
        let listed = store.outbox(&bo, 1).await.expect("lists").items;
        assert!(listed.iter().all(|l| l.letter.subject != "circle" && !l.letter.body.contains("Asked")));
        let ann = sign_in_as(house, "ann").await;
        for name in ["dee", "eli"] {
            store.ask_into_circle(&ann, id, &whom(name), house.now()).await.expect("asks");
            store.answer_circle(&sign_in_as(house, name).await, id, true, house.now()).await.expect("yes");
        }
        let said = store.circle_figures(&bo).await.expect("counts");
        assert_eq!((said.circles, said.running), (Count::Exactly(1), Count::Exactly(1)));
        assert!(matches!(store.circle_figures(&ann).await, Err(StoreError::Refused(_))));
        // The log says nothing of who is in which circle.
        let auditor = house.with_roles("jan", &[Role::Auditor]).await;
        let log = store.audit_log(&auditor, 1).await.expect("reads").items;
        assert!(log.iter().all(|e| !e.subject.contains("circle") && !e.act.contains("circle")), "{log:?}");
    });
}

#[test]
fn ones_own_action_is_sealed_and_the_question_is_kept_nowhere() {
    both(async |house| {
        city(house).await;
        let (id, ann) = circle(house, &["ben", "cas"]).await;
        let store = &house.store;
        store.keep_circle_action(&ann, id, Some(&prose("Ring the three who never write"))).await.expect("keeps");
        assert_eq!(house.where_it_says("never write").await, [""; 0]);
        assert!(!house.on_disk("never write").await);
        let mine = store.circle(&ann, id).await.expect("hers");
        assert_eq!(mine.action.as_deref(), Some("Ring the three who never write"));
        let ben = sign_in_as(house, "ben").await;
        assert_eq!(store.circle(&ben, id).await.expect("in it").action, None);
        // In another session with the password it opens; with a password set by link it is gone, like private reflections.
        assert!(store.circle(&house.enter("ann").await, id).await.expect("hers").action.is_some());
        let email = Email::parse("ann@city.example").expect("an address");
        store.send_password_link(&email, "192.0.2.1", house.now()).await.expect("is sent");
        let token = house.last_link("ann@city.example").await;
        store.set_password(&token, PASSWORD, house.now()).await.expect("is set");
        let again = store.circle(&house.enter("ann").await, id).await.expect("hers");
        assert!(again.action.is_none() && !again.action_closed);
    });
}

#[test]
fn it_meets_every_four_to_six_weeks_and_each_is_reminded_once_without_words() {
    both(async |house| {
        city(house).await;
        let (id, ann) = circle(house, &["ben", "cas"]).await;
        let store = &house.store;
        let first = house.now() + (10 * 24).hours();
        store.set_circle_meeting(&ann, id, first, &zone(), house.now()).await.expect("is set");
        store.keep_circle_action(&ann, id, Some(&prose("Ring the three who never write"))).await.expect("keeps");
        assert_eq!(store.remind_circles(house.now()).await.expect("looks"), 0, "not ten days before");
        house.clock.set(&(first - 40.hours()).to_string());
        assert_eq!(store.remind_circles(house.now()).await.expect("reminds"), 1);
        assert_eq!(store.remind_circles(house.now()).await.expect("reminds"), 0, "once");
        let reminded = |letters: Vec<(String, String)>| {
            letters.into_iter().filter(|(_, text)| text.contains("Soon")).map(|(_, text)| text).collect::<Vec<_>>()
        };
        let (hers, his) =
            (reminded(house.due_to("ann@city.example").await), reminded(house.due_to("ben@city.example").await));
        assert!(hers.len() == 1 && hers[0].contains("action: true") && !hers[0].contains("never write"), "{hers:?}");
        assert!(his.len() == 1 && his[0].contains("action: false"), "{his:?}");
        house.clock.set(&(first + 2.hours()).to_string());
        let next = |days: i64| first + (days * 24).hours();
        for (days, rule) in [(27, "circle-too-soon"), (43, "circle-too-late")] {
            refused(store.set_circle_meeting(&ann, id, next(days), &zone(), house.now()).await, rule);
        }
        store.set_circle_meeting(&ann, id, next(30), &zone(), house.now()).await.expect("is set");
        store.set_circle_meeting(&ann, id, next(35), &zone(), house.now()).await.expect("is moved");
        let me = house.id_of("ann").await;
        let calendar = store.calendar_of_circles(me).await.expect("reads");
        assert_eq!(calendar, [(id, next(35), 3)], "one entry, whose number grows");
    });
}

#[test]
fn only_those_who_look_for_a_circle_see_each_other() {
    both(async |house| {
        city(house).await;
        let (ann, ben, eli, fay, ada, bo, dee) = (
            sign_in_as(house, "ann").await,
            sign_in_as(house, "ben").await,
            sign_in_as(house, "eli").await,
            sign_in_as(house, "fay").await,
            sign_in_as(house, "ada").await,
            sign_in_as(house, "bo").await,
            sign_in_as(house, "dee").await,
        );
        let store = &house.store;
        for (who, manager) in [(&ann, &bo), (&ben, &bo), (&eli, &dee), (&fay, &dee)] {
            been(house, who, manager).await;
        }
        for who in [&ann, &ben, &eli, &ada] {
            store.seek_circle(who, true, house.now()).await.expect("says so");
        }
        let seen = store.circle_seekers(&ann).await.expect("looks").expect("she looks too");
        let names: Vec<&str> = seen.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["Eli Berg"], "not her own department, not who never went, not who did not say so");
        assert!(store.circle_seekers(&fay).await.expect("looks").is_none(), "who does not look sees nobody");
        let id = store.start_circle(&ann, house.now()).await.expect("begins");
        store.ask_into_circle(&ann, id, &Whom::Seeker(seen[0].person), house.now()).await.expect("asks");
        let fay_id = house.id_of("fay").await;
        refused(store.ask_into_circle(&ann, id, &Whom::Seeker(fay_id), house.now()).await, "nobody-here");
        assert!(store.circle_seekers(&ann).await.expect("looks").expect("she looks").is_empty());
        store.seek_circle(&eli, false, house.now()).await.expect("ends it");
        assert!(store.circle_seekers(&eli).await.expect("looks").is_none());
        house.clock.advance((121 * 24).hours());
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(house.count("circle_seeker", "1 = 1").await, 0);
    });
}

#[test]
fn a_circle_that_nobody_tends_and_whoever_left_are_forgotten() {
    both(async |house| {
        city(house).await;
        let (id, ann) = circle(house, &["ben", "cas"]).await;
        let store = &house.store;
        store.keep_circle_action(&ann, id, Some(&prose("Ring the three"))).await.expect("keeps");
        let rows: Vec<_> = freerange_testkit::staff().into_iter().filter(|s| s.staff_no != "S-cas").collect();
        store.import_people(&Actor::Program, &rows, house.now()).await.expect("cas has left");
        assert_eq!(store.circle(&ann, id).await.expect("hers").stage, Stage::Paused, "who left is not in it");
        house.clock.advance((366 * 24).hours());
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!((house.count("circle", "1 = 1").await, house.count("circle_member", "1 = 1").await), (0, 0));
    });
}
