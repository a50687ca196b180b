//! Coming back: times are moved honestly, dropped by an act, asked about once; and what is told to whom.

use freerange_domain::{
    id::PlacementId, outing::Kind, people::Role, placement::Stage, reflection::Moment, returning::What,
};
use freerange_store::{
    Actor, StoreError,
    placement::{Say, Step},
    returning::Move,
};
use freerange_testkit::{House, answers, both, city, reason, sign_in_as, zone};
use jiff::ToSpan as _;

/// Ann is back from a visit: time to think a day after its end, return talk two days after it.
async fn back(house: &House, who: &Actor, manager: &Actor) -> PlacementId {
    let (_, id) = house.out(who, manager, house.in_a_week(Kind::CommunityVisit)).await;
    house.clock.advance(5.hours());
    house.store.step(who, id, Step::ComeBack { zone: zone() }, house.now()).await.expect("is back");
    id
}

async fn dates(house: &House, who: &Actor, id: PlacementId) -> (jiff::Timestamp, jiff::Timestamp) {
    let dates = house.store.placement(who, id).await.expect("sees it").0.state.dates().expect("has dates");
    (dates.reflection(), dates.talk())
}

fn subjects(letters: &[(String, String)], subject: &str) -> usize {
    letters.iter().filter(|(s, _)| s == subject).count()
}

#[expect(clippy::needless_pass_by_value, reason = "a result that is only looked at reads best in place")]
fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>, rule: &str) {
    assert!(matches!(&result, Err(StoreError::Rule { key, .. }) if *key == rule), "{result:?} is not {rule}");
}

#[test]
fn the_second_move_says_why_and_the_manager_hears_of_the_talk_alone() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let id = back(house, &ann, &bo).await;
        let (thinking, talk) = dates(house, &ann, id).await;
        let store = &house.store;
        let to = |r: i64, t: i64, why: Option<&str>| Move {
            reflection: thinking + r.hours(),
            talk: talk + t.hours(),
            why: why.map(reason),
        };
        store.move_return(&ann, id, &to(24, 0, None), house.now()).await.expect("the first move needs no word");
        assert_eq!(subjects(&house.due_to("bo@city.example").await, "return-moved"), 0, "thinking is hers");
        let history = store.placement(&bo, id).await.expect("sees it").1;
        assert!(history.iter().all(|e| e.what != "moved-thinking"), "that it moved is hers too: {history:?}");
        assert_eq!(subjects(&house.due_to("ann@city.example").await, "return-moved"), 1);
        refused(store.move_return(&ann, id, &to(48, 0, None), house.now()).await, "move-needs-reason");
        store.move_return(&ann, id, &to(48, 0, Some("A funeral in the family")), house.now()).await.expect("moves");
        store.move_return(&ann, id, &to(48, 24, None), house.now()).await.expect("the talk moves for the first time");
        store.move_return(&ann, id, &to(48, 48, Some("You are away that day")), house.now()).await.expect("moves");
        let told = house.due_to("bo@city.example").await;
        assert_eq!(subjects(&told, "return-moved"), 2);
        assert!(told.iter().all(|(_, text)| !text.contains("funeral")), "{told:?}");
        assert!(told.iter().any(|(_, text)| text.contains("You are away") && text.ends_with(" 2")), "{told:?}");
        // Both see what became of the talk; of the thinking only she does; the organiser of nothing.
        let fates = store.return_dates(&ann, id).await.expect("hers");
        assert_eq!(
            fates.iter().map(|f| (f.what, f.moves)).collect::<Vec<_>>(),
            [(What::Reflection, 2), (What::Talk, 2)]
        );
        let seen = store.return_dates(&bo, id).await.expect("his part");
        assert_eq!(seen.iter().map(|f| f.what).collect::<Vec<_>>(), [What::Talk]);
        let boss_of_all = house.with_roles("dee", Role::ALL).await;
        assert!(store.return_dates(&boss_of_all, id).await.expect("nothing").is_empty());
        assert!(store.move_return(&bo, id, &to(72, 72, Some("I want it")), house.now()).await.is_err());
        assert!(store.check().await.expect("looks").problems.is_empty());
    });
}

#[test]
fn dropping_is_an_act_with_a_reason_of_somebody_who_is_back() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (store, why) = (&house.store, reason("It was said on the way home"));
        refused(store.drop_return(&ann, id, What::Talk, &why, house.now()).await, "drop-not-back");
        house.clock.advance(5.hours());
        store.step(&ann, id, Step::ComeBack { zone: zone() }, house.now()).await.expect("is back");
        assert!(matches!(store.drop_return(&bo, id, What::Talk, &why, house.now()).await, Err(StoreError::Refused(_))));
        let private = reason("I could not bear it");
        store.drop_return(&ann, id, What::Reflection, &private, house.now()).await.expect("drops");
        store.drop_return(&ann, id, What::Talk, &why, house.now()).await.expect("drops");
        refused(store.drop_return(&ann, id, What::Talk, &why, house.now()).await, "drop-dropped");
        let told = house.due_to("bo@city.example").await;
        assert_eq!(subjects(&told, "return-dropped"), 1);
        assert!(told.iter().all(|(_, text)| !text.contains("bear it")), "{told:?}");
        assert_eq!(store.return_sequences(id).await.expect("reads"), [None, None], "calendars lose both");
        assert_eq!(house.stage(&ann, id).await, Stage::Debriefing, "the spine goes on");
        // Nobody asks about what was dropped.
        house.clock.advance((4 * 24).hours());
        assert_eq!(store.ask_how_it_was(&zone(), house.now()).await.expect("asks"), 0);
    });
}

