//! The key of the diary, wrapped once for each way its owner has to open it. None of them opens here.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use freerange_domain::id::PersonId;
use freerange_notebook::{KeyKept, KeyPut, KeySort, Keys};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask as _, Row, vals},
    may,
};

/// More ways than anybody remembers.
const WAYS: i64 = 20;
/// The most bytes of a salt, a wrapped key or the name of a passkey.
const BYTES: usize = 1_024;

fn own(who: &Actor) -> Result<PersonId> {
    let me = who.person().ok_or(StoreError::Refused(Act::KeepDiary))?;
    may(who, Act::KeepDiary, &About::person(me))?;
    Ok(me)
}

fn bytes(field: &'static str, text: &str) -> Result<Vec<u8>> {
    match STANDARD.decode(text) {
        Ok(bytes) if !bytes.is_empty() && bytes.len() <= BYTES => Ok(bytes),
        _ => Err(StoreError::rule(field, "not-a-key")),
    }
}

fn read(r: &Row) -> Result<KeyKept> {
    let sort = match r.get::<String>("sort")?.as_str() {
        "passphrase" => KeySort::Passphrase,
        "passkey" => KeySort::Passkey,
        "recovery" => KeySort::Recovery,
        _ => return Err(StoreError::Corrupt("the sort of a key".to_owned())),
    };
    Ok(KeyKept {
        id: r.get("id")?,
        sort,
        salt: STANDARD.encode(r.get::<Vec<u8>>("salt")?),
        wrapped: STANDARD.encode(r.get::<Vec<u8>>("wrapped")?),
        credential: r.get::<Option<Vec<u8>>>("credential")?.map(|b| STANDARD.encode(b)),
        made: r.get::<Timestamp>("made_at")?.as_microsecond(),
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, person_id, sort, salt, wrapped, credential, made_at FROM diary_key ", $rest)
    };
}

impl Store {
    /// Every way one has to open one's diary, the oldest first.
    pub async fn diary_keys(&self, who: &Actor) -> Result<Keys> {
        let me = own(who)?;
        let rows = (&self.db).rows(select!("WHERE person_id = $1 ORDER BY made_at, id"), vals![me]).await?;
        Ok(Keys { keys: rows.iter().map(read).collect::<Result<_>>()? })
    }

    /// Keeps a way to open one's diary. The same again changes nothing; another under the same id is refused.
    pub async fn keep_diary_key(&self, who: &Actor, id: Uuid, put: &KeyPut, now: Timestamp) -> Result<()> {
        let me = own(who)?;
        let (salt, wrapped) = (bytes("salt", &put.salt)?, bytes("wrapped", &put.wrapped)?);
        let credential = put.credential.as_deref().map(|c| bytes("credential", c)).transpose()?;
        let mut tx = self.db.begin().await?;
        if tx.count("SELECT COUNT(*) FROM diary_key WHERE person_id = $1 AND id <> $2", vals![me, id]).await? >= WAYS {
            return Err(StoreError::rule("keys", "too-many-keys"));
        }
        tx.run(
            "INSERT INTO diary_key (id, person_id, sort, salt, wrapped, credential, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO NOTHING",
            vals![id, me, put.sort.as_str(), salt, wrapped, credential, now],
        )
        .await?;
        let kept = tx.one(select!("WHERE id = $1"), vals![id]).await?;
        if kept.get::<PersonId>("person_id")? != me {
            return Err(StoreError::NotFound);
        }
        let kept = read(&kept)?;
        let same = (kept.sort, &kept.salt, &kept.wrapped, &kept.credential)
            == (put.sort, &put.salt, &put.wrapped, &put.credential);
        if !same {
            return Err(StoreError::rule("id", "other-content"));
        }
        tx.commit().await
    }

    /// Takes a way to open one's diary away. What was sealed stays; whoever has no other way left cannot open it.
    pub async fn remove_diary_key(&self, who: &Actor, id: Uuid) -> Result<()> {
        let me = own(who)?;
        let mut tx = self.db.begin().await?;
        tx.run("DELETE FROM diary_key WHERE person_id = $1 AND id = $2", vals![me, id]).await?;
        tx.commit().await?;
        self.db.let_go().await;
        Ok(())
    }
}
