//! The overview: where people went and where nobody has been, what was heard, what changed, what was stopped.
//! And what the programme lead must look at, each a list of exactly those.

use askama::Template;
use axum::{extract::Path, routing::get};
use freerange_domain::{
    change::Kind as ChangeKind,
    id::{ChallengeId, ChangeId, NoteId},
    note::Kind as NoteKind,
    overview::{Count, Exception},
    place::Level,
};
use freerange_store::overview::{Exceptions, Heard};
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    change::LastingRow,
    chrome::Chrome,
    map::{self, Area},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Overview>("/overview", get(show)),
        routes::page::<ExceptionList>("/overview/exceptions/{exception}", get(exceptions)),
    ]
}

/// A department, or those that are too small alone, told of together.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct DepartmentRow {
    /// Nothing for those told of together.
    name: Option<String>,
    people: i64,
    went: Count,
    /// Teams of at least five from which nobody went, where that says nothing about fewer.
    never: Vec<String>,
    /// In steps of five per cent, for the bar.
    #[serde(skip)]
    width: i64,
}

/// Words that may be shown.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WordsRow {
    note: NoteId,
    kind: NoteKind,
    text: String,
    place: Option<String>,
}

impl WordsRow {
    /// Whether somebody's words still need their marks: many write them down with some.
    fn unmarked(&self) -> bool {
        self.kind == NoteKind::Said && !self.text.starts_with(['"', '“', '‘', '„', '«', '「'])
    }
}

/// A challenge, what was heard about it, and on how many independent outings and places that rests.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct HeardRow {
    id: ChallengeId,
    title: String,
    notes: i64,
    outings: i64,
    places: i64,
    words: Vec<WordsRow>,
}

/// Characters of somebody's words that are shown before they are cut.
const WORDS: usize = 280;

fn cut(text: String) -> String {
    if text.chars().count() <= WORDS { text } else { text.chars().take(WORDS).chain(['…']).collect() }
}

impl From<Heard> for HeardRow {
    fn from(h: Heard) -> Self {
        let words = |w: freerange_store::overview::Words| WordsRow {
            note: w.note,
            kind: w.kind,
            text: cut(w.text),
            place: w.place,
        };
        Self {
            id: h.challenge,
            title: h.title,
            notes: h.notes,
            outings: h.outings,
            places: h.places,
            words: h.words.into_iter().map(words).collect(),
        }
    }
}

/// `/overview`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "overview/show.html")]
pub struct Overview {
    #[serde(skip)]
    page: Chrome,
    people: i64,
    people_out: Count,
    outings: i64,
    hosts: i64,
    practices: i64,
    hours_freed: Count,
    told_back: i64,
    to_tell_back: i64,
    changed_something: Count,
    changed_nothing: Count,
    areas: Vec<Area>,
    /// Neighbourhoods where nobody has been, by name.
    never: Vec<String>,
    departments: Vec<DepartmentRow>,
    heard: Vec<HeardRow>,
    changes: Vec<(ChangeKind, Count)>,
    latest: Vec<(ChangeId, ChangeKind, String)>,
    stopped: Vec<(ChangeId, String, i64)>,
    lasting: Vec<LastingRow>,
}

fn per_cent(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (part * 100 + whole / 2) / whole }
}

async fn show(ctx: Ctx) -> Answer {
    let since = ctx.now.checked_sub((365 * 24).hours()).unwrap_or(ctx.now);
    let o = ctx.app.store.overview(&ctx.actor, since, ctx.today(), ctx.now).await?;
    let places = ctx.app.store.places(Level::Neighbourhood).await?;
    let never = places.iter().filter(|p| !o.visits.contains_key(&p.id)).map(|p| p.name.clone()).collect();
    let areas = map::loads(places, &o.visits, |load| ctx.t.of("load", load.as_str()));
    let departments = o.departments.into_iter().map(|d| DepartmentRow {
        width: d.went.said().map_or(0, |n| per_cent(n, d.people)).min(100) / 5 * 5,
        name: d.name,
        people: d.people,
        went: d.went,
        never: d.never,
    });
    let none = Count::Exactly(0);
    ctx.page(&Overview {
        page: ctx.chrome(),
        people: o.people,
        people_out: o.people_out,
        outings: o.outings,
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
        heard: o.heard.into_iter().map(HeardRow::from).collect(),
        changes: ChangeKind::ALL.iter().map(|k| (*k, o.changes.get(k.as_str()).copied().unwrap_or(none))).collect(),
        latest: o.latest,
        stopped: o.stopped,
        lasting: o.lasting.iter().map(|l| LastingRow::of(ctx.t, l)).collect(),
    })
}

/// Something that needs the programme lead's eye, and where to do something about it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ExceptionRow {
    href: String,
    title: String,
    /// What about it, in words.
    about: String,
}

/// `/overview/exceptions/{exception}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "overview/exceptions.html")]
pub struct ExceptionList {
    #[serde(skip)]
    page: Chrome,
    exception: Exception,
    rows: Vec<ExceptionRow>,
}

async fn exceptions(ctx: Ctx, Path(exception): Path<Exception>) -> Answer {
    let e = ctx.app.store.exceptions(&ctx.actor, ctx.now, ctx.today()).await?;
    ctx.page(&ExceptionList { rows: rows(&ctx, exception, e), page: ctx.chrome(), exception })
}

fn rows(ctx: &Ctx, exception: Exception, e: Exceptions) -> Vec<ExceptionRow> {
    let (t, page) = (ctx.t, ctx.chrome());
    let row = |href: String, title: String, about: String| ExceptionRow { href, title, about };
    match exception {
        Exception::SlowAnswers => e
            .slow_answers
            .into_iter()
            .map(|(id, title, party, at)| {
                let about = t.exception_asked(page.when(&When(at)), t.of("party", party.as_str()));
                row(format!("/outings/{id}"), title, about)
            })
            .collect(),
        Exception::SilentChanges => e
            .silent_changes
            .into_iter()
            .map(|(id, title, on)| row(format!("/changes/{id}"), title, t.change_overdue(page.day(&Day(on)))))
            .collect(),
        Exception::OpenTests => e
            .open_tests
            .into_iter()
            .map(|(id, title, on)| row(format!("/changes/{id}"), title, t.experiment_over_since(page.day(&Day(on)))))
            .collect(),
        Exception::Crowded => {
            let today = ctx.today();
            let from = today.saturating_sub(90.days());
            let href = |id| format!("/outings?place={id}&from={from}&until={today}");
            e.crowded.into_iter().map(|(id, name, n)| row(href(id), name, t.count_outings(n))).collect()
        }
        Exception::Orphans => {
            let challenges = e.orphan_challenges.into_iter();
            let changes = e.orphan_changes.into_iter();
            let outings = e.orphan_outings.into_iter();
            challenges
                .map(|(id, title)| row(format!("/challenges/{id}"), title, t.loop_challenge().to_owned()))
                .chain(changes.map(|(id, title)| row(format!("/changes/{id}"), title, t.loop_change().to_owned())))
                .chain(outings.map(|(id, title)| row(format!("/outings/{id}"), title, t.loop_outing().to_owned())))
                .collect()
        }
    }
}
