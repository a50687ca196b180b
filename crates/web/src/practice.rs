//! Practices: told so that another city can use them. Public pages, an Atom feed, "we adapt this".

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::header,
    response::IntoResponse,
    routing::{get, post},
};
use freerange_domain::{
    id::{ChangeId, NoteId},
    practice::Status,
};
use freerange_store::practice::{Origin, Practice, Telling};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    experiment::PublicRow,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    people::Search,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

mod edit;

const TELL: &[Field] = &[
    may("change", Kind::Id),
    must("title", Kind::Line),
    must("problem", Kind::Prose),
    must("what", Kind::Prose),
    must("how", Kind::Prose),
    must("needed", Kind::Prose),
    must("result", Kind::Prose),
    must("careful", Kind::Prose),
    must("language", Kind::Line),
    may("origin", Kind::Line),
    may("origin_url", Kind::Line),
    may("differs", Kind::Prose),
    may("quotes", Kind::Many),
];
const WITHDRAW: &[Field] = &[must("why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<List, _>("/practices", list),
        routes::act("/practices", TELL, post(tell)),
        routes::asked::<New, _>("/practices/new", new),
        routes::page::<Show>("/practices/{slug}", get(show)),
        routes::act("/practices/{slug}", TELL, post(edit::save)),
        routes::page::<New>("/practices/{slug}/edit", get(edit::show)),
        routes::act("/practices/{slug}/publication", &[], post(publish)),
        routes::act("/practices/{slug}/withdrawal", WITHDRAW, post(withdraw)),
        routes::file("/practices.atom", get(feed)),
    ]
}

/// A practice in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    slug: String,
    title: String,
    problem: String,
    language: String,
    status: Status,
    published_at: Option<When>,
    updated_at: When,
}

impl From<Practice> for Row {
    fn from(p: Practice) -> Self {
        Self {
            slug: p.slug,
            title: p.title,
            problem: p.problem,
            language: p.language,
            status: p.status,
            published_at: p.published_at.map(When),
            updated_at: When(p.updated_at),
        }
    }
}

/// `/practices`: for everybody.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "practice/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    q: String,
    practices: Vec<Row>,
    /// Experiments that ended, whatever they showed.
    experiments: Vec<PublicRow>,
    /// One's own drafts.
    drafts: Vec<Row>,
    number: i64,
    more: bool,
}

async fn list(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let store = &ctx.app.store;
    let found = store.practices(&ctx.actor, &search.q, search.page).await?;
    let experiments = store.published_experiments(&ctx.actor, &search.q).await?;
    let drafts = if ctx.actor.staff().is_some() { store.my_drafts(&ctx.actor).await? } else { Vec::new() };
    ctx.page(&List {
        page: ctx.chrome(),
        q: search.q,
        number: found.number,
        more: found.more,
        practices: found.items.into_iter().map(Row::from).collect(),
        experiments: experiments.into_iter().map(PublicRow::from).collect(),
        drafts: drafts.into_iter().map(Row::from).collect(),
    })
}

/// `/practices/{slug}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "practice/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    practice: Row,
    what: String,
    how: String,
    needed: String,
    result: String,
    careful: String,
    origin: Option<(String, String)>,
    origin_url: Option<String>,
    differs: Option<String>,
    quotes: Vec<String>,
    adaptations: Vec<(String, String)>,
    change: Option<ChangeId>,
    can_publish: bool,
    /// Whether the reader may change it: its author, while it is not public.
    can_edit: bool,
    signed_in: bool,
}

async fn show(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    show_page(&ctx, &slug, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, slug: &str, form: Form) -> Answer {
    let mut p = ctx.app.store.practice(&ctx.actor, slug).await?;
    let about = freerange_store::About::person(p.author_id);
    let can_publish = freerange_store::may(&ctx.actor, freerange_store::Act::PublishPractice, &about).is_ok();
    let take = std::mem::take::<String>;
    let page = Show {
        page: ctx.chrome(),
        form,
        what: take(&mut p.what),
        how: take(&mut p.how),
        needed: take(&mut p.needed),
        result: take(&mut p.result),
        careful: take(&mut p.careful),
        origin: p.origin.take(),
        origin_url: p.origin_url.take(),
        differs: p.differs.take(),
        quotes: std::mem::take(&mut p.quotes),
        adaptations: std::mem::take(&mut p.adaptations),
        change: p.change.filter(|_| ctx.actor.staff().is_some()),
        can_publish,
        can_edit: p.status != Status::Published
            && freerange_store::may(&ctx.actor, freerange_store::Act::EditPractice, &about).is_ok(),
        signed_in: ctx.actor.staff().is_some(),
        practice: Row::from(p),
    };
    ctx.form_page(&page.form, &page)
}

/// `/practices/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "practice/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// The practice that is adapted: its title.
    adapts: Option<String>,
    /// Words of residents that may be quoted.
    quotes: Vec<(NoteId, String)>,
    /// The draft that is changed; nothing when a new one is told.
    editing: Option<String>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
}

/// What a practice tells of, or adapts.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Beginning {
    /// The change it tells of.
    #[serde(default)]
    #[schemars(with = "ChangeId")]
    change: String,
    /// The slug of the practice it adapts.
    #[serde(default)]
    adapts: String,
}

