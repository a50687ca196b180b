//! Looks for the prices that prove the best bound, then for prices that also decide which outings cannot run. May use
//! demand, rows and the pace; promises that the prices it keeps are whole, never negative, and prove the bound it names.
//!
//! Projected subgradient ascent with heavy momentum and the relative excess of a row as its step.

use super::demand::{self, Demand, Entry};
use super::instance::{Instance, PRICE_CEILING};
use super::rows::Rows;
use crate::limits::{Pace, Phase, Until};
use crate::number::{power, real, units};

const MEMORY: f32 = 0.98;
/// First and last step of the price phase, in parts of the mean worth of a person's best outing.
const STEPS: (f64, f64) = (0.57, 0.0057);
/// The same for the closing phase.
const CLOSING_STEPS: (f64, f64) = (0.02, 0.002);
/// An outing wanted by less than this share of its minimum closes at once; of the others, those below the second share
/// close in the middle of the phase.
const CLOSE_BELOW: [f32; 2] = [0.45, 0.75];

/// The best proof found, and the state of the search for better ones.
pub(super) struct Market<'a> {
    instance: &'a Instance,
    rows: Rows,
    capacities: Vec<u32>,
    price: Vec<f32>,
    drift: Vec<f32>,
    /// `price` in whole price units: what people are asked to pay.
    pub(super) whole: Vec<i32>,
    usual: Vec<f32>,
    pub(super) closed: Vec<bool>,
    worth: f32,
    threads: usize,
    /// The prices with the best bound, and that bound.
    pub(super) proof: Vec<i32>,
    pub(super) bound: i64,
}

impl<'a> Market<'a> {
    pub(super) fn new(instance: &'a Instance, rows: Rows, threads: usize) -> Self {
        let zero = || vec![0.0; rows.len];
        Self {
            instance,
            capacities: rows.capacities(instance),
            price: zero(),
            drift: zero(),
            whole: vec![0; rows.len],
            usual: vec![0.0; instance.outings.len()],
            closed: vec![false; instance.outings.len()],
            worth: demand::mean_worth(instance),
            threads,
            proof: vec![0; rows.len],
            bound: i64::MAX,
            rows,
        }
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        demand::entries(self.instance, &self.rows, &self.whole, &self.closed)
    }

    fn ask(&self) -> Demand {
        demand::demand(self.instance, &self.rows, &self.whole, &self.entries(), self.threads)
    }

    /// Raises the price of what is wanted too much and lowers the others, until the phase is over.
    pub(super) fn find_prices(&mut self, pace: &mut Pace<'_>, until: Until) {
        pace.enter(Phase::Prices, until);
        self.prove();
        pace.bound = Some(self.bound);
        while let Some(fraction) = pace.tick() {
            let demand = self.ask();
            self.note(&demand);
            pace.bound = Some(self.bound);
            let step = self.step(STEPS, fraction);
            self.adjust(&demand, step, 0);
        }
        self.prove();
        pace.bound = Some(self.bound);
    }

    /// Lets outings below their minimum pay people to come, and closes those that stay short all the same. The prices
    /// then are no proof (some are negative), but they tell the search where to seat people.
    pub(super) fn close(&mut self, pace: &mut Pace<'_>, until: Until) {
        pace.enter(Phase::Closing, until);
        self.close_below(CLOSE_BELOW[0]);
        let mut again = false;
        let outings = self.instance.outings.len();
        while let Some(fraction) = pace.tick() {
            if !again && fraction > 0.5 {
                self.close_below(CLOSE_BELOW[1]);
                again = true;
            }
            let demand = self.ask();
            self.remember(&demand);
            let step = self.step(CLOSING_STEPS, fraction);
            self.adjust(&demand, step, outings);
        }
    }

    /// Asks once more at the current prices, for the bound alone.
    fn prove(&mut self) {
        let demand = self.ask();
        self.note(&demand);
    }

    fn step(&self, (first, last): (f64, f64), fraction: f64) -> f32 {
        let step = first * power(last / first, fraction);
        #[expect(clippy::cast_possible_truncation, reason = "a step size needs no more than seven digits")]
        let step = step as f32;
        step * self.worth
    }

    fn note(&mut self, demand: &Demand) {
        let bound = demand::bound(demand.value, &self.whole, &self.capacities);
        if bound < self.bound {
            self.bound = bound;
            self.proof.copy_from_slice(&self.whole);
        }
        self.remember(demand);
    }

    fn remember(&mut self, demand: &Demand) {
        for (usual, &now) in self.usual.iter_mut().zip(&demand.used) {
            *usual = 0.97 * *usual + 0.03 * real(now);
        }
    }

    fn close_below(&mut self, part: f32) {
        for (number, outing) in self.instance.outings.iter().enumerate() {
            if self.usual[number] < part * real(outing.min) {
                self.closed[number] = true;
            }
        }
    }

    /// One step. The first `subsidised` rows are outings that may have negative prices while below their minimum.
    fn adjust(&mut self, demand: &Demand, step: f32, subsidised: usize) {
        #[expect(clippy::cast_precision_loss, reason = "the ceiling is a round number far below 2^24")]
        let ceiling = PRICE_CEILING as f32;
        for row in 0..subsidised {
            let (used, min) = (real(demand.used[row]), real(self.instance.outings[row].min));
            let cap = real(self.capacities[row]);
            let short = self.price[row] < 0.0 || (self.price[row] <= 0.0 && used < min);
            let excess =
                if short { (used - min) / used.max(min).max(1.0) } else { (used - cap) / used.max(cap).max(1.0) };
            self.drift[row] = MEMORY * self.drift[row] + (1.0 - MEMORY) * excess;
            let floor = if used < min || self.price[row] < 0.0 { -ceiling } else { 0.0 };
            self.price[row] = (self.price[row] + step * self.drift[row]).clamp(floor, ceiling);
            self.whole[row] = units(self.price[row]);
        }
        let rest = self.price.iter_mut().zip(&mut self.drift).zip(&mut self.whole);
        let counts = demand.used.iter().zip(&self.capacities);
        for (((price, drift), whole), (&used, &cap)) in rest.zip(counts).skip(subsidised) {
            let (used, cap) = (real(used), real(cap));
            let excess = (used - cap) / used.max(cap).max(1.0);
            *drift = MEMORY * *drift + (1.0 - MEMORY) * excess;
            *price = (*price + step * *drift).clamp(0.0, ceiling);
            *whole = units(*price);
        }
    }

    /// Mean worth of a person's best outing, in points.
    pub(super) const fn worth(&self) -> f32 {
        self.worth
    }

    pub(super) const fn rows(&self) -> Rows {
        self.rows
    }
}
