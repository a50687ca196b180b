//! Exchange rings: staff swap among several cities, in rings of any length. Each city sends as many as it receives, but
//! for what a ledger may carry; nothing is final before everybody on every leg of a ring has said yes to the same words.
//!
//! `fit` says who suits which place and how well, `ring` what hangs together, `ledger` what is owed, `voice` when a
//! ring is final. The matching itself is done elsewhere; `Question::check` says whether its answer is one.

pub mod fit;
pub mod ledger;
pub mod matching;
pub mod ring;
pub mod voice;
pub mod window;

use crate::{text::Reason, words};

pub use fit::{Fit, Goer, Post, Unfit, Wish};
pub use ledger::{Account, Broken, Member, Pick, Question, Room, Side};
pub use matching::{By, Matching, Unmatchable};
pub use ring::{Ring, in_order, rings};
pub use voice::{Answer, Consents, Superseded, Version, Voice, finals};
pub use window::{Stay, Window};

words! {
    /// What one may want to learn, and what a city can show.
    Topic {
        /// Homes and those who look for one.
        Housing = "housing",
        /// Care, health, growing old.
        Care = "care",
        /// Streets, parks, what is built.
        Streets = "streets",
        /// Heat, water, energy.
        Climate = "climate",
        /// Permits, counters, forms.
        Permits = "permits",
        /// Deciding together with residents.
        Participation = "participation",
        /// Digital services and data.
        Digital = "digital",
        /// Feeling and being safe.
        Safety = "safety",
        /// Schools and the young.
        Schools = "schools",
        /// Work, income, debts.
        Income = "income",
        /// Arriving from elsewhere.
        Newcomers = "newcomers",
        /// Budgets and buying.
        Budget = "budget",
    }
}

words! {
    /// How far somebody is in their work. Cities count grades differently; these three everybody understands.
    Grade {
        /// In the first years.
        Starting = "starting",
        /// Knows the work.
        Experienced = "experienced",
        /// Leads others.
        Leading = "leading",
    }
}

words! {
    /// When a ring that everybody agreed to becomes final.
    Together {
        /// Each ring by itself.
        Each = "each",
        /// All rings at once, or none.
        All = "all",
    }
}

words! {
    /// The name of a state, without what it carries.
    Stage {
        /// Cities enter people and places.
        Collecting = "collecting",
        /// A proposal is out; everybody on it is asked.
        Asking = "asking",
        /// What could become final is final.
        Settled = "settled",
        /// Stopped, with a reason.
        Ended = "ended",
    }
}

/// Where an exchange stands, with what that state needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Cities enter people and places.
    Collecting,
    /// This proposal is out.
    Asking(Version),
    /// This proposal became final, as far as it could.
    Settled(Version),
    /// Stopped, and why.
    Ended(Reason),
}

/// The exchange is not where this can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be done while the exchange is {0}")]
pub struct NotFrom(pub Stage);

impl State {
    /// Its name.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Collecting => Stage::Collecting,
            Self::Asking(_) => Stage::Asking,
            Self::Settled(_) => Stage::Settled,
            Self::Ended(_) => Stage::Ended,
        }
    }

    /// People, places and cities are entered only before anybody is asked about them.
    pub const fn may_enter(&self) -> Result<(), NotFrom> {
        match self {
            Self::Collecting => Ok(()),
            other => Err(NotFrom(other.stage())),
        }
    }

    /// A first proposal, or another after a leg dropped out.
    pub fn propose(self, version: Version) -> Result<Self, NotFrom> {
        match self {
            Self::Collecting | Self::Asking(_) => Ok(Self::Asking(version)),
            other => Err(NotFrom(other.stage())),
        }
    }

    /// Everything that can be final is.
    pub fn settle(self) -> Result<Self, NotFrom> {
        match self {
            Self::Asking(version) => Ok(Self::Settled(version)),
            other => Err(NotFrom(other.stage())),
        }
    }

    /// A final leg was called off: its ring is asked about again.
    pub fn reopen(self) -> Result<Self, NotFrom> {
        match self {
            Self::Asking(version) | Self::Settled(version) => Ok(Self::Asking(version)),
            other => Err(NotFrom(other.stage())),
        }
    }

    /// Stopped before anything was final.
    pub fn end(self, why: Reason) -> Result<Self, NotFrom> {
        match self {
            Self::Collecting | Self::Asking(_) => Ok(Self::Ended(why)),
            other => Err(NotFrom(other.stage())),
        }
    }
}

#[cfg(test)]
mod tests;
