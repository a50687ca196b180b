//! Experiments: the card of a test, what it showed, what follows, and how sure its owner is meanwhile. It promises that what
//! an experiment showed is kept, published and counted the same way whichever way it went.

use freerange_domain::{
    change::{
        Kind, Status, Verdict,
        experiment::{Finding, State, Sureness},
    },
    id::{ChangeId, PersonId},
    text::{Line, Prose, Reason},
};
use jiff::{Timestamp, civil::Date};

use super::Trial;
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    mail::{self, Occasion, Reader},
    may, withdrawn,
};

/// What is on the card of an experiment beside belief, smallest test and what would change our mind, and what came of it. The
/// card of a test that an older program made has fewer texts.
#[derive(Debug, Clone)]
pub struct Card {
    /// Where it stands.
    pub state: State,
    /// What we compare with.
    pub baseline: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// Who could be harmed.
    pub could_harm: Option<String>,
    /// Who was asked.
    pub who_asked: Option<String>,
    /// How sure its owner is, how sure they were before, and when that changed.
    pub sure: Option<Sure>,
    /// What we learn next.
    pub learn_next: Option<String>,
    /// When it was said what it showed.
    pub ended_at: Option<Timestamp>,
    /// When it was said what follows.
    pub decided_at: Option<Timestamp>,
    /// Since when everybody can read it.
    pub published_at: Option<Timestamp>,
}

/// How sure somebody is.
#[derive(Debug, Clone, Copy)]
pub struct Sure {
    /// How sure.
    pub now: Sureness,
    /// How sure they were before.
    pub before: Option<Sureness>,
    /// When it last changed.
    pub since: Timestamp,
}

/// An experiment that everybody can read.
#[derive(Debug, Clone)]
pub struct Published {
    /// Which.
    pub id: ChangeId,
    /// In a few words.
    pub title: String,
    /// What was believed.
    pub belief: String,
    /// The smallest trial.
    pub smallest_test: String,
    /// What would have changed our mind.
    pub change_mind: String,
    /// Its last day.
    pub ends_on: Date,
    /// The rest of the card.
    pub card: Card,
    /// What it showed.
    pub finding: Finding,
    /// The same in words.
    pub result: String,
    /// What follows.
    pub verdict: Option<Verdict>,
    /// Why that.
    pub why: Option<String>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Experiments that everybody can read in which words stand: they change, and the feed says so.
pub(crate) const SAYING: &str = "UPDATE change SET updated_at = $1 WHERE published_at IS NOT NULL AND (title LIKE $2 ESCAPE '\\'
    OR belief LIKE $2 ESCAPE '\\' OR smallest_test LIKE $2 ESCAPE '\\' OR change_mind LIKE $2 ESCAPE '\\' OR baseline LIKE $2 ESCAPE '\\'
    OR cost LIKE $2 ESCAPE '\\' OR could_harm LIKE $2 ESCAPE '\\' OR who_asked LIKE $2 ESCAPE '\\' OR result LIKE $2 ESCAPE '\\'
    OR status_why LIKE $2 ESCAPE '\\')";

/// Writes what is on the card beside the texts that every test has had.
pub(crate) async fn write_card(tx: &mut Tx, id: ChangeId, t: &Trial, now: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE change SET baseline = $2, cost = $3, could_harm = $4, who_asked = $5, sureness = $6, sureness_at = $7, learn_next = $8
         WHERE id = $1",
        vals![id, &t.baseline, &t.cost, &t.could_harm, &t.who_asked, t.sureness, now, t.learn_next.as_ref().map(Line::as_str)],
    )
    .await?;
    Ok(())
}

/// Where an experiment stands, from its row; nothing for a change that is none.
pub(super) fn state(r: &Row, today: Date) -> Result<Option<State>> {
    let ends_on: Option<Date> = r.get("ends_on")?;
    let (Kind::Test, Some(ends_on)) = (r.get("kind")?, ends_on) else { return Ok(None) };
    Ok(Some(State::of(r.get("status")?, ends_on, r.get("finding")?, r.get("verdict")?, today)))
}

