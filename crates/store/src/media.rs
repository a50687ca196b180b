//! Files of notes: pictures and sounds, kept outside the database. What each is and to which note it belongs stands in the
//! database; the file has the same id in the vault.
//!
//! A file and its row cannot be written in one step, so the database always knows first: before a file is put, a line in
//! `media_trash` says that it goes unless its row comes; the transaction that writes the row takes that line away. What is
//! taken away is put there in the transaction that takes it, and deleted after it. A crash at any point leaves a line, and
//! the job does the rest.

use std::path::Path;

use freerange_domain::id::{MediaId, NoteId};
use freerange_vault::{Pieces, Vault};
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask, Tx, vals},
    may,
    notebook::feed::{self, Thing},
};

/// How long a file may be there before its row: longer than any request takes.
const WAITS_MINUTES: i64 = 60;

/// Where files are: those of notes, and the pieces of those that are still arriving.
#[derive(Debug, Clone)]
pub struct Places {
    /// Whole files.
    pub vault: Vault,
    /// Pieces.
    pub pieces: Pieces,
}

impl Places {
    /// Folders `media` and `uploads` beside an `SQLite` file; for a server, where the program runs.
    pub fn beside(url: &str) -> Self {
        let beside = url.strip_prefix("sqlite:").and_then(|file| Path::new(file).parent()).map(Path::to_path_buf);
        Self::in_folder(&beside.unwrap_or_default())
    }

    /// Folders `media` and `uploads` in this one.
    pub fn in_folder(folder: &Path) -> Self {
        Self { vault: Vault::folder(folder.join("media")), pieces: Pieces::new(folder.join("uploads")) }
    }
}

/// A picture or sound that was made safe to keep.
#[derive(Debug, Clone)]
pub struct Safe {
    /// Media type.
    pub mime: &'static str,
    /// Pixels across; 0 for a sound.
    pub width: u32,
    /// Pixels down; 0 for a sound.
    pub height: u32,
    /// How long it sounds, in milliseconds; 0 for a picture.
    pub duration_ms: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A picture or sound of a note, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Which.
    pub id: MediaId,
    /// Its media type.
    pub mime: String,
    /// What is on it, for those who do not see or hear it.
    pub description: String,
}

impl Media {
    /// Whether it is heard.
    pub fn sound(&self) -> bool {
        self.mime.starts_with("audio/")
    }
}

/// A file as it is sent.
#[derive(Debug)]
pub struct MediaFile {
    /// Its media type.
    pub mime: String,
    /// SHA-256, as 64 small hexadecimal digits.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A file that is in the vault and waits for its row.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) id: MediaId,
    safe: Safe,
    size: i64,
    sha256: String,
}

pub(crate) fn sum(bytes: &[u8]) -> String {
    crate::backup::hex(&Sha256::digest(bytes))
}

fn size(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

/// The files of a note, in the order in which they came.
pub(crate) async fn of_note(ask: &mut impl Ask, note: NoteId) -> Result<Vec<Media>> {
    ask.rows("SELECT id, mime, description FROM media WHERE note_id = $1 ORDER BY created_at, id", vals![note])
        .await?
        .iter()
        .map(|r| Ok(Media { id: r.get("id")?, mime: r.get("mime")?, description: r.get("description")? }))
        .collect()
}

/// Whether a note has pictures, and whether it has sounds.
pub(crate) async fn sorts(ask: &mut impl Ask, note: NoteId) -> Result<(bool, bool)> {
    let all = of_note(ask, note).await?;
    Ok((all.iter().any(|m| !m.sound()), all.iter().any(Media::sound)))
}

/// Writes the row of a file that is in the vault. From then on it is the note's.
pub(crate) async fn attach_in(
    tx: &mut Tx,
    staged: &Staged,
    note: NoteId,
    description: &str,
    now: Timestamp,
) -> Result<()> {
    let claimed = tx.run("DELETE FROM media_trash WHERE id = $1 AND what = 'file' AND due_at > 0", vals![staged.id]);
    if claimed.await? == 0 {
        // It took so long that the file was deleted again. Whoever sent it sends it again.
        return Err(StoreError::Vault(freerange_vault::VaultError::Busy));
    }
    let safe = &staged.safe;
    tx.run(
        "INSERT INTO media (id, note_id, mime, width, height, duration_ms, description, size, sha256, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            staged.id,
            note,
            safe.mime,
            i64::from(safe.width),
            i64::from(safe.height),
            i64::from(safe.duration_ms),
            description,
            staged.size,
            &staged.sha256,
            now
        ],
    )
    .await?;
    let author = tx.one("SELECT author_id FROM note WHERE id = $1", vals![note]).await?.get("author_id")?;
    feed::touch(tx, author, Thing::Note, note.0).await
}

/// Takes away all files of a note and whatever of it is still arriving. They are deleted when the transaction is through:
/// call [`Store::leave_nothing_behind`] after it.
pub(crate) async fn erase_of_note(tx: &mut Tx, note: NoteId, now: Timestamp) -> Result<()> {
    for sql in [
        "INSERT INTO media_trash (id, what, due_at) SELECT id, 'file', 0 FROM media WHERE note_id = $1
         ON CONFLICT (id, what) DO UPDATE SET due_at = 0",
        "INSERT INTO media_trash (id, what, due_at) SELECT id, 'pieces', 0 FROM upload WHERE note_id = $1
         ON CONFLICT (id, what) DO UPDATE SET due_at = 0",
        "DELETE FROM media_moving WHERE id IN (SELECT id FROM media WHERE note_id = $1)",
        "DELETE FROM media WHERE note_id = $1",
    ] {
        tx.run(sql, vals![note]).await?;
    }
    let sql = "UPDATE upload SET description = '', sha256 = '', taken_back_at = $2 WHERE note_id = $1 AND taken_back_at IS NULL";
    tx.run(sql, vals![note, now]).await?;
    Ok(())
}

