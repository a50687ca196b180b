//! Where the demo city's chance comes from: a small generator written out here (splitmix64, Steele, Lea and Flood
//! 2014) so that a seed gives the same city on every machine and after every upgrade. Uses no clock, no operating
//! system, and only arithmetic that IEEE 754 fixes to the last bit (no `sin`, `exp` or `ln` of the platform).

/// A stream of numbers that depends on its seed and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Rng {
    state: u64,
}

/// The mixing step of splitmix64; also a good hash of one number.
pub(crate) const fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// A stream for one room of the city. Each room has its own, so that a new sentence in one leaves the others as
    /// they were.
    pub(crate) fn for_room(seed: u64, room: &str) -> Self {
        let state = room.bytes().fold(mix(seed), |h, b| mix(h ^ u64::from(b)));
        Self { state }
    }

    /// The next 64 bits.
    pub(crate) const fn next(&mut self) -> u64 {
        let out = mix(self.state);
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        out
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next()) * (n as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of them. The slice must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A position in a list of weights, drawn in proportion to them.
    pub(crate) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        let bits = u32::try_from(self.next() >> 32).unwrap_or(0);
        f64::from(bits) / 4_294_967_296.0
    }

    /// Log-normal with this median and spread: the usual shape of team sizes.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let bell: f64 = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        median * exp(bell * sigma)
    }
}

/// e to the x for small x, by repeated squaring, so that no platform's own rounding shows.
fn exp(x: f64) -> f64 {
    let mut power = 1.0 + x / 65_536.0;
    for _ in 0..16 {
        power *= power;
    }
    power
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "lengths of a city in metres are far below 2^53")]
pub(crate) fn whole(x: f64) -> i64 {
    if x < 0.0 { (x - 0.5) as i64 } else { (x + 0.5) as i64 }
}

/// A count as a float.
pub(crate) fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A float as a count; 0 when negative.
pub(crate) fn count(x: f64) -> usize {
    usize::try_from(whole(x)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_of_a_stream_never_change() {
        let mut rng = Rng { state: 1_234_567 };
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_draw_stays_within_its_limits() {
        let mut rng = Rng::for_room(7, "limits");
        for _ in 0..2_000 {
            assert!(rng.below(7) < 7);
            assert!((-3..=4).contains(&rng.between(-3, 4)));
            assert!((0.0..1.0).contains(&rng.unit()));
            assert!(rng.weighted(&[0, 3, 0, 2]) % 2 == 1);
        }
        assert!((exp(1.0) - std::f64::consts::E).abs() < 0.001);
    }
}
