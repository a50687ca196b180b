//! Runs of the matcher: asking for one, watching it, stopping it with the best so far, comparing several, taking the proof
//! away, publishing.

use askama::Template;
use axum::{
    extract::Path,
    http::header,
    response::IntoResponse,
    routing::{get, post},
};
use freerange_domain::{
    id::RoundId,
    round::{Edit, Effort, RunStage, Stage},
};
use freerange_store::round::{Figures, Limit, Run, Scarce};
use serde::Serialize;

use super::{Row, leads, must_lead};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{When, day},
};

const ASK: &[Field] = &[may("effort", Kind::Word(&["quick", "normal", "thorough"]))];
const PUBLISH: &[Field] = &[may("sure", Kind::Flag)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Runs>("/rounds/{id}/runs", get(list)),
        routes::act("/rounds/{id}/runs", ASK, post(ask)),
        routes::page::<RunPage>("/rounds/{id}/runs/{number}", get(show)),
        routes::act("/rounds/{id}/runs/{number}/stop", &[], post(stop)),
        routes::act("/rounds/{id}/runs/{number}/publication", PUBLISH, post(publish)),
        routes::file("/rounds/{id}/runs/{number}/proof.tar.gz", get(proof)),
    ]
}

/// A run in figures.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct RunRow {
    number: i64,
    effort: Effort,
    stage: RunStage,
    asked_at: When,
    ended_at: Option<When>,
    phase: String,
    /// How far the phase is, in per cent.
    percent: i64,
    stopping: bool,
    verified: bool,
    problem: Option<String>,
    published: bool,
    /// By how much at most another plan could be better, in per cent, like `0.29`.
    gap: Option<String>,
    wishing: i64,
    served: i64,
    seats: i64,
    firsts: i64,
    longest: Option<i64>,
    lowest_dept: Option<i64>,
    lowest_grade: Option<i64>,
    run: i64,
    cancelled: i64,
    objective: i64,
    /// Decisions by hand that it was made with.
    edits: i64,
    /// Pins that could not be kept.
    not_kept: i64,
    /// What decisions by hand that the run before did not have cost: how many, points, people.
    cost: Option<(i64, i64, i64)>,
    is_done: bool,
    is_under_way: bool,
}

fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

impl RunRow {
    /// With the run before it, to say what decisions by hand cost.
    fn of(run: &Run, before: Option<&Run>) -> Self {
        let f = run.figures.clone().unwrap_or_default();
        let so_far = match (&run.figures, run.objective, run.bound) {
            (Some(f), ..) => Some(f.gap()),
            (None, Some(objective), Some(bound)) => Some(Figures { objective, bound, ..Figures::default() }.gap()),
            _ => None,
        };
        let long = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let cost = before.and_then(|b| {
            let added =
                run.edits.iter().filter(|e| !b.edits.iter().any(|x| (x.0, x.1, x.2) == (e.0, e.1, e.2))).count();
            let (mine, theirs) = (run.figures.as_ref()?, b.figures.as_ref()?);
            (added > 0).then(|| (long(added), mine.objective - theirs.objective, mine.served - theirs.served))
        });
        Self {
            number: run.number,
            effort: run.effort,
            stage: run.stage,
            asked_at: When(run.asked_at),
            ended_at: run.ended_at.map(When),
            phase: run.phase.clone(),
            percent: run.permille / 10,
            stopping: run.stopping,
            verified: run.verified,
            problem: run.problem.clone(),
            published: run.published,
            gap: so_far.map(hundredths),
            wishing: f.wishing,
            served: f.served,
            seats: f.seats,
            firsts: f.firsts,
            longest: f.longest,
            lowest_dept: f.lowest_dept,
            lowest_grade: f.lowest_grade,
            run: f.run,
            cancelled: f.cancelled,
            objective: f.objective,
            edits: long(run.edits.len()),
            not_kept: long(run.edits.iter().filter(|e| e.2 == Edit::Pin && !e.3).count()),
            cost,
            is_done: run.stage == RunStage::Done,
            is_under_way: run.stage.is_under_way(),
        }
    }

    /// The words for what decisions by hand cost.
    fn cost_words(&self, chrome: &Chrome) -> Option<String> {
        self.cost.map(|(n, points, people)| chrome.t.run_cost(n, people, points))
    }
}

/// Each run with the last one before it that is done.
fn rows(runs: &[Run]) -> Vec<RunRow> {
    let before = |at: usize| runs.iter().skip(at + 1).find(|r| r.stage == RunStage::Done);
    runs.iter().enumerate().map(|(at, run)| RunRow::of(run, before(at))).collect()
}

