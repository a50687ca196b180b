//! Conversions between the few number types the solver uses, each in one place with the reason it cannot go wrong.
//! May use nothing; promises that no value is changed silently within the limits the readers enforce.

/// An id or count that the readers have bounded by `u32::MAX`.
#[expect(clippy::cast_possible_truncation, reason = "readers refuse more than 4 thousand million of anything")]
pub(crate) const fn id(index: usize) -> u32 {
    index as u32
}

/// A count as a signed number, for sums.
#[expect(clippy::cast_possible_wrap, reason = "counts are bounded by u32::MAX")]
pub(crate) const fn signed(index: usize) -> i64 {
    index as i64
}

/// A price in points as whole price units, rounded down. Saturates, and the callers clamp prices far below that.
#[expect(clippy::cast_possible_truncation, reason = "prices are clamped to PRICE_CEILING points, which fits")]
pub(crate) fn units(points: f32) -> i32 {
    (points * 1024.0) as i32
}

/// Whole price units as points.
#[expect(clippy::cast_precision_loss, reason = "only used for step sizes and starting prices, never for a bound")]
pub(crate) fn points(units: i32) -> f32 {
    units as f32 / 1024.0
}

/// A step of prices with the digits that prices have.
#[expect(clippy::cast_possible_truncation, reason = "a step size needs no more than seven digits")]
pub(crate) const fn narrow(step: f64) -> f32 {
    step as f32
}

/// A count as a real number. Counts above 2^24 lose their last digits, which only blurs the size of a step.
#[expect(clippy::cast_precision_loss, reason = "only used for step sizes, never for a bound or an objective")]
pub(crate) fn real(count: u32) -> f32 {
    count as f32
}

/// A whole number as a real one, for temperatures and shares.
#[expect(clippy::cast_precision_loss, reason = "only used for schedules, never for a bound or an objective")]
pub(crate) fn share(part: u64) -> f64 {
    part as f64
}

/// `base` to the power `exponent` in `[0, 1]`, by square roots alone. IEEE 754 fixes multiplication and square root to
/// the last bit, so unlike `powf` this gives the same schedule on every machine.
pub(crate) fn power(base: f64, exponent: f64) -> f64 {
    let (mut result, mut root, mut rest) = (1.0, base, exponent.clamp(0.0, 1.0));
    if rest >= 1.0 {
        return base;
    }
    for _ in 0..24 {
        root = root.sqrt();
        rest *= 2.0;
        if rest >= 1.0 {
            result *= root;
            rest -= 1.0;
        }
    }
    result
}

/// `exp(-x)` for `x >= 0`, by ten squarings: close enough for an acceptance rule and the same on every machine.
pub(crate) fn decay(x: f64) -> f64 {
    let mut y = 1.0 - x / 1024.0;
    if y <= 0.0 {
        return 0.0;
    }
    for _ in 0..10 {
        y *= y;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::{decay, power};

    #[test]
    fn the_schedule_follows_the_real_power_closely() {
        for step in 0..=100 {
            let x = f64::from(step) / 100.0;
            assert!((power(0.01, x) - 0.01_f64.powf(x)).abs() < 1e-6);
            assert!((decay(x) - (-x).exp()).abs() < 1e-3);
        }
    }
}
