//! One matcher on one instance, and a line of JSON about it: what `bench/matching.sh` runs, each in a process of its own.
//!
//! `matching ours round|exchange DIR OUT.csv CERT.json [--seconds N] [--iterations N] [--threads N]`, then
//! `matching replan DIR OLD.csv OLD.json OUT.csv CERT.json` with the same options, `matching greedy|restarted DIR OUT.csv`, `matching swaps DIR OUT.csv`, `matching verify round|exchange DIR OUT.csv CERT.json`.

mod baseline;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use baseline::Failure;
use freerange_allocate::{Claim, Limits, Progress, exchange, round};

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (paths, options): (Vec<_>, Vec<_>) = {
        let from = words.iter().position(|word| word.starts_with("--")).unwrap_or(words.len());
        (words[..from].iter().map(String::as_str).collect(), words[from..].to_vec())
    };
    match paths[..] {
        ["ours", form, dir, out, certificate] => ours(form, [dir, out, certificate].map(PathBuf::from), &options),
        ["replan", dir, old, proof, out, certificate] => {
            replan([dir, old, proof, out, certificate].map(PathBuf::from), &options)
        }
        ["greedy", dir, out] => {
            baseline_of(Path::new(out), "person,outing", || Ok(baseline::round::City::read(Path::new(dir))?.greedy()))
        }
        ["restarted", dir, out] => {
            baseline_of(
                Path::new(out),
                "person,outing",
                || Ok(baseline::round::City::read(Path::new(dir))?.restarted()),
            )
        }
        ["swaps", dir, out] => {
            baseline_of(Path::new(out), "staff,post", || Ok(baseline::exchange::Swaps::read(Path::new(dir))?.all()))
        }
        ["verify", form, dir, out, certificate] => {
            let verify = if form == "round" { round::verify } else { exchange::verify };
            let verdict = verify(Path::new(dir), Path::new(out), Path::new(certificate));
            println!("{{\"holds\": {}, \"failures\": {:?}}}", verdict.holds(), verdict.failures);
            Ok(())
        }
        _ => Err("the first lines of this example's source say how it is used".into()),
    }
}

/// Seconds since now.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock; the crate itself never does")]
fn stopwatch() -> impl Fn() -> f64 {
    let start = Instant::now();
    move || start.elapsed().as_secs_f64()
}

fn baseline_of(
    out: &Path,
    header: &str,
    find: impl FnOnce() -> Result<Vec<(usize, usize)>, Failure>,
) -> Result<(), Failure> {
    let elapsed = stopwatch();
    let found = find()?;
    let seconds = elapsed();
    let mut text = format!("{header}\n");
    for (who, what) in found {
        writeln!(text, "{who},{what}")?;
    }
    fs::write(out, text)?;
    println!("{{\"seconds\": {seconds:.4}{}}}", memory());
    Ok(())
}

fn option<T: std::str::FromStr>(options: &[String], name: &str) -> Result<Option<T>, Failure>
where
    T::Err: std::error::Error + 'static,
{
    let at = options.iter().position(|word| word == name);
    Ok(at.and_then(|at| options.get(at + 1)).map(|word| word.parse()).transpose()?)
}

/// When which bound and which objective were there.
#[derive(Default)]
struct Course {
    bounds: Vec<(f64, i64)>,
    objectives: Vec<(f64, i64)>,
}

impl Course {
    fn note(&mut self, now: f64, progress: Progress) {
        for (list, value) in [(&mut self.bounds, progress.bound), (&mut self.objectives, progress.objective)] {
            if let Some(value) = value.filter(|value| list.last().is_none_or(|(_, last)| last != value)) {
                list.push((now, value));
            }
        }
    }

    /// When the bound first was within a thousandth of what it became.
    fn bound_known(&self, bound: i64) -> Option<f64> {
        self.bounds.iter().find(|(_, then)| (then - bound).saturating_mul(1_000) <= bound).map(|(now, _)| *now)
    }

    fn first_answer(&self) -> Option<f64> {
        self.objectives.first().map(|(now, _)| *now)
    }
}

fn limits<'a>(options: &[String], elapsed: &'a dyn Fn() -> f64) -> Result<Limits<'a>, Failure> {
    Ok(Limits {
        seconds: option(options, "--seconds")?,
        iterations: option(options, "--iterations")?,
        threads: option(options, "--threads")?.unwrap_or(2),
        seed: option(options, "--seed")?.unwrap_or(1),
        elapsed: Some(elapsed),
    })
}

/// Mends an earlier answer for an instance that has changed.
fn replan([dir, old, proof, out, certificate]: [PathBuf; 5], options: &[String]) -> Result<(), Failure> {
    let (solution, earlier) = (round::Solution::read(&old)?, round::Certificate::read(&proof)?);
    let instance = round::Instance::read(&dir)?;
    let elapsed = stopwatch();
    let limits = limits(options, &elapsed)?;
    let before = round::Before { solution: &solution, certificate: Some(&earlier), keep: round::USUAL_KEEP };
    let outcome = round::replan(&instance, before, &limits, &mut |_| true);
    let seconds = elapsed();
    outcome.solution.write(&out)?;
    outcome.certificate.write(&certificate)?;
    let claim = outcome.certificate.claim;
    println!(
        "{{\"seconds\": {seconds:.4}, \"objective\": {}, \"bound\": {}, \"kept\": {}{}}}",
        claim.objective,
        claim.bound,
        round::kept(&solution, &outcome.solution),
        memory()
    );
    Ok(())
}

fn ours(form: &str, [dir, out, certificate]: [PathBuf; 3], options: &[String]) -> Result<(), Failure> {
    let elapsed = stopwatch();
    let limits = limits(options, &elapsed)?;
    let mut course = Course::default();
    let mut watch = |progress: Progress| {
        course.note(elapsed(), progress);
        true
    };
    let (read, solved, claim) = if form == "round" {
        let instance = round::Instance::read(&dir)?;
        let read = elapsed();
        let outcome = round::solve(&instance, &limits, &mut watch);
        let solved = elapsed();
        outcome.solution.write(&out)?;
        outcome.certificate.write(&certificate)?;
        (read, solved, outcome.certificate.claim)
    } else {
        let instance = exchange::Instance::read(&dir)?;
        let read = elapsed();
        let outcome = exchange::solve(&instance, &limits, &mut watch);
        let solved = elapsed();
        outcome.solution.write(&out)?;
        outcome.certificate.write(&certificate)?;
        (read, solved, outcome.certificate.claim)
    };
    tell(&course, read, solved, &claim);
    Ok(())
}

fn tell(course: &Course, read: f64, solved: f64, claim: &Claim) {
    let moment = |moment: Option<f64>| moment.map_or("null".to_owned(), |seconds| format!("{seconds:.4}"));
    println!(
        "{{\"seconds\": {solved:.4}, \"read\": {read:.4}, \"objective\": {}, \"bound\": {}, \"iterations\": {}, \
         \"bound_known\": {}, \"first_answer\": {}{}}}",
        claim.objective,
        claim.bound,
        claim.iterations,
        moment(course.bound_known(claim.bound)),
        moment(course.first_answer()),
        memory(),
    );
}

/// The peak memory of this process in MiB, as a field; nothing where the system does not tell (Linux does).
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u32>().ok());
    kib.map_or_else(String::new, |kib| format!(", \"memory\": {:.1}", f64::from(kib) / 1024.0))
}
