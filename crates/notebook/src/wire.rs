//! What phone and server say to each other, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /notebook/sync`: what the phone has for the server, and what it has seen.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The protocol the phone speaks; see [`crate::PROTOCOL`].
    pub protocol: u32,
    /// The phone, by the id it made when the notebook was opened first.
    pub device: Uuid,
    /// What its owner would call it, for the list of phones: "Pixel 7, Chrome".
    #[serde(default)]
    pub device_name: String,
    /// Whose notebook this is. A phone on which somebody else signed in meanwhile must not send one person's notes as
    /// another's.
    pub person: Uuid,
    /// The line of the server's data that `since` counts in, as [`Synced::epoch`] said it; none at first.
    #[serde(default)]
    pub epoch: Option<Uuid>,
    /// What the phone's clock says now, in microseconds since 1970: clocks of phones are wrong by days.
    pub clock: i64,
    /// The last number of the feed the phone has stored; 0 at first.
    pub since: i64,
    /// At most [`crate::RECORDS_AT_ONCE`].
    #[serde(default)]
    pub records: Vec<Record>,
}

/// One thing that was captured or changed on the phone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Made on the phone, UUID version 7.
    pub id: Uuid,
    /// When, by the phone's clock, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub what: What,
}

/// What a record says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum What {
    /// A note, or a new version of one. The record's id is the version's.
    Note(NoteVersion),
    /// The author takes a note away.
    NoteGone {
        /// Which.
        note: Uuid,
    },
    /// A resident gave consent.
    Consent(ConsentGiven),
    /// A diary entry, or a new version of one, sealed on the phone. The record's id is the version's.
    Diary(DiaryVersion),
    /// The author takes a diary entry away.
    DiaryGone {
        /// Which.
        entry: Uuid,
    },
    /// Going out: where, with whom, back when.
    Out(GoingOut),
    /// Will be back later than said.
    Later {
        /// Which going out.
        out: Uuid,
        /// The new time, by the phone's clock, in microseconds since 1970.
        due: i64,
    },
    /// Back, and well.
    Back {
        /// Which going out.
        out: Uuid,
    },
}

/// What a note says in one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteVersion {
    /// The note.
    pub note: Uuid,
    /// On which placement it was written.
    pub placement: Uuid,
    /// The versions of the note it was made from: none for the first, one for an edit, several when it brings them together.
    #[serde(default)]
    pub follows: Vec<Uuid>,
    /// `saw`, `said` or `wonder`.
    pub sort: String,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it.
    #[serde(default)]
    pub meaning: String,
    /// The neighbourhood.
    #[serde(default)]
    pub place: Option<Uuid>,
    /// Longitude and latitude in degrees, only when the author marked a point.
    #[serde(default)]
    pub point: Option<(f64, f64)>,
    /// The consent it rests on.
    #[serde(default)]
    pub consent: Option<Uuid>,
    /// When it was seen or heard, in microseconds since 1970: on the way up by the phone's clock, on the way down as the
    /// server corrected it. Only a first version says it: something happened once, and an edit leaves its time alone.
    pub happened: i64,
}

/// What a resident allowed, on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// Made on the phone.
    pub consent: Uuid,
    /// On which placement.
    pub placement: Uuid,
    /// The code on the card, as `K7MW-4QXT-R`.
    pub code: String,
    /// What I say may be used.
    #[serde(default)]
    pub use_it: bool,
    /// My words may be quoted.
    #[serde(default)]
    pub quote: bool,
    /// A picture may be kept.
    #[serde(default)]
    pub picture: bool,
    /// You may contact me again.
    #[serde(default)]
    pub contact: bool,
    /// The language in which it was read out or handed over.
    pub language: String,
    /// Whether it was said that this is an adult. Without it the consent is refused.
    #[serde(default)]
    pub adult: bool,
}

/// A diary entry in one version. Nobody but its writer can open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiaryVersion {
    /// The entry.
    pub entry: Uuid,
    /// The versions it was made from.
    #[serde(default)]
    pub follows: Vec<Uuid>,
    /// Sealed on the phone, in base64.
    pub sealed: String,
}

/// Going out, so that somebody asks when one is not back. No position, ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoingOut {
    /// Made on the phone.
    pub out: Uuid,
    /// On which placement.
    pub placement: Uuid,
    /// The planned area, in words.
    pub area: String,
    /// With whom, in words.
    #[serde(default)]
    pub with: String,
    /// The colleague who is asked first.
    pub buddy: Uuid,
    /// Back when, by the phone's clock, in microseconds since 1970.
    pub due: i64,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// On the server's disk.
    Kept,
    /// It was there already.
    Known,
    /// It rests on something that has not arrived yet. Keep it and send it again.
    Waits,
    /// It cannot be kept, and why. Show it to its owner.
    Refused,
}

/// The answer to one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// Which record.
    pub id: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it waits or was refused, as a word for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The same as a sentence in the reader's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// What the server answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Synced {
    /// The server's clock, in microseconds since 1970.
    pub now: i64,
    /// The line of the server's data. It changes when a backup was restored: what the server had said `kept` before may be
    /// missing and its feed counts differently. A phone that knows another one stores this one, names `since` 0 from then on
    /// and sends everything it still holds once more, each version under the id it has. Ids do not change, so nothing doubles.
    /// Then `cursor` and the things in this answer are those after 0.
    pub epoch: Uuid,
    /// The number of the feed to name next time, once all this is stored.
    pub cursor: i64,
    /// Whether more follows at once.
    pub more: bool,
    /// The phone was locked out: it forgets what it holds and sends nothing more.
    pub locked: bool,
    /// What became of each record, in their order.
    pub answers: Vec<Answered>,
    /// Own notes that changed, as they are now.
    pub notes: Vec<NoteNow>,
    /// Own consents that changed, as they are now.
    pub consents: Vec<ConsentNow>,
    /// Diary entries that changed, as they are now.
    pub diary: Vec<DiaryNow>,
    /// Notes, diary entries and others that are no more: forget them, whatever waits for them included.
    pub gone: Vec<Uuid>,
}

/// A note as it is now: one version when all is plain, several when it was edited in two places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoteNow {
    /// The note.
    pub note: Uuid,
    /// The versions that nothing follows yet, the one that others read first.
    pub heads: Vec<Head>,
    /// What hangs on it.
    pub files: Vec<FileNow>,
}

/// One version that nothing follows yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// The version.
    pub version: Uuid,
    /// What it says.
    pub says: NoteVersion,
}

/// A picture or sound of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileNow {
    /// Which: the id of its upload.
    pub id: Uuid,
    /// Its media type.
    pub mime: String,
    /// What is on it.
    pub text: String,
}

/// A consent as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentNow {
    /// What was recorded.
    pub given: ConsentGiven,
    /// Whether it was taken back: everything that rests on it is to be forgotten.
    pub withdrawn: bool,
}

/// A diary entry as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiaryNow {
    /// The entry.
    pub entry: Uuid,
    /// The versions that nothing follows yet: their ids and what is sealed.
    pub heads: Vec<(Uuid, String)>,
}
