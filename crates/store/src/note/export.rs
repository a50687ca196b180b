//! Notes on the way out of the house. A copy cannot be called back, so it carries less than the page: who wrote a note is a
//! name that stands for somebody, and only what stands on a standing consent goes along. That somebody took a copy is in the
//! audit log; which notes were taken back since can be asked without an account, because whoever holds a copy may have none.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{ChallengeId, MediaId, NoteId, PersonId},
    note::Kind,
};
use hkdf::Hkdf;
use jiff::Timestamp;
use sha2::Sha256;

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    may,
    media::Media,
    secret,
};

/// The setting that holds the key of the names. Made at random for each database; it travels with its backups.
const KEY: &str = "export-names";

/// All of a challenge that may be taken along.
#[derive(Debug, Clone)]
pub struct Export {
    /// Its question in a few words.
    pub title: String,
    /// The whole question.
    pub question: String,
    /// Its notes, oldest first.
    pub notes: Vec<Exported>,
}

/// A note that may be taken along.
#[derive(Debug, Clone)]
pub struct Exported {
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
    /// The outing, in a few words.
    pub outing: String,
    /// Who wrote it: eight hexadecimal digits, the same for all their notes on this challenge and other ones elsewhere.
    pub author: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Nothing when it rests on no consent; otherwise whether that allows quoting.
    pub quotable: Option<bool>,
    /// Its pictures and sounds.
    pub media: Vec<Media>,
}

const NOTES: &str = "SELECT n.id, n.kind, n.seen, n.meaning, pl.name AS place, n.author_id, o.title AS outing, n.happened_at,
        n.consent_id IS NOT NULL AS consented, COALESCE(k.quote, FALSE) AS quotable
     FROM note n JOIN outing o ON o.id = n.outing_id LEFT JOIN place pl ON pl.id = n.place_id LEFT JOIN consent k ON k.id = n.consent_id
     WHERE n.challenge_id = $1 AND (k.id IS NULL OR (k.use_it AND k.withdrawn_at IS NULL))
       AND (n.kind <> 'said' OR COALESCE(k.quote, FALSE))
     ORDER BY n.happened_at, n.id";

/// The key of the names, made when it is first needed.
async fn key(tx: &mut Tx) -> Result<String> {
    let fresh = crate::backup::hex(&secret::random::<32>()?);
    let insert = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.run(insert, vals![KEY, fresh]).await?;
    tx.one("SELECT value FROM setting WHERE name = $1", vals![KEY]).await?.get("value")
}

/// A name for somebody in the copies of one challenge. Without the key nobody finds out whose it is by trying, and notes of
/// two challenges cannot be put together by it.
fn name(key: &str, challenge: ChallengeId, person: PersonId) -> Result<String> {
    let mut out = [0_u8; 4];
    Hkdf::<Sha256>::new(Some(key.as_bytes()), &[challenge.0.as_bytes().as_slice(), person.0.as_bytes()].concat())
        .expand(b"freerange name in exports", &mut out)
        .map_err(|_| StoreError::Sealed)?;
    Ok(crate::backup::hex(&out))
}

async fn media(tx: &mut Tx, challenge: ChallengeId) -> Result<BTreeMap<uuid::Uuid, Vec<Media>>> {
    let sql = "SELECT m.id, m.note_id, m.mime, m.description FROM media m JOIN note n ON n.id = m.note_id
         WHERE n.challenge_id = $1 ORDER BY m.created_at, m.id";
    let mut of: BTreeMap<uuid::Uuid, Vec<Media>> = BTreeMap::new();
    for r in tx.rows(sql, vals![challenge]).await? {
        let one = Media { id: r.get::<MediaId>("id")?, mime: r.get("mime")?, description: r.get("description")? };
        of.entry(r.get::<NoteId>("note_id")?.0).or_default().push(one);
    }
    Ok(of)
}

/// What an actor's export of a challenge is about.
async fn about(tx: &mut Tx, challenge: ChallengeId) -> Result<(About, String, String)> {
    let c = tx.one("SELECT owner_id, title, question FROM challenge WHERE id = $1", vals![challenge]).await?;
    Ok((About::owner(c.get("owner_id")?), c.get("title")?, c.get("question")?))
}

impl Store {
    /// All notes of a challenge, to be taken along in a form such as `csv`. That they were is written to the audit log.
    pub async fn export_notes(
        &self,
        who: &Actor,
        challenge: ChallengeId,
        form: &'static str,
        now: Timestamp,
    ) -> Result<Export> {
        let mut tx = self.db.begin().await?;
        let (about, title, question) = about(&mut tx, challenge).await?;
        may(who, Act::ExportNotes, &about)?;
        // Taking back and taking along take turns: what is withdrawn after this is in the list of withdrawals.
        crate::withdrawn::take_turn(&mut tx).await?;
        let key = key(&mut tx).await?;
        let mut files = media(&mut tx, challenge).await?;
        let mut notes = Vec::new();
        for r in tx.rows(NOTES, vals![challenge]).await? {
            let id: NoteId = r.get("id")?;
            notes.push(Exported {
                id,
                kind: r.get("kind")?,
                seen: r.get("seen")?,
                meaning: r.get("meaning")?,
                place: r.get("place")?,
                outing: r.get("outing")?,
                author: name(&key, challenge, r.get("author_id")?)?,
                happened_at: r.get("happened_at")?,
                quotable: if r.get("consented")? { Some(r.get("quotable")?) } else { None },
                media: files.remove(&id.0).unwrap_or_default(),
            });
        }
        audit::record(&mut tx, who, Act::ExportNotes, &format!("challenge {challenge} {form}"), now).await?;
        tx.commit().await?;
        Ok(Export { title, question, notes })
    }

    /// Which notes of a challenge were taken back, and when, from a moment on. Ids and nothing else: whoever holds a copy
    /// finds by them what to delete, and nobody else finds anything.
    pub async fn withdrawn_since(
        &self,
        who: &Actor,
        challenge: ChallengeId,
        since: Timestamp,
    ) -> Result<Vec<(NoteId, Timestamp)>> {
        may(who, Act::SeeWithdrawals, &About::nothing())?;
        let mut db = &self.db;
        db.one("SELECT id FROM challenge WHERE id = $1", vals![challenge]).await?;
        let sql = "SELECT id, withdrawn_at FROM tombstone WHERE challenge_id = $1 AND withdrawn_at >= $2 ORDER BY withdrawn_at, id";
        let rows = db.rows(sql, vals![challenge, since]).await?;
        rows.iter().map(|r| Ok((r.get("id")?, r.get("withdrawn_at")?))).collect()
    }
}
