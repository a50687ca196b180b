//! Invents instances of any size in the layout the matchers read. May use the standard library only; promises the same
//! files for the same settings, and that a setting changes only what it is about.
//!
//! What makes them like a real city: few large departments and teams, a pyramid of grades, a few outings that everybody
//! wants and many that hardly fill, seasons, colleagues who want the same in the same weeks, ways that are too far, people
//! for whom not every place is accessible, and fewer seats than wishes.

mod dice;
mod exchange;
mod round;

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// What kind of instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Round,
    Exchange,
}

/// What to invent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) form: Form,
    pub(crate) people: usize,
    pub(crate) seed: u64,
    /// Rounds: seats offered for each seat wished for.
    pub(crate) supply: f64,
    /// Rounds: without minima every outing runs for one.
    pub(crate) minima: bool,
    /// Exchanges: caps on going from one city to another.
    pub(crate) pair_caps: bool,
    /// Exchanges: as many cities, instead of a number that suits the people.
    pub(crate) cities: Option<usize>,
    /// Exchanges: as many wishes each, instead of 4 to 25.
    pub(crate) wishes: Option<usize>,
    /// Exchanges: all cities alike, with one post for whoever comes, and nobody held back. What is left is who wants where.
    pub(crate) even: bool,
}

impl Settings {
    pub(crate) const fn new(form: Form, people: usize, seed: u64) -> Self {
        let (supply, cities, wishes) = (0.85, None, None);
        Self { form, people, seed, supply, minima: true, pair_caps: true, cities, wishes, even: false }
    }

    /// Chance for one subject of this instance.
    fn dice(&self, subject: u64) -> dice::Dice {
        let form = if self.form == Form::Round { 1 } else { 2 };
        dice::Dice::new([self.seed, u64::try_from(self.people).unwrap_or(0), form * 100 + subject])
    }
}

/// Writes the instance into `dir`, which is made when missing.
pub(crate) fn write(settings: &Settings, dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    match settings.form {
        Form::Round => round::write(settings, dir),
        Form::Exchange => exchange::write(settings, dir),
    }
}

/// Writes one table.
fn table<const N: usize>(
    dir: &Path,
    name: &str,
    header: &str,
    rows: impl Iterator<Item = [usize; N]>,
) -> io::Result<()> {
    let mut text = format!("{header}\n");
    for row in rows {
        for (column, value) in row.iter().enumerate() {
            // Writing into a text cannot fail.
            let _ = write!(text, "{}{value}", if column == 0 { "" } else { "," });
        }
        text.push('\n');
    }
    std::fs::write(dir.join(name), text)
}

/// Writes `meta.json` with its counts.
fn meta(dir: &Path, settings: &Settings, form: &str, counts: &[(&str, usize)], objective: &str) -> io::Result<()> {
    let mut text = format!("{{\n \"form\": \"{form}\",\n \"version\": 1,\n \"seed\": {}", settings.seed);
    for (name, count) in counts {
        // Writing into a text cannot fail.
        let _ = write!(text, ",\n \"{name}\": {count}");
    }
    let _ = write!(text, ",\n \"objective\": \"{objective}\"\n}}\n");
    std::fs::write(dir.join("meta.json"), text)
}
