//! Files of notes: what was acknowledged is there, what was taken back is nowhere, whatever breaks in between.

use std::{
    io::{BufReader, Cursor},
    path::PathBuf,
};

use freerange_domain::{
    id::{MediaId, NoteId, PlacementId},
    note::{Kind as NoteKind, NoteProblem},
    outing::{Kind, Photos},
    upload::{MOST_UPLOADS, UploadProblem},
};
use freerange_store::{
    Actor, Places, Store, StoreError,
    backup::Withdrawals,
    media::Safe,
    note::Draft,
    outing::Offer,
    upload::{Begin, Upload},
};
use freerange_testkit::{House, both, both_grown, city, draft, picture, prose, said, sign_in_as, uses};
use jiff::ToSpan as _;
use sha2::{Digest as _, Sha256};

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// A voice, as the web hands it over, with a word in it that can be looked for.
fn voice(word: &str) -> Safe {
    let bytes = [b"RIFF\x20\0\0\0WAVE".as_slice(), word.as_bytes()].concat();
    Safe { mime: "audio/wav", width: 0, height: 0, duration_ms: 900, bytes }
}

fn begin(note: NoteId, bytes: &[u8]) -> Begin {
    Begin {
        id: MediaId::new(),
        note,
        mime: "audio/wav".to_owned(),
        description: prose("She hums"),
        sha256: sum(bytes),
        length: u64::try_from(bytes.len()).expect("short"),
    }
}

/// Ann is out where pictures are welcome, with a quote that rests on a card that allows everything.
async fn out(house: &House) -> (Actor, PlacementId, NoteId, Actor) {
    city(house).await;
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    let offer = Offer { photos: Photos::Yes, ..house.in_a_week(Kind::CommunityVisit) };
    let (_, id) = house.out(&ann, &bo, offer).await;
    let (consent, card) = house.consent(&ann, id, uses("use quote picture")).await;
    let quote = said("The lift never comes before nine in the morning.", Some(consent), house.now());
    let note = house.store.write_note(&ann, id, &quote, house.now()).await.expect("is kept");
    let resident = house.store.resident(&card, "192.0.2.9", house.now()).await.expect("the code is known");
    (ann, id, note, resident)
}

async fn piece(
    house: &House,
    who: &Actor,
    id: MediaId,
    offset: usize,
    bytes: &[u8],
) -> freerange_store::Result<Upload> {
    let offset = u64::try_from(offset).expect("small");
    house.store.upload_piece(who, id, offset, bytes.to_vec(), house.now()).await
}

/// Sends all of it and attaches it.
async fn attach(house: &House, who: &Actor, note: NoteId, word: &str) -> MediaId {
    let safe = voice(word);
    let begin = begin(note, &safe.bytes);
    house.store.begin_upload(who, &begin, house.now()).await.expect("begins");
    piece(house, who, begin.id, 0, &safe.bytes).await.expect("is taken");
    let whole = house.store.upload_whole(who, begin.id).await.expect("is whole");
    house.store.finish_upload(who, whole, safe, house.now()).await.expect("is attached");
    begin.id
}

fn files(house: &House, folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(house.folder().join(folder));
    entries.map(|all| all.flatten().map(|e| e.path()).collect()).unwrap_or_default()
}

