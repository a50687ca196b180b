//! Communities: a neighbourhood's group says come, pause or not on these days with its code and without an account, and sees
//! every visit and what came of it; the notice for its notice board; and the list of groups for whoever enters them.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    code::Code,
    community::{Days, Stance, Weekdays, Word},
    id::{CommunityId, PlaceId},
    outing::{Kind as OutingKind, Status},
    overview::Load,
    people::Email,
    place::Level,
};
use freerange_store::{
    About, Act, Actor,
    community::{Community, Group, Listed},
};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

mod paper;

const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const ENTER: &[Field] = &[
    must("place", Kind::Id),
    must("group_name", Kind::Line),
    must("contact_name", Kind::Line),
    may("contact_email", Kind::Email),
    must("language", Kind::Line),
];
const STANCE: &[Field] =
    &[must("stance", Kind::Word(&["come", "pause"])), may("until", Kind::Date), may("why", Kind::Prose)];
const NEVER_ON: &[Field] = &[may("never_on", Kind::Many)];
const AWAY: &[Field] = &[must("first", Kind::Date), must("last", Kind::Date), may("days_why", Kind::Line)];
// Hidden in the form: nobody can leave them empty.
const FREE: &[Field] = &[may("first", Kind::Date), may("last", Kind::Date)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<List>("/communities", get(list)),
        routes::act("/communities", ENTER, post(enter)),
        routes::page::<Show>("/communities/{key}", get(show)),
        routes::page::<Notice>("/communities/{key}/notice", get(notice)),
        routes::asked_file("/communities/{key}/notice.pdf", paper::file),
        routes::act("/communities/{key}/stance", STANCE, post(stance)),
        routes::act("/communities/{key}/weekdays", NEVER_ON, post(weekdays)),
        routes::act("/communities/{key}/days", AWAY, post(away)),
        routes::act("/communities/{key}/days/removal", FREE, post(free)),
    ]
}

/// What a neighbourhood says, on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WordRow {
    stance: Stance,
    until: Option<Day>,
    never_on: Vec<&'static str>,
}

impl From<&Word> for WordRow {
    fn from(word: &Word) -> Self {
        Self { stance: word.stance, until: word.until.map(Day), never_on: word.never_on.words() }
    }
}

/// A group in the list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: CommunityId,
    place: String,
    name: String,
    /// To read out when somebody rings who has lost it.
    code: String,
    word: WordRow,
}

impl From<Listed> for Row {
    fn from(c: Listed) -> Self {
        let code = c.code.parse::<Code>().map(|code| code.grouped()).unwrap_or_default();
        Self { id: c.id, place: c.place, name: c.name, code, word: WordRow::from(&c.word) }
    }
}

/// `/communities`: for whoever enters them.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "community/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    communities: Vec<Row>,
    #[serde(skip)]
    places: Vec<(PlaceId, String)>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
}

async fn list(ctx: Ctx) -> Answer {
    let form = Form::empty(ctx.t).with("language", ctx.t.lang().tag());
    list_page(&ctx, form).await
}

async fn list_page(ctx: &Ctx, form: Form) -> Answer {
    let store = &ctx.app.store;
    let page = List {
        page: ctx.chrome(),
        communities: store.communities(&ctx.actor).await?.into_iter().map(Row::from).collect(),
        form,
        places: store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect(),
        languages: languages(),
    };
    ctx.form_page(&page.form, &page)
}

fn read_group(form: &mut Form) -> Option<Group> {
    let place = form.word("place");
    let (name, contact_name) = (form.line("group_name"), form.line("contact_name"));
    let contact_email: Option<Email> =
        if form.value("contact_email").trim().is_empty() { None } else { form.email("contact_email") };
    let language = form.line("language");
    if form.has_errors() {
        return None;
    }
    Some(Group {
        place: place?,
        name: name?,
        contact_name: contact_name?,
        contact_email,
        language: language?.into_string(),
    })
}

async fn enter(ctx: Ctx, mut form: Form) -> Answer {
    let Some(group) = read_group(&mut form) else { return list_page(&ctx, form).await };
    let code = ctx.app.store.enter_community(&ctx.actor, &group, ctx.now).await?;
    ctx.done(&format!("/communities/{}", code.grouped()), "community-entered")
}

