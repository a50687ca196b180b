//! Why everybody got what they got, who would move up, and which decisions by hand could be kept: read off a finished plan.
//! The one place where reasons are made.

use freerange_allocate::round::{Limit, Reason as Told};
use freerange_domain::{
    id::{OutingId, PersonId},
    round::{Because, Edit, Wished, reason},
};
use freerange_store::round::{Edge, Instance, Reserve, Why};

/// Reserves kept for one outing.
const RESERVES: usize = 10;

/// Who goes where in a plan.
struct Going {
    /// Seats taken, by outing.
    seats: Vec<i64>,
    /// Outings, by person.
    of: Vec<Vec<usize>>,
}

impl Going {
    fn of(instance: &Instance, seats: &[Edge]) -> Self {
        let mut going = Self { seats: vec![0; instance.outings.len()], of: vec![Vec::new(); instance.people.len()] };
        for seat in seats {
            going.seats[seat.outing] += 1;
            going.of[seat.person].push(seat.outing);
        }
        going
    }

    fn wished(&self, instance: &Instance, edge: &Edge) -> Wished {
        Wished {
            got: self.of[edge.person].contains(&edge.outing),
            banned: edge.edit == Some(Edit::Ban),
            full: self.seats[edge.outing] >= instance.outings[edge.outing].max,
        }
    }
}

/// What stood in the way of the wish that came nearest: its position, and the first limit.
fn stood(told: &Told, mine: &[&Edge]) -> Option<(usize, Because)> {
    let missed = told.missed.as_ref()?;
    let kind = missed.limits.first().and_then(|limit| kind(*limit))?;
    Some((mine.iter().position(|e| e.outing == missed.outing as usize)?, kind))
}

/// One true reason for everybody who wished for something. What the matcher says of those without a seat is kept: the wish
/// that came nearest, and what stood in its way; the verifier has recounted it. Decisions by hand and wishes that suit
/// nothing are not the matcher's.
pub(super) fn reasons(instance: &Instance, seats: &[Edge], told: &[Told]) -> Vec<Why> {
    let going = Going::of(instance, seats);
    let mut wishes: Vec<Vec<&Edge>> = vec![Vec::new(); instance.people.len()];
    for edge in instance.edges.iter().chain(&instance.shut) {
        wishes[edge.person].push(edge);
    }
    let mut reasons = Vec::new();
    for ((person, mut mine), told) in instance.people.iter().zip(wishes).zip(told) {
        if mine.is_empty() && person.unfit.is_empty() {
            continue;
        }
        mine.sort_by_key(|e| (e.rank == 0, e.rank, e.outing));
        let standing: Vec<Wished> = mine.iter().map(|e| going.wished(instance, e)).collect();
        let stood = stood(told, &mine);
        let why = reason(&standing, stood);
        // One limit alone: but for it, the wish could have been met.
        let alone = stood.is_some_and(|(at, kind)| (why.kind, why.about) == (kind, Some(at)))
            && told.missed.as_ref().is_some_and(|m| m.limits.len() == 1);
        let about = why.about.map(|at| (mine[at], &instance.outings[mine[at].outing]));
        reasons.push(Why {
            person: person.id,
            kind: why.kind,
            rank: about.and_then(|(edge, _)| (edge.rank > 0).then_some(edge.rank)),
            outing: about.map(|(_, outing)| outing.id),
            week: about.map(|(_, outing)| instance.weeks[outing.week]),
            alone,
        });
    }
    reasons
}

/// The word for a limit; none for what nobody without a seat meets.
const fn kind(limit: Limit) -> Option<Because> {
    match limit {
        Limit::NotRunning => Some(Because::Group),
        Limit::Full => Some(Because::Full),
        Limit::Team => Some(Because::Team),
        Limit::Place => Some(Because::Place),
        Limit::Host => Some(Because::Host),
        Limit::Group => None,
    }
}

/// Who would fit on an outing that runs when a seat is given back: whoever has waited longest first.
pub(super) fn reserves(instance: &Instance, seats: &[Edge]) -> Vec<Reserve> {
    let going = Going::of(instance, seats);
    let mut could: Vec<Vec<&Edge>> = vec![Vec::new(); instance.outings.len()];
    for edge in &instance.edges {
        let has = &going.of[edge.person];
        let week = instance.outings[edge.outing].week;
        let free = has.iter().all(|o| instance.outings[*o].week != week);
        if going.seats[edge.outing] > 0
            && free
            && i64::try_from(has.len()).unwrap_or(i64::MAX) < instance.people[edge.person].wanted
        {
            could[edge.outing].push(edge);
        }
    }
    let mut reserves = Vec::new();
    for (outing, mut who) in instance.outings.iter().zip(could) {
        // Those without any outing come first, then whoever has waited longest.
        who.sort_by_key(|e| {
            (going.of[e.person].len(), -instance.people[e.person].waited, e.rank == 0, e.rank, e.person)
        });
        for (place_no, edge) in (1..).zip(who.into_iter().take(RESERVES)) {
            reserves.push(Reserve { outing: outing.id, person: instance.people[edge.person].id, place_no });
        }
    }
    reserves
}

/// What was decided by hand, and whether the plan keeps it. A ban always is.
pub(super) fn edits(instance: &Instance, seats: &[Edge]) -> Vec<(PersonId, OutingId, Edit, bool)> {
    let has = |person: PersonId, outing: OutingId| {
        seats.iter().any(|s| instance.people[s.person].id == person && instance.outings[s.outing].id == outing)
    };
    instance.edits.iter().map(|(p, o, e)| (*p, *o, *e, *e == Edit::Ban || has(*p, *o))).collect()
}
