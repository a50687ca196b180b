//! How long a solver may work, and how it tells the caller what it has. May use nothing of the machine: the caller's
//! clock comes in as a closure. Promises that with `iterations` alone the answer does not depend on machine or threads.

use crate::number::share;

/// How much work to do. With neither `seconds` nor `iterations` a number of iterations that suits the size is used;
/// with both, whichever is reached first ends the work.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Seconds, measured by `elapsed`. Without `elapsed` this is ignored and only `progress` can stop the work.
    pub seconds: Option<f64>,
    /// Iterations (one look at every person each). The same number gives the same answer everywhere.
    pub iterations: Option<u64>,
    /// Threads to use, at least 1. Never changes the answer.
    pub threads: usize,
    /// Seed of the search and of ties.
    pub seed: u64,
    /// The caller's clock: seconds since the caller started counting.
    pub elapsed: Option<&'a dyn Fn() -> f64>,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self { seconds: None, iterations: None, threads: 1, seed: 1, elapsed: None }
    }
}

/// What the solver is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking for prices: the bound gets better.
    Prices,
    /// Looking for prices that know minimum group sizes: the bound gets better still.
    Groups,
    /// Deciding which outings cannot run.
    Closing,
    /// Seating people, the surest first.
    Seating,
    /// Improving: the objective gets better.
    Search,
}

/// What the solver has so far.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// Iterations done.
    pub iteration: u64,
    /// Share of the current phase that is over, 0 to 1.
    pub fraction: f64,
    /// Points of the best feasible solution, once there is one.
    pub objective: Option<i64>,
    /// The best proven bound, once there is one.
    pub bound: Option<i64>,
}

/// Shares of the iterations and of the seconds after which a phase ends.
#[derive(Clone, Copy)]
pub(crate) struct Until {
    pub(crate) iterations: f64,
    pub(crate) seconds: f64,
}

impl Until {
    /// So far on the way from this end to another.
    pub(crate) fn towards(self, other: Self, part: f64) -> Self {
        self.between(other, Self { iterations: part, seconds: part })
    }

    /// The same, as far in iterations and in seconds as `part` says.
    pub(crate) fn between(self, other: Self, part: Self) -> Self {
        Self {
            iterations: self.iterations + part.iterations * (other.iterations - self.iterations),
            seconds: self.seconds + part.seconds * (other.seconds - self.seconds),
        }
    }
}

/// Keeps the schedule: how far the current phase is, and whether the caller wants to stop.
pub(crate) struct Pace<'a> {
    limits: Limits<'a>,
    total: Option<u64>,
    progress: &'a mut dyn FnMut(Progress) -> bool,
    phase: Phase,
    from: Until,
    until: Until,
    done: u64,
    stopped: bool,
    clocked: bool,
    pub(crate) objective: Option<i64>,
    pub(crate) bound: Option<i64>,
}

impl<'a> Pace<'a> {
    /// `usual` is the number of iterations when the caller sets no limit at all.
    pub(crate) fn new(limits: &Limits<'a>, usual: u64, progress: &'a mut dyn FnMut(Progress) -> bool) -> Self {
        let timed = limits.seconds.is_some() && limits.elapsed.is_some();
        let total = limits.iterations.or(if timed { None } else { Some(usual) }).map(|n| n.max(1));
        let zero = Until { iterations: 0.0, seconds: 0.0 };
        Self {
            limits: *limits,
            total,
            progress,
            phase: Phase::Prices,
            from: zero,
            until: zero,
            done: 0,
            stopped: false,
            clocked: false,
            objective: None,
            bound: None,
        }
    }

    pub(crate) fn enter(&mut self, phase: Phase, until: Until) {
        self.phase = phase;
        self.from = Until { iterations: self.spent(), seconds: self.time().unwrap_or(0.0) };
        self.until = until;
    }

    fn spent(&self) -> f64 {
        self.total.map_or(0.0, |total| share(self.done) / share(total))
    }

    fn time(&self) -> Option<f64> {
        let (seconds, elapsed) = (self.limits.seconds?, self.limits.elapsed?);
        Some(if seconds > 0.0 { elapsed() / seconds } else { 1.0 })
    }

    /// The share of the phase that is over, or `None` when it is time to leave it.
    pub(crate) fn tick(&mut self) -> Option<f64> {
        let part = |now: f64, from: f64, until: f64| if until > from { (now - from) / (until - from) } else { 1.0 };
        let mut fraction = 0.0_f64;
        if self.total.is_some() {
            fraction = fraction.max(part(self.spent(), self.from.iterations, self.until.iterations));
        }
        if let Some(now) = self.time() {
            let by_clock = part(now, self.from.seconds, self.until.seconds);
            self.clocked |= by_clock >= 1.0 && fraction < 1.0;
            fraction = fraction.max(by_clock);
        }
        if self.stopped || fraction >= 1.0 {
            return None;
        }
        self.done += 1;
        let (iteration, objective, bound) = (self.done, self.objective, self.bound);
        if !(self.progress)(Progress { phase: self.phase, iteration, fraction, objective, bound }) {
            self.stopped = true;
            return None;
        }
        Some(fraction)
    }

    /// Whether to go on within an iteration. Asks the clock and the caller but counts nothing.
    pub(crate) fn alive(&mut self) -> bool {
        if self.time().is_some_and(|share| share >= 1.0) {
            self.stopped = true;
        }
        self.wanted()
    }

    /// Whether the caller wants to go on, whatever the clock says.
    pub(crate) fn wanted(&mut self) -> bool {
        let (iteration, objective, bound) = (self.done, self.objective, self.bound);
        let now = Progress { phase: self.phase, iteration, fraction: 0.0, objective, bound };
        self.stopped = self.stopped || !(self.progress)(now);
        !self.stopped
    }

    /// The iterations with which the same answer comes again: those asked for, unless the clock or the caller cut the work.
    pub(crate) fn claimed(&self) -> u64 {
        self.total.filter(|_| !self.stopped && !self.clocked).unwrap_or(self.done)
    }

    pub(crate) fn threads(&self) -> usize {
        self.limits.threads.clamp(1, 64)
    }

    pub(crate) const fn seed(&self) -> u64 {
        self.limits.seed
    }
}
