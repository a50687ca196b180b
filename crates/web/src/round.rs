//! Rounds: opening one, its page for everybody and for the programme lead, and what came of one's own wishes. The steps
//! have files of their own: outings, wishes, the team's number, limits, checking, runs, decisions by hand, seats.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    id::{PlacementId, RoundId},
    overview::Count,
    round::{Edit, Effort, RunStage, Season, Stage},
};
use freerange_store::{
    Act, may as allowed,
    round::{Opening, Outcome, Round, Run, Seat},
};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{self, Day, When},
};

pub mod check;
pub mod cover;
pub mod edits;
pub mod limits;
pub mod outings;
pub mod runs;
pub mod seats;
pub mod wishes;

const OPEN: &[Field] = &[
    must("title", Kind::Line),
    must("starts_on", Kind::Date),
    must("ends_on", Kind::Date),
    must("wishes_until", Kind::Date),
    must("place_cap", Kind::Number),
    may("host_cap", Kind::Number),
];

pub(crate) fn routes() -> Vec<Route> {
    let mut all = vec![
        routes::page::<List>("/rounds", get(list)),
        routes::act("/rounds", OPEN, post(open)),
        routes::page::<New>("/rounds/new", get(new)),
        routes::page::<Show>("/rounds/{id}", get(show)),
        routes::act("/rounds/{id}/cancellation", &[], post(cancel)),
        routes::act("/rounds/{id}/managers", &[], post(ask_managers)),
    ];
    all.extend(outings::routes());
    all.extend(wishes::routes());
    all.extend(cover::routes());
    all.extend(limits::routes());
    all.extend(check::routes());
    all.extend(runs::routes());
    all.extend(edits::routes());
    all.extend(seats::routes());
    all
}

/// A round in a list and at the head of its pages.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: RoundId,
    pub(crate) title: String,
    pub(crate) stage: Stage,
    pub(crate) starts_on: Day,
    pub(crate) ends_on: Day,
    pub(crate) wishes_until: Day,
    pub(crate) outings: i64,
    /// Whether wishes are taken today.
    pub(crate) takes_wishes: bool,
    pub(crate) is_open: bool,
}

impl Row {
    pub(crate) fn of(ctx: &Ctx, r: &Round) -> Self {
        Self {
            id: r.id,
            title: r.title.clone(),
            stage: r.stage,
            starts_on: Day(r.season.starts_on),
            ends_on: Day(r.season.ends_on),
            wishes_until: Day(r.season.wishes_until),
            outings: r.outings,
            takes_wishes: r.stage.takes_wishes(r.season.wishes_until, ctx.today()).is_ok(),
            is_open: r.stage == Stage::Open,
        }
    }
}

fn leads(ctx: &Ctx) -> bool {
    allowed(&ctx.actor, Act::RunRound, &freerange_store::About::nothing()).is_ok()
}

/// Whoever runs rounds may go on; everybody else is refused before anything is read.
fn must_lead(ctx: &Ctx) -> Result<(), crate::problem::Problem> {
    Ok(allowed(&ctx.actor, Act::RunRound, &freerange_store::About::nothing())?)
}

/// `/rounds`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    rounds: Vec<Row>,
    #[serde(skip)]
    leads: bool,
}

async fn list(ctx: Ctx) -> Answer {
    let rounds = ctx.app.store.rounds(&ctx.actor).await?;
    let rounds = rounds.iter().map(|r| Row::of(&ctx, r)).collect();
    ctx.page(&List { page: ctx.chrome(), rounds, leads: leads(&ctx) })
}

/// `/rounds/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

async fn new(ctx: Ctx) -> Answer {
    new_page(&ctx, Form::empty(ctx.t).with("place_cap", 12))
}

fn new_page(ctx: &Ctx, form: Form) -> Answer {
    must_lead(ctx)?;
    let page = New { page: ctx.chrome(), form };
    ctx.form_page(&page.form, &page)
}

/// A number that may stay empty.
fn maybe_number(form: &mut Form, name: &str, to: i64) -> Option<i64> {
    if form.value(name).trim().is_empty() { None } else { form.number(name, 0, to) }
}

fn read_opening(form: &mut Form, ctx: &Ctx) -> Option<Opening> {
    use freerange_domain::round::RoundProblem as P;
    let today = ctx.today();
    let title = form.line("title");
    let (starts, ends) = (form.date("starts_on", today), form.date("ends_on", today));
    let until = form.date("wishes_until", today);
    let place_cap = form.number("place_cap", 0, 10_000);
    let host_cap = maybe_number(form, "host_cap", 100_000);
    let season = match Season::new(starts?, ends?, until?, today) {
        Ok(season) => Some(season),
        Err(problem) => {
            let field = if problem == P::Season { "ends_on" } else { "wishes_until" };
            form.wrong(field, problem.as_str());
            None
        }
    };
    if form.has_errors() {
        return None;
    }
    Some(Opening { title: title?, season: season?, place_cap: place_cap?, host_cap })
}

