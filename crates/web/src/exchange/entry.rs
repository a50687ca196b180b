//! Putting people forward: the same form for a city's contact, for whoever runs the exchange, for a
//! colleague and for somebody of another city with a link of their own.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    exchange::{Grade, Stage, Topic, Wish},
    id::{ExchangeId, GoerId, MemberId},
};
use freerange_store::exchange::{GoerEntry, OfGoer, OfMember};
use serde::Serialize;

use super::{Head, Member, WHY, Way, desk, read_window};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const GRADES: &[&str] = &["starting", "experienced", "leading"];
const GOER: &[Field] = &[
    must("label", Kind::Line),
    may("email", Kind::Email),
    must("grade", Kind::Word(GRADES)),
    must("language_1", Kind::Line),
    may("language_2", Kind::Line),
    may("language_3", Kind::Line),
    must("free_from", Kind::Date),
    must("free_to", Kind::Date),
    must("learn", Kind::Prose),
    may("topics", Kind::Many),
    may("wish_1", Kind::Line),
    may("wish_2", Kind::Line),
    may("wish_3", Kind::Line),
    may("anywhere", Kind::Flag),
];
pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::act("/exchanges/{id}/part", GOER, post(take_part)),
        routes::page::<GoerForm>("/exchanges/{id}/members/{member}/people/new", get(new_goer)),
        routes::act("/exchanges/{id}/members/{member}/people", GOER, post(enter_goer)),
        routes::page::<GoerForm>("/exchanges/{id}/people/{goer}", get(edit_goer)),
        routes::act("/exchanges/{id}/people/{goer}", GOER, post(save_goer)),
        routes::act("/exchanges/{id}/people/{goer}/removal", WHY, post(remove_goer)),
        routes::page::<GoerForm>("/rings/{key}/people/new", get(link_new_goer)),
        routes::act("/rings/{key}/people", GOER, post(link_enter_goer)),
        routes::page::<GoerForm>("/rings/{key}/people/{goer}", get(link_edit_goer)),
        routes::act("/rings/{key}/people/{goer}", GOER, post(link_save_goer)),
        routes::act("/rings/{key}/people/{goer}/removal", WHY, post(link_remove_goer)),
    ]
}