pub(super) fn sure(r: &Row) -> Result<Option<Sure>> {
    let (now, since): (Option<Sureness>, Option<Timestamp>) = (r.get("sureness")?, r.get("sureness_at")?);
    let before = r.get("sureness_was")?;
    Ok(now.zip(since).map(|(now, since)| Sure { now, before, since }))
}

/// The card of an experiment, from its row.
pub(super) fn card(r: &Row, today: Date) -> Result<Option<Card>> {
    let Some(state) = state(r, today)? else { return Ok(None) };
    Ok(Some(Card {
        state,
        baseline: r.get("baseline")?,
        cost: r.get("cost")?,
        could_harm: r.get("could_harm")?,
        who_asked: r.get("who_asked")?,
        sure: sure(r)?,
        learn_next: r.get("learn_next")?,
        ended_at: r.get("ended_at")?,
        decided_at: r.get("decided_at")?,
        published_at: r.get("published_at")?,
    }))
}

fn published(r: &Row) -> Result<Published> {
    let text = |name: &'static str| r.get::<Option<String>>(name).map(Option::unwrap_or_default);
    let (ends_on, finding): (Date, Finding) = (r.get("ends_on")?, r.get("finding")?);
    // Its day makes no difference any more: it has a result.
    let card = card(r, ends_on)?.ok_or(StoreError::NotFound)?;
    Ok(Published {
        id: r.get("id")?,
        title: r.get("title")?,
        belief: text("belief")?,
        smallest_test: text("smallest_test")?,
        change_mind: text("change_mind")?,
        ends_on,
        card,
        finding,
        result: text("result")?,
        verdict: r.get("verdict")?,
        why: r.get("status_why")?,
        updated_at: r.get("updated_at")?,
    })
}

/// An experiment that is about to be changed.
struct Held {
    owner: PersonId,
    state: State,
    sure: Option<Sure>,
}

/// Two who say something about one experiment take turns.
async fn hold(tx: &mut Tx, id: ChangeId, today: Date) -> Result<Held> {
    tx.hold("SELECT id FROM change WHERE id = $1 FOR UPDATE", vals![id]).await?;
    let r = tx.one("SELECT * FROM change WHERE id = $1", vals![id]).await?;
    let state = state(&r, today)?.ok_or(StoreError::rule("form", "not-a-test"))?;
    Ok(Held { owner: r.get("owner_id")?, state, sure: sure(&r)? })
}

fn not_now(e: freerange_domain::change::experiment::NotNow) -> StoreError {
    StoreError::rule("form", e.as_str())
}

impl Store {
    /// Its owner says what it showed, and so ends it; corrected in the same way until somebody decided on it.
    pub async fn end_experiment(
        &self,
        who: &Actor,
        id: ChangeId,
        (finding, result): (Finding, &Prose),
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        withdrawn::refuse(&mut tx, &[("result", result.as_str())]).await?;
        let held = hold(&mut tx, id, today).await?;
        may(who, Act::AnswerFollowUp, &About::owner(held.owner))?;
        held.state.end(finding).map_err(not_now)?;
        tx.run(
            "UPDATE change SET finding = $2, result = $3, ended_at = COALESCE(ended_at, $4), updated_at = $4 WHERE id = $1",
            vals![id, finding, result, now],
        )
        .await?;
        tx.commit().await
    }

    /// Its owner says what follows from it, and why.
    pub async fn decide_experiment(
        &self,
        who: &Actor,
        id: ChangeId,
        (verdict, why): (Verdict, &Reason),
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        withdrawn::refuse(&mut tx, &[("verdict_why", why.as_str())]).await?;
        let held = hold(&mut tx, id, today).await?;
        may(who, Act::AnswerFollowUp, &About::owner(held.owner))?;
        held.state.decide(verdict).map_err(not_now)?;
        tx.run(
            "UPDATE change SET status = $2, verdict = $3, status_why = $4, decided_at = $5, updated_at = $5 WHERE id = $1",
            vals![id, Status::Done, verdict, why, now],
        )
        .await?;
        tx.commit().await
    }

