//! Seeded chance and the distributions a city is drawn from. May use nothing; promises the same numbers for the same seeds.

/// A seeded generator (`SplitMix64`). Everything that is drawn has its own, so that a setting changes only what it is about.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seeds: [u64; 3]) -> Self {
        let mut dice = Self(0x9E37_79B9_7F4A_7C15);
        for seed in seeds {
            dice.0 = dice.bits() ^ seed;
        }
        dice
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.bits() >> 32).unwrap_or(0)) / 4_294_967_296.0
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() >> 33).unwrap_or(0) % end
    }

    /// Box and Muller 1958.
    pub(crate) fn normal(&mut self, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        sigma * radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Half of what comes is below `median`.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * self.normal(sigma).exp()
    }

    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Marsaglia and Tsang 2000, with their step for shapes below 1.
    fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape + 1.0 - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal(1.0);
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v * (1.0 - self.unit()).powf(1.0 / shape);
            }
        }
    }

    /// Shares that sum to 1 (Dirichlet); the smaller `shape`, the more one of them has it all.
    pub(crate) fn shares<const N: usize>(&mut self, shape: f64) -> [f64; N] {
        let drawn = [(); N].map(|()| self.gamma(shape).max(1e-300));
        let sum: f64 = drawn.iter().sum();
        drawn.map(|share| share / sum)
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.below(place + 1));
        }
    }

    /// Shares by Zipf's law with this exponent, in no order.
    pub(crate) fn zipf(&mut self, n: usize, exponent: f64) -> Vec<f64> {
        let mut shares: Vec<f64> = (1..=n).map(|rank| real(rank).powf(-exponent)).collect();
        self.shuffle(&mut shares);
        let sum: f64 = shares.iter().sum();
        shares.iter().map(|share| share / sum).collect()
    }

    /// One of the urn's numbers, by its shares.
    pub(crate) fn pick(&mut self, urn: &Urn) -> usize {
        let aim = self.unit() * urn.0.last().copied().unwrap_or(0.0);
        urn.0.partition_point(|sum| *sum <= aim).min(urn.0.len().saturating_sub(1))
    }
}

/// Running sums of shares.
pub(crate) struct Urn(Vec<f64>);

impl Urn {
    pub(crate) fn of(shares: impl IntoIterator<Item = f64>) -> Self {
        Self(
            shares
                .into_iter()
                .scan(0.0, |sum, share| {
                    Some({
                        *sum += share;
                        *sum
                    })
                })
                .collect(),
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people, far below 2^52")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// Rounded down, and never below 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "amounts that fit, held above 0")]
pub(crate) fn whole(amount: f64) -> usize {
    amount.max(0.0) as usize
}

/// The nearest whole number.
pub(crate) fn nearest(amount: f64) -> usize {
    whole(amount + 0.5)
}
