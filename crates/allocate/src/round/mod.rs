//! A round: everybody's wishes at once, under team cover, neighbourhood limits, host limits and group sizes. May use the
//! files and limits of this crate; promises a feasible solution and a certificate that proves how good it is.
//!
//! Rules: R1 at most k seats a person; R2 at most one in any week; R3 eligible pairs only, each once; R4 an outing has no
//! seats (cancelled) or min to max; R5 team-week, R6 neighbourhood-week and R7 host capacities. Maximise scores plus the
//! bonus of each person's first, second and third outing.

mod branch;
mod cases;
mod certificate;
mod chain;
mod demand;
mod dive;
mod explain;
mod fairness;
mod groups;
mod instance;
mod prices;
mod relaxation;
mod replan;
mod residual;
mod rows;
mod search;
mod seating;
mod state;
mod verify;
mod verify_cases;
mod verify_fairness;
mod verify_reasons;
mod wishes;

pub use cases::Case;
pub use certificate::{Binding, Certificate, Prices, Solution};
pub use explain::{Missed, Reason, Scarce, Scarcity, explain, scarce, write_reasons};
pub use fairness::Fairness;
pub use instance::Instance;
pub use replan::{Before, USUAL_KEEP, kept, replan};
pub use state::Limit;
pub use verify::verify;
pub use verify_reasons::verify_reasons;

use crate::claim::Claim;
use crate::limits::{Limits, Pace, Progress, Until};
use crate::number::signed;
use crate::random::Random;
use dive::Bound;
use prices::Market;
use rows::Rows;
use seating::Seating;

/// Shares of the work after which prices of seats and the bound end; then of each dive the share after which it is
/// decided which outings run, and after which everybody sits; the rest of it is the search. An iteration of the search
/// takes many times as long as one of the others, so that it has few of them.
struct Schedule {
    prices: Until,
    bound: Until,
    fates: Until,
    seats: Until,
    times: u32,
}

/// Prices of single seats are only a start here: after some fifty looks the bound that sees groups falls faster.
const USUAL: Schedule = Schedule {
    prices: Until { iterations: 0.03, seconds: 0.02 },
    bound: Until { iterations: 0.3, seconds: 0.25 },
    fates: Until { iterations: 0.43, seconds: 0.33 },
    seats: Until { iterations: 0.98, seconds: 0.87 },
    times: 1,
};
/// Small rounds are branched on from a first bound; only where that has no answer in time is there a dive.
const SMALL: Schedule = Schedule {
    prices: Until { iterations: 0.05, seconds: 0.04 },
    bound: Until { iterations: 0.1, seconds: 0.08 },
    fates: Until { iterations: 0.45, seconds: 0.4 },
    seats: Until { iterations: 0.97, seconds: 0.8 },
    times: 1,
};
/// Rounds below this many people are small.
const SMALL_ROUND: usize = 2_000;
const BRANCHES_UNTIL: Until = Until { iterations: 0.95, seconds: 0.9 };
const SEARCH_UNTIL: Until = Until { iterations: 1.0, seconds: 1.0 };

/// What `solve` returns.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Who goes where.
    pub solution: Solution,
    /// The proof.
    pub certificate: Certificate,
}

/// Matches people and outings. `progress` is called at every iteration; when it returns false the best so far is
/// returned. Never fails: an empty solution is feasible.
///
/// Prices first (they are the bound), then the decision which outings run, then seats, then small improvements. Small rounds
/// are branched on.
pub fn solve(instance: &Instance, limits: &Limits<'_>, progress: &mut dyn FnMut(Progress) -> bool) -> Outcome {
    let mut pace = Pace::new(limits, usual_iterations(instance), progress);
    let rows = Rows::of(instance);
    let mut market = Market::new(instance, rows, pace.threads());
    let schedule = if instance.people() < SMALL_ROUND { &SMALL } else { &USUAL };
    market.find_prices(&mut pace, schedule.prices);
    let bound = Bound::find(&market, &mut pace, schedule.bound);
    let (found, proven, proof) = if instance.people() < SMALL_ROUND {
        let branch::Branched { found, bound: proven, proof, finished } =
            branch::solve(&bound, &mut pace, BRANCHES_UNTIL);
        let found = match found {
            Some(found) if finished => found,
            Some(found) => {
                let seating = found.seated(Seating::new(instance, rows, bound.advice()));
                search::search(seating, market.worth(), &mut pace, SEARCH_UNTIL)
            }
            None => dives(&bound, market.worth(), schedule, &mut pace),
        };
        (found, proven, proof)
    } else {
        let (prices, twins) = bound.proof();
        let proof = (certificate::Prices::of(&rows, prices, twins), Vec::new());
        (dives(&bound, market.worth(), schedule, &mut pace), bound.value(), proof)
    };
    let mut plan = state::Plan::new(instance, &Solution::of(instance, &found));
    plan.polish();
    let solution = plan.solution();
    let claim = claim(&pace, plan.points(), proven);
    let certificate = Certificate::of(instance, &rows, proof, claim, &solution);
    Outcome { solution, certificate }
}

/// The best of so many dives, each improved by a search of its own.
fn dives(bound: &Bound<'_>, worth: f32, schedule: &Schedule, pace: &mut Pace<'_>) -> search::Found {
    let mut random = Random::new(pace.seed());
    let times = schedule.times.max(1);
    let mut one = |time: u32, pace: &mut Pace<'_>| {
        let from = schedule.bound.towards(SEARCH_UNTIL, f64::from(time) / f64::from(times));
        let to = schedule.bound.towards(SEARCH_UNTIL, f64::from(time + 1) / f64::from(times));
        let until = |part: Until| from.between(to, part);
        let ends = dive::Ends { fates: until(schedule.fates), seats: until(schedule.seats) };
        let seating = bound.dive(&ends, (time > 0).then_some(&mut random), pace);
        search::search(seating, worth, pace, to)
    };
    let mut best = one(0, pace);
    for time in 1..times {
        if !pace.wanted() {
            break;
        }
        let found = one(time, pace);
        if found.objective > best.objective {
            best = found;
        }
        pace.objective = Some(best.objective);
    }
    best
}

fn claim(pace: &Pace<'_>, objective: i64, bound: i64) -> Claim {
    Claim {
        version: crate::VERSION,
        seed: i64::try_from(pace.seed()).unwrap_or(i64::MAX),
        iterations: i64::try_from(pace.claimed()).unwrap_or(i64::MAX),
        objective,
        bound,
    }
}

/// Small instances are harder for the prices and cheap to iterate on.
fn usual_iterations(instance: &Instance) -> u64 {
    let people = u64::try_from(signed(instance.people())).unwrap_or(1).max(1);
    (100_000_000 / people).clamp(2_000, 20_000)
}
