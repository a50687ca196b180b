//! What people would choose at given prices, and the bound that follows from it. May use instance and rows; promises a
//! bound that is exact in whole numbers and independent of the number of threads.
//!
//! Lagrangian relaxation (Held and Karp 1970; Fisher 1981): for prices >= 0 on the rows,
//! `sum over people of the best choice at these prices + sum of capacity * price` is never below the best objective.

use super::instance::{Instance, Outing, SEATS_EACH};
use super::rows::Rows;
use crate::number::{id, signed};

/// Below this many pairs a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 300_000;

/// What one outing costs to enter (outing, neighbourhood-week and host together), and its week.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) price: i32,
    pub(super) week: u32,
}

/// Who wants what at the current prices.
pub(super) struct Demand {
    /// Seats wanted of each row.
    pub(super) used: Vec<u32>,
    /// Value of everybody's best choice, in price units.
    pub(super) value: i64,
}

/// Entry prices of all outings.
pub(super) fn entries(instance: &Instance, rows: &Rows, price: &[i32]) -> Vec<Entry> {
    let enter = |(number, outing): (usize, &Outing)| {
        let [own, _, nbhd, host] = rows.of_seat(instance, 0, id(number));
        Entry { price: price[own] + price[nbhd] + price[host], week: outing.week }
    };
    instance.outings.iter().enumerate().map(enter).collect()
}

/// One person's best choice of at most `k` pairs in distinct weeks at these prices: its value, and the pairs.
///
/// Taking the best pair of each week and then the best weeks is optimal because bonuses never rise.
pub(super) struct Choice {
    pub(super) value: i64,
    pub(super) picks: [u32; SEATS_EACH],
    pub(super) count: usize,
}

/// See [`Choice`]. `team_week` holds the prices of the person's team by week.
pub(super) fn choose(instance: &Instance, person: usize, entries: &[Entry], team_week: &[i32]) -> Choice {
    let who = &instance.persons[person];
    let k = usize::from(who.k);
    let mut best = [(i32::MIN, 0_u32, 0_u32); SEATS_EACH];
    let span = instance.span(person);
    if k == 0 {
        return Choice { value: 0, picks: [0; SEATS_EACH], count: 0 };
    }
    for (edge, pair) in (span.start..).zip(&instance.edges[span]) {
        let entry = entries[pair.outing as usize];
        let worth = pair.score * 1024 - entry.price - team_week[entry.week as usize];
        if worth > best[k - 1].0 {
            keep(&mut best, k, worth, entry.week, id(edge));
        }
    }
    let mut choice = Choice { value: 0, picks: [0; SEATS_EACH], count: 0 };
    for (place, (worth, _, edge)) in best.into_iter().take(k).enumerate() {
        let gain = i64::from(worth) + i64::from(who.bonus[place]) * 1024;
        if worth == i32::MIN || gain <= 0 {
            break;
        }
        choice.value += gain;
        choice.picks[place] = edge;
        choice.count += 1;
    }
    choice
}

/// Puts a pair into the sorted list of the best, one a week.
fn keep(best: &mut [(i32, u32, u32); SEATS_EACH], k: usize, worth: i32, week: u32, edge: u32) {
    let held = best[..k].iter().position(|&(value, w, _)| value != i32::MIN && w == week);
    let mut place = match held {
        Some(place) if best[place].0 >= worth => return,
        Some(place) => place,
        None => k - 1,
    };
    while place > 0 && best[place - 1].0 < worth {
        best[place] = best[place - 1];
        place -= 1;
    }
    best[place] = (worth, week, edge);
}

/// Everybody's best choice at these prices.
pub(super) fn demand(instance: &Instance, rows: &Rows, price: &[i32], entries: &[Entry], threads: usize) -> Demand {
    in_parts(instance, rows, price, entries, threads.min(1 + instance.edges.len() / WORTH_A_THREAD))
}

