//! What the notebook's other end promises, in words.

use freerange_domain::{
    code::Code,
    id::{NoteId, PersonId},
    outing::Kind,
};
use freerange_notebook::{
    Batch, ConsentGiven, DiaryVersion, GoingOut, KeyPut, KeySort, NoteVersion, Outcome, PROTOCOL, Record, SEALED_BYTES,
    Synced, What,
};
use freerange_store::{
    Act, Actor, Store, StoreError,
    note::Edit,
    placement::{Say, Step},
};
use freerange_testkit::{House, Phone, both, city, line, prose, reason, sign_in_as, uses, zone};
use jiff::ToSpan as _;
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

/// Ann is out there, with her phone.
async fn out(house: &House) -> (Actor, Uuid, Phone) {
    city(house).await;
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    let (_, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
    let phone = Phone::of(&ann);
    (ann, placement.0, phone)
}

async fn sync(house: &House, who: &Actor, batch: &Batch) -> (Synced, Vec<Option<StoreError>>) {
    let report = house.store.sync(who, batch, house.now()).await.expect("answers");
    (report.synced, report.reasons)
}

fn outcomes(synced: &Synced) -> Vec<Outcome> {
    synced.answers.iter().map(|a| a.outcome).collect()
}

fn key(reason: Option<&StoreError>) -> String {
    reason.map(ToString::to_string).unwrap_or_default()
}

fn card(placement: Uuid, code: &Code) -> ConsentGiven {
    ConsentGiven {
        consent: Uuid::now_v7(),
        placement,
        code: code.grouped(),
        use_it: true,
        quote: true,
        picture: false,
        contact: false,
        language: "nl".to_owned(),
        adult: true,
    }
}

#[test]
fn what_was_seen_by_a_phone_with_a_wrong_clock_is_dated_right() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        phone.skew = 300 * DAY;
        let seen_at = house.now();
        let id = phone.capture(What::Note(phone.note(placement, "A gull on the bench", seen_at)), seen_at);
        house.clock.advance(50.hours());
        phone.settle(&house.store, &ann, house.now()).await;
        assert!(phone.outbox.is_empty() && phone.refused.is_empty());
        let note = phone.notes.values().next().expect("came back");
        assert_eq!((note.heads[0].version, note.heads[0].says.happened), (id, seen_at.as_microsecond()));
    });
}

#[test]
fn two_phones_that_edit_one_note_apart_leave_both_wordings_and_the_author_brings_them_together() {
    both(async |house| {
        let (ann, placement, mut one) = out(house).await;
        let ben = sign_in_as(house, "ben").await;
        let says = one.note(placement, "Three lamps are out", house.now());
        let note = NoteId(says.note);
        one.capture(What::Note(says), house.now());
        one.settle(&house.store, &ann, house.now()).await;
        let mut two = Phone::of(&ann);
        two.settle(&house.store, &ann, house.now()).await;
        house.clock.advance(1.hour());
        one.edit(note.0, "Four lamps are out", house.now()).expect("knows it");
        two.edit(note.0, "Three lamps are out, one flickers", house.now()).expect("knows it");
        for phone in [&mut one, &mut two] {
            phone.settle(&house.store, &ann, house.now()).await;
        }
        one.settle(&house.store, &ann, house.now()).await;
        assert_eq!(one.notes, two.notes);
        assert_eq!(one.notes[&note.0].heads.len(), 2);
        // Colleagues see both wordings; what was there before is the author's own.
        let seen = house.store.wordings(&ben, note).await.expect("reads");
        assert_eq!((seen.heads.len(), seen.earlier.len()), (2, 0));
        assert_eq!(house.store.wordings(&ann, note).await.expect("reads").earlier.len(), 1);
        // The page shows the one that is read first, and an edit there follows both.
        let (_, edit) = house.store.note_to_edit(&ann, note).await.expect("is hers");
        let edit = Edit { seen: prose("Four lamps are out, one flickers"), ..edit };
        house.store.edit_note(&ann, note, &edit, house.now()).await.expect("is brought together");
        two.settle(&house.store, &ann, house.now()).await;
        let heads = &two.notes[&note.0].heads;
        assert_eq!((heads.len(), heads[0].says.seen.as_str()), (1, "Four lamps are out, one flickers"));
        assert_eq!(house.store.note(&ben, note).await.expect("reads").seen, "Four lamps are out, one flickers");
    });
}

