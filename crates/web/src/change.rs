//! Changes: start, adapt, test, stop; on what evidence; kept or not.

mod follow_up;
mod lasting;

pub use lasting::LastingRow;

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
use freerange_domain::{
    change::{Kept, Kind as ChangeKind, Status, Verdict, experiment::Stage},
    id::{ChallengeId, ChangeId, FollowUpId, InsightId, NoteId, PersonId, PlacementId},
};
use freerange_store::change::{Commitment, Listed, Outcome, Trial};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    experiment::CardRow,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

const COMMIT: &[Field] = &[
    may("challenge", Kind::Id),
    may("placement", Kind::Id),
    must("kind", Kind::Word(&["start", "adapt", "test", "stop"])),
    must("title", Kind::Line),
    must("what", Kind::Prose),
    must("when_x", Kind::Line),
    must("will_y", Kind::Line),
    may("makes_room", Kind::Prose),
    may("hours_freed", Kind::Number),
    may("belief", Kind::Prose),
    may("smallest_test", Kind::Prose),
    may("baseline", Kind::Prose),
    may("change_mind", Kind::Prose),
    may("ends_on", Kind::Date),
    may("cost", Kind::Prose),
    may("could_harm", Kind::Prose),
    may("who_asked", Kind::Prose),
    may("sureness", Kind::Word(&["open", "hunch", "fairly-sure", "sure"])),
    may("learn_next", Kind::Line),
    may("evidence", Kind::Many),
    may("insights", Kind::Many),
];
const FOLLOW_UP: &[Field] = &[must("kept", Kind::Word(&["kept", "partly", "not-kept"])), may("said", Kind::Prose)];
const END: &[Field] = &[must("end", Kind::Word(&["done", "dropped"])), must("end_why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    let own = vec![
        routes::asked::<List, _>("/changes", list),
        routes::act("/changes", COMMIT, post(commit)),
        routes::asked::<New, _>("/changes/new", new),
        routes::page::<Show>("/changes/{id}", get(show)),
        routes::act("/changes/{id}/end", END, post(end)),
        routes::act("/changes/{id}/follow-ups/{follow_up}", FOLLOW_UP, post(answer_follow_up)),
    ];
    [own, follow_up::routes(), lasting::routes()].concat()
}

/// A change in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: ChangeId,
    pub(crate) kind: ChangeKind,
    pub(crate) title: String,
    pub(crate) owner: String,
    pub(crate) committed_on: Day,
    pub(crate) status: Status,
    pub(crate) evidence: i64,
    pub(crate) overdue_on: Option<Day>,
}

impl From<Listed> for Row {
    fn from(c: Listed) -> Self {
        Self {
            id: c.id,
            kind: c.kind,
            title: c.title,
            owner: c.owner,
            committed_on: Day(c.committed_on),
            status: c.status,
            evidence: c.evidence,
            overdue_on: c.overdue_on.map(Day),
        }
    }
}

/// What is looked for.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Search {
    /// Only of this kind.
    #[serde(default)]
    #[schemars(with = "ChangeKind")]
    kind: String,
    /// Anything: only one's own.
    #[serde(default)]
    mine: String,
    /// From 1.
    #[serde(default)]
    page: i64,
}

/// `/changes`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "change/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    kind: Option<ChangeKind>,
    mine: bool,
    changes: Vec<Row>,
    number: i64,
    more: bool,
    #[serde(skip)]
    query: String,
}

async fn list(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let kind: Option<ChangeKind> = search.kind.parse().ok();
    let mine = !search.mine.is_empty();
    let found = ctx.app.store.changes(&ctx.actor, kind, None, mine, ctx.today(), search.page).await?;
    let kind_part = kind.map(|k| format!("kind={k}&")).unwrap_or_default();
    ctx.page(&List {
        page: ctx.chrome(),
        query: if mine { kind_part + "mine=yes&" } else { kind_part },
        kind,
        mine,
        number: found.number,
        more: found.more,
        changes: found.items.into_iter().map(Row::from).collect(),
    })
}

/// `/changes/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "change/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    challenges: Vec<(ChallengeId, String)>,
    /// Notes that can be evidence.
    notes: Vec<(NoteId, String)>,
    /// Insights that it can rest on.
    insights: Vec<(InsightId, String)>,
}

/// What a change may come from.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Origin {
    /// The challenge it answers.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    challenge: String,
    /// The placement it comes from.
    #[serde(default)]
    #[schemars(with = "PlacementId")]
    placement: String,
    /// The insight it rests on.
    #[serde(default)]
    #[schemars(with = "InsightId")]
    insight: String,
    /// The kind it begins as.
    #[serde(default)]
    #[schemars(with = "ChangeKind")]
    kind: String,
}

