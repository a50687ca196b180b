//! Which outing to branch on: the one that costs most both ways, as far as trials and experience say (reliability
//! branching, Achterberg, Koch and Martin 2005). May use the tree; promises to leave the relaxation as it was.

use super::super::groups::Fate;
use super::{STEPS, Tree, WHOLE};
use crate::limits::Pace;
use crate::linear::Basis;
use crate::number::id;

/// Times that an outing is tried both ways before experience is believed, steps of each trial, and outings tried at once.
const RELIABLE: f64 = 2.0;
const TRIAL: u64 = 40;
const TRIALS: usize = 10;

/// Where it is not clear what runs.
pub(super) enum Doubt {
    /// Here most of all.
    Outing(u32),
    /// Nowhere.
    None,
    /// Time is over.
    Late,
}

/// What closing and running an outing has cost, for each part of the way to it.
#[derive(Clone, Copy, Default)]
pub(super) struct Experience {
    cost: [f64; 2],
    times: f64,
}

impl Experience {
    /// Notes what both ways cost when `part` of the outing runs.
    fn note(&mut self, [closed, runs]: [f64; 2], part: f64) {
        self.cost[0] += closed.max(0.0) / part.max(0.01);
        self.cost[1] += runs.max(0.0) / (1.0 - part).max(0.01);
        self.times += 1.0;
    }

    /// How much both ways together promise, when `part` of the outing runs.
    fn promise(&self, part: f64) -> f64 {
        let mean = |way: usize| self.cost[way] / self.times.max(1.0);
        (mean(0) * part).max(1.0) * (mean(1) * (1.0 - part)).max(1.0)
    }
}

impl Tree<'_> {
    /// The outing on which to divide, of those of which the relaxation runs a part.
    pub(super) fn doubtful(&mut self, basis: &Basis, limit: f64, pace: &mut Pace<'_>) -> Doubt {
        let parts = self.parts();
        let promise = |tree: &Self, it: &(usize, f64)| tree.experience[it.0].promise(it.1);
        let doubt = |it: &(usize, f64)| it.1.min(1.0 - it.1);
        let mut order = parts.clone();
        order.sort_by(|a, b| {
            let promising = promise(self, b).total_cmp(&promise(self, a));
            promising.then(doubt(b).total_cmp(&doubt(a))).then(a.0.cmp(&b.0))
        });
        order.retain(|it| self.experience[it.0].times < RELIABLE);
        for (outing, part) in order.into_iter().take(TRIALS) {
            let before = self.relaxation.program.worth();
            let closed = self.tried(outing, Fate::Closed, basis, limit, pace);
            let runs = self.tried(outing, Fate::Runs, basis, limit, pace);
            let (Some(closed), Some(runs)) = (closed, runs) else { return Doubt::Late };
            self.experience[outing].note([closed, runs].map(|after| before - after.max(limit)), part);
        }
        let best = parts.iter().max_by(|a, b| promise(self, a).total_cmp(&promise(self, b)).then(b.0.cmp(&a.0)));
        best.map_or(Doubt::None, |it| Doubt::Outing(id(it.0)))
    }

    /// Outings of which the relaxation runs a part, and how much.
    pub(super) fn parts(&self) -> Vec<(usize, f64)> {
        let part = |outing: usize| self.relaxation.runs(outing).map(|part| (outing, part));
        let all = (0..self.groups.fate.len()).filter_map(part);
        all.filter(|it| it.1 > WHOLE && it.1 < 1.0 - WHOLE).collect()
    }

    /// What is left of the points a few steps after this decision. `None` when time is over.
    fn tried(&mut self, outing: usize, fate: Fate, basis: &Basis, limit: f64, pace: &mut Pace<'_>) -> Option<f64> {
        let (mut left, mut over, steps) = (TRIAL, false, &mut self.steps);
        let after = self.relaxation.probe(outing, fate, limit, &mut || {
            *steps += 1;
            left -= 1;
            over = over || (steps.is_multiple_of(STEPS) && pace.tick().is_none());
            left > 0 && !over
        });
        self.relaxation.program.restore(basis);
        (!over).then_some(after)
    }
}