#[test]
fn pictures_and_sounds_hang_on_one_note_in_the_order_in_which_they_came() {
    both(async |house| {
        let (ann, id, ..) = out(house).await;
        let seen = Draft { picture: Some(picture("the door")), ..draft("A door that sticks", house.now()) };
        let note = house.store.write_note(&ann, id, &seen, house.now()).await.expect("is kept");
        // Sending the note again does not hang its picture on it twice, and leaves no file behind.
        house.store.write_note(&ann, id, &seen, house.now()).await.expect("is the same");
        house.clock.advance(1.minute());
        let wonder = Draft { kind: NoteKind::Wonder, ..draft("Who has the key?", house.now()) };
        let wonder = house.store.write_note(&ann, id, &wonder, house.now()).await.expect("is kept");
        let first = attach(house, &ann, wonder, "one").await;
        house.clock.advance(1.minute());
        let second = attach(house, &ann, wonder, "two").await;
        let read = house.store.note(&ann, wonder).await.expect("is there");
        let media: Vec<_> = read.media.iter().map(|m| (m.id, m.sound(), m.description.as_str())).collect();
        assert_eq!(media, [(first, true, "She hums"), (second, true, "She hums")]);
        let file = house.store.media_file(&ann, second).await.expect("is sent");
        assert_eq!((file.mime.as_str(), file.bytes), ("audio/wav", voice("two").bytes));
        assert!(house.store.media_file(&Actor::Anybody, second).await.is_err());
        let read = house.store.note(&ann, note).await.expect("is there");
        assert_eq!(read.media.iter().map(|m| m.description.as_str()).collect::<Vec<_>>(), ["the door"]);
        assert_eq!((files(house, "media").len(), files(house, "uploads").len()), (3, 0));
        assert_eq!(house.count("media_trash", "1 = 1").await, 0);
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn what_was_acknowledged_is_there_after_a_crash_and_what_was_not_is_cut_off() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let safe = voice("a long morning in the stairwell");
        let begin = begin(note, &safe.bytes);
        house.store.begin_upload(&ann, &begin, house.now()).await.expect("begins");
        piece(house, &ann, begin.id, 0, &safe.bytes[..20]).await.expect("is taken");
        // The server wrote half of the next piece and stopped.
        let waiting = files(house, "uploads").remove(0);
        let mut half = std::fs::read(&waiting).expect("is there");
        half.extend_from_slice(b"half a piece");
        std::fs::write(&waiting, &half).expect("is written");
        let again = Store::open_with(&house.url(), Places::in_folder(house.folder())).await.expect("starts again");
        assert_eq!(again.upload(&ann, begin.id).await.expect("is there").progress.received, 20);
        let rest = safe.bytes[20..].to_vec();
        again.upload_piece(&ann, begin.id, 20, rest, house.now()).await.expect("goes on");
        // All pieces are there and the server stops before it is attached: it is attached when asked next.
        again.close().await;
        let upload = house.store.upload(&ann, begin.id).await.expect("is there");
        assert!(upload.progress.whole() && !upload.kept);
        let whole = house.store.upload_whole(&ann, begin.id).await.expect("is what was sent");
        assert_eq!(whole.bytes, safe.bytes);
        house.store.finish_upload(&ann, whole, safe, house.now()).await.expect("is attached");
        assert!(house.store.upload(&ann, begin.id).await.expect("is there").kept);
        assert!(files(house, "uploads").is_empty());
    });
}

#[test]
fn a_folder_that_lost_its_pieces_is_filled_again() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let begin = begin(note, b"0123456789");
        house.store.begin_upload(&ann, &begin, house.now()).await.expect("begins");
        piece(house, &ann, begin.id, 0, b"01234").await.expect("is taken");
        std::fs::remove_file(files(house, "uploads").remove(0)).expect("is lost");
        assert_eq!(house.store.upload(&ann, begin.id).await.expect("is there").progress.received, 0);
        let late = piece(house, &ann, begin.id, 5, b"56789").await;
        assert!(matches!(late, Err(StoreError::Upload(UploadProblem::NotAtOffset))), "{late:?}");
        piece(house, &ann, begin.id, 0, b"0123456789").await.expect("is taken");
        assert_eq!(house.store.upload_whole(&ann, begin.id).await.expect("is whole").bytes, b"0123456789");
    });
}

#[test]
fn two_who_finish_the_same_file_at_once_attach_it_once() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let safe = voice("twice");
        let begin = begin(note, &safe.bytes);
        house.store.begin_upload(&ann, &begin, house.now()).await.expect("begins");
        piece(house, &ann, begin.id, 0, &safe.bytes).await.expect("is taken");
        let one = house.store.upload_whole(&ann, begin.id).await.expect("is whole");
        let other = house.store.upload_whole(&ann, begin.id).await;
        assert!(matches!(other, Err(StoreError::Vault(_))), "one at a time: {other:?}");
        house.store.finish_upload(&ann, one, safe, house.now()).await.expect("is attached");
        let late = house.store.upload_whole(&ann, begin.id).await;
        assert!(matches!(late, Err(StoreError::Upload(UploadProblem::Kept))), "{late:?}");
        assert_eq!((house.count("media", "1 = 1").await, files(house, "media").len()), (1, 1));
        assert!(files(house, "uploads").is_empty(), "asking late leaves nothing");
    });
}