    /// Its owner says how sure they are now, and what is learned next.
    pub async fn say_sureness(
        &self,
        who: &Actor,
        id: ChangeId,
        (sureness, learn_next): (Sureness, Option<&Line>),
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let next = learn_next.map(Line::as_str);
        withdrawn::refuse(&mut tx, &[("learn_next", next.unwrap_or_default())]).await?;
        let held = hold(&mut tx, id, today).await?;
        may(who, Act::AnswerFollowUp, &About::owner(held.owner))?;
        if !held.state.is_open() {
            return Err(not_now(freerange_domain::change::experiment::NotNow::Decided));
        }
        tx.run("UPDATE change SET learn_next = $2, updated_at = $3 WHERE id = $1", vals![id, next, now]).await?;
        // Saying the same again is no change.
        if held.sure.is_none_or(|before| before.now != sureness) {
            tx.run(
                "UPDATE change SET sureness_was = sureness, sureness = $2, sureness_at = $3 WHERE id = $1",
                vals![id, sureness, now],
            )
            .await?;
        }
        tx.commit().await
    }

    /// Publishes an experiment that has ended, whatever it showed, or takes it down.
    pub async fn publish_experiment(
        &self,
        who: &Actor,
        id: ChangeId,
        publish: bool,
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let held = hold(&mut tx, id, today).await?;
        may(who, Act::PublishExperiment, &About::owner(held.owner))?;
        held.state.publish().map_err(not_now)?;
        tx.run(
            "UPDATE change SET published_at = CASE WHEN $2 THEN COALESCE(published_at, $3) END, updated_at = $3 WHERE id = $1",
            vals![id, publish, now],
        )
        .await?;
        let what = if publish { "published" } else { "taken down" };
        audit::record(&mut tx, who, Act::PublishExperiment, &format!("change {id} {what}"), now).await?;
        tx.commit().await
    }

    /// One that is published, for everybody.
    pub async fn experiment(&self, who: &Actor, id: ChangeId) -> Result<Published> {
        may(who, Act::SeePractices, &About::nothing())?;
        let sql = "SELECT * FROM change WHERE id = $1 AND published_at IS NOT NULL AND finding IS NOT NULL";
        published(&(&self.db).one(sql, vals![id]).await?)
    }

    /// Those that are published, newest first; with a text, those that have it. For everybody.
    pub async fn published_experiments(&self, who: &Actor, text: &str) -> Result<Vec<Published>> {
        may(who, Act::SeePractices, &About::nothing())?;
        let pattern = crate::people::like(&text.trim().to_lowercase());
        let rows = (&self.db)
            .rows(
                "SELECT * FROM change WHERE published_at IS NOT NULL AND finding IS NOT NULL
                    AND (lower(title) LIKE $1 ESCAPE '\\' OR lower(belief) LIKE $1 ESCAPE '\\' OR lower(result) LIKE $1 ESCAPE '\\')
                 ORDER BY published_at DESC, id LIMIT 50",
                vals![pattern],
            )
            .await?;
        rows.iter().map(published).collect()
    }

    /// Asks owners of experiments whose last day is over what they showed: once. Returns how many.
    pub async fn ask_experiments(&self, today: Date, now: Timestamp) -> Result<usize> {
        let mut tx = self.db.begin().await?;
        let over = tx
            .rows(
                "SELECT ch.id, ch.title, w.name, w.email, w.lang FROM change ch JOIN person w ON w.id = ch.owner_id
                 WHERE ch.kind = 'test' AND ch.status = 'running' AND ch.finding IS NULL AND ch.end_asked_at IS NULL AND ch.ends_on < $1
                    AND w.active ORDER BY ch.ends_on, ch.id LIMIT 200",
                vals![today],
            )
            .await?;
        for r in &over {
            let id: ChangeId = r.get("id")?;
            let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
            let occasion = Occasion::TestOver { change: r.get("title")?, id };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
            tx.run("UPDATE change SET end_asked_at = $2 WHERE id = $1", vals![id, now]).await?;
        }
        tx.commit().await?;
        Ok(over.len())
    }
}
