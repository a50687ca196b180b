//! Taking notes along: who may, what goes along, and what whoever holds a copy is told later.

use freerange_domain::{id::ChallengeId, outing::Kind, people::Role};
use freerange_store::{
    Act, Actor, StoreError,
    note::{Arrived, Arriving, Draft},
    outing::Offer,
};
use freerange_testkit::{House, both, city, draft, said, sign_in_as, uses};
use jiff::{Timestamp, ToSpan as _};

/// Ann is out on a visit that serves a challenge of Ada's. Returns them and the challenge.
async fn visit(house: &House) -> (Actor, Actor, freerange_domain::id::PlacementId, ChallengeId) {
    city(house).await;
    let (ann, bo, ada) =
        (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await, sign_in_as(house, "ada").await);
    let challenge = house.ask(&ada, "Why do people stop at page four?").await;
    let offer = Offer { challenge: Some(challenge), ..house.in_a_week(Kind::CommunityVisit) };
    let (_, id) = house.out(&ann, &bo, offer).await;
    (ann, ada, id, challenge)
}

#[test]
fn only_who_owns_the_question_or_leads_takes_notes_along_and_each_time_is_in_the_log() {
    both(async |house| {
        let (ann, ada, id, challenge) = visit(house).await;
        let (store, now) = (&house.store, house.now());
        store.write_note(&ann, id, &draft("The lift stood still", now), now).await.expect("is kept");
        let refused = store.export_notes(&ann, challenge, "csv", now).await;
        assert!(matches!(refused, Err(StoreError::Refused(Act::ExportNotes))), "{refused:?}");
        assert_eq!(house.count("audit", "act = 'export-notes'").await, 0);
        let lead = house.with_roles("jan", &[Role::ProgrammeLead]).await;
        for who in [&ada, &lead] {
            let all = store.export_notes(who, challenge, "csv", now).await.expect("may");
            assert_eq!((all.title.as_str(), all.notes.len()), ("Why do people stop at page four?", 1));
        }
        assert_eq!(
            house.count("audit", &format!("act = 'export-notes' AND subject = 'challenge {challenge} csv'")).await,
            2
        );
    });
}

#[test]
fn who_noted_it_is_the_same_name_in_every_copy_and_nobodys_real_one() {
    both(async |house| {
        let (ann, ada, id, challenge) = visit(house).await;
        let (store, now) = (&house.store, house.now());
        for seen in ["The lift stood still", "The door was open"] {
            store.write_note(&ann, id, &draft(seen, now), now).await.expect("is kept");
        }
        let first = store.export_notes(&ada, challenge, "csv", now).await.expect("may");
        let second = store.export_notes(&ada, challenge, "qdpx", now).await.expect("may");
        let names: std::collections::BTreeSet<&str> =
            first.notes.iter().chain(&second.notes).map(|n| n.author.as_str()).collect();
        assert_eq!(names.len(), 1, "{names:?}");
        let ann_id = house.id_of("ann").await.to_string();
        assert!(names.iter().all(|n| n.len() == 8 && !ann_id.contains(n)), "{names:?}");
        assert!(!format!("{first:?}").to_lowercase().contains("ann"), "{first:?}");
    });
}

#[test]
fn what_was_taken_back_is_in_no_copy_and_its_id_is_told_to_whoever_holds_one() {
    both(async |house| {
        let (ann, ada, id, challenge) = visit(house).await;
        let (store, now) = (&house.store, house.now());
        let (consent, code) = house.consent(&ann, id, uses("use quote")).await;
        let (used, _) = house.consent(&ann, id, uses("use")).await;
        let quote = said("The form asks for my old landlord and I stop", Some(consent), now);
        let gone = store.write_note(&ann, id, &quote, now).await.expect("is kept");
        let unquoted = Draft { consent: Some(used), ..draft("Somebody waits for a ramp", now) };
        store.write_note(&ann, id, &unquoted, now).await.expect("is kept");
        store.write_note(&ann, id, &draft("The lift stood still", now), now).await.expect("is kept");
        let all = store.export_notes(&ada, challenge, "json", now).await.expect("may");
        let quotable: Vec<Option<bool>> = all.notes.iter().map(|n| n.quotable).collect();
        assert_eq!(quotable.len(), 3);
        assert!(quotable.contains(&Some(true)) && quotable.contains(&Some(false)) && quotable.contains(&None));
        let anybody = &Actor::Anybody;
        assert_eq!(store.withdrawn_since(anybody, challenge, Timestamp::MIN).await.expect("may"), []);

        house.clock.advance(1.hour());
        let resident = store.resident(&code, "192.0.2.9", house.now()).await.expect("the code is known");
        store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let all = store.export_notes(&ada, challenge, "json", house.now()).await.expect("may");
        assert_eq!(all.notes.len(), 2);
        assert!(!format!("{all:?}").contains("landlord"));
        assert_eq!(store.withdrawn_since(anybody, challenge, now).await.expect("may"), [(gone, house.now())]);
        let later = house.now() + 1.second();
        assert_eq!(store.withdrawn_since(anybody, challenge, later).await.expect("may"), [], "from then on nothing");
        let elsewhere = store.withdrawn_since(anybody, ChallengeId::new(), now).await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound)));
    });
}

