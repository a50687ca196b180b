//! Who says yes to a leg, to which words, and when a ring is final. A yes quotes the version it was said to; one that
//! quotes an older version counts for nothing.

use std::{fmt, str::FromStr};

use super::{Together, ring::Ring};
use crate::{
    Unknown,
    outing::Party,
    placement::{Canceller, canceller},
    text::Reason,
    words,
};

words! {
    /// Whose yes a leg needs.
    Voice {
        /// The one who goes.
        Person = "person",
        /// The city that sends.
        Sender = "sender",
        /// The city that receives.
        Receiver = "receiver",
    }
}

impl Voice {
    /// Whose calling off it is, in the words of the placement that a leg became.
    pub const fn canceller(self) -> Canceller {
        match self {
            Self::Person => canceller(Party::Person),
            Self::Sender => canceller(Party::HomeOrganisation),
            Self::Receiver => canceller(Party::PeerCity),
        }
    }
}

/// The hash of what a proposal says: other words, another version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// The first characters, enough to tell two apart.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Version {
    type Err = Unknown;
    fn from_str(raw: &str) -> Result<Self, Unknown> {
        let hash = raw.len() == 64 && raw.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let unknown = || Unknown { what: "Version", word: raw.chars().take(40).collect() };
        if hash { Ok(Self(raw.to_owned())) } else { Err(unknown()) }
    }
}

/// The words have changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proposal has changed since")]
pub struct Superseded;

impl Version {
    /// An answer counts for the words it was given to, and for no others.
    pub fn must_be(&self, quoted: &Self) -> Result<(), Superseded> {
        if self == quoted { Ok(()) } else { Err(Superseded) }
    }
}

/// What a voice said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Asked, not answered.
    Open,
    /// Yes, to this version.
    Yes(Version),
    /// No, and why.
    No(Reason),
}

/// The three voices of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consents([Answer; 3]);

impl Default for Consents {
    fn default() -> Self {
        Self([Answer::Open, Answer::Open, Answer::Open])
    }
}

const fn at(voice: Voice) -> usize {
    match voice {
        Voice::Person => 0,
        Voice::Sender => 1,
        Voice::Receiver => 2,
    }
}

impl Consents {
    /// What a voice said.
    pub const fn of(&self, voice: Voice) -> &Answer {
        &self.0[at(voice)]
    }

    /// The same with an answer.
    #[must_use]
    pub fn with(mut self, voice: Voice, answer: Answer) -> Self {
        self.0[at(voice)] = answer;
        self
    }

    /// Whether all three said yes to a version in which this leg says the same. `current` knows which those are.
    pub fn agreed(&self, current: impl Fn(&Version) -> bool) -> bool {
        self.0.iter().all(|answer| matches!(answer, Answer::Yes(version) if current(version)))
    }

    /// Who said no first, and why.
    pub fn refused(&self) -> Option<(Voice, &Reason)> {
        Voice::ALL.iter().find_map(|voice| match self.of(*voice) {
            Answer::No(why) => Some((*voice, why)),
            _ => None,
        })
    }
}

/// Which rings are final: those of which every leg has all it needs; with "all together", all of them or none.
pub fn finals(rings: &[Ring], together: Together, agreed: impl Fn(usize) -> bool) -> Vec<usize> {
    let whole = |ring: &Ring| !ring.legs.is_empty() && ring.legs.iter().all(|leg| agreed(*leg));
    match together {
        Together::Each => rings.iter().enumerate().filter(|(_, ring)| whole(ring)).map(|(at, _)| at).collect(),
        Together::All if rings.iter().all(whole) => (0..rings.len()).collect(),
        Together::All => Vec::new(),
    }
}