#[test]
fn a_page_that_edits_what_a_phone_changed_meanwhile_overwrites_nothing() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let says = phone.note(placement, "The stairs are wet", house.now());
        let note = NoteId(says.note);
        phone.capture(What::Note(says), house.now());
        phone.settle(&house.store, &ann, house.now()).await;
        let (_, opened) = house.store.note_to_edit(&ann, note).await.expect("opens the page");
        house.clock.advance(1.hour());
        phone.edit(note.0, "The stairs are icy", house.now()).expect("knows it");
        phone.settle(&house.store, &ann, house.now()).await;
        let edit = Edit { seen: prose("The stairs are wet and dark"), ..opened };
        house.store.edit_note(&ann, note, &edit, house.now()).await.expect("is kept");
        let both: Vec<String> =
            house.store.wordings(&ann, note).await.expect("reads").heads.into_iter().map(|w| w.seen).collect();
        assert!(both.contains(&"The stairs are icy".to_owned()) && both.len() == 2, "{both:?}");
    });
}

#[test]
fn what_cannot_be_kept_is_refused_alone_and_says_why() {
    use Outcome::{Kept, Refused, Waits};
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let now = house.now();
        let plain = |seen: &str| phone.note(placement, seen, now);
        let good = plain("A good one");
        let records = [
            good.clone(),
            NoteVersion { sort: "shouted".to_owned(), ..plain("x") },
            NoteVersion { seen: " ".to_owned(), ..plain("x") },
            NoteVersion { sort: "said".to_owned(), ..plain("Nobody asked me") },
            NoteVersion { placement: Uuid::now_v7(), ..plain("x") },
            NoteVersion { point: Some((500.0, 5.0)), ..plain("x") },
            NoteVersion { consent: Some(Uuid::now_v7()), ..plain("x") },
            plain("Another good one"),
        ];
        for says in records {
            phone.capture(What::Note(says), now);
        }
        let (synced, reasons) = sync(house, &ann, &phone.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Kept, Refused, Refused, Refused, Refused, Refused, Waits, Kept]);
        let why: Vec<String> = reasons.iter().map(|r| key(r.as_ref())).collect();
        assert!(why[1].contains("kind") && why[2].contains("seen") && why[6].contains("waits-for-consent"), "{why:?}");
        assert_eq!(house.count("note", "1 = 1").await, 2);
        // The same again is known, and other words under its id are not taken.
        let (synced, _) = sync(house, &ann, &phone.batch(&[0, 7], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Known, Outcome::Known]);
        let id = phone.outbox[0].id;
        phone.outbox = vec![Record {
            id,
            at: phone.clock(now),
            what: What::Note(NoteVersion { seen: "Other".to_owned(), ..good }),
        }];
        let (synced, reasons) = sync(house, &ann, &phone.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Refused]);
        assert!(key(reasons[0].as_ref()).contains("other-content"));
        assert_eq!(house.where_it_says("Other").await, [""; 0]);
    });
}

