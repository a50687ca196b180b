//! Small rounds, nearly solved: which outings run is branched on (Land and Doig 1960), each case with the prices of its own
//! linear relaxation, and descents from them seat people. May use the relaxation and the groups; promises a bound that is the
//! largest of its cases, which together leave nothing out, and seats that keep every rule.

mod descent;
mod trials;

use super::cases;
use super::certificate::{Prices, Proof};
use super::dive::Bound;
use super::groups::{Fate, Groups};
use super::relaxation::Relaxation;
use super::rows::Rows;
use super::search::Found;
use crate::limits::{Pace, Phase, Until};
use crate::linear::{Basis, End};
use trials::{Doubt, Experience};

/// How far from whole a part may be and still count as whole.
const WHOLE: f64 = 1e-6;
/// Steps of the simplex method in one iteration: about as much work as one look at every person.
const STEPS: u64 = 4;
/// Most branches; each has a list of prices.
const MOST_BRANCHES: usize = 600;
/// A branch whose relaxation is worth no more than this beyond the best answer is not worth following: points are whole, and
/// the relaxation's are never below the true ones.
const BETTER: f64 = 0.5;
/// Share of the time after which it is given up unless there is an answer by then.
const HOPE: f64 = 0.5;
/// A descent starts from the first branch, and from every so many after it.
const DESCENTS: usize = 8;

/// What branching found.
pub(super) struct Branched {
    /// The best seats, if any descent came to its end.
    pub(super) found: Option<Found>,
    /// What is proven, and the proof: prices with nothing decided, and cases when those prove more.
    pub(super) bound: i64,
    pub(super) proof: Proof,
    /// Whether nothing better is left to find by more of the same.
    pub(super) finished: bool,
}

/// Some outings decided, and what nobody can beat then.
struct Branch {
    /// Outing and whether it runs, the first decision first.
    decided: Vec<(u32, bool)>,
    bound: i64,
    prices: Vec<i32>,
    /// Where to begin with its relaxation.
    basis: Option<Basis>,
    /// The branches into which it was divided: closed, running.
    divided: Option<[usize; 2]>,
    done: bool,
}

/// The branches so far, and the best seats.
struct Tree<'a> {
    relaxation: Relaxation<'a>,
    groups: Groups<'a>,
    rows: Rows,
    branches: Vec<Branch>,
    best: Option<Found>,
    steps: u64,
    experience: Vec<Experience>,
}

/// Branches until nothing better is left or the phase is over.
pub(super) fn solve(bound: &Bound<'_>, pace: &mut Pace<'_>, until: Until) -> Branched {
    let groups = bound.groups().clone();
    let (prices, twins) = bound.proof();
    let relaxation = Relaxation::new(groups.instance(), bound.rows(), twins, prices, pace.seed());
    let root = Branch {
        decided: Vec::new(),
        bound: bound.value(),
        prices: prices.to_vec(),
        basis: None,
        divided: None,
        done: false,
    };
    let experience = vec![Experience::default(); groups.fate.len()];
    let rows = bound.rows();
    let mut tree = Tree { relaxation, groups, rows, branches: vec![root], best: None, steps: 0, experience };
    pace.enter(Phase::Groups, until);
    let finished = loop {
        let Some(next) = tree.next() else { break true };
        if !tree.follow(next, pace) {
            break false;
        }
    };
    tree.result(twins, finished)
}

