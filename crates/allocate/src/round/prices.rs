//! Looks for the prices of single seats that prove the best bound: a quick start for the bound that sees groups. May use
//! demand, rows and the pace; promises that the prices it keeps are whole, never negative, and prove the bound it names.
//!
//! Projected subgradient ascent with heavy momentum and the relative excess of a row as its step.

use super::demand::{self, Demand};
use super::instance::{Instance, PRICE_CEILING};
use super::rows::Rows;
use crate::limits::{Pace, Phase, Until};
use crate::number::{narrow, power, real, units};

const MEMORY: f32 = 0.98;
/// First and last step of the price phase, in parts of the mean worth of a person's best outing.
const STEPS: (f64, f64) = (0.57, 0.0057);
/// The best proof found, and the state of the search for better ones.
pub(super) struct Market<'a> {
    instance: &'a Instance,
    rows: Rows,
    capacities: Vec<u32>,
    price: Vec<f32>,
    drift: Vec<f32>,
    /// `price` in whole price units: what people are asked to pay.
    pub(super) whole: Vec<i32>,
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
            worth: demand::mean_worth(instance),
            threads,
            proof: vec![0; rows.len],
            bound: i64::MAX,
            rows,
        }
    }

    fn ask(&self) -> Demand {
        let entries = demand::entries(self.instance, &self.rows, &self.whole);
        demand::demand(self.instance, &self.rows, &self.whole, &entries, self.threads)
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
            self.adjust(&demand, step);
        }
        self.prove();
        pace.bound = Some(self.bound);
    }

    /// Asks once more at the current prices, for the bound alone.
    fn prove(&mut self) {
        let demand = self.ask();
        self.note(&demand);
    }

    fn step(&self, (first, last): (f64, f64), fraction: f64) -> f32 {
        narrow(first * power(last / first, fraction)) * self.worth
    }

    fn note(&mut self, demand: &Demand) {
        let bound = demand::bound(demand.value, &self.whole, &self.capacities);
        if bound < self.bound {
            self.bound = bound;
            self.proof.copy_from_slice(&self.whole);
        }
    }

    /// One step towards dearer where too much is wanted, cheaper where too little is.
    fn adjust(&mut self, demand: &Demand, step: f32) {
        #[expect(clippy::cast_precision_loss, reason = "the ceiling is a round number far below 2^24")]
        let ceiling = PRICE_CEILING as f32;
        let rows = self.price.iter_mut().zip(&mut self.drift).zip(&mut self.whole);
        let counts = demand.used.iter().zip(&self.capacities);
        for (((price, drift), whole), (&used, &cap)) in rows.zip(counts) {
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

    pub(super) const fn instance(&self) -> &'a Instance {
        self.instance
    }

    pub(super) const fn rows(&self) -> Rows {
        self.rows
    }
}
