//! The outbox: what is due to be tried, what became of it, and the list that an administrator sees.

use freerange_domain::id::MailId;
use jiff::{Timestamp, ToSpan};

use super::{Letter, Waiting};
use crate::{
    About, Act, Actor, Page, Result, Store,
    db::{Ask as _, Row, vals},
    may,
};

fn waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        id: row.get("id")?,
        letter: Letter {
            to_name: row.get("to_name")?,
            to_email: row.get("to_email")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            calendar: row.get("calendar")?,
        },
        created_at: row.get("created_at")?,
        tries: row.get("tries")?,
        sent_at: row.get("sent_at")?,
        problem: row.get("problem")?,
        brief: row.get("brief")?,
    })
}

const COLUMNS_DUE: &str =
    "SELECT id, to_name, to_email, subject, body, calendar, created_at, tries, sent_at, problem, brief FROM mail
     WHERE sent_at IS NULL AND next_try_at <= $1 ORDER BY brief DESC, next_try_at, id LIMIT 20";
/// A private letter is its reader's alone: that there is one is seen, and whether it can be sent.
const COLUMNS_ALL: &str = "SELECT id, CASE WHEN private THEN '' ELSE to_name END AS to_name,
        CASE WHEN private THEN '' ELSE to_email END AS to_email, CASE WHEN private THEN '' ELSE subject END AS subject,
        CASE WHEN private THEN '' ELSE body END AS body, CASE WHEN private THEN NULL ELSE calendar END AS calendar,
        created_at, tries, sent_at, problem, brief FROM mail
     ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2";

impl Store {
    /// Letters that are due to be tried.
    pub async fn mail_due(&self, now: Timestamp) -> Result<Vec<Waiting>> {
        (&self.db).rows(COLUMNS_DUE, vals![now]).await?.iter().map(waiting).collect()
    }

    /// It was sent.
    pub async fn mail_sent(&self, id: MailId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.run("UPDATE mail SET sent_at = $2, problem = NULL WHERE id = $1", vals![id, now]).await?;
        tx.commit().await
    }

    /// It could not be sent; it is tried again after 1, 2, 4 ... minutes, at most every six hours.
    pub async fn mail_failed(&self, mail: &Waiting, problem: &str, now: Timestamp) -> Result<()> {
        let minutes = 1_i64.checked_shl(u32::try_from(mail.tries.clamp(0, 10)).unwrap_or(0)).unwrap_or(360).min(360);
        let next = now.checked_add(minutes.minutes()).unwrap_or(Timestamp::MAX);
        let short: String = problem.chars().take(300).collect();
        let mut tx = self.db.begin().await?;
        tx.run(
            "UPDATE mail SET tries = tries + 1, problem = $2, next_try_at = $3 WHERE id = $1",
            vals![mail.id, short, next],
        )
        .await?;
        tx.commit().await
    }

    /// The outbox, newest first.
    pub async fn outbox(&self, who: &Actor, page: i64) -> Result<Page<Waiting>> {
        may(who, Act::SeeOutbox, &About::nothing())?;
        let (limit, offset) = Page::<Waiting>::window(page);
        let rows = (&self.db).rows(COLUMNS_ALL, vals![limit, offset]).await?;
        Ok(Page::cut(rows.iter().map(waiting).collect::<Result<_>>()?, page))
    }
}
