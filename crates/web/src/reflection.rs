//! Reflections: evening stop, letter home, debrief and what else the kind of outing asks. Private until shared.

use std::{collections::BTreeMap, sync::LazyLock};

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
use freerange_domain::{
    id::{PlacementId, ReflectionId},
    reflection::{Evenings, Kind as ReflectionKind, Moment},
};
use freerange_store::reflection::{Reflection, Shared};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

/// The questions of all moments: each asks its own.
static WRITE: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let questions = ReflectionKind::all_questions().into_iter().map(|q| may(q, Kind::Prose));
    std::iter::once(may("day", Kind::Date)).chain(questions).collect()
});

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<List>("/reflections", get(list)),
        routes::asked::<Write, _>("/placements/{id}/reflections/{kind}", write),
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
    /// Of an evening, which.
    day: Option<Day>,
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
            day: r.day.map(Day),
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
    /// Of an evening, which.
    pub(crate) day: Option<Day>,
    pub(crate) answers: BTreeMap<String, String>,
    pub(crate) shared_at: When,
}

impl From<Shared> for SharedRow {
    fn from(s: Shared) -> Self {
        Self {
            author: s.author,
            outing: s.outing,
            kind: s.kind,
            day: s.day.map(Day),
            answers: s.answers,
            shared_at: When(s.shared_at),
        }
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
    /// Of an evening, which.
    day: Option<Day>,
    /// The other evenings on which something was written, by day.
    evenings: Vec<Day>,
    questions: Vec<&'static str>,
    shared: bool,
}

/// Which evening; today's when nothing is said.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct OfDay {
    /// The day of it.
    #[serde(default)]
    #[schemars(with = "Day")]
    day: String,
}

fn kind(raw: &str) -> Result<ReflectionKind, Problem> {
    raw.parse().map_err(|_| Problem::not_found())
}

/// The moment that an address or a form names: an evening of the outing that has come, or one of the other kinds.
async fn moment(ctx: &Ctx, id: PlacementId, kind: ReflectionKind, day: &str) -> Result<Option<Moment>, Problem> {
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    let evenings = Evenings::of(p.starts_at, p.ends_at, ctx.now, &ctx.app.zone);
    let day: Option<Date> = if day.is_empty() { Some(evenings.latest()) } else { day.parse().ok() };
    let good = day.filter(|d| !kind.by_the_day() || evenings.have(*d));
    Ok(good.map(|day| Moment::of(kind, day)))
}

async fn write(ctx: Ctx, Path((id, raw)): Path<(PlacementId, String)>, Query(of): Query<OfDay>) -> Answer {
    let moment = moment(&ctx, id, kind(&raw)?, &of.day).await?.ok_or(Problem::not_found())?;
    let mine = ctx.app.store.my_reflections(&ctx.actor, Some(id)).await?;
    let known = mine.into_iter().find(|r| Moment::of(r.kind, r.day.unwrap_or_default()) == moment);
    let form = filled(&ctx, moment.kind(), known.and_then(|r| r.answers).unwrap_or_default());
    write_page(&ctx, id, moment, form).await
}

/// The form with what was written.
fn filled(ctx: &Ctx, kind: ReflectionKind, answers: BTreeMap<String, String>) -> Form {
    let mut answers = answers;
    kind.questions()
        .iter()
        .fold(Form::empty(ctx.t), |form, question| form.with(question, answers.remove(*question).unwrap_or_default()))
}

async fn write_page(ctx: &Ctx, id: PlacementId, moment: Moment, form: Form) -> Answer {
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    let about = freerange_store::About::person(p.person_id);
    freerange_store::may(&ctx.actor, freerange_store::Act::SeePrivateReflection, &about)?;
    let mine = ctx.app.store.my_reflections(&ctx.actor, Some(id)).await?;
    let kind = moment.kind();
    let page = Write {
        page: ctx.chrome(),
        form,
        placement: id,
        outing: p.outing,
        kind,
        day: moment.day().map(Day),
        evenings: mine
            .iter()
            .filter(|r| r.kind == kind && r.day != moment.day())
            .filter_map(|r| r.day.map(Day))
            .rev()
            .collect(),
        questions: kind.questions().to_vec(),
        shared: mine.iter().any(|r| r.kind == kind && r.day == moment.day() && r.shared_at.is_some()),
    };
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
    let moment = if let Some(moment) = moment(&ctx, id, kind, form.value("day")).await? {
        moment
    } else {
        form.wrong("day", "not-an-evening");
        moment_of_today(&ctx, id, kind).await?
    };
    if form.has_errors() {
        return write_page(&ctx, id, moment, form).await;
    }
    match ctx.app.store.write_reflection(&ctx.actor, id, moment, &answers, ctx.now).await {
        Ok(_) => ctx.done("/reflections", "reflection-kept"),
        Err(error) => {
            form.refuse(error)?;
            write_page(&ctx, id, moment, form).await
        }
    }
}

async fn moment_of_today(ctx: &Ctx, id: PlacementId, kind: ReflectionKind) -> Result<Moment, Problem> {
    moment(ctx, id, kind, "").await?.ok_or(Problem::not_found())
}

async fn share(ctx: Ctx, Path(id): Path<ReflectionId>) -> Answer {
    match ctx.app.store.share_reflection(&ctx.actor, id, ctx.now).await {
        Ok(()) => ctx.done("/reflections", "reflection-shared"),
        // Its page opens with the reason beside the answer that it is about.
        Err(error) => {
            let mine = ctx.app.store.my_reflections(&ctx.actor, None).await?;
            let known = mine.into_iter().find(|r| r.id == id).ok_or(Problem::not_found())?;
            let mut form = filled(&ctx, known.kind, known.answers.unwrap_or_default());
            form.refuse(error)?;
            let moment = Moment::of(known.kind, known.day.unwrap_or_default());
            write_page(&ctx, known.placement_id, moment, form).await
        }
    }
}

async fn unshare(ctx: Ctx, Path(id): Path<ReflectionId>) -> Answer {
    ctx.app.store.unshare_reflection(&ctx.actor, id).await?;
    ctx.done("/reflections", "reflection-private")
}
