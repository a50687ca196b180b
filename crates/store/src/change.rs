//! Changes: what is started, adapted, tested or stopped, on what evidence, and whether it was kept.

use freerange_domain::{
    change::{Interval, Kept, Kind, Status, Verdict, experiment::Sureness},
    id::{ChallengeId, ChangeId, FollowUpId, InsightId, NoteId, PersonId, PlacementId},
    text::{Line, Prose, Reason},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Page, Result, Store, StoreError,
    db::{Ask as _, Row, vals},
    may, withdrawn,
};

pub(crate) mod experiment;
pub(crate) mod follow_up;
mod lasting;
mod portfolio;

pub use experiment::{Card, Published, Sure};
pub use follow_up::Question;
pub use lasting::Lasting;
pub use portfolio::{Portfolio, Shown, Told};

/// A change to commit to.
#[derive(Debug, Clone)]
pub struct Commitment {
    /// The challenge it serves.
    pub challenge: Option<ChallengeId>,
    /// The placement it comes from.
    pub placement: Option<PlacementId>,
    /// Start, adapt, test or stop.
    pub kind: Kind,
    /// In a few words.
    pub title: Line,
    /// What will be different.
    pub what: Prose,
    /// "When X happens at work, ..."
    pub when_x: Line,
    /// "... I will Y."
    pub will_y: Line,
    /// What we stop to make room; may be empty.
    pub makes_room: String,
    /// Hours a month that become free.
    pub hours_freed: i64,
    /// The day it was committed.
    pub committed_on: Date,
    /// For a test: what we believe, the smallest trial, what would change our mind, when it ends.
    pub test: Option<Trial>,
    /// The notes it rests on.
    pub evidence: Vec<NoteId>,
    /// The insights it rests on.
    pub insights: Vec<InsightId>,
}

/// The card of a test.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What we believe.
    pub belief: Prose,
    /// The smallest trial that could show it wrong.
    pub smallest_test: Prose,
    /// What result would change our mind.
    pub change_mind: Prose,
    /// What we compare with.
    pub baseline: Prose,
    /// What it costs.
    pub cost: Prose,
    /// Who could be harmed.
    pub could_harm: Prose,
    /// Who was asked.
    pub who_asked: Prose,
    /// How sure we are at the beginning.
    pub sureness: Sureness,
    /// What is learned next.
    pub learn_next: Option<Line>,
    /// When it ends.
    pub ends_on: Date,
}

/// A change in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: ChangeId,
    /// Kind.
    pub kind: Kind,
    /// In a few words.
    pub title: String,
    /// Whose.
    pub owner: String,
    /// Since when.
    pub committed_on: Date,
    /// Where it stands.
    pub status: Status,
    /// Notes it rests on.
    pub evidence: i64,
    /// The first follow-up that was due and not answered.
    pub overdue_on: Option<Date>,
}

/// A change, whole.
#[derive(Debug, Clone)]
pub struct Change {
    /// What a list shows.
    pub listed: Listed,
    /// Whose.
    pub owner_id: PersonId,
    /// The challenge.
    pub challenge: Option<(ChallengeId, String)>,
    /// The placement it comes from.
    pub placement: Option<PlacementId>,
    /// What will be different.
    pub what: String,
    /// When X happens.
    pub when_x: String,
    /// I will Y.
    pub will_y: String,
    /// What is stopped to make room.
    pub makes_room: String,
    /// Hours a month that become free.
    pub hours_freed: i64,
    /// Why it was dropped, or what is done now.
    pub status_why: Option<String>,
    /// For a test.
    pub belief: Option<String>,
    /// For a test.
    pub smallest_test: Option<String>,
    /// For a test.
    pub change_mind: Option<String>,
    /// For a test.
    pub ends_on: Option<Date>,
    /// How a test ended.
    pub verdict: Option<Verdict>,
    /// What a test showed.
    pub result: Option<String>,
    /// For a test: the rest of its card, and where it stands.
    pub card: Option<Card>,
    /// The notes it rests on: id, words, whether they may be quoted.
    pub notes: Vec<(NoteId, String, bool)>,
    /// When it is asked about.
    pub follow_ups: Vec<FollowUp>,
}

/// One dated question.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// Which.
    pub id: FollowUpId,
    /// After how long.
    pub due_in: Interval,
    /// When.
    pub due_on: Date,
    /// What was answered.
    pub kept: Option<Kept>,
    /// In words.
    pub said: Option<String>,
}

