//! Challenges: why go. `/challenges`, `/challenges/new`, `/challenges/{id}`.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
use freerange_domain::{
    challenge::{Ask, Outcome, Status},
    id::{ChallengeId, PersonId, PlaceId},
    place::Level,
};
use freerange_store::challenge::{Challenge, Listed};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

mod edit;

const ASK: &[Field] = &[
    must("title", Kind::Line),
    must("question", Kind::Prose),
    must("why", Kind::Prose),
    must("decision", Kind::Line),
    must("decision_on", Kind::Date),
    may("place", Kind::Id),
];

const CLOSE: &[Field] =
    &[must("status", Kind::Word(&["decided", "ended"])), may("outcome", Kind::Prose), must("why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<List, _>("/challenges", list),
        routes::act("/challenges", ASK, post(ask)),
        routes::page::<New>("/challenges/new", get(new)),
        routes::page::<Show>("/challenges/{id}", get(show)),
        routes::act("/challenges/{id}", ASK, post(edit::save)),
        routes::page::<New>("/challenges/{id}/edit", get(edit::show)),
        routes::act("/challenges/{id}/outcome", CLOSE, post(close)),
    ]
}

/// What is searched for.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Search {
    /// Words to search for.
    #[serde(default)]
    q: String,
    /// Only with this status.
    #[serde(default)]
    #[schemars(with = "Status")]
    status: String,
    /// From 1.
    #[serde(default)]
    page: i64,
}

/// A challenge in the list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: ChallengeId,
    pub(crate) title: String,
    pub(crate) decision: String,
    pub(crate) decision_on: Day,
    pub(crate) status: Status,
    pub(crate) owner: String,
    pub(crate) outings: i64,
    pub(crate) notes: i64,
}

impl From<Listed> for Row {
    fn from(c: Listed) -> Self {
        Self {
            id: c.id,
            title: c.title,
            decision: c.decision,
            decision_on: Day(c.decision_on),
            status: c.status,
            owner: c.owner,
            outings: c.outings,
            notes: c.notes,
        }
    }
}

/// `/challenges`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "challenge/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    q: String,
    status: Option<Status>,
    challenges: Vec<Row>,
    number: i64,
    more: bool,
}

async fn list(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let status = search.status.parse().ok();
    let found = ctx.app.store.challenges(&ctx.actor, status, &search.q, search.page).await?;
    ctx.page(&List {
        page: ctx.chrome(),
        q: search.q,
        status,
        number: found.number,
        more: found.more,
        challenges: found.items.into_iter().map(Row::from).collect(),
    })
}

/// `/challenges/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "challenge/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Places to choose from.
    places: Vec<(PlaceId, String)>,
    /// The challenge whose words are changed; nothing when a new one is asked.
    editing: Option<ChallengeId>,
}

async fn new(ctx: Ctx) -> Answer {
    new_page(&ctx, Form::empty(ctx.t)).await
}

async fn new_page(ctx: &Ctx, form: Form) -> Answer {
    freerange_store::may(&ctx.actor, freerange_store::Act::AskChallenge, &freerange_store::About::nothing())?;
    let places = ctx.app.store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let page = New { page: ctx.chrome(), form, places, editing: None };
    ctx.form_page(&page.form, &page)
}

fn read_ask(form: &mut Form, ctx: &Ctx, earliest: Date) -> Option<(Ask, Option<PlaceId>)> {
    let (title, question, why) = (form.line("title"), form.prose("question"), form.prose("why"));
    let (decision, on, place) =
        (form.line("decision"), form.date("decision_on", ctx.today()), form.maybe_word("place"));
    if on.is_some_and(|on| on < earliest) {
        form.wrong("decision_on", "date-past");
    }
    if form.has_errors() {
        return None;
    }
    let ask = Ask { title: title?, question: question?, why: why?, decision: decision?, decision_on: on? };
    Some((ask, place))
}

async fn ask(ctx: Ctx, mut form: Form) -> Answer {
    let Some((ask, place)) = read_ask(&mut form, &ctx, ctx.today()) else { return new_page(&ctx, form).await };
    match ctx.app.store.ask_challenge(&ctx.actor, &ask, place, ctx.now).await {
        Ok(id) => ctx.done(&format!("/challenges/{id}"), "challenge-asked"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, form).await
        }
    }
}