impl Store {
    /// Puts a file into the vault, with a line that takes it out again unless its row comes.
    pub(crate) async fn stage(&self, id: MediaId, safe: Safe, now: Timestamp) -> Result<Staged> {
        let due = now.checked_add(WAITS_MINUTES.minutes()).unwrap_or(Timestamp::MAX);
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO media_trash (id, what, due_at) VALUES ($1, 'file', $2)
             ON CONFLICT (id, what) DO UPDATE SET due_at = excluded.due_at";
        tx.run(sql, vals![id, due]).await?;
        tx.commit().await?;
        let staged = Staged { id, size: size(&safe.bytes), sha256: sum(&safe.bytes), safe };
        if let Err(error) = self.places.vault.put(id.0, staged.safe.bytes.clone()).await {
            self.unstage(id).await;
            return Err(error.into());
        }
        Ok(staged)
    }

    /// Takes a file out again whose row did not come. What fails here the job does later.
    pub(crate) async fn unstage(&self, id: MediaId) {
        let at_once = async {
            let mut tx = self.db.begin().await?;
            tx.run("UPDATE media_trash SET due_at = 0 WHERE id = $1 AND what = 'file'", vals![id]).await?;
            tx.commit().await
        };
        match at_once.await {
            Ok(()) => self.empty_trash_now().await,
            Err(error) => tracing::warn!(%error, "a file that is not needed stays for an hour"),
        }
    }

    /// Deletes the files that were taken away, right after the transaction that took them. What fails the job does later.
    pub(crate) async fn empty_trash_now(&self) {
        if let Err(error) = self.delete_files().await {
            tracing::warn!(%error, "files that were taken away could not be deleted yet; it is tried again");
        }
    }

    /// What a transaction has just erased leaves the disk: pages in the database's log as they were, and files. Right after
    /// the commit; what fails is tried again by the jobs.
    pub(crate) async fn leave_nothing_behind(&self) {
        self.db.let_go().await;
        self.empty_trash_now().await;
    }

    /// Deletes the files that were taken away, and those whose row did not come. Returns how many.
    pub async fn empty_trash(&self, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        // In a transaction of its own: from here on nobody can give such a file a row any more.
        tx.run("UPDATE media_trash SET due_at = 0 WHERE due_at > 0 AND due_at <= $1", vals![now]).await?;
        tx.commit().await?;
        self.delete_files().await
    }

    async fn delete_files(&self) -> Result<u64> {
        let rows = (&self.db).rows("SELECT id, what FROM media_trash WHERE due_at = 0 ORDER BY id", Vec::new()).await?;
        let mut deleted = 0;
        for row in rows {
            let (id, what): (MediaId, String) = (row.get("id")?, row.get("what")?);
            if what == "pieces" {
                self.places.pieces.delete(id.0).await?;
            } else if (&self.db).maybe("SELECT id FROM media WHERE id = $1", vals![id]).await?.is_none() {
                self.places.vault.delete(id.0).await?;
            }
            let mut tx = self.db.begin().await?;
            tx.run("DELETE FROM media_trash WHERE id = $1 AND what = $2 AND due_at = 0", vals![id, what]).await?;
            tx.commit().await?;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// A file of a note.
    pub async fn media_file(&self, who: &Actor, id: MediaId) -> Result<MediaFile> {
        may(who, Act::SeeNotes, &About::nothing())?;
        let sql = "SELECT mime, sha256 FROM media WHERE id = $1";
        let row = (&self.db).one(sql, vals![id]).await?;
        let (mime, sha256) = (row.get("mime")?, row.get("sha256")?);
        if let Some(bytes) = self.places.vault.get(id.0).await? {
            return Ok(MediaFile { mime, sha256, bytes });
        }
        // Another server may be moving it out of the database at this moment, or it was taken away since.
        if let Some(row) = (&self.db).maybe("SELECT bytes FROM media_moving WHERE id = $1", vals![id]).await? {
            return Ok(MediaFile { mime, sha256, bytes: row.get("bytes")? });
        }
        (&self.db).one(sql, vals![id]).await?;
        Err(StoreError::FileMissing(id))
    }

    /// Moves files that older programs kept in the database into the vault. Safe to interrupt and to repeat: a file leaves
    /// the database when it is in the vault.
    pub(crate) async fn move_media_home(&self) -> Result<u64> {
        let mut moved = 0;
        while let Some(row) =
            (&self.db).maybe("SELECT id, bytes FROM media_moving ORDER BY id LIMIT 1", Vec::new()).await?
        {
            let (id, bytes): (MediaId, Vec<u8>) = (row.get("id")?, row.get("bytes")?);
            let (size, sha256) = (size(&bytes), sum(&bytes));
            self.places.vault.put(id.0, bytes).await?;
            let mut tx = self.db.begin().await?;
            let sql = "UPDATE media SET size = $2, sha256 = $3 WHERE id = $1";
            if tx.run(sql, vals![id, size, sha256]).await? == 0 {
                // Taken back while it was being moved.
                let gone = "INSERT INTO media_trash (id, what, due_at) VALUES ($1, 'file', 0)
                     ON CONFLICT (id, what) DO UPDATE SET due_at = 0";
                tx.run(gone, vals![id]).await?;
            }
            tx.run("DELETE FROM media_moving WHERE id = $1", vals![id]).await?;
            tx.commit().await?;
            moved += 1;
        }
        Ok(moved)
    }
}