#[test]
fn a_note_waits_until_its_person_says_that_they_left_and_comes_late_to_a_closed_placement() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = house.in_a_week(Kind::CommunityVisit);
        let starts = offer.span.starts();
        let outing = house.offer(&ann, offer).await;
        let placement = house.wish(&ann, outing).await;
        house.store.answer_placement(&bo, placement, Say::Yes, house.now()).await.expect("yes is taken");
        house.clock.set(&starts.to_string());
        let mut phone = Phone::of(&ann);
        let says = phone.note(placement.0, "Already here", house.now());
        phone.capture(What::Note(says), house.now());
        let (synced, reasons) = sync(house, &ann, &phone.batch(&[], house.now())).await;
        assert_eq!(outcomes(&synced), [Outcome::Waits]);
        assert!(key(reasons[0].as_ref()).contains("waits-for-leaving"));
        let gone = Step::Depart { checkin: line("On my way"), zone: zone() };
        house.store.step(&ann, placement, gone, house.now()).await.expect("may leave");
        phone.settle(&house.store, &ann, house.now()).await;
        assert_eq!((phone.outbox.len(), phone.notes.len()), (0, 1));
        // A second phone lies in a bag while the placement is closed, and still brings home what was written on it before.
        let mut bag = Phone::of(&ann);
        let says = bag.note(placement.0, "From the bag", house.now());
        bag.capture(What::Note(says), house.now());
        house.home_again(&ann, placement).await;
        let done = Step::Close { changed: false, why: reason("Nothing to change") };
        house.store.step(&ann, placement, done, house.now()).await.expect("is closed");
        house.clock.advance(30.days());
        bag.settle(&house.store, &ann, house.now()).await;
        assert_eq!((bag.outbox.len(), bag.refused.len(), bag.notes.len()), (0, 0, 2));
        let says = bag.note(placement.0, "Afterwards", house.now());
        bag.capture(What::Note(says), house.now());
        bag.settle(&house.store, &ann, house.now()).await;
        assert_eq!(bag.refused.len(), 1, "what is written after the end is not of the outing");
    });
}

#[test]
fn a_note_that_was_taken_away_does_not_come_after_its_removal() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let now = house.now();
        let says = phone.note(placement, "Not so", now);
        let note = says.note;
        phone.capture(What::Note(says), now);
        phone.capture(What::NoteGone { note }, now);
        let (synced, _) = sync(house, &ann, &phone.batch(&[1], now)).await;
        assert_eq!((outcomes(&synced), synced.gone), (vec![Outcome::Kept], vec![note]));
        let (synced, reasons) = sync(house, &ann, &phone.batch(&[0], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Refused]);
        assert!(key(reasons[0].as_ref()).contains("taken-back"));
        assert_eq!(house.where_it_says("Not so").await, [""; 0]);
        // In one batch the removal comes last.
        let says = phone.note(placement, "Nor so", now);
        phone.outbox.clear();
        phone.capture(What::NoteGone { note: says.note }, now);
        phone.capture(What::Note(says), now);
        let (synced, _) = sync(house, &ann, &phone.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Kept, Outcome::Kept]);
        assert_eq!(house.count("note", "1 = 1").await, 0);
    });
}

#[test]
fn a_consent_that_is_taken_back_is_gone_from_the_phone_and_from_the_disk_in_every_wording() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let now = house.now();
        let code = Code::from_random([9; 8]);
        let given = card(placement, &code);
        let first = NoteVersion {
            sort: "said".to_owned(),
            consent: Some(given.consent),
            ..phone.note(placement, "The heating has been off since the second of October", now)
        };
        let note = first.note;
        // The note is there before its card: it waits, and nothing of it is kept.
        phone.capture(What::Note(first), now);
        let (synced, _) = sync(house, &ann, &phone.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Waits]);
        phone.capture(What::Consent(given), now);
        phone.settle(&house.store, &ann, now).await;
        phone.edit(note, "The heating has been off since the third of October", now).expect("knows it");
        phone.settle(&house.store, &ann, now).await;
        let bag = phone.clone();
        assert!(house.on_disk("since the second of October").await);
        let resident = house.store.resident(&code, "192.0.2.9", now).await.expect("the code is known");
        house.store.withdraw(&resident, None, now).await.expect("is theirs");
        for words in ["since the second of October", "since the third of October"] {
            assert!(!house.on_disk(words).await, "{words}");
        }
        phone.settle(&house.store, &ann, now).await;
        assert!(phone.notes.is_empty() && phone.consents.is_empty());
        // A phone that was in a bag sends an edit of it: it is refused, and hears that it is gone.
        let mut bag = bag;
        bag.edit(note, "The heating was off for weeks, she said", now).expect("knows it");
        let (synced, _) = sync(house, &ann, &bag.batch(&[], now)).await;
        assert_eq!((outcomes(&synced), synced.gone), (vec![Outcome::Refused], vec![note]));
        assert!(!house.on_disk("The heating was off for weeks").await);
        let checked = house.store.check().await.expect("looks");
        assert_eq!(checked.problems, [""; 0]);
    });
}

