//! From prices to seats: first which outings run, then who sits where, the surest first, with prices moving on for what is
//! left after each decision. May use groups and residual; promises seats that keep every rule but, here and there, a
//! minimum, which the search mends.

use super::Market;
use super::groups::{Fate, Groups};
use super::residual::Residual;
use super::rows::Rows;
use super::seating::Seating;
use crate::limits::{Pace, Phase, Until};
use crate::number::{narrow, power, share};
use crate::random::Random;

/// First and last step of the prices while the bound is sought, in parts of the mean worth of a person's best outing.
/// Small rounds have few people for each place, so that a large step makes everybody change their mind at once.
const STEPS: (f64, f64) = (0.12, 0.0005);
const SMALL_STEPS: (f64, f64) = (0.02, 0.0005);
/// Rounds below this many people are small.
const SMALL: usize = 2_000;
/// Step while it is decided which outings run, and while seats are fixed.
const FATE_STEP: f64 = 0.005;
const SEAT_STEP: f64 = 0.008;
/// Times at which outings are decided, and what is sure: run less often than this share, or more often than the rest of it.
const FATE_TIMES: u64 = 20;
const SURE_FATE: f32 = 0.03;
/// Times at which seats are fixed, and the least share that is sure at the first and at the last.
const SEAT_TIMES: u64 = 30;
const SURE_SEAT: (f64, f64) = (0.98, 0.5);
/// At each time at least one in so many pairs is fixed, sure or not, so that the end is reached.
const AT_LEAST_ONE_IN: usize = 400;

/// How far a doubt moves what is thought of an outing, from end to end.
const BLUR: f32 = 0.3;

/// Ends of the two phases of a dive.
pub(super) struct Ends {
    pub(super) fates: Until,
    pub(super) seats: Until,
}

/// The bound and its proof, from which dives begin.
pub(super) struct Bound<'a> {
    groups: Groups<'a>,
    rows: Rows,
    worth: f64,
}

impl<'a> Bound<'a> {
    /// Finds the prices that prove the best bound until the phase is over.
    pub(super) fn find(market: &Market<'a>, pace: &mut Pace<'_>, until: Until) -> Self {
        let (instance, rows, worth) = (market.instance(), market.rows(), f64::from(market.worth()));
        let mut groups = Groups::new(instance, rows, pace.threads());
        groups.start(&market.proof);
        let steps = steps(instance.people());
        pace.enter(Phase::Groups, until);
        groups.pass(0.0);
        while let Some(fraction) = pace.tick() {
            groups.pass(narrow(worth * steps.0 * power(steps.1 / steps.0, fraction)));
            pace.bound = pace.bound.map(|bound| bound.min(groups.bound));
        }
        Self { groups, rows, worth }
    }

    /// No plan has more points.
    pub(super) const fn value(&self) -> i64 {
        self.groups.bound
    }

    /// The groups at the end of the search for the bound.
    pub(super) const fn groups(&self) -> &Groups<'a> {
        &self.groups
    }

    pub(super) const fn rows(&self) -> Rows {
        self.rows
    }

    /// What places are worth now.
    pub(super) fn advice(&self) -> &[i32] {
        &self.groups.whole[..self.rows.len]
    }

    /// The prices that prove it, and the person and week of each shared week.
    pub(super) fn proof(&self) -> (&[i32], &[(u32, u32)]) {
        (&self.groups.proof, &self.groups.twins)
    }

    /// Decides which outings run, and seats people. `doubts` blurs what is thought of each outing, so that dives differ.
    pub(super) fn dive(&self, ends: &Ends, doubts: Option<&mut Random>, pace: &mut Pace<'_>) -> Seating<'a> {
        let mut groups = self.groups.clone();
        decide_fates(&mut groups, narrow(self.worth * FATE_STEP), doubts, pace, ends.fates);
        fix_seats(&mut groups, self.rows, narrow(self.worth * SEAT_STEP), pace, ends.seats).seating
    }
}

const fn steps(people: usize) -> (f64, f64) {
    if people < SMALL { SMALL_STEPS } else { STEPS }
}

