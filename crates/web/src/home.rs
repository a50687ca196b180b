//! The first page, different for each role: what is next for me, what waits for my decision, what is overdue.
//! And the page that says what went wrong.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use freerange_domain::{
    id::{ChallengeId, InvitationId, OutingId},
    people::Role,
    placement::Stage,
};
use serde::Serialize;

use crate::{
    App,
    chrome::Chrome,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![routes::page::<Home>("/", get(show)).or::<Home, Landing>(), routes::file("/openapi.json", get(openapi))]
}

/// What somebody sees who is not signed in.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "home/landing.html")]
pub struct Landing {
    #[serde(skip)]
    page: Chrome,
    /// The city's name.
    city: String,
}

/// Something of mine that is next, and what to do about it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct NextRow {
    placement: crate::placement::Row,
    /// What to do, in words.
    todo: String,
    /// Whether its day is over.
    overdue: bool,
}

/// What the programme lead must look at.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ExceptionRows {
    invitations: Vec<(InvitationId, String, Day)>,
    untold: Vec<(OutingId, String, When)>,
    slow_answers: i64,
    silent_changes: i64,
    crowded: Vec<(String, i64)>,
    unheard: Vec<(ChallengeId, String, Day)>,
}

/// `/`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "home/home.html")]
pub struct Home {
    #[serde(skip)]
    page: Chrome,
    name: String,
    roles: Vec<Role>,
    /// What is next for me.
    next: Vec<NextRow>,
    /// Placements of my team that wait for my answer.
    waiting: Vec<crate::placement::Row>,
    /// My changes whose follow-up is overdue.
    overdue: Vec<crate::change::Row>,
    /// For the programme lead.
    exceptions: Option<ExceptionRows>,
    /// My open challenges' nearest decisions.
    challenges: Vec<crate::challenge::Row>,
    /// Unanswered invitations, for those who own an open challenge.
    invitations: Vec<crate::invitation::Row>,
    #[serde(skip)]
    manages: bool,
    #[serde(skip)]
    is_mayor: bool,
    #[serde(skip)]
    is_admin: bool,
    #[serde(skip)]
    is_auditor: bool,
    #[serde(skip)]
    is_clerk: bool,
}

async fn show(ctx: Ctx) -> Answer {
    let Some(staff) = ctx.actor.staff() else {
        return ctx.page(&Landing { page: ctx.chrome(), city: ctx.app.city.clone() });
    };
    let store = &ctx.app.store;
    let mine = store.my_placements(&ctx.actor).await?;
    let changes = store.changes(&ctx.actor, None, None, true, ctx.today(), 1).await?.items;
    let has = |role| ctx.actor.has(role);
    let exceptions = if has(Role::ProgrammeLead) { Some(exceptions(&ctx).await?) } else { None };
    let waiting = if staff.manages { store.waiting_for_me(&ctx.actor).await? } else { Vec::new() };
    ctx.page(&Home {
        page: ctx.chrome(),
        name: staff.name.clone(),
        roles: staff.roles.clone(),
        next: mine.into_iter().filter_map(|p| next(&ctx, p)).collect(),
        waiting: waiting.into_iter().map(crate::placement::Row::from).collect(),
        overdue: changes.into_iter().filter(|c| c.overdue_on.is_some()).map(crate::change::Row::from).collect(),
        exceptions,
        challenges: store.my_challenges(&ctx.actor).await?.into_iter().map(crate::challenge::Row::from).collect(),
        invitations: store
            .invitations_for_owner(&ctx.actor)
            .await?
            .into_iter()
            .map(crate::invitation::Row::from)
            .collect(),
        manages: staff.manages,
        is_mayor: has(Role::Mayor),
        is_admin: has(Role::Admin),
        is_auditor: has(Role::Auditor),
        is_clerk: has(Role::Clerk) || has(Role::ProgrammeLead),
    })
}

/// What to do next about a placement; nothing when it is closed.
fn next(ctx: &Ctx, p: freerange_store::placement::Listed) -> Option<NextRow> {
    let past = |at: Option<jiff::Timestamp>| at.is_some_and(|at| at < ctx.now);
    let t = ctx.t;
    let (todo, overdue) = match p.stage {
        Stage::Wished => (t.todo_wished(), false),
        Stage::Offered => (t.todo_offered(), p.starts_at < ctx.now),
        Stage::Agreed | Stage::Preparing => (t.todo_prepare(), p.starts_at < ctx.now),
        Stage::Out => (t.todo_out(), p.ends_at < ctx.now),
        Stage::Debriefing => (t.todo_debrief(), past(p.reflection_at)),
        Stage::Embedding => (t.todo_embed(), past(p.talk_at)),
        Stage::Closed => return None,
    };
    Some(NextRow { placement: crate::placement::Row::from(p), todo: todo.to_owned(), overdue })
}

async fn exceptions(ctx: &Ctx) -> Result<ExceptionRows, Problem> {
    let e = ctx.app.store.exceptions(&ctx.actor, ctx.now, ctx.today()).await?;
    Ok(ExceptionRows {
        invitations: e.invitations.into_iter().map(|(id, who, due)| (id, who, Day(due))).collect(),
        untold: e.untold.into_iter().map(|(id, title, at)| (id, title, When(at))).collect(),
        slow_answers: e.slow_answers,
        silent_changes: e.silent_changes,
        crowded: e.crowded.into_iter().map(|(_, name, n)| (name, n)).collect(),
        unheard: e.unheard.into_iter().map(|(id, title, on)| (id, title, Day(on))).collect(),
    })
}

async fn openapi() -> Json<serde_json::Value> {
    Json(crate::openapi::description())
}

/// `GET /healthz`: whether the program and its database answer.
pub(crate) async fn health(State(app): State<App>) -> Response {
    match app.store.ping().await {
        Ok(()) => "ok".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}

/// What went wrong, in words.
#[derive(Debug, Template, Serialize)]
#[template(path = "home/problem.html")]
struct ProblemPage {
    #[serde(skip)]
    page: Chrome,
    /// The key of the sentence, for programs.
    problem: &'static str,
    /// The sentence.
    message: String,
    /// The act that was refused.
    act: Option<&'static str>,
    #[serde(skip)]
    offer_sign_in: bool,
}

/// Turns a problem into a page or JSON.
pub(crate) fn problem_page(ctx: &Ctx, problem: &Problem) -> Response {
    let page = ProblemPage {
        page: ctx.chrome(),
        problem: problem.key,
        message: ctx.t.by_key(problem.key),
        act: problem.act,
        offer_sign_in: problem.sign_in && ctx.actor.staff().is_none(),
    };
    if ctx.api {
        return (problem.status, Json(&page)).into_response();
    }
    let html = page.render().unwrap_or_else(|_| page.message.clone());
    (problem.status, axum::response::Html(html)).into_response()
}
