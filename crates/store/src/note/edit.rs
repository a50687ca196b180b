//! Changing one's own note. It keeps that it was changed, the consent it rests on stays, and the rules about consents
//! apply again to what it says now.

use freerange_domain::{
    consent,
    id::{ConsentId, NoteId, OutingId, PlaceId},
    note::Kind,
    outing::Photos,
    text::Prose,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    consent::{replace_words, standing},
    db::{Ask as _, vals},
    may, media, withdrawn,
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
}

impl Store {
    /// Changes one's own note. Words that rested on a consent are taken out wherever they were quoted, because nobody
    /// would find them there any more when the consent is taken back.
    pub async fn edit_note(&self, who: &Actor, id: NoteId, edit: &Edit, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let r = tx
            .one(
                "SELECT n.author_id, n.seen, n.consent_id, n.outing_id, o.photos, o.notes_allowed
                 FROM note n JOIN outing o ON o.id = n.outing_id WHERE n.id = $1",
                vals![id],
            )
            .await?;
        may(who, Act::EditNote, &About::person(r.get("author_id")?))?;
        let outing: OutingId = r.get("outing_id")?;
        let rested_on: Option<ConsentId> = r.get("consent_id")?;
        if rested_on.is_some() && edit.consent != rested_on {
            return Err(StoreError::rule("consent", "consent-stays"));
        }
        let rests_on = match edit.consent {
            Some(consent) => Some(standing(&mut tx, consent, outing).await?),
            None => None,
        };
        let (pictures, sounds) = media::sorts(&mut tx, id).await?;
        consent::allows(edit.kind, pictures, r.get::<Photos>("photos")?, rests_on)?;
        if sounds {
            consent::allows_sound(edit.kind, rests_on)?;
        }
        let texts = [("seen", edit.seen.as_str()), ("meaning", edit.meaning.as_str())];
        withdrawn::refuse(&mut tx, &texts).await?;
        let was: String = r.get("seen")?;
        // First, so that the note's own new words are not touched.
        if was != edit.seen.as_str() && rested_on.is_some() {
            replace_words(&mut tx, &was, now).await?;
        }
        tx.run(
            "UPDATE note SET kind = $2, seen = $3, meaning = $4, place_id = COALESCE($5, place_id), consent_id = $6, edited_at = $7
             WHERE id = $1",
            vals![id, edit.kind, &edit.seen, &edit.meaning, edit.place, edit.consent, now],
        )
        .await?;
        // Whoever reads a practice by its feed must notice that the words in it are others.
        tx.run(
            "UPDATE practice SET updated_at = $2 WHERE id IN (SELECT practice_id FROM practice_quote WHERE note_id = $1)",
            vals![id, now],
        )
        .await?;
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
        };
        Ok((r.get("outing_id")?, edit))
    }
}
