//! What the programme lead must look at: what is late, crowded, unheard, or belongs to somebody who has left. Each is
//! a list of exactly those. It names things, not whoever is late: an open answer shows which party of which outing.

use freerange_domain::{
    change::asking::SILENT_AFTER,
    id::{ChallengeId, ChangeId, InvitationId, OutingId, PlaceId},
    outing::Party,
};
use jiff::{Timestamp, ToSpan, civil::Date};

use crate::{
    About, Act, Actor, Result, Store,
    change::follow_up::silent_before,
    db::{Ask as _, Row, Val, vals},
    may,
    placement::came_back,
};

/// What the programme lead must look at.
#[derive(Debug, Clone, Default)]
pub struct Exceptions {
    /// Invitations not answered by the promised day.
    pub invitations: Vec<(InvitationId, String, Date)>,
    /// Visits over for a month that were not told back.
    pub untold: Vec<(OutingId, String, Timestamp)>,
    /// Answers open for more than a week: outing, who was asked, since when.
    pub slow_answers: Vec<(OutingId, String, Party, Timestamp)>,
    /// Changes about which nobody answered, though their owner was reminded twice, since when.
    pub silent_changes: Vec<(ChangeId, String, Date)>,
    /// Experiments whose last day is over and of which nobody has said what they showed.
    pub open_tests: Vec<(ChangeId, String, Date)>,
    /// Neighbourhoods with more than eight outings in 90 days.
    pub crowded: Vec<(PlaceId, String, i64)>,
    /// Challenges whose decision is within 30 days and that have no note.
    pub unheard: Vec<(ChallengeId, String, Date)>,
    /// Open challenges of somebody who no longer works here.
    pub orphan_challenges: Vec<(ChallengeId, String)>,
    /// Running changes of somebody who no longer works here.
    pub orphan_changes: Vec<(ChangeId, String)>,
    /// Outings to come, or not told back, of somebody who no longer works here.
    pub orphan_outings: Vec<(OutingId, String)>,
}

impl Exceptions {
    /// How many things belong to somebody who no longer works here.
    pub fn orphans(&self) -> usize {
        self.orphan_challenges.len() + self.orphan_changes.len() + self.orphan_outings.len()
    }

    /// Whether everything runs by itself.
    pub fn is_calm(&self) -> bool {
        self.invitations.is_empty()
            && self.untold.is_empty()
            && self.slow_answers.is_empty()
            && self.silent_changes.is_empty()
            && self.open_tests.is_empty()
            && self.crowded.is_empty()
            && self.unheard.is_empty()
            && self.orphans() == 0
    }
}

/// Outings in 90 days above which a neighbourhood is said to be overrun.
pub const CROWDED: i64 = 8;

