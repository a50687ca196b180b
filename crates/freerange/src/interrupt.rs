//! Ctrl-C and SIGTERM during work that has something to show at any time. Promises that the first one only asks to come to
//! an end, that another ends the program at once, and that nothing is left half written either way.

use std::{
    io,
    process::exit,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Where the work stands, for whoever asks for the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Awaited,
    Written,
}

/// Listens as long as the program runs.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
    files: Arc<Mutex<Files>>,
}

impl Interrupt {
    /// From now on asking is listened to, and no longer ends the program by itself.
    pub(crate) fn listen() -> io::Result<Self> {
        let interrupt = Self { asked: Arc::default(), files: Arc::new(Mutex::new(Files::Awaited)) };
        let mut asks = Asks::listen()?;
        let heard = interrupt.clone();
        tokio::spawn(async move {
            loop {
                asks.next().await;
                heard.hear();
            }
        });
        Ok(interrupt)
    }

    /// Whether somebody wants the work to come to an end.
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Writes what was reached. Who asks again meanwhile waits until it is whole.
    pub(crate) fn write<T>(&self, write: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let written = write()?;
        *files = Files::Written;
        Ok(written)
    }

    fn hear(&self) {
        if !self.asked.swap(true, Ordering::Relaxed) {
            return;
        }
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if *files == Files::Awaited {
            eprintln!("\nfreerange: ended at once, as you asked twice; nothing was written");
            exit(1);
        }
    }
}

#[cfg(unix)]
struct Asks {
    interrupted: tokio::signal::unix::Signal,
    terminated: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Asks {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupted: signal(SignalKind::interrupt())?, terminated: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {},
            _ = self.terminated.recv() => {},
        }
    }
}

#[cfg(not(unix))]
struct Asks;

#[cfg(not(unix))]
impl Asks {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