async fn new(ctx: Ctx, Query(origin): Query<Origin>) -> Answer {
    let kind = origin.kind.parse().unwrap_or(ChangeKind::Start);
    let mut form = Form::empty(ctx.t).with("kind", kind).with("hours_freed", 0).with("placement", &origin.placement);
    if !origin.insight.is_empty() {
        form = form.with("insights", &origin.insight);
    }
    let challenge = match origin.placement.parse::<PlacementId>() {
        Ok(placement) => {
            let (p, _) = ctx.app.store.placement(&ctx.actor, placement).await?;
            let outing = ctx.app.store.outing(&ctx.actor, p.outing_id, ctx.now).await?;
            outing.challenge.map(|(id, _)| id.to_string()).unwrap_or_default()
        }
        Err(_) => origin.challenge,
    };
    form = form.with("challenge", challenge);
    new_page(&ctx, form).await
}

async fn new_page(ctx: &Ctx, form: Form) -> Answer {
    let store = &ctx.app.store;
    freerange_store::may(&ctx.actor, freerange_store::Act::CommitChange, &freerange_store::About::nothing())?;
    let notes = match form.value("challenge").parse::<ChallengeId>() {
        Ok(id) => store.notes_of_challenge(&ctx.actor, id, 1).await?.items,
        Err(_) => store.my_notes(&ctx.actor, 1).await?.items,
    };
    let insights = match form.value("challenge").parse::<ChallengeId>() {
        Ok(id) => store.insights(&ctx.actor, id).await?,
        Err(_) => Vec::new(),
    };
    let named = |i: freerange_store::insight::Insight| {
        let row = crate::insight::Row::of(ctx.t, i);
        (row.id, format!("{} – {}", row.says, row.rests))
    };
    let page = New {
        page: ctx.chrome(),
        insights: insights.into_iter().map(named).collect(),
        challenges: store.served_challenges(&ctx.actor).await?,
        notes: notes.into_iter().map(|n| (n.id, n.seen.chars().take(140).collect())).collect(),
        form,
    };
    ctx.form_page(&page.form, &page)
}

fn read_trial(form: &mut Form, ctx: &Ctx) -> Option<Trial> {
    let (belief, test, baseline) = (form.prose("belief"), form.prose("smallest_test"), form.prose("baseline"));
    let (mind, ends_on, cost) = (form.prose("change_mind"), form.date("ends_on", ctx.today()), form.prose("cost"));
    let (could_harm, who_asked) = (form.prose("could_harm"), form.prose("who_asked"));
    let (sureness, learn_next) = (form.word("sureness"), form.maybe_line("learn_next"));
    Some(Trial {
        belief: belief?,
        smallest_test: test?,
        baseline: baseline?,
        change_mind: mind?,
        ends_on: ends_on?,
        cost: cost?,
        could_harm: could_harm?,
        who_asked: who_asked?,
        sureness: sureness?,
        learn_next,
    })
}

fn read_commitment(form: &mut Form, ctx: &Ctx) -> Option<Commitment> {
    let kind = form.word::<ChangeKind>("kind");
    let (title, what) = (form.line("title"), form.prose("what"));
    let (when_x, will_y, room) = (form.line("when_x"), form.line("will_y"), form.maybe_prose("makes_room"));
    let hours = if form.value("hours_freed").is_empty() { Some(0) } else { form.number("hours_freed", 0, 10_000) };
    let test = if kind == Some(ChangeKind::Test) { read_trial(form, ctx) } else { None };
    let (challenge, placement) = (form.maybe_word("challenge"), form.maybe_word("placement"));
    let (evidence, insights) = (form.many("evidence"), form.many("insights"));
    if form.has_errors() {
        return None;
    }
    Some(Commitment {
        challenge,
        placement,
        kind: kind?,
        title: title?,
        what: what?,
        when_x: when_x?,
        will_y: will_y?,
        makes_room: room.map(|r| r.as_str().to_owned()).unwrap_or_default(),
        hours_freed: hours?,
        committed_on: ctx.today(),
        test,
        evidence,
        insights,
    })
}

async fn commit(ctx: Ctx, mut form: Form) -> Answer {
    let Some(commitment) = read_commitment(&mut form, &ctx) else { return new_page(&ctx, form).await };
    match ctx.app.store.commit_change(&ctx.actor, &commitment, ctx.now).await {
        Ok(id) => ctx.done(&format!("/changes/{id}"), "change-committed"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, form).await
        }
    }
}

/// A note as evidence.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct EvidenceRow {
    id: NoteId,
    seen: String,
    quotable: bool,
}

