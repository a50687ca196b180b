//! Which outings are in a round: everybody sees them, the programme lead ticks them in and sets the smallest group.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::post,
};
use freerange_domain::{
    id::{ChallengeId, OutingId, RoundId},
    outing::Kind as OutingKind,
};
use freerange_store::round::{Candidate, InRound};
use serde::{Deserialize, Serialize};

use super::{Row, leads};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

const PUT: &[Field] = &[must("outing", Kind::Many), must("min_group", Kind::Number)];
const GROUP: &[Field] = &[must("min_group", Kind::Number)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Outings, _>("/rounds/{id}/outings", list),
        routes::act("/rounds/{id}/outings", PUT, post(put)),
        routes::act("/rounds/{id}/outings/{outing}", GROUP, post(group)),
        routes::act("/rounds/{id}/outings/{outing}/removal", &[], post(take_out)),
    ]
}

/// What is searched for in a round.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Search {
    /// Words to search for.
    #[serde(default)]
    pub(super) q: String,
    /// Only for this challenge.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    pub(super) challenge: String,
    /// From 1.
    #[serde(default)]
    pub(super) page: i64,
}

impl Search {
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("challenge", &self.challenge)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { query + "&" }
    }
}

/// An outing of a round.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OutingRow {
    pub(super) id: OutingId,
    pub(super) kind: OutingKind,
    pub(super) title: String,
    pub(super) place: Option<String>,
    pub(super) starts_at: When,
    pub(super) left: i64,
    pub(super) min_group: i64,
    pub(super) language: String,
    /// Whether the reader wished for it.
    pub(super) wished: bool,
    /// Whether it is held in none of the reader's languages.
    pub(super) foreign: bool,
}

impl From<InRound> for OutingRow {
    fn from(o: InRound) -> Self {
        Self {
            id: o.id,
            kind: o.kind,
            title: o.title,
            place: o.place,
            starts_at: When(o.starts_at),
            left: o.left,
            min_group: o.min_group,
            language: o.language,
            wished: false,
            foreign: false,
        }
    }
}

/// An outing that could be in it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CandidateRow {
    id: OutingId,
    title: String,
    starts_at: When,
    seats: i64,
}

/// `/rounds/{id}/outings`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/outings.html")]
pub struct Outings {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    outings: Vec<OutingRow>,
    /// Outings of the season that could be in it, for the programme lead.
    candidates: Vec<CandidateRow>,
    #[serde(skip)]
    challenges: Vec<(ChallengeId, String)>,
    #[serde(skip)]
    changing: bool,
    /// Whose form came back.
    #[serde(skip)]
    grouping: Option<OutingId>,
    #[serde(skip)]
    query: String,
    number: i64,
    more: bool,
}

async fn list(ctx: Ctx, Path(id): Path<RoundId>, Query(search): Query<Search>) -> Answer {
    let form = Form::empty(ctx.t).with("q", &search.q).with("challenge", &search.challenge).with("min_group", 3);
    list_page(&ctx, id, &search, form, None).await
}

async fn list_page(ctx: &Ctx, id: RoundId, search: &Search, form: Form, grouping: Option<OutingId>) -> Answer {
    let store = &ctx.app.store;
    let challenge: Option<ChallengeId> = search.challenge.parse().ok();
    let round = store.round(&ctx.actor, id).await?;
    let found = store.round_outings(&ctx.actor, id, &search.q, challenge, search.page).await?;
    let row = Row::of(ctx, &round);
    let changing = leads(ctx) && row.is_open;
    let candidates = if changing {
        store.round_candidates(&ctx.actor, id, challenge, &ctx.app.zone, ctx.now).await?
    } else {
        Vec::new()
    };
    let page = Outings {
        page: ctx.chrome(),
        challenges: if changing {
            store.open_challenges(&ctx.actor).await?
        } else {
            store.round_challenges(&ctx.actor, id).await?
        },
        form,
        round: row,
        outings: found.items.into_iter().map(OutingRow::from).collect(),
        candidates: candidates
            .into_iter()
            .map(|c: Candidate| CandidateRow { id: c.id, title: c.title, starts_at: When(c.starts_at), seats: c.seats })
            .collect(),
        changing,
        grouping,
        query: search.query(),
        number: found.number,
        more: found.more,
    };
    ctx.form_page(&page.form, &page)
}

async fn put(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    super::must_lead(&ctx)?;
    let outings: Vec<OutingId> = form.many("outing");
    if outings.is_empty() && form.error("outing").is_none() {
        form.wrong("outing", "choose");
    }
    let min = form.number("min_group", 1, 500);
    let (false, Some(min)) = (form.has_errors(), min) else {
        return list_page(&ctx, id, &Search::default(), form, None).await;
    };
    match ctx.app.store.put_in_round(&ctx.actor, id, &outings, min, &ctx.app.zone, ctx.now).await {
        Ok(()) => ctx.done(&format!("/rounds/{id}/outings"), "round-outings-in"),
        Err(error) => {
            form.refuse(error)?;
            list_page(&ctx, id, &Search::default(), form, None).await
        }
    }
}

async fn group(ctx: Ctx, Path((id, outing)): Path<(RoundId, OutingId)>, mut form: Form) -> Answer {
    super::must_lead(&ctx)?;
    let Some(min) = form.number("min_group", 1, 500) else {
        return list_page(&ctx, id, &Search::default(), form, Some(outing)).await;
    };
    match ctx.app.store.set_min_group(&ctx.actor, id, outing, min).await {
        Ok(()) => ctx.done(&format!("/rounds/{id}/outings"), "saved"),
        Err(error) => {
            form.refuse(error)?;
            list_page(&ctx, id, &Search::default(), form, Some(outing)).await
        }
    }
}

async fn take_out(ctx: Ctx, Path((id, outing)): Path<(RoundId, OutingId)>) -> Answer {
    ctx.app.store.take_out_of_round(&ctx.actor, id, outing, ctx.now).await?;
    ctx.done(&format!("/rounds/{id}/outings"), "round-outing-out")
}
