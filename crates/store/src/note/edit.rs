//! Changing one's own note. It keeps that it was changed, the consent it rests on stays, and the rules about consents
//! apply again to what it says now.

use freerange_domain::{
    id::{ConsentId, NoteId, OutingId, PersonId, PlaceId, VersionId},
    note::Kind,
    text::Prose,
};
use jiff::Timestamp;

use super::{Ground, Wording, version};
use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask as _, vals},
    may, media,
    notebook::feed::{self, Thing},
    withdrawn,
};

/// A note as it shall be.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Seen, said or wondered.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: Prose,
    /// What I make of it; may be empty.
    pub meaning: String,
    /// The neighbourhood; as it is when not given.
    pub place: Option<PlaceId>,
    /// A consent for a note that rests on none yet.
    pub consent: Option<ConsentId>,
    /// The wordings it was made from, as its author saw them; none means all that are current. One that came in meanwhile
    /// stays beside the new one instead of being written over.
    pub follows: Vec<VersionId>,
}

impl Store {
    /// Changes one's own note. Words that rested on a consent are taken out wherever they were quoted, because nobody
    /// would find them there any more when the consent is taken back.
    pub async fn edit_note(&self, who: &Actor, id: NoteId, edit: &Edit, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let r = tx.one("SELECT n.author_id, n.consent_id, n.outing_id FROM note n WHERE n.id = $1", vals![id]).await?;
        let author: PersonId = r.get("author_id")?;
        may(who, Act::EditNote, &About::person(author))?;
        let rested_on: Option<ConsentId> = r.get("consent_id")?;
        if rested_on.is_some() && edit.consent != rested_on {
            return Err(StoreError::rule("consent", "consent-stays"));
        }
        let ground = Ground::of(&mut tx, r.get("outing_id")?).await?;
        let files = media::sorts(&mut tx, id).await?;
        ground.allows(&mut tx, edit.kind, edit.consent, files).await?;
        let texts = [("seen", edit.seen.as_str()), ("meaning", edit.meaning.as_str())];
        withdrawn::refuse(&mut tx, &texts).await?;
        feed::take_turn(&mut tx, author).await?;
        let all = version::all(&mut tx, id).await?;
        let current = version::current(&all).ok_or(StoreError::NotFound)?;
        let follows = if edit.follows.is_empty() { version::heads(&all) } else { edit.follows.clone() };
        let wording = Wording {
            id: VersionId::new(),
            kind: edit.kind,
            seen: edit.seen.as_str().to_owned(),
            meaning: edit.meaning.clone(),
            place: edit.place.or(current.wording.place),
            made_at: now,
            ..current.wording.clone()
        };
        tx.run("UPDATE note SET consent_id = COALESCE(consent_id, $2) WHERE id = $1", vals![id, edit.consent]).await?;
        version::add(&mut tx, id, &wording, &follows).await?;
        version::settle(&mut tx, id, rested_on.is_some(), now).await?;
        feed::touch(&mut tx, author, Thing::Note, id.0).await?;
        tx.commit().await
    }

    /// What a note says, for its author to change.
    pub async fn note_to_edit(&self, who: &Actor, id: NoteId) -> Result<(OutingId, Edit)> {
        let r = (&self.db)
            .one(
                "SELECT author_id, kind, seen, meaning, place_id, consent_id, outing_id FROM note WHERE id = $1",
                vals![id],
            )
            .await?;
        may(who, Act::EditNote, &About::person(r.get("author_id")?))?;
        let seen = Prose::parse(&r.get::<String>("seen")?).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let edit = Edit {
            kind: r.get("kind")?,
            seen,
            meaning: r.get("meaning")?,
            place: r.get("place_id")?,
            consent: r.get("consent_id")?,
            follows: version::heads(&version::all(&mut &self.db, id).await?),
        };
        Ok((r.get("outing_id")?, edit))
    }
}
