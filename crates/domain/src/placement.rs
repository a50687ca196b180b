//! Who goes and when: one person on one outing, moving along the spine
//! `wished -> offered -> agreed -> preparing -> out -> debriefing -> embedding -> closed`.
//!
//! The states carry what they need: nothing from `agreed` on exists without the dates for reflection and for
//! the return talk, and nothing is closed without an ending that says why. So a wrong state cannot be written.

use jiff::{Timestamp, civil::Date};

use crate::{outing::Party, text::Reason, words};

words! {
    /// The name of a state, without what it carries.
    Stage {
        /// Said "I want to go".
        Wished = "wished",
        /// Has a seat; the others are asked.
        Offered = "offered",
        /// Everybody said yes and the return is booked.
        Agreed = "agreed",
        /// Getting ready.
        Preparing = "preparing",
        /// On the ground.
        Out = "out",
        /// Back, thinking.
        Debriefing = "debriefing",
        /// Turning it into something different.
        Embedding = "embedding",
        /// Ended, in one of the honest ways.
        Closed = "closed",
    }
}

words! {
    /// Who called it off.
    Canceller {
        /// The one who wanted to go.
        Person = "person",
        /// The line manager.
        Manager = "manager",
        /// The host.
        Host = "host",
        /// Residents or the body that speaks for them.
        Residents = "residents",
    }
}

words! {
    /// The name of an ending, without its reason.
    EndingKind {
        /// A decision or a way of working changed.
        ChangedSomething = "changed-something",
        /// Nothing changed; somebody says honestly why.
        ChangedNothing = "changed-nothing",
        /// Stopped while out.
        CutShort = "cut-short",
        /// Cancelled by the person.
        CancelledByPerson = "cancelled-by-person",
        /// Cancelled by the manager.
        CancelledByManager = "cancelled-by-manager",
        /// Cancelled by the host.
        CancelledByHost = "cancelled-by-host",
        /// Cancelled by residents.
        CancelledByResidents = "cancelled-by-residents",
        /// The outing passed before there was a seat or before everybody had answered, or a ring was closed another way.
        NotPlaced = "not-placed",
    }
}

/// How it ended, and why. Every ending has a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Which ending.
    pub kind: EndingKind,
    /// In a sentence: what changed, or why not.
    pub why: Reason,
}

/// When there is time to think, and when to talk with the manager. Both lie after the outing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnDates {
    reflection: Timestamp,
    talk: Timestamp,
}

impl ReturnDates {
    /// Checks that both come after the outing's end.
    pub fn after(outing_ends: Timestamp, reflection: Timestamp, talk: Timestamp) -> Result<Self, PlacementError> {
        if reflection < outing_ends || talk < outing_ends {
            return Err(PlacementError::ReturnBeforeEnd);
        }
        Ok(Self { reflection, talk })
    }

    /// As stored. The store has checked them when they were written.
    pub const fn stored(reflection: Timestamp, talk: Timestamp) -> Self {
        Self { reflection, talk }
    }

    /// When there is time to think.
    pub const fn reflection(self) -> Timestamp {
        self.reflection
    }

    /// When the return talk with the manager is.
    pub const fn talk(self) -> Timestamp {
        self.talk
    }
}

/// What a party answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Asked, not answered.
    Open,
    /// Yes.
    Yes,
    /// No, and why.
    No(Reason),
}

/// One party's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub party: Party,
    /// What they said.
    pub answer: Answer,
}

/// Where a placement is, with what that state needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Said "I want to go". Dates may be proposed already.
    Wished {
        /// Proposed, if any.
        dates: Option<ReturnDates>,
    },
    /// Has a seat; the others are asked.
    Offered {
        /// Proposed, if any.
        dates: Option<ReturnDates>,
        /// Those who must agree.
        approvals: Vec<Approval>,
    },
    /// Everybody said yes.
    Agreed(ReturnDates),
    /// Getting ready.
    Preparing(ReturnDates),
    /// On the ground.
    Out(ReturnDates),
    /// Back, thinking.
    Debriefing(ReturnDates),
    /// Turning it into something different.
    Embedding(ReturnDates),
    /// Ended.
    Closed {
        /// How and why.
        ending: Ending,
        /// If it got that far.
        dates: Option<ReturnDates>,
    },
}

/// What was missing, so that somebody does not go although nobody called it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// No seat became free.
    Seat,
    /// These did not answer in time.
    Answers(Vec<Party>),
    /// Everybody said yes, and nobody booked reflection and return talk.
    ReturnDates,
    /// The ring was closed another way, without this leg.
    Leg,
}

