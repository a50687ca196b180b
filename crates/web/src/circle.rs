//! Circles of peers: one's own circles, one circle with its next meeting and one's own action, and who else would like to be
//! in one. The programme lead sees a number.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    circle::{MOST, Stage},
    id::{CircleId, PersonId},
    overview::Count,
    people::Role,
};
use freerange_store::circle::{Circle, Seeker, Whom};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

const SEEK: &[Field] = &[may("seek", Kind::Flag)];
const ASK: &[Field] = &[may("email", Kind::Email), may("person", Kind::Id)];
const ANSWER: &[Field] = &[must("answer", Kind::Word(&["yes", "no"]))];
const MEETING: &[Field] = &[must("meeting_date", Kind::Date), must("meeting_time", Kind::Time)];
const ACTION: &[Field] = &[may("action", Kind::Prose)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<List>("/circles", get(list)),
        routes::act("/circles", &[], post(start)),
        routes::act("/circles/search", SEEK, post(seek)),
        routes::page::<Show>("/circles/{id}", get(show)),
        routes::act("/circles/{id}/invitations", ASK, post(ask)),
        routes::act("/circles/{id}/answer", ANSWER, post(answer)),
        routes::act("/circles/{id}/meeting", MEETING, post(meet)),
        routes::act("/circles/{id}/action", ACTION, post(keep)),
        routes::act("/circles/{id}/membership/removal", &[], post(leave)),
    ]
}

/// A circle in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: CircleId,
    stage: Stage,
    members: Vec<String>,
    /// Whether the reader is in it; otherwise they are asked.
    joined: bool,
    next_at: Option<When>,
}

impl From<Circle> for Row {
    fn from(c: Circle) -> Self {
        Self { id: c.id, stage: c.stage, members: c.members, joined: c.joined, next_at: c.next_at.map(When) }
    }
}

/// Somebody who would like to be in a circle too.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SeekerRow {
    person: PersonId,
    name: String,
    department: String,
}

impl From<Seeker> for SeekerRow {
    fn from(s: Seeker) -> Self {
        Self { person: s.person, name: s.name, department: s.department }
    }
}

/// How many circles there are, for the programme lead.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FiguresRow {
    circles: Count,
    running: Count,
}

/// `/circles`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "circle/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    circles: Vec<Row>,
    /// Who else would like to be in one; nothing for those who did not say so themselves.
    seekers: Option<Vec<SeekerRow>>,
    figures: Option<FiguresRow>,
}

async fn list(ctx: Ctx) -> Answer {
    list_page(&ctx, Form::empty(ctx.t)).await
}

async fn list_page(ctx: &Ctx, form: Form) -> Answer {
    let store = &ctx.app.store;
    let figures = if ctx.actor.has(Role::ProgrammeLead) {
        let f = store.circle_figures(&ctx.actor).await?;
        Some(FiguresRow { circles: f.circles, running: f.running })
    } else {
        None
    };
    let seekers = store.circle_seekers(&ctx.actor).await?;
    let page = List {
        page: ctx.chrome(),
        form,
        circles: store.my_circles(&ctx.actor).await?.into_iter().map(Row::from).collect(),
        seekers: seekers.map(|all| all.into_iter().map(SeekerRow::from).collect()),
        figures,
    };
    ctx.form_page(&page.form, &page)
}

async fn start(ctx: Ctx, mut form: Form) -> Answer {
    match ctx.app.store.start_circle(&ctx.actor, ctx.now).await {
        Ok(id) => ctx.done(&format!("/circles/{id}"), "circle-started"),
        Err(error) => {
            form.refuse(error)?;
            list_page(&ctx, form).await
        }
    }
}

async fn seek(ctx: Ctx, form: Form) -> Answer {
    let on = form.flag("seek");
    ctx.app.store.seek_circle(&ctx.actor, on, ctx.now).await?;
    ctx.done("/circles", if on { "circle-seek" } else { "circle-unseek" })
}

/// `/circles/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "circle/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    id: CircleId,
    stage: Stage,
    members: Vec<String>,
    /// Who was asked and has not answered.
    asked: Vec<String>,
    joined: bool,
    last_at: Option<When>,
    next_at: Option<When>,
    /// The reader's own action.
    action: Option<String>,
    /// Whether there is one that this session cannot open.
    action_closed: bool,
    /// Whether somebody else may be asked.
    has_room: bool,
    /// Who else would like to be in one.
    seekers: Vec<SeekerRow>,
}

