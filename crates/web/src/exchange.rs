//! Exchange rings: `/exchanges` for colleagues and whoever runs them, `/rings/{key}` for the cities and people of other
//! cities, by the link in a letter. What both can do is written once: a [`Way`] says who asks and under which address.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    exchange::{By, Matching, Stage, Together, Window},
    id::{ChallengeId, ExchangeId, MemberId},
};
use freerange_store::{
    Actor, Token,
    exchange::{Exchange, Joining, Listed, MemberRow, OfMember, Opening},
};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

pub mod desk;
pub mod entry;
pub mod ledger;
pub mod legs;
pub mod matching;
pub mod place;
pub mod proposal;
pub mod waiting;

pub(crate) use waiting::{read_window, todos};

const OPEN: &[Field] = &[
    must("title", Kind::Line),
    may("challenge", Kind::Id),
    must("starts_on", Kind::Date),
    must("ends_on", Kind::Date),
    must("days", Kind::Number),
    must("answers_until", Kind::Date),
    must("most_out", Kind::Number),
    must("tolerance", Kind::Number),
    must("together", Kind::Word(&["each", "all"])),
    // By points when nothing is said.
    may("matching", Kind::Word(&["points", "ranks"])),
    may("longest", Kind::Number),
];
const JOIN: &[Field] = &[
    must("city", Kind::Line),
    must("contact_name", Kind::Line),
    must("contact_email", Kind::Email),
    must("language", Kind::Word(&["en", "ko", "nl", "es"])),
    must("most_out", Kind::Number),
    must("tolerance", Kind::Number),
];
/// Longest ring that is offered as a limit; whoever wants longer ones sets none.
const LENGTHS: i64 = 6;
const LINK: &[Field] = &[may("anew", Kind::Flag)];
pub(crate) const WHY: &[Field] = &[must("why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    let own = vec![
        routes::page::<List>("/exchanges", get(list)),
        routes::act("/exchanges", OPEN, post(open)),
        routes::page::<New>("/exchanges/new", get(new)),
        routes::page::<Show>("/exchanges/{id}", get(show)),
        routes::act("/exchanges/{id}/members", JOIN, post(join)),
        routes::act("/exchanges/{id}/members/{member}/link", LINK, post(link)),
        routes::act("/exchanges/{id}/end", WHY, post(end)),
    ];
    [own, ledger::routes(), desk::routes(), entry::routes(), place::routes(), legs::routes(), proposal::routes()]
        .concat()
}

/// Who asks, and under which address.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) actor: Actor,
    pub(crate) exchange: ExchangeId,
    /// `/exchanges/{id}` or `/rings/{key}`.
    pub(crate) base: String,
    /// Whether by the link in a letter.
    pub(crate) by_link: bool,
}

impl Way {
    /// A colleague, signed in.
    pub(crate) fn inside(ctx: &Ctx, exchange: ExchangeId) -> Self {
        Self { actor: ctx.actor.clone(), exchange, base: format!("/exchanges/{exchange}"), by_link: false }
    }

    /// Whoever holds a link.
    pub(crate) async fn by_link(ctx: &Ctx, key: &str) -> Result<Self, Problem> {
        let token = Token::parse(key).ok_or_else(Problem::not_found)?;
        let actor = ctx.app.store.exchange_actor(&token, ctx.now).await?;
        let (Actor::Partner { exchange, .. } | Actor::Goer { exchange, .. }) = actor else {
            return Err(Problem::not_found());
        };
        Ok(Self { actor, exchange, base: format!("/rings/{key}"), by_link: true })
    }

    /// The city for which the holder of a link enters.
    pub(crate) fn member(&self) -> Result<MemberId, Problem> {
        match &self.actor {
            Actor::Partner { member, .. } => Ok(*member),
            _ => Err(Problem::not_found()),
        }
    }

    /// Where people and places of a city are entered.
    pub(crate) fn enter(&self, member: MemberId) -> String {
        if self.by_link { self.base.clone() } else { format!("{}/members/{member}", self.base) }
    }

    /// Where the reader looks at what concerns them.
    pub(crate) fn home(&self) -> String {
        match &self.actor {
            Actor::Staff(_) if may_run(&self.actor) => format!("{}/proposal", self.base),
            Actor::Staff(_) => format!("{}/part", self.base),
            _ => self.base.clone(),
        }
    }
}

/// Whether the policy lets them run exchanges.
fn may_run(actor: &Actor) -> bool {
    freerange_store::may(actor, freerange_store::Act::RunExchange, &freerange_store::About::nothing()).is_ok()
}

