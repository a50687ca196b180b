//! Changes at their full strength: asked again by letter, answered with one click, and what is told of how they lasted.

use freerange_domain::{
    change::{
        Interval, Kept, Kind, Verdict,
        experiment::{Finding, NotNow, State, Sureness, Turn},
    },
    id::{ChangeId, FollowUpId},
    overview::Rough,
    people::{Email, Role},
};
use freerange_store::{
    Actor, StoreError,
    change::{Commitment, Outcome},
    handover::Handed,
};
use freerange_testkit::{House, both, city, commitment, line, prose, reason, sign_in_as, token_in, trial};
use jiff::ToSpan as _;

async fn commit(house: &House, who: &Actor, title: &str) -> ChangeId {
    let c: Commitment = commitment(Kind::Adapt, title, house.clock.today());
    house.store.commit_change(who, &c, house.now()).await.expect("is committed")
}

async fn ask(house: &House) -> usize {
    house.store.ask_follow_ups(house.clock.today(), house.now()).await.expect("asks")
}

async fn first_question(house: &House, who: &Actor, change: ChangeId) -> FollowUpId {
    house.store.change(who, change, house.clock.today()).await.expect("reads").follow_ups[0].id
}

/// Whoever follows the link of the last letter to an address.
async fn by_letter(house: &House, email: &str) -> Result<Actor, StoreError> {
    house.store.asked(&house.last_link(email).await, house.now()).await
}

async fn silent(house: &House, lead: &Actor) -> usize {
    house.store.exceptions(lead, house.now(), house.clock.today()).await.expect("is the lead's").silent_changes.len()
}

#[test]
fn a_link_answers_its_own_question_once_and_nothing_else() {
    both(async |house| {
        city(house).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let (hers, his) = (commit(house, &ann, "Ring first").await, commit(house, &ben, "Fewer letters").await);
        house.clock.advance(14.days());
        assert_eq!(ask(house).await, 2);
        let asked = by_letter(house, "ann@city.example").await.expect("opens");
        let question = house.store.question(&asked).await.expect("is read");
        assert_eq!((question.title.as_str(), question.due_in), ("Ring first", Interval::TwoWeeks));
        // Looking decides nothing, and another's question is not answered with it.
        assert_eq!(house.count("follow_up", "answered_at IS NOT NULL").await, 0);
        let theirs = first_question(house, &ben, his).await;
        let foreign = house.store.answer_follow_up(&asked, theirs, Kept::Kept, "", house.now()).await;
        assert!(matches!(foreign, Err(StoreError::Refused(_))), "{foreign:?}");
        let ends = Outcome::Dropped(reason("No time for it any more."));
        assert!(house.store.end_change(&asked, hers, &ends, house.now()).await.is_err(), "it only answers");
        let mine = first_question(house, &ann, hers).await;
        house.store.answer_follow_up(&asked, mine, Kept::NotKept, "", house.now()).await.expect("is said");
        assert!(matches!(by_letter(house, "ann@city.example").await, Err(StoreError::NotFound)), "it is used");
        let again = house.store.answer_follow_up(&asked, mine, Kept::Kept, "", house.now()).await;
        assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
        // Signed in she corrects it.
        house.store.answer_follow_up(&ann, mine, Kept::Partly, "On Tuesdays", house.now()).await.expect("is corrected");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn of_two_clicks_at_the_same_moment_one_answers() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        let change = commit(house, &ann, "Ring first").await;
        house.clock.advance(14.days());
        ask(house).await;
        let asked = by_letter(house, "ann@city.example").await.expect("opens");
        let id = first_question(house, &ann, change).await;
        let click = |kept| {
            let (store, asked, now) = (house.store.clone(), asked.clone(), house.now());
            tokio::spawn(async move { store.answer_follow_up(&asked, id, kept, "", now).await })
        };
        let (one, other) = (click(Kept::Kept), click(Kept::NotKept));
        let (one, other) = (one.await.expect("does not panic"), other.await.expect("does not panic"));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    });
}

