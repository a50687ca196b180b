//! What a person's phones have not heard of yet. Each thing of theirs stands in it once, under the number of its last change.
//! Numbers have no gaps and become visible in their order: whoever takes the next one holds the count until the end of the
//! transaction. So a phone that names the last number it has stored misses nothing.

use freerange_domain::id::PersonId;
use uuid::Uuid;

use crate::{
    Result,
    db::{Tx, vals},
};

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Note,
    Consent,
    Diary,
}

impl Thing {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Consent => "consent",
            Self::Diary => "diary",
        }
    }
}

/// Those who change things of one person take turns, in the order: consents, withdrawn words, this, the thing itself.
pub(crate) async fn take_turn(tx: &mut Tx, person: PersonId) -> Result<()> {
    let sql = "INSERT INTO notebook (person_id, last) VALUES ($1, 0) ON CONFLICT (person_id) DO NOTHING";
    tx.run(sql, vals![person]).await?;
    tx.hold("SELECT last FROM notebook WHERE person_id = $1 FOR NO KEY UPDATE", vals![person]).await
}

/// A thing of theirs changed, came or went. Of a note the board of its challenge hears too.
pub(crate) async fn touch(tx: &mut Tx, person: PersonId, what: Thing, id: Uuid) -> Result<()> {
    tx.run(
        "INSERT INTO notebook (person_id, last) VALUES ($1, 1) ON CONFLICT (person_id) DO UPDATE SET last = notebook.last + 1",
        vals![person],
    )
    .await?;
    tx.run(
        "INSERT INTO notebook_feed (person_id, what, id, number) SELECT b.person_id, $2, $3, b.last FROM notebook b WHERE b.person_id = $1
         ON CONFLICT (person_id, what, id) DO UPDATE SET number = excluded.number",
        vals![person, what.as_str(), id],
    )
    .await?;
    if what == Thing::Note {
        crate::insight::feed::note(tx, id).await?;
    }
    Ok(())
}

/// What was written without its wordings and without phones hearing of it: a demo's past, a backup from before there were
/// phones. The eighth migration does the same.
const CATCH_UP: &[&str] = &[
    "INSERT INTO note_version (id, note_id, kind, seen, meaning, place_id, lon, lat, happened_at, made_at)
     SELECT n.id, n.id, n.kind, n.seen, n.meaning, n.place_id, n.lon, n.lat, n.happened_at, COALESCE(n.edited_at, n.created_at) FROM note n
     WHERE NOT EXISTS (SELECT 1 FROM note_version v WHERE v.note_id = n.id)",
    "INSERT INTO notebook (person_id, last) SELECT p.id, 0 FROM person p WHERE EXISTS (SELECT 1 FROM note n WHERE n.author_id = p.id)
        OR EXISTS (SELECT 1 FROM consent c WHERE c.recorded_by = p.id) ON CONFLICT (person_id) DO NOTHING",
    "INSERT INTO notebook_feed (person_id, what, id, number)
     SELECT w.person_id, w.what, w.id, b.last + ROW_NUMBER() OVER (PARTITION BY w.person_id ORDER BY w.at, w.what, w.id) FROM (
        SELECT author_id AS person_id, 'note' AS what, id, created_at AS at FROM note
        UNION ALL SELECT recorded_by AS person_id, 'consent' AS what, id, given_at AS at FROM consent
     ) AS w JOIN notebook b ON b.person_id = w.person_id
     WHERE NOT EXISTS (SELECT 1 FROM notebook_feed f WHERE f.person_id = w.person_id AND f.what = w.what AND f.id = w.id)",
    "UPDATE notebook SET last = (SELECT MAX(f.number) FROM notebook_feed f WHERE f.person_id = notebook.person_id)
     WHERE last < (SELECT MAX(f.number) FROM notebook_feed f WHERE f.person_id = notebook.person_id)",
];

/// See [`CATCH_UP`].
pub(crate) async fn catch_up(tx: &mut Tx) -> Result<()> {
    for sql in CATCH_UP {
        tx.run(sql, Vec::new()).await?;
    }
    Ok(())
}