#[test]
fn a_file_whose_row_never_came_is_found_and_removed() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        attach(house, &ann, note, "stays").await;
        // As a server leaves it that stops between the file and its row: the line was written first.
        let lost = MediaId::new();
        let due = (house.now() + 1.hour()).as_microsecond();
        let id = if house.file().is_some() { format!("x'{}'", lost.0.simple()) } else { format!("'{lost}'") };
        house.tamper(&format!("INSERT INTO media_trash (id, what, due_at) VALUES ({id}, 'file', {due})")).await;
        std::fs::write(house.folder().join("media").join(lost.to_string()), b"lost").expect("is written");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0], "it is known");
        assert_eq!(house.store.empty_trash(house.now()).await.expect("looks"), 0, "its row may still come");
        house.clock.advance(61.minutes());
        assert_eq!(house.store.empty_trash(house.now()).await.expect("deletes"), 1);
        assert_eq!(files(house, "media").len(), 1);
        // One that nobody knows is named, and left to whoever put it there.
        let strange = MediaId::new();
        std::fs::write(house.folder().join("media").join(strange.to_string()), b"strange").expect("is written");
        let problems = house.store.check().await.expect("looks").problems;
        assert_eq!(problems, [format!("a file belongs to no note: {strange}")]);
    });
}

#[test]
fn missing_and_damaged_files_are_named() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let (gone, changed) = (attach(house, &ann, note, "gone").await, attach(house, &ann, note, "changed").await);
        let at = |id: MediaId| house.folder().join("media").join(id.to_string());
        std::fs::remove_file(at(gone)).expect("is removed");
        std::fs::write(at(changed), voice("CHANGED").bytes).expect("is written");
        let mut problems = house.store.check().await.expect("looks").problems;
        problems.sort();
        let damaged = format!("the file of {changed} is damaged, or not of its type");
        let mut expected = [format!("the file of {gone} is missing"), damaged];
        expected.sort();
        assert_eq!(problems, expected);
        let sent = house.store.media_file(&ann, gone).await;
        assert!(matches!(sent, Err(StoreError::FileMissing(id)) if id == gone), "{sent:?}");
    });
}

#[test]
fn nothing_of_a_file_remains_when_it_is_taken_back_and_what_fails_is_tried_again() {
    both(async |house| {
        let (ann, id, note, resident) = out(house).await;
        let kept = attach(house, &ann, note, "humming of the third floor").await;
        let arriving = begin(note, b"half of the humming of the fourth floor");
        house.store.begin_upload(&ann, &arriving, house.now()).await.expect("begins");
        piece(house, &ann, arriving.id, 0, b"half of the humming of the four").await.expect("is taken");
        assert!(house.on_disk("humming of the third").await && house.on_disk("humming of the four").await);
        // A folder in its place cannot be deleted like a file: as when the store of files does not answer.
        let at = house.folder().join("media").join(kept.to_string());
        std::fs::remove_file(&at).and_then(|()| std::fs::create_dir(&at)).expect("is in the way");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back all the same");
        assert_eq!(house.count("media", "1 = 1").await, 0);
        assert!(house.store.empty_trash(house.now()).await.is_err());
        std::fs::remove_dir(&at).and_then(|()| std::fs::write(&at, "humming of the third floor")).expect("is back");
        assert!(house.store.empty_trash(house.now()).await.expect("deletes") >= 1);
        assert!(!house.on_disk("humming of the").await);
        assert_eq!((files(house, "media").len(), files(house, "uploads").len()), (0, 0));
        // The telephone is told.
        for late in [
            piece(house, &ann, arriving.id, 31, b"th floor").await.map(drop),
            house.store.upload(&ann, arriving.id).await.map(drop),
            house.store.begin_upload(&ann, &arriving, house.now()).await.map(drop),
            house.store.begin_upload(&ann, &begin(note, b"another"), house.now()).await.map(drop),
        ] {
            assert!(matches!(late, Err(StoreError::Upload(UploadProblem::TakenBack))), "{late:?}");
        }
        assert!(files(house, "uploads").is_empty());
        // Words that were taken back do not return as what is on a picture.
        let wonder = Draft { kind: NoteKind::Wonder, ..draft("Why?", house.now()) };
        let wonder = house.store.write_note(&ann, id, &wonder, house.now()).await.expect("is kept");
        let words = prose("The lift never comes before nine in the morning.");
        let quoting = Begin { description: words, ..begin(wonder, b"a voice") };
        let refused = house.store.begin_upload(&ann, &quoting, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "words-withdrawn", .. })), "{refused:?}");
    });
}

