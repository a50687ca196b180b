//! Visits: the one page of whoever receives guests, by the link in a letter or the code of an invitation, without an
//! account. Who comes and when, under which rules; afterwards what was heard and what became of it; before, a way to
//! call it off.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    code::Code,
    outing::{Guests, Kind as OutingKind, Photos, Publicity, Status},
    placement::Canceller,
};
use freerange_store::{Actor, Token};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

const CALL_OFF: &[Field] = &[must("why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Show>("/visits/{key}", get(show)),
        routes::act("/visits/{key}/cancellation", CALL_OFF, post(call_off)),
    ]
}

/// A visit as those who receive it see it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Visit {
    /// The link's secret or the code, with which it is called off.
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) kind: OutingKind,
    pub(crate) starts_at: When,
    pub(crate) ends_at: When,
    pub(crate) place: Option<String>,
    pub(crate) meeting_point: String,
    pub(crate) organiser: String,
    /// How many people come.
    pub(crate) coming: i64,
    pub(crate) seats: i64,
    pub(crate) guests: Guests,
    pub(crate) notes_allowed: bool,
    pub(crate) photos: Photos,
    pub(crate) publicity: Publicity,
    pub(crate) status: Status,
    pub(crate) status_why: Option<String>,
    /// What was noted, as far as those who said it allow. Without names.
    pub(crate) heard: Vec<String>,
    /// The question it serves, the decision that feeds on it, and its day.
    pub(crate) used_for: Option<(String, String, Day)>,
    /// What was decided.
    pub(crate) outcome: Option<String>,
    /// Changes that rest on it: title and where each stands.
    pub(crate) changes: Vec<(String, String)>,
    pub(crate) told_back: Option<String>,
    pub(crate) told_back_at: Option<When>,
    /// Whether it has begun.
    pub(crate) begun: bool,
    /// Whether the reader may call it off.
    pub(crate) can_call_off: bool,
}

impl Visit {
    /// What the store knows, for a page.
    pub(crate) fn new(v: freerange_store::visit::Visit, key: String, now: Timestamp) -> Self {
        let begun = v.starts_at <= now;
        Self {
            key,
            title: v.title,
            kind: v.kind,
            starts_at: When(v.starts_at),
            ends_at: When(v.ends_at),
            place: v.place,
            meeting_point: v.meeting_point,
            organiser: v.organiser,
            coming: v.coming,
            seats: v.seats,
            guests: v.guests,
            notes_allowed: v.notes_allowed,
            photos: v.photos,
            publicity: v.publicity,
            can_call_off: v.status == Status::Open && !begun,
            status: v.status,
            status_why: v.status_why,
            heard: v.heard,
            used_for: v.used_for.map(|(question, decision, on)| (question, decision, Day(on))),
            outcome: v.outcome,
            changes: v.changes,
            told_back: v.told_back,
            told_back_at: v.told_back_at.map(When),
            begun,
        }
    }
}

/// `/visits/{key}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "visit/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    visit: Visit,
}

/// Who holds this link or code.
async fn holder(ctx: &Ctx, raw: &str) -> Result<Actor, Problem> {
    let store = &ctx.app.store;
    if let Some(token) = Token::parse(raw) {
        return Ok(store.host(&token, ctx.now).await?);
    }
    let code: Code = raw.parse().map_err(|_| Problem::not_found())?;
    Ok(store.inviter(&code, &ctx.from, ctx.now).await?)
}

async fn show(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let who = holder(&ctx, &key).await?;
    show_page(&ctx, &who, key, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, who: &Actor, key: String, form: Form) -> Answer {
    let visit = Visit::new(ctx.app.store.visit(who).await?, key, ctx.now);
    let page = Show { page: ctx.chrome(), form, visit };
    ctx.form_page(&page.form, &page)
}

async fn call_off(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let who = holder(&ctx, &key).await?;
    let visit = ctx.app.store.visit(&who).await?;
    let Some(why) = form.reason("why") else { return show_page(&ctx, &who, key, form).await };
    // As whom they call it off follows from who they are; the store does not take the word of a form for it.
    match ctx.app.store.cancel_outing(&who, visit.outing, Canceller::Host, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/visits/{key}"), "outing-cancelled"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, &who, key, form).await
        }
    }
}
