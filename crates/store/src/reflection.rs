//! Reflections: private first, shared by choice. Private ones are sealed under the writer's own key; nobody
//! else's session can open them, whatever their role.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{PlacementId, ReflectionId},
    reflection::Kind,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    actor::Staff,
    db::{Ask as _, Row, vals},
    may,
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
        answers,
        shared_at: r.get("shared_at")?,
        updated_at: r.get("updated_at")?,
    })
}

impl Store {
    /// Writes or rewrites a private reflection. One that is shared already stays shared with its new text.
    pub async fn write_reflection(
        &self,
        who: &Actor,
        placement: PlacementId,
        kind: Kind,
        given: &Answers,
        now: Timestamp,
    ) -> Result<ReflectionId> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::SeePrivateReflection, &About::person(p.person_id))?;
        let staff = who.staff().ok_or(StoreError::DiaryClosed)?;
        let plain = text(given)?;
        let known = tx
            .maybe("SELECT id, shared_at FROM reflection WHERE placement_id = $1 AND kind = $2", vals![placement, kind])
            .await?;
        let id = known.as_ref().map_or_else(|| Ok(ReflectionId::new()), |r| r.get("id"))?;
        let shared = known.map(|r| r.get::<Option<Timestamp>>("shared_at")).transpose()?.flatten().is_some();
        let (sealed, open) = if shared {
            (None, Some(plain))
        } else {
            (Some(staff.diary.as_ref().ok_or(StoreError::DiaryClosed)?.seal(&plain, id.0)?), None)
        };
        // The id goes with the seal: it opens under no other, also when two devices write the first text at once.
        tx.run(
            "INSERT INTO reflection (id, placement_id, author_id, kind, sealed, shared, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
             ON CONFLICT (placement_id, kind) DO UPDATE SET id = excluded.id, sealed = excluded.sealed, shared = excluded.shared, updated_at = excluded.updated_at",
            vals![id, placement, p.person_id, kind, sealed, open, now],
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
                "SELECT r.id, r.placement_id, o.title, r.kind, r.sealed, r.shared, r.shared_at, r.updated_at FROM reflection r
                 JOIN placement p ON p.id = r.placement_id JOIN outing o ON o.id = p.outing_id
                 WHERE r.author_id = $1 AND ($2 IS NULL OR r.placement_id = $2) ORDER BY r.updated_at DESC, r.id LIMIT 200",
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
        let row = tx.one("SELECT author_id, sealed, shared FROM reflection WHERE id = $1", vals![id]).await?;
        may(who, Act::SeePrivateReflection, &About::person(row.get("author_id")?)).map_err(|_| StoreError::NotFound)?;
        if row.get::<Option<String>>("shared")?.is_some() {
            return Ok(());
        }
        let sealed = row.get::<Option<Vec<u8>>>("sealed")?.unwrap_or_default();
        let key = who.staff().and_then(|s| s.diary.as_ref()).ok_or(StoreError::DiaryClosed)?;
        let plain = key.open(&sealed, id.0)?;
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
                "SELECT w.name, o.title, r.kind, r.shared, r.shared_at FROM reflection r JOIN placement p ON p.id = r.placement_id
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
