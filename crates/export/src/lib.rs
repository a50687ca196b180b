//! Notes on the way out, in open formats: CSV, JSON, Markdown, and a project that programs for qualitative analysis open
//! (REFI-QDA 1.0). Plain structs in, bytes out, always the same for the same notes. It knows no database and nothing of the
//! rest of the house: who may take what along is decided before.

mod guid;
mod json;
mod markdown;
mod qdpx;
mod table;
mod xml;
mod zip;

use serde::Serialize;
use uuid::Uuid;

pub use json::json;
pub use markdown::markdown;
pub use qdpx::qdpx;
pub use table::{csv, rows, safe};

/// The notes of one challenge.
#[derive(Debug, Clone, Serialize)]
pub struct Collection {
    /// The challenge. Ids of codes and codings are made from it, so that two exports of it fit together.
    pub id: Uuid,
    /// Its question in a few words.
    pub title: String,
    /// The whole question.
    pub question: String,
    /// When this copy was made: RFC 3339, UTC.
    pub made_at: String,
    /// Where it says which notes were taken back since. Whoever holds a copy deletes those.
    pub withdrawals: String,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
}

/// A note.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// Its id, by which withdrawals name it.
    pub id: Uuid,
    /// What kind.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it. May be empty.
    pub meaning: String,
    /// The neighbourhood.
    pub place: Option<String>,
    /// The outing, in a few words.
    pub outing: String,
    /// Who wrote it: a name that stands for somebody, the same in all notes and copies of this challenge.
    pub author: String,
    /// The day it happened: `YYYY-MM-DD`.
    pub day: String,
    /// On which words of a resident it rests.
    pub rests: Rests,
    /// Its pictures and sounds.
    pub media: Vec<Media>,
}

/// A picture or sound of a note.
#[derive(Debug, Clone, Serialize)]
pub struct Media {
    /// Its id.
    pub id: Uuid,
    /// Its media type.
    pub mime: String,
    /// What is on it.
    pub description: String,
    /// The file, when it goes along.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
}

impl Media {
    fn sound(&self) -> bool {
        self.mime.starts_with("audio/")
    }

    /// The name of its file inside the project.
    fn file(&self) -> String {
        let end = match self.mime.as_str() {
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/webp" => "webp",
            "audio/mp4" => "m4a",
            "audio/mpeg" => "mp3",
            "audio/ogg" => "ogg",
            "audio/webm" => "webm",
            "audio/wav" => "wav",
            _ => "bin",
        };
        format!("{}.{end}", self.id)
    }
}

/// What kind of note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something observed.
    Saw,
    /// Something somebody said.
    Said,
    /// A question that came up.
    Wonder,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Saw, Self::Said, Self::Wonder];

    /// The word in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Saw => "saw",
            Self::Said => "said",
            Self::Wonder => "wonder",
        }
    }
}

/// On whose consent a note rests, and what that allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rests {
    /// On nobody's: nobody can be recognised in it.
    OnNobody,
    /// On a consent that allows use, without words or name.
    NotToBeQuoted,
    /// On a consent that allows quoting.
    MayBeQuoted,
}

impl Rests {
    /// The word in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnNobody => "on-nobody",
            Self::NotToBeQuoted => "not-to-be-quoted",
            Self::MayBeQuoted => "may-be-quoted",
        }
    }
}

/// Headings and names in the language of whoever reads it. What programs read is in English in every language.
#[derive(Debug, Clone)]
pub struct Words {
    /// Names of the kinds, in the order of [`Kind::ALL`].
    pub kinds: [String; 3],
    /// "Kind"
    pub kind: String,
    /// "Challenge"
    pub challenge: String,
    /// "Where"
    pub place: String,
    /// "Outing"
    pub outing: String,
    /// "Who noted it"
    pub author: String,
    /// "What I make of it"
    pub meaning: String,
    /// "The consent it rests on"
    pub consent: String,
    /// What [`Rests`] says, in its order.
    pub rests: [String; 3],
    /// What whoever holds a copy has to do; the address follows.
    pub duty: String,
}

impl Words {
    fn kind(&self, kind: Kind) -> &str {
        &self.kinds[kind as usize]
    }

    fn rests(&self, rests: Rests) -> &str {
        &self.rests[rests as usize]
    }
}
