//! Who would like to be in a circle: those who said so, and only for each other. Suggested are people of other departments
//! who came back around the same time; where they were is not said.

use super::{
    AROUND_DAYS, About, Act, Actor, Ask as _, PersonId, Result, SignedDuration, Store, StoreError, Timestamp,
    came_back, department, may, vals,
};

/// Somebody who would like to be in a circle too.
#[derive(Debug, Clone)]
pub struct Seeker {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their department.
    pub department: String,
}

impl Store {
    /// Says that one would like to be in a circle, or not any more.
    pub async fn seek_circle(&self, who: &Actor, on: bool, now: Timestamp) -> Result<()> {
        may(who, Act::StartCircle, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::StartCircle))?;
        let mut tx = self.db.begin().await?;
        if on {
            let sql = "INSERT INTO circle_seeker (person_id, since) VALUES ($1, $2)
                 ON CONFLICT (person_id) DO UPDATE SET since = excluded.since";
            tx.run(sql, vals![me, now]).await?;
        } else {
            tx.run("DELETE FROM circle_seeker WHERE person_id = $1", vals![me]).await?;
        }
        tx.commit().await
    }

    /// Others who would like to be in one, for somebody who would: `None` for everybody else. They came back around the same
    /// time, from other departments, and are in no circle with the reader.
    pub async fn circle_seekers(&self, who: &Actor) -> Result<Option<Vec<Seeker>>> {
        may(who, Act::StartCircle, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::StartCircle))?;
        let sql =
            "SELECT t.path FROM circle_seeker s JOIN person w ON w.id = s.person_id JOIN team t ON t.id = w.team_id
             WHERE s.person_id = $1";
        let Some(own) = (&self.db).maybe(sql, vals![me]).await? else { return Ok(None) };
        let own: String = own.get("path")?;
        let around = SignedDuration::from_hours(24 * AROUND_DAYS);
        let around = i64::try_from(around.as_micros()).unwrap_or(i64::MAX);
        let rows = (&self.db)
            .rows(
                concat!(
                    "SELECT DISTINCT w.id, w.name, t.path FROM circle_seeker s JOIN person w ON w.id = s.person_id AND w.active
                     JOIN team t ON t.id = w.team_id
                     JOIN placement p ON p.person_id = w.id JOIN outing o ON o.id = p.outing_id
                     JOIN placement q ON q.person_id = $1 JOIN outing b ON b.id = q.outing_id
                     WHERE w.id <> $1 AND o.ends_at - b.ends_at BETWEEN $2 AND $3 AND ",
                    came_back!("p"),
                    " AND ",
                    came_back!("q"),
                    " AND NOT EXISTS (SELECT 1 FROM circle_member m JOIN circle_member n ON n.circle_id = m.circle_id
                        WHERE m.person_id = $1 AND n.person_id = w.id) ORDER BY w.name, w.id LIMIT 200"
                ),
                vals![me, -around, around],
            )
            .await?;
        let mut found = Vec::new();
        for r in &rows {
            let path: String = r.get("path")?;
            if department(&path) != department(&own) {
                let department = department(&path).to_owned();
                found.push(Seeker { person: r.get("id")?, name: r.get("name")?, department });
            }
        }
        found.truncate(20);
        Ok(Some(found))
    }
}
