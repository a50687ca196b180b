//! People: signing in and out, one's own account, the staff list, and what is kept about staff.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use freerange_domain::{
    id::PersonId,
    people::{Role, acceptable_password},
};
use freerange_i18n::Lang;
use freerange_store::{
    StoreError, Token,
    policy::{KEPT, Keep},
    session::Attempt,
};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    problem::Problem,
    request::{Answer, Ctx, Done},
    routes::{self, Route},
    values::When,
};

const SIGN_IN: &[Field] =
    &[must("email", Kind::Email), must("password", Kind::Password), may("to", Kind::Word(&["notebook"]))];
mod password;

const LANGUAGE: &[Field] = &[must("lang", Kind::Word(&["en", "ko", "nl", "es"])), may("back", Kind::Line)];
const ROLES: &[Field] = &[may("role", Kind::Many)];
const LINK: &[Field] = &[must("email", Kind::Email)];
const PASSWORD: &[Field] = &[must("new_password", Kind::Password)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<SignIn, _>("/sign-in", sign_in),
        routes::act("/session", SIGN_IN, post(open_session)).answering::<Opened>(),
        routes::act("/session/end", &[], post(end_session)),
        routes::act("/sessions/end", &[], post(end_all_sessions)),
        routes::page::<Forgotten>("/password", get(forgotten)),
        routes::act("/password", LINK, post(send_link)),
        routes::page::<NewPassword>("/password/{token}", get(new_password)),
        routes::act("/password/{token}", PASSWORD, post(set_password)),
        routes::act("/language", LANGUAGE, post(language)),
        routes::page::<Me>("/me", get(me)),
        routes::act("/me/calendar", &[], post(calendar_link)),
        routes::page::<password::ChangePassword>("/me/password", get(password::show)),
        routes::act("/me/password", password::CHANGE, post(password::save)),
        routes::asked::<People, _>("/people", people),
        routes::act("/people/{id}/roles", ROLES, post(roles)),
        routes::page::<WorksCouncil>("/works-council", get(works_council)),
        routes::asked::<Audit, _>("/audit", audit),
        routes::asked::<Outbox, _>("/outbox", outbox),
    ]
}

/// A page number and a text to search for.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(crate) struct Search {
    /// Words to search for.
    #[serde(default)]
    pub(crate) q: String,
    /// Anything: only those with nobody above them.
    #[serde(default)]
    unmanaged: String,
    /// From 1.
    #[serde(default)]
    pub(crate) page: i64,
}

/// `/sign-in`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/sign-in.html")]
pub struct SignIn {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct GoOn {
    /// `notebook` to go back to the notebook on the phone; anything else is the first page.
    #[serde(default)]
    to: String,
}

async fn sign_in(ctx: Ctx, Query(on): Query<GoOn>) -> Answer {
    ctx.page(&SignIn { page: ctx.chrome(), form: Form::empty(ctx.t).with("to", &on.to) })
}

/// What the API answers to a sign-in.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Opened {
    /// The address of the first page.
    see: String,
    /// To be sent as a bearer token.
    token: String,
}

async fn open_session(ctx: Ctx, mut form: Form) -> Answer {
    let attempt =
        Attempt { email: form.value("email"), password: form.value("password"), from: &ctx.from, agent: &ctx.agent };
    let token = match ctx.app.store.sign_in(&attempt, ctx.now).await {
        Ok(token) => token,
        Err(StoreError::WrongPassword) if !ctx.api => {
            form.wrong("email", "wrong-password");
            let page = SignIn { page: ctx.chrome(), form };
            return ctx.form_page(&page.form, &page);
        }
        Err(other) => return Err(other.into()),
    };
    let mut response = if ctx.api {
        axum::Json(Opened { see: "/".to_owned(), token: token.expose().to_owned() }).into_response()
    } else if form.value("to") == "notebook" {
        Redirect::to("/notebook").into_response()
    } else {
        ctx.done("/", "signed-in")?
    };
    set_cookie(&mut response, &ctx, "session", token.expose(), 14 * 86_400, true);
    Ok(response)
}