#[test]
fn a_phone_on_which_somebody_else_signed_in_sends_nothing_under_their_name() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let ben = sign_in_as(house, "ben").await;
        phone.capture(What::Note(phone.note(placement, "Hers", house.now())), house.now());
        let refused = house.store.sync(&ben, &phone.batch(&[], house.now()), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(Act::KeepNotebook))), "{refused:?}");
        assert_eq!((house.count("note", "1 = 1").await, house.count("device", "1 = 1").await), (0, 0));
        // Nor does it as Ben with Ann's placement, or with a note of hers; and neither is told apart from one that is not there.
        phone.settle(&house.store, &ann, house.now()).await;
        let note = *phone.notes.keys().next().expect("came back");
        let mut his = Phone::of(&ben);
        his.capture(What::Note(his.note(placement, "His", house.now())), house.now());
        his.capture(What::NoteGone { note }, house.now());
        let (synced, reasons) = sync(house, &ben, &his.batch(&[], house.now())).await;
        assert_eq!(outcomes(&synced), [Outcome::Refused, Outcome::Refused]);
        assert!(reasons.iter().all(|r| matches!(r, Some(StoreError::NotFound))), "{reasons:?}");
        assert!(synced.notes.is_empty());
    });
}

#[test]
fn a_phone_that_was_locked_out_is_told_to_forget_and_nothing_of_it_is_taken() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let ben = sign_in_as(house, "ben").await;
        phone.settle(&house.store, &ann, house.now()).await;
        let phones = house.store.phones(&ann).await.expect("lists");
        assert_eq!((phones.len(), phones[0].name.as_str(), phones[0].locked_at), (1, "A phone", None));
        let not_his = house.store.lock_phone(&ben, phone.device, house.now()).await;
        assert!(matches!(not_his, Err(StoreError::NotFound)));
        house.store.lock_phone(&ann, phone.device, house.now()).await.expect("is hers");
        phone.capture(What::Note(phone.note(placement, "From a thief", house.now())), house.now());
        let (synced, _) = sync(house, &ann, &phone.batch(&[], house.now())).await;
        assert!(synced.locked && synced.answers.is_empty() && synced.notes.is_empty());
        phone.hear(&synced);
        assert!(phone.locked && phone.outbox.is_empty() && phone.notes.is_empty());
        assert_eq!(house.where_it_says("From a thief").await, [""; 0]);
        // Another phone of hers goes on.
        let mut other = Phone::of(&ann);
        other.settle(&house.store, &ann, house.now()).await;
        assert!(!other.locked);
    });
}

#[test]
fn a_diary_comes_back_as_it_was_sealed_and_is_nobody_elses() {
    both(async |house| {
        let (ann, _, mut phone) = out(house).await;
        let ben = sign_in_as(house, "ben").await;
        let now = house.now();
        let sealed = "c2VhbGVkIG9uIHRoZSBwaG9uZSwgbm90IG9uIHRoZSBzZXJ2ZXI=".to_owned();
        let entry = Uuid::now_v7();
        let says = |sealed: &str| DiaryVersion { entry, follows: Vec::new(), sealed: sealed.to_owned() };
        phone.capture(What::Diary(says(&sealed)), now);
        phone.settle(&house.store, &ann, now).await;
        assert_eq!(phone.diary[&entry].heads[0].1, sealed);
        // Neither another person's phone nor what is not sealed or too long gets in.
        let mut his = Phone::of(&ben);
        his.capture(What::Diary(says(&sealed)), now);
        his.capture(What::DiaryGone { entry }, now);
        let mine = Uuid::now_v7();
        for bad in ["Dear diary", "", &"QUFB".repeat(SEALED_BYTES / 3 + 2)] {
            his.capture(What::Diary(DiaryVersion { entry: mine, follows: Vec::new(), sealed: bad.to_owned() }), now);
        }
        let (synced, _) = sync(house, &ben, &his.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Refused; 5]);
        assert!(synced.diary.is_empty() && synced.gone.is_empty());
        phone.capture(What::DiaryGone { entry }, now);
        phone.settle(&house.store, &ann, now).await;
        assert!(phone.diary.is_empty());
        assert_eq!((house.count("diary_version", "1 = 1").await, house.count("diary_entry", "1 = 1").await), (0, 1));
        let (synced, _) = sync(house, &ann, &Phone { outbox: vec![], ..Phone::of(&ann) }.batch(&[], now)).await;
        assert_eq!(synced.gone, [entry]);
    });
}