/// How a running change ends. A test ends with what it showed, or is given up: see [`Store::end_experiment`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is how things are done now.
    Done(Reason),
    /// Not after all, and why.
    Dropped(Reason),
}

const LISTED: &str = "SELECT ch.id, ch.kind, ch.title, w.name AS owner, ch.committed_on, ch.status,
        (SELECT COUNT(*) FROM change_evidence e WHERE e.change_id = ch.id) AS evidence,
        (SELECT MIN(f.due_on) FROM follow_up f WHERE f.change_id = ch.id AND f.answered_at IS NULL AND f.due_on < $6) AS overdue_on
     FROM change ch JOIN person w ON w.id = ch.owner_id
     WHERE ($1 IS NULL OR ch.kind = $1) AND ($2 IS NULL OR ch.challenge_id = $2) AND ($3 IS NULL OR ch.owner_id = $3)
     ORDER BY ch.committed_on DESC, ch.id LIMIT $4 OFFSET $5";

fn listed(r: &Row) -> Result<Listed> {
    Ok(Listed {
        id: r.get("id")?,
        kind: r.get("kind")?,
        title: r.get("title")?,
        owner: r.get("owner")?,
        committed_on: r.get("committed_on")?,
        status: r.get("status")?,
        evidence: r.get("evidence")?,
        overdue_on: r.get("overdue_on")?,
    })
}

