//! Coming back: dropping a time that was booked, which is an act with a reason, and the debrief together. Moving is on the
//! page of the placement.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use freerange_domain::{
    id::{DebriefId, PlacementId},
    placement::Stage,
    reflection::Kind as ReflectionKind,
    returning::What,
    text::Reason,
};
use freerange_store::returning::{Fate, Together};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

const WAIVER: &[Field] = &[must("what", Kind::Word(&["reflection", "talk"])), must("drop_why", Kind::Reason)];
const WHEN: &[Field] = &[must("debrief_date", Kind::Date), must("debrief_time", Kind::Time)];
/// From a button: without it there is no form to show again.
const ANSWER: &[Field] = &[may("answer", Kind::Word(&["yes", "no"]))];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::act("/placements/{id}/return-waiver", WAIVER, post(waive)),
        routes::page::<Debrief>("/placements/{id}/debrief", get(debrief)),
        routes::act("/placements/{id}/debrief", WHEN, post(propose)),
        routes::act("/debriefs/{id}/answer", ANSWER, post(answer)),
    ]
}

/// What became of a time to come back.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FateRow {
    pub(crate) what: What,
    pub(crate) dropped: bool,
    /// Why it moved last, or was dropped.
    pub(crate) why: Option<String>,
}

impl From<Fate> for FateRow {
    fn from(f: Fate) -> Self {
        Self { what: f.what, dropped: f.dropped, why: f.why }
    }
}

async fn waive(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let (what, why) = (form.word::<What>("what"), form.checked_text("drop_why", Reason::parse));
    let (Some(what), Some(why)) = (what, why) else { return crate::placement::show_page(&ctx, id, form).await };
    match ctx.app.store.drop_return(&ctx.actor, id, what, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/placements/{id}"), "return-dropped"),
        Err(error) => {
            form.refuse(error)?;
            crate::placement::show_page(&ctx, id, form).await
        }
    }
}

/// A debrief together that is to come.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TogetherRow {
    id: DebriefId,
    at: When,
    /// Who said that they come.
    coming: Vec<String>,
    /// Whether the reader did.
    mine: bool,
}

impl From<Together> for TogetherRow {
    fn from(t: Together) -> Self {
        Self { id: t.id, at: When(t.at), coming: t.coming, mine: t.mine }
    }
}

/// `/placements/{id}/debrief`: alone, or together with those who were on the same outing.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "returning/debrief.html")]
pub struct Debrief {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    placement: PlacementId,
    outing: String,
    /// The one that is to come.
    together: Option<TogetherRow>,
    /// Whether this outing asks for one in writing.
    written: bool,
}

async fn debrief(ctx: Ctx, Path(id): Path<PlacementId>) -> Answer {
    debrief_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn debrief_page(ctx: &Ctx, id: PlacementId, form: Form) -> Answer {
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    if ctx.actor.person() != Some(p.person_id) {
        return Err(Problem::not_found());
    }
    let together = ctx.app.store.debrief_of(&ctx.actor, id, ctx.now).await?;
    let asked = ReflectionKind::asked_by(p.kind.template());
    let page = Debrief {
        page: ctx.chrome(),
        form,
        placement: id,
        outing: p.outing,
        together: together.map(TogetherRow::from),
        written: p.state.stage() == Stage::Debriefing && asked.contains(&ReflectionKind::Debrief),
    };
    ctx.form_page(&page.form, &page)
}

async fn propose(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let Some(at) = form.moment("debrief_date", "debrief_time", ctx.today(), &ctx.app.zone) else {
        return debrief_page(&ctx, id, form).await;
    };
    match ctx.app.store.propose_debrief(&ctx.actor, id, at, ctx.now).await {
        Ok(_) => ctx.done(&format!("/placements/{id}/debrief"), "debrief-proposed"),
        Err(error) => {
            form.refuse(error)?;
            debrief_page(&ctx, id, form).await
        }
    }
}

async fn answer(ctx: Ctx, Path(id): Path<DebriefId>, form: Form) -> Answer {
    let comes = match form.value("answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "problem-unreadable")),
    };
    let placement = ctx.app.store.answer_debrief(&ctx.actor, id, comes, ctx.now).await?;
    ctx.done(&format!("/placements/{placement}/debrief"), if comes { "debrief-yes" } else { "debrief-no" })
}
