//! `freerange round` and `exchange`: the matchers on files. Its crate knows no clock; the time limit is measured here.

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode, time::Instant};

use clap::{Args, Subcommand};
use freerange_allocate::{Limits, Progress, Verdict, exchange, round};

#[derive(Debug, Subcommand)]
pub(crate) enum Round {
    /// Match; writes who goes where, and the proof of how good it is
    Solve(Solve),
    /// Check a solution and its proof without trusting the solver; exit 1 when anything is false
    Verify {
        /// The folder with the instance
        dir: PathBuf,
        /// person,outing
        solution: PathBuf,
        /// The proof
        certificate: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Solve {
    /// The folder with the instance
    dir: PathBuf,
    /// Where to write who goes where
    #[arg(long)]
    out: PathBuf,
    /// Where to write the proof
    #[arg(long)]
    certificate: PathBuf,
    /// Stop after so many seconds
    #[arg(long)]
    seconds: Option<f64>,
    /// Stop after so many iterations: the same answer on every machine
    #[arg(long)]
    iterations: Option<u64>,
    /// Threads; they change the time, not the answer
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[expect(clippy::disallowed_methods, reason = "a time limit needs a stopwatch; the solver gets it as an argument")]
fn stopwatch() -> impl Fn() -> f64 {
    let started = Instant::now();
    move || started.elapsed().as_secs_f64()
}

fn show(progress: Progress) {
    let gap = match (progress.objective, progress.bound) {
        (Some(objective), Some(bound)) if bound > 0 => {
            // For reading only; the proof holds the integers.
            format!(
                "objective {objective}, gap {}.{:02} %",
                (bound - objective) * 100 / bound,
                (bound - objective) * 10_000 / bound % 100
            )
        }
        _ => String::new(),
    };
    eprint!("\r{:?} {:>3.0} % {gap}   ", progress.phase, progress.fraction * 100.0);
}

#[derive(Debug, Subcommand)]
pub(crate) enum Exchange {
    /// Match; writes who goes where, and the proof of how good it is
    Solve(Solve),
    /// Check a solution and its proof without trusting the solver; exit 1 when anything is false
    Verify {
        /// The folder with the instance
        dir: PathBuf,
        /// staff,post
        solution: PathBuf,
        /// The proof
        certificate: PathBuf,
    },
}

impl Solve {
    /// Runs a solver with the limits given; on a terminal it shows how far it has come.
    fn within<T>(&self, solve: impl FnOnce(&Limits<'_>, &mut dyn FnMut(Progress) -> bool) -> T) -> anyhow::Result<T> {
        if self.seconds.is_some_and(|s| !s.is_finite() || s < 0.0) {
            anyhow::bail!("--seconds is a number of seconds, zero or more");
        }
        let elapsed = stopwatch();
        let limits = Limits {
            seconds: self.seconds,
            iterations: self.iterations,
            threads: self.threads,
            seed: self.seed,
            elapsed: Some(&elapsed),
        };
        let terminal = std::io::stderr().is_terminal();
        let mut told = 0.0;
        let outcome = solve(&limits, &mut |progress| {
            if terminal && elapsed() > told + 0.2 {
                told = elapsed();
                show(progress);
            }
            true
        });
        if terminal {
            eprintln!();
        }
        Ok(outcome)
    }
}

fn tell(verdict: &Verdict) -> ExitCode {
    for failure in &verdict.failures {
        println!("{failure}");
    }
    if verdict.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Round {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Solve(s) => {
                let instance = round::Instance::read(&s.dir)?;
                let outcome = s.within(|limits, progress| round::solve(&instance, limits, progress))?;
                outcome.solution.write(&s.out)?;
                outcome.certificate.write(&s.certificate)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Verify { dir, solution, certificate } => Ok(tell(&round::verify(&dir, &solution, &certificate))),
        }
    }
}

impl Exchange {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Solve(s) => {
                let instance = exchange::Instance::read(&s.dir)?;
                let outcome = s.within(|limits, progress| exchange::solve(&instance, limits, progress))?;
                outcome.solution.write(&s.out)?;
                outcome.certificate.write(&s.certificate)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Verify { dir, solution, certificate } => Ok(tell(&exchange::verify(&dir, &solution, &certificate))),
        }
    }
}
