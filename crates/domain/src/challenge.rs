//! Why go: a question that somebody owns, the decision it feeds, and that decision's date.

use jiff::civil::Date;

use crate::{
    text::{Line, Prose, Reason},
    words,
};

words! {
    /// Where a challenge stands.
    Status {
        /// Being asked.
        Open = "open",
        /// Its decision was taken.
        Decided = "decided",
        /// Given up, with a reason.
        Ended = "ended",
    }
}

/// What its owner says when asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The question in a few words.
    pub title: Line,
    /// What we do not know.
    pub question: Prose,
    /// Why it matters, and to whom.
    pub why: Prose,
    /// The decision that the answers feed.
    pub decision: Line,
    /// The day on which that decision is taken.
    pub decision_on: Date,
}

/// How a challenge stops being open: in both cases somebody says what and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The decision was taken.
    Decided {
        /// What was decided.
        what: Prose,
        /// Why, and on what evidence.
        why: Reason,
    },
    /// The question is no longer asked.
    Ended {
        /// Why not.
        why: Reason,
    },
}

impl Outcome {
    /// The status this outcome leads to.
    pub const fn status(&self) -> Status {
        match self {
            Self::Decided { .. } => Status::Decided,
            Self::Ended { .. } => Status::Ended,
        }
    }
}

/// The challenge has an outcome already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this challenge is already closed")]
pub struct NotOpen;

impl Status {
    /// Only an open challenge gets an outcome or new outings.
    pub const fn must_be_open(self) -> Result<(), NotOpen> {
        match self {
            Self::Open => Ok(()),
            Self::Decided | Self::Ended => Err(NotOpen),
        }
    }
}