/// From a day to a day, on a page.
#[derive(Debug, Clone, Copy, Serialize, schemars::JsonSchema)]
pub struct Days {
    pub(crate) from: Day,
    pub(crate) to: Day,
}

impl From<Window> for Days {
    fn from(w: Window) -> Self {
        Self { from: Day(w.from()), to: Day(w.to()) }
    }
}

/// An exchange in the list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: ExchangeId,
    title: String,
    season: Days,
    stage: Stage,
    members: i64,
}

impl From<Listed> for Row {
    fn from(x: Listed) -> Self {
        Self { id: x.id, title: x.title, season: x.season.into(), stage: x.state.stage(), members: x.members }
    }
}

/// `/exchanges`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    exchanges: Vec<Row>,
    /// Whether the reader may open one.
    can_run: bool,
}

pub(crate) fn runs(ctx: &Ctx) -> bool {
    may_run(&ctx.actor)
}

async fn list(ctx: Ctx) -> Answer {
    let exchanges = ctx.app.store.exchanges(&ctx.actor).await?.into_iter().map(Row::from).collect();
    ctx.page(&List { page: ctx.chrome(), exchanges, can_run: runs(&ctx) })
}

/// `/exchanges/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Challenges it may serve.
    challenges: Vec<(ChallengeId, String)>,
    /// How long a ring may be.
    #[serde(skip)]
    lengths: Vec<(i64, String)>,
}

async fn new(ctx: Ctx) -> Answer {
    let form = Form::empty(ctx.t)
        .with("days", 5)
        .with("most_out", 2)
        .with("tolerance", 0)
        .with("together", "each")
        .with("matching", By::Points);
    new_page(&ctx, form).await
}

async fn new_page(ctx: &Ctx, form: Form) -> Answer {
    freerange_store::may(&ctx.actor, freerange_store::Act::RunExchange, &freerange_store::About::nothing())?;
    let challenges = ctx.app.store.open_challenges(&ctx.actor).await?;
    let lengths = (2..=LENGTHS).map(|n| (n, ctx.t.exchange_longest_cities(n))).collect();
    let page = New { page: ctx.chrome(), form, challenges, lengths };
    ctx.form_page(&page.form, &page)
}

fn read_open(form: &mut Form, ctx: &Ctx) -> Option<Opening> {
    let (title, challenge) = (form.line("title"), form.maybe_word("challenge"));
    let season = read_window(form, ctx, "starts_on", "ends_on");
    let (days, until) = (form.number("days", 1, 260), form.date("answers_until", ctx.today()));
    if until.is_some_and(|day| day < ctx.today()) {
        form.wrong("answers_until", "date-past");
    }
    if season.zip(days).is_some_and(|(season, days)| season.stay(days).is_none()) {
        form.wrong("days", "exchange-no-room");
    }
    let (most_out, tolerance) = (form.number("most_out", 0, 1_000), form.number("tolerance", 0, 100));
    let together = form.word::<Together>("together");
    let by = form.maybe_word::<By>("matching").unwrap_or(By::Points);
    let longest = if form.value("longest").trim().is_empty() { None } else { form.number("longest", 2, 1_000) };
    let matching = Matching::new(by, longest);
    if let Err(why) = matching {
        form.wrong("longest", why.as_str());
    }
    let home = freerange_domain::text::Line::parse(&ctx.app.city).ok();
    if form.has_errors() {
        return None;
    }
    Some(Opening {
        title: title?,
        challenge,
        season: season?,
        days: days?,
        answers_until: until?,
        together: together?,
        matching: matching.ok()?,
        home: home?,
        most_out: most_out?,
        tolerance: tolerance?,
    })
}

async fn open(ctx: Ctx, mut form: Form) -> Answer {
    let Some(opening) = read_open(&mut form, &ctx) else { return new_page(&ctx, form).await };
    match ctx.app.store.open_exchange(&ctx.actor, &opening, ctx.now).await {
        Ok(id) => ctx.done(&format!("/exchanges/{id}"), "exchange-opened"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, form).await
        }
    }
}

/// A city that takes part.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Member {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) home: bool,
    /// Name and address, for whoever runs the exchange.
    pub(crate) contact: Option<(String, String)>,
    pub(crate) has_link: bool,
    pub(crate) most_out: i64,
    pub(crate) tolerance: i64,
    /// People put forward, for whoever runs the exchange.
    pub(crate) goers: Option<i64>,
    pub(crate) posts: Vec<desk::PostRow>,
}

