//! Challenges: who asks what, and the decision it feeds.

use freerange_domain::{
    challenge::{Ask, Outcome, Status},
    id::{ChallengeId, PersonId, PlaceId},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Page, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    may,
    people::like,
    withdrawn,
};

/// A challenge in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: ChallengeId,
    /// The question in a few words.
    pub title: String,
    /// The decision it feeds.
    pub decision: String,
    /// When that decision is taken.
    pub decision_on: Date,
    /// Where it stands.
    pub status: Status,
    /// Who owns it.
    pub owner: String,
    /// Outings that serve it.
    pub outings: i64,
    /// Notes so far.
    pub notes: i64,
}

/// A challenge, whole.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Which.
    pub id: ChallengeId,
    /// The question in a few words.
    pub title: String,
    /// What we do not know.
    pub question: String,
    /// Why it matters, and to whom.
    pub why: String,
    /// The decision it feeds.
    pub decision: String,
    /// When that decision is taken.
    pub decision_on: Date,
    /// Who owns it.
    pub owner_id: PersonId,
    /// Their name.
    pub owner: String,
    /// Where, if it is about one place.
    pub place: Option<(PlaceId, String)>,
    /// Where it stands.
    pub status: Status,
    /// What was decided.
    pub outcome: Option<String>,
    /// Why, or why it was ended.
    pub outcome_why: Option<String>,
}

fn listed(r: &Row) -> Result<Listed> {
    Ok(Listed {
        id: r.get("id")?,
        title: r.get("title")?,
        decision: r.get("decision")?,
        decision_on: r.get("decision_on")?,
        status: r.get("status")?,
        owner: r.get("owner")?,
        outings: r.get("outings")?,
        notes: r.get("notes")?,
    })
}

/// Words that were taken back do not return in a question.
async fn refuse_withdrawn(tx: &mut Tx, ask: &Ask) -> Result<()> {
    let texts = [
        ("title", ask.title.as_str()),
        ("question", ask.question.as_str()),
        ("why", ask.why.as_str()),
        ("decision", ask.decision.as_str()),
    ];
    withdrawn::refuse(tx, &texts).await
}

