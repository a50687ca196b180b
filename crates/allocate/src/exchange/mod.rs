//! An exchange: staff of one city take a post in another, and every city receives as many as it sends, in rings of any
//! length. May use the files and limits of this crate; promises a solution that keeps every rule and a certificate that
//! proves how good it is.
//!
//! Rules: one post a person, never in the own city; post caps; caps on going from one city to another; at most `max_out`
//! leave a city; as many come as go. Maximise score plus bonus over those placed.

mod admit;
mod certificate;
mod instance;
mod market;
mod ranked;
mod rings;
mod scaling;
mod short;
mod verify;
mod verify_rings;

pub use certificate::{Binding, Certificate, Prices, Solution};
pub use instance::Instance;
pub use verify::verify;

use crate::claim::Claim;
use crate::limits::{Limits, Pace, Progress, Until};
use crate::number::{id, signed};
use rings::Rings;

/// Iterations when the caller sets no limit. Without pair caps the answer is exact and no limit is needed.
const USUAL_ITERATIONS: u64 = 1_000;
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

/// How people are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Most points, rings of any length: exact, or within the gap that the certificate proves.
    #[default]
    Weighted,
    /// Most points in rings of at most so many cities, at least 2. The bound is that of rings of any length.
    Short(u32),
    /// By ranks, so that nobody gains by stating other wishes than their own.
    Ranked,
}

impl Mode {
    /// The word in certificates and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Weighted => "weighted",
            Self::Short(_) => "short",
            Self::Ranked => "ranked",
        }
    }
}

/// Most cities for [`Mode::Short`]: it keeps a list for every pair of them.
pub const SHORT_CITIES: usize = 1_000;

/// Matches staff and posts for most points, see [`solve_in`].
pub fn solve(instance: &Instance, limits: &Limits<'_>, progress: &mut dyn FnMut(Progress) -> bool) -> Outcome {
    solve_in(instance, Mode::Weighted, limits, progress)
}

/// Matches staff and posts. `progress` is called often; when it returns false the best so far is returned. Never fails:
/// an empty solution is feasible, and is what more than [`SHORT_CITIES`] get in rings of limited length. Works on one
/// thread whatever the limits say.
pub fn solve_in(
    instance: &Instance,
    mode: Mode,
    limits: &Limits<'_>,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Outcome {
    let mut pace = Pace::new(limits, USUAL_ITERATIONS, progress);
    let mut rings = Rings::new(instance);
    let circles = match mode {
        Mode::Weighted => {
            rings.solve(&mut pace, UNTIL);
            Vec::new()
        }
        Mode::Ranked => {
            rings.warm(&mut pace);
            ranked::trade(instance, limits.seed)
        }
        Mode::Short(_) if instance.max_out.len() > SHORT_CITIES => Vec::new(),
        Mode::Short(longest) => {
            rings.warm(&mut pace);
            short::rings(instance, longest as usize, &mut pace, UNTIL)
        }
    };
    let mut placed = if mode == Mode::Weighted { rings.placed } else { circles.iter().flatten().copied().collect() };
    placed.sort_unstable();
    let pairs = pairs_of(instance, &placed);
    let claim = Claim {
        version: crate::VERSION,
        seed: i64::try_from(pace.seed()).unwrap_or(i64::MAX),
        iterations: i64::try_from(pace.claimed()).unwrap_or(i64::MAX),
        objective: pairs.iter().map(|&(person, edge)| instance.worth(person as usize, edge as usize)).sum(),
        bound: rings.bound,
    };
    let placements: Vec<(u32, u32)> =
        pairs.iter().map(|&(person, edge)| (person, instance.edges[edge as usize].post)).collect();
    let owner: std::collections::HashMap<u32, u32> = pairs.iter().map(|&(person, edge)| (edge, person)).collect();
    let staff = |ring: Vec<u32>| ring.iter().map(|edge| owner.get(edge).copied().map_or(0, i64::from)).collect();
    let certificate = Certificate {
        claim,
        mode,
        rings: circles.into_iter().map(staff).collect(),
        prices: rings.proof,
        binding: binding(instance, &placements),
    };
    Outcome { solution: Solution { placements }, certificate }
}

/// The persons of these edges, which are in the order of the instance.
fn pairs_of(instance: &Instance, placed: &[u32]) -> Vec<(u32, u32)> {
    let mut placed = placed.iter().copied().peekable();
    let mut pairs = Vec::with_capacity(placed.len());
    for person in 0..instance.people() {
        let span = instance.span(person);
        while let Some(edge) = placed.next_if(|&edge| (edge as usize) < span.end) {
            pairs.push((id(person), edge));
        }
    }
    pairs
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
