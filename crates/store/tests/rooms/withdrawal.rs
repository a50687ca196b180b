//! Taking back: wherever somebody's words may stand, they are gone.

use freerange_domain::{
    challenge::Outcome,
    change::{Kind as ChangeKind, Verdict, experiment::Finding},
    id::NoteId,
    note::NoteProblem,
    outing::{Kind, Photos},
    people::Role,
    reflection,
};
use freerange_store::{
    Actor, StoreError,
    change::{Commitment, Outcome as Ended, Trial},
    note::Draft,
    outing::Offer,
    placement::Step,
    practice::{Origin, Telling},
};
use freerange_testkit::{
    House, answers, both, city, commitment, draft, line, picture, prose, reason, said, sign_in_as, telling, trial, uses,
};
use jiff::ToSpan as _;

const WORDS: &str = "100% of us pay for 'their' lift_2, said my neighbour\\";

/// Puts the words into every text that can be written about a visit after it was noted.
async fn spread(house: &House, ann: &Actor, ada: &Actor, outing: freerange_domain::id::OutingId) {
    let (store, now, today) = (&house.store, house.now(), house.clock.today());
    let with = |before: &str| format!("{before} {WORDS} and so on");
    let id = store.my_placements(ann).await.expect("lists")[0].id;
    let challenge = store.outing(ann, outing, now).await.expect("reads").challenge.expect("serves one").0;
    let card = Trial {
        belief: prose(&with("We believe")),
        smallest_test: prose(&with("We try")),
        change_mind: prose(&with("Unless")),
        baseline: prose(&with("Beside")),
        cost: prose(&with("It costs")),
        could_harm: prose(&with("Harm")),
        who_asked: prose(&with("Asked")),
        learn_next: Some(line(&with("next"))),
        ..trial(today)
    };
    let change = Commitment {
        challenge: Some(challenge),
        placement: Some(id),
        title: line(WORDS),
        what: prose(&with("What")),
        when_x: line(&with("when")),
        will_y: line(&with("will")),
        makes_room: with("room"),
        test: Some(card),
        ..commitment(ChangeKind::Test, "A trial", today)
    };
    let change = store.commit_change(ann, &change, now).await.expect("is committed");
    let follow_up = store.change(ann, change, today).await.expect("reads").follow_ups[0].id;
    let kept = freerange_domain::change::Kept::Kept;
    store.answer_follow_up(ann, follow_up, kept, &with("said"), now).await.expect("is said");
    let showed = (Finding::Supported, &prose(&with("It showed")));
    store.end_experiment(ann, change, showed, today, now).await.expect("is ended");
    let follows = (Verdict::Adopt, &reason(&with("because")));
    store.decide_experiment(ann, change, follows, today, now).await.expect("is decided");
    store.publish_experiment(ann, change, true, today, now).await.expect("is published");
    let other = commitment(ChangeKind::Start, "Another", today);
    let other = store.commit_change(ann, &other, now).await.expect("is committed");
    store.end_change(ann, other, &Ended::Dropped(reason(&with("dropped"))), now).await.expect("is ended");
    let practice = Telling {
        title: line(WORDS),
        problem: prose(&with("a")),
        what: prose(&with("b")),
        how: prose(&with("c")),
        needed: prose(&with("d")),
        result: prose(&with("e")),
        careful: prose(&with("f")),
        origin: Some(Origin { id: None, url: None, differs: prose(&with("g")) }),
        ..telling("A practice")
    };
    let slug = store.tell_practice(ann, &practice, now).await.expect("is told");
    store.publish_practice(ann, &slug, false, Some(&reason(&with("down"))), now).await.expect("is taken down");
    let kind = reflection::Moment::Debrief;
    let given = answers(&[("so-what", &with("I heard"))]);
    let shared = store.write_reflection(ann, id, kind, &given, now).await.expect("is kept");
    store.share_reflection(ann, shared, now).await.expect("is shared");
    store.tell_back(ann, outing, &prose(&with("You said")), now).await.expect("is told");
    let quoting = Draft { meaning: with("I think"), picture: None, ..draft(&with("A third said that"), now) };
    store.write_note(ann, id, &quoting, now).await.expect("is kept");
    let (thinking, talk) = (now + 72.hours(), now + 96.hours());
    let moved = freerange_store::returning::Move { reflection: thinking, talk, why: Some(reason(&with("It moves"))) };
    store.move_return(ann, id, &moved, now).await.expect("is moved");
    let outcome = Outcome::Decided { what: prose(&with("Decided")), why: reason(&with("because")) };
    store.close_challenge(ada, challenge, &outcome, now).await.expect("is closed");
    let ask = freerange_domain::challenge::Ask {
        title: line(WORDS),
        question: prose(&with("q")),
        why: prose(&with("w")),
        decision: line(&with("d")),
        ..freerange_testkit::challenge("Next")
    };
    let next = store.ask_challenge(ada, &ask, None, now).await.expect("is asked");
    let offer = Offer {
        challenge: Some(next),
        title: line(WORDS),
        description: prose(&with("d")),
        meeting_point: with("m"),
        host_wants: with("w"),
        host_gets: with("g"),
        safety_plan: with("s"),
        access_notes: with("a"),
        ..house.in_a_week(Kind::CommunityVisit)
    };
    let next = house.offer(ada, offer).await;
    let second = store.wish(ann, next, &answers(&[("learn", &with("I go because"))]), None, now).await.expect("wishes");
    store.cancel_placement(ann, second, &reason(&with("no")), now).await.expect("is cancelled");
    house.home_again(ann, id).await;
    let why = reason(&with("Nothing, because"));
    store.step(ann, id, Step::Close { changed: false, why }, house.now()).await.expect("is closed");
}

