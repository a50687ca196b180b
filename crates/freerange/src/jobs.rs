//! What is done without anybody asking: letters are sent, whoever is not back is asked about, files that were taken away deleted, follow-ups asked, what still waits for an outing that has
//! passed is closed, and what was kept long enough forgotten. Each is safe to repeat and to interrupt; a failure is logged without personal data and tried again.

use std::time::Duration;

use freerange_mail::{Letter, Server};
use freerange_store::Store;
use jiff::tz::TimeZone;
use tokio::task::JoinHandle;

use crate::now;

const MAIL_EVERY: Duration = Duration::from_secs(15);
/// So that a letter about somebody who is overdue is written on the minute.
const SAFETY_EVERY: Duration = Duration::from_secs(20);
const TRASH_EVERY: Duration = Duration::from_mins(5);
const HOURLY: Duration = Duration::from_hours(1);

/// Starts them; aborting the handle ends them.
pub(crate) fn start(store: Store, mail: Option<Server>, zone: TimeZone) -> JoinHandle<()> {
    // Beside the letters: a mail server that does not answer must not hold up who is asked about.
    tokio::spawn(async move {
        tokio::join!(ask_after(store.clone()), house_work(store, mail, zone));
    })
}

async fn ask_after(store: Store) {
    let mut every = tokio::time::interval(SAFETY_EVERY);
    loop {
        every.tick().await;
        log("overdue", store.ask_after(now()).await);
    }
}

async fn house_work(store: Store, mail: Option<Server>, zone: TimeZone) {
    let (mut letters, mut hourly) = (tokio::time::interval(MAIL_EVERY), tokio::time::interval(HOURLY));
    let mut trash = tokio::time::interval(TRASH_EVERY);
    loop {
        tokio::select! {
            _ = letters.tick() => if let Some(server) = &mail {
                log("mail", send(&store, server).await);
            },
            _ = trash.tick() => log("files taken away", store.empty_trash(now()).await),
            _ = hourly.tick() => {
                let today = now().to_zoned_datetime(zone.clone()).date();
                log("passed outings", store.close_passed(now()).await);
                log("follow-ups", store.ask_follow_ups(today, now()).await.map(|n| n as u64));
                log("times that passed", store.ask_how_it_was(&zone, now()).await);
                log("circles", store.remind_circles(now()).await);
                log("experiments over", store.ask_experiments(today, now()).await.map(|n| n as u64));
                log("sweep", store.sweep(now()).await);
            },
        }
    }
}

fn log(job: &str, outcome: Result<u64, freerange_store::StoreError>) {
    match outcome {
        Ok(0) => {}
        Ok(count) => tracing::info!(job, count, "done"),
        Err(error) => tracing::warn!(job, %error, "will be tried again"),
    }
}

async fn send(store: &Store, server: &Server) -> Result<u64, freerange_store::StoreError> {
    let mut sent = 0;
    for waiting in store.mail_due(now()).await? {
        let id = waiting.id.to_string();
        let letter = Letter {
            id: &id,
            to_name: &waiting.letter.to_name,
            to_email: &waiting.letter.to_email,
            subject: &waiting.letter.subject,
            body: &waiting.letter.body,
            calendar: waiting.letter.calendar.as_deref(),
        };
        match server.send(letter).await {
            Ok(()) => {
                store.mail_sent(waiting.id, now()).await?;
                sent += 1;
            }
            Err(problem) => store.mail_failed(&waiting, problem.word(), now()).await?,
        }
    }
    Ok(sent)
}
