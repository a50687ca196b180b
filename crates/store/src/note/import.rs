//! Notes that were written elsewhere, in a form tool, and belong to a placement here. They obey the same rules as those
//! written on its page. All of them are kept or none; each once, however often the same file comes.

use freerange_domain::{
    code::Code,
    id::{ConsentId, NoteId, PlaceId, PlacementId},
    note::Kind,
    text::Prose,
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Draft, author, must_have_left, write_in};
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    may,
    placement::Placement,
};

/// A note on its way in.
#[derive(Debug, Clone)]
pub struct Arriving {
    /// Line of the file it stands in.
    pub line: u64,
    /// The id its tool gave it; without one, it gets one made of what it says.
    pub id: Option<Uuid>,
    /// Kind.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it. May be empty.
    pub meaning: String,
    /// The neighbourhood by its name; the outing's when empty.
    pub place: String,
    /// The code of the consent it rests on, as typed. May be empty.
    pub consent: String,
    /// When it was; the start of the outing when not said.
    pub happened_at: Option<Timestamp>,
}

/// Why a row was refused, for whoever mends the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What is wrong and what to do.
    pub why: String,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    /// All are kept: how many are new, and how many were there already.
    All {
        /// New ones.
        new: usize,
        /// Kept before.
        there: usize,
    },
    /// None is kept, and why.
    None(Vec<Refused>),
}

/// An id made of what a note says and where: the same row is the same note.
fn made_of(placement: PlacementId, row: &Arriving) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(placement.0.as_bytes());
    hash.update(row.happened_at.map_or(0, Timestamp::as_microsecond).to_be_bytes());
    hash.update(row.kind.as_str().as_bytes());
    hash.update(row.seen.as_bytes());
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    // Version 8, name-based over SHA-256 (RFC 9562, appendix B.2).
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

/// What is wrong with a row, in words; anything that is not the row's fault is an error of the whole.
fn sentence(error: StoreError) -> Result<(&'static str, String)> {
    match error {
        StoreError::Note(problem) => {
            Ok(("consent", format!("{problem}; nothing is kept without a consent that allows it")))
        }
        StoreError::Rule { key: "words-withdrawn", field } => {
            Ok((field, "has words that somebody took back; say it without them".to_owned()))
        }
        StoreError::Rule { key: "notes-not-allowed", field } => {
            Ok((field, "was noted where those who receive the outing allow no notes".to_owned()))
        }
        StoreError::NotFound => Ok(("id", "is the id of somebody else's note; let the tool make a new one".to_owned())),
        other => Err(other),
    }
}

async fn consent(tx: &mut Tx, p: &Placement, typed: &str) -> Result<std::result::Result<Option<ConsentId>, String>> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let code: Code = match typed.parse() {
        Ok(code) => code,
        Err(problem) => return Ok(Err(format!("is no code: {problem}"))),
    };
    let sql = "SELECT id FROM consent WHERE code = $1 AND outing_id = $2";
    Ok(match tx.maybe(sql, vals![code.as_str(), p.outing_id]).await? {
        Some(row) => Ok(Some(row.get("id")?)),
        None => {
            Err("is the code of no consent on this outing; record the consent on the placement's page first".to_owned())
        }
    })
}

async fn place(tx: &mut Tx, name: &str) -> Result<std::result::Result<Option<PlaceId>, String>> {
    if name.is_empty() {
        return Ok(Ok(None));
    }
    let sql = "SELECT id FROM place WHERE level = 'neighbourhood' AND active AND (name = $1 OR name_local = $1)";
    let rows = tx.rows(sql, vals![name]).await?;
    Ok(match rows.as_slice() {
        [one] => Ok(Some(one.get("id")?)),
        [] => Err("is no neighbourhood here; write its name as on the map, or leave it empty".to_owned()),
        _ => Err("is the name of several neighbourhoods; leave it empty and say which on the note's page".to_owned()),
    })
}

/// Keeps one row. The answer says whether it is new, or what is wrong with which column.
async fn keep(
    tx: &mut Tx,
    p: &Placement,
    row: &Arriving,
    starts: Timestamp,
    now: Timestamp,
) -> Result<std::result::Result<bool, (&'static str, String)>> {
    let happened_at = row.happened_at.unwrap_or(starts).min(now);
    if row.happened_at.is_some_and(|at| at > now) {
        return Ok(Err(("happened_at", "is still to come; mend the day".to_owned())));
    }
    let consent = match consent(tx, p, &row.consent).await? {
        Ok(consent) => consent,
        Err(why) => return Ok(Err(("consent", why))),
    };
    let place = match place(tx, &row.place).await? {
        Ok(place) => place,
        Err(why) => return Ok(Err(("place", why))),
    };
    let Ok(seen) = Prose::parse(&row.seen) else {
        return Ok(Err(("seen", "is empty or too long; write up to 8000 characters".to_owned())));
    };
    let id = NoteId(row.id.unwrap_or_else(|| made_of(p.id, row)));
    let there = author(tx, id).await?.is_some();
    let draft = Draft {
        id,
        kind: row.kind,
        seen,
        meaning: row.meaning.clone(),
        place,
        point: None,
        consent,
        picture: None,
        happened_at,
    };
    match write_in(tx, p, &draft, now).await {
        Ok(_) => Ok(Ok(!there)),
        Err(error) => sentence(error).map(Err),
    }
}

impl Store {
    /// Keeps the notes of a file on a placement that is under way: all of them or none.
    pub async fn import_notes(
        &self,
        who: &Actor,
        placement: PlacementId,
        rows: &[Arriving],
        now: Timestamp,
    ) -> Result<Arrived> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::WriteNote, &About::person(p.person_id))?;
        must_have_left(&p)?;
        let starts =
            tx.one("SELECT starts_at FROM outing WHERE id = $1", vals![p.outing_id]).await?.get("starts_at")?;
        let (mut refused, mut new) = (Vec::new(), 0);
        for row in rows {
            match keep(&mut tx, &p, row, starts, now).await? {
                Ok(is_new) => new += usize::from(is_new),
                Err((column, why)) => refused.push(Refused { line: row.line, column, why }),
            }
        }
        if !refused.is_empty() {
            // What was written so far goes with the transaction.
            return Ok(Arrived::None(refused));
        }
        audit::record(&mut tx, who, Act::WriteNote, &format!("placement {placement}, from a file"), now).await?;
        tx.commit().await?;
        Ok(Arrived::All { new, there: rows.len() - new })
    }
}
