//! Who did what that matters, in the order it happened. No texts, no names: ids and acts.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    About, Act, Actor, Page, Result, Store,
    db::{Ask as _, Tx, vals},
    may,
};

/// An entry of the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who, by id or as a kind of outsider.
    pub actor: String,
    /// What, by the key of the act.
    pub act: String,
    /// To what, by kind and id.
    pub subject: String,
}

/// Writes an entry in the transaction of the act itself: both or neither.
pub(crate) async fn record(tx: &mut Tx, actor: &Actor, act: Act, subject: &str, now: Timestamp) -> Result<()> {
    tx.run(
        "INSERT INTO audit (id, at, actor, act, subject) VALUES ($1, $2, $3, $4, $5)",
        vals![Uuid::now_v7(), now, actor.trace(), act.key(), subject],
    )
    .await?;
    Ok(())
}

impl Store {
    /// The log, newest first.
    pub async fn audit_log(&self, who: &Actor, page: i64) -> Result<Page<Entry>> {
        may(who, Act::SeeAudit, &About::nothing())?;
        let (limit, offset) = Page::<Entry>::window(page);
        let rows = (&self.db)
            .rows(
                "SELECT at, actor, act, subject FROM audit ORDER BY at DESC, id LIMIT $1 OFFSET $2",
                vals![limit, offset],
            )
            .await?;
        let items = rows
            .iter()
            .map(|r| {
                Ok(Entry { at: r.get("at")?, actor: r.get("actor")?, act: r.get("act")?, subject: r.get("subject")? })
            })
            .collect::<Result<_>>()?;
        Ok(Page::cut(items, page))
    }
}