#[test]
fn silence_is_reminded_of_after_one_and_three_weeks_and_then_is_an_exception_and_no_answer() {
    both(async |house| {
        city(house).await;
        let (ann, lead) = (sign_in_as(house, "ann").await, house.with_roles("cas", &[Role::ProgrammeLead]).await);
        let change = commit(house, &ann, "Ring first").await;
        let mut letters = Vec::new();
        for day in 0..80 {
            // The job runs every hour.
            for _ in 0..2 {
                if ask(house).await > 0 {
                    letters.push(day);
                }
            }
            assert_eq!(silent(house, &lead).await, usize::from(day >= 35), "day {day}");
            // Not a day: the clocks change in between, and the job runs every hour anyway.
            house.clock.advance(24.hours());
        }
        assert_eq!(letters, [14, 21, 35]);
        let bodies: Vec<String> =
            house.letters_to("ann@city.example").await.into_iter().map(|l| l.letter.body).collect();
        let kinds: Vec<&str> = bodies.iter().filter_map(|b| b.lines().next()?.split(' ').next_back()).collect();
        assert_eq!(kinds, ["First", "Again", "Last"]);
        // An answer that comes late is an answer, by any of the letters.
        assert!(
            house.store.asked(&token_in(&bodies[0]), house.now()).await.is_err(),
            "its link has ended after 60 days"
        );
        let asked = house.store.asked(&token_in(&bodies[2]), house.now()).await.expect("opens");
        let id = first_question(house, &ann, change).await;
        house.store.answer_follow_up(&asked, id, Kept::Kept, "", house.now()).await.expect("is said");
        assert_eq!(silent(house, &lead).await, 0);
    });
}

#[test]
fn a_link_ends_with_the_change_with_its_owner_and_with_time() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        let (given, dropped) = (commit(house, &ann, "Ring first").await, commit(house, &ann, "Fewer letters").await);
        house.clock.advance(14.days());
        assert_eq!(ask(house).await, 2);
        let letters = house.letters_to("ann@city.example").await;
        let link = |title: &str| {
            token_in(&letters.iter().find(|l| l.letter.body.contains(title)).expect("a letter").letter.body)
        };
        let (first, second) = (link("Ring first"), link("Fewer letters"));
        let to = Email::parse("ben@city.example").expect("an address");
        house.store.hand_over(&ann, Handed::Change(given), &to, house.now()).await.expect("is handed over");
        assert!(house.store.asked(&first, house.now()).await.is_err(), "it is not hers any more");
        assert_eq!(ask(house).await, 1, "the new owner is asked");
        let ben = by_letter(house, "ben@city.example").await.expect("opens");
        assert_eq!(house.store.question(&ben).await.expect("is his").title, "Ring first");
        let ends = Outcome::Dropped(reason("No time for it any more."));
        house.store.end_change(&ann, dropped, &ends, house.now()).await.expect("is dropped");
        assert!(house.store.asked(&second, house.now()).await.is_err(), "nobody asks about it any more");
        house.clock.advance(61.days());
        assert!(by_letter(house, "ben@city.example").await.is_err(), "it has ended by time");
        // Whoever left answers nothing by an old letter.
        house.clock.advance(40.days());
        ask(house).await;
        let old = by_letter(house, "ben@city.example").await.expect("opens");
        let left: Vec<_> = freerange_testkit::staff().into_iter().filter(|r| r.staff_no != "S-ben").collect();
        house.store.import_people(&Actor::Program, &left, house.now()).await.expect("is taken");
        assert!(house.store.question(&old).await.is_err());
    });
}

#[test]
fn what_is_told_of_lasting_rests_on_five_and_says_silence_apart() {
    both(async |house| {
        city(house).await;
        let names = ["ann", "ben", "bo", "cas", "dee", "eli"];
        let mut changes = Vec::new();
        let mut people = Vec::new();
        for name in names {
            let who = sign_in_as(house, name).await;
            changes.push(commit(house, &who, "Ring first").await);
            people.push(who);
        }
        house.clock.advance(14.days());
        ask(house).await;
        let weeks = async || {
            let told = house.store.lasting(&people[0], house.clock.today(), house.now()).await.expect("is told");
            assert_eq!(told.len(), 4);
            told[0].said
        };
        for n in 0..4 {
            let id = first_question(house, &people[n], changes[n]).await;
            house.store.answer_follow_up(&people[n], id, Kept::Kept, "", house.now()).await.expect("is said");
        }
        let four = weeks().await;
        assert_eq!((four.kept, four.answers, four.silent), (None, Rough::NotSaid, Rough::Nothing));
        // Giving it up is an answer; whoever may still answer is none.
        let ends = Outcome::Dropped(reason("No time for it any more."));
        house.store.end_change(&people[4], changes[4], &ends, house.now()).await.expect("is dropped");
        let five = weeks().await;
        assert_eq!((five.kept, five.not_kept, five.answers), (Some(80), Some(20), Rough::AtLeast(5)));
        assert_eq!(five.silent, Rough::Nothing);
        house.clock.advance((21 * 24).hours());
        let late = weeks().await;
        assert_eq!((late.kept, late.silent), (Some(80), Rough::NotSaid), "one person is silent");
        assert!(house.store.lasting(&Actor::Anybody, house.clock.today(), house.now()).await.is_err());
    });
}

