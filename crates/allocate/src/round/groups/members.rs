//! Who may join each outing, in one line of memory, and the weeks in which somebody's pairs exclude each other. May use the
//! instance only; promises every pair once.

use super::super::instance::Instance;
use super::super::rows::Rows;
use crate::number::id;

/// The row of no shared week.
pub(super) const NO_TWIN: u32 = u32::MAX;

/// Somebody who may join an outing.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) person: u32,
    pub(super) score: i32,
    pub(super) pair: u32,
    /// The row of the person's team in the outing's week.
    pub(super) team_week: u32,
    /// The row of the person's week, where more than one pair of theirs lies in it.
    pub(super) twin: u32,
}

/// Weeks in which somebody who may go more than once has more than one pair.
pub(super) fn shared_weeks(instance: &Instance) -> Vec<(u32, u32)> {
    let mut twins = Vec::new();
    let mut weeks = Vec::new();
    for person in 0..instance.people() {
        if instance.persons[person].k < 2 {
            continue;
        }
        weeks.clear();
        weeks.extend(instance.edges[instance.span(person)].iter().map(|pair| {
            let outing = &instance.outings[pair.outing as usize];
            outing.week
        }));
        weeks.sort_unstable();
        for same in weeks.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            twins.push((id(person), same[0]));
        }
    }
    twins
}

/// Everybody who may join each outing, in the given order of outings, with where each begins.
pub(super) fn by_outing(
    instance: &Instance,
    rows: &Rows,
    order: &[u32],
    twins: &[(u32, u32)],
    first_twin: usize,
) -> (Vec<u32>, Vec<Member>) {
    let mut at = vec![0_usize; order.len()];
    for (place, &outing) in order.iter().enumerate() {
        at[outing as usize] = place;
    }
    let mut first = vec![0_u32; order.len() + 1];
    for pair in &instance.edges {
        first[at[pair.outing as usize] + 1] += 1;
    }
    for place in 0..order.len() {
        first[place + 1] += first[place];
    }
    let mut next = first.clone();
    let mut members = vec![Member { person: 0, score: 0, pair: 0, team_week: 0, twin: NO_TWIN }; instance.edges.len()];
    // Those with a shared week come last in each outing, so that the processor guesses right which price is asked for.
    for shared in [false, true] {
        let mut begin = 0;
        for person in 0..instance.people() {
            let mine = twins[begin..].iter().take_while(|twin| twin.0 == id(person)).count();
            for edge in instance.span(person) {
                let pair = instance.edges[edge];
                let week = instance.outings[pair.outing as usize].week;
                let twin = twins[begin..begin + mine].iter().position(|twin| twin.1 == week);
                if twin.is_some() == shared {
                    let twin = twin.map_or(NO_TWIN, |place| id(first_twin + begin + place));
                    let team_week = id(rows.of_seat(instance, instance.persons[person].team, pair.outing)[1]);
                    let place = &mut next[at[pair.outing as usize]];
                    members[*place as usize] =
                        Member { person: id(person), score: pair.score, pair: id(edge), team_week, twin };
                    *place += 1;
                }
            }
            begin += mine;
        }
    }
    (first, members)
}