async fn open(ctx: Ctx, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let Some(opening) = read_opening(&mut form, &ctx) else { return new_page(&ctx, form) };
    let id = ctx.app.store.open_round(&ctx.actor, &opening, ctx.now).await?;
    ctx.done(&format!("/rounds/{id}/outings"), "round-opened")
}

/// A seat that somebody got.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SeatRow {
    placement: Option<PlacementId>,
    person: String,
    outing: String,
    starts_at: When,
    stage: Option<freerange_domain::placement::Stage>,
    /// Whether the person still has to book time to think and the return talk.
    to_confirm: bool,
}

impl From<Seat> for SeatRow {
    fn from(s: Seat) -> Self {
        Self {
            placement: s.placement,
            person: s.person,
            outing: s.outing,
            starts_at: When(s.starts_at),
            to_confirm: s.stage == Some(freerange_domain::placement::Stage::Offered),
            stage: s.stage,
        }
    }
}

/// What came of one's wishes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OutcomeRow {
    seats: Vec<SeatRow>,
    /// Why, in one sentence.
    because: String,
    /// What the programme lead decided by hand, and why.
    by_hand: Vec<ByHandRow>,
}

/// Something the programme lead decided by hand.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ByHandRow {
    outing: String,
    what: Edit,
    why: String,
}

impl OutcomeRow {
    fn of(ctx: &Ctx, outcome: Outcome) -> Self {
        Self {
            because: values::told(ctx.t, &outcome.told),
            seats: outcome.seats.into_iter().map(SeatRow::from).collect(),
            by_hand: outcome.by_hand.into_iter().map(|(outing, what, why)| ByHandRow { outing, what, why }).collect(),
        }
    }
}

/// What the programme lead sees of a round: how far it is.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LeadRow {
    /// People who stated wishes.
    people: Count,
    /// The last run.
    run: Option<i64>,
    run_stage: Option<RunStage>,
    efforts: Vec<Effort>,
}

/// `/rounds/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    /// Whether the reader stated wishes.
    stated: bool,
    outcome: Option<OutcomeRow>,
    lead: Option<LeadRow>,
    #[serde(skip)]
    manages: bool,
    /// Whether the reader may take away proofs without running rounds.
    #[serde(skip)]
    audits: bool,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let round = store.round(&ctx.actor, id).await?;
    let mine = store.my_round_wishes(&ctx.actor, id).await?;
    let outcome = store.my_round_outcome(&ctx.actor, id).await?;
    let lead = if leads(ctx) {
        let runs: Vec<Run> = store.round_runs(&ctx.actor, id).await?;
        let last = runs.first();
        let (run, run_stage) = (last.map(|r| r.number), last.map(|r| r.stage));
        Some(LeadRow { people: round.people, run, run_stage, efforts: Effort::ALL.to_vec() })
    } else {
        None
    };
    let page = Show {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &round),
        stated: mine.stated,
        outcome: outcome.map(|o| OutcomeRow::of(ctx, o)),
        audits: lead.is_none() && allowed(&ctx.actor, Act::SeeRoundProof, &freerange_store::About::nothing()).is_ok(),
        lead,
        manages: ctx.actor.staff().is_some_and(|s| s.manages),
    };
    ctx.form_page(&page.form, &page)
}

async fn cancel(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    ctx.app.store.cancel_round(&ctx.actor, id, ctx.now).await?;
    ctx.done("/rounds", "round-cancelled")
}

async fn ask_managers(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    ctx.app.store.ask_round_cover(&ctx.actor, id, ctx.now).await?;
    ctx.done(&format!("/rounds/{id}"), "managers-asked")
}

/// What a round asks of the reader or has for them, on their first page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TodoRow {
    pub(crate) href: String,
    pub(crate) title: String,
    /// What, in words.
    pub(crate) todo: String,
}

/// The rounds that ask something of the reader or have something for them.
pub(crate) async fn todos(ctx: &Ctx) -> Result<Vec<TodoRow>, crate::problem::Problem> {
    let t = ctx.t;
    let mut rows = Vec::new();
    for r in ctx.app.store.round_todos(&ctx.actor, ctx.today()).await? {
        let until = values::day(t, r.wishes_until);
        let said = match (r.stage, r.got) {
            (Stage::Published, Some(true)) => Some(t.round_home_got().to_owned()),
            (Stage::Published, Some(false)) => Some(t.round_home_nothing().to_owned()),
            (Stage::Open, _) if r.wishes_until < ctx.today() => None,
            (Stage::Open, _) if r.wished => Some(t.round_home_wished(until)),
            (Stage::Open, _) => Some(t.round_home_wish(until)),
            _ => None,
        };
        if let Some(todo) = said {
            rows.push(TodoRow { href: format!("/rounds/{}", r.id), title: r.title.clone(), todo });
        }
        if r.cover_asked {
            let todo = t.round_home_cover().to_owned();
            rows.push(TodoRow { href: format!("/rounds/{}/cover", r.id), title: r.title, todo });
        }
    }
    Ok(rows)
}