fn set_cookie(response: &mut axum::response::Response, ctx: &Ctx, name: &str, value: &str, seconds: i64, secret: bool) {
    let secure = if ctx.app.base_url.starts_with("https://") { "; Secure" } else { "" };
    let hidden = if secret { "; HttpOnly" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}{hidden}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

async fn end_session(ctx: Ctx) -> Answer {
    if let Some(token) = &ctx.token {
        ctx.app.store.sign_out(token).await?;
    }
    let mut response = ctx.done("/", "signed-out")?;
    set_cookie(&mut response, &ctx, "session", "", 0, true);
    Ok(response)
}

async fn end_all_sessions(ctx: Ctx) -> Answer {
    ctx.app.store.sign_out_everywhere(&ctx.actor).await?;
    let mut response = ctx.done("/", "signed-out-everywhere")?;
    set_cookie(&mut response, &ctx, "session", "", 0, true);
    Ok(response)
}

/// `/password`: for whoever has no password or forgot it.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/forgotten.html")]
pub struct Forgotten {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

async fn forgotten(ctx: Ctx) -> Answer {
    ctx.page(&Forgotten { page: ctx.chrome(), form: Form::empty(ctx.t) })
}

async fn send_link(ctx: Ctx, mut form: Form) -> Answer {
    let Some(email) = form.email("email") else {
        let page = Forgotten { page: ctx.chrome(), form };
        return ctx.form_page(&page.form, &page);
    };
    ctx.app.store.send_password_link(&email, &ctx.from, ctx.now).await?;
    // The same sentence whether there is such a person or not.
    ctx.done("/sign-in", "link-sent")
}

/// `/password/{token}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/password.html")]
pub struct NewPassword {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

fn token(raw: &str) -> Result<Token, Problem> {
    Token::parse(raw).ok_or(Problem::new(StatusCode::NOT_FOUND, "problem-link-ended"))
}

fn ended(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound => Problem::new(StatusCode::NOT_FOUND, "problem-link-ended"),
        other => other.into(),
    }
}

async fn new_password(ctx: Ctx, Path(raw): Path<String>) -> Answer {
    ctx.app.store.password_link_opens(&token(&raw)?, ctx.now).await.map_err(ended)?;
    ctx.page(&NewPassword { page: ctx.chrome(), form: Form::empty(ctx.t) })
}

async fn set_password(ctx: Ctx, Path(raw): Path<String>, mut form: Form) -> Answer {
    let token = token(&raw)?;
    if let Err(weak) = acceptable_password(form.value("new_password")) {
        ctx.app.store.password_link_opens(&token, ctx.now).await.map_err(ended)?;
        form.wrong("new_password", weak.as_str());
        let page = NewPassword { page: ctx.chrome(), form };
        return ctx.form_page(&page.form, &page);
    }
    ctx.app.store.set_password(&token, form.value("new_password"), ctx.now).await.map_err(ended)?;
    ctx.done("/sign-in", "password-set")
}

/// A path of this site and nothing else: never an address that leads away.
fn back(raw: &str) -> &str {
    let here = raw.starts_with('/')
        && !raw.starts_with("//")
        && !raw.contains('\\')
        && raw.bytes().all(|b| b.is_ascii_graphic());
    if here { raw } else { "/" }
}

async fn language(ctx: Ctx, mut form: Form) -> Answer {
    let Some(lang) = Lang::parse(form.value("lang")) else {
        form.wrong("lang", "choose");
        let page = SignIn { page: ctx.chrome(), form };
        return ctx.form_page(&page.form, &page);
    };
    ctx.app.store.set_language(&ctx.actor, lang.tag()).await?;
    let to = back(form.value("back")).to_owned();
    let mut response = if ctx.api {
        axum::Json(Done { see: to }).into_response()
    } else {
        axum::response::Redirect::to(&to).into_response()
    };
    set_cookie(&mut response, &ctx, "lang", lang.tag(), 365 * 86_400, false);
    Ok(response)
}

/// One of one's own sessions.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SessionRow {
    created_at: When,
    seen_at: When,
    agent: String,
}

/// `/me`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/me.html")]
pub struct Me {
    #[serde(skip)]
    page: Chrome,
    name: String,
    roles: Vec<Role>,
    sessions: Vec<SessionRow>,
    /// The address of the calendar, shown once after it was made.
    calendar: Option<String>,
}

async fn me(ctx: Ctx) -> Answer {
    me_page(&ctx, None).await
}

async fn me_page(ctx: &Ctx, calendar: Option<String>) -> Answer {
    let sessions = ctx.app.store.sessions(&ctx.actor, ctx.now).await?;
    let staff = ctx.actor.staff().ok_or(Problem::not_found())?;
    ctx.page(&Me {
        page: ctx.chrome(),
        name: staff.name.clone(),
        roles: staff.roles.clone(),
        sessions: sessions
            .into_iter()
            .map(|s| SessionRow { created_at: When(s.created_at), seen_at: When(s.seen_at), agent: s.agent })
            .collect(),
        calendar,
    })
}

async fn calendar_link(ctx: Ctx) -> Answer {
    let token = ctx.app.store.new_calendar_link(&ctx.actor, ctx.now).await?;
    let link = ctx.link(&format!("/calendar/{}.ics", token.expose()));
    if ctx.api {
        return ctx.done(&link, "calendar");
    }
    me_page(&ctx, Some(link)).await
}

/// A line of the staff list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct PersonRow {
    id: PersonId,
    name: String,
    email: String,
    team: String,
    grade: String,
    active: bool,
    roles: Vec<Role>,
}

