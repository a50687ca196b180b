//! Small rounds, nearly solved: which outings run is branched on (Land and Doig 1960), each case with the prices of its own
//! linear relaxation, and dives from them seat people. May use the relaxation and the groups; promises a bound that is the
//! largest of its cases, which together leave nothing out, and seats that keep every rule but, here and there, a minimum,
//! which the search mends.

use super::dive::Bound;
use super::groups::{Fate, Groups};
use super::relaxation::Relaxation;
use super::search::{self, Found};
use super::seating::Seating;
use crate::limits::{Pace, Phase, Until};
use crate::linear::End;
use crate::number::id;

/// How far from whole a part may be and still count as whole.
const WHOLE: f64 = 1e-6;
/// Steps of the simplex method in one iteration: about as much work as one look at every person.
const STEPS: u64 = 4;
/// Most cases; each has a list of prices.
const MOST_CASES: usize = 600;
/// Points below the best answer at which a case is not worth following: what the relaxation's points may be wrong by.
const SLACK: f64 = 12.0;

/// Some outings decided, and what nobody can beat then.
struct Case {
    /// Outing and whether it runs.
    decided: Vec<(u32, bool)>,
    bound: i64,
    prices: Vec<i32>,
    /// The outing on which it was divided, and the two cases: closed, running.
    divided: Option<[usize; 2]>,
    done: bool,
}

/// The cases so far, and the best seats.
struct Tree<'a, 'b> {
    relaxation: Relaxation<'a>,
    groups: Groups<'a>,
    bound: &'b Bound<'a>,
    cases: Vec<Case>,
    best: Found,
    steps: u64,
}

pub(super) fn improve<'a>(bound: &Bound<'a>, best: Found, pace: &mut Pace<'_>, until: Until) -> Found {
    let groups = bound.groups().clone();
    let (prices, twins) = bound.proof();
    let relaxation = Relaxation::new(groups.instance(), bound.rows(), twins, prices);
    let root = Case { decided: Vec::new(), bound: bound.value(), prices: prices.to_vec(), divided: None, done: false };
    let mut tree = Tree { relaxation, groups, bound, cases: vec![root], best, steps: 0 };
    pace.enter(Phase::Groups, until);
    while let Some(next) = tree.next() {
        if !tree.follow(next, pace) {
            break;
        }
    }
    let top = tree.top();
    eprintln!("cases {} pivots {} best {} top {} t", tree.cases.len(), tree.relaxation.program.iterations, tree.best.objective, top);
    tree.best
}

impl Tree<'_, '_> {
    /// The open case with the highest bound.
    fn next(&self) -> Option<usize> {
        if self.cases.len() >= MOST_CASES {
            return None;
        }
        let open = self.cases.iter().enumerate().filter(|(_, case)| !case.done && case.divided.is_none());
        let (next, case) = open.max_by_key(|(number, case)| (case.bound, std::cmp::Reverse(*number)))?;
        (case.bound > self.best.objective).then_some(next)
    }

    /// No plan has more points.
    fn top(&self) -> i64 {
        let leaves = self.cases.iter().filter(|case| case.divided.is_none());
        leaves.map(|case| case.bound).max().unwrap_or(i64::MAX)
    }

    fn settle(&mut self, limit: f64, pace: &mut Pace<'_>) -> End {
        let steps = &mut self.steps;
        self.relaxation.settle(limit, &mut || {
            *steps += 1;
            !steps.is_multiple_of(STEPS) || pace.tick().is_some()
        })
    }

    /// Looks at one case: its bound, seats that it suggests, and how to divide it. False when time is over.
    fn follow(&mut self, number: usize, pace: &mut Pace<'_>) -> bool {
        let fates = self.fates(number);
        for (outing, &fate) in fates.iter().enumerate() {
            self.relaxation.decide(outing, fate);
        }
        let limit = cast(self.best.objective) - SLACK;
        let end = self.settle(limit, pace);
        if end == End::Stopped {
            return false;
        }
        let prices = self.relaxation.prices();
        let bound = self.groups.prove(&prices, &fates);
        if number < 12 { eprintln!("case {number} {:?} bound {bound} lp {:.1} was {} pivots {} {end:?}", self.cases[number].decided, self.relaxation.program.worth(), self.cases[number].bound, self.relaxation.program.iterations); }
        if bound < self.cases[number].bound {
            self.cases[number].bound = bound;
            self.cases[number].prices = prices;
        }
        pace.bound = Some(self.top());
        if end != End::Best || self.cases[number].bound <= self.best.objective {
            self.cases[number].done = true;
            return true;
        }
        let doubtful = self.doubtful();
        let dive = doubtful.is_none() || number < 1 || number % 8 == 0;
        if let Some(outing) = doubtful {
            self.divide(number, outing);
        } else {
            self.cases[number].done = true;
        }
        !dive || self.dive(&fates, pace)
    }