/// `/rounds/{id}/runs`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/runs.html")]
pub struct Runs {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    runs: Vec<RunRow>,
    #[serde(skip)]
    efforts: Vec<(Effort, String)>,
    #[serde(skip)]
    leads: bool,
    /// Whether one is under way.
    busy: bool,
}

async fn list(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    list_page(&ctx, id, Form::empty(ctx.t).with("effort", Effort::Normal)).await
}

async fn list_page(ctx: &Ctx, id: RoundId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let runs = store.round_runs(&ctx.actor, id).await?;
    let round = store.round(&ctx.actor, id).await?;
    let page = Runs {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &round),
        busy: runs.iter().any(|r| r.stage.is_under_way()),
        runs: rows(&runs),
        efforts: Effort::ALL.iter().map(|e| (*e, ctx.t.of("effort", e.as_str()))).collect(),
        leads: leads(ctx),
    };
    ctx.form_page(&page.form, &page)
}

async fn ask(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let effort = form.maybe_word::<Effort>("effort").unwrap_or(Effort::Normal);
    match ctx.app.store.ask_round_run(&ctx.actor, id, effort, ctx.now).await {
        Ok(number) => ctx.done(&format!("/rounds/{id}/runs/{number}"), "run-asked"),
        Err(error) => {
            form.refuse(error)?;
            list_page(&ctx, id, form).await
        }
    }
}

/// `/rounds/{id}/runs/{number}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/run.html")]
pub struct RunPage {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    run: RunRow,
    #[serde(skip)]
    leads: bool,
    /// The limits that cost most, a sentence each.
    scarce: Vec<String>,
    /// Whether it can be published.
    publishable: bool,
    /// Whether wishes can still change.
    early: bool,
}

async fn show(ctx: Ctx, Path((id, number)): Path<(RoundId, i64)>) -> Answer {
    show_page(&ctx, id, number, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, number: i64, form: Form) -> Answer {
    let store = &ctx.app.store;
    // With those before it, to say what decisions by hand cost.
    let run = store.round_run(&ctx.actor, id, number).await?;
    let earlier = store.round_runs(&ctx.actor, id).await?;
    let before = earlier.iter().find(|r| r.number < number && r.stage == RunStage::Done);
    let round = store.round(&ctx.actor, id).await?;
    let row = Row::of(ctx, &round);
    let page = RunPage {
        page: ctx.chrome(),
        form,
        leads: leads(ctx),
        scarce: run.figures.iter().flat_map(|f| &f.scarce).map(|s| sentence(ctx, s)).collect(),
        publishable: leads(ctx) && round.stage == Stage::Open && run.stage == RunStage::Done && run.verified,
        early: row.takes_wishes,
        round: row,
        run: RunRow::of(&run, before),
    };
    ctx.form_page(&page.form, &page)
}

/// What a little more of a limit would do.
fn sentence(ctx: &Ctx, s: &Scarce) -> String {
    let t = ctx.t;
    let (people, name) = (t.scarce_people(s.seated), s.name.as_str());
    let week = s.limit.monday().map(|monday| day(t, monday)).unwrap_or_default();
    match &s.limit {
        Limit::Outing(_) => t.scarce_outing(s.more, name, people),
        Limit::Group(_) => t.scarce_group(s.more, name, people),
        Limit::Team(..) => t.scarce_team(s.more, name, people, week),
        Limit::Place(..) => t.scarce_place(s.more, name, people, week),
        Limit::Host(_) => t.scarce_host(s.more, name, people),
    }
}

async fn stop(ctx: Ctx, Path((id, number)): Path<(RoundId, i64)>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    match ctx.app.store.stop_round_run(&ctx.actor, id, number, ctx.now).await {
        Ok(()) => ctx.done(&format!("/rounds/{id}/runs/{number}"), "run-stopping"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, number, form).await
        }
    }
}

async fn publish(ctx: Ctx, Path((id, number)): Path<(RoundId, i64)>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    if !form.flag("sure") {
        form.wrong("sure", "tick-to-publish");
        return show_page(&ctx, id, number, form).await;
    }
    match ctx.app.store.publish_round(&ctx.actor, id, number, ctx.now).await {
        Ok(()) => ctx.done(&format!("/rounds/{id}"), "round-published"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, number, form).await
        }
    }
}

async fn proof(ctx: Ctx, Path((id, number)): Path<(RoundId, i64)>) -> Answer {
    let bytes = ctx.app.store.round_proof(&ctx.actor, id, number).await?;
    let name = format!("attachment; filename=\"round-{number}.tar.gz\"");
    Ok(([(header::CONTENT_TYPE, "application/gzip".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