/// Why a step was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlacementError {
    /// The step does not start from here.
    #[error("this cannot be done while the placement is “{0}”")]
    NotFrom(Stage),
    /// Somebody has not said yes.
    #[error("{0} has not said yes yet")]
    StillAsked(Party),
    /// Somebody said no.
    #[error("{0} said no")]
    Declined(Party),
    /// That party is not asked here.
    #[error("{0} is not asked for this outing")]
    NotAParty(Party),
    /// No dates for reflection and return talk.
    #[error("book the time for reflection and the return talk first")]
    NoReturnDates,
    /// A date lies before the outing's end.
    #[error("reflection and return talk come after the outing")]
    ReturnBeforeEnd,
    /// The outing's first day has not come.
    #[error("the first day of the outing has not come yet")]
    NotYet,
}

impl PlacementError {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFrom(_) => "not-from",
            Self::StillAsked(_) => "still-asked",
            Self::Declined(_) => "declined",
            Self::NotAParty(_) => "not-a-party",
            Self::NoReturnDates => "no-return-dates",
            Self::ReturnBeforeEnd => "return-before-end",
            Self::NotYet => "not-yet",
        }
    }
}

impl State {
    /// A new wish, with the return dates if the person proposes them at once.
    pub const fn wish(dates: Option<ReturnDates>) -> Self {
        Self::Wished { dates }
    }

