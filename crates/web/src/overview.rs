//! The overview: where people went and where nobody has been, what was heard, what changed, what was stopped.

use askama::Template;
use axum::routing::get;
use freerange_domain::{
    change::Kind as ChangeKind,
    id::{ChallengeId, ChangeId},
    overview::Count,
    place::Level,
};
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    map::{self, Area},
    request::{Answer, Ctx},
    routes::{self, Route},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![routes::page::<Overview>("/overview", get(show))]
}

/// A department.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct DepartmentRow {
    name: String,
    people: i64,
    went: Count,
    teams_never: i64,
    #[serde(skip)]
    shown: String,
    /// In steps of five per cent, for the bar.
    #[serde(skip)]
    width: i64,
}

/// How changes of one interval lasted.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FadingRow {
    interval: &'static str,
    due: i64,
    kept: i64,
    partly: i64,
    not_kept: i64,
    silent: i64,
    /// Per cent kept of those due.
    share: i64,
    /// Per cent that studies report, trainers' estimates.
    published: i64,
    #[serde(skip)]
    width: i64,
}

/// A challenge and how much was heard.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct HeardRow {
    id: ChallengeId,
    title: String,
    notes: i64,
    outings: i64,
}

/// `/overview`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "overview/show.html")]
pub struct Overview {
    #[serde(skip)]
    page: Chrome,
    people: i64,
    people_out: Count,
    #[serde(skip)]
    people_out_shown: String,
    days_out: i64,
    hosts: i64,
    practices: i64,
    hours_freed: i64,
    told_back: i64,
    to_tell_back: i64,
    changed_something: i64,
    changed_nothing: i64,
    areas: Vec<Area>,
    /// Neighbourhoods where nobody has been, by name.
    never: Vec<String>,
    departments: Vec<DepartmentRow>,
    heard: Vec<HeardRow>,
    changes: Vec<(ChangeKind, i64)>,
    latest: Vec<(ChangeId, ChangeKind, String)>,
    stopped: Vec<(ChangeId, String, i64)>,
    fading: Vec<FadingRow>,
}

fn per_cent(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (part * 100 + whole / 2) / whole }
}

fn shown(ctx: &Ctx, count: Count) -> String {
    match count {
        Count::Exactly(n) => n.to_string(),
        Count::FewerThanFive => ctx.t.overview_few().to_owned(),
    }
}

async fn show(ctx: Ctx) -> Answer {
    let since = ctx.now.checked_sub((365 * 24).hours()).unwrap_or(ctx.now);
    let o = ctx.app.store.overview(&ctx.actor, since, ctx.today()).await?;
    let places = ctx.app.store.places(Level::Neighbourhood).await?;
    let never = places.iter().filter(|p| !o.visits.contains_key(&p.id)).map(|p| p.name.clone()).collect();
    // Few is shaded like the least and never says how few.
    let counts = o.visits.iter().map(|(id, count)| (*id, if let Count::Exactly(n) = count { *n } else { 1 })).collect();
    let few = ctx.t.overview_few();
    let areas = map::areas(places, &counts, |n| match n {
        0 => ctx.t.overview_nobody().to_owned(),
        1..5 => few.to_owned(),
        n => ctx.t.overview_visits(n),
    });
    let departments = o.departments.into_iter().map(|d| {
        let share = if let Count::Exactly(n) = d.went { per_cent(n, d.people) } else { 0 };
        DepartmentRow {
            shown: shown(&ctx, d.went),
            width: share.min(100) / 5 * 5,
            name: d.name,
            people: d.people,
            went: d.went,
            teams_never: d.teams_never,
        }
    });
    let fading = o.fading.into_iter().map(|f| {
        let share = per_cent(f.kept, f.due);
        FadingRow {
            interval: f.interval.as_str(),
            share,
            published: f.interval.published_share(),
            width: share.min(100) / 5 * 5,
            due: f.due,
            kept: f.kept,
            partly: f.partly,
            not_kept: f.not_kept,
            silent: f.silent,
        }
    });
    ctx.page(&Overview {
        page: ctx.chrome(),
        people: o.people,
        people_out_shown: shown(&ctx, o.people_out),
        people_out: o.people_out,
        days_out: o.days_out,
        hosts: o.hosts,
        practices: o.practices,
        hours_freed: o.hours_freed,
        told_back: o.told_back.0,
        to_tell_back: o.told_back.1,
        changed_something: o.endings.0,
        changed_nothing: o.endings.1,
        areas,
        never,
        departments: departments.collect(),
        heard: o.heard.into_iter().map(|(id, title, notes, outings)| HeardRow { id, title, notes, outings }).collect(),
        changes: ChangeKind::ALL.iter().map(|k| (*k, o.changes.get(k.as_str()).copied().unwrap_or(0))).collect(),
        latest: o.latest,
        stopped: o.stopped,
        fading: fading.collect(),
    })
}
