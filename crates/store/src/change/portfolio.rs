//! All experiments together: what is being learned, how sure somebody is, what ends soon, what ended on evidence and what
//! was stopped. About things, in the order of their days; never about whoever owns them.

use std::collections::BTreeMap;

use freerange_domain::{
    change::experiment::{Finding, State},
    id::ChangeId,
    overview::{Count, share},
};
use jiff::{ToSpan as _, civil::Date};

use super::experiment::{Sure, state, sure};
use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, Row, vals},
    may,
};

/// Days in which an experiment ends soon.
const SOON: i64 = 30;

/// An experiment in the portfolio.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which.
    pub id: ChangeId,
    /// In a few words.
    pub title: String,
    /// What is believed.
    pub belief: Option<String>,
    /// Its last day.
    pub ends_on: Date,
    /// Where it stands.
    pub state: State,
    /// How sure its owner is.
    pub sure: Option<Sure>,
    /// What is learned next.
    pub learn_next: Option<String>,
    /// Whether everybody can read it.
    pub published: bool,
}

/// How many showed one thing, and how many in a hundred of those are published, in tens.
#[derive(Debug, Clone)]
pub struct Told {
    /// What they showed.
    pub finding: Finding,
    /// How many.
    pub ended: Count,
    /// The share that is published.
    pub published: Option<i64>,
}

/// All experiments.
#[derive(Debug, Clone)]
pub struct Portfolio {
    /// Those that run, what ends first before the others.
    pub running: Vec<Shown>,
    /// Those whose last day is over and of which nobody has said what they showed.
    pub over: Vec<Shown>,
    /// Those that have shown something on which nobody has decided.
    pub ended: Vec<Shown>,
    /// The latest on which somebody decided.
    pub decided: Vec<Shown>,
    /// How many run.
    pub runs: Count,
    /// How many of those end within a month.
    pub soon: Count,
    /// How many ended on evidence: it was said what they showed.
    pub on_evidence: Count,
    /// How many were stopped: given up, or because of what they showed.
    pub stopped: Count,
    /// The same by what they showed, and the share of each that is published.
    pub told: Vec<Told>,
}

fn shown(r: &Row, today: Date) -> Result<Option<Shown>> {
    let Some(state) = state(r, today)? else { return Ok(None) };
    Ok(Some(Shown {
        id: r.get("id")?,
        title: r.get("title")?,
        belief: r.get("belief")?,
        ends_on: r.get("ends_on")?,
        state,
        sure: sure(r)?,
        learn_next: r.get("learn_next")?,
        published: r.get("published")?,
    }))
}

impl Store {
    /// All experiments together, for everybody here.
    pub async fn experiments(&self, who: &Actor, today: Date) -> Result<Portfolio> {
        may(who, Act::SeeChanges, &About::nothing())?;
        let mut db = &self.db;
        let rows = db
            .rows(
                "SELECT id, kind, status, title, belief, ends_on, finding, verdict, sureness, sureness_was, sureness_at, learn_next,
                    (published_at IS NOT NULL) AS published
                 FROM change WHERE kind = 'test' AND ends_on IS NOT NULL ORDER BY ends_on, id LIMIT 2000",
                Vec::new(),
            )
            .await?;
        let (mut running, mut over, mut ended, mut decided) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for r in &rows {
            let Some(shown) = shown(r, today)? else { continue };
            match shown.state {
                State::Running => running.push(shown),
                State::Over => over.push(shown),
                State::Ended(_) => ended.push(shown),
                State::Decided(..) => decided.push(shown),
            }
        }
        decided.reverse();
        decided.truncate(50);
        let counted = db
            .one(
                "SELECT COUNT(CASE WHEN r THEN 1 END) AS runs, COUNT(DISTINCT CASE WHEN r THEN owner_id END) AS runs_of,
                    COUNT(CASE WHEN r AND ends_on <= $2 THEN 1 END) AS soon, COUNT(DISTINCT CASE WHEN r AND ends_on <= $2 THEN owner_id END) AS soon_of,
                    COUNT(CASE WHEN result IS NOT NULL THEN 1 END) AS shown, COUNT(DISTINCT CASE WHEN result IS NOT NULL THEN owner_id END) AS shown_of,
                    COUNT(CASE WHEN s THEN 1 END) AS stopped, COUNT(DISTINCT CASE WHEN s THEN owner_id END) AS stopped_of
                 FROM (SELECT owner_id, ends_on, result, (status = 'running' AND finding IS NULL AND ends_on >= $1) AS r,
                        (status = 'dropped' OR COALESCE(verdict, '') = 'stop') AS s
                     FROM change WHERE kind = 'test' AND ends_on IS NOT NULL) AS t",
                vals![today, today.saturating_add(SOON.days())],
            )
            .await?;
        let count = |things: &str, people: &str| -> Result<Count> {
            Ok(Count::of_things(counted.get(things)?, counted.get(people)?))
        };
        Ok(Portfolio {
            running,
            over,
            ended,
            decided,
            runs: count("runs", "runs_of")?,
            soon: count("soon", "soon_of")?,
            on_evidence: count("shown", "shown_of")?,
            stopped: count("stopped", "stopped_of")?,
            told: self.told_by_finding().await?,
        })
    }

    /// What became public of each kind of result: each figure rests on at least five owners.
    async fn told_by_finding(&self) -> Result<Vec<Told>> {
        let rows = (&self.db)
            .rows(
                "SELECT finding, COUNT(*) AS n, COUNT(published_at) AS published, COUNT(DISTINCT owner_id) AS people
                 FROM change WHERE kind = 'test' AND finding IS NOT NULL GROUP BY finding",
                Vec::new(),
            )
            .await?;
        let mut by: BTreeMap<Finding, (i64, i64, i64)> = BTreeMap::new();
        for r in &rows {
            by.insert(r.get("finding")?, (r.get("n")?, r.get("published")?, r.get("people")?));
        }
        let told = |finding: &Finding| {
            let (n, published, people) = by.get(finding).copied().unwrap_or_default();
            Told { finding: *finding, ended: Count::of_things(n, people), published: share(published, n, people) }
        };
        Ok(Finding::ALL.iter().map(told).collect())
    }
}
