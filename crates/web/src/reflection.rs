//! Reflections: evening stop, letter home, debrief and what else the kind of outing asks. Private until shared.

use std::{collections::BTreeMap, sync::LazyLock};

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    id::{PlacementId, ReflectionId},
    reflection::Kind as ReflectionKind,
};
use freerange_store::reflection::{Reflection, Shared};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

/// The questions of all moments: each asks its own.
static WRITE: LazyLock<Vec<Field>> =
    LazyLock::new(|| ReflectionKind::all_questions().into_iter().map(|q| may(q, Kind::Prose)).collect());

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<List>("/reflections", get(list)),
        routes::page::<Write>("/placements/{id}/reflections/{kind}", get(write)),
        routes::act("/placements/{id}/reflections/{kind}", &WRITE, post(keep)),
        routes::act("/reflections/{id}/sharing", &[], post(share)),
        routes::act("/reflections/{id}/privacy", &[], post(unshare)),
    ]
}

/// One's own reflection.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: ReflectionId,
    placement: PlacementId,
    outing: String,
    kind: ReflectionKind,
    /// What was written; none when the diary is closed in this session.
    answers: Option<BTreeMap<String, String>>,
    shared: bool,
    updated_at: When,
}

impl From<Reflection> for Row {
    fn from(r: Reflection) -> Self {
        Self {
            id: r.id,
            placement: r.placement_id,
            outing: r.outing,
            kind: r.kind,
            answers: r.answers,
            shared: r.shared_at.is_some(),
            updated_at: When(r.updated_at),
        }
    }
}

/// What somebody shared.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SharedRow {
    pub(crate) author: String,
    pub(crate) outing: String,
    pub(crate) kind: ReflectionKind,
    pub(crate) answers: BTreeMap<String, String>,
    pub(crate) shared_at: When,
}

impl From<Shared> for SharedRow {
    fn from(s: Shared) -> Self {
        Self { author: s.author, outing: s.outing, kind: s.kind, answers: s.answers, shared_at: When(s.shared_at) }
    }
}

/// `/reflections`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "reflection/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    reflections: Vec<Row>,
}

async fn list(ctx: Ctx) -> Answer {
    let mine = ctx.app.store.my_reflections(&ctx.actor, None).await?;
    ctx.page(&List { page: ctx.chrome(), reflections: mine.into_iter().map(Row::from).collect() })
}

/// `/placements/{id}/reflections/{kind}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "reflection/write.html")]
pub struct Write {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    placement: PlacementId,
    outing: String,
    kind: ReflectionKind,
    questions: Vec<&'static str>,
    shared: bool,
}

fn kind(raw: &str) -> Result<ReflectionKind, Problem> {
    raw.parse().map_err(|_| Problem::not_found())
}

async fn write(ctx: Ctx, Path((id, raw)): Path<(PlacementId, String)>) -> Answer {
    let kind = kind(&raw)?;
    let mut form = Form::empty(ctx.t);
    let known = ctx.app.store.my_reflections(&ctx.actor, Some(id)).await?.into_iter().find(|r| r.kind == kind);
    let answers = known.and_then(|r| r.answers).unwrap_or_default();
    for question in kind.questions() {
        form = form.with(question, answers.get(*question).cloned().unwrap_or_default());
    }
    write_page(&ctx, id, kind, form).await
}

async fn write_page(ctx: &Ctx, id: PlacementId, kind: ReflectionKind, form: Form) -> Answer {
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    let about = freerange_store::About::person(p.person_id);
    freerange_store::may(&ctx.actor, freerange_store::Act::SeePrivateReflection, &about)?;
    let shared = ctx
        .app
        .store
        .my_reflections(&ctx.actor, Some(id))
        .await?
        .iter()
        .any(|r| r.kind == kind && r.shared_at.is_some());
    let questions = kind.questions().to_vec();
    let page = Write { page: ctx.chrome(), form, placement: id, outing: p.outing, kind, questions, shared };
    ctx.form_page(&page.form, &page)
}

async fn keep(ctx: Ctx, Path((id, raw)): Path<(PlacementId, String)>, mut form: Form) -> Answer {
    let kind = kind(&raw)?;
    let mut answers = BTreeMap::new();
    for question in kind.questions() {
        if let Some(answer) = form.maybe_prose(question) {
            answers.insert((*question).to_owned(), answer.as_str().to_owned());
        }
    }
    if answers.is_empty() && !form.has_errors() {
        form.wrong(kind.questions()[0], "empty");
    }
    if form.has_errors() {
        return write_page(&ctx, id, kind, form).await;
    }
    ctx.app.store.write_reflection(&ctx.actor, id, kind, &answers, ctx.now).await?;
    ctx.done("/reflections", "reflection-kept")
}

async fn share(ctx: Ctx, Path(id): Path<ReflectionId>) -> Answer {
    ctx.app.store.share_reflection(&ctx.actor, id, ctx.now).await?;
    ctx.done("/reflections", "reflection-shared")
}

async fn unshare(ctx: Ctx, Path(id): Path<ReflectionId>) -> Answer {
    ctx.app.store.unshare_reflection(&ctx.actor, id).await?;
    ctx.done("/reflections", "reflection-private")
}
