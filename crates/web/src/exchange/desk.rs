//! A city's desk: its people and places in an exchange, and the legs it is on. By the link in a letter, or for whoever
//! runs the exchange. The same address shows somebody who takes part their own page.

use askama::Template;
use axum::{extract::Path, routing::get};
use freerange_domain::{
    exchange::{Grade, Stage, Topic, Wish},
    id::{ExchangeId, GoerId, MemberId, PostId},
};
use freerange_store::{
    Actor,
    exchange::{Goer, Post},
};
use serde::Serialize;

use super::{Days, Head, Member, Way, legs::Rings};
use crate::{
    chrome::Chrome,
    form::Form,
    request::{Answer, Ctx},
    routes::{self, Route},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Desk>("/exchanges/{id}/members/{member}", get(inside)),
        routes::page::<Desk>("/rings/{key}", get(by_link)).or::<Desk, Part>(),
        routes::page::<Part>("/exchanges/{id}/part", get(super::entry::own)).or::<Part, super::entry::GoerForm>(),
    ]
}

/// A place that receives.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct PostRow {
    pub(crate) id: PostId,
    pub(crate) title: String,
    pub(crate) shows: String,
    pub(crate) topics: Vec<Topic>,
    pub(crate) languages: Vec<String>,
    pub(crate) grades: Vec<Grade>,
    pub(crate) free: Days,
    pub(crate) guests: i64,
}

impl From<Post> for PostRow {
    fn from(p: Post) -> Self {
        Self {
            id: p.id,
            title: p.title,
            shows: p.shows,
            topics: p.topics,
            languages: p.languages,
            grades: p.grades,
            free: p.free.into(),
            guests: p.guests,
        }
    }
}

/// Somebody who takes part.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct GoerRow {
    pub(crate) id: GoerId,
    pub(crate) label: String,
    /// Whether they answer for themselves.
    pub(crate) answers: bool,
    pub(crate) grade: Grade,
    pub(crate) languages: Vec<String>,
    pub(crate) free: Days,
    pub(crate) learn: String,
    pub(crate) topics: Vec<Topic>,
    /// Where they would go, best first, by name.
    pub(crate) wishes: Vec<String>,
    pub(crate) anywhere: bool,
    /// Why no place suits, if none does.
    pub(crate) unfit: Option<&'static str>,
}

/// What a wish is called.
pub(crate) fn called(wish: &Wish, members: &[Member]) -> Option<String> {
    match wish {
        Wish::Member(id) => members.iter().find(|m| m.id == *id).map(|m| m.name.clone()),
        Wish::Post(id) => members
            .iter()
            .find_map(|m| m.posts.iter().find(|p| p.id == *id).map(|p| format!("{}: {}", m.name, p.title))),
    }
}

impl GoerRow {
    pub(crate) fn new(g: Goer, members: &[Member]) -> Self {
        Self {
            id: g.id,
            label: g.label,
            answers: g.answers,
            grade: g.grade,
            languages: g.languages,
            free: g.free.into(),
            learn: g.learn,
            topics: g.topics,
            wishes: g.wishes.iter().filter_map(|w| called(w, members)).collect(),
            anywhere: g.anywhere,
            unfit: g.unfit.map(freerange_domain::exchange::Unfit::as_str),
        }
    }
}

/// `/rings/{key}` of a city, and the same for whoever runs the exchange.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/desk.html")]
pub struct Desk {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    /// The city whose desk it is.
    name: String,
    goers: Vec<GoerRow>,
    posts: Vec<PostRow>,
    /// What the others offer: name and places.
    others: Vec<Member>,
    proposal: Option<Rings>,
    /// Whether people and places may be entered.
    open: bool,
    #[serde(skip)]
    base: String,
    #[serde(skip)]
    enter: String,
    #[serde(skip)]
    by_link: bool,
}

async fn inside(ctx: Ctx, Path((id, member)): Path<(ExchangeId, MemberId)>) -> Answer {
    desk(&ctx, &Way::inside(&ctx, id), member, Form::empty(ctx.t)).await
}

async fn by_link(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    home(&ctx, &way, Form::empty(ctx.t)).await
}

/// The page where somebody looks at what concerns them, with what is wrong with an answer they gave there.
pub(crate) async fn home(ctx: &Ctx, way: &Way, form: Form) -> Answer {
    match &way.actor {
        Actor::Partner { member, .. } => desk(ctx, way, *member, form).await,
        Actor::Goer { goer, .. } => part(ctx, way, *goer, form).await,
        _ if super::runs(ctx) => super::proposal::show_page(ctx, way.exchange, form).await,
        _ => match ctx.app.store.my_exchange_part(&way.actor, way.exchange).await? {
            Some(goer) => part(ctx, way, goer, form).await,
            None => Err(crate::problem::Problem::not_found()),
        },
    }
}

async fn desk(ctx: &Ctx, way: &Way, member: MemberId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let goers = store.exchange_goers(&way.actor, (way.exchange, member)).await?;
    let x = store.exchange(&way.actor, way.exchange, ctx.now).await?;
    let exchange = Head::from(&x);
    let open = x.state.may_enter().is_ok();
    let mut members: Vec<Member> = x.members.into_iter().map(Member::from).collect();
    let goers = goers.into_iter().map(|g| GoerRow::new(g, &members)).collect();
    let at = members.iter().position(|m| m.id == member).ok_or_else(crate::problem::Problem::not_found)?;
    let own = members.remove(at);
    // Whoever runs the exchange has all rings on a page of its own.
    let proposal = if way.by_link { store.exchange_proposal(&way.actor, way.exchange).await? } else { None };
    let page = Desk {
        page: ctx.chrome(),
        form,
        exchange,
        name: own.name,
        goers,
        posts: own.posts,
        others: members,
        proposal: proposal.map(Rings::from),
        open,
        enter: way.enter(member),
        base: way.base.clone(),
        by_link: way.by_link,
    };
    ctx.form_page(&page.form, &page)
}

/// Somebody's own part in an exchange.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/part.html")]
pub struct Part {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    goer: GoerRow,
    city: String,
    others: Vec<Member>,
    proposal: Option<Rings>,
    /// Whether it may be changed.
    open: bool,
    #[serde(skip)]
    base: String,
    #[serde(skip)]
    by_link: bool,
}

pub(crate) async fn part(ctx: &Ctx, way: &Way, goer: GoerId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let part = store.exchange_part(&way.actor, (way.exchange, goer)).await?;
    let x = store.exchange(&way.actor, way.exchange, ctx.now).await?;
    let exchange = Head::from(&x);
    let open = x.state.may_enter().is_ok();
    let own = part.goer.member;
    let members: Vec<Member> = x.members.into_iter().map(Member::from).collect();
    let proposal = store.exchange_proposal(&way.actor, way.exchange).await?;
    // Whoever also runs the exchange sees here what concerns themselves.
    let proposal = proposal.map(Rings::from).map(|rings| rings.of(&part.goer.label));
    let page = Part {
        page: ctx.chrome(),
        form,
        exchange,
        goer: GoerRow::new(part.goer, &members),
        city: part.city,
        others: members.into_iter().filter(|m| m.id != own).collect(),
        proposal,
        open,
        base: way.base.clone(),
        by_link: way.by_link,
    };
    ctx.form_page(&page.form, &page)
}
