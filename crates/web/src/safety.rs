//! Safe out there: whoever goes out says where, with whom and until when, and says that they are later or back. Whoever is
//! asked when they are overdue answers on one page, from the letter without signing in, or as their buddy from the first
//! page. No position is asked for, known or shown.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    routing::{get, post},
};
use freerange_domain::{
    id::{OutId, PersonId, PlacementId},
    placement::Stage as PlacementStage,
    safety::{Number, Stage},
    text::Area,
};
use freerange_store::{
    Actor, Token,
    safety::{GoOut, Heard, MyOut, Watched},
};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

const GO: &[Field] = &[
    must("placement", Kind::Id),
    must("area", Kind::Line),
    may("with", Kind::Line),
    must("buddy", Kind::Id),
    must("due_date", Kind::Date),
    must("due_time", Kind::Time),
];
const LATER: &[Field] = &[must("due_date", Kind::Date), must("due_time", Kind::Time)];
const HEARD: &[Field] = &[may("heard", Kind::Word(&["yes", "no"]))];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Safe, _>("/safe", show),
        routes::act("/safe", GO, post(go)),
        routes::page::<LaterPage>("/safe/{id}/later", get(later)),
        routes::act("/safe/{id}/later", LATER, post(say_later)),
        routes::act("/safe/{id}/back", &[], post(back)),
        routes::page::<Watch>("/watch/{key}", get(watch)),
        routes::act("/watch/{key}", HEARD, post(answer)),
    ]
}

/// A going out on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: OutId,
    area: String,
    with: Option<String>,
    /// Who is asked first.
    buddy: String,
    due: When,
    stage: Stage,
}

impl From<MyOut> for Row {
    fn from(o: MyOut) -> Self {
        Self { id: o.id, area: o.area, with: o.with, buddy: o.buddy, due: When(o.due), stage: o.stage }
    }
}

/// `/safe`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "safety/safe.html")]
pub struct Safe {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Where I am out.
    out: Vec<Row>,
    /// Numbers to call.
    numbers: Vec<Number>,
    #[serde(skip)]
    placements: Vec<(PlacementId, String)>,
    #[serde(skip)]
    buddies: Vec<(PersonId, String)>,
}

/// On which placement.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct On {
    /// The placement that is chosen already.
    #[serde(default)]
    #[schemars(with = "PlacementId")]
    placement: String,
}

async fn show(ctx: Ctx, Query(on): Query<On>) -> Answer {
    let form = Form::empty(ctx.t).with("due_date", ctx.today()).with("placement", on.placement);
    show_page(&ctx, form).await
}

async fn show_page(ctx: &Ctx, form: Form) -> Answer {
    let store = &ctx.app.store;
    let out = store.my_outs(&ctx.actor).await?;
    let mut placements = store.my_placements(&ctx.actor).await?;
    placements.retain(|p| matches!(p.stage, PlacementStage::Agreed | PlacementStage::Preparing | PlacementStage::Out));
    placements.sort_by_key(|p| (p.stage != PlacementStage::Out, p.starts_at));
    let page = Safe {
        page: ctx.chrome(),
        form,
        out: out.into_iter().map(Row::from).collect(),
        numbers: ctx.app.numbers.0.clone(),
        placements: placements.into_iter().map(|p| (p.id, p.outing)).collect(),
        buddies: store.buddies(&ctx.actor).await?,
    };
    ctx.form_page(&page.form, &page)
}

fn read(form: &mut Form, ctx: &Ctx) -> Option<GoOut> {
    let (placement, buddy) = (form.word("placement"), form.word("buddy"));
    let (area, with) = (form.checked_text("area", Area::parse), form.maybe_text("with", Area::parse));
    let due = form.moment("due_date", "due_time", ctx.today(), &ctx.app.zone);
    if form.has_errors() {
        return None;
    }
    Some(GoOut {
        id: OutId::new(),
        placement: placement?,
        area: area?,
        with,
        buddy: buddy?,
        due: due?,
        said_at: ctx.now,
    })
}

async fn go(ctx: Ctx, mut form: Form) -> Answer {
    // Who is not signed in goes nowhere, whatever the form says.
    ctx.app.store.my_outs(&ctx.actor).await?;
    let Some(go) = read(&mut form, &ctx) else { return show_page(&ctx, form).await };
    match ctx.app.store.go_out(&ctx.actor, &go, ctx.now).await {
        Ok(_) => ctx.done("/safe", "gone-out"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, form).await
        }
    }
}

/// `/safe/{id}/later`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "safety/later.html")]
pub struct LaterPage {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    out: Row,
}

