//! What a phone wrote down without a connection, judged when it arrives: when it happened, whether the placement lets it be
//! kept, and what of several wordings is read first. Phones have wrong clocks, stay away for weeks and send things in any
//! order, so each rule says what waits and what is refused for good.

use jiff::{SignedDuration, Timestamp};

use crate::placement::{EndingKind, Stage, State};

/// How long before its outing's start something may have happened on it: people come early and look around.
const EARLY: SignedDuration = SignedDuration::from_hours(24);

/// The clock of a phone beside the server's, at the moment of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhoneClock {
    /// What the phone says the time is, in microseconds since 1970.
    pub phone: i64,
    /// What the server says it is.
    pub server: Timestamp,
}

impl PhoneClock {
    /// When something happened that the phone dates `at`: as long before now as the phone says, whatever both clocks show.
    /// Never in the future, and never before time can be written down.
    pub fn corrected(self, at: i64) -> Timestamp {
        let ago = self.phone.saturating_sub(at).max(0);
        let then = self.server.as_microsecond().saturating_sub(ago);
        Timestamp::from_microsecond(then).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH)
    }

    /// When something will be that the phone dates `at`: as far from now as the phone says.
    pub fn translated(self, at: i64) -> Timestamp {
        let ahead = at.saturating_sub(self.phone);
        let then = self.server.as_microsecond().saturating_add(ahead);
        let far = if ahead < 0 { Timestamp::UNIX_EPOCH } else { Timestamp::MAX };
        Timestamp::from_microsecond(then).unwrap_or(far)
    }

    /// The same as [`PhoneClock::corrected`] for something that happened on an outing. A phone whose clock was set between writing and sending tells
    /// nonsense: what would lie more than a day before the outing is dated at its start.
    pub fn happened(self, at: i64, outing_starts: Timestamp) -> Timestamp {
        let then = self.corrected(at);
        let earliest = outing_starts.checked_sub(EARLY).unwrap_or(Timestamp::MIN);
        if then < earliest { outing_starts.min(self.server) } else { then }
    }
}

/// Whether a placement lets be kept what a phone wrote on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// It does.
    Open,
    /// Its person has not said yet that they left. They are out there without a connection, so what they wrote waits for it.
    NotYet,
    /// It ended before they left: there was nothing to write on.
    NeverWent,
    /// It was closed before this was written.
    Over,
}

/// Whether a placement lets something be kept that was written at a moment. A placement that was closed while the phone was
/// away still takes what was written before.
pub fn room(state: &State, closed_at: Timestamp, written: Timestamp) -> Room {
    match state {
        State::Out(_) | State::Debriefing(_) | State::Embedding(_) => Room::Open,
        State::Wished { .. } | State::Offered { .. } | State::Agreed(_) | State::Preparing(_) => Room::NotYet,
        State::Closed { ending, .. } if !went(ending.kind) => Room::NeverWent,
        State::Closed { .. } if written <= closed_at => Room::Open,
        State::Closed { .. } => Room::Over,
    }
}

/// Whether somebody was on the ground whose placement ended like this.
const fn went(ending: EndingKind) -> bool {
    matches!(ending, EndingKind::ChangedSomething | EndingKind::ChangedNothing | EndingKind::CutShort)
}

/// Whether the phone takes a placement along: it is agreed and not over.
pub const fn packed(stage: Stage) -> bool {
    matches!(stage, Stage::Agreed | Stage::Preparing | Stage::Out | Stage::Debriefing | Stage::Embedding)
}

/// A line drawn with fewer points, none farther than `off` degrees from those left out (Ramer, Douglas and Peucker). The first
/// and the last point stay, and a closed ring stays one with at least four points.
pub fn coarser(line: &[(f64, f64)], off: f64) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return Vec::new() };
    if line.len() <= 4 {
        return line.to_vec();
    }
    // A ring begins where it ends, so there is no chord: it is halved at the point farthest from there.
    let closed = first == last;
    let far = if closed { farthest(line).map_or(line.len() / 2, |(at, _)| at) } else { line.len() - 1 };
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    keep[far] = true;
    let mut parts = vec![(0, far), (far, line.len() - 1)];
    while let Some((from, to)) = parts.pop() {
        let Some((at, distance)) = line.get(from..=to).and_then(farthest) else { continue };
        if distance > off {
            keep[from + at] = true;
            parts.push((from, from + at));
            parts.push((from + at, to));
        }
    }
    let kept: Vec<(f64, f64)> = line.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect();
    if closed && kept.len() < 4 { line.to_vec() } else { kept }
}

/// The inner point farthest from the chord between the ends, and how far; none when there is no inner point.
fn farthest(line: &[(f64, f64)]) -> Option<(usize, f64)> {
    let (from, to) = (*line.first()?, *line.last()?);
    let inner = line.get(1..line.len().checked_sub(1)?)?;
    inner
        .iter()
        .enumerate()
        .map(|(at, point)| (at + 1, from_chord(*point, from, to)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

fn from_chord(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let along = x.mul_add(x, y * y);
    let share = if along > 0.0 { (x.mul_add(px, y * py) / along).clamp(0.0, 1.0) } else { 0.0 };
    x.mul_add(-share, px).hypot(y.mul_add(-share, py))
}

#[cfg(test)]
#[path = "notebook_tests.rs"]
mod tests;
