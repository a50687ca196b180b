//! What was withdrawn, in a small file of its own: ids of notes and consents, and hashes of words, never the words. It is
//! written often and kept elsewhere; a backup that is restored with it does not bring back what was withdrawn after it was
//! made.

use freerange_domain::id::{ConsentId, NoteId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Result, Store, StoreError,
    consent::erase_note,
    db::{Ask as _, Tx, vals},
    withdrawn,
};

/// What was withdrawn until now.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawals {
    /// Always `freerange`.
    withdrawals: String,
    /// When it was written, as in `2026-11-24T09:30:00Z`.
    made_at: String,
    /// Notes that are no more, and what sort each was.
    notes: Vec<(Uuid, String)>,
    /// Consents that were taken back, and when, in microseconds since 1970.
    consents: Vec<(Uuid, i64)>,
    /// By which key the words were hashed, itself hashed. Words count only where it is the same.
    words_key: String,
    /// Words that do not return: their hash and how many they are.
    words: Vec<(String, i64)>,
}

impl Withdrawals {
    /// Reads the file.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let bad =
            || StoreError::BadBackup("it is no list of withdrawals; `freerange withdrawals` writes one".to_owned());
        let read: Self = serde_json::from_slice(bytes).map_err(|_| bad())?;
        if read.withdrawals == "freerange" { Ok(read) } else { Err(bad()) }
    }

    /// The file, as text.
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| StoreError::Corrupt(e.to_string()))
    }

    /// How many notes and consents.
    pub const fn counts(&self) -> (usize, usize) {
        (self.notes.len(), self.consents.len())
    }

    /// Withdraws again, in a database that was just restored.
    pub(super) async fn apply(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        for (consent, at) in &self.consents {
            let consent = ConsentId(*consent);
            let sql = "UPDATE consent SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL";
            tx.run(sql, vals![consent, *at]).await?;
            // A note that was written on it and erased is named by itself; this is for one that nobody named.
            for row in tx.rows("SELECT id FROM note WHERE consent_id = $1", vals![consent]).await? {
                erase_note(tx, row.get("id")?, now).await?;
            }
        }
        for (note, what) in &self.notes {
            let note = NoteId(*note);
            if tx.maybe("SELECT id FROM note WHERE id = $1", vals![note]).await?.is_some() {
                erase_note(tx, note, now).await?;
            }
            // Written and taken back after the backup: a telephone that sends it again does not bring it back.
            let sql = "INSERT INTO tombstone (id, what, withdrawn_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
            tx.run(sql, vals![note, what.as_str(), now]).await?;
        }
        if withdrawn::key_sum(tx).await? == self.words_key {
            for (hash, words) in &self.words {
                let sql = "INSERT INTO withdrawn_words (hash, words) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
                tx.run(sql, vals![hash.as_str(), *words]).await?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Everything that was withdrawn until now.
    pub async fn withdrawals(&self, now: Timestamp) -> Result<Withdrawals> {
        let mut tx = self.db.begin().await?;
        let words_key = withdrawn::key_sum(&mut tx).await?;
        let notes = tx.rows("SELECT id, what FROM tombstone ORDER BY id", Vec::new()).await?;
        let consents = "SELECT id, withdrawn_at FROM consent WHERE withdrawn_at IS NOT NULL ORDER BY id";
        let consents = tx.rows(consents, Vec::new()).await?;
        let words = tx.rows("SELECT hash, words FROM withdrawn_words ORDER BY hash", Vec::new()).await?;
        tx.commit().await?;
        Ok(Withdrawals {
            withdrawals: "freerange".to_owned(),
            made_at: now.to_string(),
            notes: notes.iter().map(|r| Ok((r.get("id")?, r.get("what")?))).collect::<Result<_>>()?,
            consents: consents.iter().map(|r| Ok((r.get("id")?, r.get("withdrawn_at")?))).collect::<Result<_>>()?,
            words_key,
            words: words.iter().map(|r| Ok((r.get("hash")?, r.get("words")?))).collect::<Result<_>>()?,
        })
    }
}
