//! What changed for a phone, as it is now: a few questions for all of it, in one view.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use freerange_domain::{
    code::Code,
    id::{NoteId, PersonId},
};
use freerange_notebook::{
    ConsentGiven, ConsentNow, DiaryNow, FileNow, Head, NoteNow, NoteVersion, Synced, THINGS_AT_ONCE,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::feed::Thing;
use crate::{
    Result, Store, StoreError,
    db::{Ask as _, Row, Tx, vals},
    note::version::{self, Linked},
};

/// A part of the feed: whose, after which number, up to which.
#[derive(Debug, Clone, Copy)]
struct Part {
    of: PersonId,
    after: i64,
    to: i64,
}

macro_rules! in_part {
    ($before:literal, $what:literal, $id:literal, $rest:literal) => {
        concat!(
            $before,
            " JOIN notebook_feed f ON f.id = ",
            $id,
            " AND f.what = '",
            $what,
            "' WHERE f.person_id = $1 AND f.number > $2 AND f.number <= $3 ",
            $rest
        )
    };
}

impl Part {
    async fn rows(self, tx: &mut Tx, sql: &'static str) -> Result<Vec<Row>> {
        tx.rows(sql, vals![self.of, self.after, self.to]).await
    }
}

fn by_thing(rows: Vec<Row>, of: &str) -> Result<BTreeMap<Uuid, Vec<Row>>> {
    let mut all: BTreeMap<Uuid, Vec<Row>> = BTreeMap::new();
    for row in rows {
        all.entry(row.get(of)?).or_default().push(row);
    }
    Ok(all)
}

impl Store {
    /// What changed after a number, at most [`THINGS_AT_ONCE`] things, the earliest changes first.
    pub(super) async fn changed_since(
        &self,
        me: PersonId,
        epoch: Uuid,
        since: i64,
        locked: bool,
        now: Timestamp,
    ) -> Result<Synced> {
        let mut synced = Synced {
            now: now.as_microsecond(),
            epoch,
            cursor: since,
            more: false,
            locked,
            answers: Vec::new(),
            notes: Vec::new(),
            consents: Vec::new(),
            diary: Vec::new(),
            gone: Vec::new(),
        };
        if locked {
            return Ok(synced);
        }
        let mut tx = self.db.snapshot().await?;
        let sql =
            "SELECT what, id, number FROM notebook_feed WHERE person_id = $1 AND number > $2 ORDER BY number LIMIT $3";
        let mut rows = tx.rows(sql, vals![me, since, THINGS_AT_ONCE + 1]).await?;
        let most = usize::try_from(THINGS_AT_ONCE).unwrap_or(usize::MAX);
        synced.more = rows.len() > most;
        rows.truncate(most);
        let Some(last) = rows.last() else { return Ok(synced) };
        synced.cursor = last.get("number")?;
        let part = Part { of: me, after: since, to: synced.cursor };
        let (mut notes, mut consents, mut diary) =
            (notes(&mut tx, part).await?, consents(&mut tx, part).await?, diary(&mut tx, part).await?);
        for row in &rows {
            let (what, id): (String, Uuid) = (row.get("what")?, row.get("id")?);
            let there = match what.as_str() {
                w if w == Thing::Note.as_str() => notes.remove(&id).map(|n| synced.notes.push(n)),
                w if w == Thing::Consent.as_str() => consents.remove(&id).map(|c| synced.consents.push(c)),
                _ => diary.remove(&id).map(|d| synced.diary.push(d)),
            };
            if there.is_none() {
                synced.gone.push(id);
            }
        }
        Ok(synced)
    }
}

async fn notes(tx: &mut Tx, part: Part) -> Result<BTreeMap<Uuid, NoteNow>> {
    let notes = part
        .rows(
            tx,
            in_part!(
                "SELECT n.id, n.placement_id, n.consent_id, n.happened_at FROM note n",
                "note",
                "n.id",
                "ORDER BY n.id"
            ),
        )
        .await?;
    let versions = part
        .rows(
            tx,
            in_part!(
                "SELECT v.note_id, v.id, v.kind, v.seen, v.meaning, v.place_id, v.lon, v.lat, v.happened_at, v.made_at FROM note_version v",
                "note",
                "v.note_id",
                "ORDER BY v.made_at DESC, v.id DESC"
            ),
        )
        .await?;
    let follows = part
        .rows(
            tx,
            in_part!(
                "SELECT v.note_id, w.version_id, w.follows_id FROM note_follows w JOIN note_version v ON v.id = w.version_id",
                "note",
                "v.note_id",
                "ORDER BY w.version_id, w.follows_id"
            ),
        )
        .await?;
    let files = part
        .rows(
            tx,
            in_part!(
                "SELECT m.note_id, m.id, m.mime, m.description FROM media m",
                "note",
                "m.note_id",
                "ORDER BY m.id"
            ),
        )
        .await?;
    let (mut versions, mut follows, mut files) =
        (by_thing(versions, "note_id")?, by_thing(follows, "note_id")?, by_thing(files, "note_id")?);
    let mut all = BTreeMap::new();
    for row in notes {
        let id: NoteId = row.get("id")?;
        let of = |rows: &mut BTreeMap<Uuid, Vec<Row>>| rows.remove(&id.0).unwrap_or_default();
        let linked = version::linked(&of(&mut versions), &of(&mut follows))?;
        let files = of(&mut files).iter().map(file).collect::<Result<_>>()?;
        all.insert(id.0, NoteNow { note: id.0, heads: heads(&row, &linked)?, files });
    }
    Ok(all)
}

fn file(r: &Row) -> Result<FileNow> {
    Ok(FileNow { id: r.get("id")?, mime: r.get("mime")?, text: r.get("description")? })
}

fn heads(note: &Row, all: &[Linked]) -> Result<Vec<Head>> {
    let heads = version::heads(all);
    let (id, placement, consent): (Uuid, Uuid, Option<Uuid>) =
        (note.get("id")?, note.get("placement_id")?, note.get("consent_id")?);
    let happened = note.get::<Timestamp>("happened_at")?.as_microsecond();
    let says = |l: &Linked| {
        let w = &l.wording;
        let degrees = |text: &Option<String>| text.as_ref().and_then(|t| t.parse::<f64>().ok());
        Head {
            version: w.id.0,
            says: NoteVersion {
                note: id,
                placement,
                follows: l.follows.iter().map(|v| v.0).collect(),
                sort: w.kind.as_str().to_owned(),
                seen: w.seen.clone(),
                meaning: w.meaning.clone(),
                place: w.place.map(|p| p.0),
                point: degrees(&w.lon).zip(degrees(&w.lat)),
                consent,
                happened,
            },
        }
    };
    Ok(all.iter().filter(|l| heads.contains(&l.wording.id)).map(says).collect())
}

async fn consents(tx: &mut Tx, part: Part) -> Result<BTreeMap<Uuid, ConsentNow>> {
    let rows = part
        .rows(
            tx,
            in_part!(
                "SELECT c.id, c.code, c.use_it, c.quote, c.picture, c.contact, c.language, c.withdrawn_at,
                    (SELECT p.id FROM placement p WHERE p.outing_id = c.outing_id AND p.person_id = c.recorded_by
                        ORDER BY p.created_at DESC, p.id DESC LIMIT 1) AS placement_id FROM consent c",
                "consent",
                "c.id",
                "ORDER BY c.id"
            ),
        )
        .await?;
    let mut all = BTreeMap::new();
    for r in rows {
        // One whose placement has been forgotten is nothing for a phone any more.
        let Some(placement) = r.get::<Option<Uuid>>("placement_id")? else { continue };
        let code: Code =
            r.get::<String>("code")?.parse().map_err(|_| StoreError::Corrupt("consent code".to_owned()))?;
        let given = ConsentGiven {
            consent: r.get("id")?,
            placement,
            code: code.grouped(),
            use_it: r.get("use_it")?,
            quote: r.get("quote")?,
            picture: r.get("picture")?,
            contact: r.get("contact")?,
            language: r.get("language")?,
            // Nobody else is asked.
            adult: true,
        };
        let withdrawn = r.get::<Option<Timestamp>>("withdrawn_at")?.is_some();
        all.insert(given.consent, ConsentNow { given, withdrawn });
    }
    Ok(all)
}

async fn diary(tx: &mut Tx, part: Part) -> Result<BTreeMap<Uuid, DiaryNow>> {
    let versions = part
        .rows(
            tx,
            in_part!(
                "SELECT v.entry_id, v.id, v.sealed FROM diary_version v",
                "diary",
                "v.entry_id",
                "ORDER BY v.made_at DESC, v.id DESC"
            ),
        )
        .await?;
    let follows = part
        .rows(
            tx,
            in_part!(
                "SELECT v.entry_id, w.version_id, w.follows_id FROM diary_follows w JOIN diary_version v ON v.id = w.version_id",
                "diary",
                "v.entry_id",
                "ORDER BY w.version_id, w.follows_id"
            ),
        )
        .await?;
    let (versions, mut follows) = (by_thing(versions, "entry_id")?, by_thing(follows, "entry_id")?);
    let mut all = BTreeMap::new();
    for (entry, rows) in versions {
        let mut linked: Vec<(Uuid, Vec<Uuid>)> =
            rows.iter().map(|r| Ok((r.get("id")?, Vec::new()))).collect::<Result<_>>()?;
        for row in follows.remove(&entry).unwrap_or_default() {
            let (of, before): (Uuid, Uuid) = (row.get("version_id")?, row.get("follows_id")?);
            if let Some((_, follows)) = linked.iter_mut().find(|(id, _)| *id == of) {
                follows.push(before);
            }
        }
        let mut ids = freerange_notebook::heads(&linked);
        if ids.is_empty() {
            // Said to follow each other in a circle; none is lost.
            ids = linked.iter().map(|(id, _)| *id).collect();
        }
        let mut heads = Vec::with_capacity(ids.len());
        for row in &rows {
            let id: Uuid = row.get("id")?;
            if ids.contains(&id) {
                heads.push((id, STANDARD.encode(row.get::<Vec<u8>>("sealed")?)));
            }
        }
        all.insert(entry, DiaryNow { entry, heads });
    }
    Ok(all)
}
