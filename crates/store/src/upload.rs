//! Files of notes that arrive in pieces. How far each is stands in the database once the piece is on disk, so what was
//! acknowledged is there after any crash. A whole file is made safe by whoever calls, and then attached to its note in one
//! transaction. What is taken back meanwhile is gone, and says so.

use freerange_domain::{
    id::{MediaId, NoteId, PersonId},
    note::NoteProblem,
    text::Prose,
    upload::{MOST_BYTES, MOST_UPLOADS, Progress, UploadProblem},
};
use freerange_vault::Piece;
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask, Row, Tx, vals},
    may,
    media::{Safe, attach_in, sum},
    note::Ground,
    withdrawn,
};

/// A file that is about to come.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Made on the telephone, so that beginning twice is beginning once. The file keeps it.
    pub id: MediaId,
    /// The note it belongs to.
    pub note: NoteId,
    /// What the telephone says it is; `audio/...` is a sound, everything else a picture.
    pub mime: String,
    /// What is on it, for those who do not see or hear it.
    pub description: Prose,
    /// SHA-256 of the whole file, as 64 small hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub length: u64,
}

impl Begin {
    fn sound(&self) -> bool {
        self.mime.starts_with("audio/")
    }
}

/// A file that is arriving.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Which.
    pub id: MediaId,
    /// What the telephone says it is.
    pub mime: String,
    /// How far.
    pub progress: Progress,
    /// Whether it hangs on its note already.
    pub kept: bool,
    note: NoteId,
    description: String,
    sha256: String,
}

impl Upload {
    /// Whether it is to be heard.
    pub fn sound(&self) -> bool {
        self.mime.starts_with("audio/")
    }
}