#[test]
fn words_taken_back_are_gone_from_every_text_that_repeats_them() {
    both(async |house| {
        city(house).await;
        let (ann, bo, ada) = (
            sign_in_as(house, "ann").await,
            sign_in_as(house, "bo").await,
            house.with_roles("ada", &[Role::ProgrammeLead]).await,
        );
        let (outing, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (consent, card) = house.consent(&ann, id, uses("use quote")).await;
        let quoted = format!("“{WORDS}”");
        let note = said(&quoted, Some(consent), house.now());
        house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        spread(house, &ann, &ada, outing).await;
        assert!(house.where_it_says("100% of us pay").await.contains(&"return_date.why".to_owned()));
        assert!(house.where_it_says("100% of us pay").await.len() > 30, "{:?}", house.where_it_says("100% of").await);
        let resident = house.store.resident(&card, "192.0.2.9", house.now()).await.expect("the code is known");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        assert_eq!(house.where_it_says("100% of us pay").await, [""; 0]);
        let change = house.store.changes(&ann, None, None, true, house.clock.today(), 1).await.expect("lists");
        assert!(change.items.iter().any(|c| c.title == "[…]"), "what was around the words stays readable");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn taking_everything_back_ends_the_consent_and_spares_everybody_elses_words() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = Offer { photos: Photos::Yes, ..house.in_a_week(Kind::CommunityVisit) };
        let (outing, id) = house.out(&ann, &bo, offer).await;
        let (one, card) = house.consent(&ann, id, uses("use quote picture contact")).await;
        let (other, _) = house.consent(&ann, id, uses("use quote")).await;
        let write = async |note: Draft| house.store.write_note(&ann, id, &note, house.now()).await;
        write(said("The lift is out of order.", Some(one), house.now())).await.expect("is kept");
        let seen = Draft { consent: Some(one), picture: Some(picture("the lift")), ..draft("The lift", house.now()) };
        write(seen).await.expect("is kept");
        write(said("I carry the shopping up.", Some(other), house.now())).await.expect("is kept");
        let resident = house.store.resident(&card, "192.0.2.9", house.now()).await.expect("the code is known");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let left = house.store.notes_of_outing(&ann, outing).await.expect("lists");
        assert_eq!(left.items.iter().map(|n| n.seen.as_str()).collect::<Vec<_>>(), ["I carry the shopping up."]);
        assert_eq!((house.count("media", "1 = 1").await, house.count("tombstone", "1 = 1").await), (0, 2));
        let late = write(said("One more thing.", Some(one), house.now())).await;
        assert!(matches!(late, Err(StoreError::Note(NoteProblem::ConsentWithdrawn))), "{late:?}");
        // The code still tells what was taken back, and taking back twice changes nothing.
        house.store.withdraw(&resident, None, house.now()).await.expect("is the same");
        let told = house.store.told_back(&resident).await.expect("is theirs");
        assert!(told.withdrawn_at.is_some() && told.notes.is_empty());
        assert_eq!(house.count("tombstone", "1 = 1").await, 2);
    });
}

#[test]
fn a_resident_takes_back_only_what_rests_on_their_own_consent() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (mine, _) = house.consent(&ann, id, uses("use quote")).await;
        let (theirs, _) = house.consent(&ann, id, uses("use quote")).await;
        let note = said("The lift is out of order.", Some(mine), house.now());
        let note = house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        for who in [Actor::Resident(theirs), ann.clone(), Actor::Anybody, Actor::Program] {
            assert!(house.store.withdraw(&who, Some(note), house.now()).await.is_err(), "{who:?}");
        }
        assert!(house.store.note(&ann, note).await.is_ok());
        let unknown = house.store.withdraw(&Actor::Resident(mine), Some(NoteId::new()), house.now()).await;
        assert!(matches!(unknown, Err(StoreError::NotFound)));
    });
}

