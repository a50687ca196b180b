//! A small seeded generator (`SplitMix64`, Steele, Lea and Flood 2014). May use nothing; promises the same numbers for the
//! same seed on every machine. Not for secrets.

pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0. The bias is below 1 in 4 thousand million.
    pub(crate) const fn below(&mut self, end: u32) -> usize {
        (((self.bits() >> 32) * end as u64) >> 32) as usize
    }

    /// True once in `times`.
    pub(crate) const fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// A real number in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.bits() >> 32).unwrap_or(u32::MAX)) / 4_294_967_296.0
    }
}
