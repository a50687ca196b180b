//! The job that matches rounds: takes a run, writes the instance into a private folder, solves it on a thread of its own
//! while the rest of the server goes on, tells how far it is, and keeps plan, reasons and proof. Safe to interrupt: a run
//! that was not finished is taken up again, by this server or another, and gives the same answer.

mod files;
mod reasons;
mod scarce;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use freerange_allocate::{Limits, Phase, Progress, round};
use freerange_store::{
    Store,
    round::{Edge, Figures, Finished, Heard, Instance, Job, Said},
};
use jiff::tz::TimeZone;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::now;

/// How often it looks for a run, and tells how far one is.
const EVERY: Duration = Duration::from_secs(1);

/// Starts it; aborting the handle ends it, and whatever it was solving.
pub(crate) fn start(store: Store, zone: TimeZone) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut clock = tokio::time::interval(EVERY);
        loop {
            clock.tick().await;
            if let Err(error) = work_once(&store, &zone).await {
                tracing::warn!(job = "rounds", %error, "will be tried again");
            }
        }
    })
}

/// Takes a run, if one waits, and does it. Returns whether there was one.
pub(crate) async fn work_once(store: &Store, zone: &TimeZone) -> anyhow::Result<bool> {
    let worker = Uuid::now_v7();
    let Some(job) = store.claim_round_run(worker, now()).await? else { return Ok(false) };
    let instance = store.round_instance(job.round, zone, job.asked_at).await?;
    match solve(store, &job, worker, Arc::new(instance)).await {
        Ok(Some(found)) => {
            store.finish_round_run(job.id, worker, &found, now()).await?;
        }
        // Somebody else has it by now.
        Ok(None) => {}
        Err(error) => {
            tracing::error!(job = "rounds", run = %job.id, error = format!("{error:#}"), "a run failed");
            store.fail_round_run(job.id, worker, "run-inside", now()).await?;
        }
    }
    Ok(true)
}

/// What thread and server tell each other.
#[derive(Debug, Default)]
struct Shared {
    said: Mutex<Said>,
    stop: AtomicBool,
}

/// Ends the thread when nobody waits for it any more.
struct StopOnDrop(Arc<Shared>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Prices => "prices",
        Phase::Groups => "groups",
        Phase::Closing => "closing",
        Phase::Seating => "seating",
        Phase::Search => "search",
    }
}

impl Shared {
    fn hear(&self, p: &Progress) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        word(p.phase).clone_into(&mut said.phase);
        if p.fraction > 0.0 {
            // Between 0 and 1, so between 0 and 1000.
            #[expect(clippy::cast_possible_truncation, reason = "a share of a thousand")]
            let permille = (p.fraction * 1000.0) as i64;
            said.permille = permille;
        }
        said.objective = p.objective;
        said.bound = p.bound;
        !self.stop.load(Ordering::Relaxed)
    }
}

async fn solve(store: &Store, job: &Job, worker: Uuid, instance: Arc<Instance>) -> anyhow::Result<Option<Finished>> {
    let shared = Arc::new(Shared::default());
    let _ends = StopOnDrop(Arc::clone(&shared));
    let (seen, effort, seed) = (Arc::clone(&shared), job.effort, job.seed);
    let mut work = tokio::task::spawn_blocking(move || {
        // Only this server's own user may read it, and it is gone when this returns.
        let folder = tempfile::Builder::new().prefix("freerange-round-").tempdir()?;
        let iterations = effort.iterations(instance.people.len());
        solve_in(folder.path(), &instance, iterations, seed, &seen)
    });
    let mut clock = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            done = &mut work => return done.context("the thread ended")?.map(Some),
            _ = clock.tick() => {
                let said = shared.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
                match store.hear_round_run(job.id, worker, &said, now()).await {
                    Ok(Heard::Stop) => shared.stop.store(true, Ordering::Relaxed),
                    Ok(Heard::Lost) => return Ok(None),
                    // The database is away for a moment: the lease says how long that may be.
                    Ok(Heard::GoOn) | Err(_) => {}
                }
            }
        }
    }
}

/// Solves and verifies, from files to files.
fn solve_in(dir: &Path, instance: &Instance, iterations: u64, seed: u64, seen: &Shared) -> anyhow::Result<Finished> {
    files::write(instance, dir)?;
    let read = round::Instance::read(dir)?;
    let limits = Limits { iterations: Some(iterations), seed, ..Limits::default() };
    let outcome = round::solve(&read, &limits, &mut |p| seen.hear(&p));
    let (solution, certificate) = (dir.join("solution.csv"), dir.join("certificate.json"));
    outcome.solution.write(&solution)?;
    outcome.certificate.write(&certificate)?;
    let told = round::explain(&read, &outcome.solution);
    let reasons = dir.join("reasons.csv");
    round::write_reasons(&told, &reasons)?;
    let mut verdict = round::verify(dir, &solution, &certificate);
    verdict.failures.extend(round::verify_reasons(dir, &solution, &reasons));
    let seats = seats(instance, &outcome.solution.seats);
    let claim = outcome.certificate.claim;
    // Pins and what stands for colleagues who are away already count nothing for anybody: both numbers are told without.
    let objective = instance.objective(&seats);
    let bound = objective + (claim.bound - claim.objective);
    Ok(Finished {
        verified: verdict.failures.is_empty() && files::keeps_teams(instance, &seats),
        figures: Figures {
            scarce: scarce::scarce(instance, &read, &outcome.solution),
            ..Figures::of(instance, &seats, bound)
        },
        reasons: reasons::reasons(instance, &seats, &told),
        reserves: reasons::reserves(instance, &seats),
        edits: reasons::edits(instance, &seats),
        seats: seats.iter().map(|s| (instance.people[s.person].id, instance.outings[s.outing].id, s.rank)).collect(),
        proof: files::archive(dir)?,
    })
}

/// The seats of a solution as wishes; what stands for colleagues who are away already is left out.
fn seats(instance: &Instance, solution: &[(u32, u32)]) -> Vec<Edge> {
    let mut seats = Vec::with_capacity(solution.len());
    let mut edges = instance.edges.iter().peekable();
    for (person, outing) in solution {
        let (person, outing) = (*person as usize, *outing as usize);
        while edges.next_if(|e| e.person < person).is_some() {}
        let mine = edges.clone().take_while(|e| e.person == person);
        seats.extend(mine.filter(|e| e.outing == outing).copied().take(1));
    }
    seats
}