    /// The name of this state.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Wished { .. } => Stage::Wished,
            Self::Offered { .. } => Stage::Offered,
            Self::Agreed(_) => Stage::Agreed,
            Self::Preparing(_) => Stage::Preparing,
            Self::Out(_) => Stage::Out,
            Self::Debriefing(_) => Stage::Debriefing,
            Self::Embedding(_) => Stage::Embedding,
            Self::Closed { .. } => Stage::Closed,
        }
    }

    /// The dates for reflection and return talk, where there are some.
    pub const fn dates(&self) -> Option<ReturnDates> {
        match self {
            Self::Wished { dates } | Self::Offered { dates, .. } | Self::Closed { dates, .. } => *dates,
            Self::Agreed(d) | Self::Preparing(d) | Self::Out(d) | Self::Debriefing(d) | Self::Embedding(d) => Some(*d),
        }
    }

    fn refused<T>(&self) -> Result<T, PlacementError> {
        Err(PlacementError::NotFrom(self.stage()))
    }

    /// Gives the seat and asks the parties.
    pub fn offer(self, parties: &[Party]) -> Result<Self, PlacementError> {
        let Self::Wished { dates } = self else {
            return self.refused();
        };
        let approvals = parties.iter().map(|p| Approval { party: *p, answer: Answer::Open }).collect();
        Ok(Self::Offered { dates, approvals })
    }

    /// Books or moves reflection and return talk. Moving is always possible until the end; dropping never.
    pub fn book(self, new: ReturnDates) -> Result<Self, PlacementError> {
        Ok(match self {
            Self::Wished { .. } => Self::Wished { dates: Some(new) },
            Self::Offered { approvals, .. } => Self::Offered { dates: Some(new), approvals },
            Self::Agreed(_) => Self::Agreed(new),
            Self::Preparing(_) => Self::Preparing(new),
            Self::Out(_) => Self::Out(new),
            Self::Debriefing(_) => Self::Debriefing(new),
            Self::Embedding(_) => Self::Embedding(new),
            Self::Closed { .. } => return self.refused(),
        })
    }

    /// A party says yes. Saying it twice changes nothing.
    pub fn approve(mut self, party: Party) -> Result<Self, PlacementError> {
        let stage = self.stage();
        let Self::Offered { approvals, .. } = &mut self else {
            return Err(PlacementError::NotFrom(stage));
        };
        let approval = approvals.iter_mut().find(|a| a.party == party).ok_or(PlacementError::NotAParty(party))?;
        match approval.answer {
            Answer::No(_) => Err(PlacementError::Declined(party)),
            Answer::Open | Answer::Yes => {
                approval.answer = Answer::Yes;
                Ok(self)
            }
        }
    }

    /// A party says no: the placement ends, with the reason, named after who declined.
    pub fn decline(self, party: Party, why: Reason) -> Result<Self, PlacementError> {
        let Self::Offered { dates, approvals } = &self else {
            return self.refused();
        };
        if !approvals.iter().any(|a| a.party == party) {
            return Err(PlacementError::NotAParty(party));
        }
        Ok(Self::Closed { ending: Ending { kind: EndingKind::cancelled(canceller(party)), why }, dates: *dates })
    }

    /// Agreed: everybody said yes, and reflection and return talk have dates.
    pub fn agree(self) -> Result<Self, PlacementError> {
        let Self::Offered { dates, approvals } = &self else {
            return self.refused();
        };
        for approval in approvals {
            match approval.answer {
                Answer::Yes => {}
                Answer::Open => return Err(PlacementError::StillAsked(approval.party)),
                Answer::No(_) => return Err(PlacementError::Declined(approval.party)),
            }
        }
        dates.map(Self::Agreed).ok_or(PlacementError::NoReturnDates)
    }

    /// Starts preparing.
    pub fn prepare(self) -> Result<Self, PlacementError> {
        let Self::Agreed(dates) = self else {
            return self.refused();
        };
        Ok(Self::Preparing(dates))
    }

    /// Leaves, not before the outing's first day. Short outings need no separate preparation, so `agreed` is enough.
    pub fn depart(self, first_day: Date, today: Date) -> Result<Self, PlacementError> {
        match self {
            Self::Agreed(_) | Self::Preparing(_) if today < first_day => Err(PlacementError::NotYet),
            Self::Agreed(dates) | Self::Preparing(dates) => Ok(Self::Out(dates)),
            other => other.refused(),
        }
    }

    /// Comes back.
    pub fn come_back(self) -> Result<Self, PlacementError> {
        let Self::Out(dates) = self else {
            return self.refused();
        };
        Ok(Self::Debriefing(dates))
    }

    /// The debrief is done; now it goes to work.
    pub fn embed(self) -> Result<Self, PlacementError> {
        let Self::Debriefing(dates) = self else {
            return self.refused();
        };
        Ok(Self::Embedding(dates))
    }

    /// Closes after embedding: something changed, or nothing did, and why.
    pub fn close(self, changed: bool, why: Reason) -> Result<Self, PlacementError> {
        let Self::Embedding(dates) = self else {
            return self.refused();
        };
        let kind = if changed { EndingKind::ChangedSomething } else { EndingKind::ChangedNothing };
        Ok(Self::Closed { ending: Ending { kind, why }, dates: Some(dates) })
    }

    /// Comes back and closes at once, for outings so short that two lines say what is left to say. The way is the same:
    /// back, thought over, closed with a reason.
    pub fn close_on_return(self, changed: bool, why: Reason) -> Result<Self, PlacementError> {
        self.come_back()?.embed()?.close(changed, why)
    }

    /// Stopped while out.
    pub fn cut_short(self, why: Reason) -> Result<Self, PlacementError> {
        let Self::Out(dates) = self else {
            return self.refused();
        };
        Ok(Self::Closed { ending: Ending { kind: EndingKind::CutShort, why }, dates: Some(dates) })
    }

    /// What is missing for this to be agreed; an error where nothing is waited for.
    pub fn missing(&self) -> Result<Missing, PlacementError> {
        match self {
            Self::Wished { .. } => Ok(Missing::Seat),
            Self::Offered { approvals, .. } => {
                let open = approvals.iter().filter(|a| a.answer == Answer::Open).map(|a| a.party);
                let open: Vec<Party> = open.collect();
                Ok(if open.is_empty() { Missing::ReturnDates } else { Missing::Answers(open) })
            }
            _ => self.refused(),
        }
    }

    /// The outing passed while a seat or an answer was waited for; `why` says which.
    pub fn pass_by(self, why: Reason) -> Result<Self, PlacementError> {
        self.missing()?;
        Ok(Self::Closed { ending: Ending { kind: EndingKind::NotPlaced, why }, dates: self.dates() })
    }

    /// The ring of an exchange was closed another way, without their leg: nobody called it off, and they do not go.
    pub fn miss_ring(self, why: Reason) -> Result<Self, PlacementError> {
        self.end_before_leaving(EndingKind::NotPlaced, why)
    }

    /// Called off before leaving.
    pub fn cancel(self, by: Canceller, why: Reason) -> Result<Self, PlacementError> {
        self.end_before_leaving(EndingKind::cancelled(by), why)
    }

    fn end_before_leaving(self, kind: EndingKind, why: Reason) -> Result<Self, PlacementError> {
        match self.stage() {
            Stage::Wished | Stage::Offered | Stage::Agreed | Stage::Preparing => {
                Ok(Self::Closed { ending: Ending { kind, why }, dates: self.dates() })
            }
            _ => self.refused(),
        }
    }
}

/// Who a declining party counts as among those who can call an outing off.
pub const fn canceller(party: Party) -> Canceller {
    match party {
        Party::Person => Canceller::Person,
        Party::Manager | Party::CityOwner | Party::LegalEthics | Party::HomeOrganisation => Canceller::Manager,
        Party::ResidentsBody | Party::Inviter => Canceller::Residents,
        Party::Host | Party::Shadowed | Party::Faculty | Party::PeerCity | Party::EveryLeg => Canceller::Host,
    }
}

impl EndingKind {
    /// The ending of a cancellation by somebody.
    pub const fn cancelled(by: Canceller) -> Self {
        match by {
            Canceller::Person => Self::CancelledByPerson,
            Canceller::Manager => Self::CancelledByManager,
            Canceller::Host => Self::CancelledByHost,
            Canceller::Residents => Self::CancelledByResidents,
        }
    }
}

#[cfg(test)]
#[path = "placement_tests.rs"]
mod tests;
