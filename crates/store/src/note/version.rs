//! Every wording of a note. A new one names those it was made from, so two phones, or a phone and a page, that changed a note
//! apart leave two wordings that nothing follows: both are shown until their author brings them together. Which they are
//! depends on what has arrived and never on the order in which it did. The note itself holds the one that is read first.

use freerange_domain::{
    id::{NoteId, PersonId, PlaceId, VersionId},
    note::Kind,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    About, Act, Actor, Result, Store,
    consent::replace_words,
    db::{Ask, Row, Tx, vals},
    may,
};

/// A note in one wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Which.
    pub id: VersionId,
    /// Seen, said or wondered.
    pub kind: Kind,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it.
    pub meaning: String,
    /// The neighbourhood.
    pub place: Option<PlaceId>,
    /// Degrees, as they are written.
    pub(crate) lon: Option<String>,
    /// Degrees, as they are written.
    pub(crate) lat: Option<String>,
    /// When it was seen or heard.
    pub happened_at: Timestamp,
    /// When it was put like this.
    pub made_at: Timestamp,
}

/// What a note says and said.
#[derive(Debug, Clone)]
pub struct Wordings {
    /// Those that nothing follows yet, the one that is read first before the others.
    pub heads: Vec<Wording>,
    /// Those before, newest first. Only the author sees them.
    pub earlier: Vec<Wording>,
}

/// A wording and those it was made from.
#[derive(Debug, Clone)]
pub(crate) struct Linked {
    pub(crate) wording: Wording,
    pub(crate) follows: Vec<VersionId>,
}

/// A point as it is written: five digits, a metre.
pub(crate) fn point(degrees: Option<(f64, f64)>) -> (Option<String>, Option<String>) {
    degrees.map_or((None, None), |(x, y)| (Some(format!("{x:.5}")), Some(format!("{y:.5}"))))
}

pub(crate) fn read(r: &Row) -> Result<Wording> {
    Ok(Wording {
        id: r.get("id")?,
        kind: r.get("kind")?,
        seen: r.get("seen")?,
        meaning: r.get("meaning")?,
        place: r.get("place_id")?,
        lon: r.get("lon")?,
        lat: r.get("lat")?,
        happened_at: r.get("happened_at")?,
        made_at: r.get("made_at")?,
    })
}

/// The first wording of a note that was just written on a page, under the note's own id.
pub(crate) async fn first(tx: &mut Tx, note: NoteId) -> Result<()> {
    tx.run(
        "INSERT INTO note_version (id, note_id, kind, seen, meaning, place_id, lon, lat, happened_at, made_at)
         SELECT id, id, kind, seen, meaning, place_id, lon, lat, happened_at, created_at FROM note WHERE id = $1",
        vals![note],
    )
    .await?;
    Ok(())
}

/// Adds a wording.
pub(crate) async fn add(tx: &mut Tx, note: NoteId, w: &Wording, follows: &[VersionId]) -> Result<()> {
    tx.run(
        "INSERT INTO note_version (id, note_id, kind, seen, meaning, place_id, lon, lat, happened_at, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![w.id, note, w.kind, &w.seen, &w.meaning, w.place, w.lon.clone(), w.lat.clone(), w.happened_at, w.made_at],
    )
    .await?;
    for before in follows.iter().filter(|before| **before != w.id) {
        let sql = "INSERT INTO note_follows (version_id, follows_id) VALUES ($1, $2) ON CONFLICT (version_id, follows_id) DO NOTHING";
        tx.run(sql, vals![w.id, *before]).await?;
    }
    Ok(())
}

/// All wordings of a note, the newest first.
pub(crate) async fn all(ask: &mut impl Ask, note: NoteId) -> Result<Vec<Linked>> {
    let follows = ask
        .rows(
            "SELECT f.version_id, f.follows_id FROM note_follows f JOIN note_version v ON v.id = f.version_id
             WHERE v.note_id = $1 ORDER BY f.version_id, f.follows_id",
            vals![note],
        )
        .await?;
    let versions = ask
        .rows(
            "SELECT id, kind, seen, meaning, place_id, lon, lat, happened_at, made_at FROM note_version WHERE note_id = $1
             ORDER BY made_at DESC, id DESC",
            vals![note],
        )
        .await?;
    linked(&versions, &follows)
}

