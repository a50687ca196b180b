//! What a phone takes along: its person's placements that are agreed and not over, and whom they can name as the one who asks.

use freerange_domain::{
    id::{PersonId, PlaceId},
    notebook::packed,
    outing::{Kind, Photos},
    placement::Stage,
};
use freerange_notebook::{Colleague, Companion, PackedOuting};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask as _, Row, vals},
    may,
};

/// The part of the pack that the store knows.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The line of the data.
    pub epoch: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The next one first.
    pub outings: Vec<PackedOuting>,
    /// Of the same team, and the manager, by name.
    pub colleagues: Vec<Colleague>,
}

/// A neighbourhood's boundary as it was read.
#[derive(Debug, Clone)]
pub struct PackedShape {
    /// Which.
    pub id: PlaceId,
    /// Its name.
    pub name: String,
    /// Polygons of rings of longitude and latitude.
    pub polygons: Vec<Vec<Vec<(f64, f64)>>>,
}

fn outing(r: &Row) -> Result<PackedOuting> {
    let stage: Stage = r.get("stage")?;
    let us = |at: Timestamp| at.as_microsecond();
    let notes_allowed: bool = r.get("notes_allowed")?;
    let host: String = r.get("host_name")?;
    let mut people = vec![Companion { name: r.get("organiser")?, role: "organiser".to_owned() }];
    if !host.is_empty() {
        people.push(Companion { name: host, role: "host".to_owned() });
    }
    Ok(PackedOuting {
        placement: r.get("id")?,
        outing: r.get("outing_id")?,
        kind: r.get::<Kind>("kind")?.as_str().to_owned(),
        title: r.get("title")?,
        stage: stage.as_str().to_owned(),
        may_write: matches!(stage, Stage::Out | Stage::Debriefing | Stage::Embedding),
        starts: us(r.get("starts_at")?),
        ends: us(r.get("ends_at")?),
        place: r.get("place_id")?,
        place_name: r.get("place")?,
        meeting_point: r.get("meeting_point")?,
        plan: r.get("description")?,
        safety_plan: r.get("safety_plan")?,
        people,
        told: r.get("told_back")?,
        photos: r.get::<Photos>("photos")?.as_str().to_owned(),
        notes_allowed,
        reflect_by: r.get::<Option<Timestamp>>("reflection_at")?.map(us),
    })
}

impl Store {
    /// What one's phone takes along.
    pub async fn pack(&self, who: &Actor, now: Timestamp) -> Result<Packed> {
        let me = who.staff().ok_or(StoreError::Refused(Act::KeepNotebook))?;
        may(who, Act::KeepNotebook, &About::person(me.id))?;
        let epoch = self.epoch(now).await?;
        let mut db = &self.db;
        let rows = db
            .rows(
                "SELECT p.id, p.outing_id, p.stage, p.reflection_at, o.kind, o.title, o.starts_at, o.ends_at, o.place_id, pl.name AS place,
                    o.meeting_point, o.description, o.safety_plan, o.host_name, w.name AS organiser, o.told_back, o.photos, o.notes_allowed
                 FROM placement p JOIN outing o ON o.id = p.outing_id JOIN person w ON w.id = o.organiser_id
                 LEFT JOIN place pl ON pl.id = o.place_id WHERE p.person_id = $1 AND p.stage <> 'closed' ORDER BY o.starts_at, p.id",
                vals![me.id],
            )
            .await?;
        let mut outings = Vec::new();
        for r in &rows {
            if packed(r.get("stage")?) {
                outings.push(outing(r)?);
            }
        }
        let colleagues = db
            .rows(
                "SELECT c.id, c.name FROM person c JOIN person p ON p.id = $1 WHERE c.active AND c.id <> p.id
                    AND (c.team_id = p.team_id OR c.id = p.manager_id) ORDER BY c.name, c.id LIMIT 500",
                vals![me.id],
            )
            .await?
            .iter()
            .map(|r| Ok(Colleague { id: r.get("id")?, name: r.get("name")? }))
            .collect::<Result<_>>()?;
        Ok(Packed { epoch, person: me.id, name: me.name.clone(), outings, colleagues })
    }

    /// The line of the data, made when it is first asked for.
    async fn epoch(&self, now: Timestamp) -> Result<Uuid> {
        let sql = "SELECT id FROM notebook_epoch WHERE one = 1";
        if let Some(row) = (&self.db).maybe(sql, Vec::new()).await? {
            return row.get("id");
        }
        let mut tx = self.db.begin().await?;
        let fresh = "INSERT INTO notebook_epoch (one, id, made_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING";
        tx.run(fresh, vals![Uuid::now_v7(), now]).await?;
        let id = tx.one(sql, Vec::new()).await?.get("id")?;
        tx.commit().await?;
        Ok(id)
    }

    /// The boundaries of all neighbourhoods, by name.
    pub async fn neighbourhood_shapes(&self, who: &Actor) -> Result<Vec<PackedShape>> {
        let me = who.person().ok_or(StoreError::Refused(Act::KeepNotebook))?;
        may(who, Act::KeepNotebook, &About::person(me))?;
        let rows = (&self.db)
            .rows(
                "SELECT id, name, shape FROM place WHERE level = 'neighbourhood' AND active ORDER BY name, id",
                Vec::new(),
            )
            .await?;
        let read = |r: &Row| {
            let polygons =
                serde_json::from_str(&r.get::<String>("shape")?).map_err(|e| StoreError::Corrupt(e.to_string()))?;
            Ok(PackedShape { id: r.get("id")?, name: r.get("name")?, polygons })
        };
        rows.iter().map(read).collect()
    }
}
