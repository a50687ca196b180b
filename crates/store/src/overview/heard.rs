//! What was heard: for each challenge some of the actual words, and on how many outings and places they rest. Only
//! words that may be shown: those whose consent allows quoting, and what was seen where nobody is spoken of.

use std::collections::BTreeSet;

use freerange_domain::{
    id::{ChallengeId, NoteId, OutingId},
    note::Kind,
};
use jiff::Timestamp;

use crate::{
    Result, Store,
    db::{Ask as _, vals},
};

/// What was seen or said.
#[derive(Debug, Clone)]
pub struct Words {
    /// The note.
    pub note: NoteId,
    /// Seen or said.
    pub kind: Kind,
    /// The words.
    pub text: String,
    /// Where.
    pub place: Option<String>,
}

/// A challenge and what was heard about it.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Which.
    pub challenge: ChallengeId,
    /// In a few words.
    pub title: String,
    /// Notes.
    pub notes: i64,
    /// Outings they come from, independent of each other.
    pub outings: i64,
    /// Neighbourhoods they come from.
    pub places: i64,
    /// Some of the words, each from another outing as far as there are several.
    pub words: Vec<Words>,
}

/// Challenges of which is told.
const CHALLENGES: i64 = 8;
/// Words of each.
const WORDS: usize = 3;

impl Store {
    pub(super) async fn heard(&self, since: Timestamp) -> Result<Vec<Heard>> {
        let rows = (&self.db)
            .rows(
                "SELECT c.id, c.title, COUNT(n.id) AS notes, COUNT(DISTINCT n.outing_id) AS outings, COUNT(DISTINCT n.place_id) AS places
                 FROM challenge c JOIN note n ON n.challenge_id = c.id WHERE n.created_at >= $1
                 GROUP BY c.id, c.title ORDER BY notes DESC, c.title, c.id LIMIT $2",
                vals![since, CHALLENGES],
            )
            .await?;
        let mut heard = Vec::with_capacity(rows.len());
        for r in &rows {
            let challenge = r.get("id")?;
            heard.push(Heard {
                challenge,
                title: r.get("title")?,
                notes: r.get("notes")?,
                outings: r.get("outings")?,
                places: r.get("places")?,
                words: self.words(challenge, since).await?,
            });
        }
        Ok(heard)
    }

    async fn words(&self, challenge: ChallengeId, since: Timestamp) -> Result<Vec<Words>> {
        let rows = (&self.db)
            .rows(
                "SELECT n.id, n.kind, n.seen, n.outing_id, pl.name AS place FROM note n
                 LEFT JOIN consent k ON k.id = n.consent_id LEFT JOIN place pl ON pl.id = n.place_id
                 WHERE n.challenge_id = $1 AND n.created_at >= $2
                   AND ((k.quote AND k.withdrawn_at IS NULL) OR (n.consent_id IS NULL AND n.kind = 'saw'))
                 ORDER BY CASE n.kind WHEN 'said' THEN 0 ELSE 1 END, n.created_at DESC, n.id LIMIT 40",
                vals![challenge, since],
            )
            .await?;
        let mut outings: BTreeSet<OutingId> = BTreeSet::new();
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for r in &rows {
            let words =
                Words { note: r.get("id")?, kind: r.get("kind")?, text: r.get("seen")?, place: r.get("place")? };
            if !texts.insert(words.text.clone()) {
                continue;
            }
            if outings.insert(r.get("outing_id")?) { first.push(words) } else { again.push(words) }
        }
        first.extend(again);
        first.truncate(WORDS);
        Ok(first)
    }
}
