//! Places: the city, its districts and neighbourhoods, with their boundaries as they are drawn.

use std::collections::HashMap;

use freerange_domain::{id::PlaceId, place::Level};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    may,
    people::Imported,
    setting::{self, MAP_FRAME},
};

/// A place with its outline for drawing.
#[derive(Debug, Clone)]
pub struct Place {
    /// Which.
    pub id: PlaceId,
    /// How large.
    pub level: Level,
    /// Name in Latin script.
    pub name: String,
    /// Name as people there write it.
    pub name_local: String,
    /// What it lies in.
    pub parent: Option<PlaceId>,
    /// SVG path in the city's frame, 1000 wide.
    pub svg: String,
}

/// A place of a boundary file, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// The city's own code, unique within the level.
    pub code: String,
    /// Name in Latin script.
    pub name: String,
    /// Name as people there write it; the same as `name` when there is only one.
    pub name_local: String,
    /// Code of what it lies in.
    pub parent_code: Option<String>,
    /// The boundary as JSON: polygons of rings of `[lon, lat]`.
    pub shape: String,
    /// The same as SVG path.
    pub svg: String,
}

impl PlaceRow {
    /// The same name and outline; what it lies in is compared by id.
    fn looks_like(&self, other: &Self) -> bool {
        (&self.name, &self.name_local, &self.shape, &self.svg)
            == (&other.name, &other.name_local, &other.shape, &other.svg)
    }
}

impl Store {
    /// Brings the places of one or more levels in step with a file, the larger first. Places no longer in it are kept
    /// but not offered. The frame in which they are drawn is kept with them, so that a file that is refused leaves none.
    pub async fn import_places(
        &self,
        who: &Actor,
        frame: &str,
        levels: &[(Level, Vec<PlaceRow>)],
        now: Timestamp,
    ) -> Result<Vec<Imported>> {
        may(who, Act::Import, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let mut outcomes = Vec::new();
        for (level, rows) in levels {
            let outcome = bring_in_step(&mut tx, *level, rows).await?;
            audit::record(&mut tx, who, Act::Import, &outcome.told("places"), now).await?;
            outcomes.push(outcome);
        }
        setting::put(&mut tx, MAP_FRAME, frame).await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    /// All active places of a level, by name. Maps and choices are made of them; they are no secret.
    pub async fn places(&self, level: Level) -> Result<Vec<Place>> {
        (&self.db)
            .rows(
                "SELECT id, level, name, name_local, parent_id, svg FROM place WHERE level = $1 AND active ORDER BY name, id",
                vals![level],
            )
            .await?
            .iter()
            .map(|r| {
                Ok(Place {
                    id: r.get("id")?,
                    level: r.get("level")?,
                    name: r.get("name")?,
                    name_local: r.get("name_local")?,
                    parent: r.get("parent_id")?,
                    svg: r.get("svg")?,
                })
            })
            .collect()
    }
}

/// Brings one level in step; what its places lie in is looked for in the level above.
async fn bring_in_step(tx: &mut Tx, level: Level, rows: &[PlaceRow]) -> Result<Imported> {
    let mut parents: HashMap<String, PlaceId> = HashMap::new();
    if let Some(above) = level.parent() {
        for row in tx.rows("SELECT id, code FROM place WHERE level = $1 AND active", vals![above]).await? {
            parents.insert(row.get("code")?, row.get("id")?);
        }
    }
    let mut known: HashMap<String, (PlaceId, PlaceRow, Option<PlaceId>, bool)> = HashMap::new();
    for r in tx
        .rows(
            "SELECT id, code, name, name_local, parent_id, shape, svg, active FROM place WHERE level = $1",
            vals![level],
        )
        .await?
    {
        let code: String = r.get("code")?;
        let row = PlaceRow {
            code: code.clone(),
            name: r.get("name")?,
            name_local: r.get("name_local")?,
            parent_code: None,
            shape: r.get("shape")?,
            svg: r.get("svg")?,
        };
        known.insert(code, (r.get("id")?, row, r.get("parent_id")?, r.get("active")?));
    }
    let mut outcome = Imported::default();
    for row in rows {
        let parent = match &row.parent_code {
            Some(code) => Some(*parents.get(code).ok_or_else(|| unknown_parent(row, code))?),
            None => None,
        };
        match known.remove(&row.code) {
            None => {
                outcome.added += 1;
                tx.run(
                    "INSERT INTO place (id, code, level, name, name_local, parent_id, shape, svg, active)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE)",
                    vals![PlaceId::new(), &row.code, level, &row.name, &row.name_local, parent, &row.shape, &row.svg],
                )
                .await?;
            }
            Some((_, was, was_in, true)) if was_in == parent && was.looks_like(row) => outcome.unchanged += 1,
            Some((id, ..)) => {
                outcome.updated += 1;
                tx.run(
                    "UPDATE place SET name = $2, name_local = $3, parent_id = $4, shape = $5, svg = $6, active = TRUE WHERE id = $1",
                    vals![id, &row.name, &row.name_local, parent, &row.shape, &row.svg],
                )
                .await?;
            }
        }
    }
    for (id, ..) in known.values().filter(|k| k.3) {
        outcome.deactivated += 1;
        tx.run("UPDATE place SET active = FALSE WHERE id = $1", vals![*id]).await?;
    }
    Ok(outcome)
}

fn unknown_parent(row: &PlaceRow, parent: &str) -> StoreError {
    StoreError::UnknownParent { code: row.code.clone(), parent: parent.to_owned() }
}