/// An experiment that ends in ten days.
async fn experiment(house: &House, who: &Actor, title: &str) -> ChangeId {
    let ends_on = house.clock.today().saturating_add(10.days());
    let c = Commitment { test: Some(trial(ends_on)), ..commitment(Kind::Test, title, house.clock.today()) };
    house.store.commit_change(who, &c, house.now()).await.expect("is committed")
}

async fn state(house: &House, who: &Actor, id: ChangeId) -> State {
    let change = house.store.change(who, id, house.clock.today()).await.expect("reads");
    change.card.expect("is an experiment").state
}

#[expect(clippy::needless_pass_by_value, reason = "an answer is asked for where it is judged")]
fn refused<T: std::fmt::Debug>(answer: Result<T, StoreError>, why: NotNow) {
    assert!(matches!(answer, Err(StoreError::Rule { key, .. }) if key == why.as_str()), "{answer:?}");
}

#[test]
fn an_experiment_that_is_over_is_asked_about_once_and_is_an_exception_until_it_is_said_what_it_showed() {
    both(async |house| {
        city(house).await;
        let (ann, lead) = (sign_in_as(house, "ann").await, house.with_roles("cas", &[Role::ProgrammeLead]).await);
        let id = experiment(house, &ann, "An evening counter").await;
        let ask = async || house.store.ask_experiments(house.clock.today(), house.now()).await.expect("asks");
        let open = async || {
            let e = house.store.exceptions(&lead, house.now(), house.clock.today()).await.expect("is the lead's");
            (e.open_tests.len(), e.is_calm())
        };
        house.clock.advance(10.days());
        assert_eq!((ask().await, open().await), (0, (0, true)), "its last day is its own");
        house.clock.advance(1.days());
        assert_eq!((ask().await, ask().await), (1, 0));
        assert_eq!(open().await, (1, false));
        assert_eq!(state(house, &ann, id).await, State::Over);
        house.clock.advance(5.days());
        assert_eq!(ask().await, 0, "it is asked once");
        // Whoever takes it over is asked as well.
        let to = Email::parse("ben@city.example").expect("an address");
        house.store.hand_over(&ann, Handed::Change(id), &to, house.now()).await.expect("is handed over");
        assert_eq!(ask().await, 1);
        let ben = sign_in_as(house, "ben").await;
        let showed = (Finding::NotSupported, &prose("Four came in four evenings."));
        house.store.end_experiment(&ben, id, showed, house.clock.today(), house.now()).await.expect("is said");
        assert_eq!(open().await, (0, true));
        assert_eq!(house.heard_by("ann@city.example").await.iter().filter(|s| *s == "test-over").count(), 1);
    });
}

