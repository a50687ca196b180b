//! What was written can be put in other words, by whom it belongs to, and be handed over. Whoever counts on a date or a
//! place hears of another; a consent holds whatever a note says later.

use freerange_domain::{
    challenge,
    change::Kind as ChangeKind,
    consent::Uses,
    id::{NoteId, OutingId},
    note::{Kind as NoteKind, NoteProblem},
    outing::{Access, Kind, Party, Span},
    people::{Email, Role},
};
use freerange_store::{
    Act, Actor, StoreError,
    handover::Handed,
    note::Edit as NoteEdit,
    outing::{Edit, Offer},
    placement::Say,
    practice::Telling,
    session::{Attempt, PasswordChange},
};
use freerange_testkit::{
    House, PASSWORD, answers, both, city, commitment, draft, line, prose, reason, said, sign_in_as, telling, uses,
};
use jiff::ToSpan as _;

/// The outing as it is, to be changed in the fields a story is about.
pub(crate) async fn as_it_is(house: &House, who: &Actor, id: OutingId) -> Edit {
    let o = house.store.outing(who, id, house.now()).await.expect("is there");
    Edit {
        title: line(&o.listed.title),
        description: prose(&o.description),
        place: o.place_id,
        meeting_point: o.meeting_point,
        host_wants: o.host_wants,
        host_gets: o.host_gets,
        safety_plan: o.safety_plan,
        access_notes: o.access_notes,
        access: o.listed.access,
        language: o.listed.language,
        span: Span::new(o.listed.kind, o.listed.starts_at, o.listed.ends_at).expect("was one"),
        seats: o.listed.seats,
    }
}

#[test]
fn an_open_challenge_gets_other_words_from_its_owner_and_a_decided_one_stays() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
        let id = house.ask(&ann, "Why so dark?").await;
        let ask = challenge::Ask { title: line("Why so dark on the dyke?"), ..freerange_testkit::challenge("x") };
        let edit = async |who: &Actor| house.store.edit_challenge(who, id, &ask, None, house.now()).await;
        assert!(matches!(edit(&bo).await, Err(StoreError::Refused(Act::CloseChallenge))));
        edit(&ann).await.expect("is hers");
        edit(&lead).await.expect("is for the lead");
        assert_eq!(house.store.challenge(&bo, id).await.expect("reads").title, "Why so dark on the dyke?");
        let decided = challenge::Outcome::Decided { what: prose("Lamps"), why: reason("It is dark there") };
        house.store.close_challenge(&ann, id, &decided, house.now()).await.expect("is decided");
        assert!(matches!(edit(&ann).await, Err(StoreError::NotOpen(_))));
        // What follows from a decision can still be said to serve it.
        let served = house.store.served_challenges(&bo).await.expect("lists");
        assert!(served.iter().any(|(known, _)| *known == id));
        assert!(house.store.open_challenges(&bo).await.expect("lists").iter().all(|(known, _)| *known != id));
    });
}