/// `/challenges/{id}`: everything learned about it in one place.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "challenge/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    id: ChallengeId,
    title: String,
    question: String,
    why: String,
    decision: String,
    decision_on: Day,
    owner_id: PersonId,
    owner: String,
    place: Option<String>,
    status: Status,
    outcome: Option<String>,
    outcome_why: Option<String>,
    /// Whether the reader may change its words, decide or end it.
    can_close: bool,
    /// Whether the reader may hand it over.
    can_hand_over: bool,
    /// Whether the reader may take its notes along as a file.
    can_export: bool,
    /// Outings that serve it, newest first.
    outings: Vec<crate::outing::Row>,
    /// What was seen and heard, newest first.
    notes: Vec<crate::note::Row>,
    /// Whether there are more notes.
    more_notes: bool,
    /// How many notes were taken back.
    withdrawn: i64,
    /// What people shared of their thinking.
    reflections: Vec<crate::reflection::SharedRow>,
    /// What we think is going on, and on how much it rests.
    insights: Vec<crate::insight::Row>,
    /// What is done differently.
    changes: Vec<crate::change::Row>,
}

async fn show(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: ChallengeId, form: Form) -> Answer {
    let c: Challenge = ctx.app.store.challenge(&ctx.actor, id).await?;
    let about = freerange_store::About::owner(c.owner_id);
    let can_close = c.status == Status::Open
        && freerange_store::may(&ctx.actor, freerange_store::Act::CloseChallenge, &about).is_ok();
    let store = &ctx.app.store;
    let outings = store.outings_of_challenge(&ctx.actor, id).await?;
    let notes = store.notes_of_challenge(&ctx.actor, id, 1).await?;
    let reflections = store.shared_reflections(&ctx.actor, id).await?;
    let insights = store.insights(&ctx.actor, id).await?;
    let changes = store.changes(&ctx.actor, None, Some(id), false, ctx.today(), 1).await?;
    let page = Show {
        page: ctx.chrome(),
        form,
        outings: outings.into_iter().map(crate::outing::Row::from).collect(),
        more_notes: notes.more,
        notes: notes.items.into_iter().map(crate::note::Row::from).collect(),
        withdrawn: store.tombstones(&ctx.actor, id).await?,
        reflections: reflections.into_iter().map(crate::reflection::SharedRow::from).collect(),
        insights: insights.into_iter().map(|i| crate::insight::Row::of(ctx.t, i)).collect(),
        changes: changes.items.into_iter().map(crate::change::Row::from).collect(),
        id: c.id,
        title: c.title,
        question: c.question,
        why: c.why,
        decision: c.decision,
        decision_on: Day(c.decision_on),
        owner_id: c.owner_id,
        owner: c.owner,
        place: c.place.map(|(_, name)| name),
        status: c.status,
        outcome: c.outcome,
        outcome_why: c.outcome_why,
        can_close,
        can_export: freerange_store::may(&ctx.actor, freerange_store::Act::ExportNotes, &about).is_ok(),
        can_hand_over: freerange_store::may(&ctx.actor, freerange_store::Act::HandOver, &about).is_ok(),
    };
    ctx.form_page(&page.form, &page)
}

fn read_outcome(form: &mut Form) -> Option<Outcome> {
    let why = form.reason("why");
    match form.word::<Status>("status")? {
        Status::Ended => Some(Outcome::Ended { why: why? }),
        Status::Decided => Some(Outcome::Decided { what: form.prose("outcome")?, why: why? }),
        Status::Open => {
            form.wrong("status", "choose");
            None
        }
    }
}

async fn close(ctx: Ctx, Path(id): Path<ChallengeId>, mut form: Form) -> Answer {
    let Some(outcome) = read_outcome(&mut form) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.close_challenge(&ctx.actor, id, &outcome, ctx.now).await {
        Ok(()) => ctx.done(&format!("/challenges/{id}"), "challenge-closed"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}
