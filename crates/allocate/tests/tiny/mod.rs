//! Tiny instances from a seed, written as files, with every allowed answer tried to find the best. May use the standard
//! library only, so that nothing of the crate under test is trusted.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Numbers from a seed (Knuth's 64-bit linear generator; plenty for tests).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn roll(&mut self, low: usize, high: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + usize::try_from(self.0 >> 33).unwrap_or(0) % (high - low + 1)
    }
}

/// One table: header and rows.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) header: &'static str,
    pub(crate) rows: Vec<Vec<usize>>,
}

pub(crate) fn write(dir: &Path, form: &str, counts: &[(&str, usize)], tables: &[Table]) {
    for table in tables {
        let mut text = format!("{}\n", table.header);
        for row in &table.rows {
            let row: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(text, "{}", row.join(",")).expect("writing into a text cannot fail");
        }
        fs::write(dir.join(table.name), text).expect("the temporary folder can be written");
    }
    let mut meta = format!("{{\"form\": \"{form}\", \"version\": 1");
    for (name, count) in counts {
        write!(meta, ", \"{name}\": {count}").expect("writing into a text cannot fail");
    }
    fs::write(dir.join("meta.json"), meta + "}\n").expect("the temporary folder can be written");
}

/// Each of the `2^n` ways to take some of `n` things.
pub(crate) fn subsets(n: usize) -> impl Iterator<Item = Vec<usize>> {
    (0_usize..1 << n).map(move |mask| (0..n).filter(|bit| mask >> bit & 1 == 1).collect())
}

/// Whether no count of these keys is above its capacity.
pub(crate) fn within(keys: impl Iterator<Item = (usize, usize)>, cap: impl Fn(usize) -> usize) -> bool {
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).all(|same| same.len() <= cap(same[0].0))
}
