//! One's own wishes in a round, on one page for a phone, without script: a numbered list with buttons, what serves a
//! challenge, how many, which days not, which access.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::post,
};
use freerange_domain::{
    id::{ChallengeId, OutingId, RoundId},
    outing::Access,
    round::{MOST_WISHES, speaks},
};
use freerange_store::round::{Move, Needs};
use jiff::civil::Date;
use serde::Serialize;

use super::{
    Row,
    outings::{OutingRow, Search},
};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

/// Stretches of days that the form has fields for.
const STRETCHES: usize = 4;
const ADD: &[Field] = &[may("outing", Kind::Id)];
const MOVE: &[Field] = &[may("move", Kind::Word(&["up", "down", "out"]))];
const NEEDS: &[Field] = &[
    must("wanted", Kind::Number),
    may("serves", Kind::Many),
    may("access", Kind::Many),
    may("away_from_1", Kind::Date),
    may("away_to_1", Kind::Date),
    may("away_from_2", Kind::Date),
    may("away_to_2", Kind::Date),
    may("away_from_3", Kind::Date),
    may("away_to_3", Kind::Date),
    may("away_from_4", Kind::Date),
    may("away_to_4", Kind::Date),
];
const AWAY: [(&str, &str); STRETCHES] = [
    ("away_from_1", "away_to_1"),
    ("away_from_2", "away_to_2"),
    ("away_from_3", "away_to_3"),
    ("away_from_4", "away_to_4"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Wishes, _>("/rounds/{id}/wishes", show),
        routes::act("/rounds/{id}/wishes", ADD, post(add)),
        routes::act("/rounds/{id}/wishes/{outing}", MOVE, post(rank)),
        routes::act("/rounds/{id}/needs", NEEDS, post(needs)),
        routes::act("/rounds/{id}/leaving", &[], post(leave)),
    ]
}

/// A wish.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WishRow {
    outing: OutingId,
    title: String,
    starts_at: When,
    rank: i64,
}

/// `/rounds/{id}/wishes`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/wishes.html")]
pub struct Wishes {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    wishes: Vec<WishRow>,
    stated: bool,
    /// Outings to choose from.
    outings: Vec<OutingRow>,
    #[serde(skip)]
    challenges: Vec<(ChallengeId, String)>,
    #[serde(skip)]
    access: Vec<(Access, String)>,
    #[serde(skip)]
    away: [(&'static str, &'static str); STRETCHES],
    /// Whether there is room for another wish.
    room: bool,
    #[serde(skip)]
    query: String,
    number: i64,
    more: bool,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>, Query(search): Query<Search>) -> Answer {
    let mine = ctx.app.store.my_round_wishes(&ctx.actor, id).await?.needs;
    let mut form =
        Form::empty(ctx.t).with("q", &search.q).with("challenge", &search.challenge).with("wanted", mine.wanted);
    for word in &mine.access {
        form = form.with("access", word);
    }
    for challenge in &mine.serves {
        form = form.with("serves", challenge);
    }
    for ((from_, to_), (from, to)) in AWAY.iter().zip(&mine.away) {
        form = form.with(from_, from).with(to_, to);
    }
    show_page(&ctx, id, &search, form).await
}

async fn show_page(ctx: &Ctx, id: RoundId, search: &Search, form: Form) -> Answer {
    let store = &ctx.app.store;
    let round = store.round(&ctx.actor, id).await?;
    let mine = store.my_round_wishes(&ctx.actor, id).await?;
    let found = store.round_outings(&ctx.actor, id, &search.q, search.challenge.parse().ok(), search.page).await?;
    let outings = found.items.into_iter().map(|o| {
        let wished = mine.wishes.iter().any(|w| w.outing == o.id);
        OutingRow { wished, foreign: !speaks(&mine.languages, &o.language), ..OutingRow::from(o) }
    });
    let page = Wishes {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &round),
        room: i64::try_from(mine.wishes.len()).unwrap_or(i64::MAX) < MOST_WISHES,
        outings: outings.collect(),
        wishes: mine
            .wishes
            .into_iter()
            .map(|w| WishRow { outing: w.outing, title: w.title, starts_at: When(w.starts_at), rank: w.rank })
            .collect(),
        stated: mine.stated,
        challenges: store.round_challenges(&ctx.actor, id).await?,
        access: Access::ALL.iter().map(|a| (*a, ctx.t.of("access", a.as_str()))).collect(),
        away: AWAY,
        query: search.query(),
        number: found.number,
        more: found.more,
    };
    ctx.form_page(&page.form, &page)
}

/// The page again with what was just done, or with why not.
async fn after(ctx: &Ctx, id: RoundId, mut form: Form, outcome: freerange_store::Result<()>, key: &str) -> Answer {
    match outcome {
        Ok(()) => ctx.done(&format!("/rounds/{id}/wishes"), key),
        Err(error) => {
            form.refuse(error)?;
            show_page(ctx, id, &Search::default(), form).await
        }
    }
}

async fn add(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    let Some(outing) = form.maybe_word::<OutingId>("outing") else {
        form.wrong("form", "choose");
        return show_page(&ctx, id, &Search::default(), form).await;
    };
    let outcome = ctx.app.store.add_round_wish(&ctx.actor, id, outing, ctx.today(), ctx.now).await;
    after(&ctx, id, form, outcome, "wish-added").await
}

async fn rank(ctx: Ctx, Path((id, outing)): Path<(RoundId, OutingId)>, form: Form) -> Answer {
    let to = match form.value("move") {
        "up" => Move::Up,
        "down" => Move::Down,
        _ => Move::Out,
    };
    let outcome = ctx.app.store.move_round_wish(&ctx.actor, id, outing, to, ctx.today(), ctx.now).await;
    after(&ctx, id, form, outcome, "saved").await
}

fn read_away(form: &mut Form, today: Date) -> Vec<(Date, Date)> {
    let mut away = Vec::new();
    for (from, to) in AWAY {
        if form.value(from).trim().is_empty() && form.value(to).trim().is_empty() {
            continue;
        }
        let first = form.date(from, today);
        // One day needs no second date.
        let last = if form.value(to).trim().is_empty() { first } else { form.date(to, today) };
        match (first, last) {
            (Some(first), Some(last)) if last < first => form.wrong(to, "date-too-early"),
            (Some(first), Some(last)) => away.push((first, last)),
            _ => {}
        }
    }
    away
}

async fn needs(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    let wanted = form.number("wanted", 1, 3);
    let (serves, access) = (form.many::<ChallengeId>("serves"), form.many::<Access>("access"));
    let away = read_away(&mut form, ctx.today());
    let (false, Some(wanted)) = (form.has_errors(), wanted) else {
        return show_page(&ctx, id, &Search::default(), form).await;
    };
    let needs = Needs { wanted, away, access, serves };
    let outcome = ctx.app.store.say_round_needs(&ctx.actor, id, &needs, ctx.today(), ctx.now).await;
    after(&ctx, id, form, outcome, "needs-saved").await
}

async fn leave(ctx: Ctx, Path(id): Path<RoundId>, form: Form) -> Answer {
    let outcome = ctx.app.store.leave_round(&ctx.actor, id, ctx.today()).await;
    after(&ctx, id, form, outcome, "wishes-taken-back").await
}