impl From<MemberRow> for Member {
    fn from(m: MemberRow) -> Self {
        Self {
            id: m.id,
            name: m.name,
            home: m.home,
            contact: m.contact,
            has_link: m.has_link,
            most_out: m.most_out,
            tolerance: m.tolerance,
            goers: m.goers,
            posts: m.posts.into_iter().map(desk::PostRow::from).collect(),
        }
    }
}

/// What an exchange is about, at the head of its pages.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Head {
    pub(crate) id: ExchangeId,
    pub(crate) title: String,
    pub(crate) challenge: Option<(ChallengeId, String)>,
    pub(crate) lead: String,
    pub(crate) season: Days,
    pub(crate) days: i64,
    pub(crate) answers_until: Day,
    pub(crate) together: Together,
    pub(crate) matching: By,
    /// The most cities on a ring; none without a limit.
    pub(crate) longest: Option<i64>,
    pub(crate) stage: Stage,
    pub(crate) ended_why: Option<String>,
}

impl From<&Exchange> for Head {
    fn from(x: &Exchange) -> Self {
        let ended_why = match &x.state {
            freerange_domain::exchange::State::Ended(why) => Some(why.as_str().to_owned()),
            _ => None,
        };
        Self {
            id: x.id,
            title: x.title.clone(),
            challenge: x.challenge.clone(),
            lead: x.lead.clone(),
            season: x.season.into(),
            days: x.days,
            answers_until: Day(x.answers_until),
            together: x.together,
            matching: x.matching.by(),
            longest: x.matching.longest(),
            stage: x.state.stage(),
            ended_why,
        }
    }
}

/// `/exchanges/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    members: Vec<Member>,
    /// Whether the reader runs it.
    can_run: bool,
    /// Whether the reader takes part already.
    takes_part: bool,
    /// Whether a proposal is out.
    proposed: bool,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
}

async fn show(ctx: Ctx, Path(id): Path<ExchangeId>) -> Answer {
    let form = Form::empty(ctx.t).with("most_out", 2).with("tolerance", 0).with("language", ctx.t.lang().tag());
    show_page(&ctx, id, form).await
}

async fn show_page(ctx: &Ctx, id: ExchangeId, form: Form) -> Answer {
    let x = ctx.app.store.exchange(&ctx.actor, id, ctx.now).await?;
    let ours = ["en", "ko", "nl", "es"];
    let page = Show {
        page: ctx.chrome(),
        exchange: Head::from(&x),
        members: x.members.into_iter().map(Member::from).collect(),
        can_run: runs(ctx),
        takes_part: ctx.app.store.my_exchange_part(&ctx.actor, id).await?.is_some(),
        proposed: ctx.app.store.exchange_proposal(&ctx.actor, id).await?.is_some(),
        languages: languages().into_iter().filter(|l| ours.contains(&l.0)).collect(),
        form,
    };
    ctx.form_page(&page.form, &page)
}

fn read_join(form: &mut Form) -> Option<Joining> {
    let (city, name) = (form.line("city"), form.line("contact_name"));
    let (email, language) = (form.email("contact_email"), form.line("language"));
    let (most_out, tolerance) = (form.number("most_out", 0, 1_000), form.number("tolerance", 0, 100));
    Some(Joining {
        city: city?,
        contact_name: name?,
        contact_email: email?,
        language: language?.into_string(),
        most_out: most_out?,
        tolerance: tolerance?,
    })
}

async fn join(ctx: Ctx, Path(id): Path<ExchangeId>, mut form: Form) -> Answer {
    let Some(joining) = read_join(&mut form) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.add_member(&ctx.actor, id, &joining, ctx.now).await {
        Ok(_) => ctx.done(&format!("/exchanges/{id}"), "exchange-joined"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn link(ctx: Ctx, Path(of): Path<OfMember>, form: Form) -> Answer {
    let anew = form.flag("anew");
    ctx.app.store.renew_member_link(&ctx.actor, of, anew, ctx.now).await?;
    ctx.done(&format!("/exchanges/{}", of.0), if anew { "exchange-link-new" } else { "exchange-link-ended" })
}

async fn end(ctx: Ctx, Path(id): Path<ExchangeId>, mut form: Form) -> Answer {
    let Some(why) = form.reason("why") else { return show_page(&ctx, id, form).await };
    match ctx.app.store.end_exchange(&ctx.actor, id, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/exchanges/{id}"), "exchange-ended"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}