#[test]
fn the_record_of_a_consent_says_what_was_allowed_and_taken_back_and_has_nobody_in_it() {
    both(async |house| {
        let (ann, _, id, _) = visit(house).await;
        let (consent, code) = house.consent(&ann, id, uses("use picture")).await;
        let store = &house.store;
        let resident = store.resident(&code, "192.0.2.9", house.now()).await.expect("the code is known");
        let record = store.consent_record(&resident).await.expect("is theirs");
        assert_eq!((record.id, record.uses, record.language.as_str()), (consent, uses("use picture"), "nl"));
        assert_eq!((record.given_at, record.withdrawn_at), (house.now(), None));
        assert!(
            !format!("{record:?}").contains(code.as_str()),
            "whoever reads a record cannot take anything back with it"
        );

        house.clock.advance(1.hour());
        store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let refused = store.consent_records(&ann, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(Act::SeeConsentRecord))), "{refused:?}");
        let auditor = house.with_roles("jan", &[Role::Auditor]).await;
        let all = store.consent_records(&auditor, house.now()).await.expect("may");
        assert_eq!(all.iter().map(|r| (r.id, r.withdrawn_at)).collect::<Vec<_>>(), [(consent, Some(house.now()))]);
        assert_eq!(house.count("audit", "act = 'see-consent-record'").await, 1);
    });
}

/// A row of a form tool's file.
fn row(line: u64, kind: freerange_domain::note::Kind, seen: &str, consent: &str) -> Arriving {
    Arriving {
        line,
        id: None,
        kind,
        seen: seen.to_owned(),
        meaning: String::new(),
        place: String::new(),
        consent: consent.to_owned(),
        happened_at: None,
    }
}

#[test]
fn notes_of_a_form_tool_come_in_all_or_none_each_once_and_make_no_consent() {
    use freerange_domain::note::Kind::{Said, Saw};
    both(async |house| {
        let (ann, ada, id, challenge) = visit(house).await;
        let (store, now) = (&house.store, house.now());
        let (_, card) = house.consent(&ann, id, uses("use quote")).await;
        let (_, only_use) = house.consent(&ann, id, uses("use")).await;
        let words = "The form asks for my old landlord and I stop";
        let wrong = [
            row(2, Saw, "The lift stood still", ""),
            row(3, Said, words, only_use.as_str()),
            row(4, Said, words, "K7MW-4QXT-2"),
            Arriving { place: "Nowhere".to_owned(), ..row(5, Saw, "A door", "") },
            Arriving { happened_at: Some(now + 1.hour()), ..row(6, Saw, "A door", "") },
        ];
        let Arrived::None(why) = store.import_notes(&Actor::Program, id, &wrong, now).await.expect("looks") else {
            panic!("is refused")
        };
        let told: Vec<(u64, &str)> = why.iter().map(|r| (r.line, r.column)).collect();
        assert_eq!(told, [(3, "consent"), (4, "consent"), (5, "place"), (6, "happened_at")]);
        assert_eq!((house.count("note", "1 = 1").await, house.count("consent", "1 = 1").await), (0, 2));

        let right = [row(2, Saw, "The lift stood still", ""), row(3, Said, words, &card.grouped())];
        let stranger = store.import_notes(&ada, id, &right, now).await;
        assert!(matches!(stranger, Err(StoreError::Refused(Act::WriteNote))), "{stranger:?}");
        let first = store.import_notes(&Actor::Program, id, &right, now).await.expect("is kept");
        let again = store.import_notes(&Actor::Program, id, &right, now).await.expect("is known");
        assert_eq!((first, again), (Arrived::All { new: 2, there: 0 }, Arrived::All { new: 0, there: 2 }));

        // Taken back, they do not return with the same file, and nothing else of it does.
        let resident = store.resident(&card, "192.0.2.9", now).await.expect("the code is known");
        store.withdraw(&resident, None, now).await.expect("is taken back");
        let back = store.import_notes(&Actor::Program, id, &right, now).await.expect("looks");
        assert!(matches!(&back, Arrived::None(why) if why.len() == 1 && why[0].line == 3), "{back:?}");
        assert_eq!(house.where_it_says("my old landlord").await, [""; 0]);
        assert_eq!(store.export_notes(&ada, challenge, "csv", now).await.expect("may").notes.len(), 1);
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}