#[test]
fn a_consent_of_another_visit_carries_no_words() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let (_, one) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (_, two) = house.out(&ben, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (consent, _) = house.consent(&ann, one, uses("use quote picture contact")).await;
        let note = said("Somewhere else.", Some(consent), house.now());
        let refused = house.store.write_note(&ben, two, &note, house.now()).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    });
}

#[test]
fn a_no_is_written_down_and_no_note_rests_on_it() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = Offer { photos: Photos::Yes, ..house.in_a_week(Kind::CommunityVisit) };
        let (outing, id) = house.out(&ann, &bo, offer).await;
        for ticked in ["", "quote picture contact"] {
            let (no, _) = house.consent(&ann, id, uses(ticked)).await;
            let seen = Draft { consent: Some(no), ..draft("A door that sticks", house.now()) };
            for note in [seen, said("It sticks.", Some(no), house.now())] {
                let refused = house.store.write_note(&ann, id, &note, house.now()).await;
                assert!(matches!(refused, Err(StoreError::Note(NoteProblem::UseNotAllowed))), "{refused:?}");
            }
        }
        assert_eq!(house.count("note", "1 = 1").await, 0);
        assert_eq!(house.store.my_consents(&ann, outing).await.expect("lists").len(), 2, "both nos are on record");
        // Somebody goes round the store: `check` finds it.
        let note = draft("A door that sticks", house.now());
        house.store.write_note(&ann, id, &note, house.now()).await.expect("rests on nobody");
        house.tamper("UPDATE note SET consent_id = (SELECT id FROM consent LIMIT 1)").await;
        let problems = house.store.check().await.expect("looks").problems;
        assert!(problems.iter().any(|p| p.contains("nothing may be used")), "{problems:?}");
    });
}

#[test]
fn where_residents_want_no_notes_or_pictures_there_are_none() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = Offer { notes_allowed: false, photos: Photos::None, ..house.in_a_week(Kind::CommunityVisit) };
        let (_, id) = house.out(&ann, &bo, offer).await;
        let refused = house.store.write_note(&ann, id, &draft("A door", house.now()), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "notes-not-allowed", .. })), "{refused:?}");
        assert_eq!(house.count("note", "1 = 1").await, 0);
    });
}

