//! A project for programs of qualitative analysis: REFI-QDA 1.0, Project.xsd of 18 March 2019 (qdasoftware.org). A ZIP archive
//! with `project.qde` and the files it names under `sources/`.
//!
//! Each note is a source of its own, whole and coded with its kind, its challenge and its place. What the author makes of it is
//! a memo on it: the standard's way to keep it apart from what was seen. Positions count Unicode characters.

use std::{collections::BTreeSet, io};

use uuid::Uuid;

use crate::{Collection, Kind, Media, Note, Words, guid::made_of, xml::Xml, zip::Archive};

const NAMESPACE: &str = "urn:QDA-XML:project:1.0";
const SCHEMA: &str = "urn:QDA-XML:project:1.0 http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd";

/// Line ends as they stand in the source's file, so that positions count the same everywhere.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// What a note is told of beside its codes: name and type, as the standard names types.
const VARIABLES: [(&str, &str); 4] =
    [("day", "Date"), ("outing", "Text"), ("rests", "Text"), ("may_be_quoted", "Boolean")];

struct Project<'a> {
    all: &'a Collection,
    words: &'a Words,
    xml: Xml,
}

/// The notes as a project. Fails only when it would be larger than 4 GB.
pub fn qdpx(all: &Collection, words: &Words) -> io::Result<Vec<u8>> {
    let mut archive = Archive::default();
    archive.add("project.qde", Project { all, words, xml: Xml::new() }.written().as_bytes())?;
    for note in &all.notes {
        archive.add(&format!("sources/{}.txt", note.id), lines(&note.seen).as_bytes())?;
        for media in &note.media {
            if let Some(bytes) = &media.bytes {
                archive.add(&format!("sources/{}", media.file()), bytes)?;
            }
        }
    }
    archive.finish()
}