impl Store {
    /// Commits to a change; the four follow-ups are dated at once.
    pub async fn commit_change(&self, who: &Actor, c: &Commitment, now: Timestamp) -> Result<ChangeId> {
        may(who, Act::CommitChange, &About::nothing())?;
        let owner = who.person().ok_or(StoreError::Refused(Act::CommitChange))?;
        let mut tx = self.db.begin().await?;
        if let Some(placement) = c.placement {
            let p = crate::placement::load(&mut tx, placement).await?;
            may(who, Act::MovePlacement, &About::person(p.person_id))?;
        }
        let id = ChangeId::new();
        let t = c.test.as_ref().filter(|_| c.kind == Kind::Test);
        let mut texts = vec![
            ("title", c.title.as_str()),
            ("what", c.what.as_str()),
            ("when_x", c.when_x.as_str()),
            ("will_y", c.will_y.as_str()),
            ("makes_room", c.makes_room.as_str()),
        ];
        if let Some(t) = t {
            texts.push(("belief", t.belief.as_str()));
            texts.push(("smallest_test", t.smallest_test.as_str()));
            texts.push(("change_mind", t.change_mind.as_str()));
            texts.push(("baseline", t.baseline.as_str()));
            texts.push(("cost", t.cost.as_str()));
            texts.push(("could_harm", t.could_harm.as_str()));
            texts.push(("who_asked", t.who_asked.as_str()));
            texts.push(("learn_next", t.learn_next.as_ref().map_or("", Line::as_str)));
        }
        withdrawn::refuse(&mut tx, &texts).await?;
        tx.run(
            "INSERT INTO change (id, challenge_id, placement_id, kind, title, what, when_x, will_y, makes_room, hours_freed, owner_id,
                committed_on, status, belief, smallest_test, change_mind, ends_on, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)",
            vals![
                id, c.challenge, c.placement, c.kind, &c.title, &c.what, &c.when_x, &c.will_y, &c.makes_room, c.hours_freed, owner,
                c.committed_on, Status::Running, t.map(|t| t.belief.as_str()), t.map(|t| t.smallest_test.as_str()),
                t.map(|t| t.change_mind.as_str()), t.map(|t| t.ends_on), now
            ],
        )
        .await?;
        if let Some(t) = t {
            experiment::write_card(&mut tx, id, t, now).await?;
        }
        for note in c.evidence.iter().collect::<std::collections::BTreeSet<_>>() {
            tx.one("SELECT id FROM note WHERE id = $1", vals![*note]).await?;
            tx.run("INSERT INTO change_evidence (change_id, note_id) VALUES ($1, $2)", vals![id, *note]).await?;
        }
        for insight in c.insights.iter().collect::<std::collections::BTreeSet<_>>() {
            tx.one("SELECT id FROM insight WHERE id = $1 AND NOT gone", vals![*insight]).await?;
            tx.run("INSERT INTO change_insight (change_id, insight_id) VALUES ($1, $2)", vals![id, *insight]).await?;
        }
        for interval in Interval::ALL {
            tx.run(
                "INSERT INTO follow_up (id, change_id, due_in, due_on) VALUES ($1, $2, $3, $4)",
                vals![FollowUpId::new(), id, *interval, interval.due(c.committed_on)],
            )
            .await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Changes, newest first: all, of a kind, of a challenge, or one's own.
    pub async fn changes(
        &self,
        who: &Actor,
        kind: Option<Kind>,
        challenge: Option<ChallengeId>,
        mine: bool,
        today: Date,
        page: i64,
    ) -> Result<Page<Listed>> {
        may(who, Act::SeeChanges, &About::nothing())?;
        let (limit, offset) = Page::<Listed>::window(page);
        let owner = who.person().filter(|_| mine);
        let rows = (&self.db).rows(LISTED, vals![kind, challenge, owner, limit, offset, today]).await?;
        Ok(Page::cut(rows.iter().map(listed).collect::<Result<_>>()?, page))
    }

    /// One change.
    pub async fn change(&self, who: &Actor, id: ChangeId, today: Date) -> Result<Change> {
        may(who, Act::SeeChanges, &About::nothing())?;
        let mut db = &self.db;
        let r = db
            .one(
                "SELECT ch.*, w.name AS owner, c.title AS challenge,
                    (SELECT COUNT(*) FROM change_evidence e WHERE e.change_id = ch.id) AS evidence,
                    (SELECT MIN(f.due_on) FROM follow_up f WHERE f.change_id = ch.id AND f.answered_at IS NULL AND f.due_on < $2) AS overdue_on
                 FROM change ch JOIN person w ON w.id = ch.owner_id LEFT JOIN challenge c ON c.id = ch.challenge_id WHERE ch.id = $1",
                vals![id, today],
            )
            .await?;
        let notes = db
            .rows(
                "SELECT n.id, n.seen, COALESCE(k.quote, FALSE) AS quotable FROM change_evidence e JOIN note n ON n.id = e.note_id
                 LEFT JOIN consent k ON k.id = n.consent_id WHERE e.change_id = $1 ORDER BY n.created_at, n.id",
                vals![id],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("seen")?, r.get("quotable")?)))
            .collect::<Result<_>>()?;
        let follow_ups = db
            .rows(
                "SELECT id, due_in, due_on, kept, said FROM follow_up WHERE change_id = $1 ORDER BY due_on",
                vals![id],
            )
            .await?
            .iter()
            .map(|r| {
                let (due_in, due_on) = (r.get("due_in")?, r.get("due_on")?);
                Ok(FollowUp { id: r.get("id")?, due_in, due_on, kept: r.get("kept")?, said: r.get("said")? })
            })
            .collect::<Result<_>>()?;
        let challenge: Option<ChallengeId> = r.get("challenge_id")?;
        Ok(Change {
            listed: listed(&r)?,
            owner_id: r.get("owner_id")?,
            challenge: challenge.zip(r.get("challenge")?),
            placement: r.get("placement_id")?,
            what: r.get("what")?,
            when_x: r.get("when_x")?,
            will_y: r.get("will_y")?,
            makes_room: r.get("makes_room")?,
            hours_freed: r.get("hours_freed")?,
            status_why: r.get("status_why")?,
            belief: r.get("belief")?,
            smallest_test: r.get("smallest_test")?,
            change_mind: r.get("change_mind")?,
            ends_on: r.get("ends_on")?,
            verdict: r.get("verdict")?,
            result: r.get("result")?,
            card: experiment::card(&r, today)?,
            notes,
            follow_ups,
        })
    }

    /// The owner says how it ended.
    pub async fn end_change(&self, who: &Actor, id: ChangeId, outcome: &Outcome, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT owner_id, kind, status FROM change WHERE id = $1", vals![id]).await?;
        may(who, Act::AnswerFollowUp, &About::owner(row.get("owner_id")?))?;
        if row.get::<Status>("status")? != Status::Running {
            return Err(StoreError::rule("form", "change-ended"));
        }
        let test = row.get::<Kind>("kind")? == Kind::Test;
        let (status, why) = match outcome {
            Outcome::Done(_) if test => return Err(StoreError::rule("end", "test-needs-result")),
            Outcome::Done(why) => (Status::Done, why),
            Outcome::Dropped(why) => (Status::Dropped, why),
        };
        withdrawn::refuse(&mut tx, &[("end_why", why.as_str())]).await?;
        tx.run(
            "UPDATE change SET status = $2, status_why = $3, updated_at = $4 WHERE id = $1",
            vals![id, status, why, now],
        )
        .await?;
        if status == Status::Dropped {
            // Nobody asks about it any more: the letters that did open nothing.
            follow_up::end_links(&mut tx, id, now).await?;
        }
        tx.commit().await
    }
}
