//! How many of a team may be away in one week: one page, by the link of a letter or signed in.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use freerange_domain::{id::RoundId, round::Week};
use freerange_store::{Actor, Token};
use serde::Serialize;

use super::Row;
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const WEEKS: [(&str, &str); 4] =
    [("week_1", "away_1"), ("week_2", "away_2"), ("week_3", "away_3"), ("week_4", "away_4")];
const COVER: &[Field] = &[
    must("away", Kind::Number),
    may("week_1", Kind::Date),
    may("away_1", Kind::Number),
    may("week_2", Kind::Date),
    may("away_2", Kind::Number),
    may("week_3", Kind::Date),
    may("away_3", Kind::Number),
    may("week_4", Kind::Date),
    may("away_4", Kind::Number),
];

/// The same by the link of a letter. What is missing is told there as well.
static BY_LINK: std::sync::LazyLock<Vec<Field>> =
    std::sync::LazyLock::new(|| COVER.iter().map(|f| Field { required: false, ..*f }).collect());

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<CoverPage>("/rounds/{id}/cover", get(show)),
        routes::act("/rounds/{id}/cover", COVER, post(say)),
        routes::page::<CoverPage>("/cover/{token}", get(show_by_link)),
        routes::act("/cover/{token}", &BY_LINK, post(say_by_link)),
    ]
}

/// `/rounds/{id}/cover` and `/cover/{token}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/cover.html")]
pub struct CoverPage {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    /// How many the team is.
    team: i64,
    /// What is usual.
    usual: i64,
    /// What was said.
    away: Option<i64>,
    #[serde(skip)]
    weeks: [(&'static str, &'static str); 4],
}

fn link_ended() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "problem-link-ended")
}

async fn linked(ctx: &Ctx, raw: &str) -> Result<(Actor, RoundId), Problem> {
    let token = Token::parse(raw).ok_or_else(link_ended)?;
    let actor = ctx.app.store.cover_actor(&token, ctx.now).await.map_err(|_| link_ended())?;
    let Actor::TeamLink { round, .. } = &actor else { return Err(link_ended()) };
    let round = *round;
    Ok((actor, round))
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    page(&ctx, &ctx.actor, id, None).await
}

async fn show_by_link(ctx: Ctx, Path(raw): Path<String>) -> Answer {
    let (actor, id) = linked(&ctx, &raw).await?;
    page(&ctx, &actor, id, None).await
}

async fn page(ctx: &Ctx, actor: &Actor, id: RoundId, form: Option<Form>) -> Answer {
    let cover = ctx.app.store.round_cover(actor, id).await?;
    let form = form.unwrap_or_else(|| {
        let mut form = Form::empty(ctx.t).with("away", cover.away.unwrap_or(cover.usual));
        for ((week_, away_), (week, away)) in WEEKS.iter().zip(&cover.weeks) {
            form = form.with(week_, week).with(away_, away);
        }
        form
    });
    let page = CoverPage {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &cover.round),
        team: cover.team,
        usual: cover.usual,
        away: cover.away,
        weeks: WEEKS,
    };
    ctx.form_page(&page.form, &page)
}

fn read(form: &mut Form, ctx: &Ctx) -> Option<(i64, Vec<(Week, i64)>)> {
    let away = form.number("away", 0, 10_000);
    let mut weeks = Vec::new();
    for (week, number) in WEEKS {
        if form.value(week).trim().is_empty() && form.value(number).trim().is_empty() {
            continue;
        }
        if let (Some(day), Some(n)) = (form.date(week, ctx.today()), form.number(number, 0, 10_000)) {
            weeks.push((Week::of(day), n));
        }
    }
    if form.has_errors() { None } else { Some((away?, weeks)) }
}

async fn save(ctx: &Ctx, actor: &Actor, id: RoundId, mut form: Form, see: &str) -> Answer {
    let Some((away, weeks)) = read(&mut form, ctx) else { return page(ctx, actor, id, Some(form)).await };
    match ctx.app.store.say_round_cover(actor, id, away, &weeks, ctx.now).await {
        Ok(()) => ctx.done(see, "cover-said"),
        Err(error) => {
            form.refuse(error)?;
            page(ctx, actor, id, Some(form)).await
        }
    }
}

async fn say(ctx: Ctx, Path(id): Path<RoundId>, form: Form) -> Answer {
    let actor = ctx.actor.clone();
    save(&ctx, &actor, id, form, &format!("/rounds/{id}/cover")).await
}

async fn say_by_link(ctx: Ctx, Path(raw): Path<String>, form: Form) -> Answer {
    let (actor, id) = linked(&ctx, &raw).await?;
    save(&ctx, &actor, id, form, &format!("/cover/{raw}")).await
}
