//! Who has been there, as far as it may be said; whom to ask, and what they shared, where they chose to.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{OutingId, PlacementId},
    overview::Been,
};

use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, vals},
    may,
    people::department,
    placement::came_back,
    reflection::Shared,
};

/// The outings of the same host in the same neighbourhood as that of `$1`, as `y`; what follows says what is joined to
/// them and looked for.
macro_rules! same_host {
    ($columns:literal, $($rest:tt)+) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM outing o JOIN outing y ON y.host_name = o.host_name
                AND (y.place_id = o.place_id OR (y.place_id IS NULL AND o.place_id IS NULL))
             JOIN placement x ON x.outing_id = y.id JOIN person w ON w.id = x.person_id ",
            $($rest)+
        )
    };
}

/// Whom to ask and what to read before going.
#[derive(Debug, Clone, Default)]
pub struct Voices {
    /// Colleagues who have been there and said: you may ask me about it.
    pub askable: Vec<String>,
    /// What they shared of their thinking.
    pub shared: Vec<Shared>,
}

impl Store {
    /// People who came back from outings of the same host in the same neighbourhood, each once.
    pub(super) async fn been(&self, id: OutingId) -> Result<Been> {
        let rows = (&self.db)
            .rows(
                same_host!(
                    "t.path, COUNT(DISTINCT x.person_id) AS people",
                    "JOIN team t ON t.id = w.team_id WHERE o.id = $1 AND o.host_name <> '' AND ",
                    came_back!("x"),
                    " GROUP BY t.path"
                ),
                vals![id],
            )
            .await?;
        let mut by_department: BTreeMap<String, i64> = BTreeMap::new();
        for r in &rows {
            let path: String = r.get("path")?;
            *by_department.entry(department(&path).to_owned()).or_default() += r.get::<i64>("people")?;
        }
        Ok(Been::of(&by_department))
    }

    /// Colleagues who may be asked about a host, and what was shared about it. Both by their own act.
    pub async fn voices(&self, who: &Actor, id: OutingId) -> Result<Voices> {
        may(who, Act::SeeSharedReflection, &About::nothing())?;
        let askable = (&self.db)
            .rows(
                same_host!(
                    "DISTINCT w.name",
                    "WHERE o.id = $1 AND o.host_name <> '' AND x.askable AND w.active AND ",
                    came_back!("x"),
                    " ORDER BY w.name LIMIT 20"
                ),
                vals![id],
            )
            .await?
            .iter()
            .map(|r| r.get("name"))
            .collect::<Result<_>>()?;
        let shared = (&self.db)
            .rows(
                same_host!(
                    "w.name, y.title, r.kind, r.day, r.shared, r.shared_at",
                    "JOIN reflection r ON r.placement_id = x.id
                     WHERE o.id = $1 AND o.host_name <> '' AND r.shared IS NOT NULL ORDER BY r.shared_at DESC, r.id LIMIT 20"
                ),
                vals![id],
            )
            .await?
            .iter()
            .map(Shared::read)
            .collect::<Result<_>>()?;
        Ok(Voices { askable, shared })
    }

    /// Whether colleagues may ask about one's own outing.
    pub async fn is_askable(&self, who: &Actor, id: PlacementId) -> Result<bool> {
        let row = (&self.db).one("SELECT person_id, askable FROM placement WHERE id = $1", vals![id]).await?;
        may(who, Act::MovePlacement, &About::person(row.get("person_id")?))?;
        row.get("askable")
    }

    /// Says that colleagues may ask about one's own outing, or no longer.
    pub async fn let_ask(&self, who: &Actor, id: PlacementId, askable: bool) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT person_id FROM placement WHERE id = $1", vals![id]).await?;
        may(who, Act::MovePlacement, &About::person(row.get("person_id")?))?;
        tx.run("UPDATE placement SET askable = $2 WHERE id = $1", vals![id, askable]).await?;
        tx.commit().await
    }
}
