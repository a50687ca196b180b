//! Why somebody got what they got, in one kind of sentence. What stood in the way of a wish is the matcher's to say, which has
//! the plan and proves it; what it does not know is added here: decisions by hand, and that every single wish was full.

use super::Because;

/// How one outing that suits somebody stands in the finished plan, for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wished {
    /// They go there.
    pub got: bool,
    /// It was decided by hand that they do not.
    pub banned: bool,
    /// All its seats are taken.
    pub full: bool,
}

/// One true reason, and which of the wishes it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Which kind.
    pub kind: Because,
    /// Which wish, by its position.
    pub about: Option<usize>,
}

/// The reason for somebody whose suitable wishes stand so, best first. `stood` is the wish that came nearest and what stood
/// in its way, as the matcher says it.
pub fn reason(wishes: &[Wished], stood: Option<(usize, Because)>) -> Reason {
    if let Some(at) = wishes.iter().position(|w| w.got) {
        return Reason { kind: Because::Got, about: Some(at) };
    }
    if wishes.is_empty() {
        return Reason { kind: Because::Nothing, about: None };
    }
    // That every single one was full says more than that the nearest was.
    if wishes.len() > 1 && wishes.iter().all(|w| w.full && !w.banned) {
        return Reason { kind: Because::Full, about: None };
    }
    if let Some((at, kind)) = stood {
        return Reason { kind, about: Some(at) };
    }
    // The matcher knows nothing of wishes that were forbidden by hand.
    let kind = if wishes[0].banned { Because::Hand } else { Because::Plan };
    Reason { kind, about: Some(0) }
}
