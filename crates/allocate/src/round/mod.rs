//! A round: everybody's wishes at once, under team cover, neighbourhood limits, host limits and group sizes. May use the
//! files and limits of this crate; promises a feasible solution and a certificate that proves how good it is.
//!
//! Rules: R1 at most k seats a person; R2 at most one in any week; R3 eligible pairs only, each once; R4 an outing has no
//! seats (cancelled) or min to max; R5 team-week, R6 neighbourhood-week and R7 host capacities. Maximise scores plus the
//! bonus of each person's first, second and third outing.

mod certificate;
mod chain;
mod demand;
mod dive;
mod explain;
mod fairness;
mod groups;
mod instance;
mod prices;
mod residual;
mod rows;
mod search;
mod seating;
mod state;
mod verify;
mod verify_fairness;
mod verify_reasons;
mod wishes;

pub use certificate::{Binding, Certificate, Prices, Solution};
pub use explain::{Missed, Reason, Scarce, Scarcity, explain, scarce, write_reasons};
pub use fairness::Fairness;
pub use instance::Instance;
pub use state::Limit;
pub use verify::verify;
pub use verify_reasons::verify_reasons;

use crate::claim::Claim;
use crate::limits::{Limits, Pace, Progress, Until};
use crate::number::signed;
use prices::Market;
use rows::Rows;

/// Shares of the work after which each phase ends: seat prices, the bound, which outings run, who sits where, the search.
/// An iteration of the search takes many times as long as one of the others, so that it has few of them.
const PRICES_UNTIL: Until = Until { iterations: 0.15, seconds: 0.08 };
const ENDS: dive::Ends = dive::Ends {
    bound: Until { iterations: 0.3, seconds: 0.25 },
    fates: Until { iterations: 0.6, seconds: 0.5 },
    seats: Until { iterations: 0.985, seconds: 0.9 },
};
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
/// Prices first (they are the bound), then the decision which outings run, then seats, then small improvements.
pub fn solve(instance: &Instance, limits: &Limits<'_>, progress: &mut dyn FnMut(Progress) -> bool) -> Outcome {
    let mut pace = Pace::new(limits, usual_iterations(instance), progress);
    let rows = Rows::of(instance);
    let mut market = Market::new(instance, rows, pace.threads());
    market.find_prices(&mut pace, PRICES_UNTIL);
    let dived = dive::dive(&market, &mut pace, &ENDS);
    let found = search::search(dived.seating, market.worth(), &mut pace, SEARCH_UNTIL);
    let mut plan = state::Plan::new(instance, &Solution::of(instance, &found));
    plan.polish();
    let solution = plan.solution();
    let claim = Claim {
        version: crate::VERSION,
        seed: i64::try_from(pace.seed()).unwrap_or(i64::MAX),
        iterations: i64::try_from(pace.done()).unwrap_or(i64::MAX),
        objective: plan.points(),
        bound: dived.bound,
    };
    let certificate = Certificate::of(instance, &rows, &dived.proof, &dived.twins, claim, &solution);
    Outcome { solution, certificate }
}

/// Small instances are harder for the prices and cheap to iterate on.
fn usual_iterations(instance: &Instance) -> u64 {
    let people = u64::try_from(signed(instance.people())).unwrap_or(1).max(1);
    (100_000_000 / people).clamp(2_000, 20_000)
}
