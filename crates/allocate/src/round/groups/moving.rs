//! One step of prices with momentum, and nothing else. May use nothing of the round; promises that a price ends between its
//! floor and the ceiling.

use super::super::instance::PRICE_CEILING;
use crate::number::{real, units};

const MEMORY: f32 = 0.95;

/// Prices on their way.
pub(super) struct Moving<'p> {
    pub(super) price: &'p mut [f32],
    pub(super) drift: &'p mut [f32],
    pub(super) whole: &'p mut [i32],
    pub(super) step: f32,
}

impl Moving<'_> {
    /// Dearer where more is wanted than is there, cheaper where less, and never below `floor`.
    pub(super) fn one(&mut self, row: usize, used: u32, cap: f32, floor: f32) {
        (self.price[row], self.drift[row]) = moved(self.price[row], self.drift[row], real(used), cap, self.step, floor);
        self.whole[row] = units(self.price[row]);
    }

    /// All of them, which have the same capacity: side by side, so that the compiler takes several at a time.
    pub(super) fn all(self, used: &[u32], cap: f32) {
        let prices = self.price.iter_mut().zip(self.drift).zip(self.whole);
        for (((price, drift), whole), &used) in prices.zip(used) {
            (*price, *drift) = moved(*price, *drift, real(used), cap, self.step, 0.0);
            *whole = units(*price);
        }
    }

    /// Those before this row and those from it on.
    pub(super) fn split_at(self, row: usize) -> (Self, Self) {
        let (price, drift, whole) =
            (self.price.split_at_mut(row), self.drift.split_at_mut(row), self.whole.split_at_mut(row));
        (
            Self { price: price.0, drift: drift.0, whole: whole.0, step: self.step },
            Self { price: price.1, drift: drift.1, whole: whole.1, step: self.step },
        )
    }
}

fn moved(price: f32, drift: f32, used: f32, cap: f32, step: f32, floor: f32) -> (f32, f32) {
    #[expect(clippy::cast_precision_loss, reason = "the ceiling is a round number far below 2^24")]
    let ceiling = PRICE_CEILING as f32;
    let excess = (used - cap) / used.max(cap).max(1.0);
    let drift = MEMORY * drift + (1.0 - MEMORY) * excess;
    ((price + step * drift).clamp(floor, ceiling), drift)
}
