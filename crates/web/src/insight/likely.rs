//! `/challenges/{id}/board/suggestions`: which notes could belong together, because of what. Made here, by no service; nothing is
//! put together until somebody does it.

use askama::Template;
use axum::{extract::Path, http::StatusCode};
use freerange_domain::{
    id::{ActId, ChallengeId, ThemeId},
    insight::likeness,
};
use serde::Serialize;

use super::LyingRow;
use crate::{
    chrome::Chrome,
    problem::Problem,
    request::{Answer, Ctx},
};

/// More suggestions at once are read by nobody.
const MOST: usize = 12;

/// Notes that could belong together.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Likely {
    notes: Vec<LyingRow>,
    /// What they share.
    share: Vec<String>,
    /// Whether they say nearly the same.
    nearly_same: bool,
    #[serde(skip)]
    fresh: (ActId, ThemeId),
}

impl Likely {
    fn words(&self) -> String {
        self.share.join(", ")
    }
}

/// `/challenges/{id}/board/suggestions`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/suggestions.html")]
pub(super) struct Suggestions {
    #[serde(skip)]
    page: Chrome,
    id: ChallengeId,
    title: String,
    /// Suggestions about notes that are not placed yet.
    found: Vec<Likely>,
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let title = ctx.app.store.challenge(&ctx.actor, id).await?.title;
    let lying = ctx.app.store.all_not_placed(&ctx.actor, id).await?;
    let texts: Vec<String> = lying.iter().map(|n| n.seen.clone()).collect();
    // It takes a moment, and others do not wait for it.
    let suggested = tokio::task::spawn_blocking(move || {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        likeness::suggest(&texts)
    });
    let failed = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside");
    let suggested = suggested.await.map_err(failed)?;
    let mut notes: Vec<Option<LyingRow>> = lying.into_iter().map(|n| Some(n.into())).collect();
    let found = suggested
        .into_iter()
        .take(MOST)
        .map(|s| Likely {
            notes: s.notes.iter().filter_map(|at| notes.get_mut(*at)?.take()).collect(),
            share: s.share,
            nearly_same: s.nearly_same,
            fresh: (ActId::new(), ThemeId::new()),
        })
        .collect();
    ctx.page(&Suggestions { page: ctx.chrome(), id, title, found })
}
