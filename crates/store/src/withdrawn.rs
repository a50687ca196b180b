//! Words that a resident took back do not return. The words themselves are gone from every text; what stays is a keyed
//! hash of them and how many they are. A text that is about to be kept is looked through for runs of as many words with
//! the same hash, and refused beside the field that has one. Spelling in small or large letters, spaces and punctuation
//! make no difference; the other words do.

use std::collections::{BTreeMap, BTreeSet};

use hkdf::Hkdf;
use sha2::Sha256;

use crate::{
    Result, StoreError,
    db::{Ask as _, Tx, vals},
    secret,
};

/// The setting that holds the key of the hashes. Made at random for each database; it travels with its backups.
const KEY: &str = "withdrawn-words";

/// Fewer words stand in other texts by accident.
const FEWEST: usize = 6;

/// Of more words only the first so many count. So there are few lengths to look for, however much was taken back.
const MOST: usize = 24;

/// The words of a text, without what only writing adds.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    all.map(str::to_lowercase).collect()
}

fn hash(key: &[u8], run: &[String]) -> Result<String> {
    let mut out = [0_u8; 32];
    Hkdf::<Sha256>::new(Some(key), run.join(" ").as_bytes())
        .expand(b"freerange withdrawn words", &mut out)
        .map_err(|_| StoreError::Sealed)?;
    Ok(crate::backup::hex(&out))
}

/// The key, made when it is first needed.
async fn key(tx: &mut Tx) -> Result<String> {
    let sql = "SELECT value FROM setting WHERE name = $1";
    if let Some(row) = tx.maybe(sql, vals![KEY]).await? {
        return row.get("value");
    }
    let fresh = crate::backup::hex(&secret::random::<32>()?);
    let insert = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.run(insert, vals![KEY, fresh]).await?;
    tx.one(sql, vals![KEY]).await?.get("value")
}

/// By which key this database hashes words, so that two can find out whether they do it by the same.
pub(crate) async fn key_sum(tx: &mut Tx) -> Result<String> {
    Ok(crate::media::sum(key(tx).await?.as_bytes()))
}

/// Taking words back and keeping a text take turns, so that none slips in while its words are being erased everywhere.
pub(crate) async fn take_turn(tx: &mut Tx) -> Result<()> {
    key(tx).await?;
    tx.hold("SELECT value FROM setting WHERE name = $1 FOR NO KEY UPDATE", vals![KEY]).await
}

/// Remembers that these words were taken back.
pub(crate) async fn remember(tx: &mut Tx, taken_back: &str) -> Result<()> {
    let mut run = words(taken_back);
    run.truncate(MOST);
    if run.len() < FEWEST {
        return Ok(());
    }
    let hash = hash(key(tx).await?.as_bytes(), &run)?;
    let count = i64::try_from(run.len()).unwrap_or(i64::MAX);
    let sql = "INSERT INTO withdrawn_words (hash, words) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    tx.run(sql, vals![hash, count]).await?;
    Ok(())
}

/// Refuses a text that has words which were taken back, by the field that it is the text of.
pub(crate) async fn refuse(tx: &mut Tx, texts: &[(&'static str, &str)]) -> Result<()> {
    let key = key(tx).await?;
    tx.hold("SELECT value FROM setting WHERE name = $1 FOR SHARE", vals![KEY]).await?;
    let mut gone: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for row in tx.rows("SELECT hash, words FROM withdrawn_words", Vec::new()).await? {
        let count = usize::try_from(row.get::<i64>("words")?).unwrap_or(usize::MAX);
        gone.entry(count).or_default().insert(row.get("hash")?);
    }
    if gone.is_empty() {
        return Ok(());
    }
    for (field, text) in texts {
        let all = words(text);
        for (count, hashes) in &gone {
            for run in all.windows((*count).max(1)) {
                if hashes.contains(&hash(key.as_bytes(), run)?) {
                    return Err(StoreError::rule(field, "words-withdrawn"));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_makes_no_difference_and_words_do() {
        assert_eq!(words("“The LIFT,\n  is out-of order!”"), words("the lift is out of order"));
        assert_ne!(words("the lift is out of order"), words("the lifts are out of order"));
        assert_eq!(words("승강기가 고장났어요."), ["승강기가", "고장났어요"]);
        assert!(words("… – !").is_empty());
    }

    #[test]
    fn the_hash_depends_on_key_and_words_and_does_not_show_them() {
        let run = words("The lift is out of order");
        let (one, other) = (hash(b"one key", &run).expect("hashes"), hash(b"another key", &run).expect("hashes"));
        assert_eq!(one, hash(b"one key", &run).expect("hashes"));
        assert_ne!(one, other);
        assert_ne!(one, hash(b"one key", &run[1..]).expect("hashes"));
        assert!(one.len() == 64 && !one.contains("lift"));
    }
}
