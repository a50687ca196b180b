//! From notes to sense: the board of a challenge, themes on it, and insights that rest on notes and themes, with what speaks
//! against them. May use notes, challenges and consents. Promises that two who write at once never lose each other's words,
//! that what is counted are independent outings, places and voices, and that what a resident takes back is gone from all of it.

use std::collections::BTreeMap;

use freerange_domain::{
    challenge::Status,
    id::{ChallengeId, ChangeId, InsightId, NoteId, ThemeId, VersionId},
    insight::{Ground, Side, Sure, Weight, weigh},
    text::{Line, Prose},
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, Db, Tx, vals},
    may, withdrawn,
};

mod board;
pub(crate) mod feed;
mod sight;
mod wording;

pub(crate) use board::forget_history;
pub use board::{Asked, Became, Past};
pub use sight::{Board, Lying, Theme, Where};
pub use wording::Wording;

use feed::Thing;
use wording::{Of, Wordings};

/// An insight to be written, or in other words.
#[derive(Debug, Clone)]
pub struct Saying {
    /// The id of this wording, made where it was written, so that sending it twice keeps it once.
    pub id: VersionId,
    /// What we think is going on.
    pub says: Line,
    /// Why we think so.
    pub why: Prose,
    /// What speaks against it; may be empty.
    pub against: String,
    /// How sure we are.
    pub sure: Sure,
    /// The wordings it was made from, as they were seen.
    pub follows: Vec<VersionId>,
}

/// An insight as it is read.
#[derive(Debug, Clone)]
pub struct Insight {
    /// Which.
    pub id: InsightId,
    /// What it says, and what stands beside it because two people wrote at once.
    pub wordings: Vec<Wording>,
    /// On how much it rests.
    pub weight: Weight,
    /// How much speaks against it.
    pub against: Weight,
}

/// An insight, whole.
#[derive(Debug, Clone)]
pub struct Whole {
    /// What a list shows.
    pub insight: Insight,
    /// The challenge, its title, and where that stands.
    pub challenge: (ChallengeId, String, Status),
    /// Wordings before.
    pub earlier: Vec<Wording>,
    /// Themes it rests on.
    pub themes: Vec<(ThemeId, String)>,
    /// Notes named one by one, on which side, with their words and whether they may be quoted.
    pub notes: Vec<(NoteId, Side, String, bool)>,
}

/// Where every note that an insight has to do with comes from, and on which side it stands: those named one by one, and those
/// of its themes. One that is named as speaking against it does not speak for it because it lies in a theme.
const GROUNDS: &str = "SELECT x.insight_id, x.against, n.outing_id, n.place_id, n.consent_id FROM (
        SELECT i.insight_id, i.note_id, i.against FROM insight_note i
        UNION SELECT t.insight_id, b.note_id, FALSE AS against FROM insight_theme t JOIN board_note b ON b.theme_id = t.theme_id
            WHERE NOT EXISTS (SELECT 1 FROM insight_note i WHERE i.insight_id = t.insight_id AND i.note_id = b.note_id)
     ) AS x JOIN insight s ON s.id = x.insight_id JOIN note n ON n.id = x.note_id
     WHERE s.challenge_id = $1 AND ($2 IS NULL OR s.id = $2)";

/// Changes that rest on the words of a resident: at once, or by an insight that does.
pub(crate) const CHANGES_RESTING: &str = "SELECT ch.id, ch.title, ch.status FROM change ch WHERE ch.id IN (
        SELECT e.change_id FROM change_evidence e JOIN note n ON n.id = e.note_id WHERE n.consent_id = $1
        UNION SELECT x.change_id FROM change_insight x JOIN insight_note i ON i.insight_id = x.insight_id AND NOT i.against
            JOIN note n ON n.id = i.note_id WHERE n.consent_id = $1
        UNION SELECT x.change_id FROM change_insight x JOIN insight_theme t ON t.insight_id = x.insight_id
            JOIN board_note b ON b.theme_id = t.theme_id JOIN note n ON n.id = b.note_id WHERE n.consent_id = $1)
     ORDER BY ch.title";

async fn weights(
    mut db: &Db,
    board: ChallengeId,
    one: Option<InsightId>,
) -> Result<BTreeMap<InsightId, (Weight, Weight)>> {
    let mut sides: BTreeMap<InsightId, (Vec<Ground>, Vec<Ground>)> = BTreeMap::new();
    for r in db.rows(GROUNDS, vals![board, one]).await? {
        let ground = Ground { outing: r.get("outing_id")?, place: r.get("place_id")?, voice: r.get("consent_id")? };
        let (with, against) = sides.entry(r.get("insight_id")?).or_default();
        if r.get("against")? { against.push(ground) } else { with.push(ground) }
    }
    Ok(sides.into_iter().map(|(id, (with, against))| (id, (weigh(with), weigh(against)))).collect())
}

