//! Notes: what was seen or heard, apart from what one makes of it, with the consent it rests on.

use freerange_domain::{
    consent,
    id::{ChallengeId, ConsentId, MediaId, NoteId, OutingId, PersonId, PlaceId, PlacementId},
    note::{Kind, NoteProblem},
    outing::Photos,
    placement::{PlacementError, Stage},
    text::Prose,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Page, Result, Store, StoreError, audit,
    consent::{erase_note, standing},
    db::{Ask as _, Db, Row, Tx, vals},
    may,
    media::{self, Media, Safe, Staged},
    notebook::feed::{self, Thing},
    placement::Placement,
    withdrawn,
};

mod edit;
mod export;
mod import;
pub(crate) mod version;

pub use edit::Edit;
pub use export::{Export, Exported};
pub use import::{Arrived, Arriving, Refused};
pub use version::{Wording, Wordings};

/// A note to be kept.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id, made where it was written, so that sending it twice keeps it once.
    pub id: NoteId,
    /// Seen, said or wondered.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: Prose,
    /// What I make of it; may be empty.
    pub meaning: String,
    /// The neighbourhood; the outing's when not given.
    pub place: Option<PlaceId>,
    /// A point, only when the author marked one: longitude and latitude in degrees.
    pub point: Option<(f64, f64)>,
    /// The consent it rests on.
    pub consent: Option<ConsentId>,
    /// A picture, already cleaned.
    pub picture: Option<Picture>,
    /// When it was seen or heard.
    pub happened_at: Timestamp,
}

/// A cleaned picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Media type.
    pub mime: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What is on it, for those who do not see it.
    pub description: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Picture {
    fn safe(&self) -> Safe {
        let bytes = self.bytes.clone();
        Safe { mime: self.mime, width: self.width, height: self.height, duration_ms: 0, bytes }
    }
}

/// A note as it is read.
#[derive(Debug, Clone)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// Kind.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it.
    pub meaning: String,
    /// Neighbourhood.
    pub place: Option<String>,
    /// Who wrote it.
    pub author_id: PersonId,
    /// Their name.
    pub author: String,
    /// From which outing.
    pub outing_id: OutingId,
    /// In a few words.
    pub outing: String,
    /// The challenge.
    pub challenge: Option<(ChallengeId, String)>,
    /// Whether it rests on a consent.
    pub consented: bool,
    /// Whether that allows quoting.
    pub quotable: bool,
    /// Its pictures and sounds.
    pub media: Vec<Media>,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When its words were last changed after they were kept.
    pub edited_at: Option<Timestamp>,
}

const SELECT: &str = "SELECT n.id, n.kind, n.seen, n.meaning, pl.name AS place, n.author_id, w.name AS author, n.outing_id, o.title AS outing,
        n.challenge_id, c.title AS challenge, n.consent_id IS NOT NULL AS consented, COALESCE(k.quote, FALSE) AS quotable,
        (SELECT COUNT(*) FROM media m WHERE m.note_id = n.id) AS files, n.happened_at, n.edited_at
     FROM note n JOIN person w ON w.id = n.author_id JOIN outing o ON o.id = n.outing_id
     LEFT JOIN place pl ON pl.id = n.place_id LEFT JOIN challenge c ON c.id = n.challenge_id LEFT JOIN consent k ON k.id = n.consent_id
     WHERE ($1 IS NULL OR n.challenge_id = $1) AND ($2 IS NULL OR n.author_id = $2) AND ($3 IS NULL OR n.outing_id = $3)
       AND ($4 IS NULL OR n.id = $4) ORDER BY n.created_at DESC, n.id DESC LIMIT $5 OFFSET $6";

async fn read(mut db: &Db, r: &Row) -> Result<Note> {
    let challenge: Option<ChallengeId> = r.get("challenge_id")?;
    let id: NoteId = r.get("id")?;
    let media = if r.get::<i64>("files")? > 0 { media::of_note(&mut db, id).await? } else { Vec::new() };
    Ok(Note {
        id,
        kind: r.get("kind")?,
        seen: r.get("seen")?,
        meaning: r.get("meaning")?,
        place: r.get("place")?,
        author_id: r.get("author_id")?,
        author: r.get("author")?,
        outing_id: r.get("outing_id")?,
        outing: r.get("outing")?,
        challenge: challenge.zip(r.get("challenge")?),
        consented: r.get("consented")?,
        quotable: r.get("quotable")?,
        media,
        happened_at: r.get("happened_at")?,
        edited_at: r.get("edited_at")?,
    })
}