async fn show(ctx: Ctx, Path(id): Path<CircleId>) -> Answer {
    show_page(&ctx, id, None).await
}

async fn show_page(ctx: &Ctx, id: CircleId, form: Option<Form>) -> Answer {
    let store = &ctx.app.store;
    let c = store.circle(&ctx.actor, id).await?;
    let seekers = store.circle_seekers(&ctx.actor).await?.unwrap_or_default();
    let form = form.unwrap_or_else(|| {
        let form = Form::empty(ctx.t).with("action", c.action.clone().unwrap_or_default());
        match c.next_at.filter(|at| *at > ctx.now) {
            Some(at) => {
                let local = at.to_zoned_datetime(ctx.app.zone.clone());
                let time = format!("{:02}:{:02}", local.hour(), local.minute());
                form.with("meeting_date", local.date()).with("meeting_time", time)
            }
            None => form,
        }
    });
    let page = Show {
        page: ctx.chrome(),
        form,
        id,
        stage: c.stage,
        has_room: c.members.len() + c.asked.len() < MOST,
        members: c.members,
        asked: c.asked,
        joined: c.joined,
        last_at: c.last_at.map(When),
        next_at: c.next_at.map(When),
        action: c.action,
        action_closed: c.action_closed,
        seekers: seekers.into_iter().map(SeekerRow::from).collect(),
    };
    ctx.form_page(&page.form, &page)
}

async fn finish(ctx: &Ctx, id: CircleId, mut form: Form, result: freerange_store::Result<()>, key: &str) -> Answer {
    match result {
        Ok(()) => ctx.done(&format!("/circles/{id}"), key),
        Err(error) => {
            form.refuse(error)?;
            show_page(ctx, id, Some(form)).await
        }
    }
}

async fn ask(ctx: Ctx, Path(id): Path<CircleId>, mut form: Form) -> Answer {
    let whom = match form.maybe_word::<PersonId>("person") {
        Some(person) => Some(Whom::Seeker(person)),
        None => form.email("email").map(Whom::Email),
    };
    let Some(whom) = whom else { return show_page(&ctx, id, Some(form)).await };
    let result = ctx.app.store.ask_into_circle(&ctx.actor, id, &whom, ctx.now).await;
    finish(&ctx, id, form, result, "circle-asked").await
}

async fn answer(ctx: Ctx, Path(id): Path<CircleId>, mut form: Form) -> Answer {
    let yes = match form.value("answer") {
        "yes" => true,
        "no" => false,
        _ => {
            form.wrong("answer", "choose");
            return show_page(&ctx, id, Some(form)).await;
        }
    };
    let result = ctx.app.store.answer_circle(&ctx.actor, id, yes, ctx.now).await;
    if !yes && result.is_ok() {
        return ctx.done("/circles", "circle-no");
    }
    finish(&ctx, id, form, result, "circle-yes").await
}

async fn meet(ctx: Ctx, Path(id): Path<CircleId>, mut form: Form) -> Answer {
    let Some(at) = form.moment("meeting_date", "meeting_time", ctx.today(), &ctx.app.zone) else {
        return show_page(&ctx, id, Some(form)).await;
    };
    let result = ctx.app.store.set_circle_meeting(&ctx.actor, id, at, &ctx.app.zone, ctx.now).await;
    finish(&ctx, id, form, result, "circle-meeting").await
}

async fn keep(ctx: Ctx, Path(id): Path<CircleId>, mut form: Form) -> Answer {
    let action = form.maybe_prose("action");
    if form.has_errors() {
        return show_page(&ctx, id, Some(form)).await;
    }
    let result = ctx.app.store.keep_circle_action(&ctx.actor, id, action.as_ref()).await;
    finish(&ctx, id, form, result, "circle-action").await
}

async fn leave(ctx: Ctx, Path(id): Path<CircleId>) -> Answer {
    ctx.app.store.leave_circle(&ctx.actor, id, ctx.now).await?;
    ctx.done("/circles", "circle-left")
}