/// Steps for prices that are nearly right: from the last quarter of the usual ones on.
pub(super) fn narrow_steps(worth: f64, people: usize, fraction: f64) -> f32 {
    let steps = steps(people);
    narrow(worth * steps.0 * power(steps.1 / steps.0, 0.75 + 0.25 * fraction))
}

/// Decides outing by outing, the clearest first, while prices follow.
fn decide_fates(
    groups: &mut Groups<'_>,
    step: f32,
    mut doubts: Option<&mut Random>,
    pace: &mut Pace<'_>,
    until: Until,
) {
    pace.enter(Phase::Closing, until);
    let mut time = 0;
    while let Some(fraction) = pace.tick() {
        if fraction * share(FATE_TIMES) >= share(time) {
            blur(groups, doubts.as_deref_mut());
            decide_clearest(groups, FATE_TIMES - time.min(FATE_TIMES - 1));
            time += 1;
        }
        groups.pass(step);
    }
    decide_clearest(groups, 1);
}

/// Moves what is thought of each outing a little, so that another dive decides otherwise where it is a close call.
fn blur(groups: &mut Groups<'_>, doubts: Option<&mut Random>) {
    if let Some(random) = doubts {
        for runs in &mut groups.runs {
            *runs = (*runs + BLUR * (narrow(random.unit()) - 0.5)).clamp(0.0, 1.0);
        }
    }
}

/// Decides what is sure, and at least one in `parts` of what is open.
fn decide_clearest(groups: &mut Groups<'_>, parts: u64) {
    let doubt = |runs: f32| runs.min(1.0 - runs);
    let mut open: Vec<usize> = (0..groups.fate.len()).filter(|&o| groups.fate[o] == Fate::Free).collect();
    open.sort_by(|&a, &b| doubt(groups.runs[a]).total_cmp(&doubt(groups.runs[b])).then(a.cmp(&b)));
    let few = open.len().div_ceil(usize::try_from(parts).unwrap_or(usize::MAX).max(1));
    for (place, outing) in open.into_iter().enumerate() {
        let runs = groups.runs[outing];
        if place >= few && doubt(runs) > SURE_FATE {
            break;
        }
        groups.fate[outing] = if runs < 0.5 { Fate::Closed } else { Fate::Runs };
    }
}

/// Fixes the surest seats, lets prices move on for what is left, and so on.
fn fix_seats<'a>(groups: &mut Groups<'a>, rows: Rows, step: f32, pace: &mut Pace<'_>, until: Until) -> Residual<'a> {
    pace.enter(Phase::Seating, until);
    groups.forget_shares();
    let mut begun: Option<Residual<'a>> = None;
    let mut time = 1;
    while let Some(fraction) = pace.tick() {
        if fraction * share(SEAT_TIMES) >= share(time) {
            let residual = begun.get_or_insert_with(|| begin(groups, rows));
            let part = share(time - 1) / share(SEAT_TIMES);
            fix(residual, groups, SURE_SEAT.0 + (SURE_SEAT.1 - SURE_SEAT.0) * part);
            groups.narrow(residual);
            if groups.left() == 0 {
                break;
            }
            time += 1;
        }
        groups.pass(step);
    }
    let mut residual = begun.unwrap_or_else(|| begin(groups, rows));
    fix(&mut residual, groups, 0.0);
    residual
}

/// Nothing is fixed; what places are worth now, for the outings that run, is the search's advice later.
fn begin<'a>(groups: &mut Groups<'a>, rows: Rows) -> Residual<'a> {
    let seating = Seating::new(groups.instance(), rows, &groups.whole[..rows.len]);
    let residual = Residual::new(seating, &groups.fate, &groups.runs);
    groups.fate.copy_from_slice(residual.fates());
    residual
}

/// Fixes what is at least this sure, and a few more so that every time gets on.
fn fix(residual: &mut Residual<'_>, groups: &Groups<'_>, sure: f64) {
    residual.fix_forced();
    let few = groups.left() / AT_LEAST_ONE_IN;
    for (place, (share, person, pair)) in groups.shares().into_iter().enumerate() {
        if f64::from(share) < sure && place >= few {
            break;
        }
        residual.fix(person, pair);
    }
    residual.fix_forced();
}