async fn later(ctx: Ctx, Path(id): Path<OutId>) -> Answer {
    later_page(&ctx, id, None).await
}

async fn later_page(ctx: &Ctx, id: OutId, form: Option<Form>) -> Answer {
    let mine = ctx.app.store.my_outs(&ctx.actor).await?;
    let out = mine.into_iter().find(|o| o.id == id).ok_or_else(Problem::not_found)?;
    let form = form.unwrap_or_else(|| {
        let local = out.due.to_zoned_datetime(ctx.app.zone.clone());
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        Form::empty(ctx.t).with("due_date", local.date()).with("due_time", time)
    });
    let page = LaterPage { page: ctx.chrome(), form, out: Row::from(out) };
    ctx.form_page(&page.form, &page)
}

async fn say_later(ctx: Ctx, Path(id): Path<OutId>, mut form: Form) -> Answer {
    let Some(due) = form.moment("due_date", "due_time", ctx.today(), &ctx.app.zone) else {
        return later_page(&ctx, id, Some(form)).await;
    };
    match ctx.app.store.out_later(&ctx.actor, id, due, ctx.now).await {
        Ok(()) => ctx.done("/safe", "out-later"),
        Err(error) => {
            form.refuse(error)?;
            later_page(&ctx, id, Some(form)).await
        }
    }
}

async fn back(ctx: Ctx, Path(id): Path<OutId>) -> Answer {
    ctx.app.store.out_back(&ctx.actor, id, ctx.now).await?;
    ctx.done("/safe", "out-back")
}

/// `/watch/{key}`: the secret of a letter's link, or the id for the buddy who is signed in. Opening it decides nothing.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "safety/watch.html")]
pub struct Watch {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    person: String,
    area: String,
    with: Option<String>,
    /// Since when they are overdue.
    due: When,
    /// Who was asked first.
    buddy: String,
    stage: Stage,
    /// Numbers to call.
    numbers: Vec<Number>,
}

/// What somebody sees who comes when nobody has to look any more.
const fn settled() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "problem-watch-over")
}

fn or_settled(error: freerange_store::StoreError) -> Problem {
    if matches!(error, freerange_store::StoreError::NotFound) { settled() } else { error.into() }
}

async fn asked(ctx: &Ctx, key: &str) -> Result<(Actor, OutId), Problem> {
    if let Some(token) = Token::parse(key) {
        let who = ctx.app.store.watcher(&token, ctx.now).await.map_err(or_settled)?;
        let Actor::Watcher(out) = who else { return Err(settled()) };
        return Ok((Actor::Watcher(out), out));
    }
    Ok((ctx.actor.clone(), key.parse().map_err(|_| settled())?))
}

async fn watch(ctx: Ctx, Path(key): Path<String>) -> Answer {
    watch_page(&ctx, &key, Form::empty(ctx.t)).await
}

async fn watch_page(ctx: &Ctx, key: &str, form: Form) -> Answer {
    let (who, id) = asked(ctx, key).await?;
    let w = ctx.app.store.overdue(&who, id).await.map_err(or_settled)?;
    let page = Watch {
        page: ctx.chrome(),
        form,
        person: w.person,
        area: w.area,
        with: w.with,
        due: When(w.due),
        buddy: w.buddy,
        stage: w.stage,
        numbers: ctx.app.numbers.0.clone(),
    };
    ctx.form_page(&page.form, &page)
}

async fn answer(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, id) = asked(&ctx, &key).await?;
    let (said, done) = match form.value("heard") {
        "yes" => (Heard::Yes, "heard"),
        "no" => (Heard::PassOn, "passed-on"),
        _ => {
            form.wrong("heard", "choose");
            return watch_page(&ctx, &key, form).await;
        }
    };
    ctx.app.store.answer_overdue(&who, id, said, ctx.now).await.map_err(or_settled)?;
    // The link opens nothing once it is settled: whoever used it is told on the first page.
    let see = if said == Heard::Yes { "/".to_owned() } else { format!("/watch/{key}") };
    ctx.done(&see, done)
}

/// Somebody who is overdue and named the reader as buddy, for the first page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OverdueRow {
    pub(crate) id: OutId,
    pub(crate) person: String,
    pub(crate) due: When,
}

/// What waits for the reader as a buddy.
pub(crate) async fn overdue(ctx: &Ctx) -> Result<Vec<OverdueRow>, Problem> {
    let row = |w: Watched| OverdueRow { id: w.id, person: w.person, due: When(w.due) };
    Ok(ctx.app.store.overdue_for_me(&ctx.actor).await?.into_iter().map(row).collect())
}