/// What became of a visit, on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct BecameRow {
    title: String,
    status: &'static str,
    why_not: Option<String>,
}

/// A visit on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct VisitRow {
    title: String,
    kind: OutingKind,
    starts_at: When,
    ends_at: When,
    department: String,
    host: String,
    seats: i64,
    status: Status,
    heard: Vec<String>,
    became: Vec<BecameRow>,
    decided: Option<String>,
    told_back: Option<String>,
    happened: bool,
    /// Until when the city owes a word.
    told_by: When,
    /// Whether it is late with it.
    owes: bool,
}

impl From<freerange_store::community::Visit> for VisitRow {
    fn from(v: freerange_store::community::Visit) -> Self {
        Self {
            owes: v.owes(),
            title: v.title,
            kind: v.kind,
            starts_at: When(v.starts_at),
            ends_at: When(v.ends_at),
            department: v.department,
            host: v.host,
            seats: v.seats,
            status: v.status,
            heard: v.heard,
            became: v
                .became
                .into_iter()
                .map(|b| BecameRow { title: b.title, status: b.status.as_str(), why_not: b.why_not })
                .collect(),
            decided: v.decided,
            told_back: v.told_back,
            happened: v.happened,
            told_by: When(v.told_by),
        }
    }
}

/// Days that do not suit, on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct AwayRow {
    first: Day,
    last: Day,
    why: String,
}

/// `/communities/{key}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "community/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// The code or id with which the reader came.
    key: String,
    place: String,
    place_local: String,
    group: String,
    word: WordRow,
    why: String,
    away: Vec<AwayRow>,
    load: Load,
    planned: Vec<VisitRow>,
    past: Vec<VisitRow>,
    /// Visits of which the city owes a word.
    owed: usize,
    /// Whether the reader may speak for the neighbourhood.
    speaks: bool,
}

/// Whoever comes with the group's code speaks as the group; a colleague comes with the id.
async fn at_the_door(ctx: &Ctx, key: &str) -> Result<(Actor, CommunityId), Problem> {
    if let Ok(id) = key.parse::<CommunityId>() {
        return Ok((ctx.actor.clone(), id));
    }
    let code: Code = key.parse().map_err(|_| Problem::not_found())?;
    match ctx.app.store.neighbours(&code, &ctx.from, ctx.now).await? {
        Actor::Neighbours(id) => Ok((Actor::Neighbours(id), id)),
        _ => Err(Problem::not_found()),
    }
}

async fn show(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let (who, id) = at_the_door(&ctx, &key).await?;
    show_page(&ctx, (&who, id), key, None).await
}

async fn show_page(ctx: &Ctx, (who, id): (&Actor, CommunityId), key: String, form: Option<Form>) -> Answer {
    let c = ctx.app.store.community(who, id, ctx.now).await?;
    let form = form.unwrap_or_else(|| {
        let form = Form::empty(ctx.t).with("stance", c.word.stance).with("why", &c.why);
        let form = c.word.until.map_or(form.clone(), |until| form.with("until", until));
        c.word.never_on.words().into_iter().fold(form, |form, day| form.with("never_on", day))
    });
    let about = About { community: Some(id), ..About::default() };
    let page = Show {
        page: ctx.chrome(),
        form,
        key,
        owed: c.owed(),
        place: c.place,
        place_local: c.place_local,
        group: c.name,
        word: WordRow::from(&c.word),
        why: c.why,
        away: c
            .away
            .into_iter()
            .map(|(days, why)| AwayRow { first: Day(days.first()), last: Day(days.last()), why })
            .collect(),
        load: c.load,
        planned: c.planned.into_iter().map(VisitRow::from).collect(),
        past: c.past.into_iter().map(VisitRow::from).collect(),
        speaks: freerange_store::may(who, Act::SayWelcome, &about).is_ok(),
    };
    ctx.form_page(&page.form, &page)
}

async fn stance(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, id) = at_the_door(&ctx, &key).await?;
    let stance = form.word::<Stance>("stance");
    let until = if form.value("until").is_empty() { None } else { form.date("until", ctx.today()) };
    if stance == Some(Stance::Pause) && until.is_some_and(|day| day < ctx.today()) {
        form.wrong("until", "date-past");
    }
    let why = form.maybe_prose("why").map(|why| why.as_str().to_owned()).unwrap_or_default();
    let (Some(stance), false) = (stance, form.has_errors()) else {
        return show_page(&ctx, (&who, id), key, Some(form)).await;
    };
    match ctx.app.store.say_stance(&who, id, stance, until, &why, (&ctx.app.zone, ctx.now)).await {
        Ok(()) => ctx.done(&format!("/communities/{key}"), "community-said"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, (&who, id), key, Some(form)).await
        }
    }
}

