//! An exchange: staff of one city take a post in another, and every city receives as many as it sends, in rings of any
//! length. May use the files and limits of this crate; promises a solution that keeps every rule and a certificate that
//! proves how good it is.
//!
//! Rules: one post a person, never in the own city; post caps; caps on going from one city to another; at most `max_out`
//! leave a city; as many come as go. Maximise score plus bonus over those placed.

mod certificate;
mod instance;
mod rings;
mod simplex;
mod verify;

pub use certificate::{Binding, Certificate, Prices, Solution};
pub use instance::Instance;
pub use verify::verify;

use crate::claim::Claim;
use crate::limits::{Limits, Pace, Progress, Until};
use crate::number::{id, signed};
use rings::Rings;

/// Iterations when the caller sets no limit. Without pair caps one is always enough.
const USUAL_ITERATIONS: u64 = 120;
/// The last repair comes after this share of the seconds, so that it too fits in.
const UNTIL: Until = Until { iterations: 1.0, seconds: 0.85 };

/// What `solve` returns.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Who takes which post.
    pub solution: Solution,
    /// The proof.
    pub certificate: Certificate,
}

/// Matches staff and posts. `progress` is called often; when it returns false the best so far is returned. Never fails:
/// an empty solution is feasible. Works on one thread whatever the limits say.
pub fn solve(instance: &Instance, limits: &Limits<'_>, progress: &mut dyn FnMut(Progress) -> bool) -> Outcome {
    let mut pace = Pace::new(limits, USUAL_ITERATIONS, progress);
    let mut rings = Rings::new(instance);
    rings.solve(&mut pace, UNTIL);
    let claim = Claim {
        version: crate::VERSION,
        seed: i64::try_from(pace.seed()).unwrap_or(i64::MAX),
        iterations: i64::try_from(pace.done()).unwrap_or(i64::MAX),
        objective: rings.objective,
        bound: rings.bound,
    };
    let mut placements: Vec<(u32, u32)> = Vec::new();
    for person in 0..instance.people() {
        let span = instance.span(person);
        let from = rings.placed.partition_point(|&edge| (edge as usize) < span.start);
        if let Some(&edge) = rings.placed.get(from).filter(|&&edge| (edge as usize) < span.end) {
            placements.push((id(person), instance.edges[edge as usize].post));
        }
    }
    let binding = binding(instance, &placements);
    let certificate = Certificate { claim, prices: rings.proof, binding };
    Outcome { solution: Solution { placements }, certificate }
}

fn binding(instance: &Instance, placements: &[(u32, u32)]) -> Binding {
    let mut posts = vec![0; instance.posts.len()];
    let mut cities = vec![0; instance.max_out.len()];
    let mut pairs = std::collections::HashMap::new();
    for &(person, post) in placements {
        let from = instance.staff[person as usize].city;
        posts[post as usize] += 1;
        cities[from as usize] += 1;
        *pairs.entry((from, instance.posts[post as usize].city)).or_insert(0) += 1;
    }
    let full = |used: i64, cap: i64| used > 0 && used >= cap;
    let taken = |pair: &&instance::Pair| full(pairs.get(&(pair.from, pair.to)).copied().unwrap_or(0), pair.cap);
    Binding {
        posts: (0..posts.len()).filter(|&post| full(posts[post], instance.posts[post].cap)).map(signed).collect(),
        cities: (0..cities.len()).filter(|&city| full(cities[city], instance.max_out[city])).map(signed).collect(),
        pairs: instance.pairs.iter().filter(taken).map(|pair| [i64::from(pair.from), i64::from(pair.to)]).collect(),
    }
}
