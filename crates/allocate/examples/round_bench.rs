//! Measures the round matcher against a greedy baseline in the same run, so that the ratios do not depend on the machine.
//!
//! `cargo run --release -p freerange-allocate --example round_bench -- DIR [SECONDS | iterations=N] [THREADS] [OUT.csv CERT.json]`

use std::path::{Path, PathBuf};
use std::time::Instant;

use freerange_allocate::round::{Instance, Solution, solve, verify};
use freerange_allocate::{Limits, Phase};

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock; the crate itself never does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = PathBuf::from(args.first().ok_or("give the folder of an instance")?);
    let effort = args.get(1).map_or("15", String::as_str);
    let threads = args.get(2).map_or(Ok(2), |text| text.parse())?;
    let start = Instant::now();
    let instance = Instance::read(&dir)?;
    println!("read {:.2} s: {} people, {} pairs", start.elapsed().as_secs_f64(), instance.people(), instance.pairs());

    let solve_start = Instant::now();
    let elapsed = || solve_start.elapsed().as_secs_f64();
    let iterations = effort.strip_prefix("iterations=").map(str::parse).transpose()?;
    let seconds = if iterations.is_none() { Some(effort.parse()?) } else { None };
    let limits = Limits { seconds, iterations, threads, seed: 1, elapsed: Some(&elapsed) };
    let mut phase = None;
    let mut next = 0.0;
    let outcome = solve(&instance, &limits, &mut |progress| {
        if phase != Some(progress.phase) || (progress.phase != Phase::Closing && elapsed() > next) {
            println!("{:7.2} s {progress:?}", elapsed());
            phase = Some(progress.phase);
            next = elapsed() + 2.0;
        }
        true
    });
    let took = elapsed();
    println!("peak memory {} after solving", peak_memory());
    let greedy_start = Instant::now();
    let greedy = baseline::greedy(&dir)?;
    let greedy_seconds = greedy_start.elapsed().as_secs_f64();
    let claim = outcome.certificate.claim;
    let gap = |objective: i64| 100.0 * real(claim.bound - objective) / real(claim.bound);
    println!("greedy   {greedy_seconds:8.2} s  objective {greedy:>12}  gap {:7.4} %", gap(greedy));
    println!(
        "prices   {took:8.2} s  objective {:>12}  gap {:7.4} %  bound {}",
        claim.objective,
        gap(claim.objective),
        claim.bound
    );
    println!("iterations {}  ratio to greedy {:.4}", claim.iterations, real(claim.objective) / real(greedy));
    let home = std::env::temp_dir();
    let solution = args.get(3).map_or_else(|| home.join("round_bench.csv"), PathBuf::from);
    let certificate = args.get(4).map_or_else(|| home.join("round_bench.json"), PathBuf::from);
    outcome.solution.write(&solution)?;
    outcome.certificate.write(&certificate)?;
    let check_start = Instant::now();
    let verdict = verify(&dir, &solution, &certificate);
    println!("verify {:.2} s: holds {} {:?}", check_start.elapsed().as_secs_f64(), verdict.holds(), verdict.failures);
    println!("peak memory {} with the baseline and the verification", peak_memory());
    assert_eq!(Solution::read(&solution)?, outcome.solution);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "percentages for people to read")]
fn real(value: i64) -> f64 {
    value as f64
}

/// Linux only; elsewhere the line says so.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("unknown", |line| line.trim_start_matches("VmHWM:").trim()).to_owned()
}

mod baseline {
    //! First come, first served: whoever has waited longest chooses first; outings below their minimum are cancelled.
    use super::Path;
    use std::collections::HashMap;

    type Rows = Vec<Vec<usize>>;

    fn table(dir: &Path, name: &str) -> Result<Rows, Box<dyn std::error::Error>> {
        let text = std::fs::read_to_string(dir.join(name))?;
        let row = |line: &str| line.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>();
        Ok(text.lines().skip(1).map(row).collect::<Result<_, _>>()?)
    }

    pub(super) fn greedy(dir: &Path) -> Result<i64, Box<dyn std::error::Error>> {
        let (people, outings, edges) =
            (table(dir, "people.csv")?, table(dir, "outings.csv")?, table(dir, "edges.csv")?);
        let caps = [table(dir, "teams.csv")?, table(dir, "nbhds.csv")?, table(dir, "hosts.csv")?];
        let mut wishes = vec![Vec::new(); people.len()];
        for edge in &edges {
            wishes[edge[0]].push((edge[1], edge[2]));
        }
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|&person| std::cmp::Reverse(people[person][5]));
        let mut used: HashMap<(u8, usize, usize), usize> = HashMap::new();
        let mut taken: Vec<Vec<(usize, usize)>> = vec![Vec::new(); people.len()];
        for round in 0..3 {
            for &person in order.iter().filter(|&&person| people[person][4] > round) {
                let fits = |&&(outing, _): &&(usize, usize)| {
                    let o = &outings[outing];
                    let n = |kind, id, week| used.get(&(kind, id, week)).copied().unwrap_or(0);
                    taken[person].iter().all(|(other, _)| outings[*other][1] != o[1])
                        && n(0, outing, 0) < o[5]
                        && n(1, people[person][1], o[1]) < caps[0][people[person][1]][3]
                        && n(2, o[2], o[1]) < caps[1][o[2]][2]
                        && n(3, o[3], 0) < caps[2][o[3]][1]
                };
                if let Some(&(outing, score)) = wishes[person].iter().find(fits) {
                    let o = &outings[outing];
                    for key in [(0, outing, 0), (1, people[person][1], o[1]), (2, o[2], o[1]), (3, o[3], 0)] {
                        *used.entry(key).or_default() += 1;
                    }
                    taken[person].push((outing, score));
                }
            }
        }
        let runs = |outing: usize| used.get(&(0, outing, 0)).copied().unwrap_or(0) >= outings[outing][4];
        let mut points = 0;
        for (person, seats) in taken.iter().enumerate() {
            let kept: Vec<usize> = seats.iter().filter(|(outing, _)| runs(*outing)).map(|(_, score)| *score).collect();
            points += kept.iter().sum::<usize>() + people[person][6..6 + kept.len()].iter().sum::<usize>();
        }
        Ok(i64::try_from(points)?)
    }
}