impl Store {
    /// What needs the programme lead's eye.
    pub async fn exceptions(&self, who: &Actor, now: Timestamp, today: Date) -> Result<Exceptions> {
        may(who, Act::SeeExceptions, &About::nothing())?;
        let days = |n: i64| now.as_microsecond() - n * 86_400 * 1_000_000;
        Ok(Exceptions {
            invitations: self
                .listed(
                    "SELECT id, group_name, answer_due FROM invitation WHERE status = 'received' AND answer_due < $1 ORDER BY answer_due LIMIT 20",
                    vals![today],
                    |r| Ok((r.get("id")?, r.get("group_name")?, r.get("answer_due")?)),
                )
                .await?,
            untold: self
                .listed(
                    concat!(
                        "SELECT o.id, o.title, o.ends_at FROM outing o WHERE o.told_back IS NULL AND o.host_name <> '' AND o.ends_at < $1
                        AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                        came_back!("p"),
                        ") ORDER BY o.ends_at LIMIT 20"
                    ),
                    vals![days(30)],
                    |r| Ok((r.get("id")?, r.get("title")?, r.get("ends_at")?)),
                )
                .await?,
            slow_answers: self
                .listed(
                    "SELECT o.id, o.title, a.party, a.asked_at FROM approval a JOIN placement p ON p.id = a.placement_id
                        JOIN outing o ON o.id = p.outing_id
                     WHERE a.answer = 'open' AND p.stage = 'offered' AND a.asked_at < $1 ORDER BY a.asked_at, p.id LIMIT 200",
                    vals![days(7)],
                    |r| Ok((r.get("id")?, r.get("title")?, r.get("party")?, r.get("asked_at")?)),
                )
                .await?,
            silent_changes: self
                .listed(
                    "SELECT c.id, c.title, MIN(f.due_on) AS due_on FROM follow_up f JOIN change c ON c.id = f.change_id
                     WHERE f.answered_at IS NULL AND c.status <> 'dropped'
                        AND (f.asked_at <= $2 OR (f.asked_at IS NULL AND f.due_on <= $1))
                     GROUP BY c.id, c.title ORDER BY due_on, c.id LIMIT 200",
                    vals![today.saturating_sub(SILENT_AFTER.days()), silent_before(now)],
                    |r| Ok((r.get("id")?, r.get("title")?, r.get("due_on")?)),
                )
                .await?,
            open_tests: self
                .listed(
                    "SELECT id, title, ends_on FROM change WHERE kind = 'test' AND status = 'running' AND finding IS NULL AND ends_on < $1
                     ORDER BY ends_on, id LIMIT 200",
                    vals![today],
                    |r| Ok((r.get("id")?, r.get("title")?, r.get("ends_on")?)),
                )
                .await?,
            crowded: self
                .listed(
                    "SELECT o.place_id, pl.name, COUNT(DISTINCT o.id) AS n FROM outing o JOIN place pl ON pl.id = o.place_id
                     WHERE o.starts_at >= $1 AND o.starts_at < $2 AND o.status = 'open' AND o.kind <> 'free-range-day'
                     GROUP BY o.place_id, pl.name HAVING COUNT(DISTINCT o.id) > $3 ORDER BY n DESC, pl.name LIMIT 10",
                    vals![days(90), now, CROWDED],
                    |r| Ok((r.get("place_id")?, r.get("name")?, r.get("n")?)),
                )
                .await?,
            unheard: self
                .listed(
                    "SELECT id, title, decision_on FROM challenge c WHERE status = 'open' AND decision_on <= $1
                        AND NOT EXISTS (SELECT 1 FROM note n WHERE n.challenge_id = c.id) ORDER BY decision_on LIMIT 20",
                    vals![today.saturating_add(30.days())],
                    |r| Ok((r.get("id")?, r.get("title")?, r.get("decision_on")?)),
                )
                .await?,
            orphan_challenges: self
                .listed(
                    "SELECT c.id, c.title FROM challenge c JOIN person w ON w.id = c.owner_id
                     WHERE NOT w.active AND c.status = 'open' ORDER BY c.decision_on, c.id LIMIT 200",
                    Vec::new(),
                    |r| Ok((r.get("id")?, r.get("title")?)),
                )
                .await?,
            orphan_changes: self
                .listed(
                    "SELECT c.id, c.title FROM change c JOIN person w ON w.id = c.owner_id
                     WHERE NOT w.active AND c.status = 'running' ORDER BY c.committed_on, c.id LIMIT 200",
                    Vec::new(),
                    |r| Ok((r.get("id")?, r.get("title")?)),
                )
                .await?,
            orphan_outings: self
                .listed(
                    concat!(
                        "SELECT o.id, o.title FROM outing o JOIN person w ON w.id = o.organiser_id
                     WHERE NOT w.active AND o.status = 'open' AND o.kind <> 'free-range-day' AND (o.ends_at > $1
                        OR (o.told_back IS NULL AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                        came_back!("p"),
                        "))) ORDER BY o.starts_at, o.id LIMIT 200"
                    ),
                    vals![now],
                    |r| Ok((r.get("id")?, r.get("title")?)),
                )
                .await?,
        })
    }

    async fn listed<T>(&self, sql: &'static str, vals: Vec<Val>, line: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        (&self.db).rows(sql, vals).await?.iter().map(line).collect()
    }
}