#[test]
fn what_is_taken_back_between_the_last_piece_and_its_note_is_not_attached() {
    both(async |house| {
        let (ann, _, note, resident) = out(house).await;
        let safe = voice("too late");
        let begin = begin(note, &safe.bytes);
        house.store.begin_upload(&ann, &begin, house.now()).await.expect("begins");
        piece(house, &ann, begin.id, 0, &safe.bytes).await.expect("is taken");
        let whole = house.store.upload_whole(&ann, begin.id).await.expect("is whole");
        house.store.withdraw(&resident, Some(note), house.now()).await.expect("is taken back");
        let late = house.store.finish_upload(&ann, whole, safe, house.now()).await;
        assert!(matches!(late, Err(StoreError::Upload(UploadProblem::TakenBack))), "{late:?}");
        assert_eq!((files(house, "media").len(), files(house, "uploads").len()), (0, 0));
        assert!(!house.on_disk("too late").await);
    });
}

#[test]
fn a_voice_needs_what_a_quote_needs_and_a_picture_what_it_always_did() {
    both(async |house| {
        let (ann, id, ..) = out(house).await;
        let (plain, _) = house.consent(&ann, id, uses("use")).await;
        let on_plain = Draft { consent: Some(plain), ..draft("The stairs are steep", house.now()) };
        let on_plain = house.store.write_note(&ann, id, &on_plain, house.now()).await.expect("is kept");
        let bare = house.store.write_note(&ann, id, &draft("A gull", house.now()), house.now()).await.expect("is kept");
        for note in [on_plain, bare] {
            let refused = house.store.begin_upload(&ann, &begin(note, b"voice"), house.now()).await;
            assert!(matches!(refused, Err(StoreError::Note(NoteProblem::SoundWithoutConsent))), "{refused:?}");
        }
        let picture = |note| Begin { mime: "image/jpeg".to_owned(), ..begin(note, b"picture") };
        let refused = house.store.begin_upload(&ann, &picture(on_plain), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Note(NoteProblem::PictureWithoutConsent))), "{refused:?}");
        house.store.begin_upload(&ann, &picture(bare), house.now()).await.expect("pictures are welcome there");
        let edit = |kind| freerange_store::note::Edit {
            kind,
            seen: prose("What is it?"),
            meaning: String::new(),
            place: None,
            consent: None,
            follows: Vec::new(),
        };
        house.store.edit_note(&ann, bare, &edit(NoteKind::Wonder), house.now()).await.expect("is hers");
        attach(house, &ann, bare, "mine").await;
        let refused = house.store.edit_note(&ann, bare, &edit(NoteKind::Saw), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Note(NoteProblem::SoundWithoutConsent))), "{refused:?}");
    });
}

#[test]
fn nobody_fills_the_disk_with_what_they_do_not_finish_and_it_is_forgotten_after_a_week() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let mut first = None;
        for n in 0..MOST_UPLOADS {
            let begin = begin(note, format!("file {n}").as_bytes());
            house.store.begin_upload(&ann, &begin, house.now()).await.expect("begins");
            first.get_or_insert(begin);
        }
        let first = first.expect("one was begun");
        let over = house.store.begin_upload(&ann, &begin(note, b"one more"), house.now()).await;
        assert!(matches!(over, Err(StoreError::Upload(UploadProblem::TooMany))), "{over:?}");
        house.store.begin_upload(&ann, &first, house.now()).await.expect("going on is not beginning");
        house.clock.advance((6 * 24).hours());
        piece(house, &ann, first.id, 0, b"fil").await.expect("is taken");
        house.clock.advance(25.hours());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(house.count("upload", "1 = 1").await, 1, "the one that went on a day ago stays");
        house.clock.advance((7 * 24).hours());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!((house.count("upload", "1 = 1").await, files(house, "uploads").len()), (0, 0));
        let large = Begin { length: 300 * 1024 * 1024, ..begin(note, b"large") };
        let over = house.store.begin_upload(&ann, &large, house.now()).await;
        assert!(matches!(over, Err(StoreError::Upload(UploadProblem::TooMany))), "{over:?}");
    });
}

