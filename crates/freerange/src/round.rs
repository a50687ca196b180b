//! `freerange round` and `exchange`: the matchers on files. Its crate knows no clock; the time limit is measured here.
//! Promises that whoever stops it gets the best answer so far, and that what is said about it is true.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use clap::{Args, Subcommand};
use freerange_allocate::{Claim, Limits, Progress, Verdict, exchange, round};

use crate::{
    course::{Course, thousands},
    interrupt::Interrupt,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Round {
    /// Match; writes who goes where, and the proof of how good it is
    Solve {
        #[command(flatten)]
        solve: Task,
        /// Mend this plan (person,outing) instead of making a new one: everybody stays where they are unless moving pays
        #[arg(long)]
        from: Option<PathBuf>,
        /// The proof of that plan: makes mending quicker
        #[arg(long, requires = "from")]
        from_certificate: Option<PathBuf>,
        /// Points that moving somebody costs while mending
        #[arg(long, requires = "from", default_value_t = round::USUAL_KEEP)]
        keep: u32,
    },
    /// Say for everybody why they got what they got, and which limits cost most
    Explain {
        /// The folder with the instance
        dir: PathBuf,
        /// person,outing
        solution: PathBuf,
        /// Where to write the reasons, a line for each person
        #[arg(long)]
        out: PathBuf,
        /// How many limits to name
        #[arg(long, default_value_t = 10)]
        limits: usize,
    },
    /// Check a solution and its proof without trusting the solver; exit 1 when anything is false
    Verify {
        /// The folder with the instance
        dir: PathBuf,
        /// person,outing
        solution: PathBuf,
        /// The proof
        certificate: PathBuf,
        /// Check the reasons as well
        #[arg(long)]
        reasons: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Task {
    /// The folder with the instance
    dir: PathBuf,
    /// Where to write who goes where
    #[arg(long)]
    out: PathBuf,
    /// Where to write the proof
    #[arg(long)]
    certificate: PathBuf,
    /// Stop after so many seconds; Ctrl-C stops at any time, with the best answer so far
    #[arg(long, value_parser = seconds, allow_negative_numbers = true)]
    seconds: Option<f64>,
    /// Stop after so many iterations: the same answer on every machine
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    iterations: Option<u64>,
    /// Threads; they change the time, not the answer
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[expect(clippy::disallowed_methods, reason = "a time limit needs a stopwatch; the solver gets it as an argument")]
fn stopwatch() -> impl Fn() -> f64 {
    let started = Instant::now();
    move || started.elapsed().as_secs_f64()
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0);
    seconds.ok_or_else(|| "a number of seconds is wanted, zero or more".to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Exchange {
    /// Match; writes who goes where, and the proof of how good it is
    Solve {
        #[command(flatten)]
        solve: Task,
        /// By points (most points for all) or by ranks (nobody gains by stating other wishes than their own)
        #[arg(long, value_enum, default_value_t = By::Points)]
        by: By,
        /// No ring of more than so many cities
        #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
        longest: Option<u32>,
    },
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    Points,
    Ranks,
}

/// What a solver came back with, whichever it was.
struct Reached {
    /// What was reached, as the subject of a sentence.
    what: String,
    claim: Claim,
}

impl Task {
    /// What is wrong with how it was asked for; nothing when all is well.
    fn wrong_usage(&self) -> Option<String> {
        let same = self.out == self.certificate;
        same.then(|| format!("--out and --certificate both name {}; give them two names", self.out.display()))
    }

    /// Before hours of work: there is a place for what comes of it.
    fn has_a_place(path: &Path) -> anyhow::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if path.is_dir() {
            anyhow::bail!("{} is a folder; name a file in it", path.display());
        }
        if !folder.is_dir() {
            anyhow::bail!(
                "{} cannot be written: there is no folder {}; make it first",
                path.display(),
                folder.display()
            );
        }
        Ok(())
    }

    /// Reads, solves within the limits or until somebody stops it, writes.
    fn run<I, O>(
        &self,
        read: impl FnOnce(&Path) -> Result<I, freerange_allocate::FileError>,
        solve: impl FnOnce(&I, &Limits<'_>, &mut dyn FnMut(Progress) -> bool) -> O,
        write: impl FnOnce(&O, &Path, &Path) -> Result<(), freerange_allocate::FileError>,
        reached: impl FnOnce(&O) -> Reached,
    ) -> anyhow::Result<ExitCode> {
        if let Some(wrong) = self.wrong_usage() {
            eprintln!("freerange: {wrong}");
            return Ok(ExitCode::from(2));
        }
        Self::has_a_place(&self.out)?;
        Self::has_a_place(&self.certificate)?;
        let instance = read(&self.dir)?;
        let interrupt = Interrupt::listen()?;
        let elapsed = stopwatch();
        let limits = Limits {
            seconds: self.seconds,
            iterations: self.iterations,
            threads: usize::from(self.threads),
            seed: self.seed,
            elapsed: Some(&elapsed),
        };
        let mut course = Course::begin();
        let outcome = solve(&instance, &limits, &mut |progress| {
            course.show(elapsed(), &progress);
            !interrupt.asked()
        });
        let stopped = interrupt.asked();
        interrupt.write(|| Ok(write(&outcome, &self.out, &self.certificate)?))?;
        let Reached { what, claim } = reached(&outcome);
        course.end(&what, &claim, stopped);
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(verdict: &Verdict) -> ExitCode {
    for failure in &verdict.failures {
        println!("{failure}");
    }
    if verdict.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A limit that cost much, in a sentence.
fn scarce(found: &round::Scarce) -> String {
    let places =
        |count: u32| format!("{} more {}", thousands(count as usize), if count == 1 { "place" } else { "places" });
    let (where_, what) = match found.what {
        round::Scarcity::Outing(outing) => (format!("on outing {outing}"), places(found.more)),
        round::Scarcity::TeamWeek(team, week) => (format!("in team {team}'s week {week}"), places(found.more)),
        round::Scarcity::PlaceWeek(nbhd, week) => {
            (format!("in neighbourhood {nbhd}'s week {week}"), places(found.more))
        }
        round::Scarcity::Host(host) => (format!("at host {host}"), places(found.more)),
        round::Scarcity::Group(outing) => {
            (format!("for outing {outing}"), format!("A smallest group of {} fewer", found.more))
        }
    };
    let go = if found.seated == 1 { "1 more person".to_owned() } else { format!("{} more people", found.seated) };
    format!("{what} {where_} would let {go} go; {} wait for nothing else.", found.waiting)
}

fn explain(dir: &Path, solution: &Path, out: &Path, limits: usize) -> anyhow::Result<ExitCode> {
    Task::has_a_place(out)?;
    let instance = round::Instance::read(dir)?;
    let solution = round::Solution::read(solution)?;
    round::write_reasons(&round::explain(&instance, &solution), out)?;
    for found in round::scarce(&instance, &solution, limits) {
        println!("{}", scarce(&found));
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan to be mended, with its proof.
fn earlier(
    from: &Path,
    certificate: Option<&PathBuf>,
) -> anyhow::Result<(round::Solution, Option<round::Certificate>)> {
    let certificate = certificate.map(|file| round::Certificate::read(file)).transpose()?;
    Ok((round::Solution::read(from)?, certificate))
}

impl Round {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Solve { solve, from, from_certificate, keep } => {
                let before = from.map(|from| earlier(&from, from_certificate.as_ref())).transpose()?;
                solve.run(
                    round::Instance::read,
                    |instance, limits, progress| match &before {
                        None => round::solve(instance, limits, progress),
                        Some((solution, certificate)) => {
                            let before = round::Before { solution, certificate: certificate.as_ref(), keep };
                            round::replan(instance, before, limits, progress)
                        }
                    },
                    |outcome, out, certificate| {
                        outcome.solution.write(out)?;
                        outcome.certificate.write(certificate)
                    },
                    |outcome| {
                        let seats = &outcome.solution.seats;
                        let people = seats.chunk_by(|one, next| one.0 == next.0).count();
                        let what = format!("{} seats for {} people", thousands(seats.len()), thousands(people));
                        Reached { what, claim: outcome.certificate.claim }
                    },
                )
            }
            Self::Explain { dir, solution, out, limits } => explain(&dir, &solution, &out, limits),
            Self::Verify { dir, solution, certificate, reasons } => {
                let mut verdict = round::verify(&dir, &solution, &certificate);
                if let Some(reasons) = reasons {
                    verdict.failures.extend(round::verify_reasons(&dir, &solution, &reasons));
                }
                Ok(tell(&verdict))
            }
        }
    }
}

impl Exchange {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Solve { solve, by, longest } => {
                let mode = match (by, longest) {
                    (By::Ranks, Some(_)) => {
                        eprintln!(
                            "freerange: --by ranks makes rings of any length; leave out --longest or use --by points"
                        );
                        return Ok(ExitCode::from(2));
                    }
                    (By::Ranks, None) => exchange::Mode::Ranked,
                    (By::Points, Some(longest)) => exchange::Mode::Short(longest),
                    (By::Points, None) => exchange::Mode::Weighted,
                };
                solve.run(
                    exchange::Instance::read,
                    |instance, limits, progress| exchange::solve_in(instance, mode, limits, progress),
                    |outcome, out, certificate| {
                        outcome.solution.write(out)?;
                        outcome.certificate.write(certificate)
                    },
                    |outcome| {
                        let what = format!("{} people placed", thousands(outcome.solution.placements.len()));
                        Reached { what, claim: outcome.certificate.claim }
                    },
                )
            }
            Self::Verify { dir, solution, certificate } => Ok(tell(&exchange::verify(&dir, &solution, &certificate))),
        }
    }
}