#[test]
fn another_date_is_told_to_everybody_who_counts_on_it_and_nobody_is_asked_again() {
    both(async |house| {
        let town = city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let host = vec![(Party::Host, "Noor".to_owned(), "noor@mill.example".to_owned())];
        let offer = Offer { seats: 1, parties: host, ..house.in_a_week(Kind::CommunityVisit) };
        let id = house.offer(&bo, offer).await;
        let goes = house.wish(&ann, id).await;
        house.store.answer_placement(&bo, goes, Say::Yes, house.now()).await.expect("yes is taken");
        let waits = house.wish(&ben, id).await;
        let asked = async || house.heard_by("bo@city.example").await.iter().filter(|s| *s == "ask-to-agree").count();
        let asked_before = asked().await;
        let before = house.store.placement(&ann, goes).await.expect("is hers").0.state.dates().expect("are booked");

        // Other words alone are no news.
        let words = Edit { description: prose("Coffee and listening"), ..as_it_is(house, &bo, id).await };
        let edit = async |who: &Actor, edit: &Edit| {
            house.store.edit_outing(who, id, edit, &freerange_testkit::zone(), house.now()).await
        };
        assert!(matches!(edit(&ann, &words).await, Err(StoreError::Refused(Act::EditOuting))));
        edit(&bo, &words).await.expect("is the organiser's");
        assert!(!house.heard_by("ann@city.example").await.contains(&"moved".to_owned()));

        let was = as_it_is(house, &bo, id).await;
        let (starts, ends) = (was.span.starts() + 48.hours(), was.span.ends() + 50.hours());
        let later = Edit {
            span: Span::new(Kind::CommunityVisit, starts, ends).expect("a span"),
            place: Some(town.place("Dyke")),
            ..was
        };
        edit(&bo, &later).await.expect("is the organiser's");
        for who in ["ann@city.example", "ben@city.example", "noor@mill.example"] {
            let told = house.heard_by(who).await.iter().filter(|s| *s == "moved").count();
            assert_eq!(told, 1, "{who}");
        }
        let letters = house.letters_to("noor@mill.example").await;
        assert!(letters.last().expect("a letter").letter.body.contains("Dyke"));
        assert_eq!(asked().await, asked_before, "nobody is asked again in silence");
        let after = house.store.placement(&ann, goes).await.expect("is hers").0.state.dates().expect("are booked");
        assert_eq!(after.reflection(), before.reflection() + 50.hours());
        assert_eq!(after.talk(), before.talk() + 50.hours());

        // Not below those who have a seat; and one seat more goes to whoever waits.
        let none = Edit { seats: 0, ..as_it_is(house, &bo, id).await };
        assert!(matches!(edit(&bo, &none).await, Err(StoreError::Rule { key: "seats-taken", .. })));
        let two = Edit { seats: 2, access: vec![Access::Toilet], ..as_it_is(house, &bo, id).await };
        edit(&bo, &two).await.expect("is the organiser's");
        assert_eq!(house.stage(&ben, waits).await, freerange_domain::placement::Stage::Offered);
        assert_eq!(as_it_is(house, &bo, id).await.access, [Access::Toilet]);

        // What has begun does not move, and what is over does not change.
        house.clock.set(&(starts + 1.hours()).to_string());
        let moved = Edit { span: Span::new(Kind::CommunityVisit, starts, ends + 1.hours()).expect("a span"), ..two };
        assert!(matches!(edit(&bo, &moved).await, Err(StoreError::Rule { key: "date-past", .. })));
        house.clock.set(&(ends + 1.hours()).to_string());
        let words = as_it_is(house, &bo, id).await;
        assert!(matches!(edit(&bo, &words).await, Err(StoreError::Rule { key: "outing-over", .. })));
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_draft_is_its_authors_to_change_until_it_is_public() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
        let slug = house.store.tell_practice(&ann, &telling("Ring first"), house.now()).await.expect("is told");
        let better = Telling { how: prose("One colleague is enough."), ..telling("Ring first, then write") };
        let edit = async |who: &Actor| house.store.edit_practice(who, &slug, &better, house.now()).await;
        assert!(matches!(edit(&lead).await, Err(StoreError::Refused(Act::EditPractice))), "the words are hers");
        edit(&ann).await.expect("is hers");
        let now = house.store.practice(&ann, &slug).await.expect("reads");
        assert_eq!((now.title.as_str(), now.how.as_str()), ("Ring first, then write", "One colleague is enough."));
        house.store.publish_practice(&ann, &slug, true, None, house.now()).await.expect("is public");
        assert!(matches!(edit(&ann).await, Err(StoreError::Rule { key: "practice-public", .. })));
    });
}

fn words(kind: NoteKind, seen: &str, consent: Option<freerange_domain::id::ConsentId>) -> NoteEdit {
    NoteEdit { kind, seen: prose(seen), meaning: String::new(), place: None, consent, follows: Vec::new() }
}

