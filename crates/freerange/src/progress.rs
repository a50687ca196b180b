//! What long work tells whoever waits for it at a terminal: one line that says what is being done and for how long.
//! Promises silence when the output goes into a pipe or a file.

use std::{
    io::IsTerminal as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinHandle;

const TICK: Duration = Duration::from_secs(1);
/// To the beginning of the line, and nothing on it.
const CLEAR: &str = "\r\x1b[K";

async fn tick(what: Arc<Mutex<String>>) {
    let mut clock = tokio::time::interval(TICK);
    for seconds in 0_u64.. {
        clock.tick().await;
        let what = what.lock().unwrap_or_else(PoisonError::into_inner).clone();
        eprint!("{CLEAR}{what} … {seconds} s");
    }
}

/// The line, as long as the work goes on. It is gone when this is.
#[derive(Debug)]
pub(crate) struct Progress {
    what: Arc<Mutex<String>>,
    ticking: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins with the first step.
    pub(crate) fn begin(what: impl Into<String>) -> Self {
        let what = Arc::new(Mutex::new(what.into()));
        let ticking = std::io::stderr().is_terminal().then(|| tokio::spawn(tick(Arc::clone(&what))));
        Self { what, ticking }
    }

    /// The next step.
    pub(crate) fn step(&self, what: impl Into<String>) {
        if self.ticking.is_some() {
            let what = what.into();
            eprint!("{CLEAR}{what} …");
            *self.what.lock().unwrap_or_else(PoisonError::into_inner) = what;
        }
    }

    /// A sentence that stays, on standard output.
    pub(crate) fn say(&self, sentence: &str) {
        if self.ticking.is_some() {
            eprint!("{CLEAR}");
        }
        println!("{sentence}");
    }

    /// Ends it before what became of the work is told.
    pub(crate) fn end(self) {
        drop(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(ticking) = &self.ticking {
            ticking.abort();
            eprint!("{CLEAR}");
        }
    }
}
