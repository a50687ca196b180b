//! The page behind the link of a letter that asks how a change goes. Opening it shows the question and decides nothing; one
//! button answers. Whoever has the link needs no account, and it opens this one question until it is answered.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    routing::post,
};
use freerange_domain::change::Kept;
use freerange_store::{Actor, StoreError, Token, change::Question};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::Form,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Asked, _>("/follow-ups/{key}", show),
        routes::act("/follow-ups/{key}", super::FOLLOW_UP, post(answer)),
    ]
}

/// `/follow-ups/{key}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "change/follow-up.html")]
pub(super) struct Asked {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    title: String,
    when_x: String,
    will_y: String,
    committed_on: Day,
    due_in: &'static str,
}

/// With which answer the page begins.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Begin {
    /// It is chosen already, and still has to be said.
    #[serde(default)]
    #[schemars(with = "Kept")]
    kept: String,
}

/// What somebody sees whose link was used or has ended.
fn or_over(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound => Problem::new(StatusCode::NOT_FOUND, "problem-asked-over"),
        other => other.into(),
    }
}

async fn asked(ctx: &Ctx, key: &str) -> Result<(Actor, Question), Problem> {
    let token = Token::parse(key).ok_or_else(|| or_over(StoreError::NotFound))?;
    let who = ctx.app.store.asked(&token, ctx.now).await.map_err(or_over)?;
    let question = ctx.app.store.question(&who).await.map_err(or_over)?;
    Ok((who, question))
}

async fn show(ctx: Ctx, Path(key): Path<String>, Query(begin): Query<Begin>) -> Answer {
    let (_, question) = asked(&ctx, &key).await?;
    page(&ctx, question, Form::empty(ctx.t).with("kept", begin.kept))
}

fn page(ctx: &Ctx, q: Question, form: Form) -> Answer {
    let page = Asked {
        page: ctx.chrome(),
        form,
        title: q.title,
        when_x: q.when_x,
        will_y: q.will_y,
        committed_on: Day(q.committed_on),
        due_in: q.due_in.as_str(),
    };
    ctx.form_page(&page.form, &page)
}

async fn answer(ctx: Ctx, Path(key): Path<String>, mut form: Form) -> Answer {
    let (who, question) = asked(&ctx, &key).await?;
    let (kept, said) = (form.word::<Kept>("kept"), form.maybe_prose("said"));
    let (Some(kept), false) = (kept, form.has_errors()) else { return page(&ctx, question, form) };
    let said = said.map(|s| s.as_str().to_owned()).unwrap_or_default();
    match ctx.app.store.answer_follow_up(&who, question.id, kept, &said, ctx.now).await {
        // The link opens nothing any more.
        Ok(_) => ctx.done("/", "follow-up-answered"),
        Err(StoreError::NotFound) => Err(or_over(StoreError::NotFound)),
        Err(error) => {
            form.refuse(error)?;
            page(&ctx, question, form)
        }
    }
}