/// Words that were taken back do not return in an insight.
async fn refuse_withdrawn(tx: &mut Tx, s: &Saying) -> Result<()> {
    let texts = [("says", s.says.as_str()), ("why", s.why.as_str()), ("against", s.against.as_str())];
    withdrawn::refuse(tx, &texts).await
}

async fn must_be_open(tx: &mut Tx, challenge: ChallengeId) -> Result<()> {
    let row = tx.one("SELECT status FROM challenge WHERE id = $1", vals![challenge]).await?;
    Ok(row.get::<Status>("status")?.must_be_open()?)
}

async fn keep(tx: &mut Tx, id: InsightId, s: &Saying, now: Timestamp) -> Result<()> {
    let w = Wording {
        id: s.id,
        says: s.says.as_str().to_owned(),
        why: s.why.as_str().to_owned(),
        against: s.against.clone(),
        sure: Some(s.sure),
        made_at: now,
    };
    wording::add(tx, Of::Insight(id), &w, &s.follows).await
}

impl Store {
    /// Writes an insight that rests on themes. The same id again keeps it once.
    pub async fn write_insight(
        &self,
        who: &Actor,
        challenge: ChallengeId,
        (id, saying): (InsightId, &Saying),
        themes: &[ThemeId],
        now: Timestamp,
    ) -> Result<InsightId> {
        may(who, Act::WriteInsight, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        must_be_open(&mut tx, challenge).await?;
        refuse_withdrawn(&mut tx, saying).await?;
        feed::take_turn(&mut tx, challenge).await?;
        let sql = "INSERT INTO insight (id, challenge_id, gone, created_at) VALUES ($1, $2, FALSE, $3) ON CONFLICT (id) DO NOTHING";
        if tx.run(sql, vals![id, challenge, now]).await? > 0 {
            keep(&mut tx, id, saying, now).await?;
            rest_on(&mut tx, challenge, id, themes).await?;
            feed::touch(&mut tx, challenge, Thing::Insight, id.0).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Puts an insight into other words, and adds or takes away themes it rests on, seen from those it was said to rest on.
    /// What somebody else wrote or added meanwhile stays beside it.
    pub async fn word_insight(
        &self,
        who: &Actor,
        id: InsightId,
        saying: &Saying,
        (were, themes): (&[ThemeId], &[ThemeId]),
        now: Timestamp,
    ) -> Result<()> {
        may(who, Act::WriteInsight, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let challenge =
            tx.one("SELECT challenge_id FROM insight WHERE id = $1", vals![id]).await?.get("challenge_id")?;
        must_be_open(&mut tx, challenge).await?;
        refuse_withdrawn(&mut tx, saying).await?;
        feed::take_turn(&mut tx, challenge).await?;
        keep(&mut tx, id, saying, now).await?;
        // One that was put aside is wanted again.
        tx.run("UPDATE insight SET gone = FALSE WHERE id = $1", vals![id]).await?;
        let without = were.iter().filter(|t| !themes.contains(t));
        for theme in without {
            let sql = "DELETE FROM insight_theme WHERE insight_id = $1 AND theme_id = $2";
            tx.run(sql, vals![id, *theme]).await?;
        }
        let added: Vec<ThemeId> = themes.iter().copied().filter(|t| !were.contains(t)).collect();
        rest_on(&mut tx, challenge, id, &added).await?;
        feed::touch(&mut tx, challenge, Thing::Insight, id.0).await?;
        tx.commit().await
    }

    /// Names a note as speaking for an insight or against it, or as having nothing to do with it.
    pub async fn rest_insight(&self, who: &Actor, id: InsightId, notes: &[NoteId], side: Option<Side>) -> Result<()> {
        may(who, Act::WriteInsight, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let challenge: ChallengeId =
            tx.one("SELECT challenge_id FROM insight WHERE id = $1", vals![id]).await?.get("challenge_id")?;
        must_be_open(&mut tx, challenge).await?;
        // While it is named it is not taken back.
        withdrawn::refuse(&mut tx, &[]).await?;
        feed::take_turn(&mut tx, challenge).await?;
        for note in notes {
            tx.run("DELETE FROM insight_note WHERE insight_id = $1 AND note_id = $2", vals![id, *note]).await?;
            if let Some(side) = side {
                let sql = "INSERT INTO insight_note (insight_id, note_id, against)
                     SELECT $1, n.id, $3 FROM note n WHERE n.id = $2 AND n.challenge_id = $4";
                tx.run(sql, vals![id, *note, side == Side::Against, challenge]).await?;
            }
        }
        feed::touch(&mut tx, challenge, Thing::Insight, id.0).await?;
        tx.commit().await
    }

    /// Puts an insight aside, unless it has words that whoever does it did not see.
    pub async fn drop_insight(&self, who: &Actor, id: InsightId, seen: &[VersionId]) -> Result<ChallengeId> {
        may(who, Act::WriteInsight, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let challenge =
            tx.one("SELECT challenge_id FROM insight WHERE id = $1", vals![id]).await?.get("challenge_id")?;
        must_be_open(&mut tx, challenge).await?;
        feed::take_turn(&mut tx, challenge).await?;
        let (heads, _) = Wordings::of(&mut tx, Of::Insight(id)).await?.take(Of::Insight(id));
        if heads.iter().any(|w| !seen.contains(&w.id)) {
            return Err(crate::StoreError::rule("form", "insight-has-other-words"));
        }
        tx.run("UPDATE insight SET gone = TRUE WHERE id = $1", vals![id]).await?;
        feed::touch(&mut tx, challenge, Thing::Insight, id.0).await?;
        tx.commit().await?;
        Ok(challenge)
    }

    /// The insights of a challenge: what rests on most independent outings first.
    pub async fn insights(&self, who: &Actor, challenge: ChallengeId) -> Result<Vec<Insight>> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let mut db = &self.db;
        let mut weights = weights(db, challenge, None).await?;
        let mut wordings = Wordings::of_board(&mut db, challenge).await?;
        let sql = "SELECT id FROM insight WHERE challenge_id = $1 AND NOT gone ORDER BY created_at, id";
        let mut all = Vec::new();
        for r in db.rows(sql, vals![challenge]).await? {
            let id: InsightId = r.get("id")?;
            let (weight, against) = weights.remove(&id).unwrap_or_default();
            all.push(Insight { id, wordings: wordings.take(Of::Insight(id)).0, weight, against });
        }
        all.sort_by_key(|i| std::cmp::Reverse(i.weight.outings));
        Ok(all)
    }

    /// The insights that a change rests on.
    pub async fn insights_of_change(&self, who: &Actor, change: ChangeId) -> Result<Vec<Insight>> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let sql = "SELECT x.insight_id FROM change_insight x JOIN insight i ON i.id = x.insight_id
             WHERE x.change_id = $1 AND NOT i.gone ORDER BY i.created_at, i.id";
        let mut all = Vec::new();
        for r in (&self.db).rows(sql, vals![change]).await? {
            all.push(self.insight(who, r.get("insight_id")?).await?.insight);
        }
        Ok(all)
    }

    /// One insight.
    pub async fn insight(&self, who: &Actor, id: InsightId) -> Result<Whole> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let mut db = &self.db;
        let r = db
            .one(
                "SELECT i.challenge_id, c.title, c.status FROM insight i JOIN challenge c ON c.id = i.challenge_id
                 WHERE i.id = $1 AND NOT i.gone",
                vals![id],
            )
            .await?;
        let challenge: ChallengeId = r.get("challenge_id")?;
        let (weight, against) = weights(db, challenge, Some(id)).await?.remove(&id).unwrap_or_default();
        let (current, earlier) = Wordings::of(&mut db, Of::Insight(id)).await?.take(Of::Insight(id));
        let mut names = Wordings::of_board(&mut db, challenge).await?;
        let sql = "SELECT t.id FROM insight_theme x JOIN theme t ON t.id = x.theme_id WHERE x.insight_id = $1 ORDER BY t.position, t.id";
        let mut themes = Vec::new();
        for r in db.rows(sql, vals![id]).await? {
            let theme: ThemeId = r.get("id")?;
            let name = names.take(Of::Theme(theme)).0.into_iter().next().map(|w| w.says).unwrap_or_default();
            themes.push((theme, name));
        }
        let sql = "SELECT n.id, x.against, n.seen, COALESCE(k.quote, FALSE) AS quotable FROM insight_note x JOIN note n ON n.id = x.note_id
             LEFT JOIN consent k ON k.id = n.consent_id WHERE x.insight_id = $1 ORDER BY n.created_at, n.id";
        let mut notes = Vec::new();
        for r in db.rows(sql, vals![id]).await? {
            let side = if r.get("against")? { Side::Against } else { Side::For };
            notes.push((r.get("id")?, side, r.get("seen")?, r.get("quotable")?));
        }
        let insight = Insight { id, wordings: current, weight, against };
        Ok(Whole { insight, challenge: (challenge, r.get("title")?, r.get("status")?), earlier, themes, notes })
    }
}

/// Lets an insight rest on themes of the same board too.
async fn rest_on(tx: &mut Tx, challenge: ChallengeId, id: InsightId, themes: &[ThemeId]) -> Result<()> {
    for theme in themes {
        let sql = "INSERT INTO insight_theme (insight_id, theme_id) SELECT $1, t.id FROM theme t
             WHERE t.id = $2 AND t.challenge_id = $3 AND NOT t.gone ON CONFLICT (insight_id, theme_id) DO NOTHING";
        tx.run(sql, vals![id, *theme, challenge]).await?;
    }
    Ok(())
}
