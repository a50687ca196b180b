//! How a matcher gets on, for whoever watches at a terminal: what it is doing, for how long, what it has, and how much
//! better anything else could be at most. Promises silence in a pipe unless somebody stopped the work, and no word that the
//! proof does not bear out.

use std::io::IsTerminal as _;

use freerange_allocate::{Claim, Phase, Progress};

/// Seconds between two looks.
const TICK: f64 = 0.2;
/// Seconds after which a line stays, so that one sees how it went.
const STAYS: f64 = 10.0;
/// To the beginning of the line, and nothing on it.
const CLEAR: &str = "\r\x1b[K";

/// The line, as long as the work goes on.
pub(crate) struct Course {
    terminal: bool,
    told: f64,
    stayed: f64,
    phase: Option<Phase>,
    line: String,
}

impl Course {
    pub(crate) fn begin() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { terminal, told: 0.0, stayed: 0.0, phase: None, line: String::new() }
    }

    /// Called often; shows something now and then.
    pub(crate) fn show(&mut self, seconds: f64, progress: &Progress) {
        if !self.terminal || (seconds < self.told + TICK && self.phase == Some(progress.phase)) {
            return;
        }
        let over = self.phase.is_some_and(|phase| phase != progress.phase);
        if over || seconds > self.stayed + STAYS {
            eprintln!("{CLEAR}{}", self.line);
            self.stayed = seconds;
        }
        (self.told, self.phase) = (seconds, Some(progress.phase));
        self.line = line(seconds, progress);
        eprint!("{CLEAR}{}", self.line);
    }

    /// Says in a sentence what was reached.
    pub(crate) fn end(self, what: &str, claim: &Claim, stopped: bool) {
        if self.terminal {
            eprintln!("{CLEAR}{}", self.line);
        }
        if self.terminal || stopped {
            eprintln!("{}", sentence(what, claim, stopped));
        }
    }
}

fn line(seconds: f64, progress: &Progress) -> String {
    let doing = match progress.phase {
        Phase::Prices => "finding prices",
        Phase::Groups => "proving how much is possible",
        Phase::Closing => "deciding which outings run",
        Phase::Seating => "seating people",
        Phase::Search => "improving",
    };
    let has = match (progress.objective, progress.bound) {
        (Some(objective), Some(bound)) => {
            format!("{} points, {}", separated(objective), at_most(objective, bound))
        }
        (Some(objective), None) => format!("{} points", separated(objective)),
        (None, Some(bound)) => format!("no plan has more than {} points", separated(bound)),
        (None, None) => "…".to_owned(),
    };
    format!("{seconds:6.1} s  {doing:<28}  {has}")
}

fn sentence(what: &str, claim: &Claim, stopped: bool) -> String {
    let stopped = if stopped { "; stopped early at your request" } else { "" };
    format!("{what}; {}{stopped}.", at_most(claim.objective, claim.bound))
}

/// What the two numbers prove, in hundredths of a per cent rounded up.
fn at_most(objective: i64, bound: i64) -> String {
    if bound <= objective {
        return "no plan can be better".to_owned();
    }
    if objective <= 0 {
        return "there may be a better plan".to_owned();
    }
    let (more, all) = (i128::from(bound) - i128::from(objective), i128::from(objective));
    let hundredths = (more * 10_000 + all - 1) / all;
    format!("no plan can be better by more than {}.{:02} %", hundredths / 100, hundredths % 100)
}

pub(crate) fn thousands(count: usize) -> String {
    separated(i64::try_from(count).unwrap_or(i64::MAX))
}

fn separated(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(objective: i64, bound: i64) -> Claim {
        Claim { version: 1, seed: 1, iterations: 1, objective, bound }
    }

    #[test]
    fn the_sentence_promises_no_more_than_is_proven() {
        let what = "59,503 seats for 45,120 people";
        for (objective, bound, stopped, wanted) in [
            (10_000, 10_046, true, "no plan can be better by more than 0.46 %; stopped early at your request."),
            (1_000_000, 1_000_001, false, "no plan can be better by more than 0.01 %."),
            (500, 1_000, false, "no plan can be better by more than 100.00 %."),
            (7, 7, false, "no plan can be better."),
            (0, 0, true, "no plan can be better; stopped early at your request."),
            (0, 9, false, "there may be a better plan."),
            (1, i64::MAX, false, "no plan can be better by more than 922337203685477580600.00 %."),
        ] {
            assert_eq!(sentence(what, &claim(objective, bound), stopped), format!("{what}; {wanted}"));
        }
    }

    #[test]
    fn numbers_can_be_read() {
        let told = [0, 7, 999, 1_000, 103_962_367, -1_234].map(separated);
        assert_eq!(told, ["0", "7", "999", "1,000", "103,962,367", "-1,234"]);
    }
}
