//! `GET /notebook/pack` and `GET /notebook/places`: what the phone takes along, so that it opens, writes and helps without a
//! connection. All of it is what its person may see on their pages anyway, and nothing of it is about where anybody is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What one person takes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pack {
    /// The protocol the server speaks; see [`crate::PROTOCOL`].
    pub protocol: u32,
    /// The line of the server's data; see [`crate::Synced::epoch`].
    pub epoch: Uuid,
    /// The server's clock, in microseconds since 1970. It is the only thing here the `ETag` does not cover.
    pub now: i64,
    /// Whose notebook this is.
    pub person: Uuid,
    /// Their name.
    pub name: String,
    /// The language of their pages: `en`, `ko`, `nl` or `es`.
    pub language: String,
    /// The placements they write on or go out on, the next one first.
    pub outings: Vec<PackedOuting>,
    /// Colleagues who can be asked whether one is back: those of the same team, by name.
    pub colleagues: Vec<Colleague>,
    /// Whom to call, from the setting `FREERANGE_SAFETY_NUMBERS`, in its order.
    pub numbers: Vec<SafetyNumber>,
    /// What stands on the card on which a resident gives consent.
    pub card: ConsentCard,
    /// What a picture or a recording may weigh.
    pub limits: Limits,
}

/// A placement and what its person needs to know out there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackedOuting {
    /// The placement, on which notes, consents and goings out are written.
    pub placement: Uuid,
    /// The outing.
    pub outing: Uuid,
    /// What kind of outing, as a word for programs: `visit`, `walk-along` and so on.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// How far the placement is: `agreed`, `preparing`, `out`, `debriefing`, `embedding` or `closed`.
    pub stage: String,
    /// Whether notes are taken on it now, by the stage alone; what `notes_allowed` says counts too.
    pub may_write: bool,
    /// When it starts, in microseconds since 1970.
    pub starts: i64,
    /// When it ends.
    pub ends: i64,
    /// The neighbourhood.
    pub place: Option<Uuid>,
    /// Its name.
    pub place_name: Option<String>,
    /// Where to meet.
    pub meeting_point: String,
    /// What is planned.
    pub plan: String,
    /// What to do when something goes wrong.
    pub safety_plan: String,
    /// Who else is there: organiser, host, colleagues.
    pub people: Vec<Companion>,
    /// What residents and hosts were told came of it, once they were.
    pub told: Option<String>,
    /// Which pictures may be taken, as a word for programs: `none`, `places` and so on.
    pub photos: String,
    /// Whether the host allows notes at all.
    pub notes_allowed: bool,
    /// When the reflection is, in microseconds since 1970.
    pub reflect_by: Option<i64>,
}

/// Somebody who is there too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Companion {
    /// The name.
    pub name: String,
    /// `organiser`, `host` or `goes`.
    pub role: String,
}

/// A colleague who can be asked whether one is back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Colleague {
    /// Whose id goes into [`crate::GoingOut::buddy`].
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SafetyNumber {
    /// Whose: "Duty desk".
    pub label: String,
    /// As it is dialled: "+31 33 123".
    pub number: String,
}

/// What stands on the card on which a resident gives consent, in the language of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentCard {
    /// On what legal basis something is kept.
    pub basis: String,
    /// What for.
    pub purpose: String,
}

/// What a picture or a recording may weigh, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// A picture.
    pub picture_bytes: u64,
    /// A recording.
    pub sound_bytes: u64,
}

/// One neighbourhood, its boundary drawn coarsely: enough to say on the phone in which one stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PackedPlace {
    /// Which.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The rings of its boundary, holes included, each closed: longitude and latitude in degrees. A point is inside when a
    /// line from it crosses all rings together an odd number of times.
    pub rings: Vec<Vec<(f64, f64)>>,
}