#[test]
fn a_negative_result_is_ended_decided_and_published_like_a_positive_one_and_only_by_its_owner() {
    both(async |house| {
        city(house).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let lead = house.with_roles("cas", &[Role::ProgrammeLead]).await;
        for finding in Finding::ALL {
            let id = experiment(house, &ann, "An evening counter").await;
            let (store, today, now) = (&house.store, house.clock.today(), house.now());
            let (showed, follows) = (prose("Four came in four evenings."), reason("We stop and say so."));
            refused(store.publish_experiment(&ann, id, true, today, now).await, NotNow::NoResult);
            refused(store.decide_experiment(&ann, id, (Verdict::Stop, &follows), today, now).await, NotNow::NoResult);
            let theirs = store.end_experiment(&ben, id, (*finding, &showed), today, now).await;
            assert!(matches!(theirs, Err(StoreError::Refused(_))), "{theirs:?}");
            store.end_experiment(&ann, id, (*finding, &showed), today, now).await.expect("is said before its last day");
            assert_eq!(state(house, &ben, id).await, State::Ended(*finding));
            assert!(
                matches!(store.experiment(&Actor::Anybody, id).await, Err(StoreError::NotFound)),
                "it is not public"
            );
            assert!(store.publish_experiment(&ben, id, true, today, now).await.is_err());
            store.publish_experiment(&lead, id, true, today, now).await.expect("is published");
            store.decide_experiment(&ann, id, (Verdict::Stop, &follows), today, now).await.expect("is decided");
            refused(store.end_experiment(&ann, id, (Finding::Supported, &showed), today, now).await, NotNow::Decided);
            let read = store.experiment(&Actor::Anybody, id).await.expect("is for everybody");
            assert_eq!((read.finding, read.verdict), (*finding, Some(Verdict::Stop)));
        }
        let all = house.store.published_experiments(&Actor::Anybody, "").await.expect("is for everybody");
        assert_eq!(all.len(), 3);
        let other = commit(house, &ann, "Ring first").await;
        let (today, now) = (house.clock.today(), house.now());
        let none = house.store.end_experiment(&ann, other, (Finding::Unclear, &prose("Nothing.")), today, now).await;
        assert!(matches!(none, Err(StoreError::Rule { key: "not-a-test", .. })), "{none:?}");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn sureness_says_since_when_and_which_way_it_went_and_the_same_again_is_no_change() {
    both(async |house| {
        city(house).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let id = experiment(house, &ann, "An evening counter").await;
        let sure = async || {
            let card = house.store.change(&ben, id, house.clock.today()).await.expect("reads").card.expect("has one");
            let sure = card.sure.expect("was said");
            (sure.now, sure.before.and_then(|b| sure.now.turn(b)), sure.since, card.learn_next)
        };
        let began = house.now();
        let first = Some("Whether parents come as well".to_owned());
        assert_eq!(sure().await, (Sureness::Hunch, None, began, first));
        house.clock.advance(1.days());
        let say = async |who: &Actor, sureness, next: Option<&str>| {
            let next = next.map(line);
            let said = (sureness, next.as_ref());
            house.store.say_sureness(who, id, said, house.clock.today(), house.now()).await
        };
        assert!(say(&ben, Sureness::Sure, None).await.is_err(), "it is the owner's to say");
        say(&ann, Sureness::Hunch, Some("Whether it rains")).await.expect("is said");
        assert_eq!(sure().await, (Sureness::Hunch, None, began, Some("Whether it rains".to_owned())));
        say(&ann, Sureness::Open, None).await.expect("is said");
        assert_eq!(sure().await, (Sureness::Open, Some(Turn::LessSure), house.now(), None));
    });
}

#[test]
fn the_portfolio_tells_of_things_and_shares_from_five_owners_on() {
    both(async |house| {
        city(house).await;
        let names = ["ann", "ben", "bo", "cas", "dee"];
        let mut people = Vec::new();
        for name in names {
            people.push(sign_in_as(house, name).await);
        }
        let portfolio = async || house.store.experiments(&people[0], house.clock.today()).await.expect("is for staff");
        for (n, who) in people.iter().enumerate() {
            let id = experiment(house, who, "An evening counter").await;
            let before = portfolio().await;
            assert_eq!(before.runs.said(), None, "one person stands behind it");
            let (today, now) = (house.clock.today(), house.now());
            let showed = (Finding::NotSupported, &prose("Four came in four evenings."));
            house.store.end_experiment(who, id, showed, today, now).await.expect("is said");
            if n < 3 {
                house.store.publish_experiment(who, id, true, today, now).await.expect("is published");
            }
            let negative =
                portfolio().await.told.into_iter().find(|t| t.finding == Finding::NotSupported).expect("is there");
            if n < 4 {
                assert_eq!((negative.ended.said(), negative.published), (None, None));
            } else {
                assert_eq!((negative.ended.said(), negative.published), (Some(5), Some(60)));
            }
        }
        let p = portfolio().await;
        assert_eq!((p.running.len(), p.ended.len(), p.on_evidence.said()), (0, 5, Some(5)));
        assert!(house.store.experiments(&Actor::Anybody, house.clock.today()).await.is_err());
    });
}