async fn backup(store: &Store, house: &House) -> Vec<u8> {
    let mut file = Vec::new();
    let copied = store.backup(&mut file, house.now()).await.expect("is written");
    assert!(copied.missing.is_empty());
    file
}

/// An empty house beside this one, on `SQLite`.
async fn beside() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_file(&folder.path().join("other.db")).await.expect("opens");
    (store, folder)
}

#[test]
fn a_backup_brings_files_back_and_what_was_withdrawn_after_it_stays_forgotten() {
    both(async |house| {
        let (ann, id, note, resident) = out(house).await;
        let taken = attach(house, &ann, note, "humming of the third floor").await;
        let wonder = Draft { kind: NoteKind::Wonder, ..draft("Who hums?", house.now()) };
        let wonder = house.store.write_note(&ann, id, &wonder, house.now()).await.expect("is kept");
        let stays = attach(house, &ann, wonder, "my own").await;
        let made = backup(&house.store, house).await;
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let list = house.store.withdrawals(house.now()).await.expect("lists").text().expect("is text");
        assert!(!list.contains("lift"), "ids and hashes only: {list}");
        let list = Withdrawals::parse(list.as_bytes()).expect("is read");
        let restore = async |store: &Store, forget| {
            store.restore(&mut BufReader::new(Cursor::new(&made)), forget, house.now()).await.expect("is restored")
        };
        let (plain, _folder) = beside().await;
        restore(&plain, None).await;
        assert_eq!(
            plain.media_file(&Actor::Program, taken).await.expect("is back").bytes,
            voice("humming of the third floor").bytes
        );
        assert_eq!(backup(&plain, house).await, made, "not a byte is different");
        plain.close().await;
        let (other, folder) = beside().await;
        restore(&other, Some(&list)).await;
        assert!(matches!(other.media_file(&Actor::Program, taken).await, Err(StoreError::NotFound)));
        assert_eq!(other.media_file(&Actor::Program, stays).await.expect("is back").bytes, voice("my own").bytes);
        assert!(matches!(other.note(&Actor::Program, note).await, Err(StoreError::NotFound)));
        assert_eq!(other.check().await.expect("looks").problems, [""; 0]);
        let told = other.told_back(&resident).await.expect("the code still tells");
        assert!(told.withdrawn_at.is_some() && told.notes.is_empty());
        other.close().await;
        let mut left = Vec::new();
        for folder in [folder.path().to_owned(), folder.path().join("media")] {
            for file in std::fs::read_dir(folder).expect("is there").flatten().filter(|e| e.path().is_file()) {
                left.extend(std::fs::read(file.path()).expect("is read"));
            }
        }
        for gone in ["humming of the third", "The lift never comes"] {
            assert!(!left.windows(gone.len()).any(|w| w == gone.as_bytes()), "{gone}");
        }
        assert!(Withdrawals::parse(b"{}").is_err());
    });
}

#[test]
fn a_backup_that_does_not_fit_leaves_no_file_behind() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        attach(house, &ann, note, "one").await;
        attach(house, &ann, note, "two").await;
        let text = String::from_utf8(backup(&house.store, house).await).expect("text");
        // The last file is another one than its note had.
        let two = sum(&voice("two").bytes);
        assert!(text.contains(&two));
        let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let changed = text.replace(&hex(&voice("two").bytes), &hex(&voice("TWO").bytes));
        let (other, folder) = beside().await;
        for broken in [changed.as_str(), &text[..text.len() - 9]] {
            let refused = other.restore(&mut broken.as_bytes(), None, house.now()).await;
            assert!(matches!(refused, Err(StoreError::BadBackup(_))), "{refused:?}");
            assert!(other.is_empty().await.expect("looks"));
            let media = std::fs::read_dir(folder.path().join("media")).map(Iterator::count).unwrap_or_default();
            assert_eq!(media, 0);
        }
        other.close().await;
    });
}

