//! Why everybody got what they got: one true reason for each person, and which limits cost most. May use the plan;
//! promises reasons that anybody can recount from the instance and the solution.

use std::fmt::Write;
use std::path::Path;

use super::certificate::Solution;
use super::instance::Instance;
use super::state::{Limit, Plan};
use crate::file::{self, FileError};
use crate::number::id;

/// A wish that was not met, and what stood in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The outing.
    pub outing: u32,
    /// Its place among the person's wishes, from 1.
    pub rank: u32,
    /// Everything that stood in the way. One alone: but for it, this wish could have been met, everybody else staying where
    /// they are. None: the plan was changed by hand.
    pub limits: Vec<Limit>,
}

/// What one person got, and why not more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The person.
    pub person: u32,
    /// Seats they got.
    pub seats: u32,
    /// The best place among their wishes that they got, from 1; 0 when they got none.
    pub best_rank: u32,
    /// The wish that came nearest, when one they would rather have had was not met: the best in whose way a single limit
    /// stood, otherwise the best.
    pub missed: Option<Missed>,
}

/// A reason for everybody, in the order of their ids.
pub fn explain(instance: &Instance, solution: &Solution) -> Vec<Reason> {
    let plan = Plan::new(instance, solution);
    (0..instance.people()).map(|person| of(&plan, person)).collect()
}

fn of(plan: &Plan<'_>, person: usize) -> Reason {
    let start = plan.instance.span(person).start;
    let seats = plan.seats(person);
    let best_rank = seats.iter().min().map_or(0, |&pair| id(pair as usize - start) + 1);
    Reason { person: id(person), seats: id(seats.len()), best_rank, missed: missed(plan, person) }
}

fn missed(plan: &Plan<'_>, person: usize) -> Option<Missed> {
    let span = plan.instance.span(person);
    let mut first = None;
    for pair in span.clone().filter(|&pair| !plan.seats(person).contains(&id(pair))) {
        let Ok(given) = plan.instead(person, pair) else { continue };
        let rank = id(pair - span.start) + 1;
        let limits = plan.in_the_way(person, pair, given);
        let missed = Missed { outing: plan.instance.edges[pair].outing, rank, limits };
        if missed.limits.len() == 1 {
            return Some(missed);
        }
        first = first.or(Some(missed));
    }
    first
}

/// Writes reasons: `person,seats,best_rank,missed,missed_rank,limits`, with `missed_rank` 0 where nothing was missed and
/// `limits` as the sum of [`Limit::bit`].
pub fn write_reasons(reasons: &[Reason], path: &Path) -> Result<(), FileError> {
    let mut text = String::from("person,seats,best_rank,missed,missed_rank,limits\n");
    for reason in reasons {
        let (outing, rank, limits) = reason.missed.as_ref().map_or((0, 0, 0), |missed| {
            (missed.outing, missed.rank, missed.limits.iter().map(|limit| limit.bit()).sum::<u32>())
        });
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{},{},{},{outing},{rank},{limits}", reason.person, reason.seats, reason.best_rank);
    }
    file::write_whole(path, text.as_bytes())
}

/// A limit that cost much, and what a little more of it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scarce {
    /// Which.
    pub what: Scarcity,
    /// People without any seat in whose way nothing else stands on at least one of their wishes.
    pub waiting: u32,
    /// So many places more ...
    pub more: u32,
    /// ... would let so many of them go, everybody else staying where they are.
    pub seated: u32,
}

/// A limit of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scarcity {
    /// The places of an outing.
    Outing(u32),
    /// The smallest group of an outing that does not run; `more` is by how much it would have to be smaller.
    Group(u32),
    /// How many of a team may be away in a week: `(team, week)`.
    TeamWeek(u32, u32),
    /// How many visitors a neighbourhood receives in a week: `(neighbourhood, week)`.
    PlaceWeek(u32, u32),
    /// How many a host receives in the season.
    Host(u32),
}

/// The limits with which most people without a seat could go, at most `most` of them, the best first.
pub fn scarce(instance: &Instance, solution: &Solution, most: usize) -> Vec<Scarce> {
    let mut plan = Plan::new(instance, solution);
    let mut waiting: Vec<(Scarcity, u32, usize)> = Vec::new();
    for person in (0..instance.people()).filter(|&person| plan.seats(person).is_empty()) {
        for pair in instance.span(person) {
            if let Ok(None) = plan.instead(person, pair)
                && let [limit] = plan.in_the_way(person, pair, None)[..]
                && let Some(what) = which(&plan, person, pair, limit)
            {
                waiting.push((what, id(person), pair));
            }
        }
    }
    waiting.sort_unstable();
    let groups = waiting.chunk_by(|a, b| a.0 == b.0);
    let mut found: Vec<Scarce> = groups.filter_map(|group| relieved(&mut plan, group)).collect();
    found.sort_by_key(|scarce| (std::cmp::Reverse(scarce.seated), scarce.more, scarce.what));
    found.truncate(most);
    found
}

fn which(plan: &Plan<'_>, person: usize, pair: usize, limit: Limit) -> Option<Scarcity> {
    let outing = plan.instance.edges[pair].outing;
    let at = &plan.instance.outings[outing as usize];
    match limit {
        Limit::NotRunning => Some(Scarcity::Group(outing)),
        Limit::Full => Some(Scarcity::Outing(outing)),
        Limit::Team => Some(Scarcity::TeamWeek(plan.instance.persons[person].team, at.week)),
        Limit::Place => Some(Scarcity::PlaceWeek(at.nbhd, at.week)),
        Limit::Host => Some(Scarcity::Host(at.host)),
        Limit::Group => None,
    }
}

/// Seats those who wait for this limit as if it were gone, all others kept, and takes them off again.
fn relieved(plan: &mut Plan<'_>, group: &[(Scarcity, u32, usize)]) -> Option<Scarce> {
    let what = group[0].0;
    let gone = match what {
        Scarcity::Group(_) => Limit::NotRunning,
        Scarcity::Outing(_) => Limit::Full,
        Scarcity::TeamWeek(..) => Limit::Team,
        Scarcity::PlaceWeek(..) => Limit::Place,
        Scarcity::Host(_) => Limit::Host,
    };
    let mut seated: Vec<(usize, usize)> = Vec::new();
    let mut people: Vec<u32> = group.iter().map(|(_, person, _)| *person).collect();
    people.dedup();
    for &(_, person, pair) in group {
        let person = person as usize;
        if plan.seats(person).is_empty() && plan.in_the_way(person, pair, None).iter().all(|limit| *limit == gone) {
            plan.sit(person, pair);
            seated.push((person, pair));
        }
    }
    let count = id(seated.len());
    let more = match what {
        Scarcity::Group(outing) => plan.instance.outings[outing as usize].min.saturating_sub(count),
        _ => count,
    };
    for (person, pair) in seated {
        plan.leave(person, id(pair));
    }
    (count > 0 && more > 0).then_some(Scarce { what, waiting: id(people.len()), more, seated: count })
}