impl Tree<'_> {
    /// The open branch with the highest bound.
    fn next(&self) -> Option<usize> {
        let open = self.branches.iter().enumerate().filter(|(_, branch)| !branch.done && branch.divided.is_none());
        let (next, branch) = open.max_by_key(|(number, branch)| (branch.bound, std::cmp::Reverse(*number)))?;
        (branch.bound > self.points() && self.branches.len() < MOST_BRANCHES).then_some(next)
    }

    /// Points of the best seats.
    fn points(&self) -> i64 {
        self.best.as_ref().map_or(0, |best| best.objective)
    }

    /// No plan has more points.
    fn top(&self) -> i64 {
        let leaves = self.branches.iter().filter(|branch| branch.divided.is_none());
        leaves.map(|branch| branch.bound).max().unwrap_or(i64::MAX)
    }

    /// Solves the relaxation as it is now, as far as it is above `limit`.
    fn settle(&mut self, limit: f64, pace: &mut Pace<'_>) -> End {
        let (steps, hope) = (&mut self.steps, if self.best.is_some() { 1.0 } else { HOPE });
        self.relaxation.settle(limit, &mut || {
            *steps += 1;
            !steps.is_multiple_of(STEPS) || pace.tick().is_some_and(|over| over < hope)
        })
    }

    /// Looks at one branch: its bound, seats that it suggests, and how to divide it. False when time is over.
    fn follow(&mut self, number: usize, pace: &mut Pace<'_>) -> bool {
        let fates = self.fates(number);
        for (outing, &fate) in fates.iter().enumerate() {
            self.relaxation.decide(outing, fate);
        }
        if let Some(basis) = &self.branches[number].basis {
            self.relaxation.program.restore(basis);
        }
        let limit = real(self.points()) - BETTER;
        let end = self.settle(limit, pace);
        self.note(number, &fates, pace);
        if end == End::Stopped {
            return false;
        }
        if end != End::Best || self.branches[number].bound <= self.points() {
            self.branches[number].done = true;
            return true;
        }
        if self.best.is_none() {
            self.seat(pace);
        }
        let basis = self.relaxation.program.basis();
        match self.doubtful(&basis, limit, pace) {
            Doubt::Late => false,
            Doubt::None => {
                self.branches[number].done = true;
                self.search_seats(basis, pace)
            }
            Doubt::Outing(outing) => {
                self.divide(number, outing, &basis);
                !number.is_multiple_of(DESCENTS) || self.descend(&fates, &basis, pace)
            }
        }
    }

    /// Keeps the prices of now for a branch when they prove more than those it had.
    fn note(&mut self, number: usize, fates: &[Fate], pace: &mut Pace<'_>) {
        let prices = self.relaxation.prices();
        let bound = self.groups.prove(&prices, fates);
        if bound < self.branches[number].bound {
            self.branches[number].bound = bound;
            self.branches[number].prices = prices;
            pace.bound = Some(self.top());
        }
    }

    fn fates(&self, number: usize) -> Vec<Fate> {
        let mut fates = vec![Fate::Free; self.groups.fate.len()];
        for &(outing, runs) in &self.branches[number].decided {
            fates[outing as usize] = if runs { Fate::Runs } else { Fate::Closed };
        }
        fates
    }

    fn divide(&mut self, number: usize, outing: u32, basis: &Basis) {
        let halves = [false, true].map(|runs| {
            let branch = &self.branches[number];
            let mut decided = branch.decided.clone();
            decided.push((outing, runs));
            let (prices, basis) = (branch.prices.clone(), Some(basis.clone()));
            Branch { decided, bound: branch.bound, prices, basis, divided: None, done: false }
        });
        let first = self.branches.len();
        self.branches.extend(halves);
        self.branches[number].divided = Some([first, first + 1]);
    }

    /// The proof: branches as far from the root as they are needed.
    fn result(mut self, twins: &[(u32, u32)], finished: bool) -> Branched {
        let top = self.top();
        let (mut bound, mut leaves, mut open) = (i64::MIN, Vec::new(), vec![0]);
        while let Some(number) = open.pop() {
            match self.branches[number].divided {
                Some(halves) if self.branches[number].bound > top => open.extend(halves),
                _ => leaves.push(number),
            }
        }
        for &number in &leaves {
            let fates = self.fates(number);
            bound = bound.max(self.groups.prove(&self.branches[number].prices, &fates));
        }
        let case = |&number: &usize| {
            let Branch { decided, prices, .. } = &self.branches[number];
            cases::case(decided, Prices::of(&self.rows, prices, twins))
        };
        let prices = Prices::of(&self.rows, &self.branches[0].prices, twins);
        let cases = if leaves.len() > 1 { leaves.iter().map(case).collect() } else { Vec::new() };
        Branched { found: self.best, bound, proof: (prices, cases), finished }
    }
}

fn real(points: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "objectives are far below 2^53")]
    let real = points as f64;
    real
}
