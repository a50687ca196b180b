//! The whole loop as one story, from an invitation to what another city can use.

use freerange_domain::{
    change::{Interval, Kept, Kind as ChangeKind},
    code::Code,
    note::NoteProblem,
    outing::{Kind, Photos},
    overview::{Count::NotSaid, Rough},
    people::Role,
    placement::{EndingKind, Stage, State},
    reflection,
};
use freerange_store::{
    Actor, StoreError, change::Commitment, note::Draft, outing::Offer, placement::Step, practice::Telling,
};
use freerange_testkit::{
    answers, both, city, commitment, draft, invite, line, picture, prose, reason, said, sign_in_as, telling, uses, zone,
};
use jiff::Timestamp;

/// What a resident says and later takes back. With quotes, so that escaping in other texts is put to the test.
const WORDS: &str = "They told me \"come back on Thursday\" three times, and the counter closes at four.";
const STAYS: &str = "The bus stop is too far for my mother.";

#[test]
#[expect(clippy::too_many_lines, reason = "the whole loop is one story; cut into parts nobody could follow it")]
fn residents_invite_somebody_goes_something_changes_and_the_words_can_be_taken_back() {
    both(async |house| {
        let town = city(house).await;
        let (ada, ann, bo, ben) = (
            house.with_roles("ada", &[Role::ProgrammeLead]).await,
            sign_in_as(house, "ann").await,
            "bo@city.example",
            sign_in_as(house, "ben").await,
        );
        let store = &house.store;

        // Residents invite, and follow with a code what becomes of it.
        let wished: Timestamp = "2027-03-18T19:00:00+01:00".parse().expect("a moment");
        let code = store.invite(&Actor::Anybody, &invite("The counter", wished), &zone(), house.now()).await;
        let code = code.expect("anybody may invite");
        let typed: Code = code.grouped().to_lowercase().parse().expect("is read out over the telephone");
        let inviter = store.inviter(&typed, "192.0.2.9", house.now()).await.expect("the code is known");
        let Actor::Inviter(invitation) = inviter else { panic!("an inviter") };
        let seen = store.invitation(&inviter, invitation).await.expect("is theirs");
        assert_eq!((seen.status.as_str(), seen.answer_due.to_string().as_str()), ("received", "2027-03-11"));
        let colleague = store.invitation(&ben, invitation).await.expect("colleagues see what is asked");
        assert!(colleague.contact_email.is_empty() && colleague.code.is_empty(), "and not whom to ring");

        // The lead accepts and links it to a challenge.
        let challenge = house.ask(&ada, "Who does not get through to us?").await;
        let offer = Offer {
            challenge: Some(challenge),
            place: Some(town.place("Mill")),
            photos: Photos::Ask,
            ..freerange_testkit::outing(Kind::CommunityVisit, wished)
        };
        let welcome = prose("Gladly. Two of us will come.");
        let outing = store.accept_invitation(&ada, invitation, &offer, &welcome, house.now()).await.expect("accepted");
        let seen = store.invitation(&inviter, invitation).await.expect("is theirs");
        assert_eq!((seen.status.as_str(), seen.outing), ("accepted", Some(outing)));
        assert_eq!(house.heard_by("noor@mill.example").await, ["invitation", "invitation"]);
        let again = store.decline_invitation(&ada, invitation, &reason("changed our mind"), house.now()).await;
        assert!(matches!(again, Err(StoreError::Rule { key: "already-answered", .. })));

        // Ann wishes to go; her manager says yes by the link; it is agreed.
        let id = house.wish(&ann, outing).await;
        house.yes_by_link(bo, id).await;
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        let early = store.write_note(&ann, id, &draft("Before leaving", house.now()), house.now()).await;
        assert!(matches!(early, Err(StoreError::Placement(_))), "nothing is noted before leaving");
        store.step(&ann, id, Step::Prepare, house.now()).await.expect("prepares");
        let tick = Step::Tick(vec!["consent-cards".to_owned(), "no such thing".to_owned()]);
        store.step(&ann, id, tick, house.now()).await.expect("ticks");
        house.clock.set("2027-03-18T18:30:00+01:00");
        store
            .step(&ann, id, Step::Depart { checkin: line("With Noor at the bridge"), zone: zone() }, house.now())
            .await
            .expect("leaves");
        assert_eq!(store.placement(&ann, id).await.expect("reads").0.done, ["consent-cards"]);

        // Consent first; then words and pictures, each only as far as allowed.
        let (yes, card) = house.consent(&ann, id, uses("use quote picture")).await;
        let (only_use, _) = house.consent(&ann, id, uses("use")).await;
        for (refused, why) in [
            (said(WORDS, None, house.now()), NoteProblem::QuoteWithoutConsent),
            (said(WORDS, Some(only_use), house.now()), NoteProblem::QuoteWithoutConsent),
            (
                Draft { picture: Some(picture("the counter")), consent: Some(only_use), ..draft("Shut", house.now()) },
                NoteProblem::PictureWithoutConsent,
            ),
        ] {
            let answer = store.write_note(&ann, id, &refused, house.now()).await;
            assert!(matches!(answer, Err(StoreError::Note(problem)) if problem == why), "{answer:?}");
        }
        let quote = Draft { picture: Some(picture("the shut counter")), ..said(WORDS, Some(yes), house.now()) };
        let kept = store.write_note(&ann, id, &quote, house.now()).await.expect("is kept");
        let twice = store.write_note(&ann, id, &quote, house.now()).await.expect("is kept once");
        assert_eq!(kept, twice);
        let stays = store.write_note(&ann, id, &said(STAYS, Some(yes), house.now()), house.now()).await.expect("kept");
        let own = draft("The letter box is at the height of a tall man.", house.now());
        store.write_note(&ann, id, &own, house.now()).await.expect("what one sees needs no consent");
        assert!(store.write_note(&ben, id, &draft("Not there", house.now()), house.now()).await.is_err());
        assert_eq!(store.notes_of_outing(&ben, outing).await.expect("lists").items.len(), 3);
        assert_eq!(house.count("media", "1 = 1").await, 1);

        // Back: thinking for oneself, and sharing by choice.
        house.home_again(&ann, id).await;
        let mine = answers(&[("struck", "I was ashamed of the counter.")]);
        let ours = answers(&[("struck", &format!("A woman said: {WORDS} That is us."))]);
        let (evening, debrief) = (reflection::Moment::Evening(house.clock.today()), reflection::Moment::Debrief);
        store.write_reflection(&ann, id, evening, &mine, house.now()).await.expect("is kept");
        let open = store.write_reflection(&ann, id, debrief, &ours, house.now()).await.expect("is kept");
        assert!(!house.on_disk("ashamed of the counter").await);
        assert!(store.shared_reflections(&ben, challenge).await.expect("lists").is_empty());
        store.share_reflection(&ann, open, house.now()).await.expect("is shared");
        assert_eq!(store.shared_reflections(&ben, challenge).await.expect("lists")[0].answers, ours);

        // A change, and one that stops something, on evidence; the four questions are dated.
        let today = house.clock.today();
        let change = Commitment {
            challenge: Some(challenge),
            placement: Some(id),
            what: prose(&format!("The counter stays open until seven. Because: {WORDS}")),
            makes_room: format!("No more slips. ({WORDS})"),
            evidence: vec![kept, stays, kept],
            ..commitment(ChangeKind::Adapt, "Counter open in the evening", today)
        };
        let change = store.commit_change(&ann, &change, house.now()).await.expect("is committed");
        let stop = Commitment {
            hours_freed: 12,
            challenge: Some(challenge),
            ..commitment(ChangeKind::Stop, "No more letters in office language", today)
        };
        store.commit_change(&ann, &stop, house.now()).await.expect("is committed");
        let read = store.change(&ben, change, today).await.expect("reads");
        assert_eq!(read.listed.evidence, 2, "evidence is counted once");
        let due: Vec<_> = read.follow_ups.iter().map(|f| f.due_on.to_string()).collect();
        assert_eq!(due, ["2027-04-01", "2027-06-18", "2027-09-18", "2028-03-18"]);

        // Told back to those who invited.
        let told = prose(&format!("You said: {WORDS} From June the counter is open until seven."));
        assert!(matches!(store.tell_back(&ben, outing, &told, house.now()).await, Err(StoreError::Refused(_))));
        store.tell_back(&ann, outing, &told, house.now()).await.expect("whoever went may tell");
        let seen = store.invitation(&inviter, invitation).await.expect("is theirs");
        assert_eq!(seen.told_back.as_deref(), Some(told.as_str()));
        assert_eq!(house.heard_by("noor@mill.example").await.last().map(String::as_str), Some("told-back"));

        // A practice that others can use.
        let practice = Telling {
            change: Some(change),
            problem: prose(&format!("People could not come: {WORDS}")),
            quotes: vec![kept, stays],
            ..telling("A counter for people who work")
        };
        let slug = store.tell_practice(&ann, &practice, house.now()).await.expect("is told");
        assert!(
            matches!(store.practice(&Actor::Anybody, &slug).await, Err(StoreError::NotFound)),
            "a draft is not public"
        );
        store.publish_practice(&ann, &slug, true, None, house.now()).await.expect("is published");
        assert_eq!(store.practice(&Actor::Anybody, &slug).await.expect("is public").quotes.len(), 2);

        // The resident at the code sees what is kept and what came of it, and takes back the one quote.
        let resident = store.resident(&card, "192.0.2.9", house.now()).await.expect("the code is known");
        let back = store.told_back(&resident).await.expect("is theirs");
        assert_eq!(back.notes.iter().map(|n| n.pictures).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(back.notes[0].practices, ["A counter for people who work"]);
        assert_eq!(back.changes.len(), 1);
        assert!(house.where_it_says("come back on Thursday").await.len() >= 7, "it stands in many places by now");
        store.withdraw(&resident, Some(kept), house.now()).await.expect("is taken back");
        assert_eq!(house.where_it_says("come back on Thursday").await, [""; 0]);
        assert_eq!(house.where_it_says("the shut counter").await, [""; 0]);
        assert_eq!(house.count("media", "1 = 1").await, 0);
        assert_eq!(store.tombstones(&ben, challenge).await.expect("counts"), 1);
        assert!(matches!(store.note(&ben, kept).await, Err(StoreError::NotFound)));
        assert_eq!(store.change(&ben, change, today).await.expect("reads").listed.evidence, 1);
        assert_eq!(store.practice(&Actor::Anybody, &slug).await.expect("is public").quotes, [STAYS]);
        assert_eq!(store.told_back(&resident).await.expect("is theirs").notes.len(), 1, "the other one stays");
        // Her telephone was off; when it sends the same note again, it does not come back.
        let retry = store.write_note(&ann, id, &quote, house.now()).await;
        assert!(matches!(retry, Err(StoreError::Note(NoteProblem::ConsentWithdrawn))), "{retry:?}");

        // The questions come on their days, once, and not after they were answered.
        let asked = async || store.ask_follow_ups(house.clock.today(), house.now()).await.expect("asks");
        house.clock.set("2027-03-31T23:00:00+02:00");
        assert_eq!(asked().await, 0);
        house.clock.set("2027-04-01T06:00:00+02:00");
        assert_eq!((asked().await, asked().await), (2, 0));
        let first = store.change(&ann, change, house.clock.today()).await.expect("reads").follow_ups[0].id;
        assert!(store.answer_follow_up(&ben, first, Kept::Kept, "", house.now()).await.is_err(), "only the owner says");
        store.answer_follow_up(&ann, first, Kept::Partly, "Only on Tuesdays", house.now()).await.expect("is said");
        house.clock.set("2027-06-18T06:00:00+02:00");
        assert_eq!(asked().await, 3, "two questions, and a reminder of the one that nobody answered");
        house.clock.set("2027-09-17T06:00:00+02:00");
        assert_eq!(asked().await, 3, "reminders");
        house.clock.set("2027-09-18T06:00:00+02:00");
        assert_eq!(asked().await, 2);
        assert_eq!(house.heard_by("ann@city.example").await.iter().filter(|s| *s == "follow-up").count(), 10);

        // Closed with an honest ending, and the overview shows what came of it.
        let ending = Step::Close { changed: true, why: reason("The counter is open in the evening.") };
        store.step(&ann, id, ending, house.now()).await.expect("is closed");
        let State::Closed { ending, .. } = store.placement(&ann, id).await.expect("reads").0.state else {
            panic!("is closed")
        };
        assert_eq!(ending.kind, EndingKind::ChangedSomething);
        let since: Timestamp = "2027-01-01T00:00:00Z".parse().expect("a moment");
        let year = store.overview(&ben, since, house.clock.today(), house.now()).await.expect("is for everybody here");
        assert_eq!((year.changes["adapt"], year.changes["stop"], year.hours_freed), (NotSaid, NotSaid, NotSaid));
        assert_eq!((year.practices, year.endings, year.told_back), (1, (NotSaid, NotSaid), (1, 1)));
        assert_eq!(year.heard[0].notes, 2, "two notes are left");
        let weeks = year.lasting.iter().find(|l| l.interval == Interval::TwoWeeks).expect("is told").said;
        assert_eq!(
            (weeks.partly, weeks.answers, weeks.silent),
            (None, Rough::NotSaid, Rough::NotSaid),
            "two people stand behind it"
        );
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}
