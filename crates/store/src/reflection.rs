//! Reflections: private first, shared by choice. Private ones are sealed under the writer's own key; nobody
//! else's session can open them, whatever their role.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{PlacementId, ReflectionId},
    reflection::{Kind, Moment},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    actor::Staff,
    db::{Ask as _, Row, Tx, vals},
    may, withdrawn,
};

/// Answers by the key of the question.
pub type Answers = BTreeMap<String, String>;

/// One's own reflection.
#[derive(Debug, Clone)]
pub struct Reflection {
    /// Which.
    pub id: ReflectionId,
    /// On which placement.
    pub placement_id: PlacementId,
    /// The outing in a few words.
    pub outing: String,
    /// Which moment of thinking.
    pub kind: Kind,
    /// Of an evening, which.
    pub day: Option<Date>,
    /// What was written. `None` when the diary is closed in this session.
    pub answers: Option<Answers>,
    /// When it was shared.
    pub shared_at: Option<Timestamp>,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// What somebody chose to share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Who.
    pub author: String,
    /// The outing.
    pub outing: String,
    /// Which moment of thinking.
    pub kind: Kind,
    /// Of an evening, which.
    pub day: Option<Date>,
    /// What was written.
    pub answers: Answers,
    /// When it was shared.
    pub shared_at: Timestamp,
}

impl Shared {
    pub(crate) fn read(r: &Row) -> Result<Self> {
        Ok(Self {
            author: r.get("name")?,
            outing: r.get("title")?,
            kind: r.get("kind")?,
            day: day(r)?,
            answers: answers(&r.get::<String>("shared")?)?,
            shared_at: r.get("shared_at")?,
        })
    }
}

