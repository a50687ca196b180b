//! Settings that belong to the data and not to the machine: they travel with a backup. Used by the command line;
//! promises that what was set is read back, and nothing about its meaning.

use crate::{
    Result, Store,
    db::{Ask as _, Tx, vals},
};

/// The frame in which all outlines of the map are drawn, fitted to the first level that was imported.
pub const MAP_FRAME: &str = "map-frame";

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
}

pub(crate) async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.run(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        vals![name, value],
    )
    .await?;
    Ok(())
}
