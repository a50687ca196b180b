//! Coming back: the time to think and the return talk that were booked before leaving. Both can be moved, the first time
//! without a word and from then on with a reason; dropping one is an act with a reason and not before somebody is back.
//! Uses placements and reflections; promises that nothing here says whether somebody kept to it.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::{placement::Stage, reflection::Kind, text::Reason, time, words};

words! {
    /// What is booked for after an outing.
    What {
        /// Time to think, alone.
        Reflection = "reflection",
        /// The return talk with the manager.
        Talk = "talk",
    }
}

impl What {
    /// Whether a reflection of this kind is what this time is for.
    pub const fn is_for(self, kind: Kind) -> bool {
        match self {
            Self::Reflection => matches!(kind.stage(), Stage::Debriefing),
            Self::Talk => matches!(kind, Kind::ReturnTalk),
        }
    }
}

/// Why a time was not moved or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnProblem {
    /// It was moved before.
    #[error("was moved before; say why it moves again")]
    NeedsReason,
    /// The new time is past.
    #[error("is not after now")]
    Past,
    /// Nobody drops what they have not come to.
    #[error("can be dropped when you are back; until then it can be moved")]
    NotBack,
    /// It was dropped.
    #[error("was dropped already")]
    Dropped,
}

impl ReturnProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsReason => "move-needs-reason",
            Self::Past => "move-past",
            Self::NotBack => "drop-not-back",
            Self::Dropped => "drop-dropped",
        }
    }
}

/// One of the two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// When.
    pub at: Timestamp,
    /// How often its person moved it since all was agreed.
    pub moves: i64,
    /// Whether its person dropped it.
    pub dropped: bool,
}

impl Booking {
    /// Moves it. The first move since all was agreed needs no reason, later ones do; one that was dropped is booked again.
    /// Returns whether anything changed.
    pub fn move_to(&mut self, at: Timestamp, why: Option<&Reason>, now: Timestamp) -> Result<bool, ReturnProblem> {
        if at == self.at && !self.dropped {
            return Ok(false);
        }
        if at <= now {
            return Err(ReturnProblem::Past);
        }
        if self.moves > 0 && why.is_none() {
            return Err(ReturnProblem::NeedsReason);
        }
        *self = Self { at, moves: self.moves + 1, dropped: false };
        Ok(true)
    }

    /// Drops it. The reason is the caller's to keep; without one nobody comes here.
    pub fn drop_it(&mut self, stage: Stage, _why: &Reason) -> Result<(), ReturnProblem> {
        match stage {
            _ if self.dropped => Err(ReturnProblem::Dropped),
            Stage::Debriefing | Stage::Embedding => {
                self.dropped = true;
                Ok(())
            }
            _ => Err(ReturnProblem::NotBack),
        }
    }

    /// Whether its person may be asked, kindly and once, what became of it: from the day after, when nothing is written.
    pub fn may_ask(&self, written: bool, today: Date, zone: &TimeZone) -> bool {
        !self.dropped && !written && time::day_of(self.at, zone) < today
    }
}

/// How far ahead a debrief together can be.
pub const DEBRIEF_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Why a debrief together was not proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DebriefProblem {
    /// It is not to come, or too far away: what was seen fades.
    #[error("is not within the next two weeks")]
    When,
    /// They are not there yet, or it is long over.
    #[error("a debrief is for those who are out or back")]
    NotNow,
    /// Nobody else was there.
    #[error("nobody else was on this outing: the debrief is yours alone")]
    Alone,
}

impl DebriefProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::When => "debrief-when",
            Self::NotNow => "debrief-not-now",
            Self::Alone => "debrief-alone",
        }
    }
}

/// Whether somebody at this stage, with so many others on the same outing, may propose to debrief together then.
pub fn check_debrief(stage: Stage, others: usize, at: Timestamp, now: Timestamp) -> Result<(), DebriefProblem> {
    if !matches!(stage, Stage::Out | Stage::Debriefing | Stage::Embedding) {
        return Err(DebriefProblem::NotNow);
    }
    if others == 0 {
        return Err(DebriefProblem::Alone);
    }
    let ahead = at.duration_since(now);
    if ahead <= SignedDuration::ZERO || ahead > DEBRIEF_WITHIN { Err(DebriefProblem::When) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
