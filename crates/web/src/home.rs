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
    overview::{Count, Exception},
    people::Role,
    placement::Stage,
};
use jiff::ToSpan;
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
    unheard: Vec<(ChallengeId, String, Day)>,
    /// How many of each, with a list of exactly those.
    lists: Vec<(Exception, usize)>,
    #[serde(skip)]
    is_calm: bool,
}

/// So many visits that were not told back are named; the others fold away.
const UNTOLD: usize = 3;

impl ExceptionRows {
    fn more_untold(&self) -> i64 {
        i64::try_from(self.untold.len().saturating_sub(UNTOLD)).unwrap_or(i64::MAX)
    }
}

/// `/`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "home/home.html")]
pub struct Home {
    #[serde(skip)]
    page: Chrome,
    name: String,
    roles: Vec<Role>,
    /// Who is overdue and named me as buddy.
    out_overdue: Vec<crate::safety::OverdueRow>,
    /// What is next for me.
    next: Vec<NextRow>,
    /// Rounds that ask something of me, or have something for me.
    rounds: Vec<crate::round::TodoRow>,
    /// Exchanges that wait for my yes, or for this city's.
    exchanges: Vec<crate::round::TodoRow>,
    /// Placements of my team that wait for my answer.
    waiting: Vec<crate::placement::Row>,
    /// My changes whose follow-up is overdue.
    overdue: Vec<crate::change::Row>,
    /// For the programme lead.
    exceptions: Option<ExceptionRows>,
    /// Visits of mine that are over and of which nobody was told.
    untold: Vec<(OutingId, String, When)>,
    /// For the mayor.
    glance: Option<GlanceRow>,
    /// For the auditor.
    watch: Option<WatchRow>,
    /// For the administrator.
    machine: Option<MachineRow>,
    /// For the civic desk: invitations that wait, the most urgent first.
    desk: Option<Vec<DeskRow>>,
    /// My open challenges' nearest decisions.
    challenges: Vec<crate::challenge::Row>,
    /// Unanswered invitations, for those who own an open challenge.
    invitations: Vec<crate::invitation::Row>,
    #[serde(skip)]
    manages: bool,
    #[serde(skip)]
    is_clerk: bool,
}

/// The few figures that matter to the mayor, of the last twelve months.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct GlanceRow {
    /// Questions decided on what was heard.
    decided: i64,
    /// Things stopped.
    stopped: Count,
    /// Neighbourhoods where nobody has been.
    never: i64,
    /// Changes kept, of those asked about, in tens of per cent.
    kept: Option<i64>,
}

/// How fresh the audit log is, and when was last forgotten what was kept long enough.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WatchRow {
    last_entry: Option<When>,
    swept_at: Option<When>,
    /// Whether the sweep, which is daily, is more than two days old.
    is_late: bool,
}

/// Whether the machine runs.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct MachineRow {
    failing: i64,
    waiting: i64,
    /// People with nobody above them, when it is more than the one at the top.
    unmanaged: i64,
    backed_up_at: Option<When>,
    /// Whether there is no backup of the last week.
    needs_backup: bool,
}

/// An invitation that waits for an answer.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct DeskRow {
    id: InvitationId,
    who: String,
    due: Day,
    is_today: bool,
    is_late: bool,
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
        out_overdue: crate::safety::overdue(&ctx).await?,
        next: mine.into_iter().filter_map(|p| next(&ctx, p)).collect(),
        rounds: crate::round::todos(&ctx).await?,
        exchanges: crate::exchange::todos(&ctx).await?,
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
        untold: store
            .my_untold(&ctx.actor, ctx.now)
            .await?
            .into_iter()
            .map(|(id, title, at)| (id, title, When(at)))
            .collect(),
        glance: if has(Role::Mayor) { Some(glance(&ctx).await?) } else { None },
        watch: if has(Role::Auditor) { Some(watch(&ctx).await?) } else { None },
        machine: if has(Role::Admin) { Some(machine(&ctx).await?) } else { None },
        desk: if has(Role::Clerk) { Some(desk(&ctx).await?) } else { None },
        is_clerk: has(Role::Clerk) || has(Role::ProgrammeLead),
    })
}

async fn glance(ctx: &Ctx) -> Result<GlanceRow, Problem> {
    let since = ctx.now.checked_sub((365 * 24).hours()).unwrap_or(ctx.now);
    let g = ctx.app.store.glance(&ctx.actor, since, ctx.today()).await?;
    Ok(GlanceRow { decided: g.decided, stopped: g.stopped, never: g.never, kept: g.kept })
}

async fn watch(ctx: &Ctx) -> Result<WatchRow, Problem> {
    let w = ctx.app.store.watch(&ctx.actor).await?;
    let two_days_ago = ctx.now.checked_sub(48.hours()).unwrap_or(ctx.now);
    Ok(WatchRow {
        last_entry: w.last_entry.map(When),
        is_late: w.swept_at.is_none_or(|at| at < two_days_ago),
        swept_at: w.swept_at.map(When),
    })
}

async fn machine(ctx: &Ctx) -> Result<MachineRow, Problem> {
    let m = ctx.app.store.machine(&ctx.actor, ctx.now).await?;
    let week_ago = ctx.now.checked_sub((7 * 24).hours()).unwrap_or(ctx.now);
    // In the demo letters stay in the outbox on purpose, and nobody backs up an invented city.
    let real = |n: i64| if ctx.app.demo { 0 } else { n };
    Ok(MachineRow {
        failing: m.failing,
        waiting: real(m.waiting),
        unmanaged: if m.unmanaged > 1 { m.unmanaged } else { 0 },
        needs_backup: !ctx.app.demo && m.backed_up_at.is_none_or(|at| at < week_ago),
        backed_up_at: m.backed_up_at.map(When),
    })
}

async fn desk(ctx: &Ctx) -> Result<Vec<DeskRow>, Problem> {
    let today = ctx.today();
    let row = |(id, who, due)| DeskRow { id, who, due: Day(due), is_today: due == today, is_late: due < today };
    Ok(ctx.app.store.unanswered(&ctx.actor).await?.into_iter().map(row).collect())
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
    let lists = [
        (Exception::SlowAnswers, e.slow_answers.len()),
        (Exception::SilentChanges, e.silent_changes.len()),
        (Exception::OpenTests, e.open_tests.len()),
        (Exception::Crowded, e.crowded.len()),
        (Exception::Orphans, e.orphans()),
    ];
    Ok(ExceptionRows {
        is_calm: e.is_calm(),
        lists: lists.into_iter().filter(|(_, n)| *n > 0).collect(),
        invitations: e.invitations.into_iter().map(|(id, who, due)| (id, who, Day(due))).collect(),
        untold: e.untold.into_iter().map(|(id, title, at)| (id, title, When(at))).collect(),
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
        message: problem.says(ctx.t),
        act: problem.act,
        offer_sign_in: problem.sign_in && ctx.actor.staff().is_none(),
    };
    if ctx.api {
        return (problem.status, Json(&page)).into_response();
    }
    let html = page.render().unwrap_or_else(|_| page.message.clone());
    (problem.status, axum::response::Html(html)).into_response()
}
