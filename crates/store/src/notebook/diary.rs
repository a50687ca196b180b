//! The diary, as it is sealed on the phone. What it says is not for here: that it is long enough to be sealed and short enough
//! to be kept is all that is looked at.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use freerange_domain::id::PersonId;
use freerange_notebook::{DiaryVersion, SEALED_BYTES};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Became,
    feed::{self, Thing},
};
use crate::{
    Result, StoreError,
    db::{Ask as _, Tx, vals},
};

/// A nonce and a tag, at the least.
const SHORTEST: usize = 12 + 16;
/// The most versions that one is made from.
const FOLLOWS: usize = 20;

/// Whose entry this is and whether it was taken away.
async fn entry(tx: &mut Tx, me: PersonId, id: Uuid) -> Result<Option<bool>> {
    let row = tx.maybe("SELECT person_id, gone_at FROM diary_entry WHERE id = $1", vals![id]).await?;
    let Some(r) = row else { return Ok(None) };
    if r.get::<PersonId>("person_id")? != me {
        return Err(StoreError::NotFound);
    }
    Ok(Some(r.get::<Option<Timestamp>>("gone_at")?.is_some()))
}

pub(super) async fn keep(tx: &mut Tx, me: PersonId, id: Uuid, says: &DiaryVersion, at: Timestamp) -> Result<Became> {
    let sealed = STANDARD.decode(&says.sealed).map_err(|_| StoreError::rule("sealed", "not-sealed"))?;
    if sealed.len() < SHORTEST {
        return Err(StoreError::rule("sealed", "not-sealed"));
    }
    if sealed.len() > SEALED_BYTES || says.follows.len() > FOLLOWS {
        return Err(StoreError::rule("sealed", "diary-too-long"));
    }
    let there = entry(tx, me, says.entry).await?;
    if there == Some(true) {
        return Err(StoreError::rule("entry", "note-taken-back"));
    }
    if let Some(r) = tx.maybe("SELECT entry_id, sealed FROM diary_version WHERE id = $1", vals![id]).await? {
        let of: Uuid = r.get("entry_id")?;
        entry(tx, me, of).await?;
        let same = of == says.entry && r.get::<Vec<u8>>("sealed")? == sealed;
        return if same { Ok(Became::Known) } else { Err(StoreError::rule("id", "other-content")) };
    }
    if there.is_none() {
        let new = "INSERT INTO diary_entry (id, person_id, created_at) VALUES ($1, $2, $3)";
        tx.run(new, vals![says.entry, me, at]).await?;
    }
    let new = "INSERT INTO diary_version (id, entry_id, sealed, made_at) VALUES ($1, $2, $3, $4)";
    tx.run(new, vals![id, says.entry, sealed, at]).await?;
    for before in says.follows.iter().filter(|before| **before != id) {
        let sql = "INSERT INTO diary_follows (version_id, follows_id) VALUES ($1, $2) ON CONFLICT (version_id, follows_id) DO NOTHING";
        tx.run(sql, vals![id, *before]).await?;
    }
    feed::touch(tx, me, Thing::Diary, says.entry).await?;
    Ok(Became::Kept)
}

/// Takes an entry away, with all its versions. Its id stays, so that it does not come after its removal.
pub(super) async fn take_away(tx: &mut Tx, me: PersonId, id: Uuid, now: Timestamp) -> Result<Became> {
    match entry(tx, me, id).await? {
        Some(true) => return Ok(Became::Known),
        Some(false) => {
            for sql in [
                "DELETE FROM diary_follows WHERE version_id IN (SELECT v.id FROM diary_version v WHERE v.entry_id = $1)",
                "DELETE FROM diary_version WHERE entry_id = $1",
            ] {
                tx.run(sql, vals![id]).await?;
            }
            tx.run("UPDATE diary_entry SET gone_at = $2 WHERE id = $1", vals![id, now]).await?;
        }
        None => {
            let gone = "INSERT INTO diary_entry (id, person_id, created_at, gone_at) VALUES ($1, $2, $3, $3)";
            tx.run(gone, vals![id, me, now]).await?;
        }
    }
    feed::touch(tx, me, Thing::Diary, id).await?;
    Ok(Became::Kept)
}