/// A dated question.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FollowUpRow {
    id: FollowUpId,
    due_in: &'static str,
    due_on: Day,
    kept: Option<Kept>,
    said: Option<String>,
    /// Whether the day has come.
    is_due: bool,
}

/// `/changes/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "change/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    change: Row,
    owner_id: PersonId,
    challenge: Option<(ChallengeId, String)>,
    what: String,
    when_x: String,
    will_y: String,
    makes_room: String,
    hours_freed: i64,
    status_why: Option<String>,
    belief: Option<String>,
    smallest_test: Option<String>,
    change_mind: Option<String>,
    ends_on: Option<Day>,
    verdict: Option<Verdict>,
    result: Option<String>,
    /// For a test: the rest of its card.
    card: Option<CardRow>,
    evidence: Vec<EvidenceRow>,
    /// Insights it rests on.
    insights: Vec<crate::insight::Row>,
    follow_ups: Vec<FollowUpRow>,
    /// Whether the reader owns it.
    mine: bool,
    /// Whether the reader may hand it over.
    can_hand_over: bool,
    /// Whether the reader may publish what it showed, or take that down.
    can_publish: bool,
}

async fn show(ctx: Ctx, Path(id): Path<ChangeId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

pub(crate) async fn show_page(ctx: &Ctx, id: ChangeId, form: Form) -> Answer {
    let c = ctx.app.store.change(&ctx.actor, id, ctx.today()).await?;
    let about = freerange_store::About::owner(c.owner_id);
    let page = Show {
        page: ctx.chrome(),
        form,
        can_hand_over: c.listed.status == Status::Running
            && freerange_store::may(&ctx.actor, freerange_store::Act::HandOver, &about).is_ok(),
        mine: freerange_store::may(&ctx.actor, freerange_store::Act::AnswerFollowUp, &about).is_ok(),
        change: Row::from(c.listed),
        owner_id: c.owner_id,
        challenge: c.challenge,
        what: c.what,
        when_x: c.when_x,
        will_y: c.will_y,
        makes_room: c.makes_room,
        hours_freed: c.hours_freed,
        status_why: c.status_why,
        belief: c.belief,
        smallest_test: c.smallest_test,
        change_mind: c.change_mind,
        ends_on: c.ends_on.map(Day),
        verdict: c.verdict,
        result: c.result,
        insights: ctx
            .app
            .store
            .insights_of_change(&ctx.actor, id)
            .await?
            .into_iter()
            .map(|i| crate::insight::Row::of(ctx.t, i))
            .collect(),
        can_publish: c.card.as_ref().is_some_and(|card| card.state.publish().is_ok())
            && freerange_store::may(&ctx.actor, freerange_store::Act::PublishExperiment, &about).is_ok(),
        card: c.card.map(CardRow::from),
        evidence: c.notes.into_iter().map(|(id, seen, quotable)| EvidenceRow { id, seen, quotable }).collect(),
        follow_ups: c
            .follow_ups
            .into_iter()
            .map(|f| FollowUpRow {
                id: f.id,
                due_in: f.due_in.as_str(),
                is_due: f.due_on <= ctx.today(),
                due_on: Day(f.due_on),
                kept: f.kept,
                said: f.said,
            })
            .collect(),
    };
    ctx.form_page(&page.form, &page)
}

fn read_end(form: &mut Form) -> Option<Outcome> {
    match form.value("end") {
        "done" => {
            let why = form.reason("end_why");
            why.map(Outcome::Done)
        }
        "dropped" => {
            let why = form.reason("end_why");
            why.map(Outcome::Dropped)
        }
        _ => {
            form.wrong("end", "choose");
            None
        }
    }
}

async fn end(ctx: Ctx, Path(id): Path<ChangeId>, mut form: Form) -> Answer {
    let Some(outcome) = read_end(&mut form) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.end_change(&ctx.actor, id, &outcome, ctx.now).await {
        Ok(()) => ctx.done(&format!("/changes/{id}"), "change-ended"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn answer_follow_up(ctx: Ctx, Path((id, follow_up)): Path<(ChangeId, FollowUpId)>, mut form: Form) -> Answer {
    let (kept, said) = (form.word::<Kept>("kept"), form.maybe_prose("said"));
    let (Some(kept), false) = (kept, form.has_errors()) else { return show_page(&ctx, id, form).await };
    let said = said.map(|s| s.as_str().to_owned()).unwrap_or_default();
    match ctx.app.store.answer_follow_up(&ctx.actor, follow_up, kept, &said, ctx.now).await {
        Ok(change) => ctx.done(&format!("/changes/{change}"), "follow-up-answered"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}