async fn weekdays(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, id) = at_the_door(&ctx, &key).await?;
    let said: Vec<String> = form.many("never_on");
    let days = Weekdays::ALL
        .iter()
        .filter(|(word, _)| said.iter().any(|s| s == word))
        .fold(Weekdays::default(), |days, (_, day)| days.with(*day));
    if said.iter().any(|s| !WEEKDAYS.contains(&s.as_str())) {
        form.wrong("never_on", "choose");
        return show_page(&ctx, (&who, id), key, Some(form)).await;
    }
    match ctx.app.store.say_weekdays(&who, id, days, (&ctx.app.zone, ctx.now)).await {
        Ok(()) => ctx.done(&format!("/communities/{key}"), "community-said"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, (&who, id), key, Some(form)).await
        }
    }
}

fn read_days(form: &mut Form, ctx: &Ctx) -> Option<Days> {
    let (first, last) = (form.date("first", ctx.today()), form.date("last", ctx.today()));
    let days = Days::new(first?, last?);
    if days.is_err() {
        form.wrong("last", "date-too-early");
    }
    days.ok()
}

async fn away(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, id) = at_the_door(&ctx, &key).await?;
    let (days, why) = (read_days(&mut form, &ctx), form.maybe_line("days_why"));
    let (Some(days), false) = (days, form.has_errors()) else {
        return show_page(&ctx, (&who, id), key, Some(form)).await;
    };
    let why = why.map(freerange_domain::text::Line::into_string).unwrap_or_default();
    match ctx.app.store.say_days(&who, id, days, &why, (&ctx.app.zone, ctx.now)).await {
        Ok(()) => ctx.done(&format!("/communities/{key}"), "community-said"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, (&who, id), key, Some(form)).await
        }
    }
}

async fn free(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, id) = at_the_door(&ctx, &key).await?;
    let Some(days) = read_days(&mut form, &ctx) else {
        return show_page(&ctx, (&who, id), key, Some(form)).await;
    };
    ctx.app.store.free_days(&who, id, days, ctx.now).await?;
    ctx.done(&format!("/communities/{key}"), "community-said")
}

/// `/communities/{key}/notice`: to be printed and hung up.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "community/notice.html")]
pub struct Notice {
    #[serde(skip)]
    page: Chrome,
    key: String,
    place_local: String,
    told: Vec<VisitRow>,
    planned: Vec<VisitRow>,
    today: Day,
    /// Why there is no file of it.
    #[serde(skip)]
    problem: Option<String>,
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    tongues: Vec<(&'static str, &'static str)>,
}

/// Most visits on a notice.
const ON_A_NOTICE: usize = 6;

fn told(c: Community) -> (Vec<VisitRow>, Vec<VisitRow>) {
    let told = c.past.into_iter().filter(|v| v.happened).take(ON_A_NOTICE).map(VisitRow::from).collect();
    (told, c.planned.into_iter().take(ON_A_NOTICE).map(VisitRow::from).collect())
}

/// The notice of a neighbourhood, for whoever may see it.
async fn notice_of(ctx: &Ctx, key: &str) -> Result<Notice, Problem> {
    let (who, id) = at_the_door(ctx, key).await?;
    let c = ctx.app.store.community(&who, id, ctx.now).await?;
    let (place_local, language) = (c.place_local.clone(), c.language.clone());
    let (told, planned) = told(c);
    let spoken = freerange_i18n::Lang::parse(&language).unwrap_or(ctx.t.lang());
    let page = ctx.chrome();
    Ok(Notice {
        tongues: page.tongues(),
        page,
        key: key.to_owned(),
        place_local,
        told,
        planned,
        today: Day(ctx.today()),
        problem: None,
        form: Form::empty(ctx.t).with("size", "a4").with("lang", spoken.tag()),
    })
}

async fn notice(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let page = notice_of(&ctx, &key).await?;
    ctx.page(&page)
}
