//! Acknowledged means on disk, and a disk takes its time. `SQLite` has one writer: those who wait for it are taken in together,
//! each apart from the others, and share one commit. Whoever gets the turn does the work of all who wait.

use std::sync::Mutex;

use tokio::sync::{Mutex as Turn, oneshot};

use super::{Asked, Taken, take_in};
use crate::{Result, Store, db::Tx};

/// The most that share a commit, so that the first of them does not wait long for the last.
const TOGETHER: usize = 64;

#[derive(Debug)]
struct Waiting {
    asked: Asked,
    tell: oneshot::Sender<Result<Taken>>,
}

/// Those who wait for the one writer.
#[derive(Debug, Default)]
pub(crate) struct Group {
    waiting: Mutex<Vec<Waiting>>,
    turn: Turn<()>,
}

impl Group {
    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // Nothing panics while it is held; the list is whole in any case.
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes in a batch, together with those that wait.
    pub(crate) async fn take_in(&self, store: &Store, asked: Asked) -> Result<Taken> {
        loop {
            let (tell, mut told) = oneshot::channel();
            self.queue().push(Waiting { asked: asked.clone(), tell });
            let turn = self.turn.lock().await;
            match told.try_recv() {
                Ok(taken) => return taken,
                // Whoever had it in hand was broken off: nothing was kept, and it is asked again.
                Err(oneshot::error::TryRecvError::Closed) => continue,
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
            let mut all = {
                let mut queue = self.queue();
                // Those who went away are not waited for.
                queue.retain(|w| !w.tell.is_closed());
                let count = queue.len().min(TOGETHER);
                queue.drain(..count).collect::<Vec<_>>()
            };
            let outcome = together(store, &mut all).await;
            let failed = outcome.is_err();
            for (waiting, taken) in all.into_iter().zip(outcome.unwrap_or_default()) {
                // Whoever went away meanwhile asks again and hears that it is known.
                let _ = waiting.tell.send(taken);
            }
            drop(turn);
            if let Ok(taken) = told.try_recv() {
                return taken;
            }
            if failed {
                // One of them, or the disk, made all of them fail: nothing was kept, and each learns its own reason alone.
                return alone(store, &asked).await;
            }
        }
    }
}

/// One transaction for all; what fails alone is its own.
async fn together(store: &Store, all: &mut [Waiting]) -> Result<Vec<Result<Taken>>> {
    let mut tx = store.db.begin().await?;
    let mut taken = Vec::with_capacity(all.len());
    for waiting in all {
        taken.push(apart(store, &mut tx, &waiting.asked).await?);
    }
    tx.commit().await?;
    Ok(taken)
}

async fn apart(store: &Store, tx: &mut Tx, asked: &Asked) -> Result<Result<Taken>> {
    tx.run("SAVEPOINT batch", Vec::new()).await?;
    let taken = take_in(store, tx, asked).await;
    match &taken {
        Err(error) if !error.is_refusal() => return taken.map(Ok),
        Err(_) => {
            tx.run("ROLLBACK TO SAVEPOINT batch", Vec::new()).await?;
        }
        Ok(_) => {}
    }
    tx.run("RELEASE SAVEPOINT batch", Vec::new()).await?;
    Ok(taken)
}

async fn alone(store: &Store, asked: &Asked) -> Result<Taken> {
    let mut tx = store.db.begin().await?;
    let taken = take_in(store, &mut tx, asked).await?;
    tx.commit().await?;
    Ok(taken)
}