impl Store {
    /// Asks a challenge; the asker owns it.
    pub async fn ask_challenge(
        &self,
        who: &Actor,
        ask: &Ask,
        place: Option<PlaceId>,
        now: Timestamp,
    ) -> Result<ChallengeId> {
        may(who, Act::AskChallenge, &About::nothing())?;
        let owner = who.person().ok_or(StoreError::Refused(Act::AskChallenge))?;
        let id = ChallengeId::new();
        let mut tx = self.db.begin().await?;
        refuse_withdrawn(&mut tx, ask).await?;
        tx.run(
            "INSERT INTO challenge (id, title, question, why, decision, decision_on, owner_id, place_id, status, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            vals![id, &ask.title, &ask.question, &ask.why, &ask.decision, ask.decision_on, owner, place, Status::Open, now],
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Challenges: open ones first by the date of their decision, or those of one status; all or with a text.
    pub async fn challenges(&self, who: &Actor, status: Option<Status>, text: &str, page: i64) -> Result<Page<Listed>> {
        may(who, Act::SeeChallenges, &About::nothing())?;
        let (limit, offset) = Page::<Listed>::window(page);
        let rows = (&self.db)
            .rows(
                "SELECT c.id, c.title, c.decision, c.decision_on, c.status, p.name AS owner,
                    (SELECT COUNT(*) FROM outing o WHERE o.challenge_id = c.id) AS outings,
                    (SELECT COUNT(*) FROM note n WHERE n.challenge_id = c.id) AS notes
                 FROM challenge c JOIN person p ON p.id = c.owner_id
                 WHERE ($1 IS NULL OR c.status = $1) AND (lower(c.title) LIKE $2 ESCAPE '\\' OR lower(c.question) LIKE $2 ESCAPE '\\')
                 ORDER BY CASE c.status WHEN 'open' THEN 0 ELSE 1 END, c.decision_on, c.id LIMIT $3 OFFSET $4",
                vals![status, like(&text.trim().to_lowercase()), limit, offset],
            )
            .await?;
        Ok(Page::cut(rows.iter().map(listed).collect::<Result<_>>()?, page))
    }

    /// One's own open challenges, by the date of their decision.
    pub async fn my_challenges(&self, who: &Actor) -> Result<Vec<Listed>> {
        may(who, Act::SeeChallenges, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT c.id, c.title, c.decision, c.decision_on, c.status, p.name AS owner,
                    (SELECT COUNT(*) FROM outing o WHERE o.challenge_id = c.id) AS outings,
                    (SELECT COUNT(*) FROM note n WHERE n.challenge_id = c.id) AS notes
                 FROM challenge c JOIN person p ON p.id = c.owner_id WHERE c.owner_id = $1 AND c.status = 'open'
                 ORDER BY c.decision_on, c.id LIMIT 20",
                vals![who.person()],
            )
            .await?
            .iter()
            .map(listed)
            .collect()
    }

    /// Open challenges to choose from, by title.
    pub async fn open_challenges(&self, who: &Actor) -> Result<Vec<(ChallengeId, String)>> {
        may(who, Act::SeeChallenges, &About::nothing())?;
        (&self.db)
            .rows("SELECT id, title FROM challenge WHERE status = 'open' ORDER BY title, id LIMIT 500", Vec::new())
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?)))
            .collect()
    }

    /// Challenges that a change can serve, open or decided, by title: what follows from a decision is a change too.
    pub async fn served_challenges(&self, who: &Actor) -> Result<Vec<(ChallengeId, String)>> {
        may(who, Act::SeeChallenges, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT id, title FROM challenge WHERE status IN ('open', 'decided') ORDER BY CASE status WHEN 'open' THEN 0 ELSE 1 END, title, id
                 LIMIT 500",
                Vec::new(),
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?)))
            .collect()
    }

    /// One challenge.
    pub async fn challenge(&self, who: &Actor, id: ChallengeId) -> Result<Challenge> {
        may(who, Act::SeeChallenges, &About::nothing())?;
        let r = (&self.db)
            .one(
                "SELECT c.id, c.title, c.question, c.why, c.decision, c.decision_on, c.owner_id, p.name AS owner, c.place_id,
                    pl.name AS place, c.status, c.outcome, c.outcome_why
                 FROM challenge c JOIN person p ON p.id = c.owner_id LEFT JOIN place pl ON pl.id = c.place_id WHERE c.id = $1",
                vals![id],
            )
            .await?;
        let place: Option<PlaceId> = r.get("place_id")?;
        let place_name: Option<String> = r.get("place")?;
        Ok(Challenge {
            id: r.get("id")?,
            title: r.get("title")?,
            question: r.get("question")?,
            why: r.get("why")?,
            decision: r.get("decision")?,
            decision_on: r.get("decision_on")?,
            owner_id: r.get("owner_id")?,
            owner: r.get("owner")?,
            place: place.zip(place_name),
            status: r.get("status")?,
            outcome: r.get("outcome")?,
            outcome_why: r.get("outcome_why")?,
        })
    }

    /// Changes the words of an open challenge.
    pub async fn edit_challenge(
        &self,
        who: &Actor,
        id: ChallengeId,
        ask: &Ask,
        place: Option<PlaceId>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT owner_id, status FROM challenge WHERE id = $1", vals![id]).await?;
        may(who, Act::CloseChallenge, &About::owner(row.get("owner_id")?))?;
        row.get::<Status>("status")?.must_be_open()?;
        refuse_withdrawn(&mut tx, ask).await?;
        tx.run(
            "UPDATE challenge SET title = $2, question = $3, why = $4, decision = $5, decision_on = $6, place_id = $7 WHERE id = $1",
            vals![id, &ask.title, &ask.question, &ask.why, &ask.decision, ask.decision_on, place],
        )
        .await?;
        audit::record(&mut tx, who, Act::CloseChallenge, &format!("challenge {id} text"), now).await?;
        tx.commit().await
    }

    /// Says what was decided and why, or why the question is no longer asked.
    pub async fn close_challenge(&self, who: &Actor, id: ChallengeId, outcome: &Outcome, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT owner_id, status FROM challenge WHERE id = $1", vals![id]).await?;
        may(who, Act::CloseChallenge, &About::owner(row.get("owner_id")?))?;
        row.get::<Status>("status")?.must_be_open()?;
        let (what, why) = match outcome {
            Outcome::Decided { what, why } => (Some(what.as_str()), why),
            Outcome::Ended { why } => (None, why),
        };
        withdrawn::refuse(&mut tx, &[("outcome", what.unwrap_or_default()), ("why", why.as_str())]).await?;
        tx.run(
            "UPDATE challenge SET status = $2, outcome = $3, outcome_why = $4, closed_at = $5 WHERE id = $1",
            vals![id, outcome.status(), what, why, now],
        )
        .await?;
        crate::insight::forget_history(&mut tx, id).await?;
        audit::record(&mut tx, who, Act::CloseChallenge, &format!("challenge {id}"), now).await?;
        tx.commit().await
    }
}