#[test]
fn a_note_and_its_withdrawal_at_the_same_moment_leave_no_words() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        for _ in 0..8 {
            let (consent, _) = house.consent(&ann, id, uses("use quote")).await;
            let (store, now) = (house.store.clone(), house.now());
            let writing = {
                let (store, ann) = (store.clone(), ann.clone());
                tokio::spawn(async move {
                    let note = said("The lift is out of order.", Some(consent), now);
                    store.write_note(&ann, id, &note, now).await.is_ok()
                })
            };
            let withdrawing = tokio::spawn(async move { store.withdraw(&Actor::Resident(consent), None, now).await });
            withdrawing.await.expect("does not panic").expect("is taken back");
            writing.await.expect("does not panic");
            assert_eq!(house.where_it_says("out of order").await, [""; 0]);
        }
    });
}

#[test]
fn an_author_takes_a_note_away_and_a_stranger_does_not() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let mut notes = Vec::new();
        for words in ["A door that sticks", "A window that leaks"] {
            let note = draft(words, house.now());
            notes.push(house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept"));
        }
        let refused = house.store.remove_note(&ben, notes[0], house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        house.store.remove_note(&ann, notes[0], house.now()).await.expect("is hers");
        // House::out lets the one who goes ask the challenge, so she owns it; another owner may take it away too.
        house.tamper("UPDATE challenge SET owner_id = (SELECT id FROM person WHERE staff_no = 'S-ben')").await;
        house.store.remove_note(&ben, notes[1], house.now()).await.expect("owns the challenge");
        assert_eq!(house.where_it_says("A door that sticks").await, [""; 0]);
        assert_eq!(house.count("note", "1 = 1").await, 0);
    });
}