/// A whole file, which nobody else can write or finish until this is dropped.
#[derive(Debug)]
pub struct Whole {
    /// Which.
    pub upload: Upload,
    /// As it was sent.
    pub bytes: Vec<u8>,
    _alone: Piece,
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn read(r: &Row) -> Result<Upload> {
    Ok(Upload {
        id: r.get("id")?,
        mime: r.get("mime")?,
        progress: Progress { length: count(r.get("length")?), received: count(r.get("received")?) },
        kept: false,
        note: r.get("note_id")?,
        description: r.get("description")?,
        sha256: r.get("sha256")?,
    })
}

fn me(who: &Actor) -> Result<PersonId> {
    who.person().ok_or(StoreError::Refused(Act::WriteNote))
}

/// One's own file that is arriving, or that arrived.
async fn find(ask: &mut impl Ask, me: PersonId, id: MediaId) -> Result<Upload> {
    if let Some(row) = ask.maybe("SELECT * FROM upload WHERE id = $1", vals![id]).await? {
        if row.get::<PersonId>("person_id")? != me {
            return Err(UploadProblem::Elsewhere.into());
        }
        if row.get::<Option<Timestamp>>("taken_back_at")?.is_some() {
            return Err(UploadProblem::TakenBack.into());
        }
        return read(&row);
    }
    let kept =
        "SELECT m.id, m.note_id, m.mime, m.description, m.sha256, m.size AS length, m.size AS received, n.author_id
         FROM media m JOIN note n ON n.id = m.note_id WHERE m.id = $1";
    let row = ask.one(kept, vals![id]).await?;
    if row.get::<PersonId>("author_id")? != me {
        return Err(UploadProblem::Elsewhere.into());
    }
    Ok(Upload { kept: true, ..read(&row)? })
}

/// Whether this file may hang on this note now. The note must be one's own and there; consent and words must allow it.
async fn allowed(tx: &mut Tx, who: &Actor, note: NoteId, sound: bool, description: &str) -> Result<()> {
    // First, because it takes turns with whoever takes a note back: what is read after it stays until the end.
    withdrawn::refuse(tx, &[("picture_text", description)]).await?;
    let sql = "SELECT author_id, kind, consent_id, outing_id FROM note WHERE id = $1";
    let Some(r) = tx.maybe(sql, vals![note]).await? else {
        let gone = tx.maybe("SELECT id FROM tombstone WHERE id = $1", vals![note]).await?.is_some();
        return Err(if gone { UploadProblem::TakenBack } else { UploadProblem::NoteNotHere }.into());
    };
    may(who, Act::WriteNote, &About::person(r.get("author_id")?))?;
    let ground = Ground::of(tx, r.get("outing_id")?).await?;
    match ground.allows(tx, r.get("kind")?, r.get("consent_id")?, (!sound, sound)).await {
        Err(StoreError::Note(NoteProblem::ConsentWithdrawn)) => Err(UploadProblem::TakenBack.into()),
        allowed => allowed,
    }
}

impl Store {
    /// Begins a file, or goes on with the one of this id. One that says something else than before begins anew.
    pub async fn begin_upload(&self, who: &Actor, begin: &Begin, now: Timestamp) -> Result<Upload> {
        let me = me(who)?;
        let mut tx = self.db.begin().await?;
        let known = match find(&mut tx, me, begin.id).await {
            Ok(upload) if upload.kept => return Err(UploadProblem::Kept.into()),
            Ok(upload) => Some(upload),
            Err(StoreError::NotFound) => None,
            Err(other) => return Err(other),
        };
        allowed(&mut tx, who, begin.note, begin.sound(), begin.description.as_str()).await?;
        if let Some(upload) = known {
            if upload.progress.length == begin.length && upload.sha256 == begin.sha256 && upload.note == begin.note {
                return Ok(upload);
            }
            tx.run("DELETE FROM upload WHERE id = $1", vals![begin.id]).await?;
        }
        let open = tx
            .one(
                "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(length), 0) AS BIGINT) AS bytes FROM upload
                 WHERE person_id = $1 AND taken_back_at IS NULL",
                vals![me],
            )
            .await?;
        let bytes = open.get::<i64>("bytes")?.saturating_add(number(begin.length));
        if open.get::<i64>("files")? >= MOST_UPLOADS || bytes > MOST_BYTES {
            return Err(UploadProblem::TooMany.into());
        }
        tx.run(
            "INSERT INTO upload (id, person_id, note_id, mime, description, sha256, length, received, created_at, touched_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8) ON CONFLICT (id) DO NOTHING",
            vals![begin.id, me, begin.note, &begin.mime, &begin.description, &begin.sha256, number(begin.length), now],
        )
        .await?;
        // Where it was begun twice at the same moment, the other one is this one, or somebody else's.
        let upload = find(&mut tx, me, begin.id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    /// How far one's own file is.
    pub async fn upload(&self, who: &Actor, id: MediaId) -> Result<Upload> {
        let mut upload = find(&mut &self.db, me(who)?, id).await?;
        if !upload.kept {
            // A folder that was lost with its pieces has less than the database remembers.
            let there = self.places.pieces.length(id.0).await?;
            upload.progress.received = upload.progress.received.min(there);
        }
        Ok(upload)
    }

    /// Takes a piece. When this returns it is on disk.
    pub async fn upload_piece(
        &self,
        who: &Actor,
        id: MediaId,
        offset: u64,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Upload> {
        let me = me(who)?;
        let (upload, piece) = self.alone(me, id).await?;
        let at = Progress { received: piece.there(upload.progress.received)?, ..upload.progress };
        let next = at.with(offset, u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        let _alone = piece.write(offset, bytes).await?;
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE upload SET received = $2, touched_at = $3 WHERE id = $1 AND taken_back_at IS NULL";
        let there = tx.run(sql, vals![id, number(next.received), now]).await?;
        tx.commit().await?;
        if there == 0 {
            self.drop_pieces(id).await;
            find(&mut &self.db, me, id).await?;
            return Err(StoreError::NotFound);
        }
        Ok(Upload { progress: next, ..upload })
    }

    /// One's own unfinished file, with nobody else writing it.
    async fn alone(&self, me: PersonId, id: MediaId) -> Result<(Upload, Piece)> {
        let known = find(&mut &self.db, me, id).await?;
        if known.kept {
            return Err(UploadProblem::Kept.into());
        }
        let piece = self.places.pieces.open(id.0).await?;
        // Once more: it may have been finished or taken back before the door closed behind us.
        match find(&mut &self.db, me, id).await {
            Ok(upload) if !upload.kept => Ok((upload, piece)),
            other => {
                self.drop_pieces(id).await;
                Err(other.err().unwrap_or(UploadProblem::Kept.into()))
            }
        }
    }

    /// The pieces of a file that is not arriving any more. What fails here goes with the sweep of its row.
    async fn drop_pieces(&self, id: MediaId) {
        if let Err(error) = self.places.pieces.delete(id.0).await {
            tracing::warn!(%error, "pieces of a file that is not needed could not be deleted");
        }
    }

    /// A file of which all pieces are there and whose checksum fits. One that does not fit is sent again from the beginning.
    pub async fn upload_whole(&self, who: &Actor, id: MediaId) -> Result<Whole> {
        let me = me(who)?;
        let (upload, piece) = self.alone(me, id).await?;
        let length = upload.progress.length;
        let whole = upload.progress.whole() && piece.there(length)? == length;
        let (alone, bytes) = if whole { piece.read(length).await? } else { (piece, Vec::new()) };
        if !whole || sum(&bytes) != upload.sha256 {
            let mut tx = self.db.begin().await?;
            tx.run("UPDATE upload SET received = 0 WHERE id = $1", vals![id]).await?;
            tx.commit().await?;
            return Err(UploadProblem::Mismatch.into());
        }
        Ok(Whole { upload, bytes, _alone: alone })
    }

    /// Attaches a file that was made safe to its note, in one transaction.
    pub async fn finish_upload(&self, who: &Actor, whole: Whole, safe: Safe, now: Timestamp) -> Result<()> {
        let upload = &whole.upload;
        let staged = self.stage(upload.id, safe, now).await?;
        let attached = async {
            let mut tx = self.db.begin().await?;
            allowed(&mut tx, who, upload.note, upload.sound(), &upload.description).await?;
            let sql = "DELETE FROM upload WHERE id = $1 AND taken_back_at IS NULL";
            if tx.run(sql, vals![upload.id]).await? == 0 {
                return Err(UploadProblem::TakenBack.into());
            }
            attach_in(&mut tx, &staged, upload.note, &upload.description, now).await?;
            trash_pieces(&mut tx, upload.id).await?;
            tx.commit().await
        };
        match attached.await {
            Ok(()) => self.empty_trash_now().await,
            Err(error) => {
                self.unstage(upload.id).await;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Forgets a file that was not finished.
    pub async fn end_upload(&self, who: &Actor, id: MediaId) -> Result<()> {
        let upload = find(&mut &self.db, me(who)?, id).await?;
        if upload.kept {
            return Err(UploadProblem::Kept.into());
        }
        let mut tx = self.db.begin().await?;
        trash_pieces(&mut tx, id).await?;
        tx.run("DELETE FROM upload WHERE id = $1", vals![id]).await?;
        tx.commit().await?;
        self.empty_trash_now().await;
        Ok(())
    }
}

async fn trash_pieces(tx: &mut Tx, id: MediaId) -> Result<()> {
    let sql = "INSERT INTO media_trash (id, what, due_at) VALUES ($1, 'pieces', 0) ON CONFLICT (id, what) DO UPDATE SET due_at = 0";
    tx.run(sql, vals![id]).await.map(drop)
}
