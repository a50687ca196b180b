//! Why somebody got what they got, from how each of their wishes stands in the finished plan. Pure; promises one sentence
//! that is true: a limit is named only when it was reached.

use super::Because;

/// How one outing that suits somebody stands in the finished plan, for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one limit is reached; several may be at once")]
pub struct Wished {
    /// The rank they gave it; none for what only serves a challenge.
    pub rank: Option<i64>,
    /// They go there.
    pub got: bool,
    /// It was decided by hand that they do not.
    pub banned: bool,
    /// Nobody goes: its group did not come together.
    pub cancelled: bool,
    /// All seats are taken.
    pub full: bool,
    /// The team has no more leave in that week.
    pub team: bool,
    /// The neighbourhood receives nobody more in that week.
    pub place: bool,
    /// The host receives nobody more.
    pub host: bool,
}

/// One true reason, and which of the wishes it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Which kind.
    pub kind: Because,
    /// Which wish, by its position.
    pub about: Option<usize>,
}

impl Wished {
    /// What stood in the way of a seat here.
    const fn bound(&self) -> Because {
        if self.banned {
            Because::Hand
        } else if self.cancelled {
            Because::Group
        } else if self.full {
            Because::Full
        } else if self.team {
            Because::Team
        } else if self.place {
            Because::Place
        } else if self.host {
            Because::Host
        } else {
            Because::Plan
        }
    }
}

/// The reason for somebody whose suitable wishes stand so, best first.
pub fn reason(wishes: &[Wished]) -> Reason {
    if let Some(at) = wishes.iter().position(|w| w.got) {
        return Reason { kind: Because::Got, about: Some(at) };
    }
    let Some(first) = wishes.first() else { return Reason { kind: Because::Nothing, about: None } };
    if wishes.iter().all(|w| w.bound() == Because::Full) {
        return Reason { kind: Because::Full, about: (wishes.len() == 1).then_some(0) };
    }
    // A seat that was left is said first: everything else would hide it.
    if let Some(at) = wishes.iter().position(|w| w.bound() == Because::Plan) {
        return Reason { kind: Because::Plan, about: Some(at) };
    }
    match first.bound() {
        // Of the first wish only that it was full can be said; that all were is not so.
        Because::Full => Reason { kind: Because::Full, about: Some(0) },
        kind => Reason { kind, about: Some(0) },
    }
}
