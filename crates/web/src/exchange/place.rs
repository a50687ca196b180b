//! Offering places and taking them back: for a city's contact and for whoever runs the exchange.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::id::{MemberId, PostId};
use freerange_store::exchange::{OfMember, OfPost, PostEntry};
use serde::Serialize;

use super::{
    Head, Way,
    entry::{fresh, grades, may_enter, read_languages, topics},
    read_window,
};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const POST: &[Field] = &[
    must("title", Kind::Line),
    must("shows", Kind::Prose),
    may("topics", Kind::Many),
    must("language_1", Kind::Line),
    may("language_2", Kind::Line),
    may("language_3", Kind::Line),
    may("grades", Kind::Many),
    must("free_from", Kind::Date),
    must("free_to", Kind::Date),
    must("guests", Kind::Number),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<PostForm>("/exchanges/{id}/members/{member}/places/new", get(new_post)),
        routes::act("/exchanges/{id}/members/{member}/places", POST, post(enter_post)),
        routes::act("/exchanges/{id}/places/{post}/removal", &[], post(remove_post)),
        routes::page::<PostForm>("/rings/{key}/places/new", get(link_new_post)),
        routes::act("/rings/{key}/places", POST, post(link_enter_post)),
        routes::act("/rings/{key}/places/{post}/removal", &[], post(link_remove_post)),
    ]
}

/// A place is offered.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/post.html")]
pub struct PostForm {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    #[serde(skip)]
    action: String,
    #[serde(skip)]
    back: String,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    #[serde(skip)]
    topics: Vec<(&'static str, String)>,
    #[serde(skip)]
    grades: Vec<(&'static str, String)>,
}

async fn post_page(ctx: &Ctx, way: &Way, member: MemberId, form: Form) -> Answer {
    let x = ctx.app.store.exchange(&way.actor, way.exchange, ctx.now).await?;
    let enter = way.enter(member);
    let page = PostForm {
        page: ctx.chrome(),
        form,
        exchange: Head::from(&x),
        action: format!("{enter}/places"),
        back: enter,
        languages: languages(),
        topics: topics(ctx),
        grades: grades(ctx),
    };
    ctx.form_page(&page.form, &page)
}

fn read_post(form: &mut Form, ctx: &Ctx) -> Option<PostEntry> {
    let (title, shows, topics) = (form.line("title"), form.prose("shows"), form.many("topics"));
    let (languages, grades) = (read_languages(form), form.many("grades"));
    let (free, guests) = (read_window(form, ctx, "free_from", "free_to"), form.number("guests", 1, 100));
    if form.has_errors() {
        return None;
    }
    let (title, shows, free, guests) = (title?, shows?, free?, guests?);
    Some(PostEntry { title, shows, topics, languages, grades, free, guests })
}

async fn offer(ctx: &Ctx, way: &Way, member: MemberId, mut form: Form) -> Answer {
    let Some(entry) = read_post(&mut form, ctx) else { return post_page(ctx, way, member, form).await };
    match ctx.app.store.enter_post(&way.actor, (way.exchange, member), None, &entry, ctx.now).await {
        Ok(_) => ctx.done(&way.enter(member), "exchange-post-entered"),
        Err(error) => {
            form.refuse(error)?;
            post_page(ctx, way, member, form).await
        }
    }
}

async fn new_post(ctx: Ctx, Path((id, member)): Path<OfMember>) -> Answer {
    let way = Way::inside(&ctx, id);
    may_enter(&ctx, &way, member).await?;
    let form = fresh(&ctx, &way).await?;
    post_page(&ctx, &way, member, form).await
}

async fn enter_post(ctx: Ctx, Path((id, member)): Path<OfMember>, form: Form) -> Answer {
    let way = Way::inside(&ctx, id);
    may_enter(&ctx, &way, member).await?;
    offer(&ctx, &way, member, form).await
}

async fn remove_post(ctx: Ctx, Path(of): Path<OfPost>) -> Answer {
    ctx.app.store.remove_post(&ctx.actor, of, ctx.now).await?;
    ctx.done(&format!("/exchanges/{}", of.0), "exchange-post-removed")
}

async fn link_new_post(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    let form = fresh(&ctx, &way).await?;
    post_page(&ctx, &way, way.member()?, form).await
}

async fn link_enter_post(ctx: Ctx, Path(key): Path<String>, form: Form) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    offer(&ctx, &way, way.member()?, form).await
}

async fn link_remove_post(ctx: Ctx, Path((key, post)): Path<(String, PostId)>) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    ctx.app.store.remove_post(&way.actor, (way.exchange, post), ctx.now).await?;
    ctx.done(&way.base, "exchange-post-removed")
}
