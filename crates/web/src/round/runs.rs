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
    overview::Count,
    round::{Effort, RunStage, Stage},
};
use freerange_i18n::Text;
use freerange_store::{
    About, Act, may as allowed,
    round::{Limit, Run, Scarce, Shown},
};
use serde::Serialize;

use super::{Row, leads, must_lead};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{self, When, day},
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
    /// The same as the reader's language writes it.
    #[serde(skip)]
    gap_words: Option<String>,
    wishing: Count,
    served: Count,
    /// The same in tens of per cent.
    served_share: Option<i64>,
    seats: Count,
    firsts: Count,
    longest: Option<i64>,
    lowest_dept: Option<i64>,
    lowest_grade: Option<i64>,
    /// Outings that run, and that do not; not said with decisions by hand.
    outings: Option<(i64, i64)>,
    /// Decisions by hand that it was made with.
    edits: i64,
    is_done: bool,
    is_under_way: bool,
}

fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

impl RunRow {
    fn of(t: Text, run: &Run) -> Self {
        let f = run.figures.as_ref();
        let count = |of: fn(&Shown) -> Count| f.map_or(Count::NotSaid, of);
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
            gap: run.gap.map(hundredths),
            gap_words: run.gap.map(|gap| values::exact_percent(t, gap)),
            wishing: count(|f| f.wishing),
            served: count(|f| f.served),
            served_share: f.and_then(|f| f.share),
            seats: count(|f| f.seats),
            firsts: count(|f| f.firsts),
            longest: f.and_then(|f| f.longest),
            lowest_dept: f.and_then(|f| f.lowest_dept),
            lowest_grade: f.and_then(|f| f.lowest_grade),
            outings: f.and_then(|f| f.outings),
            edits: run.edits,
            is_done: run.stage == RunStage::Done,
            is_under_way: run.stage.is_under_way(),
        }
    }

    /// How many have a place, as far as it may be said.
    fn served_words(&self, chrome: &Chrome) -> String {
        match (self.served.said(), self.wishing.said(), self.served_share) {
            (Some(served), Some(wishing), _) => chrome.t.runs_of(served, wishing),
            (_, _, Some(share)) => chrome.percent(&share),
            _ => self.unsaid(chrome).to_owned(),
        }
    }

    /// A count, or why it is not said.
    fn counted(&self, chrome: &Chrome, count: &Count) -> String {
        count.said().map_or_else(|| self.unsaid(chrome).to_owned(), |n| n.to_string())
    }

    /// Why something is not said of this run.
    fn unsaid(&self, chrome: &Chrome) -> &'static str {
        if self.edits > 0 { chrome.t.runs_unsaid_by_hand() } else { chrome.t.overview_not_said() }
    }
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
        runs: runs.iter().map(|run| RunRow::of(ctx.t, run)).collect(),
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
    /// Whether the reader may take the files away.
    takes_proof: bool,
    /// The limits that cost most, a sentence each.
    scarce: Vec<String>,
    /// Whether it can be published.
    publishable: bool,
    /// Whether wishes can still change.
    early: bool,
    /// Whether something was said since.
    is_old: bool,
}

async fn show(ctx: Ctx, Path((id, number)): Path<(RoundId, i64)>) -> Answer {
    show_page(&ctx, id, number, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, number: i64, form: Form) -> Answer {
    let store = &ctx.app.store;
    let run = store.round_run(&ctx.actor, id, number).await?;
    let round = store.round(&ctx.actor, id).await?;
    let row = Row::of(ctx, &round);
    let page = RunPage {
        page: ctx.chrome(),
        form,
        leads: leads(ctx),
        takes_proof: allowed(&ctx.actor, Act::TakeRoundProof, &About::nothing()).is_ok(),
        scarce: run.figures.iter().flat_map(|f| &f.scarce).map(|s| sentence(ctx, s)).collect(),
        publishable: leads(ctx) && round.stage == Stage::Open && run.stage == RunStage::Done && run.verified,
        early: row.takes_wishes,
        is_old: run.is_old,
        round: row,
        run: RunRow::of(ctx.t, &run),
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
    match ctx.app.store.publish_round(&ctx.actor, id, number, &ctx.app.zone, ctx.now).await {
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