#[test]
fn a_time_that_passed_is_asked_about_once_the_day_after_and_the_person_alone() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let quiet = back(house, &ann, &bo).await;
        let wrote = back(house, &ben, &bo).await;
        let store = &house.store;
        let given = answers(&[("so-what", "The stairs decide who comes")]);
        store.write_reflection(&ben, wrote, Moment::Debrief, &given, house.now()).await.expect("is kept");
        let (thinking, _) = dates(house, &ann, quiet).await;
        house.clock.set(&thinking.to_string());
        house.clock.advance(1.hour());
        assert_eq!(store.ask_how_it_was(&zone(), house.now()).await.expect("asks"), 0, "not on the day itself");
        house.clock.advance(24.hours());
        assert_eq!(store.ask_how_it_was(&zone(), house.now()).await.expect("asks"), 1);
        assert_eq!(store.ask_how_it_was(&zone(), house.now()).await.expect("asks"), 0, "once");
        let asked = house.due_to("ann@city.example").await;
        assert_eq!(subjects(&asked, "how-was-it"), 1);
        for other in ["bo", "ben", "ada"] {
            assert_eq!(subjects(&house.due_to(&format!("{other}@city.example")).await, "how-was-it"), 0, "{other}");
        }
        // The administrator sees that there are letters, and not for whom.
        let admin = house.with_roles("ida", &[Role::Admin]).await;
        let listed = store.outbox(&admin, 1).await.expect("lists").items;
        assert!(listed.iter().any(|l| l.letter.to_email.is_empty()));
        assert!(listed.iter().all(|l| l.letter.subject != "how-was-it"), "{listed:?}");
        assert!(store.placement(&bo, quiet).await.expect("sees it").1.iter().all(|e| e.what != "asked"));
        // A month later nobody is asked about old things.
        house.clock.advance((40 * 24).hours());
        assert_eq!(store.ask_how_it_was(&zone(), house.now()).await.expect("asks"), 0);
    });
}

#[test]
fn those_of_one_outing_debrief_together_and_nothing_of_it_stays() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let offer = house.in_a_week(Kind::CommunityVisit);
        let starts = offer.span.starts();
        let outing = house.offer(&bo, offer).await;
        let store = &house.store;
        let mut ids = Vec::new();
        for who in [&ann, &ben] {
            let id = house.wish(who, outing).await;
            store.answer_placement(&bo, id, Say::Yes, house.now()).await.expect("yes");
            ids.push(id);
        }
        let soon = starts + 30.hours();
        refused(store.propose_debrief(&ann, ids[0], soon, house.now()).await, "debrief-not-now");
        house.clock.set(&starts.to_string());
        for (who, id) in [(&ann, ids[0]), (&ben, ids[1])] {
            let gone = Step::Depart { checkin: freerange_testkit::line("together"), zone: zone() };
            store.step(who, id, gone, house.now()).await.expect("leaves");
        }
        let debrief = store.propose_debrief(&ann, ids[0], soon, house.now()).await.expect("proposes");
        refused(store.propose_debrief(&ben, ids[1], soon, house.now()).await, "debrief-there");
        assert_eq!(subjects(&house.due_to("ben@city.example").await, "debrief-together"), 1);
        assert!(matches!(store.answer_debrief(&bo, debrief, true, house.now()).await, Err(StoreError::NotFound)));
        store.answer_debrief(&ben, debrief, true, house.now()).await.expect("comes");
        let seen = store.debrief_of(&ben, ids[1], house.now()).await.expect("sees").expect("is to come");
        assert!(seen.mine && seen.coming == ["Ann Berg", "Ben Berg"], "{seen:?}");
        assert!(store.debrief_of(&bo, ids[1], house.now()).await.expect("sees nothing").is_none());
        let ben_id = house.id_of("ben").await;
        assert_eq!(store.calendar_of_debriefs(ben_id).await.expect("reads").len(), 1);
        house.clock.set(&(soon + 25.hours()).to_string());
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!((house.count("debrief", "1 = 1").await, house.count("debrief_member", "1 = 1").await), (0, 0));
    });
}

#[test]
fn when_an_outing_moves_calendars_notice_and_no_move_is_counted() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = house.in_a_week(Kind::CommunityVisit);
        let span = freerange_domain::outing::Span::new(
            Kind::CommunityVisit,
            offer.span.starts() + 24.hours(),
            offer.span.ends() + 24.hours(),
        );
        let outing = house.offer(&bo, offer.clone()).await;
        let id = house.wish(&ann, outing).await;
        house.store.answer_placement(&bo, id, Say::Yes, house.now()).await.expect("yes");
        let edit = freerange_store::outing::Edit {
            title: offer.title.clone(),
            description: offer.description.clone(),
            place: None,
            meeting_point: offer.meeting_point.clone(),
            host_wants: String::new(),
            host_gets: String::new(),
            safety_plan: String::new(),
            access_notes: String::new(),
            access: offer.access.clone(),
            language: offer.language.clone(),
            span: span.expect("a span"),
            seats: 3,
        };
        house.store.edit_outing(&bo, outing, &edit, &freerange_testkit::zone(), house.now()).await.expect("moves");
        assert_eq!(house.store.return_sequences(id).await.expect("reads"), [Some(1), Some(1)]);
        let fates = house.store.return_dates(&ann, id).await.expect("hers");
        assert!(fates.iter().all(|f| f.moves == 0));
    });
}