/// The same backup as programs wrote it that kept files in the database.
fn with_files_in_their_rows(made: &str) -> String {
    let (mut old, mut files, mut table) = (Vec::new(), Vec::new(), String::new());
    for line in made.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if let Some(name) = value.get("table").and_then(serde_json::Value::as_str) {
            name.clone_into(&mut table);
        }
        if table == "media_file" {
            files.extend(value.as_array().map(|row| (row[0].clone(), row[1].clone())));
        }
    }
    table.clear();
    for line in made.lines() {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if let Some(name) = value.get("table").and_then(serde_json::Value::as_str) {
            name.clone_into(&mut table);
        }
        if table == "media_file" || value.get("end").is_some() {
            continue;
        }
        if let Some(format) = value.get_mut("format") {
            *format = 1.into();
        }
        if let Some(schema) = value.get_mut("schema") {
            *schema = 6.into();
        }
        if table == "media" {
            // id note_id mime width height description size sha256 duration_ms created_at
            let row = if value.is_array() { Some(&mut value) } else { value.get_mut("columns") };
            let row = row.and_then(serde_json::Value::as_array_mut).expect("a row or names");
            let id = row[0].clone();
            row.drain(6..9);
            let bytes = files.iter().find(|(file, _)| *file == id).map_or("bytes".into(), |(_, bytes)| bytes.clone());
            row.insert(6, bytes);
        }
        old.push(value.to_string());
    }
    let rows = old.iter().filter(|line| line.starts_with('[')).count();
    let text = old.join("\n") + "\n";
    let end = serde_json::json!({ "end": { "rows": rows, "sha256": sum(text.as_bytes()) } });
    format!("{text}{end}\n")
}

#[test]
fn a_backup_of_a_program_that_kept_files_in_the_database_brings_them_back_too() {
    both(async |house| {
        let (ann, _, note, _) = out(house).await;
        let id = attach(house, &ann, note, "of old").await;
        let made = String::from_utf8(backup(&house.store, house).await).expect("text");
        let old = with_files_in_their_rows(&made);
        assert!(old.contains("\"bytes\",\"created_at\"") && !old.contains("media_file"));
        let (other, _folder) = beside().await;
        other.restore(&mut old.as_bytes(), None, house.now()).await.expect("is restored");
        assert_eq!(other.media_file(&Actor::Program, id).await.expect("is back").bytes, voice("of old").bytes);
        assert_eq!(other.check().await.expect("looks").problems, [""; 0]);
        other.close().await;
    });
}

/// A note with a picture, as the first program kept it. The bytes are those of an id, which both databases take.
const OF_OLD: &[&str] = &[
    "INSERT INTO team (id, path, name) VALUES (#1, 'Old', 'Old')",
    "INSERT INTO person (id, staff_no, name, email, team_id, grade, languages, working_pattern, active, created_at, updated_at)
     VALUES (#2, 'S-old', 'Old Hand', 'old@city.example', #1, '9', 'nl', '', TRUE, 1, 1)",
    "INSERT INTO outing (id, kind, title, description, organiser_id, meeting_point, host_name, host_wants, host_gets, safety_plan,
        access_notes, step_free, language, starts_at, ends_at, seats, photos, notes_allowed, publicity, status, created_at)
     VALUES (#3, 'free-range-day', 'A walk', 'A walk', #2, '', '', '', '', '', '', FALSE, 'nl', 1, 2, 1, 'ask', TRUE, 'none', 'open', 1)",
    "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, out_at, created_at, updated_at)
     VALUES (#4, #3, #2, 'out', 3, 4, '{}', '[]', 'at the ferry', 1, 1, 1)",
    "INSERT INTO note (id, placement_id, outing_id, author_id, kind, seen, meaning, happened_at, created_at)
     VALUES (#6, #4, #3, #2, 'saw', 'A gull on the bench', '', 1, 1)",
    "INSERT INTO media (id, note_id, mime, width, height, description, bytes, created_at)
     VALUES (#7, #6, 'image/jpeg', 1, 1, 'a gull', #8, 1)",
];

#[test]
fn a_picture_that_an_older_program_kept_in_the_database_moves_out_of_it_at_the_first_start() {
    both_grown(2, OF_OLD, async |house| {
        assert_eq!(house.count("media_moving", "1 = 1").await, 0);
        let id = MediaId(uuid::Uuid::from_u128(7));
        let file = house.store.media_file(&Actor::Program, id).await.expect("is there");
        assert!(file.bytes.ends_with(&[8]) || file.bytes.ends_with(b"8"), "{:?}", file.bytes);
        assert_eq!(file.sha256, sum(&file.bytes));
        assert_eq!(files(house, "media").len(), 1);
    });
}
