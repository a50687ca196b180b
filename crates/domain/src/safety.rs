//! Safe out there: whoever goes out says where, with whom and until when; who is asked when they are not back, and when.
//! The server asks, so it works when the phone is dead. No position is ever known, and nothing of it is kept for long.

use jiff::{SignedDuration, Timestamp};

/// From being due until the buddy and the person themselves are asked.
pub const GRACE: SignedDuration = SignedDuration::from_mins(15);
/// From asking the buddy until the duty manager is asked as well.
pub const THEN_DUTY: SignedDuration = SignedDuration::from_mins(30);
/// Whoever says late that they went out has at least so long to say that they are back.
pub const SETTLE_IN: SignedDuration = SignedDuration::from_mins(5);
/// Nobody is out for longer without saying so again; and what is heard of later than this after it was due is history.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

crate::words! {
    /// Where a going out stands.
    Stage {
        /// Out, not yet overdue.
        Out = "out",
        /// Out, for longer than first said.
        Later = "later",
        /// Overdue: the buddy and the person were asked.
        AskedBuddy = "asked-buddy",
        /// Overdue: the duty manager was asked too.
        AskedDuty = "asked-duty",
        /// Back, as the person says.
        Back = "back",
        /// Somebody heard from them, or it is too long ago to ask.
        Settled = "settled",
    }
}

impl Stage {
    /// Whether nothing is asked any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Back | Self::Settled)
    }

    /// Whether somebody was asked and nobody has answered.
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::AskedBuddy | Self::AskedDuty)
    }
}

/// Why a time of coming back was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DueProblem {
    /// It is not after the moment at which it was said.
    #[error("is not after now")]
    Past,
    /// More than [`LONGEST`] away.
    #[error("is more than 24 hours away")]
    TooFar,
}

impl DueProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Past => "due-past",
            Self::TooFar => "due-too-far",
        }
    }
}

/// Whether one may say at `said_at` that one is back at `due`.
pub fn check_due(due: Timestamp, said_at: Timestamp) -> Result<(), DueProblem> {
    match due.duration_since(said_at) {
        left if left <= SignedDuration::ZERO => Err(DueProblem::Past),
        left if left > LONGEST => Err(DueProblem::TooFar),
        _ => Ok(()),
    }
}

/// Who is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The buddy, and the person themselves.
    Buddy,
    /// The duty manager; the others were asked before.
    Duty,
    /// All three: the server was away when it was time for the first.
    Both,
}

/// One going out, as far as its rules need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoingOut {
    /// Where it stands.
    pub stage: Stage,
    /// When they are back, as they last said.
    pub due: Timestamp,
    /// When the next is asked. Nothing when it is over, or when everybody was asked.
    pub asks_at: Option<Timestamp>,
}

fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// When the buddy is asked about a time that is known since `now`.
fn first_ask(due: Timestamp, now: Timestamp) -> Timestamp {
    after(due, GRACE).max(after(now, SETTLE_IN))
}

impl GoingOut {
    /// Somebody is out; the server hears of it at `now`, which may be long after it was said.
    pub fn heard_of(due: Timestamp, now: Timestamp) -> Self {
        if after(due, LONGEST) < now {
            return Self { stage: Stage::Settled, due, asks_at: None };
        }
        Self { stage: Stage::Out, due, asks_at: Some(first_ask(due, now)) }
    }

    /// They will be later. Only the latest of all times counts, so that it does not matter in which order they arrive.
    /// A time that is long past when it arrives calls off nobody who was asked. Returns whether anything changed.
    pub fn later(&mut self, due: Timestamp, now: Timestamp) -> bool {
        if self.stage == Stage::Back || due <= self.due {
            return false;
        }
        self.due = due;
        if matches!(self.stage, Stage::Out | Stage::Later) || due > now {
            self.stage = Stage::Later;
            self.asks_at = Some(first_ask(due, now));
        }
        true
    }

    /// They are back. That is the end, whatever arrives afterwards. Returns whether anything changed.
    pub fn back(&mut self) -> bool {
        self.end(Stage::Back)
    }

    /// Whoever was asked has heard from them. Returns whether anything changed.
    pub fn heard(&mut self) -> bool {
        self.stage.is_overdue() && self.end(Stage::Settled)
    }

    fn end(&mut self, stage: Stage) -> bool {
        let changed = self.stage != stage;
        (self.stage, self.asks_at) = (stage, None);
        changed
    }

    /// The buddy has not heard from them and does not want to wait. Returns whether the duty manager is asked by it.
    pub fn pass_on(&mut self) -> bool {
        let waits = self.stage == Stage::AskedBuddy;
        if waits {
            (self.stage, self.asks_at) = (Stage::AskedDuty, None);
        }
        waits
    }

    /// What time it is now. Returns who is to be asked; asking twice at the same moment asks once.
    pub fn ask(&mut self, now: Timestamp) -> Option<Ask> {
        let due = self.asks_at.filter(|at| *at <= now)?;
        let duty_too = after(due, THEN_DUTY) <= now;
        match self.stage {
            Stage::Out | Stage::Later if duty_too => {
                (self.stage, self.asks_at) = (Stage::AskedDuty, None);
                Some(Ask::Both)
            }
            Stage::Out | Stage::Later => {
                (self.stage, self.asks_at) = (Stage::AskedBuddy, Some(after(due, THEN_DUTY)));
                Some(Ask::Buddy)
            }
            Stage::AskedBuddy => {
                (self.stage, self.asks_at) = (Stage::AskedDuty, None);
                Some(Ask::Duty)
            }
            Stage::AskedDuty | Stage::Back | Stage::Settled => None,
        }
    }
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Number {
    /// Whose.
    pub label: String,
    /// As it is dialled.
    pub number: String,
}

/// The numbers that a city gives to whoever is out or asked: `Duty desk=+31 33 123;Emergency=112`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers(pub Vec<Number>);

/// Why a list of numbers was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a label and a number, as in Duty desk=+31 33 123 45 67")]
pub struct NotNumbers(String);

impl std::str::FromStr for Numbers {
    type Err = NotNumbers;

    fn from_str(raw: &str) -> Result<Self, NotNumbers> {
        let parts = raw.split(';').map(str::trim).filter(|part| !part.is_empty());
        let read = parts.map(|part| {
            let (label, number) = part.split_once('=').ok_or_else(|| NotNumbers(part.to_owned()))?;
            let (label, number) = (label.trim(), number.trim());
            let dialled = number.chars().all(|c| c.is_ascii_digit() || " +-()*#./".contains(c));
            if label.is_empty() || !dialled || !number.contains(|c: char| c.is_ascii_digit()) {
                return Err(NotNumbers(part.to_owned()));
            }
            Ok(Number { label: label.to_owned(), number: number.to_owned() })
        });
        read.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests;
