//! Writes the same notes in all formats into a folder, for `scripts/check-qdpx`: one project of texts, one with a picture and a
//! sound as well, one without notes.

use std::{fs, io, path::Path};

use freerange_export::{Collection, Kind, Media, Note, Rests, Words, csv, json, markdown, qdpx};
use uuid::Uuid;

fn words() -> Words {
    let owned = |words: [&str; 3]| words.map(str::to_owned);
    Words {
        kinds: owned(["I saw", "They said", "I wonder"]),
        kind: "Kind".to_owned(),
        challenge: "Challenge".to_owned(),
        place: "Where".to_owned(),
        outing: "Outing".to_owned(),
        author: "Noted by".to_owned(),
        meaning: "What I make of it".to_owned(),
        consent: "Consent".to_owned(),
        rests: owned(["rests on nobody", "not to be quoted", "may be quoted"]),
        duty: "Delete what is listed here:".to_owned(),
    }
}

fn note(number: u128, kind: Kind, seen: &str, meaning: &str, place: Option<&str>, rests: Rests) -> Note {
    Note {
        id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + number),
        kind,
        seen: seen.to_owned(),
        meaning: meaning.to_owned(),
        place: place.map(str::to_owned),
        outing: "Morning at the mill".to_owned(),
        author: format!("walker {}", number % 2),
        day: format!("2026-11-{:02}", number + 1),
        rests,
        media: Vec::new(),
    }
}

fn notes() -> Vec<Note> {
    let (use_it, quote, nobody) = (Rests::NotToBeQuoted, Rests::MayBeQuoted, Rests::OnNobody);
    vec![
        note(
            1,
            Kind::Said,
            "I stop at page four of the form, because it asks for my old landlord.",
            "Who needs it & why?",
            Some("Mill dyke"),
            quote,
        ),
        note(
            2,
            Kind::Saw,
            "The queue at the desk was <longer> than the street is wide.\r\nNobody sat down.",
            "",
            Some("Old town"),
            nobody,
        ),
        note(
            3,
            Kind::Wonder,
            "Why does the night bus end before the night shift ends, at half past five?",
            "Ask transport.",
            None,
            nobody,
        ),
        note(
            4,
            Kind::Saw,
            "=2+2 stood on the wall of the repair shop, and everybody knew the answer.",
            "",
            Some("Mill dyke"),
            use_it,
        ),
        note(
            5,
            Kind::Saw,
            "승강기가 고장 난 지 석 달째라는 안내문이 붙어 있었다. Ascensor averiado – ¿desde cuándo?",
            "Zesde verdieping",
            Some("Mill dyke"),
            nobody,
        ),
    ]
}

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("name a folder"))?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let mut all = Collection {
        id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_00ff_ffff),
        title: "Why do people stop at page four?".to_owned(),
        question: "What do we not know about the \"rent form\"?".to_owned(),
        made_at: "2026-11-29T06:00:00Z".to_owned(),
        withdrawals: "https://city.example/challenges/1/withdrawals".to_owned(),
        notes: notes(),
    };
    fs::write(folder.join("notes.csv"), csv(&all))?;
    fs::write(folder.join("notes.json"), json(&all, &words().duty))?;
    fs::write(folder.join("notes.md"), markdown(&all, &words()))?;
    fs::write(folder.join("notes.qdpx"), qdpx(&all, &words())?)?;
    let media = |number, mime: &str, bytes: &[u8]| Media {
        id: Uuid::from_u128(number),
        mime: mime.to_owned(),
        description: "The lift, with a sign".to_owned(),
        bytes: Some(bytes.to_vec()),
    };
    all.notes[4].media = vec![media(77, "image/png", b"\x89PNG\r\n"), media(78, "audio/ogg", b"OggS")];
    fs::write(folder.join("media.qdpx"), qdpx(&all, &words())?)?;
    all.notes.clear();
    fs::write(folder.join("none.qdpx"), qdpx(&all, &words())?)
}
