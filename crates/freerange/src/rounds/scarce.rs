//! Which limits of a plan cost most, told by what they are in the house instead of by number.

use freerange_allocate::round::{self, Scarcity, Solution};
use freerange_store::round::{Instance, Limit, Scarce};

/// Limits told of one plan.
const MOST: usize = 8;
/// Limits looked at: some of them may not be told.
const LOOKED_AT: usize = 40;

/// The limits that may be told, those that would let most people go first.
pub(super) fn scarce(instance: &Instance, read: &round::Instance, solution: &Solution) -> Vec<Scarce> {
    let found = round::scarce(read, solution, LOOKED_AT);
    let told = found.into_iter().filter_map(|found| {
        let limit = limit(instance, found.what)?;
        let [waiting, more, seated] = [found.waiting, found.more, found.seated].map(i64::from);
        Some(Scarce { limit, waiting, more, seated, name: String::new() })
    });
    told.filter(Scarce::may_be_told).take(MOST).collect()
}

/// Nothing for what only stands for colleagues who are away already.
fn limit(instance: &Instance, what: Scarcity) -> Option<Limit> {
    let outing = |number: u32| instance.outings.get(number as usize).map(|outing| outing.id.0);
    match what {
        Scarcity::Outing(number) => outing(number).map(Limit::Outing),
        Scarcity::Group(number) => outing(number).map(Limit::Group),
        Scarcity::TeamWeek(team, week) => {
            let team = instance.teams.get(team as usize)?;
            Some(Limit::Team(team.manager.map(|id| id.0), instance.weeks.get(week as usize)?.monday().to_string()))
        }
        // A neighbourhood of the files is one in one week.
        Scarcity::PlaceWeek(place, _) => {
            let (place, week, _) = instance.place_weeks.get(place as usize)?;
            Some(Limit::Place(place.map(|id| id.0), instance.weeks.get(*week)?.monday().to_string()))
        }
        Scarcity::Host(host) => instance.hosts.get(host as usize).map(|(name, _)| Limit::Host(name.clone())),
    }
}