#[test]
fn a_changed_note_says_that_it_was_and_stays_on_its_consent() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (given, code) = house.consent(&ann, id, uses("use quote")).await;
        let (no_quotes, _) = house.consent(&ann, id, Uses { quote: false, ..uses("use") }).await;
        let write = async |draft| house.store.write_note(&ann, id, &draft, house.now()).await.expect("is kept");
        let quote: NoteId = write(said("I walk round the park", Some(given), house.now())).await;
        let seen: NoteId = write(draft("Three lamps are out", house.now())).await;
        // The words stand in a change, too.
        let told = freerange_store::change::Commitment {
            what: prose("She said: I walk round the park. So lamps."),
            ..commitment(ChangeKind::Start, "Lamps", house.clock.today())
        };
        let change = house.store.commit_change(&ann, &told, house.now()).await.expect("is committed");
        let edit = async |who: &Actor, id, edit: NoteEdit| house.store.edit_note(who, id, &edit, house.now()).await;

        let better = words(NoteKind::Saw, "Four lamps are out", None);
        assert!(matches!(edit(&ben, seen, better.clone()).await, Err(StoreError::Refused(Act::EditNote))));
        assert_eq!(house.store.note(&ben, seen).await.expect("reads").edited_at, None);
        edit(&ann, seen, better).await.expect("is hers");
        let now = house.store.note(&ben, seen).await.expect("reads");
        assert_eq!((now.seen.as_str(), now.edited_at), ("Four lamps are out", Some(house.now())));

        // The rules about consents apply again.
        let spoken = words(NoteKind::Said, "Four lamps are out", None);
        let refused = edit(&ann, seen, spoken).await;
        assert!(matches!(refused, Err(StoreError::Note(NoteProblem::QuoteWithoutConsent))), "{refused:?}");
        let on_none = edit(&ann, seen, words(NoteKind::Said, "Four lamps", Some(no_quotes))).await;
        assert!(matches!(on_none, Err(StoreError::Note(NoteProblem::QuoteWithoutConsent))), "{on_none:?}");
        for other in [None, Some(no_quotes)] {
            let left = edit(&ann, quote, words(NoteKind::Saw, "She walks round the park", other)).await;
            assert!(matches!(left, Err(StoreError::Rule { key: "consent-stays", .. })), "{left:?}");
        }

        // Other words of somebody leave no old ones behind that nobody would find when it is taken back.
        edit(&ann, quote, words(NoteKind::Said, "I never walk there", Some(given))).await.expect("is hers");
        let what = house.store.change(&ann, change, house.clock.today()).await.expect("reads").what;
        assert_eq!(what, "She said: […]. So lamps.");
        let resident = house.store.resident(&code, "192.0.2.9", house.now()).await.expect("the code is known");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        assert!(house.store.note(&ann, quote).await.is_err());
        assert!(edit(&ann, quote, words(NoteKind::Said, "I walk round the park", Some(given))).await.is_err());
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn what_somebody_owns_is_handed_over_by_them_or_by_the_lead_when_they_left() {
    both(async |house| {
        city(house).await;
        let (ann, ben, cas) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "cas").await);
        let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
        let asked = house.ask(&ann, "Why so dark?").await;
        let start = commitment(ChangeKind::Start, "Ring first", house.clock.today());
        let change = house.store.commit_change(&ann, &start, house.now()).await.expect("is committed");
        let outing = house.offer(&ann, Offer { challenge: Some(asked), ..house.in_a_week(Kind::CommunityVisit) }).await;
        let give = async |who: &Actor, what: Handed, to: &str| {
            let to = Email::parse(to).expect("an address");
            house.store.hand_over(who, what, &to, house.now()).await
        };
        let all = [Handed::Challenge(asked), Handed::Change(change), Handed::Outing(outing)];
        for what in all {
            let stolen = give(&ben, what, "ben@city.example").await;
            assert!(matches!(stolen, Err(StoreError::Refused(Act::HandOver))), "{what}: {stolen:?}");
            assert!(house.store.holding(&ben, what).await.is_err());
            let nobody = give(&ann, what, "nobody@city.example").await;
            assert!(matches!(nobody, Err(StoreError::Rule { key: "nobody-here", .. })), "{what}: {nobody:?}");
            give(&ann, what, "ben@city.example").await.expect("is hers to give");
            assert!(give(&ann, what, "ann@city.example").await.is_err(), "and is no longer");
        }
        let letters = house.heard_by("ben@city.example").await;
        assert_eq!(letters.iter().filter(|s| *s == "handed-over").count(), 3);
        assert_eq!(house.store.challenge(&cas, asked).await.expect("reads").owner, "Ben Berg");
        // Ben leaves; the lead sees what is left and gives it to somebody who is here.
        let left: Vec<_> = freerange_testkit::staff().into_iter().filter(|r| r.staff_no != "S-ben").collect();
        house.store.import_people(&Actor::Program, &left, house.now()).await.expect("is taken");
        let orphans = async || {
            house.store.exceptions(&lead, house.now(), house.clock.today()).await.expect("is for the lead").orphans()
        };
        assert_eq!(orphans().await, 3);
        for what in all {
            give(&lead, what, "cas@city.example").await.expect("is for the lead");
        }
        assert_eq!(orphans().await, 0);
        let follow_up = house.store.change(&cas, change, house.clock.today()).await.expect("reads").follow_ups[0].id;
        let kept = freerange_domain::change::Kept::Kept;
        house.store.answer_follow_up(&cas, follow_up, kept, "", house.now()).await.expect("is asked of the new owner");
    });
}

#[test]
fn another_password_loses_nothing_private_and_ends_other_sessions() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let kind = freerange_domain::reflection::Moment::Evening(house.clock.today());
        let said = answers(&[("struck", "How patient they are")]);
        house.store.write_reflection(&ann, placement, kind, &said, house.now()).await.expect("is kept");
        let enter = async |password: &str| {
            let attempt = Attempt { email: "ann@city.example", password, from: "192.0.2.1", agent: "a test" };
            house.store.sign_in(&attempt, house.now()).await
        };
        let (here, elsewhere) = (enter(PASSWORD).await.expect("fits"), enter(PASSWORD).await.expect("fits"));
        let me = house.store.session_actor(&here, house.now()).await.expect("opens");
        let new = "a door and four windows";
        let change = async |old: &str| {
            let change = PasswordChange { old, new, from: "192.0.2.1" };
            house.store.change_password(&me, &here, &change, house.now()).await
        };
        assert!(matches!(change("guessed wrongly").await, Err(StoreError::Rule { key: "wrong-old-password", .. })));
        enter(PASSWORD).await.expect("a wrong guess changes nothing");
        change(PASSWORD).await.expect("fits");
        assert!(matches!(enter(PASSWORD).await, Err(StoreError::WrongPassword)));
        assert!(house.store.session_actor(&elsewhere, house.now()).await.is_err(), "ended");
        // Readable in this session, and in the next one under the new password.
        let again = enter(new).await.expect("the new one fits");
        for token in [&here, &again] {
            let me = house.store.session_actor(token, house.now()).await.expect("opens");
            let mine = house.store.my_reflections(&me, None).await.expect("lists");
            assert_eq!(mine[0].answers.as_ref(), Some(&said));
        }
    });
}
