//! Checking first, matching, the proposal as whoever runs the exchange sees it, and the repair when a leg dropped out:
//! what survives is shown at once, with the smallest change that closes the ring again.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    exchange::{By, Question, Stage, Version},
    id::ExchangeId,
};
use serde::Serialize;

use super::{
    Head, Member, Way,
    desk::GoerRow,
    legs::{Ring, Rings},
    matching::{Matched, matched},
};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const PROPOSE: &[Field] = &[may("version", Kind::Line)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Check>("/exchanges/{id}/check", get(check)),
        routes::act("/exchanges/{id}/proposals", PROPOSE, post(propose)),
        routes::page::<Show>("/exchanges/{id}/proposal", get(show)),
    ]
}

/// The matcher works on a thread of its own, so that others are answered meanwhile.
async fn run(question: Question) -> Result<Matched, Problem> {
    let inside = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "the matcher gave no answer");
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")
    };
    let answer = tokio::task::spawn_blocking(move || matched(&question)).await.map_err(|e| inside(&e))?;
    answer.map_err(|e| inside(&e))
}

/// `/exchanges/{id}/check`: what makes this exchange impossible or poor, before anybody matches.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/check.html")]
pub struct Check {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    /// Cities that can be on no ring: without people, without places, or lending nobody.
    outside: Vec<(String, &'static str)>,
    /// People for whom no place suits: city, person, why.
    stuck: Vec<(String, String, &'static str)>,
    /// How many people have a place that suits.
    ready: usize,
    people: usize,
    places: usize,
}

async fn check(ctx: Ctx, Path(id): Path<ExchangeId>) -> Answer {
    check_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn check_page(ctx: &Ctx, id: ExchangeId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let question = store.exchange_question(&ctx.actor, id).await?;
    let x = store.exchange(&ctx.actor, id, ctx.now).await?;
    let (mut outside, mut stuck) = (Vec::new(), Vec::new());
    for m in &x.members {
        let sends = question.goers.iter().any(|g| g.member == m.id);
        let receives = question.posts.iter().any(|p| p.member == m.id);
        match (sends, receives, m.most_out) {
            (false, ..) => outside.push((m.name.clone(), "no-people")),
            (_, false, _) => outside.push((m.name.clone(), "no-places")),
            (.., 0) => outside.push((m.name.clone(), "lends-nobody")),
            _ => {}
        }
        for goer in store.exchange_goers(&ctx.actor, (id, m.id)).await? {
            if let Some(why) = goer.unfit {
                stuck.push((m.name.clone(), goer.label, why.as_str()));
            }
        }
    }
    let page = Check {
        page: ctx.chrome(),
        form,
        exchange: Head::from(&x),
        outside,
        ready: question.goers.len() - stuck.len(),
        stuck,
        people: question.goers.len(),
        places: question.posts.len(),
    };
    ctx.form_page(&page.form, &page)
}

/// What would close the rings again.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Repair {
    /// What it would be called; nothing when no ring can be closed.
    version: Option<Version>,
    rings: Vec<Ring>,
}

/// `/exchanges/{id}/proposal`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/proposal.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    proposal: Rings,
    /// Whether a leg dropped out: then nothing is proven of what is left.
    broken: bool,
    /// When a leg dropped out.
    repair: Option<Repair>,
    /// People without a leg: city, person, why none suited; nothing when one suited and others fitted better.
    without: Vec<(String, String, Option<&'static str>)>,
    #[serde(skip)]
    base: String,
}

async fn show(ctx: Ctx, Path(id): Path<ExchangeId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

pub(crate) async fn show_page(ctx: &Ctx, id: ExchangeId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let question = store.exchange_question(&ctx.actor, id).await?;
    let x = store.exchange(&ctx.actor, id, ctx.now).await?;
    let exchange = Head::from(&x);
    let proposal = store.exchange_proposal(&ctx.actor, id).await?.ok_or_else(Problem::not_found)?;
    let legs = proposal.rings.iter().flat_map(|r| &r.legs).filter(|l| l.state != "off");
    let on: Vec<(String, String)> = legs.filter_map(|l| Some((l.from.clone(), l.goer.clone()?))).collect();
    let broken = proposal.rings.iter().any(freerange_store::exchange::Ring::broken);
    let mut without = Vec::new();
    let members: Vec<Member> = x.members.into_iter().map(Member::from).collect();
    for m in &members {
        for goer in store.exchange_goers(&ctx.actor, (id, m.id)).await?.into_iter().map(|g| GoerRow::new(g, &members)) {
            if !on.iter().any(|(city, label)| *city == m.name && *label == goer.label) {
                without.push((m.name.clone(), goer.label, goer.unfit));
            }
        }
    }
    let repair =
        if broken && exchange.stage == Stage::Asking { Some(repaired(ctx, id, question).await?) } else { None };
    let page = Show {
        page: ctx.chrome(),
        form,
        exchange,
        proposal: Rings::from(proposal),
        broken,
        repair,
        without,
        base: Way::inside(ctx, id).base,
    };
    ctx.form_page(&page.form, &page)
}

async fn repaired(ctx: &Ctx, id: ExchangeId, question: Question) -> Result<Repair, Problem> {
    let answer = run(question).await?;
    if answer.picks.is_empty() {
        return Ok(Repair { version: None, rings: Vec::new() });
    }
    let (version, rings) = ctx.app.store.preview_proposal(&ctx.actor, id, &answer.picks).await?;
    Ok(Repair { version: Some(version), rings: rings.into_iter().map(Ring::from).collect() })
}

async fn propose(ctx: Ctx, Path(id): Path<ExchangeId>, mut form: Form) -> Answer {
    let expected = form.maybe_word::<Version>("version");
    let question = ctx.app.store.exchange_question(&ctx.actor, id).await?;
    let answer = run(question).await?;
    let store = &ctx.app.store;
    match store.propose(&ctx.actor, id, &answer.picks, answer.proof, expected.as_ref(), ctx.now).await {
        Ok(_) => ctx.done(&format!("/exchanges/{id}/proposal"), "exchange-proposed"),
        Err(error) => {
            form.refuse(error)?;
            match store.exchange_proposal(&ctx.actor, id).await? {
                Some(_) => show_page(&ctx, id, form).await,
                None => check_page(&ctx, id, form).await,
            }
        }
    }
}
