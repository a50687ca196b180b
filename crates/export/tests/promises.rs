//! What holders of a copy rely on.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use freerange_export::{Collection, Kind, Media, Note, Rests, Words, csv, json, markdown, qdpx};
use proptest::prelude::*;
use uuid::Uuid;

fn words() -> Words {
    let owned = |words: [&str; 3]| words.map(str::to_owned);
    Words {
        kinds: owned(["Ik zag", "Zij zeiden", "Ik vraag me af"]),
        kind: "Soort".to_owned(),
        challenge: "Vraagstuk".to_owned(),
        place: "Waar".to_owned(),
        outing: "Uitstap".to_owned(),
        author: "Door".to_owned(),
        meaning: "Wat ik ervan vind".to_owned(),
        consent: "Toestemming".to_owned(),
        rests: owned(["van niemand", "niet citeren", "mag geciteerd"]),
        duty: "Wis wat hier staat:".to_owned(),
    }
}

fn note(number: u128, seen: &str, meaning: &str) -> Note {
    Note {
        id: Uuid::from_u128(number),
        kind: Kind::Saw,
        seen: seen.to_owned(),
        meaning: meaning.to_owned(),
        place: Some("Mill dyke".to_owned()),
        outing: "Morning".to_owned(),
        author: "walker a".to_owned(),
        day: "2026-11-02".to_owned(),
        rests: Rests::NotToBeQuoted,
        media: Vec::new(),
    }
}

fn all(notes: Vec<Note>) -> Collection {
    Collection {
        id: Uuid::from_u128(7),
        title: "Why?".to_owned(),
        question: "What?".to_owned(),
        made_at: "2026-11-29T06:00:00Z".to_owned(),
        withdrawals: "https://city.example/challenges/7/withdrawals".to_owned(),
        notes,
    }
}

/// The files of an archive as its local headers tell of them, without our writer.
fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, size: usize| {
        archive[at..at + size].iter().rev().fold(0_usize, |n, byte| n * 256 + usize::from(*byte))
    };
    let (mut at, mut files) = (0, Vec::new());
    while archive[at..].starts_with(b"PK\x03\x04") {
        let (packed, size, name) = (number(at + 18, 4), number(at + 22, 4), number(at + 26, 2));
        let begins = at + 30 + name;
        let mut content = Vec::new();
        DeflateDecoder::new(&archive[begins..begins + packed]).read_to_end(&mut content).expect("is deflated");
        assert_eq!(content.len(), size);
        files.push((String::from_utf8(archive[at + 30..begins].to_vec()).expect("UTF-8"), content));
        at = begins + packed;
    }
    files
}

#[test]
fn every_form_says_where_withdrawals_are_listed_and_that_words_are_not_to_be_quoted() {
    let all = all(vec![note(1, "The lift stood still", "")]);
    let project = unpacked(&qdpx(&all, &words()).expect("fits"));
    for made in [csv(&all), json(&all, "Delete:"), markdown(&all, &words()), project[0].1.clone()] {
        let text = String::from_utf8(made).expect("UTF-8");
        assert!(text.contains(&all.withdrawals), "{text}");
        assert!(text.contains("not-to-be-quoted") || text.contains("niet citeren"), "{text}");
    }
}

#[test]
fn the_same_notes_make_the_same_bytes_and_a_picture_goes_along_only_when_given() {
    let picture = |bytes| Media {
        id: Uuid::from_u128(9),
        mime: "image/webp".to_owned(),
        description: "A lift".to_owned(),
        bytes,
    };
    let with = |bytes| all(vec![Note { media: vec![picture(bytes)], ..note(1, "The lift", "Again?") }]);
    let (there, left_out) = (with(Some(vec![1, 2, 3])), with(None));
    assert_eq!(qdpx(&there, &words()).expect("fits"), qdpx(&there, &words()).expect("fits"));
    let names =
        |c: &Collection| unpacked(&qdpx(c, &words()).expect("fits")).into_iter().map(|f| f.0).collect::<Vec<_>>();
    let text = format!("sources/{}.txt", Uuid::from_u128(1));
    let file = format!("sources/{}.webp", Uuid::from_u128(9));
    assert_eq!(names(&there), ["project.qde", &text, &file]);
    assert_eq!(names(&left_out), ["project.qde", &text]);
    let told = String::from_utf8(csv(&left_out)).expect("UTF-8");
    assert!(told.contains(&Uuid::from_u128(9).to_string()), "that there is one is told");
}

proptest! {
    #[test]
    fn what_was_noted_can_be_read_back(seen in "\\PC{1,60}", meaning in "[a-z\n\r,\";=<&]{0,30}") {
        let all = all(vec![note(1, &seen, &meaning), note(2, "Another", "")]);
        let table = csv(&all);
        let rows: Vec<::csv::StringRecord> = ::csv::Reader::from_reader(&table[..]).records().map(|r| r.expect("a row")).collect();
        prop_assert_eq!(rows.len(), 2);
        prop_assert_eq!(rows[0][2].trim_start_matches('\''), seen.trim_start_matches('\''));
        prop_assert_eq!(rows[0][3].trim_start_matches('\''), &meaning);
        let read: serde_json::Value = serde_json::from_slice(&json(&all, "")).expect("JSON");
        prop_assert_eq!(&read["challenge"]["notes"][0]["seen"], &seen);
        prop_assert_eq!(&read["challenge"]["notes"][0]["meaning"], &meaning);
        let files = unpacked(&qdpx(&all, &words()).expect("fits"));
        let told = String::from_utf8(files[1].1.clone()).expect("UTF-8");
        prop_assert_eq!(&told, &seen);
        let end = format!("startPosition=\"0\" endPosition=\"{}\"", seen.chars().count());
        prop_assert!(String::from_utf8_lossy(&files[0].1).contains(&end));
    }
}