/// `/people`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/list.html")]
pub struct People {
    #[serde(skip)]
    page: Chrome,
    q: String,
    people: Vec<PersonRow>,
    number: i64,
    more: bool,
    /// Whether the reader may give roles.
    can_grant: bool,
}

async fn people(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let store = &ctx.app.store;
    let found = if search.unmanaged.is_empty() {
        store.staff_list(&ctx.actor, &search.q, search.page).await?
    } else {
        store.staff_without_manager(&ctx.actor, search.page).await?
    };
    ctx.page(&People {
        page: ctx.chrome(),
        q: search.q,
        number: found.number,
        more: found.more,
        people: found
            .items
            .into_iter()
            .map(|p| PersonRow {
                id: p.id,
                name: p.name,
                email: p.email,
                team: p.team,
                grade: p.grade,
                active: p.active,
                roles: p.roles,
            })
            .collect(),
        can_grant: freerange_store::may(
            &ctx.actor,
            freerange_store::Act::GrantRole,
            &freerange_store::About::nothing(),
        )
        .is_ok(),
    })
}

async fn roles(ctx: Ctx, Path(id): Path<PersonId>, mut form: Form) -> Answer {
    let wanted: Vec<Role> = form.many("role");
    if form.has_errors() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "problem-unreadable"));
    }
    ctx.app.store.set_roles(&ctx.actor, id, &wanted, ctx.now).await?;
    ctx.done("/people", "roles-set")
}

/// One kind of thing that is kept.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct KeptRow {
    what: String,
    seen_by: Vec<String>,
    /// Days it is kept after it is over; none when until withdrawn.
    days: Option<i64>,
    #[serde(skip)]
    how_long: String,
}

/// One act and who may do it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ActRow {
    act: String,
    who: Vec<String>,
}

/// `/works-council`: made from the rules the program enforces.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/works-council.html")]
pub struct WorksCouncil {
    #[serde(skip)]
    page: Chrome,
    kept: Vec<KeptRow>,
    acts: Vec<ActRow>,
}