/// Somebody is put forward, or changed.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/goer.html")]
pub struct GoerForm {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    /// What may be wished for: a city or a place in one, and what it is called.
    wishes: Vec<(String, String)>,
    /// Whom it is about; nobody yet when new.
    goer: Option<GoerId>,
    #[serde(skip)]
    action: String,
    #[serde(skip)]
    back: String,
    /// Whether it is the reader themselves.
    oneself: bool,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    #[serde(skip)]
    topics: Vec<(&'static str, String)>,
    #[serde(skip)]
    grades: Vec<(&'static str, String)>,
}

pub(crate) fn topics(ctx: &Ctx) -> Vec<(&'static str, String)> {
    Topic::ALL.iter().map(|t| (t.as_str(), ctx.t.of("topic", t.as_str()))).collect()
}

pub(crate) fn grades(ctx: &Ctx) -> Vec<(&'static str, String)> {
    Grade::ALL.iter().map(|g| (g.as_str(), ctx.t.of("exchange-grade", g.as_str()))).collect()
}

/// For whom the form is.
struct For {
    member: Option<MemberId>,
    goer: Option<GoerId>,
    action: String,
    back: String,
    oneself: bool,
}

async fn goer_page(ctx: &Ctx, way: &Way, whom: For, form: Form) -> Answer {
    let x = ctx.app.store.exchange(&way.actor, way.exchange, ctx.now).await?;
    let exchange = Head::from(&x);
    let members: Vec<Member> = x.members.into_iter().map(Member::from).collect();
    let own = |m: &&Member| whom.member.map_or(!m.home, |own| m.id != own);
    let mut wishes = Vec::new();
    for m in members.iter().filter(own) {
        wishes.push((Wish::Member(m.id).to_string(), ctx.t.exchange_anywhere_in(&m.name)));
        wishes.extend(m.posts.iter().map(|p| (Wish::Post(p.id).to_string(), format!("{}: {}", m.name, p.title))));
    }
    let page = GoerForm {
        page: ctx.chrome(),
        form,
        exchange,
        wishes,
        goer: whom.goer,
        action: whom.action,
        back: whom.back,
        oneself: whom.oneself,
        languages: languages(),
        topics: topics(ctx),
        grades: grades(ctx),
    };
    ctx.form_page(&page.form, &page)
}

pub(crate) fn read_languages(form: &mut Form) -> Vec<String> {
    let mut read = Vec::new();
    for name in ["language_1", "language_2", "language_3"] {
        let code = form.value(name).trim().to_owned();
        if code.is_empty() {
            if name == "language_1" {
                form.wrong(name, "choose");
            }
        } else if freerange_domain::language::is_known(&code) {
            read.push(code);
        } else {
            form.wrong(name, "choose");
        }
    }
    read.dedup();
    read
}

fn read_goer(form: &mut Form, ctx: &Ctx) -> Option<GoerEntry> {
    let (label, grade, languages) = (form.line("label"), form.word("grade"), read_languages(form));
    let email = if form.value("email").trim().is_empty() { None } else { form.email("email") };
    let free = read_window(form, ctx, "free_from", "free_to");
    let (learn, topics) = (form.prose("learn"), form.many::<Topic>("topics"));
    if topics.len() > 3 {
        form.wrong("topics", "exchange-three");
    }
    let mut wishes: Vec<Wish> = Vec::new();
    for name in ["wish_1", "wish_2", "wish_3"] {
        if let Some(wish) = form.maybe_word::<Wish>(name)
            && !wishes.contains(&wish)
        {
            wishes.push(wish);
        }
    }
    let anywhere = form.flag("anywhere");
    if wishes.is_empty() && !anywhere {
        form.wrong("wish_1", "exchange-wish");
    }
    if form.has_errors() {
        return None;
    }
    let language = ctx.t.lang().tag().to_owned();
    let (label, grade, free, learn) = (label?, grade?, free?, learn?);
    Some(GoerEntry { label, email, language, grade, languages, free, learn, topics, wishes, anywhere })
}

/// A form filled with what was entered before.
async fn filled(ctx: &Ctx, way: &Way, goer: GoerId) -> Result<(Form, MemberId), crate::problem::Problem> {
    let g = ctx.app.store.exchange_part(&way.actor, (way.exchange, goer)).await?.goer;
    let mut form = Form::empty(ctx.t)
        .with("label", &g.label)
        .with("grade", g.grade)
        .with("free_from", g.free.from())
        .with("free_to", g.free.to())
        .with("learn", &g.learn);
    for (name, code) in ["language_1", "language_2", "language_3"].iter().zip(&g.languages) {
        form = form.with(name, code);
    }
    for (name, wish) in ["wish_1", "wish_2", "wish_3"].iter().zip(&g.wishes) {
        form = form.with(name, wish);
    }
    for topic in &g.topics {
        form = form.with("topics", topic);
    }
    if g.anywhere {
        form = form.with("anywhere", "yes");
    }
    Ok((form, g.member))
}

/// A new form, with the whole season in it.
pub(crate) async fn fresh(ctx: &Ctx, way: &Way) -> Result<Form, crate::problem::Problem> {
    let season = ctx.app.store.exchange(&way.actor, way.exchange, ctx.now).await?.season;
    let form = Form::empty(ctx.t).with("free_from", season.from()).with("free_to", season.to());
    Ok(form.with("language_1", ctx.t.lang().tag()).with("grade", "experienced").with("guests", 1))
}

fn entering(way: &Way, member: MemberId) -> For {
    let enter = way.enter(member);
    For { member: Some(member), goer: None, action: format!("{enter}/people"), back: enter, oneself: false }
}

async fn enter(ctx: &Ctx, way: &Way, member: MemberId, mut form: Form) -> Answer {
    let whom = entering(way, member);
    let Some(entry) = read_goer(&mut form, ctx) else { return goer_page(ctx, way, whom, form).await };
    match ctx.app.store.enter_goer(&way.actor, (way.exchange, member), &entry, ctx.now).await {
        Ok(_) => ctx.done(&whom.back, "exchange-goer-entered"),
        Err(error) => {
            form.refuse(error)?;
            goer_page(ctx, way, whom, form).await
        }
    }
}

fn changing(way: &Way, goer: GoerId, member: Option<MemberId>) -> For {
    let oneself = matches!(way.actor, freerange_store::Actor::Goer { .. });
    let back = member.filter(|_| !oneself).map_or_else(|| way.home(), |member| way.enter(member));
    For { member, goer: Some(goer), action: format!("{}/people/{goer}", way.base), back, oneself }
}

async fn edit(ctx: &Ctx, way: &Way, goer: GoerId) -> Answer {
    let (form, member) = filled(ctx, way, goer).await?;
    goer_page(ctx, way, changing(way, goer, Some(member)), form).await
}

async fn save(ctx: &Ctx, way: &Way, goer: GoerId, mut form: Form) -> Answer {
    let (_, member) = filled(ctx, way, goer).await?;
    let whom = changing(way, goer, Some(member));
    let Some(entry) = read_goer(&mut form, ctx) else { return goer_page(ctx, way, whom, form).await };
    match ctx.app.store.edit_goer(&way.actor, (way.exchange, goer), &entry, ctx.now).await {
        Ok(()) => ctx.done(&home_of(ctx, way, goer, member).await?, "exchange-goer-saved"),
        Err(error) => {
            form.refuse(error)?;
            goer_page(ctx, way, whom, form).await
        }
    }
}

/// Where somebody who changed a part comes back to: their own, or the desk of the city they entered it for.
async fn home_of(ctx: &Ctx, way: &Way, goer: GoerId, member: MemberId) -> Result<String, crate::problem::Problem> {
    if way.by_link {
        return Ok(way.base.clone());
    }
    let own = ctx.app.store.my_exchange_part(&way.actor, way.exchange).await? == Some(goer);
    Ok(if own { format!("{}/part", way.base) } else { way.enter(member) })
}

async fn remove(ctx: &Ctx, way: &Way, goer: GoerId, mut form: Form) -> Answer {
    let (shown, member) = filled(ctx, way, goer).await?;
    let Some(why) = form.reason("why") else {
        let said = form.error("why").unwrap_or_default().to_owned();
        let mut shown = shown.with("why", form.value("why"));
        shown.wrong_saying("why", said);
        return goer_page(ctx, way, changing(way, goer, Some(member)), shown).await;
    };
    let home = home_of(ctx, way, goer, member).await?;
    ctx.app.store.remove_goer(&way.actor, (way.exchange, goer), &why, ctx.now).await?;
    // Their own link opens nothing any more.
    let gone = matches!(way.actor, freerange_store::Actor::Goer { .. });
    ctx.done(if gone { "/practices" } else { &home }, "exchange-goer-removed")
}

// A colleague's own.

pub(crate) async fn own(ctx: Ctx, Path(id): Path<ExchangeId>) -> Answer {
    let way = Way::inside(&ctx, id);
    if let Some(goer) = ctx.app.store.my_exchange_part(&ctx.actor, id).await? {
        return desk::part(&ctx, &way, goer, Form::empty(ctx.t)).await;
    }
    let form = fresh(&ctx, &way).await?;
    let name = ctx.actor.staff().map(|s| s.name.clone()).unwrap_or_default();
    own_page(&ctx, &way, form.with("label", name)).await
}

async fn own_page(ctx: &Ctx, way: &Way, form: Form) -> Answer {
    let (action, back) = (format!("{}/part", way.base), way.base.clone());
    goer_page(ctx, way, For { member: None, goer: None, action, back, oneself: true }, form).await
}

async fn take_part(ctx: Ctx, Path(id): Path<ExchangeId>, mut form: Form) -> Answer {
    let way = Way::inside(&ctx, id);
    let Some(entry) = read_goer(&mut form, &ctx) else { return own_page(&ctx, &way, form).await };
    match ctx.app.store.take_part(&ctx.actor, id, &entry, ctx.now).await {
        Ok(_) => ctx.done(&format!("{}/part", way.base), "exchange-part-taken"),
        Err(error) => {
            form.refuse(error)?;
            own_page(&ctx, &way, form).await
        }
    }
}

// Signed in.

pub(crate) async fn may_enter(ctx: &Ctx, way: &Way, member: MemberId) -> Result<(), crate::problem::Problem> {
    ctx.app.store.exchange_goers(&way.actor, (way.exchange, member)).await.map(|_| ()).map_err(Into::into)
}

async fn new_goer(ctx: Ctx, Path((id, member)): Path<OfMember>) -> Answer {
    let way = Way::inside(&ctx, id);
    may_enter(&ctx, &way, member).await?;
    let form = fresh(&ctx, &way).await?;
    goer_page(&ctx, &way, entering(&way, member), form).await
}

async fn enter_goer(ctx: Ctx, Path((id, member)): Path<OfMember>, form: Form) -> Answer {
    let way = Way::inside(&ctx, id);
    may_enter(&ctx, &way, member).await?;
    enter(&ctx, &way, member, form).await
}

async fn edit_goer(ctx: Ctx, Path((id, goer)): Path<OfGoer>) -> Answer {
    edit(&ctx, &Way::inside(&ctx, id), goer).await
}

async fn save_goer(ctx: Ctx, Path((id, goer)): Path<OfGoer>, form: Form) -> Answer {
    save(&ctx, &Way::inside(&ctx, id), goer, form).await
}

async fn remove_goer(ctx: Ctx, Path((id, goer)): Path<OfGoer>, form: Form) -> Answer {
    remove(&ctx, &Way::inside(&ctx, id), goer, form).await
}

// By link.

async fn link_new_goer(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    let form = fresh(&ctx, &way).await?;
    goer_page(&ctx, &way, entering(&way, way.member()?), form).await
}

async fn link_enter_goer(ctx: Ctx, Path(key): Path<String>, form: Form) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    enter(&ctx, &way, way.member()?, form).await
}

async fn link_edit_goer(ctx: Ctx, Path((key, goer)): Path<(String, GoerId)>) -> Answer {
    edit(&ctx, &Way::by_link(&ctx, &key).await?, goer).await
}

async fn link_save_goer(ctx: Ctx, Path((key, goer)): Path<(String, GoerId)>, form: Form) -> Answer {
    save(&ctx, &Way::by_link(&ctx, &key).await?, goer, form).await
}

async fn link_remove_goer(ctx: Ctx, Path((key, goer)): Path<(String, GoerId)>, form: Form) -> Answer {
    remove(&ctx, &Way::by_link(&ctx, &key).await?, goer, form).await
}
