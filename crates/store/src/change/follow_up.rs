//! Asking about a change again: the letters with one link, the page behind the link, the answer. It promises that a link
//! answers its own question once, that nobody gets more than three letters about one, and that silence is not forgotten.

use freerange_domain::{
    change::{
        Interval, Kept,
        asking::{self, Asked, Next, REMIND_AFTER, SILENT_AFTER, days_after},
    },
    id::{ChangeId, FollowUpId},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store, StoreError, Token,
    db::{Ask as _, Row, Tx, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Asking, Occasion, Reader},
    may, withdrawn,
};

/// What somebody is asked who follows the link of a letter.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which.
    pub id: FollowUpId,
    /// The change, in a few words.
    pub title: String,
    /// When X happens.
    pub when_x: String,
    /// I will Y.
    pub will_y: String,
    /// Since when.
    pub committed_on: Date,
    /// After how long it is asked.
    pub due_in: Interval,
}

/// Ends the links of every question about a change.
pub(crate) async fn end_links(tx: &mut Tx, change: ChangeId, now: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE link SET ended_at = $3 WHERE purpose = $1 AND ended_at IS NULL
            AND subject_id IN (SELECT f.id FROM follow_up f WHERE f.change_id = $2)",
        vals![Purpose::FollowUp.as_str(), change, now],
    )
    .await?;
    Ok(())
}

/// A change has another owner: what is open is asked of them, and the letters to the old one open nothing.
pub(crate) async fn ask_anew(tx: &mut Tx, change: ChangeId, now: Timestamp) -> Result<()> {
    end_links(tx, change, now).await?;
    tx.run(
        "UPDATE follow_up SET asked_at = NULL, reminders = 0, reminded_at = NULL WHERE change_id = $1 AND answered_at IS NULL",
        vals![change],
    )
    .await?;
    Ok(())
}

/// Whoever was asked before this moment and did not answer was reminded twice, and is silent.
pub(crate) fn silent_before(now: Timestamp) -> Timestamp {
    days_after(now, -SILENT_AFTER)
}

fn asked(r: &Row) -> Result<Option<Asked>> {
    let at: Option<Timestamp> = r.get("asked_at")?;
    let last: Option<Timestamp> = r.get("reminded_at")?;
    let reminders = r.get("reminders")?;
    Ok(at.map(|at| Asked { at, reminders, last: last.unwrap_or(at) }))
}

impl Store {
    /// Who is behind the link of a letter that asks how a change goes.
    pub async fn asked(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let opened = link::open(&mut &self.db, Purpose::FollowUp, token, now).await?;
        Ok(Actor::Asked(FollowUpId(opened.subject)))
    }

    /// What they are asked. Reading it decides nothing.
    pub async fn question(&self, who: &Actor) -> Result<Question> {
        let Actor::Asked(id) = who else { return Err(StoreError::Refused(Act::AnswerFollowUp)) };
        may(who, Act::AnswerFollowUp, &About { follow_up: Some(*id), ..About::default() })?;
        let r = (&self.db)
            .one(
                "SELECT ch.title, ch.when_x, ch.will_y, ch.committed_on, f.due_in FROM follow_up f
                 JOIN change ch ON ch.id = f.change_id JOIN person w ON w.id = ch.owner_id
                 WHERE f.id = $1 AND f.answered_at IS NULL AND ch.status <> 'dropped' AND w.active",
                vals![*id],
            )
            .await?;
        Ok(Question {
            id: *id,
            title: r.get("title")?,
            when_x: r.get("when_x")?,
            will_y: r.get("will_y")?,
            committed_on: r.get("committed_on")?,
            due_in: r.get("due_in")?,
        })
    }

    /// The owner answers a follow-up: by the link of a letter once, signed in also again, to correct it.
    pub async fn answer_follow_up(
        &self,
        who: &Actor,
        id: FollowUpId,
        kept: Kept,
        said: &str,
        now: Timestamp,
    ) -> Result<ChangeId> {
        let mut tx = self.db.begin().await?;
        let row = tx
            .one(
                "SELECT f.change_id, ch.owner_id, ch.status, w.active FROM follow_up f JOIN change ch ON ch.id = f.change_id
                 JOIN person w ON w.id = ch.owner_id WHERE f.id = $1",
                vals![id],
            )
            .await?;
        may(who, Act::AnswerFollowUp, &About { follow_up: Some(id), ..About::owner(row.get("owner_id")?) })?;
        withdrawn::refuse(&mut tx, &[("said", said)]).await?;
        // By a link only where it is still asked: of two who use it at the same moment one is told that it is used.
        let by_link = matches!(who, Actor::Asked(_));
        if by_link && (row.get::<String>("status")? == "dropped" || !row.get::<bool>("active")?) {
            return Err(StoreError::NotFound);
        }
        let sql = if by_link {
            "UPDATE follow_up SET kept = $2, said = $3, answered_at = $4 WHERE id = $1 AND answered_at IS NULL"
        } else {
            "UPDATE follow_up SET kept = $2, said = $3, answered_at = $4 WHERE id = $1"
        };
        if tx.run(sql, vals![id, kept, said, now]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        link::end_all(&mut tx, Purpose::FollowUp, id.0, now).await?;
        let change = row.get("change_id")?;
        tx.commit().await?;
        Ok(change)
    }

    /// Sends the questions that are due today and have not been sent, and reminds of those that have no answer. Returns how
    /// many letters.
    pub async fn ask_follow_ups(&self, today: Date, now: Timestamp) -> Result<usize> {
        let mut tx = self.db.begin().await?;
        let due = tx
            .rows(
                "SELECT f.id, f.due_on, f.asked_at, f.reminders, f.reminded_at, ch.title, w.name, w.email, w.lang
                 FROM follow_up f JOIN change ch ON ch.id = f.change_id JOIN person w ON w.id = ch.owner_id
                 WHERE f.answered_at IS NULL AND ch.status <> 'dropped' AND w.active
                    AND ((f.asked_at IS NULL AND f.due_on <= $1) OR (f.reminders = 0 AND f.asked_at <= $2)
                      OR (f.reminders = 1 AND f.asked_at <= $3 AND f.reminded_at <= $2))
                 ORDER BY f.due_on, f.id LIMIT 200",
                vals![today, days_after(now, -REMIND_AFTER[0]), days_after(now, -REMIND_AFTER[1])],
            )
            .await?;
        let mut letters = 0;
        for r in &due {
            let id: FollowUpId = r.get("id")?;
            let (what, sql) = match asking::next(r.get("due_on")?, asked(r)?, today, now) {
                Next::Wait => continue,
                Next::Ask => (Asking::First, "UPDATE follow_up SET asked_at = $2 WHERE id = $1"),
                Next::Remind { last } => (
                    if last { Asking::Last } else { Asking::Again },
                    "UPDATE follow_up SET reminders = reminders + 1, reminded_at = $2 WHERE id = $1",
                ),
            };
            let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
            let invitee =
                Invitee { purpose: Purpose::FollowUp, subject: id.0, party: None, name: &to.name, email: &to.email };
            let token = link::issue(&mut tx, &invitee, now).await?;
            let occasion = Occasion::FollowUp { change: r.get("title")?, asked: what, token };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
            tx.run(sql, vals![id, now]).await?;
            letters += 1;
        }
        tx.commit().await?;
        Ok(letters)
    }
}