#[test]
fn a_key_of_the_diary_is_kept_once_and_given_to_its_owner_only() {
    both(async |house| {
        city(house).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let id = Uuid::now_v7();
        let put =
            KeyPut { sort: KeySort::Recovery, salt: "AAEC".to_owned(), wrapped: "AwQF".to_owned(), credential: None };
        for _ in 0..2 {
            house.store.keep_diary_key(&ann, id, &put, house.now()).await.expect("is kept");
        }
        let other = KeyPut { wrapped: "AAAA".to_owned(), ..put.clone() };
        let refused = house.store.keep_diary_key(&ann, id, &other, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "other-content", .. })), "{refused:?}");
        let not_his = house.store.keep_diary_key(&ben, id, &put, house.now()).await;
        assert!(matches!(not_his, Err(StoreError::NotFound)), "{not_his:?}");
        house.store.remove_diary_key(&ben, id).await.expect("there is none of his");
        assert!(house.store.diary_keys(&ben).await.expect("lists").keys.is_empty());
        let keys = house.store.diary_keys(&ann).await.expect("lists").keys;
        assert_eq!((keys.len(), keys[0].wrapped.as_str(), keys[0].sort), (1, "AwQF", KeySort::Recovery));
        house.store.remove_diary_key(&ann, id).await.expect("is hers");
        assert_eq!(house.count("diary_key", "1 = 1").await, 0);
    });
}

#[test]
fn after_a_restored_backup_phones_send_again_what_they_hold_and_nothing_doubles() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let say = |phone: &mut Phone, seen: &str| {
            let says = phone.note(placement, seen, house.now());
            phone.capture(What::Note(says), house.now());
        };
        say(&mut phone, "Before the backup");
        phone.settle(&house.store, &ann, house.now()).await;
        let mut file = Vec::new();
        house.store.backup(&mut file, house.now()).await.expect("is backed up");
        say(&mut phone, "After the backup");
        phone.settle(&house.store, &ann, house.now()).await;
        let epoch = phone.epoch;
        house.empty().await;
        house.store.restore(&mut file.as_slice(), None, house.now()).await.expect("is restored");
        assert_eq!(house.count("note", "1 = 1").await, 1);
        house.clock.advance(3.hours());
        phone.settle(&house.store, &ann, house.now()).await;
        assert_ne!(phone.epoch, epoch);
        assert!(phone.outbox.is_empty() && phone.refused.is_empty(), "{:?}", phone.refused);
        let mut seen: Vec<&str> = phone.notes.values().map(|n| n.heads[0].says.seen.as_str()).collect();
        seen.sort_unstable();
        assert_eq!(seen, ["After the backup", "Before the backup"]);
        assert_eq!((house.count("note", "1 = 1").await, house.count("note_version", "1 = 1").await), (2, 2));
    });
}

#[test]
fn many_phones_at_once_are_all_kept_each_once() {
    both(async |house| {
        let (ann, placement, _) = out(house).await;
        let mut runs = Vec::new();
        for n in 0..24 {
            let (store, ann, now): (Store, Actor, _) = (house.store.clone(), ann.clone(), house.now());
            runs.push(tokio::spawn(async move {
                let mut phone = Phone::of(&ann);
                for m in 0..3 {
                    let says = phone.note(placement, &format!("note {n} {m}"), now);
                    phone.capture(What::Note(says), now);
                }
                let batch = phone.batch(&[], now);
                // Twice, as a phone does whose answer was lost.
                let first = store.sync(&ann, &batch, now).await.expect("answers");
                let second = store.sync(&ann, &batch, now).await.expect("answers");
                (outcomes(&first.synced), outcomes(&second.synced))
            }));
        }
        for run in runs {
            let (first, second) = run.await.expect("does not panic");
            assert_eq!((first, second), (vec![Outcome::Kept; 3], vec![Outcome::Known; 3]));
        }
        assert_eq!((house.count("note", "1 = 1").await, house.count("device", "1 = 1").await), (72, 24));
        assert_eq!(house.count("notebook", "last = 72").await, 1, "numbers have no gaps");
        let mut fresh = Phone::of(&ann);
        fresh.settle(&house.store, &ann, house.now()).await;
        assert_eq!(fresh.notes.len(), 72);
    });
}