#[test]
fn words_taken_back_do_not_return_from_a_private_reflection_or_in_any_new_text() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (outing, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (consent, card) = house.consent(&ann, id, uses("use quote")).await;
        let note = said("Nobody told me about page five.", Some(consent), house.now());
        house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        let private = answers(&[("so-what", "She said: “nobody TOLD me,\nabout page-five” and left.")]);
        let (store, now, today) = (&house.store, house.now(), house.clock.today());
        let kind = reflection::Moment::Debrief;
        let text = store.write_reflection(&ann, id, kind, &private, now).await.expect("is hers alone");
        store.withdraw(&Actor::Resident(consent), None, now).await.expect("is taken back");
        assert_eq!(house.where_it_says("page five").await, [""; 0], "the hash does not say it");
        let refused = |answer: Result<(), StoreError>, on: &str| {
            assert!(
                matches!(answer, Err(StoreError::Rule { field, key: "words-withdrawn" }) if field == on),
                "{on}: {answer:?}"
            );
        };
        let before = house.everything().await;
        refused(store.share_reflection(&ann, text, now).await, "so-what");
        let again = "And then: nobody told me about page five, she said";
        let change = commitment(ChangeKind::Start, "Another", today);
        let told = telling("A practice");
        refused(
            store.commit_change(&ann, &Commitment { what: prose(again), ..change.clone() }, now).await.map(drop),
            "what",
        );
        refused(store.tell_practice(&ann, &Telling { careful: prose(again), ..told }, now).await.map(drop), "careful");
        refused(store.tell_back(&ann, outing, &prose(again), now).await, "told");
        refused(store.write_note(&ann, id, &draft(again, now), now).await.map(drop), "seen");
        let meant = Draft { meaning: again.to_owned(), ..draft("A form", now) };
        refused(store.write_note(&ann, id, &meant, now).await.map(drop), "meaning");
        assert_eq!(house.everything().await, before, "what is refused leaves nothing");
        // Said in other words it may be shared, and from then on it is looked at whenever it is rewritten.
        let other = answers(&[("so-what", "Page five comes as a surprise to people.")]);
        assert_eq!(store.write_reflection(&ann, id, kind, &other, now).await.expect("is hers"), text);
        store.share_reflection(&ann, text, now).await.expect("is in her own words");
        refused(store.write_reflection(&ann, id, kind, &private, now).await.map(drop), "so-what");
        let change = store.commit_change(&ann, &change, now).await.expect("is about something else");
        let follow_up = store.change(&ann, change, today).await.expect("reads").follow_ups[0].id;
        let kept = freerange_domain::change::Kept::Kept;
        refused(store.answer_follow_up(&ann, follow_up, kept, again, now).await.map(drop), "said");
        let ended = Ended::Dropped(reason(again));
        refused(store.end_change(&ann, change, &ended, now).await, "end_why");
        // The code on the card still opens, and a colleague's own observation may be taken away and written again.
        store.resident(&card, "192.0.2.9", now).await.expect("is known");
        let seen = draft("A form with five whole pages", now);
        store.write_note(&ann, id, &seen, now).await.expect("is kept");
        store.remove_note(&ann, seen.id, now).await.expect("is hers");
        store.write_note(&ann, id, &draft("A form with five whole pages", now), now).await.expect("is hers to write");
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_practice_that_loses_words_is_new_to_those_who_follow_the_feed() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (consent, _) = house.consent(&ann, id, uses("use quote")).await;
        let note = said("Nobody told me about page five.", Some(consent), house.now());
        let quoted = house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        let mut slugs = Vec::new();
        for told in [
            Telling { quotes: vec![quoted], ..telling("Shown with it") },
            Telling { how: prose("She said: Nobody told me about page five."), ..telling("Within the text") },
            telling("Not at all"),
        ] {
            let slug = house.store.tell_practice(&ann, &told, house.now()).await.expect("is told");
            house.store.publish_practice(&ann, &slug, true, None, house.now()).await.expect("is public");
            slugs.push(slug);
        }
        let before = house.now();
        house.clock.advance(jiff::ToSpan::days(2));
        house.store.withdraw(&Actor::Resident(consent), None, house.now()).await.expect("is taken back");
        let mut changed = Vec::new();
        for slug in &slugs {
            changed.push(house.store.practice(&Actor::Anybody, slug).await.expect("is public").updated_at);
        }
        assert_eq!(changed, [house.now(), house.now(), before]);
    });
}

#[test]
fn removing_what_one_saw_oneself_reaches_into_no_other_text() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (outing, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let told = "The benches by the station are wet until noon, and nobody sits there.";
        house.store.tell_back(&ann, outing, &prose(told), house.now()).await.expect("is told");
        let seen = draft("are wet until noon, and nobody sits", house.now());
        let note = house.store.write_note(&ann, placement, &seen, house.now()).await.expect("is kept");
        house.store.remove_note(&ann, note, house.now()).await.expect("is hers");
        let shown = house.store.outing(&bo, outing, house.now()).await.expect("reads").told_back;
        assert_eq!(shown.as_deref(), Some(told));
    });
}

#[test]
fn words_are_taken_out_of_the_texts_in_json_and_not_of_its_escapes() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        // In JSON the line break is written as a backslash and an n, and the note's words begin with an n.
        let given = answers(&[("so-what", "They said:\nice cream vans come at four every day")]);
        let moment = reflection::Moment::Debrief;
        let id = house.store.write_reflection(&ann, placement, moment, &given, house.now()).await.expect("is kept");
        house.store.share_reflection(&ann, id, house.now()).await.expect("is shared");
        let (consent, _) = house.consent(&ann, placement, uses("use quote")).await;
        let words = said("nice cream vans come at four every day", Some(consent), house.now());
        let note = house.store.write_note(&ann, placement, &words, house.now()).await.expect("is kept");
        house.store.remove_note(&ann, note, house.now()).await.expect("is hers");
        let mine = house.store.my_reflections(&ann, None).await.expect("everything can still be read");
        assert_eq!(mine[0].answers.as_ref(), Some(&given), "those were not the words");
    });
}