/// [`demand`], in exactly so many parts at the same time.
fn in_parts(instance: &Instance, rows: &Rows, price: &[i32], entries: &[Entry], threads: usize) -> Demand {
    let people = instance.people();
    let part = people.div_ceil(threads.max(1)).max(1);
    let mut demand = if threads <= 1 {
        of_people(instance, rows, price, entries, 0..people)
    } else {
        std::thread::scope(|scope| {
            let ask = |start: usize| {
                let range = start..(start + part).min(people);
                scope.spawn(move || of_people(instance, rows, price, entries, range))
            };
            let asked: Vec<_> = (0..people).step_by(part).map(ask).collect();
            let mut all = Demand { used: vec![0; rows.len], value: 0 };
            for answer in asked {
                // A panic in a part is a defect of ours: pass it on instead of returning half a demand.
                let answer = answer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.value += answer.value;
                for (sum, more) in all.used.iter_mut().zip(&answer.used) {
                    *sum += more;
                }
            }
            all
        })
    };
    for number in 0..instance.outings.len() {
        let [own, _, nbhd, host] = rows.of_seat(instance, 0, id(number));
        let seats = demand.used[own];
        demand.used[nbhd] += seats;
        demand.used[host] += seats;
    }
    demand
}

/// Counts outings and team-weeks only; the other rows follow from the outings.
fn of_people(
    instance: &Instance,
    rows: &Rows,
    price: &[i32],
    entries: &[Entry],
    range: std::ops::Range<usize>,
) -> Demand {
    let mut demand = Demand { used: vec![0; rows.len], value: 0 };
    for person in range {
        let start = rows.team_weeks + instance.persons[person].team as usize * rows.weeks;
        let choice = choose(instance, person, entries, &price[start..start + rows.weeks]);
        demand.value += choice.value;
        for &edge in &choice.picks[..choice.count] {
            let outing = instance.edges[edge as usize].outing as usize;
            demand.used[outing] += 1;
            demand.used[start + entries[outing].week as usize] += 1;
        }
    }
    demand
}

/// The bound these prices prove, in points: the exact value rounded down, since objectives are whole.
pub(super) fn bound(value: i64, price: &[i32], capacities: &[u32]) -> i64 {
    let rent: i128 = price.iter().zip(capacities).map(|(&p, &c)| i128::from(p) * i128::from(c)).sum();
    let total = (i128::from(value) + rent).div_euclid(i128::from(crate::PRICE_UNIT));
    i64::try_from(total).unwrap_or(i64::MAX)
}

/// The sum over people of the best bonuses and scores regardless of every row: what the zero prices prove.
pub(super) fn mean_worth(instance: &Instance) -> f32 {
    let mut sum = 0_i64;
    let mut counted = 0_i64;
    for person in 0..instance.people() {
        if let Some(best) = instance.edges[instance.span(person)].iter().map(|pair| pair.score).max() {
            sum += i64::from(best) + i64::from(instance.persons[person].bonus[0]);
            counted += 1;
        }
    }
    let mean = sum / counted.max(1);
    debug_assert!(mean <= signed(1 << 24));
    crate::number::real(u32::try_from(mean).unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::super::instance::{Edge, Instance, Outing, Person};
    use super::super::rows::Rows;
    use super::{bound, entries, in_parts};

    /// Ten people of two teams who all like four outings, at prices that differ.
    fn instance() -> Instance {
        let person =
            |p: u32| Person { team: p % 2, k: 1 + u8::from(p.is_multiple_of(3)), bonus: [50, 20, 0], first: 4 * p };
        let outing = |o: u32| Outing { week: o / 2, nbhd: 0, host: 0, min: 1, max: 3 };
        let score = |at: u32| i32::try_from(at * 7919 % 101).unwrap_or(0);
        Instance {
            persons: (0..=10).map(person).collect(),
            groups: Vec::new(),
            edges: (0..40).map(|at| Edge { outing: at % 4, score: score(at) }).collect(),
            outings: (0..4).map(outing).collect(),
            team_caps: vec![2, 3],
            nbhd_caps: vec![5],
            host_caps: vec![9],
            weeks: 2,
        }
    }

    #[test]
    fn the_number_of_threads_never_changes_the_demand_or_the_bound() {
        let instance = instance();
        let rows = Rows::of(&instance);
        let price: Vec<i32> = (0..rows.len).map(|row| i32::try_from(row * 5003 % 40_000).unwrap_or(0)).collect();
        let entries = entries(&instance, &rows, &price);
        let alone = in_parts(&instance, &rows, &price, &entries, 1);
        assert!(alone.value > 0, "somebody wants something, or this test shows nothing");
        for threads in [2, 3, 7, 64] {
            let together = in_parts(&instance, &rows, &price, &entries, threads);
            assert_eq!((together.value, &together.used), (alone.value, &alone.used));
            let caps = rows.capacities(&instance);
            assert_eq!(bound(together.value, &price, &caps), bound(alone.value, &price, &caps));
        }
    }
}
