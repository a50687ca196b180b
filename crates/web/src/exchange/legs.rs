//! Legs on pages: rings as text and as a list, the three voices of each leg, and saying yes or no.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::post,
};
use freerange_domain::{
    exchange::{Version, Voice},
    id::{LegId, PlacementId},
};
use freerange_store::exchange::{self, OfLeg, Say};
use serde::{Deserialize, Serialize};

use super::{Head, Way};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

const VOICES: &[&str] = &["person", "sender", "receiver"];
// Both travel hidden in the form: nobody types them.
const CONSENT: &[Field] = &[may("voice", Kind::Word(VOICES)), may("version", Kind::Line)];
const REFUSAL: &[Field] = &[must("why", Kind::Reason), may("voice", Kind::Word(VOICES))];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::act("/exchanges/{id}/legs/{leg}/consent", CONSENT, post(consent)),
        routes::asked::<Refusal, _>("/exchanges/{id}/legs/{leg}/refusal", ask),
        routes::act("/exchanges/{id}/legs/{leg}/refusal", REFUSAL, post(refuse)),
        routes::act("/rings/{key}/legs/{leg}/consent", CONSENT, post(link_consent)),
        routes::asked::<Refusal, _>("/rings/{key}/legs/{leg}/refusal", link_ask),
        routes::act("/rings/{key}/legs/{leg}/refusal", REFUSAL, post(link_refuse)),
    ]
}

/// What one voice said.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Seat {
    pub(crate) voice: Voice,
    /// Yes, no, or nothing yet.
    pub(crate) said: Option<bool>,
    /// Said by the city that sends, for somebody without an address.
    pub(crate) spoken_for: bool,
    /// Said to an earlier proposal in which this leg says the same.
    pub(crate) carried: bool,
    /// Whether the reader may answer here.
    pub(crate) mine: bool,
    /// Whether it is asked of the city that sends, for somebody without an address of their own.
    pub(crate) for_other: bool,
}

impl Seat {
    /// What a yes says here, in the words of whoever says it.
    pub(crate) fn yes(&self, page: &Chrome, leg: &Leg) -> String {
        let t = page.t;
        let who = leg.goer.as_deref().unwrap_or_default();
        match self.voice {
            Voice::Person if self.for_other => t.exchange_yes_for(who),
            Voice::Person => t.exchange_yes_as_person().to_owned(),
            Voice::Sender => t.exchange_yes_as_sender(who),
            Voice::Receiver => t.exchange_yes_as_receiver(who),
        }
    }
}

/// A leg.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Leg {
    pub(crate) id: Option<LegId>,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Who goes, for those who may see it.
    pub(crate) goer: Option<String>,
    pub(crate) learn: Option<String>,
    pub(crate) post: String,
    pub(crate) shows: String,
    pub(crate) starts: Day,
    pub(crate) ends: Day,
    pub(crate) days: i64,
    /// `asked`, `final` or `off`.
    pub(crate) state: String,
    pub(crate) off_by: Option<Voice>,
    pub(crate) off_why: Option<String>,
    pub(crate) seats: Vec<Seat>,
    /// Not there, or with other words, in the proposal before.
    pub(crate) new: bool,
    /// Whether the reader is on it.
    pub(crate) mine: bool,
    /// The placement it became, for whoever goes.
    pub(crate) placement: Option<PlacementId>,
}

impl Leg {
    /// Whether the reader said yes and may still call it off.
    pub(crate) fn may_call_off(&self) -> bool {
        self.mine && self.state != "off" && self.seats.iter().all(|s| !s.mine)
    }
}

impl From<exchange::Leg> for Leg {
    fn from(l: exchange::Leg) -> Self {
        let seat = |s: exchange::Seat| Seat {
            voice: s.voice,
            said: s.said,
            spoken_for: s.spoken_for,
            carried: s.carried,
            mine: s.mine,
            for_other: s.for_other,
        };
        Self {
            id: l.id,
            from: l.from,
            to: l.to,
            goer: l.goer,
            learn: l.learn,
            post: l.post,
            shows: l.shows,
            starts: Day(l.starts),
            ends: Day(l.ends),
            days: l.days,
            state: l.state,
            off_by: l.off_by,
            off_why: l.off_why,
            seats: l.seats.into_iter().map(seat).collect(),
            new: l.new,
            mine: l.mine,
            placement: l.placement,
        }
    }
}

/// Legs that are final together or not at all.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Ring {
    pub(crate) number: i64,
    /// Whether it comes back to where it began.
    pub(crate) closed: bool,
    /// `A → B → C → A`
    pub(crate) way: String,
    /// `final`, `broken` or `asked`.
    pub(crate) state: &'static str,
    pub(crate) legs: Vec<Leg>,
}

impl From<exchange::Ring> for Ring {
    fn from(r: exchange::Ring) -> Self {
        let state = match (r.broken(), r.is_final()) {
            (true, _) => "broken",
            (false, true) => "final",
            (false, false) => "asked",
        };
        Self {
            number: r.number,
            closed: r.closed,
            way: r.stops().join(" → "),
            state,
            legs: r.legs.into_iter().map(Leg::from).collect(),
        }
    }
}

/// A city's account of a proposal.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Account {
    pub(crate) name: String,
    pub(crate) sent: i64,
    pub(crate) received: i64,
    /// Person-days received minus given, before and after.
    pub(crate) before: i64,
    pub(crate) after: i64,
}