async fn works_council(ctx: Ctx) -> Answer {
    use freerange_store::{About, Act, may, policy::Who};
    may(&ctx.actor, Act::SeeWhatIsKept, &About::nothing())?;
    let named = |of: &[Who]| of.iter().map(|w| ctx.t.of("who", w.key())).collect::<Vec<_>>();
    let who = |act: Act| {
        let mut who = named(act.allowed());
        if !act.barred().is_empty() {
            who.push(ctx.t.works_council_but_not(named(act.barred()).join(", ")));
        }
        who
    };
    let kept = KEPT
        .iter()
        .map(|k| {
            let (days, how_long) = match k.keep {
                Keep::Employed(days) => (Some(days), ctx.t.keep_employed(days)),
                Keep::Days(days) => (Some(days), ctx.t.keep_days(days)),
                Keep::WithRecord(days) => (Some(days), ctx.t.keep_with_record(days)),
                Keep::AtMost(days) => (Some(days), ctx.t.keep_at_most(days)),
                Keep::UntilWithdrawn => (None, ctx.t.keep_until_withdrawn().to_owned()),
            };
            KeptRow {
                what: ctx.t.by_key(k.key),
                seen_by: k.seen_by.map_or_else(|| vec![ctx.t.of("who", "nobody")], who),
                days,
                how_long,
            }
        })
        .collect();
    let acts = Act::ALL.iter().map(|a| ActRow { act: ctx.t.of("act", a.key()), who: who(*a) }).collect();
    ctx.page(&WorksCouncil { page: ctx.chrome(), kept, acts })
}

/// An entry of the audit log.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct AuditRow {
    at: When,
    actor: String,
    act: String,
    subject: String,
}

/// `/audit`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/audit.html")]
pub struct Audit {
    #[serde(skip)]
    page: Chrome,
    entries: Vec<AuditRow>,
    number: i64,
    more: bool,
}

async fn audit(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let log = ctx.app.store.audit_log(&ctx.actor, search.page).await?;
    ctx.page(&Audit {
        page: ctx.chrome(),
        number: log.number,
        more: log.more,
        entries: log
            .items
            .into_iter()
            .map(|e| AuditRow { at: When(e.at), actor: e.actor, act: ctx.t.of("act", &e.act), subject: e.subject })
            .collect(),
    })
}

/// A letter.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LetterRow {
    to: String,
    subject: String,
    body: String,
    created_at: When,
    sent_at: Option<When>,
    problem: Option<String>,
    /// Addresses of this server that stand in it.
    links: Vec<String>,
}

/// `/outbox`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/outbox.html")]
pub struct Outbox {
    #[serde(skip)]
    page: Chrome,
    letters: Vec<LetterRow>,
    number: i64,
    more: bool,
}

async fn outbox(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let found = ctx.app.store.outbox(&ctx.actor, search.page).await?;
    let letters = found
        .items
        .into_iter()
        .map(|w| LetterRow {
            // A letter for its reader alone does not say for whom it is.
            to: if w.letter.to_email.is_empty() {
                ctx.t.outbox_private_to().to_owned()
            } else {
                format!("{} <{}>", w.letter.to_name, w.letter.to_email)
            },
            subject: if w.letter.to_email.is_empty() { ctx.t.outbox_private().to_owned() } else { w.letter.subject },
            links: links(&w.letter.body, &ctx.app.base_url),
            // Outside the demo a letter is for its reader; the administrator sees that it waits, not what it opens.
            body: if ctx.app.demo { w.letter.body } else { String::new() },
            created_at: When(w.created_at),
            sent_at: w.sent_at.map(When),
            problem: w.problem,
        })
        .map(|l| if ctx.app.demo { l } else { LetterRow { links: Vec::new(), ..l } })
        .collect();
    ctx.page(&Outbox { page: ctx.chrome(), letters, number: found.number, more: found.more })
}

fn links(body: &str, base: &str) -> Vec<String> {
    body.split_whitespace()
        .filter_map(|w| w.strip_prefix(base))
        .filter(|p| p.starts_with('/'))
        .map(str::to_owned)
        .collect()
}
