//! Measures the exchange matcher: `exchange_bench -- DIR [SECONDS | iterations=N] [OUT.csv CERT.json]`.

use std::path::PathBuf;
use std::time::Instant;

use freerange_allocate::Limits;
use freerange_allocate::exchange::{Instance, solve, verify};

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock; the crate itself never does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = PathBuf::from(args.first().ok_or("give the folder of an instance")?);
    let effort = args.get(1).map_or("5", String::as_str);
    let start = Instant::now();
    let instance = Instance::read(&dir)?;
    println!("read {:.2} s: {} staff, {} pairs", start.elapsed().as_secs_f64(), instance.people(), instance.offers());
    let solve_start = Instant::now();
    let elapsed = || solve_start.elapsed().as_secs_f64();
    let iterations = effort.strip_prefix("iterations=").map(str::parse).transpose()?;
    let seconds = if iterations.is_none() { Some(effort.parse()?) } else { None };
    let limits = Limits { seconds, iterations, threads: 1, seed: 1, elapsed: Some(&elapsed) };
    let mut next = 0.0;
    let outcome = solve(&instance, &limits, &mut |progress| {
        if elapsed() > next {
            println!("{:7.2} s {progress:?}", elapsed());
            next = elapsed() + 1.0;
        }
        true
    });
    let claim = outcome.certificate.claim;
    println!(
        "rings {:.2} s  objective {}  bound {}  gap {} ppm  iterations {}",
        elapsed(),
        claim.objective,
        claim.bound,
        claim.gap_ppm(),
        claim.iterations
    );
    let home = std::env::temp_dir();
    let solution = args.get(2).map_or_else(|| home.join("exchange_bench.csv"), PathBuf::from);
    let certificate = args.get(3).map_or_else(|| home.join("exchange_bench.json"), PathBuf::from);
    outcome.solution.write(&solution)?;
    outcome.certificate.write(&certificate)?;
    let verdict = verify(&dir, &solution, &certificate);
    println!("holds {} {:?}", verdict.holds(), verdict.failures);
    Ok(())
}
