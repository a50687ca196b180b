//! Experiments: the portfolio, which makes it comfortable not to know; what one showed, what follows, how sure its owner is;
//! and the public page of one, whichever way it went.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    change::{
        Verdict,
        experiment::{Finding, Stage, State, Sureness, Turn},
    },
    id::ChangeId,
    overview::Count,
};
use freerange_store::change::{Card, Published, Shown, Sure, Told};
use serde::Serialize;

use crate::{
    change::show_page,
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{self, Day, When},
};

const RESULT: &[Field] =
    &[must("finding", Kind::Word(&["supported", "not-supported", "unclear"])), must("result", Kind::Prose)];
const DECISION: &[Field] =
    &[must("verdict", Kind::Word(&["adopt", "adapt", "stop", "pass-on"])), must("verdict_why", Kind::Reason)];
const SURENESS: &[Field] =
    &[must("sureness", Kind::Word(&["open", "hunch", "fairly-sure", "sure"])), may("learn_next", Kind::Line)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Portfolio>("/experiments", get(list)),
        routes::page::<Show>("/experiments/{id}", get(show)),
        routes::act("/experiments/{id}/result", RESULT, post(end)),
        routes::act("/experiments/{id}/decision", DECISION, post(decide)),
        routes::act("/experiments/{id}/sureness", SURENESS, post(say_sureness)),
        routes::act("/experiments/{id}/publication", &[], post(publish)),
        routes::act("/experiments/{id}/withdrawal", &[], post(take_down)),
    ]
}

/// How sure somebody is, since when, and which way that went.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SureRow {
    pub(crate) now: Sureness,
    pub(crate) turn: Option<Turn>,
    pub(crate) since: When,
}

impl From<Sure> for SureRow {
    fn from(s: Sure) -> Self {
        Self { now: s.now, turn: s.before.and_then(|before| s.now.turn(before)), since: When(s.since) }
    }
}

/// The card of an experiment, but for the texts that every test has.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CardRow {
    pub(crate) stage: Stage,
    /// Its last day is over, and nobody has said what it showed.
    pub(crate) over: bool,
    pub(crate) finding: Option<Finding>,
    pub(crate) baseline: Option<String>,
    pub(crate) cost: Option<String>,
    pub(crate) could_harm: Option<String>,
    pub(crate) who_asked: Option<String>,
    pub(crate) sure: Option<SureRow>,
    pub(crate) learn_next: Option<String>,
    pub(crate) ended_at: Option<When>,
    pub(crate) decided_at: Option<When>,
    pub(crate) published_at: Option<When>,
}

impl From<Card> for CardRow {
    fn from(c: Card) -> Self {
        Self {
            stage: c.state.stage(),
            over: c.state == State::Over,
            finding: c.state.finding(),
            baseline: c.baseline,
            cost: c.cost,
            could_harm: c.could_harm,
            who_asked: c.who_asked,
            sure: c.sure.map(SureRow::from),
            learn_next: c.learn_next,
            ended_at: c.ended_at.map(When),
            decided_at: c.decided_at.map(When),
            published_at: c.published_at.map(When),
        }
    }
}

/// An experiment in the portfolio. Nobody's name: it is about what is being learned.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    id: ChangeId,
    title: String,
    belief: Option<String>,
    ends_on: Day,
    stage: Stage,
    finding: Option<Finding>,
    verdict: Option<Verdict>,
    sure: Option<SureRow>,
    learn_next: Option<String>,
    published: bool,
}

impl From<Shown> for Row {
    fn from(e: Shown) -> Self {
        let verdict = if let State::Decided(_, verdict) = e.state { Some(verdict) } else { None };
        Self {
            id: e.id,
            title: e.title,
            belief: e.belief,
            ends_on: Day(e.ends_on),
            stage: e.state.stage(),
            finding: e.state.finding(),
            verdict,
            sure: e.sure.map(SureRow::from),
            learn_next: e.learn_next,
            published: e.published,
        }
    }
}

/// How many showed one thing, and the share of those that everybody can read, in tens of per cent.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ToldRow {
    finding: Finding,
    ended: Count,
    published: Option<i64>,
    #[serde(skip)]
    shown: String,
}

/// `/experiments`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "experiment/list.html")]
pub struct Portfolio {
    #[serde(skip)]
    page: Chrome,
    running: Vec<Row>,
    over: Vec<Row>,
    ended: Vec<Row>,
    decided: Vec<Row>,
    runs: Count,
    soon: Count,
    on_evidence: Count,
    stopped: Count,
    told: Vec<ToldRow>,
}

