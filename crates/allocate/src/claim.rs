//! What every certificate claims and what every verification answers, for rounds and rings alike. May use JSON only;
//! promises whole numbers throughout.

use crate::json::Value;

/// The head of a certificate: who made it, and what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Version of the layout and the method.
    pub version: i64,
    /// Seed the solver was given.
    pub seed: i64,
    /// Iterations the solver did. With this number as `--iterations` it gives the same answer again when no clock
    /// stopped it.
    pub iterations: i64,
    /// Points of the solution.
    pub objective: i64,
    /// No solution has more points than this.
    pub bound: i64,
}

impl Claim {
    /// Points that could at most be missing.
    pub const fn gap(&self) -> i64 {
        self.bound - self.objective
    }

    /// The gap in parts per million of the bound, rounded up.
    pub fn gap_ppm(&self) -> i64 {
        let (gap, bound) = (i128::from(self.bound) - i128::from(self.objective), i128::from(self.bound.max(1)));
        i64::try_from((gap * 1_000_000 + bound - 1).div_euclid(bound)).unwrap_or(i64::MAX)
    }

    pub(crate) fn fields(&self, form: &str) -> Vec<(String, Value)> {
        let mut fields = vec![("form".to_owned(), Value::Text(form.to_owned()))];
        let numbers = [
            ("version", self.version),
            ("seed", self.seed),
            ("iterations", self.iterations),
            ("objective", self.objective),
            ("bound", self.bound),
            ("gap", self.gap()),
            ("gap_ppm", self.gap_ppm()),
            ("price_unit", crate::PRICE_UNIT),
        ];
        fields.extend(numbers.map(|(name, number)| (name.to_owned(), Value::Integer(number))));
        fields
    }

    pub(crate) fn from(value: &Value) -> Option<Self> {
        Some(Self {
            version: value.integer("version")?,
            seed: value.integer("seed")?,
            iterations: value.integer("iterations")?,
            objective: value.integer("objective")?,
            bound: value.integer("bound")?,
        })
    }
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Everything that is false or unreadable, a sentence each. Empty means: proven.
    pub failures: Vec<String>,
    /// Points of the solution, counted anew.
    pub objective: Option<i64>,
    /// The bound the prices prove, computed anew.
    pub bound: Option<i64>,
    /// Seats (or placements) in the solution.
    pub seats: usize,
}

impl Verdict {
    /// True when nothing false was found.
    pub const fn holds(&self) -> bool {
        self.failures.is_empty()
    }
}
