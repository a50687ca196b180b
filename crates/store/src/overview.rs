//! What the mayor and the programme lead see: where people went and where nobody has been, what was heard,
//! what changed, what was stopped, what was kept. Nothing about fewer than five people.

use std::collections::{BTreeMap, HashMap};

use freerange_domain::{
    change::{Interval, Kind},
    id::{ChallengeId, ChangeId, InvitationId, OutingId, PlaceId},
    overview::{Count, suppress},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, vals},
    may,
    placement::{came_back, went},
};

/// A department and how many of its people went.
#[derive(Debug, Clone)]
pub struct Department {
    /// Its name.
    pub name: String,
    /// People in it.
    pub people: i64,
    /// How many went at least once.
    pub went: Count,
    /// Teams of at least five in it from which nobody went.
    pub teams_never: i64,
}

/// How follow-ups of one interval were answered.
#[derive(Debug, Clone)]
pub struct Fading {
    /// After how long.
    pub interval: Interval,
    /// Due by now.
    pub due: i64,
    /// Kept.
    pub kept: i64,
    /// In part.
    pub partly: i64,
    /// Not.
    pub not_kept: i64,
    /// Not answered.
    pub silent: i64,
}

/// The year in figures.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Visits to each neighbourhood; small counts are shown as few.
    pub visits: HashMap<PlaceId, Count>,
    /// People who went.
    pub people_out: Count,
    /// People who work here.
    pub people: i64,
    /// Placements that came back.
    pub days_out: i64,
    /// Organisations and groups that hosted.
    pub hosts: i64,
    /// Departments.
    pub departments: Vec<Department>,
    /// Challenges by how much was heard: title, notes, outings they rest on.
    pub heard: Vec<(ChallengeId, String, i64, i64)>,
    /// Changes by kind.
    pub changes: BTreeMap<&'static str, i64>,
    /// What was stopped: title and hours a month that became free.
    pub stopped: Vec<(ChangeId, String, i64)>,
    /// The latest changes.
    pub latest: Vec<(ChangeId, Kind, String)>,
    /// Hours a month freed by stopping.
    pub hours_freed: i64,
    /// How changes lasted.
    pub fading: Vec<Fading>,
    /// Visits told back, of those that had somebody to tell.
    pub told_back: (i64, i64),
    /// Endings: something changed, nothing changed.
    pub endings: (i64, i64),
    /// Practices others can use.
    pub practices: i64,
}

/// What the programme lead must look at.
#[derive(Debug, Clone, Default)]
pub struct Exceptions {
    /// Invitations not answered by the promised day.
    pub invitations: Vec<(InvitationId, String, Date)>,
    /// Visits over for a month that were not told back.
    pub untold: Vec<(OutingId, String, Timestamp)>,
    /// Approvals open for more than a week: count.
    pub slow_answers: i64,
    /// Changes whose follow-up is overdue by two weeks: count.
    pub silent_changes: i64,
    /// Neighbourhoods with more than eight visits in 90 days.
    pub crowded: Vec<(PlaceId, String, i64)>,
    /// Challenges whose decision is within 30 days and that have no note.
    pub unheard: Vec<(ChallengeId, String, Date)>,
}

/// Visits in 90 days above which a neighbourhood is said to be overrun.
const CROWDED: i64 = 8;