/// Notes and consents belong to an outing that has begun and is not closed.
pub(crate) fn must_have_left(p: &Placement) -> Result<()> {
    match p.state.stage() {
        Stage::Out | Stage::Debriefing | Stage::Embedding => Ok(()),
        other => Err(PlacementError::NotFrom(other).into()),
    }
}

/// Who wrote the note that is kept under this id, if one is.
pub(crate) async fn author(tx: &mut Tx, id: NoteId) -> Result<Option<PersonId>> {
    let row = tx.maybe("SELECT author_id FROM note WHERE id = $1", vals![id]).await?;
    row.map(|r| r.get("author_id")).transpose()
}

/// Keeps a note of a placement that is under way. Its picture is attached by whoever staged it.
pub(crate) async fn write_in(tx: &mut Tx, p: &Placement, draft: &Draft, now: Timestamp) -> Result<NoteId> {
    if let Some(author) = author(tx, draft.id).await? {
        return if author == p.person_id { Ok(draft.id) } else { Err(StoreError::NotFound) };
    }
    if tx.maybe("SELECT id FROM tombstone WHERE id = $1", vals![draft.id]).await?.is_some() {
        return Err(NoteProblem::ConsentWithdrawn.into());
    }
    must_have_left(p)?;
    let ground = Ground::of(tx, p.outing_id).await?;
    ground.allows_notes()?;
    ground.allows(tx, draft.kind, draft.consent, (draft.picture.is_some(), false)).await?;
    let on_picture = draft.picture.as_ref().map_or("", |p| p.description.as_str());
    let texts = [("seen", draft.seen.as_str()), ("meaning", draft.meaning.as_str()), ("picture_text", on_picture)];
    withdrawn::refuse(tx, &texts).await?;
    feed::take_turn(tx, p.person_id).await?;
    if !insert(tx, p, draft, &ground, now).await? {
        // The same note came in twice at the same moment, and the other one was first.
        let same = author(tx, draft.id).await? == Some(p.person_id);
        return if same { Ok(draft.id) } else { Err(StoreError::NotFound) };
    }
    version::first(tx, draft.id).await?;
    feed::touch(tx, p.person_id, Thing::Note, draft.id.0).await?;
    Ok(draft.id)
}

/// Writes the note itself. False when one with this id is there.
pub(crate) async fn insert(tx: &mut Tx, p: &Placement, draft: &Draft, ground: &Ground, now: Timestamp) -> Result<bool> {
    let place = draft.place.or(ground.place);
    let (lon, lat) = version::point(draft.point);
    let kept = tx.run(
        "INSERT INTO note (id, placement_id, outing_id, challenge_id, author_id, kind, seen, meaning, place_id, lon, lat, consent_id,
            happened_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING",
        vals![
            draft.id, p.id, p.outing_id, ground.challenge, p.person_id, draft.kind, &draft.seen,
            &draft.meaning, place, lon, lat, draft.consent, draft.happened_at, now
        ],
    )
    .await?;
    Ok(kept > 0)
}

/// What an outing allows to be noted on it: the same for a page and for a phone.
pub(crate) struct Ground {
    outing: OutingId,
    challenge: Option<ChallengeId>,
    pub(crate) place: Option<PlaceId>,
    photos: Photos,
    notes_allowed: bool,
}

impl Ground {
    pub(crate) async fn of(tx: &mut Tx, outing: OutingId) -> Result<Self> {
        let o = tx
            .one("SELECT challenge_id, place_id, photos, notes_allowed FROM outing WHERE id = $1", vals![outing])
            .await?;
        Ok(Self {
            outing,
            challenge: o.get("challenge_id")?,
            place: o.get("place_id")?,
            photos: o.get("photos")?,
            notes_allowed: o.get("notes_allowed")?,
        })
    }

    /// Whether those who are visited allow new notes at all.
    pub(crate) fn allows_notes(&self) -> Result<()> {
        if self.notes_allowed { Ok(()) } else { Err(StoreError::rule("seen", "notes-not-allowed")) }
    }

    /// Whether a note of this kind, with or without pictures and sounds, may rest on this consent or on none.
    pub(crate) async fn allows(
        &self,
        tx: &mut Tx,
        kind: Kind,
        rests_on: Option<ConsentId>,
        (pictures, sounds): (bool, bool),
    ) -> Result<()> {
        let rests_on = match rests_on {
            Some(id) => Some(standing(tx, id, self.outing).await?),
            None => None,
        };
        consent::allows(kind, pictures, self.photos, rests_on)?;
        if sounds {
            consent::allows_sound(kind, rests_on)?;
        }
        Ok(())
    }
}