/// A proposal as the reader may see it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Rings {
    pub(crate) number: i64,
    pub(crate) version: Version,
    pub(crate) objective: i64,
    pub(crate) bound: i64,
    pub(crate) rings: Vec<Ring>,
    /// Legs of the proposal before that are not in this one: from, to.
    pub(crate) gone: Vec<(String, String)>,
    pub(crate) accounts: Vec<Account>,
}

impl From<exchange::Proposal> for Rings {
    fn from(p: exchange::Proposal) -> Self {
        let account = |(name, a): (String, freerange_domain::exchange::Account)| Account {
            name,
            sent: a.sent,
            received: a.received,
            before: a.before,
            after: a.after,
        };
        Self {
            number: p.number,
            version: p.version,
            objective: p.objective,
            bound: p.bound,
            rings: p.rings.into_iter().map(Ring::from).collect(),
            gone: p.gone,
            accounts: p.accounts.into_iter().map(account).collect(),
        }
    }
}

impl Rings {
    /// Only the rings with this person on them.
    pub(crate) fn of(mut self, label: &str) -> Self {
        self.rings.retain(|r| r.legs.iter().any(|l| l.mine && l.goer.as_deref() == Some(label)));
        self
    }
}

/// As whom somebody says no.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Asked {
    /// The voice; none when a yes is called off.
    #[serde(default)]
    #[schemars(with = "Voice")]
    voice: String,
}

/// Saying no, or calling off: one leg, and why.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/refusal.html")]
pub struct Refusal {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    exchange: Head,
    leg: Leg,
    /// The cities along its ring.
    way: String,
    #[serde(skip)]
    base: String,
    #[serde(skip)]
    back: String,
}

async fn refusal_page(ctx: &Ctx, way: &Way, leg: LegId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let exchange = Head::from(&store.exchange(&way.actor, way.exchange, ctx.now).await?);
    let proposal = store.exchange_proposal(&way.actor, way.exchange).await?.ok_or_else(Problem::not_found)?;
    let mut rings = proposal.rings.into_iter().map(Ring::from);
    let on = |ring: Ring| {
        let at = ring.legs.iter().position(|l| l.id == Some(leg) && l.mine)?;
        Some((ring.way, ring.legs.into_iter().nth(at)?))
    };
    let (along, leg) = rings.find_map(on).ok_or_else(Problem::not_found)?;
    let page =
        Refusal { page: ctx.chrome(), form, exchange, leg, way: along, base: way.base.clone(), back: way.home() };
    ctx.form_page(&page.form, &page)
}

async fn refusing(ctx: &Ctx, way: Way, leg: LegId, mut form: Form) -> Answer {
    let (why, voice) = (form.reason("why"), form.maybe_word::<Voice>("voice"));
    let Some(why) = why else { return refusal_page(ctx, &way, leg, form).await };
    let store = &ctx.app.store;
    let done = match voice {
        Some(voice) => store.answer_leg(&way.actor, (way.exchange, leg), voice, &Say::No(why), ctx.now).await,
        None => store.call_off_leg(&way.actor, (way.exchange, leg), &why, ctx.now).await,
    };
    match done {
        Ok(()) => ctx.done(&way.home(), "exchange-no"),
        Err(error) => {
            form.refuse(error)?;
            refusal_page(ctx, &way, leg, form).await
        }
    }
}

async fn consenting(ctx: &Ctx, way: Way, leg: LegId, mut form: Form) -> Answer {
    let (voice, version) = (form.word::<Voice>("voice"), form.word::<Version>("version"));
    let (Some(voice), Some(version)) = (voice, version) else {
        return Err(Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "problem-unreadable"));
    };
    match ctx.app.store.answer_leg(&way.actor, (way.exchange, leg), voice, &Say::Yes(version), ctx.now).await {
        Ok(()) => ctx.done(&way.home(), "exchange-yes"),
        Err(error) => {
            form.refuse(error)?;
            super::desk::home(ctx, &way, form).await
        }
    }
}

async fn consent(ctx: Ctx, Path((id, leg)): Path<OfLeg>, form: Form) -> Answer {
    consenting(&ctx, Way::inside(&ctx, id), leg, form).await
}

async fn ask(ctx: Ctx, Path((id, leg)): Path<OfLeg>, Query(asked): Query<Asked>) -> Answer {
    refusal_page(&ctx, &Way::inside(&ctx, id), leg, Form::empty(ctx.t).with("voice", asked.voice)).await
}

async fn refuse(ctx: Ctx, Path((id, leg)): Path<OfLeg>, form: Form) -> Answer {
    refusing(&ctx, Way::inside(&ctx, id), leg, form).await
}

async fn link_consent(ctx: Ctx, Path((key, leg)): Path<(String, LegId)>, form: Form) -> Answer {
    consenting(&ctx, Way::by_link(&ctx, &key).await?, leg, form).await
}

async fn link_ask(ctx: Ctx, Path((key, leg)): Path<(String, LegId)>, Query(asked): Query<Asked>) -> Answer {
    let way = Way::by_link(&ctx, &key).await?;
    refusal_page(&ctx, &way, leg, Form::empty(ctx.t).with("voice", asked.voice)).await
}

async fn link_refuse(ctx: Ctx, Path((key, leg)): Path<(String, LegId)>, form: Form) -> Answer {
    refusing(&ctx, Way::by_link(&ctx, &key).await?, leg, form).await
}
