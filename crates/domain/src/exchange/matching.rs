//! How the matching of an exchange chooses, said by whoever opens it: by points or by ranks, and how long a ring may be.

use crate::words;

words! {
    /// What the matching goes by.
    By {
        /// Most points for wishes, topics and waiting, all together.
        Points = "points",
        /// Who has waited longest chooses first. Nobody gains by stating wishes in another order than their own.
        Ranks = "ranks",
    }
}

/// What the matching goes by, and the longest ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matching {
    by: By,
    longest: Option<i64>,
}

/// A longest ring that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unmatchable {
    /// A ring has two cities at least.
    #[error("a ring has two cities at least")]
    TooShort,
    /// By ranks rings are as long as wishes make them: with a limit somebody could gain by stating others.
    #[error("by ranks rings have any length")]
    RanksAnyLength,
}

impl Unmatchable {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "exchange-longest-two",
            Self::RanksAnyLength => "exchange-longest-ranks",
        }
    }
}

impl Default for Matching {
    fn default() -> Self {
        Self { by: By::Points, longest: None }
    }
}

impl Matching {
    /// By points or by ranks, with rings of at most so many cities, or of any number.
    pub const fn new(by: By, longest: Option<i64>) -> Result<Self, Unmatchable> {
        match (by, longest) {
            (By::Ranks, Some(_)) => Err(Unmatchable::RanksAnyLength),
            (_, Some(..2)) => Err(Unmatchable::TooShort),
            _ => Ok(Self { by, longest }),
        }
    }

    /// What it goes by.
    pub const fn by(self) -> By {
        self.by
    }

    /// The most cities on a ring; none without a limit.
    pub const fn longest(self) -> Option<i64> {
        self.longest
    }

    /// Whether the matching itself says which legs are a ring: with other rings made of the same legs one could be longer.
    pub const fn names_rings(self) -> bool {
        matches!(self.by, By::Ranks) || self.longest.is_some()
    }

    /// Whether so many legs may be one ring.
    pub fn allows_ring(self, legs: usize) -> bool {
        self.longest.is_none_or(|longest| i64::try_from(legs).is_ok_and(|legs| legs <= longest))
    }
}