async fn list(ctx: Ctx) -> Answer {
    let p = ctx.app.store.experiments(&ctx.actor, ctx.today()).await?;
    let rows = |of: Vec<Shown>| of.into_iter().map(Row::from).collect();
    let told = |t: Told| ToldRow {
        finding: t.finding,
        ended: t.ended,
        published: t.published,
        shown: match (t.published, t.ended) {
            (Some(share), _) => values::percent(ctx.t, share),
            (None, Count::Exactly(0)) => "–".to_owned(),
            (None, _) => ctx.t.overview_not_said().to_owned(),
        },
    };
    ctx.page(&Portfolio {
        page: ctx.chrome(),
        running: rows(p.running),
        over: rows(p.over),
        ended: rows(p.ended),
        decided: rows(p.decided),
        runs: p.runs,
        soon: p.soon,
        on_evidence: p.on_evidence,
        stopped: p.stopped,
        told: p.told.into_iter().map(told).collect(),
    })
}

/// `/experiments/{id}`: for everybody, once it is published.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "experiment/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    title: String,
    belief: String,
    smallest_test: String,
    change_mind: String,
    ends_on: Day,
    card: CardRow,
    finding: Finding,
    result: String,
    verdict: Option<Verdict>,
    why: Option<String>,
}

async fn show(ctx: Ctx, Path(id): Path<ChangeId>) -> Answer {
    let e = ctx.app.store.experiment(&ctx.actor, id).await?;
    ctx.page(&Show {
        page: ctx.chrome(),
        title: e.title,
        belief: e.belief,
        smallest_test: e.smallest_test,
        change_mind: e.change_mind,
        ends_on: Day(e.ends_on),
        card: CardRow::from(e.card),
        finding: e.finding,
        result: e.result,
        verdict: e.verdict,
        why: e.why,
    })
}

/// A published experiment in the list of practices and its feed.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct PublicRow {
    pub(crate) id: ChangeId,
    pub(crate) title: String,
    pub(crate) belief: String,
    pub(crate) finding: Finding,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) published_at: Option<When>,
    pub(crate) updated_at: When,
}

impl From<Published> for PublicRow {
    fn from(e: Published) -> Self {
        Self {
            id: e.id,
            title: e.title,
            belief: e.belief,
            finding: e.finding,
            verdict: e.verdict,
            published_at: e.card.published_at.map(When),
            updated_at: When(e.updated_at),
        }
    }
}

async fn end(ctx: Ctx, Path(id): Path<ChangeId>, mut form: Form) -> Answer {
    let (finding, result) = (form.word::<Finding>("finding"), form.prose("result"));
    let (Some(finding), Some(result)) = (finding, result) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.end_experiment(&ctx.actor, id, (finding, &result), ctx.today(), ctx.now).await {
        Ok(()) => ctx.done(&format!("/changes/{id}"), "experiment-ended"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn decide(ctx: Ctx, Path(id): Path<ChangeId>, mut form: Form) -> Answer {
    let (verdict, why) = (form.word::<Verdict>("verdict"), form.reason("verdict_why"));
    let (Some(verdict), Some(why)) = (verdict, why) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.decide_experiment(&ctx.actor, id, (verdict, &why), ctx.today(), ctx.now).await {
        Ok(()) => ctx.done(&format!("/changes/{id}"), "experiment-decided"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn say_sureness(ctx: Ctx, Path(id): Path<ChangeId>, mut form: Form) -> Answer {
    let (sureness, next) = (form.word::<Sureness>("sureness"), form.maybe_line("learn_next"));
    let (Some(sureness), false) = (sureness, form.has_errors()) else { return show_page(&ctx, id, form).await };
    match ctx.app.store.say_sureness(&ctx.actor, id, (sureness, next.as_ref()), ctx.today(), ctx.now).await {
        Ok(()) => ctx.done(&format!("/changes/{id}"), "experiment-sure"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn publish(ctx: Ctx, Path(id): Path<ChangeId>, form: Form) -> Answer {
    say_public(ctx, id, true, form).await
}

async fn take_down(ctx: Ctx, Path(id): Path<ChangeId>, form: Form) -> Answer {
    say_public(ctx, id, false, form).await
}

async fn say_public(ctx: Ctx, id: ChangeId, public: bool, mut form: Form) -> Answer {
    match ctx.app.store.publish_experiment(&ctx.actor, id, public, ctx.today(), ctx.now).await {
        Ok(()) => {
            let done = if public { "experiment-published" } else { "experiment-taken-down" };
            ctx.done(&format!("/changes/{id}"), done)
        }
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}
