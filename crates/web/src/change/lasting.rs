//! Whether changes lasted: what owners answered after two weeks, three, six and twelve months, beside a published curve; and
//! what may not be concluded from that.

use askama::Template;
use axum::routing::get;
use freerange_domain::overview::Rough;
use freerange_i18n::Text;
use freerange_store::change::Lasting;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    request::{Answer, Ctx},
    routes::{self, Route},
    values,
};

pub(super) fn routes() -> Vec<Route> {
    vec![routes::page::<Kept>("/overview/kept", get(show))]
}

/// How changes lasted after one interval. Shares are in tens of per cent of the answers; nothing where fewer than five people
/// stand behind them.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LastingRow {
    pub(crate) interval: &'static str,
    /// Answers.
    pub(crate) answers: Rough,
    pub(crate) kept: Option<i64>,
    pub(crate) partly: Option<i64>,
    pub(crate) not_kept: Option<i64>,
    /// Asked, reminded twice, and no answer.
    pub(crate) silent: Rough,
    /// Per cent that a study reports: what trainers estimate, where ours is what people say of themselves.
    pub(crate) published: i64,
    /// Kept, in part, not, in words.
    #[serde(skip)]
    pub(crate) shown: [String; 3],
    #[serde(skip)]
    pub(crate) shown_answers: String,
    #[serde(skip)]
    pub(crate) shown_silent: String,
}

fn rough(t: Text, many: Rough) -> String {
    match many {
        Rough::Nothing => t.lasting_none().to_owned(),
        Rough::AtLeast(n) => t.lasting_at_least(n),
        Rough::NotSaid => t.overview_not_said().to_owned(),
    }
}

impl LastingRow {
    pub(crate) fn of(t: Text, lasting: &Lasting) -> Self {
        let said = lasting.said;
        let shown = |share: Option<i64>| match (share, said.answers) {
            (Some(share), _) => values::percent(t, share),
            (None, Rough::Nothing) => "–".to_owned(),
            (None, _) => t.overview_not_said().to_owned(),
        };
        Self {
            interval: lasting.interval.as_str(),
            answers: said.answers,
            kept: said.kept,
            partly: said.partly,
            not_kept: said.not_kept,
            silent: said.silent,
            published: lasting.interval.published_share(),
            shown: [shown(said.kept), shown(said.partly), shown(said.not_kept)],
            shown_answers: rough(t, said.answers),
            shown_silent: rough(t, said.silent),
        }
    }
}

/// `/overview/kept`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "overview/kept.html")]
pub(super) struct Kept {
    #[serde(skip)]
    page: Chrome,
    lasting: Vec<LastingRow>,
}

async fn show(ctx: Ctx) -> Answer {
    let lasting = ctx.app.store.lasting(&ctx.actor, ctx.today(), ctx.now).await?;
    ctx.page(&Kept { page: ctx.chrome(), lasting: lasting.iter().map(|l| LastingRow::of(ctx.t, l)).collect() })
}