    fn fates(&self, number: usize) -> Vec<Fate> {
        let mut fates = vec![Fate::Free; self.groups.fate.len()];
        for &(outing, runs) in &self.cases[number].decided {
            fates[outing as usize] = if runs { Fate::Runs } else { Fate::Closed };
        }
        fates
    }

    /// The outing of which it is least clear whether it runs.
    fn doubtful(&self) -> Option<u32> {
        let part = |outing: usize| self.relaxation.runs(outing).map_or(0.0, |runs| runs.min(1.0 - runs));
        let doubtful = (0..self.groups.fate.len()).filter(|&outing| part(outing) > WHOLE);
        doubtful.max_by(|&a, &b| part(a).total_cmp(&part(b))).map(id)
    }

    fn divide(&mut self, number: usize, outing: u32) {
        let children = [false, true].map(|runs| {
            let case = &self.cases[number];
            let mut decided = case.decided.clone();
            decided.push((outing, runs));
            Case { decided, bound: case.bound, prices: case.prices.clone(), divided: None, done: false }
        });
        let first = self.cases.len();
        self.cases.extend(children);
        self.cases[number].divided = Some([first, first + 1]);
    }

    /// Decides what is nearly decided and seats who nearly sits, until everything is whole. False when time is over.
    fn dive(&mut self, fates: &[Fate], pace: &mut Pace<'_>) -> bool {
        let mut fates = fates.to_vec();
        let mut taken = Vec::new();
        let mut end = End::Best;
        while end == End::Best {
            if let Some(outing) = self.clearest() {
                let fate = if self.relaxation.runs(outing).is_some_and(|runs| runs < 0.5) { Fate::Closed } else { Fate::Runs };
                fates[outing] = fate;
                self.relaxation.decide(outing, fate);
            } else if let Some(seats) = self.surest() {
                for pair in seats {
                    self.relaxation.take(pair, true);
                    taken.push(pair);
                }
            } else {
                self.seat(pace);
                break;
            }
            end = self.settle(cast(self.best.objective), pace);
        }
        for pair in taken {
            self.relaxation.take(pair, false);
        }
        end != End::Stopped
    }

    /// The open outing of which it is clearest whether it runs.
    fn clearest(&self) -> Option<usize> {
        let part = |outing: usize| self.relaxation.runs(outing).map_or(0.0, |runs| runs.min(1.0 - runs));
        let open = (0..self.groups.fate.len()).filter(|&outing| part(outing) > WHOLE);
        open.min_by(|&a, &b| part(a).total_cmp(&part(b)))
    }

    /// Seats taken for the most part but not wholly; at least the surest.
    fn surest(&self) -> Option<Vec<u32>> {
        let parts: Vec<(u32, f64)> =
            self.relaxation.seats().map(|(_, pair, part)| (pair, part)).filter(|s| s.1 > WHOLE && s.1 < 1.0 - WHOLE).collect();
        let surest = parts.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let mut seats: Vec<u32> = parts.iter().filter(|s| s.1 > 0.9).map(|s| s.0).collect();
        if seats.is_empty() {
            seats.push(surest.0);
        }
        Some(seats)
    }

    /// Seats people as the relaxation says, where the rules allow it.
    fn seat(&mut self, pace: &mut Pace<'_>) {
        let instance = self.groups.instance();
        let rows = self.bound.rows();
        let prices = self.relaxation.prices();
        let mut seating = Seating::new(instance, rows, &prices[..rows.len]);
        for (person, pair, part) in self.relaxation.seats() {
            let person = person as usize;
            let free = seating.rows_of(person, pair).into_iter().all(|row| !seating.full(row));
            let week = seating.week_of(pair);
            if part > 0.5 && free && seating.has_room(person) && seating.seat_in_week(person, week).is_none() {
                seating.sit(person, pair);
            }
        }
        let found = search::mend(seating, pace.seed());
        eprintln!("dive {} was {} pivots {}", found.objective, self.best.objective, self.relaxation.program.iterations);
        if found.objective > self.best.objective {
            self.best = found;
            pace.objective = Some(self.best.objective);
        }
    }
}

fn cast(points: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "objectives are far below 2^53")]
    let real = points as f64;
    real
}
