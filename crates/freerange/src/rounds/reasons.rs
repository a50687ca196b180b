//! Why everybody got what they got, who would move up, and which decisions by hand could be kept: read off a finished plan.
//! The one place where reasons are made.

use freerange_allocate::round::{Limit, Reason as Told};
use freerange_domain::{
    id::{OutingId, PersonId},
    round::{Because, Edit, Reason, Wished, reason},
};
use freerange_store::round::{Edge, Instance, Reserve, Why};

/// Reserves kept for one outing.
const RESERVES: usize = 10;

/// How full everything is in a plan.
struct Used {
    outings: Vec<i64>,
    places: Vec<i64>,
    hosts: Vec<i64>,
    teams: Vec<Vec<i64>>,
    people: Vec<Vec<usize>>,
}

impl Used {
    fn of(instance: &Instance, seats: &[Edge]) -> Self {
        let mut used = Self {
            outings: vec![0; instance.outings.len()],
            places: vec![0; instance.place_weeks.len()],
            hosts: vec![0; instance.hosts.len()],
            teams: vec![vec![0; instance.weeks.len()]; instance.teams.len()],
            people: vec![Vec::new(); instance.people.len()],
        };
        for seat in seats {
            let outing = &instance.outings[seat.outing];
            used.outings[seat.outing] += 1;
            used.places[outing.place_week] += 1;
            used.hosts[outing.host] += 1;
            used.teams[instance.people[seat.person].team][outing.week] += 1;
            used.people[seat.person].push(seat.outing);
        }
        used
    }

    fn wished(&self, instance: &Instance, edge: &Edge) -> Wished {
        let outing = &instance.outings[edge.outing];
        let team = instance.people[edge.person].team;
        let nobody = self.outings[edge.outing] == 0;
        Wished {
            rank: (edge.rank > 0).then_some(edge.rank),
            got: self.people[edge.person].contains(&edge.outing),
            banned: edge.edit == Some(Edit::Ban),
            cancelled: nobody && outing.max > 0,
            full: self.outings[edge.outing] >= outing.max,
            team: self.teams[team][outing.week] >= instance.teams[team].left[outing.week],
            place: self.places[outing.place_week] >= instance.place_weeks[outing.place_week].2,
            host: self.hosts[outing.host] >= instance.hosts[outing.host].1,
        }
    }
}

/// One true reason for everybody who wished for something. What the matcher says of those without a seat is kept: the wish
/// that came nearest, and what stood in its way; the verifier has recounted it. Decisions by hand and wishes that suit
/// nothing are not the matcher's.
pub(super) fn reasons(instance: &Instance, seats: &[Edge], told: &[Told]) -> Vec<Why> {
    let used = Used::of(instance, seats);
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
        let standing: Vec<Wished> = mine.iter().map(|e| used.wished(instance, e)).collect();
        let mut why = reason(&standing);
        let mut alone = false;
        if !matches!(why.kind, Because::Got | Because::Hand | Because::Nothing)
            && let Some(missed) = &told.missed
            && let Some(kind) = missed.limits.first().and_then(|limit| kind(*limit))
            && let Some(at) = mine.iter().position(|e| e.outing == missed.outing as usize)
        {
            // That every single one was full says more than that the nearest was.
            let all_full = why.kind == Because::Full && why.about.is_none();
            if !all_full {
                alone = missed.limits.len() == 1;
                why = Reason { kind, about: Some(at) };
            }
        }
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
    let used = Used::of(instance, seats);
    let mut could: Vec<Vec<&Edge>> = vec![Vec::new(); instance.outings.len()];
    for edge in &instance.edges {
        let has = &used.people[edge.person];
        let week = instance.outings[edge.outing].week;
        let free = has.iter().all(|o| instance.outings[*o].week != week);
        if used.outings[edge.outing] > 0
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
            (used.people[e.person].len(), -instance.people[e.person].waited, e.rank == 0, e.rank, e.person)
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