impl Store {
    /// The overview of the time since `since`.
    pub async fn overview(&self, who: &Actor, since: Timestamp, today: Date) -> Result<Overview> {
        may(who, Act::SeeOverview, &About::nothing())?;
        let mut db = &self.db;
        let one = |sql: &'static str| async move { (&self.db).count(sql, vals![since]).await };
        let visits = self.visits(since).await?;
        let people_out = one(concat!(
            "SELECT COUNT(DISTINCT p.person_id) FROM placement p JOIN outing o ON o.id = p.outing_id WHERE o.starts_at >= $1 AND ",
            went!("p")
        ))
        .await?;
        let changes = db
            .rows("SELECT kind, COUNT(*) AS n FROM change WHERE created_at >= $1 GROUP BY kind", vals![since])
            .await?
            .iter()
            .map(|r| Ok((r.get::<Kind>("kind")?.as_str(), r.get("n")?)))
            .collect::<Result<_>>()?;
        let heard = db
            .rows(
                "SELECT c.id, c.title, COUNT(n.id) AS notes, COUNT(DISTINCT n.outing_id) AS outings FROM challenge c
                 JOIN note n ON n.challenge_id = c.id WHERE n.created_at >= $1 GROUP BY c.id, c.title ORDER BY notes DESC, c.title LIMIT 8",
                vals![since],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("notes")?, r.get("outings")?)))
            .collect::<Result<_>>()?;
        let stopped = db
            .rows(
                "SELECT id, title, hours_freed FROM change WHERE kind = 'stop' AND status <> 'dropped' AND created_at >= $1
                 ORDER BY created_at DESC, id LIMIT 12",
                vals![since],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("hours_freed")?)))
            .collect::<Result<_>>()?;
        let latest = db
            .rows("SELECT id, kind, title FROM change WHERE kind <> 'stop' AND created_at >= $1 ORDER BY created_at DESC, id LIMIT 8", vals![since])
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("kind")?, r.get("title")?)))
            .collect::<Result<_>>()?;
        Ok(Overview {
            visits,
            people_out: Count::of(people_out),
            people: self.people_count().await?,
            days_out: one(concat!(
                "SELECT COUNT(*) FROM placement p JOIN outing o ON o.id = p.outing_id WHERE o.starts_at >= $1 AND ",
                came_back!("p")
            ))
            .await?,
            hosts: one("SELECT COUNT(DISTINCT host_name) FROM outing WHERE host_name <> '' AND starts_at >= $1 AND status = 'open'").await?,
            departments: self.departments(since).await?,
            heard,
            changes,
            stopped,
            latest,
            hours_freed: one(
                "SELECT CAST(COALESCE(SUM(hours_freed), 0) AS BIGINT) FROM change WHERE kind = 'stop' AND status <> 'dropped' AND created_at >= $1",
            )
            .await?,
            fading: self.fading(today).await?,
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
            endings: (
                one("SELECT COUNT(*) FROM placement WHERE ending = 'changed-something' AND updated_at >= $1").await?,
                one("SELECT COUNT(*) FROM placement WHERE ending = 'changed-nothing' AND updated_at >= $1").await?,
            ),
            practices: one("SELECT COUNT(*) FROM practice WHERE status = 'published' AND $1 = $1").await?,
        })
    }

    async fn visits(&self, since: Timestamp) -> Result<HashMap<PlaceId, Count>> {
        let rows = (&self.db)
            .rows(
                concat!(
                    "SELECT o.place_id, COUNT(*) AS n FROM placement p JOIN outing o ON o.id = p.outing_id
                     WHERE o.starts_at >= $1 AND o.place_id IS NOT NULL AND ",
                    went!("p"),
                    " GROUP BY o.place_id"
                ),
                vals![since],
            )
            .await?;
        let counts = rows.iter().map(|r| r.get("n")).collect::<Result<Vec<i64>>>()?;
        rows.iter().zip(suppress(&counts)).map(|(r, shown)| Ok((r.get("place_id")?, shown))).collect()
    }

    /// Departments are the first part of the team path. Those with fewer than five people are left out whole, and so that
    /// nothing about them follows from the total, a larger one is not shown either.
    async fn departments(&self, since: Timestamp) -> Result<Vec<Department>> {
        let rows = (&self.db)
            .rows(
                concat!(
                    "SELECT t.path, COUNT(*) AS people, COUNT(g.person_id) AS went FROM person p JOIN team t ON t.id = p.team_id
                     LEFT JOIN (SELECT DISTINCT x.person_id FROM placement x JOIN outing o ON o.id = x.outing_id
                        WHERE o.starts_at >= $1 AND ",
                    went!("x"),
                    ") g ON g.person_id = p.id WHERE p.active GROUP BY t.path"
                ),
                vals![since],
            )
            .await?;
        let mut sums: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
        for r in &rows {
            let path: String = r.get("path")?;
            let (people, went): (i64, i64) = (r.get("people")?, r.get("went")?);
            let name = path.split('\u{1f}').next().unwrap_or_default().to_owned();
            let sum = sums.entry(name).or_default();
            sum.0 += people;
            sum.1 += went;
            if went == 0 && people >= freerange_domain::overview::SMALLEST_GROUP {
                sum.2 += 1;
            }
        }
        let small = freerange_domain::overview::SMALLEST_GROUP;
        let left_out: Vec<i64> = sums.values().filter(|s| s.0 < small).map(|s| s.1.max(1)).collect();
        sums.retain(|_, (people, ..)| *people >= small);
        // Those left out are hidden whatever their count: that none of three people went is also about three people.
        let went: Vec<i64> = sums.values().map(|s| s.1).chain(left_out).collect();
        let shown = suppress(&went);
        Ok(sums
            .into_iter()
            .zip(shown)
            .map(|((name, (people, _, teams_never)), went)| Department { name, people, went, teams_never })
            .collect())
    }

    async fn fading(&self, today: Date) -> Result<Vec<Fading>> {
        let rows = (&self.db)
            .rows(
                "SELECT f.due_in, COUNT(*) AS due,
                    CAST(SUM(CASE WHEN f.kept = 'kept' THEN 1 ELSE 0 END) AS BIGINT) AS kept,
                    CAST(SUM(CASE WHEN f.kept = 'partly' THEN 1 ELSE 0 END) AS BIGINT) AS partly,
                    CAST(SUM(CASE WHEN f.kept = 'not-kept' THEN 1 ELSE 0 END) AS BIGINT) AS not_kept
                 FROM follow_up f WHERE f.due_on <= $1 GROUP BY f.due_in",
                vals![today],
            )
            .await?;
        let mut fading = rows
            .iter()
            .map(|r| {
                let (due, kept, partly, not_kept): (i64, i64, i64, i64) =
                    (r.get("due")?, r.get("kept")?, r.get("partly")?, r.get("not_kept")?);
                Ok(Fading {
                    interval: r.get("due_in")?,
                    due,
                    kept,
                    partly,
                    not_kept,
                    silent: due - kept - partly - not_kept,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        fading.sort_by_key(|f| f.interval);
        Ok(fading)
    }

    /// What needs the programme lead's eye.
    pub async fn exceptions(&self, who: &Actor, now: Timestamp, today: Date) -> Result<Exceptions> {
        may(who, Act::SeeExceptions, &About::nothing())?;
        let mut db = &self.db;
        let days = |n: i64| now.as_microsecond() - n * 86_400 * 1_000_000;
        let soon = today.saturating_add(jiff::ToSpan::days(30));
        let late = today.saturating_sub(jiff::ToSpan::days(14));
        Ok(Exceptions {
            invitations: db
                .rows(
                    "SELECT id, group_name, answer_due FROM invitation WHERE status = 'received' AND answer_due < $1 ORDER BY answer_due LIMIT 20",
                    vals![today],
                )
                .await?
                .iter()
                .map(|r| Ok((r.get("id")?, r.get("group_name")?, r.get("answer_due")?)))
                .collect::<Result<_>>()?,
            untold: db
                .rows(
                    concat!(
                        "SELECT o.id, o.title, o.ends_at FROM outing o WHERE o.told_back IS NULL AND o.host_name <> '' AND o.ends_at < $1
                            AND EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
                        came_back!("p"),
                        ") ORDER BY o.ends_at LIMIT 20"
                    ),
                    vals![days(30)],
                )
                .await?
                .iter()
                .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("ends_at")?)))
                .collect::<Result<_>>()?,
            slow_answers: db
                .count(
                    "SELECT COUNT(*) FROM approval a JOIN placement p ON p.id = a.placement_id
                     WHERE a.answer = 'open' AND p.stage = 'offered' AND a.asked_at < $1",
                    vals![days(7)],
                )
                .await?,
            silent_changes: db
                .count(
                    "SELECT COUNT(DISTINCT f.change_id) FROM follow_up f JOIN change c ON c.id = f.change_id
                     WHERE f.answered_at IS NULL AND f.due_on < $1 AND c.status <> 'dropped'",
                    vals![late],
                )
                .await?,
            crowded: db
                .rows(
                    "SELECT o.place_id, pl.name, COUNT(DISTINCT o.id) AS n FROM outing o JOIN place pl ON pl.id = o.place_id
                     WHERE o.starts_at >= $1 AND o.starts_at < $2 AND o.status = 'open' AND o.kind <> 'free-range-day'
                     GROUP BY o.place_id, pl.name HAVING COUNT(DISTINCT o.id) > $3 ORDER BY n DESC, pl.name LIMIT 10",
                    vals![days(90), now, CROWDED],
                )
                .await?
                .iter()
                .map(|r| Ok((r.get("place_id")?, r.get("name")?, r.get("n")?)))
                .collect::<Result<_>>()?,
            unheard: db
                .rows(
                    "SELECT id, title, decision_on FROM challenge c WHERE status = 'open' AND decision_on <= $1
                        AND NOT EXISTS (SELECT 1 FROM note n WHERE n.challenge_id = c.id) ORDER BY decision_on LIMIT 20",
                    vals![soon],
                )
                .await?
                .iter()
                .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("decision_on")?)))
                .collect::<Result<_>>()?,
        })
    }
}