impl Project<'_> {
    fn id(&self, what: &str, name: &str) -> String {
        made_of(self.all.id, what, name).to_string()
    }

    fn code(&self, what: &str, name: &str) -> String {
        self.id("code", &format!("{what}\n{name}"))
    }

    fn user(&self, name: &str) -> String {
        self.id("user", name)
    }

    fn written(mut self) -> String {
        let owner = self.user("Freerange");
        self.xml.open(
            "Project",
            &[
                ("xmlns", NAMESPACE),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                ("xsi:schemaLocation", SCHEMA),
                ("name", &self.all.title),
                ("origin", concat!("Freerange ", env!("CARGO_PKG_VERSION"))),
                ("creatingUserGUID", &owner),
                ("creationDateTime", &self.all.made_at),
            ],
        );
        self.users(&owner);
        self.code_book();
        self.variables();
        self.sources();
        self.memos();
        self.links();
        let about = format!("{}\n\n{} {}", self.all.question, self.words.duty, self.all.withdrawals);
        self.xml.text("Description", &about);
        self.xml.finish()
    }

    fn users(&mut self, owner: &str) {
        self.xml.open("Users", &[]);
        self.xml.empty("User", &[("guid", owner), ("name", "Freerange")]);
        let authors: BTreeSet<&str> = self.all.notes.iter().map(|n| n.author.as_str()).collect();
        for author in authors {
            let id = self.user(author);
            self.xml.empty("User", &[("guid", &id), ("name", author)]);
        }
        self.xml.close();
    }

    fn group(&mut self, what: &str, name: &str, codes: &[(&str, &str)]) {
        let id = self.id("group", what);
        self.xml.open("Code", &[("guid", &id), ("name", name), ("isCodable", "false")]);
        for (key, name) in codes {
            let id = self.code(what, key);
            self.xml.empty("Code", &[("guid", &id), ("name", name), ("isCodable", "true")]);
        }
        self.xml.close();
    }

    fn code_book(&mut self) {
        let (all, words) = (self.all, self.words);
        self.xml.open("CodeBook", &[]);
        self.xml.open("Codes", &[]);
        self.group("kind", &words.kind, &Kind::ALL.map(|k| (k.as_str(), words.kind(k))));
        self.group("challenge", &words.challenge, &[("", &all.title)]);
        let places: BTreeSet<&str> = all.notes.iter().filter_map(|n| n.place.as_deref()).collect();
        let places: Vec<(&str, &str)> = places.into_iter().map(|p| (p, p)).collect();
        self.group("place", &words.place, &places);
        self.xml.close();
        self.xml.close();
    }

    fn variables(&mut self) {
        self.xml.open("Variables", &[]);
        for (name, holds) in VARIABLES {
            let id = self.id("variable", name);
            self.xml.empty("Variable", &[("guid", &id), ("name", name), ("typeOfVariable", holds)]);
        }
        self.xml.close();
    }

    fn coding(&mut self, on: Uuid, note: &Note) {
        let by = self.user(&note.author);
        let mut codes = vec![self.code("kind", note.kind.as_str()), self.code("challenge", "")];
        codes.extend(note.place.as_deref().map(|place| self.code("place", place)));
        for code in codes {
            let id = self.id("coding", &format!("{on}\n{code}"));
            self.xml.open("Coding", &[("guid", &id), ("creatingUser", &by)]);
            self.xml.empty("CodeRef", &[("targetGUID", &code)]);
            self.xml.close();
        }
    }

    fn values(&mut self, note: &Note) {
        let quote = if note.rests == crate::Rests::MayBeQuoted { "true" } else { "false" };
        let values = [
            ("day", "DateValue", note.day.as_str()),
            ("outing", "TextValue", &note.outing),
            ("rests", "TextValue", note.rests.as_str()),
            ("may_be_quoted", "BooleanValue", quote),
        ];
        for (name, element, value) in values {
            let id = self.id("variable", name);
            self.xml.open("VariableValue", &[]);
            self.xml.empty("VariableRef", &[("targetGUID", &id)]);
            self.xml.text(element, value);
            self.xml.close();
        }
    }

    fn sources(&mut self) {
        if self.all.notes.is_empty() {
            return;
        }
        self.xml.open("Sources", &[]);
        for note in &self.all.notes {
            self.source(note);
            for media in note.media.iter().filter(|m| m.bytes.is_some()) {
                self.media(note, media);
            }
        }
        self.xml.close();
    }

    /// A name that is one of a kind and can be a file's.
    fn name(note: &Note) -> String {
        let id = note.id.simple().to_string();
        format!("{} {} {}", note.day, note.kind.as_str(), &id[20..])
    }

    fn source(&mut self, note: &Note) {
        let (id, by) = (note.id.to_string(), self.user(&note.author));
        let path = format!("internal://{id}.txt");
        let name = Self::name(note);
        let at = format!("{}T00:00:00Z", note.day);
        self.xml.open(
            "TextSource",
            &[
                ("guid", &id),
                ("name", &name),
                ("plainTextPath", &path),
                ("creatingUser", &by),
                ("creationDateTime", &at),
            ],
        );
        self.xml.text("Description", self.words.rests(note.rests));
        let whole = self.id("selection", &id);
        let end = lines(&note.seen).chars().count().to_string();
        self.xml.open(
            "PlainTextSelection",
            &[("guid", &whole), ("name", &name), ("startPosition", "0"), ("endPosition", &end), ("creatingUser", &by)],
        );
        self.coding(note.id, note);
        self.xml.close();
        if !note.meaning.is_empty() {
            let memo = self.id("memo", &id);
            self.xml.empty("NoteRef", &[("targetGUID", &memo)]);
        }
        self.values(note);
        self.xml.close();
    }

    fn media(&mut self, note: &Note, media: &Media) {
        let (id, by) = (media.id.to_string(), self.user(&note.author));
        let path = format!("internal://{}", media.file());
        let element = if media.sound() { "AudioSource" } else { "PictureSource" };
        self.xml.open(element, &[("guid", &id), ("name", &media.file()), ("path", &path), ("creatingUser", &by)]);
        self.xml.text("Description", &media.description);
        self.coding(media.id, note);
        self.values(note);
        self.xml.close();
    }

    fn memos(&mut self) {
        if self.all.notes.iter().all(|n| n.meaning.is_empty()) {
            return;
        }
        self.xml.open("Notes", &[]);
        for note in self.all.notes.iter().filter(|n| !n.meaning.is_empty()) {
            let (id, by) = (self.id("memo", &note.id.to_string()), self.user(&note.author));
            let name = format!("{}: {}", self.words.meaning, Self::name(note));
            self.xml.open("Note", &[("guid", &id), ("name", &name), ("creatingUser", &by)]);
            self.xml.text("PlainTextContent", &lines(&note.meaning));
            self.xml.close();
        }
        self.xml.close();
    }

    /// Which picture or sound belongs to which note.
    fn links(&mut self) {
        let pairs =
            self.all.notes.iter().flat_map(|n| n.media.iter().filter(|m| m.bytes.is_some()).map(move |m| (n.id, m.id)));
        let pairs: Vec<(Uuid, Uuid)> = pairs.collect();
        if pairs.is_empty() {
            return;
        }
        self.xml.open("Links", &[]);
        for (note, media) in pairs {
            let id = self.id("link", &media.to_string());
            let (note, media) = (note.to_string(), media.to_string());
            let ends = [("direction", "OneWay"), ("originGUID", note.as_str()), ("targetGUID", &media)];
            self.xml.empty("Link", &[&[("guid", id.as_str())][..], &ends].concat());
        }
        self.xml.close();
    }
}
