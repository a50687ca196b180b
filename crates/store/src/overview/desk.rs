//! What waits on somebody's own desk: the few figures of the mayor, how fresh the auditor's log is, whether the
//! administrator's machine runs, the clerk's invitations, an organiser's visits that were not told back.

use freerange_domain::{
    id::{InvitationId, OutingId},
    overview::{Count, share},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, vals},
    may,
    placement::{came_back, went},
    setting::{BACKED_UP, SWEPT},
};

/// The few figures that matter.
#[derive(Debug, Clone)]
pub struct Glance {
    /// Questions decided on what was heard.
    pub decided: i64,
    /// Things stopped.
    pub stopped: Count,
    /// Neighbourhoods where nobody has been.
    pub never: i64,
    /// Changes kept, of those asked about, in tens of per cent.
    pub kept: Option<i64>,
}

/// How fresh the audit log is.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The last entry.
    pub last_entry: Option<Timestamp>,
    /// When what was kept long enough was last deleted.
    pub swept_at: Option<Timestamp>,
}

/// Whether the machine runs.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Letters whose last try failed.
    pub failing: i64,
    /// Letters that have waited for more than an hour.
    pub waiting: i64,
    /// People who work here and have nobody above them.
    pub unmanaged: i64,
    /// The last backup made with the program.
    pub backed_up_at: Option<Timestamp>,
}

impl Store {
    /// The mayor's figures of the time since `since`.
    pub async fn glance(&self, who: &Actor, since: Timestamp, today: Date) -> Result<Glance> {
        may(who, Act::SeeOverview, &About::nothing())?;
        let mut db = &self.db;
        let stopped = db
            .one(
                "SELECT COUNT(*) AS n, COUNT(DISTINCT owner_id) AS people FROM change
                 WHERE kind = 'stop' AND status <> 'dropped' AND created_at >= $1",
                vals![since],
            )
            .await?;
        let asked = db
            .one(
                "SELECT COUNT(*) AS due, COUNT(DISTINCT c.owner_id) AS people, COUNT(CASE WHEN f.kept = 'kept' THEN 1 END) AS kept
                 FROM follow_up f JOIN change c ON c.id = f.change_id WHERE f.due_on <= $1 AND f.due_on >= $2 AND c.status <> 'dropped'",
                vals![today, today.saturating_sub(jiff::ToSpan::years(1))],
            )
            .await?;
        Ok(Glance {
            decided: db
                .count(
                    "SELECT COUNT(*) FROM challenge c WHERE c.status = 'decided' AND c.closed_at >= $1
                        AND EXISTS (SELECT 1 FROM note n WHERE n.challenge_id = c.id)",
                    vals![since],
                )
                .await?,
            stopped: Count::of_things(stopped.get("n")?, stopped.get("people")?),
            never: db
                .count(
                    concat!(
                        "SELECT COUNT(*) FROM place pl WHERE pl.level = 'neighbourhood' AND pl.active AND NOT EXISTS (
                        SELECT 1 FROM outing o JOIN placement p ON p.outing_id = o.id WHERE o.place_id = pl.id AND o.starts_at >= $1 AND ",
                        went!("p"),
                        ")"
                    ),
                    vals![since],
                )
                .await?,
            kept: share(asked.get("kept")?, asked.get("due")?, asked.get("people")?),
        })
    }

    /// How fresh the audit log is, and when the last retention sweep was.
    pub async fn watch(&self, who: &Actor) -> Result<Watch> {
        may(who, Act::SeeAudit, &About::nothing())?;
        let last = (&self.db).one("SELECT MAX(at) AS at FROM audit", Vec::new()).await?;
        Ok(Watch { last_entry: last.get("at")?, swept_at: self.when(SWEPT).await? })
    }

    /// Whether letters go out, whether there is a backup, and who has nobody above them.
    pub async fn machine(&self, who: &Actor, now: Timestamp) -> Result<Machine> {
        may(who, Act::SeeOutbox, &About::nothing())?;
        let mut db = &self.db;
        let hour_ago = now.as_microsecond() - 3_600_000_000;
        Ok(Machine {
            failing: db
                .count("SELECT COUNT(*) FROM mail WHERE sent_at IS NULL AND problem IS NOT NULL", Vec::new())
                .await?,
            waiting: db
                .count("SELECT COUNT(*) FROM mail WHERE sent_at IS NULL AND created_at < $1", vals![hour_ago])
                .await?,
            unmanaged: db.count("SELECT COUNT(*) FROM person WHERE active AND manager_id IS NULL", Vec::new()).await?,
            backed_up_at: self.when(BACKED_UP).await?,
        })
    }

    /// Invitations that wait for an answer, the most urgent first.
    pub async fn unanswered(&self, who: &Actor) -> Result<Vec<(InvitationId, String, Date)>> {
        may(who, Act::TakeDownInvitation, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT id, group_name, answer_due FROM invitation WHERE status = 'received' ORDER BY answer_due, id LIMIT 50",
                Vec::new(),
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("group_name")?, r.get("answer_due")?)))
            .collect()
    }

    /// Visits that one organised, that are over, and of which nobody has been told.
    pub async fn my_untold(&self, who: &Actor, now: Timestamp) -> Result<Vec<(OutingId, String, Timestamp)>> {
        may(who, Act::SeeOutings, &About::nothing())?;
        (&self.db)
            .rows(
                concat!(
                    "SELECT o.id, o.title, o.ends_at FROM outing o WHERE o.organiser_id = $1 AND o.told_back IS NULL AND o.host_name <> ''
                    AND o.ends_at < $2 AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                    came_back!("p"),
                    ") ORDER BY o.ends_at LIMIT 50"
                ),
                vals![who.person(), now],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("ends_at")?)))
            .collect()
    }
}