async fn new(ctx: Ctx, Query(from): Query<Beginning>) -> Answer {
    let mut form = Form::empty(ctx.t).with("language", ctx.t.lang().tag());
    if let Ok(id) = from.change.parse::<ChangeId>() {
        let c = ctx.app.store.change(&ctx.actor, id, ctx.today()).await?;
        form = form.with("change", id).with("title", &c.listed.title).with("what", &c.what);
        form = form.with("result", c.result.unwrap_or_default());
    }
    if !from.adapts.is_empty() {
        let p = ctx.app.store.practice(&ctx.actor, &from.adapts).await?;
        form = form.with("origin", &p.slug).with("title", p.title).with("problem", p.problem).with("what", p.what);
        form = form.with("how", p.how).with("needed", p.needed).with("careful", p.careful);
    }
    edit_page(&ctx, None, form).await
}

/// A new practice, or one's own draft to be changed.
async fn edit_page(ctx: &Ctx, editing: Option<String>, form: Form) -> Answer {
    let store = &ctx.app.store;
    freerange_store::may(&ctx.actor, freerange_store::Act::TellPractice, &freerange_store::About::nothing())?;
    let quotes = match form.value("change").parse::<ChangeId>() {
        Ok(id) => {
            let change = store.change(&ctx.actor, id, ctx.today()).await?;
            change.notes.into_iter().filter(|(.., quotable)| *quotable).map(|(id, seen, _)| (id, seen)).collect()
        }
        Err(_) => Vec::new(),
    };
    let adapts = match form.value("origin") {
        "" => None,
        slug => Some(store.practice(&ctx.actor, slug).await?.title),
    };
    let page = New { page: ctx.chrome(), form, adapts, quotes, languages: languages(), editing };
    ctx.form_page(&page.form, &page)
}

async fn origin(form: &mut Form, ctx: &Ctx) -> Result<Option<Origin>, crate::problem::Problem> {
    let (slug, url) = (form.value("origin").to_owned(), form.value("origin_url").trim().to_owned());
    if slug.is_empty() && url.is_empty() {
        return Ok(None);
    }
    let id = if slug.is_empty() { None } else { Some(ctx.app.store.practice(&ctx.actor, &slug).await?.id) };
    let good = url.starts_with("https://") && url.len() <= 400 && !url.contains(char::is_whitespace);
    if !url.is_empty() && !good {
        form.wrong("origin_url", "url");
    }
    let differs = form.prose("differs");
    Ok(differs.map(|differs| Origin { id, url: (!url.is_empty()).then_some(url), differs }))
}

async fn read_telling(ctx: &Ctx, form: &mut Form) -> Result<Option<Telling>, crate::problem::Problem> {
    let (title, problem, what) = (form.line("title"), form.prose("problem"), form.prose("what"));
    let (how, needed) = (form.prose("how"), form.prose("needed"));
    let (result, careful, language) = (form.prose("result"), form.prose("careful"), form.line("language"));
    let (change, quotes) = (form.maybe_word("change"), form.many("quotes"));
    let origin = origin(form, ctx).await?;
    let telling = (|| {
        Some(Telling {
            change,
            title: title?,
            problem: problem?,
            what: what?,
            how: how?,
            needed: needed?,
            result: result?,
            careful: careful?,
            language: language?.into_string(),
            origin,
            quotes,
        })
    })();
    Ok(telling.filter(|_| !form.has_errors()))
}

async fn tell(ctx: Ctx, mut form: Form) -> Answer {
    let Some(telling) = read_telling(&ctx, &mut form).await? else { return edit_page(&ctx, None, form).await };
    match ctx.app.store.tell_practice(&ctx.actor, &telling, ctx.now).await {
        Ok(slug) => ctx.done(&format!("/practices/{slug}"), "practice-told"),
        Err(error) => {
            form.refuse(error)?;
            edit_page(&ctx, None, form).await
        }
    }
}

async fn publish(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    ctx.app.store.publish_practice(&ctx.actor, &slug, true, None, ctx.now).await?;
    ctx.done(&format!("/practices/{slug}"), "practice-published")
}

async fn withdraw(ctx: Ctx, Path(slug): Path<String>, mut form: Form) -> Answer {
    let Some(why) = form.reason("why") else { return show_page(&ctx, &slug, form).await };
    match ctx.app.store.publish_practice(&ctx.actor, &slug, false, Some(&why), ctx.now).await {
        Ok(()) => ctx.done("/practices", "practice-withdrawn"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, &slug, form).await
        }
    }
}

/// The feed (RFC 4287).
#[derive(Debug, Template)]
#[template(path = "practice/feed.xml")]
struct Feed {
    city: String,
    base: String,
    updated: String,
    practices: Vec<Row>,
    experiments: Vec<(PublicRow, String)>,
    title: &'static str,
}

async fn feed(ctx: Ctx) -> Answer {
    let found = ctx.app.store.practices(&freerange_store::Actor::Anybody, "", 1).await?;
    let practices: Vec<Row> = found.items.into_iter().map(Row::from).collect();
    let ended = ctx.app.store.published_experiments(&freerange_store::Actor::Anybody, "").await?;
    let experiments: Vec<(PublicRow, String)> = ended
        .into_iter()
        .map(PublicRow::from)
        .map(|e| {
            let finding = ctx.t.of("finding", e.finding.as_str());
            (e, finding)
        })
        .collect();
    let changed = practices.iter().map(|p| p.updated_at).chain(experiments.iter().map(|(e, _)| e.updated_at));
    let updated = changed.max().map_or(ctx.now, |w| w.0).to_string();
    let feed = Feed {
        city: ctx.app.city.clone(),
        base: ctx.app.base_url.clone(),
        updated,
        practices,
        experiments,
        title: ctx.t.nav_practices(),
    };
    let xml = feed
        .render()
        .map_err(|_| crate::problem::Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "problem-inside"))?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], xml).into_response())
}