#[test]
fn what_is_written_on_pages_reaches_the_phone_and_it_takes_along_what_it_needs() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let note = freerange_testkit::draft("Written at the desk", house.now());
        let id = freerange_domain::id::PlacementId(placement);
        house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        let (consent, _) = house.consent(&ann, id, uses("use")).await;
        phone.settle(&house.store, &ann, house.now()).await;
        assert!(phone.notes.contains_key(&note.id.0) && phone.consents.contains_key(&consent.0));
        house.store.remove_note(&ann, note.id, house.now()).await.expect("is hers");
        phone.settle(&house.store, &ann, house.now()).await;
        assert!(phone.notes.is_empty());
        let pack = house.store.pack(&ann, house.now()).await.expect("packs");
        assert_eq!((pack.outings.len(), pack.outings[0].placement, pack.outings[0].may_write), (1, placement, true));
        assert_eq!(Some(pack.epoch), phone.epoch);
        let me = ann.person().expect("signed in");
        assert!(pack.person == me && pack.colleagues.iter().all(|c| PersonId(c.id) != me));
        let ben = sign_in_as(house, "ben").await;
        assert!(house.store.pack(&ben, house.now()).await.expect("packs").outings.is_empty());
    });
}

#[test]
fn a_phone_newer_than_the_server_or_with_too_much_at_once_is_told_so() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let newer = Batch { protocol: PROTOCOL + 1, ..phone.batch(&[], house.now()) };
        let refused = house.store.sync(&ann, &newer, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "server-too-old", .. })), "{refused:?}");
        for n in 0..101 {
            phone.capture(What::Note(phone.note(placement, &format!("note {n}"), house.now())), house.now());
        }
        let which: Vec<usize> = (0..101).collect();
        let refused = house.store.sync(&ann, &phone.batch(&which, house.now()), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "too-many-records", .. })), "{refused:?}");
        assert_eq!(house.count("note", "1 = 1").await, 0);
    });
}

#[test]
fn going_out_and_coming_back_are_said_on_a_phone_whose_clock_is_wrong_and_in_any_order() {
    both(async |house| {
        let (ann, placement, mut phone) = out(house).await;
        let ben = sign_in_as(house, "ben").await;
        phone.skew = -3 * DAY;
        let now = house.now();
        let going = GoingOut {
            out: Uuid::now_v7(),
            placement,
            area: "Along the dyke".to_owned(),
            with: String::new(),
            buddy: ben.person().expect("signed in").0,
            due: phone.clock(now) + 2 * 3_600_000_000,
        };
        let id = going.out;
        phone.capture(What::Back { out: id }, now);
        let (synced, reasons) = sync(house, &ann, &phone.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Waits]);
        assert!(key(reasons[0].as_ref()).contains("waits-for-out"));
        let early = std::mem::take(&mut phone.outbox);
        phone.capture(What::Out(going), now);
        phone.settle(&house.store, &ann, now).await;
        assert!(phone.outbox.is_empty() && phone.refused.is_empty(), "{:?}", phone.refused);
        let outs = house.store.my_outs(&ann).await.expect("lists");
        assert_eq!((outs.len(), outs[0].due), (1, now + 2.hours()));
        phone.outbox = early;
        phone.settle(&house.store, &ann, now).await;
        assert!(phone.outbox.is_empty() && house.store.my_outs(&ann).await.expect("lists").is_empty());
        // The same once more changes nothing, and nobody else brings her back.
        let mut his = Phone::of(&ben);
        his.capture(What::Back { out: id }, now);
        let (synced, _) = sync(house, &ben, &his.batch(&[], now)).await;
        assert_eq!(outcomes(&synced), [Outcome::Refused]);
    });
}