impl Store {
    /// Keeps a note. Sending the same id again keeps it once, and does not bring back what was taken away.
    pub async fn write_note(
        &self,
        who: &Actor,
        placement: PlacementId,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<NoteId> {
        let Some(picture) = &draft.picture else {
            return self.write_note_with(who, placement, draft, None, now).await.map(|(id, _)| id);
        };
        // Nothing is put into the vault for somebody who may not write here.
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::WriteNote, &About::person(p.person_id))?;
        drop(tx);
        let staged = self.stage(MediaId::new(), picture.safe(), now).await?;
        let kept = self.write_note_with(who, placement, draft, Some(&staged), now).await;
        if !matches!(kept, Ok((_, true))) {
            self.unstage(staged.id).await;
        }
        kept.map(|(id, _)| id)
    }

    /// Keeps a note and says whether the picture became its.
    async fn write_note_with(
        &self,
        who: &Actor,
        placement: PlacementId,
        draft: &Draft,
        staged: Option<&Staged>,
        now: Timestamp,
    ) -> Result<(NoteId, bool)> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::WriteNote, &About::person(p.person_id))?;
        let id = write_in(&mut tx, &p, draft, now).await?;
        let mut attached = false;
        if let (Some(staged), Some(picture)) = (staged, &draft.picture) {
            // A note that was sent twice has its picture already.
            if media::of_note(&mut tx, id).await?.is_empty() {
                media::attach_in(&mut tx, staged, id, &picture.description, now).await?;
                attached = true;
            }
        }
        tx.commit().await?;
        Ok((id, attached))
    }

    /// What was noted for a challenge, newest first.
    pub async fn notes_of_challenge(&self, who: &Actor, challenge: ChallengeId, page: i64) -> Result<Page<Note>> {
        self.notes(who, Some(challenge), None, None, page).await
    }

    /// One's own notes, newest first.
    pub async fn my_notes(&self, who: &Actor, page: i64) -> Result<Page<Note>> {
        let me = who.person().ok_or(StoreError::Refused(Act::SeeNotes))?;
        self.notes(who, None, Some(me), None, page).await
    }

    /// Notes of one outing.
    pub async fn notes_of_outing(&self, who: &Actor, outing: OutingId) -> Result<Page<Note>> {
        self.notes(who, None, None, Some(outing), 1).await
    }

    async fn notes(
        &self,
        who: &Actor,
        challenge: Option<ChallengeId>,
        author: Option<PersonId>,
        outing: Option<OutingId>,
        page: i64,
    ) -> Result<Page<Note>> {
        may(who, Act::SeeNotes, &About::nothing())?;
        let (limit, offset) = Page::<Note>::window(page);
        let rows = (&self.db).rows(SELECT, vals![challenge, author, outing, None::<NoteId>, limit, offset]).await?;
        let mut notes = Vec::new();
        for row in &rows {
            notes.push(read(&self.db, row).await?);
        }
        Ok(Page::cut(notes, page))
    }

    /// One note.
    pub async fn note(&self, who: &Actor, id: NoteId) -> Result<Note> {
        may(who, Act::SeeNotes, &About::nothing())?;
        let none = None::<ChallengeId>;
        let row = (&self.db).one(SELECT, vals![none, None::<PersonId>, None::<OutingId>, id, 1, 0]).await?;
        read(&self.db, &row).await
    }

    /// How many notes of a challenge were withdrawn.
    pub async fn tombstones(&self, who: &Actor, challenge: ChallengeId) -> Result<i64> {
        may(who, Act::SeeNotes, &About::nothing())?;
        (&self.db).count("SELECT COUNT(*) FROM tombstone WHERE challenge_id = $1", vals![challenge]).await
    }

    /// Takes one's own note away, or the challenge's owner does. The same cascade as for a withdrawn consent.
    pub async fn remove_note(&self, who: &Actor, id: NoteId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx
            .one("SELECT n.author_id, c.owner_id FROM note n LEFT JOIN challenge c ON c.id = n.challenge_id WHERE n.id = $1", vals![id])
            .await?;
        let about = About { person: Some(row.get("author_id")?), owner: row.get("owner_id")?, ..About::default() };
        may(who, Act::RemoveNote, &about)?;
        erase_note(&mut tx, id, now).await?;
        audit::record(&mut tx, who, Act::RemoveNote, &format!("note {id}"), now).await?;
        tx.commit().await?;
        self.leave_nothing_behind().await;
        Ok(())
    }
}