/// Puts wordings together with what they follow.
pub(crate) fn linked(versions: &[Row], follows: &[Row]) -> Result<Vec<Linked>> {
    let mut all = Vec::with_capacity(versions.len());
    for row in versions {
        all.push(Linked { wording: read(row)?, follows: Vec::new() });
    }
    for row in follows {
        let (of, before): (VersionId, VersionId) = (row.get("version_id")?, row.get("follows_id")?);
        if let Some(linked) = all.iter_mut().find(|l| l.wording.id == of) {
            linked.follows.push(before);
        }
    }
    Ok(all)
}

/// Those that nothing follows yet, the one that is read first before the others. Wordings that were said to follow each other
/// in a circle have none; the newest then stands for them.
pub(crate) fn heads(newest_first: &[Linked]) -> Vec<VersionId> {
    let pairs: Vec<(VersionId, Vec<VersionId>)> =
        newest_first.iter().map(|l| (l.wording.id, l.follows.clone())).collect();
    let heads = freerange_notebook::heads(&pairs);
    if heads.is_empty() { pairs.first().map(|(id, _)| *id).into_iter().collect() } else { heads }
}

/// The one that is read first: the newest of those that nothing follows.
pub(crate) fn current(newest_first: &[Linked]) -> Option<&Linked> {
    let first = heads(newest_first).first().copied()?;
    newest_first.iter().find(|l| l.wording.id == first)
}

/// When a note happened: as its first wordings say. An edit does not move it.
fn happened(all: &[Linked]) -> Option<Timestamp> {
    let of = |l: &Linked| l.wording.happened_at;
    all.iter().filter(|l| l.follows.is_empty()).map(of).min().or_else(|| all.iter().map(of).min())
}

/// Lets the note say what is read first now. Words that rested on a consent are taken out wherever they were quoted, because
/// nobody would find them there any more when the consent is taken back.
pub(crate) async fn settle(tx: &mut Tx, note: NoteId, rested_on_consent: bool, now: Timestamp) -> Result<()> {
    let all = all(tx, note).await?;
    let Some((current, happened)) = current(&all).zip(happened(&all)) else { return Ok(()) };
    let was: String = tx.one("SELECT seen FROM note WHERE id = $1", vals![note]).await?.get("seen")?;
    let w = &current.wording;
    // First, so that the note's own new words are not touched.
    if was != w.seen && rested_on_consent {
        replace_words(tx, note, &was, now).await?;
    }
    let edited = (all.len() > 1).then_some(w.made_at);
    tx.run(
        "UPDATE note SET kind = $2, seen = $3, meaning = $4, place_id = $5, lon = $6, lat = $7, happened_at = $8, edited_at = $9
         WHERE id = $1",
        vals![note, w.kind, &w.seen, &w.meaning, w.place, w.lon.clone(), w.lat.clone(), happened, edited],
    )
    .await?;
    // Whoever reads a practice by its feed must notice that the words in it are others.
    tx.run(
        "UPDATE practice SET updated_at = $2 WHERE id IN (SELECT practice_id FROM practice_quote WHERE note_id = $1)",
        vals![note, now],
    )
    .await?;
    Ok(())
}

/// Whose note has a wording under this id, and which note, if there is one.
pub(crate) async fn whose(tx: &mut Tx, id: Uuid) -> Result<Option<(NoteId, PersonId)>> {
    let sql = "SELECT n.id, n.author_id FROM note_version v JOIN note n ON n.id = v.note_id WHERE v.id = $1";
    let row = tx.maybe(sql, vals![id]).await?;
    row.map(|r| Ok((r.get("id")?, r.get("author_id")?))).transpose()
}

impl Store {
    /// What a note says, in every wording that stands beside another, and to its author what it said before.
    pub async fn wordings(&self, who: &Actor, note: NoteId) -> Result<Wordings> {
        may(who, Act::SeeNotes, &About::nothing())?;
        let mut db = &self.db;
        let author: PersonId =
            db.one("SELECT author_id FROM note WHERE id = $1", vals![note]).await?.get("author_id")?;
        let own = may(who, Act::EditNote, &About::person(author)).is_ok();
        let all = all(&mut db, note).await?;
        let heads = heads(&all);
        let (current, earlier): (Vec<Linked>, Vec<Linked>) =
            all.into_iter().partition(|l| heads.contains(&l.wording.id));
        let plain = |linked: Vec<Linked>| linked.into_iter().map(|l| l.wording).collect();
        Ok(Wordings { heads: plain(current), earlier: if own { plain(earlier) } else { Vec::new() } })
    }
}
