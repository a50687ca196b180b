//! What the mayor and everybody else here sees: where people went and where nobody has been, what was heard, what
//! changed, what was stopped, what was kept. Nothing about fewer than five people: the domain says what may be said.

use std::collections::{BTreeMap, HashMap};

use freerange_domain::{
    change::Kind,
    id::{ChangeId, PlaceId},
    overview::{Count, Load},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store,
    change::Lasting,
    db::{Ask as _, vals},
    may,
    placement::{came_back, went},
};

mod departments;
mod desk;
mod exceptions;
mod heard;

pub use departments::Department;
pub use desk::{Glance, Machine, Watch};
pub use exceptions::{CROWDED, Exceptions};
pub use heard::{Heard, Words};

/// The year in figures.
#[derive(Debug, Clone)]
pub struct Overview {
    /// How much each neighbourhood was visited; one that is missing was not.
    pub visits: HashMap<PlaceId, Load>,
    /// People who went.
    pub people_out: Count,
    /// People who work here.
    pub people: i64,
    /// Outings from which somebody came back.
    pub outings: i64,
    /// Organisations and groups that hosted.
    pub hosts: i64,
    /// Departments.
    pub departments: Vec<Department>,
    /// Challenges about which most was heard.
    pub heard: Vec<Heard>,
    /// Changes by kind, where at least five people stand behind them.
    pub changes: BTreeMap<&'static str, Count>,
    /// What was stopped: title and hours a month that became free.
    pub stopped: Vec<(ChangeId, String, i64)>,
    /// The latest changes.
    pub latest: Vec<(ChangeId, Kind, String)>,
    /// Hours a month freed by stopping.
    pub hours_freed: Count,
    /// How changes lasted.
    pub lasting: Vec<Lasting>,
    /// Visits told back, of those that had somebody to tell.
    pub told_back: (i64, i64),
    /// People for whom something changed, and for whom nothing did.
    pub endings: (Count, Count),
    /// Practices others can use.
    pub practices: i64,
}

impl Store {
    /// The overview of the time since `since`.
    pub async fn overview(&self, who: &Actor, since: Timestamp, today: Date, now: Timestamp) -> Result<Overview> {
        may(who, Act::SeeOverview, &About::nothing())?;
        let one = |sql: &'static str| async move { (&self.db).count(sql, vals![since]).await };
        let went = self.who_went(since).await?;
        let changes = self.changes_by_kind(since).await?;
        Ok(Overview {
            visits: self.visits(since).await?,
            people_out: went.people_out,
            people: went.people,
            outings: one(concat!(
                "SELECT COUNT(DISTINCT o.id) FROM placement p JOIN outing o ON o.id = p.outing_id
                 WHERE o.starts_at >= $1 AND o.kind <> 'free-range-day' AND ",
                came_back!("p")
            ))
            .await?,
            hosts: one(concat!(
                "SELECT COUNT(DISTINCT o.host_name) FROM outing o WHERE o.host_name <> '' AND o.starts_at >= $1
                 AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                came_back!("p"),
                ")"
            ))
            .await?,
            departments: went.departments,
            heard: self.heard(since).await?,
            stopped: self.stopped(since).await?,
            latest: self.latest_changes(since).await?,
            hours_freed: changes.1,
            changes: changes.0,
            lasting: self.lasting(who, today, now).await?,
            told_back: (
                one("SELECT COUNT(*) FROM outing o WHERE o.told_back IS NOT NULL AND o.starts_at >= $1 AND o.host_name <> ''").await?,
                one(concat!(
                    "SELECT COUNT(*) FROM outing o WHERE o.starts_at >= $1 AND o.host_name <> ''
                     AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                    came_back!("p"),
                    ")"
                ))
                .await?,
            ),
            endings: went.endings,
            practices: one("SELECT COUNT(*) FROM practice WHERE status = 'published' AND $1 = $1").await?,
        })
    }

    /// Outings, not people: what a neighbourhood is asked to bear.
    async fn visits(&self, since: Timestamp) -> Result<HashMap<PlaceId, Load>> {
        (&self.db)
            .rows(
                concat!(
                    "SELECT o.place_id, COUNT(DISTINCT o.id) AS n FROM placement p JOIN outing o ON o.id = p.outing_id
                     WHERE o.starts_at >= $1 AND o.place_id IS NOT NULL AND ",
                    went!("p"),
                    " GROUP BY o.place_id"
                ),
                vals![since],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("place_id")?, Load::of(r.get("n")?))))
            .collect()
    }

    /// Changes by kind, and the hours that stopping freed. Each number rests on at least five people.
    async fn changes_by_kind(&self, since: Timestamp) -> Result<(BTreeMap<&'static str, Count>, Count)> {
        let kinds = (&self.db)
            .rows(
                "SELECT kind, COUNT(*) AS n, COUNT(DISTINCT owner_id) AS people FROM change WHERE created_at >= $1 GROUP BY kind",
                vals![since],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get::<Kind>("kind")?.as_str(), Count::of_things(r.get("n")?, r.get("people")?))))
            .collect::<Result<_>>()?;
        let freed = (&self.db)
            .one(
                "SELECT CAST(COALESCE(SUM(hours_freed), 0) AS BIGINT) AS n, COUNT(DISTINCT owner_id) AS people
                 FROM change WHERE kind = 'stop' AND status <> 'dropped' AND hours_freed > 0 AND created_at >= $1",
                vals![since],
            )
            .await?;
        Ok((kinds, Count::of_things(freed.get("n")?, freed.get("people")?)))
    }

    async fn stopped(&self, since: Timestamp) -> Result<Vec<(ChangeId, String, i64)>> {
        (&self.db)
            .rows(
                "SELECT id, title, hours_freed FROM change WHERE kind = 'stop' AND status <> 'dropped' AND created_at >= $1
                 ORDER BY created_at DESC, id LIMIT 12",
                vals![since],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("hours_freed")?)))
            .collect()
    }

    async fn latest_changes(&self, since: Timestamp) -> Result<Vec<(ChangeId, Kind, String)>> {
        (&self.db)
            .rows("SELECT id, kind, title FROM change WHERE kind <> 'stop' AND created_at >= $1 ORDER BY created_at DESC, id LIMIT 8", vals![since])
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("kind")?, r.get("title")?)))
            .collect()
    }
}