fn answers(text: &str) -> Result<Answers> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn text(answers: &Answers) -> Result<String> {
    serde_json::to_string(answers).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Of an evening, which; for the other kinds the column is empty.
fn day(r: &Row) -> Result<Option<Date>> {
    let raw: String = r.get("day")?;
    let read = (!raw.is_empty()).then(|| raw.parse());
    read.transpose().map_err(|e: jiff::Error| StoreError::Corrupt(e.to_string()))
}

/// What the column holds of a moment.
pub(crate) fn day_column(moment: Moment) -> String {
    moment.day().map(|d| d.to_string()).unwrap_or_default()
}

/// Gives evenings of a backup from before they had days the day on which they were written.
pub(crate) async fn date_evenings(tx: &mut Tx) -> Result<()> {
    for r in tx.rows("SELECT id, created_at FROM reflection WHERE kind = 'evening' AND day = ''", Vec::new()).await? {
        let day = freerange_domain::time::day_of(r.get("created_at")?, &jiff::tz::TimeZone::UTC);
        let id: ReflectionId = r.get("id")?;
        tx.run("UPDATE reflection SET day = $2 WHERE id = $1", vals![id, day]).await?;
    }
    Ok(())
}

fn read(r: &Row, staff: &Staff) -> Result<Reflection> {
    let id: ReflectionId = r.get("id")?;
    let shared: Option<String> = r.get("shared")?;
    let sealed: Option<Vec<u8>> = r.get("sealed")?;
    let answers = match (shared, sealed, &staff.diary) {
        (Some(shared), ..) => Some(answers(&shared)?),
        (None, Some(sealed), Some(key)) => Some(answers(&key.open(&sealed, id.0)?)?),
        _ => None,
    };
    Ok(Reflection {
        id,
        placement_id: r.get("placement_id")?,
        outing: r.get("title")?,
        kind: r.get("kind")?,
        day: day(r)?,
        answers,
        shared_at: r.get("shared_at")?,
        updated_at: r.get("updated_at")?,
    })
}

/// What colleagues are to read has no words that a resident took back while it was private.
async fn can_be_read(tx: &mut Tx, kind: Kind, given: &Answers) -> Result<()> {
    let field = |question: &str| kind.questions().iter().find(|q| **q == question).copied().unwrap_or("form");
    let texts: Vec<_> = given.iter().map(|(question, answer)| (field(question), answer.as_str())).collect();
    withdrawn::refuse(tx, &texts).await
}

impl Store {
    /// Writes or rewrites a private reflection; an evening stop is that of its day. One that is shared already stays shared with its new text.
    pub async fn write_reflection(
        &self,
        who: &Actor,
        placement: PlacementId,
        moment: Moment,
        given: &Answers,
        now: Timestamp,
    ) -> Result<ReflectionId> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::SeePrivateReflection, &About::person(p.person_id))?;
        let staff = who.staff().ok_or(StoreError::DiaryClosed)?;
        let plain = text(given)?;
        let known = tx
            .maybe(
                "SELECT id, shared_at FROM reflection WHERE placement_id = $1 AND kind = $2 AND day = $3",
                vals![placement, moment.kind(), day_column(moment)],
            )
            .await?;
        let id = known.as_ref().map_or_else(|| Ok(ReflectionId::new()), |r| r.get("id"))?;
        let shared = known.map(|r| r.get::<Option<Timestamp>>("shared_at")).transpose()?.flatten().is_some();
        let (sealed, open) = if shared {
            can_be_read(&mut tx, moment.kind(), given).await?;
            (None, Some(plain))
        } else {
            (Some(staff.diary.as_ref().ok_or(StoreError::DiaryClosed)?.seal(&plain, id.0)?), None)
        };
        // The id goes with the seal: it opens under no other, also when two devices write the first text at once.
        tx.run(
            "INSERT INTO reflection (id, placement_id, author_id, kind, day, sealed, shared, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
             ON CONFLICT (placement_id, kind, day) DO UPDATE SET id = excluded.id, sealed = excluded.sealed, shared = excluded.shared, updated_at = excluded.updated_at",
            vals![id, placement, p.person_id, moment.kind(), day_column(moment), sealed, open, now],
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// One's own reflections, or those on one placement.
    pub async fn my_reflections(&self, who: &Actor, placement: Option<PlacementId>) -> Result<Vec<Reflection>> {
        let staff = who.staff().ok_or(StoreError::Refused(Act::SeePrivateReflection))?;
        may(who, Act::SeePrivateReflection, &About::person(staff.id))?;
        (&self.db)
            .rows(
                "SELECT r.id, r.placement_id, o.title, r.kind, r.day, r.sealed, r.shared, r.shared_at, r.updated_at FROM reflection r
                 JOIN placement p ON p.id = r.placement_id JOIN outing o ON o.id = p.outing_id
                 WHERE r.author_id = $1 AND ($2 IS NULL OR r.placement_id = $2) ORDER BY o.starts_at DESC, r.placement_id, r.kind, r.day DESC LIMIT 500",
                vals![staff.id, placement],
            )
            .await?
            .iter()
            .map(|r| read(r, staff))
            .collect()
    }

    /// Shares a reflection: an act of the writer. From then on colleagues can read it.
    pub async fn share_reflection(&self, who: &Actor, id: ReflectionId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT author_id, kind, sealed, shared FROM reflection WHERE id = $1", vals![id]).await?;
        may(who, Act::SeePrivateReflection, &About::person(row.get("author_id")?)).map_err(|_| StoreError::NotFound)?;
        if row.get::<Option<String>>("shared")?.is_some() {
            return Ok(());
        }
        let sealed = row.get::<Option<Vec<u8>>>("sealed")?.unwrap_or_default();
        let key = who.staff().and_then(|s| s.diary.as_ref()).ok_or(StoreError::DiaryClosed)?;
        let plain = key.open(&sealed, id.0)?;
        can_be_read(&mut tx, row.get("kind")?, &answers(&plain)?).await?;
        tx.run("UPDATE reflection SET sealed = NULL, shared = $2, shared_at = $3 WHERE id = $1", vals![id, plain, now])
            .await?;
        tx.commit().await
    }

    /// Takes sharing back: the text is sealed again.
    pub async fn unshare_reflection(&self, who: &Actor, id: ReflectionId) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT author_id, shared FROM reflection WHERE id = $1", vals![id]).await?;
        may(who, Act::SeePrivateReflection, &About::person(row.get("author_id")?)).map_err(|_| StoreError::NotFound)?;
        let Some(plain) = row.get::<Option<String>>("shared")? else { return Ok(()) };
        let key = who.staff().and_then(|s| s.diary.as_ref()).ok_or(StoreError::DiaryClosed)?;
        let sealed = key.seal(&plain, id.0)?;
        tx.run("UPDATE reflection SET sealed = $2, shared = NULL, shared_at = NULL WHERE id = $1", vals![id, sealed])
            .await?;
        tx.commit().await
    }

    /// What people shared about a challenge.
    pub async fn shared_reflections(
        &self,
        who: &Actor,
        challenge: freerange_domain::id::ChallengeId,
    ) -> Result<Vec<Shared>> {
        may(who, Act::SeeSharedReflection, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT w.name, o.title, r.kind, r.day, r.shared, r.shared_at FROM reflection r JOIN placement p ON p.id = r.placement_id
                 JOIN outing o ON o.id = p.outing_id JOIN person w ON w.id = r.author_id
                 WHERE o.challenge_id = $1 AND r.shared IS NOT NULL ORDER BY r.shared_at DESC, r.id LIMIT 100",
                vals![challenge],
            )
            .await?
            .iter()
            .map(Shared::read)
            .collect()
    }
}
