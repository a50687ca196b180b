//! Seats people by the prices, closes what stays too small, and improves by simulated annealing over ejection chains.
//! May use chains and the pace; promises a feasible solution at any moment it is stopped.

use super::chain::Chains;
use super::instance::SEATS_EACH;
use super::seating::{EMPTY, Seating};
use crate::limits::{Pace, Phase, Until};
use crate::number::{decay, id, power};

/// First and last temperature, in parts of the mean worth of a person's best outing. Large rounds begin close to the best
/// answer, and heat would only melt it.
const HEAT: (f64, f64) = (0.005, 0.0005);
const SMALL_HEAT: (f64, f64) = (0.02, 0.002);
/// Rounds below this many people are small.
const SMALL: usize = 2_000;
/// Least chains in one iteration, so that tiny instances do not spend their time on the schedule.
const LEAST_CHAINS: usize = 1_000;
/// Length of an ordinary chain.
const LENGTH: usize = 16;
/// How far choices stray from the prices, what a chain may lose on its way, and what branching costs: in temperatures.
const NOISE: f64 = 0.3;
const BUDGET: f64 = 7.0;
const BRANCHING: f64 = 1.0;
/// People looked at to find one without a seat who is promised much.
const LOOKS: usize = 12;

/// The best seats found: for each person three places, each a pair or `EMPTY`.
pub(super) struct Found {
    pub(super) seat: Vec<u32>,
    pub(super) objective: i64,
}

/// Mends what is below its minimum, then improves until the pace says stop.
pub(super) fn search(seating: Seating<'_>, worth: f32, pace: &mut Pace<'_>, until: Until) -> Found {
    let instance = seating.instance;
    let mut chains = Chains::new(seating, pace.seed());
    close_the_short(&mut chains);
    chains.look_out();
    let mut found = Found { seat: chains.seating.seat.clone(), objective: chains.seating.objective };
    pace.objective = Some(found.objective);
    pace.enter(Phase::Search, until);
    let sweep = instance.people().max(LEAST_CHAINS);
    let (hot, cold) = if instance.people() < SMALL { SMALL_HEAT } else { HEAT };
    while !instance.edges.is_empty()
        && let Some(fraction) = pace.tick()
    {
        let heat = f64::from(worth) * hot * power(cold / hot, fraction);
        for _ in 0..sweep {
            one_chain(&mut chains, heat);
        }
        if chains.seating.objective > found.objective {
            found.objective = chains.seating.objective;
            found.seat.copy_from_slice(&chains.seating.seat);
            pace.objective = Some(found.objective);
        }
    }
    found
}

/// Mends what is below its minimum, and seats whom that leaves room for.
pub(super) fn mend(seating: Seating<'_>, seed: u64) -> Found {
    let mut chains = Chains::new(seating, seed);
    close_the_short(&mut chains);
    let Seating { seat, objective, .. } = chains.seating;
    Found { seat, objective }
}

/// Outings below their minimum are filled where that is possible and closed otherwise.
fn close_the_short(chains: &mut Chains<'_>) {
    let instance = chains.seating.instance;
    for (number, outing) in instance.outings.iter().enumerate() {
        let used = chains.seating.row[number].used;
        if used == 0 || used >= outing.min {
            continue;
        }
        chains.begin();
        if chains.open(id(number), LENGTH) {
            continue;
        }
        chains.undo();
        while let Some(&seat) = chains.seating.in_row(number).last() {
            chains.seating.leave(seat as usize);
        }
    }
    for person in 0..instance.people() {
        if chains.seating.has_room(person) {
            let before = chains.seating.objective;
            chains.begin();
            if !chains.improve(person, LENGTH) || chains.seating.objective < before {
                chains.undo();
            }
        }
    }
}

/// One chain: kept when it brings points, or with a chance that falls with the loss and as the search cools.
fn one_chain(chains: &mut Chains<'_>, heat: f64) {
    let before = chains.seating.objective;
    chains.noise = whole(heat * NOISE).unsigned_abs().max(1);
    chains.budget = whole(heat * BUDGET);
    chains.branching = whole(heat * BRANCHING);
    chains.begin();
    let done = any_move(chains);
    let lost = before - chains.seating.objective;
    let keep = done && (lost <= 0 || chains.random.unit() < decay(crate::number::share(lost.unsigned_abs()) / heat));
    if !keep {
        chains.undo();
    }
}

/// Points as whole price units.
fn whole(points: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred points at most")]
    let units = (points * 1024.0) as i32;
    units
}

fn any_move(chains: &mut Chains<'_>) -> bool {
    let instance = chains.seating.instance;
    let outing = id(chains.random.below(id(instance.outings.len())));
    let runs = chains.seating.row[outing as usize].used > 0;
    match chains.random.below(400) {
        0 if runs => chains.cancel(outing, LENGTH),
        0 => chains.open(outing, LENGTH),
        1..20 => runs && chains.fill(outing, LENGTH),
        20..160 => {
            let person = somebody_left_out(chains);
            chains.improve(person, LENGTH)
        }
        _ => {
            let person = chains.random.below(id(instance.people()));
            chains.improve(person, LENGTH)
        }
    }
}

/// Of a few people the one without a seat who is promised most: those left out are few and matter most.
fn somebody_left_out(chains: &mut Chains<'_>) -> usize {
    let people = id(chains.seating.instance.people());
    let mut best = (-1, chains.random.below(people));
    for _ in 0..LOOKS {
        let person = chains.random.below(people);
        if chains.seating.count[person] == 0 && chains.seating.has_room(person) {
            let promise = chains.promise(person);
            if promise > best.0 {
                best = (promise, person);
            }
        }
    }
    best.1
}

impl Found {
    /// The same seats again.
    pub(super) fn seated<'a>(&self, mut seating: Seating<'a>) -> Seating<'a> {
        for (person, pair) in self.pairs() {
            seating.sit(person, pair);
        }
        seating
    }

    /// The pairs taken, as person and index of the pair, by person.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, u32)> {
        self.seat.iter().enumerate().filter(|(_, pair)| **pair != EMPTY).map(|(seat, pair)| (seat / SEATS_EACH, *pair))
    }
}
