//! Settings that belong to the data and not to the machine: they travel with a backup. Used by the command line;
//! promises that what was set is read back, and nothing about its meaning.

use jiff::Timestamp;

use crate::{
    Result, Store,
    db::{Ask as _, Tx, vals},
};

/// The frame in which all outlines of the map are drawn, fitted to the first level that was imported.
pub const MAP_FRAME: &str = "map-frame";
/// When what was kept long enough was last deleted.
pub(crate) const SWEPT: &str = "swept-at";
/// When the last backup was made.
pub(crate) const BACKED_UP: &str = "backed-up-at";

impl Store {
    /// Reads a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        (&self.db)
            .maybe("SELECT value FROM setting WHERE name = $1", vals![name])
            .await?
            .map(|r| r.get("value"))
            .transpose()
    }

    /// Sets a setting, new or again.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        put(&mut tx, name, value).await?;
        tx.commit().await
    }

    /// A moment that was set.
    pub(crate) async fn when(&self, name: &str) -> Result<Option<Timestamp>> {
        Ok(self.setting(name).await?.and_then(|at| at.parse().ok()))
    }

    /// Remembers that a backup was made, so that an administrator sees when there is none.
    pub async fn note_backup(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        put_when(&mut tx, BACKED_UP, now).await?;
        tx.commit().await
    }
}

/// Sets a moment, in a house where people work; an empty one stays empty, so that a backup can be restored into it.
pub(crate) async fn put_when(tx: &mut Tx, name: &str, now: Timestamp) -> Result<()> {
    if tx.maybe("SELECT id FROM person LIMIT 1", Vec::new()).await?.is_some() {
        put(tx, name, &now.to_string()).await?;
    }
    Ok(())
}

pub(crate) async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.run(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        vals![name, value],
    )
    .await?;
    Ok(())
}
