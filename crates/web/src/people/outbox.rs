//! `/outbox`: the letters that wait and what became of them, for whoever has to see that they go out.

use askama::Template;
use axum::extract::Query;
use freerange_store::{Letter, mail::Waiting};
use serde::Serialize;

use super::Search;
use crate::{
    chrome::Chrome,
    request::{Answer, Ctx},
    values::When,
};

/// A letter.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct LetterRow {
    /// Empty where it is about somebody who is out there.
    to: String,
    subject: String,
    /// Empty outside the demo.
    body: String,
    created_at: When,
    sent_at: Option<When>,
    problem: Option<String>,
    /// Addresses of this server that stand in it.
    links: Vec<String>,
}

/// `/outbox`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/outbox.html")]
pub(super) struct Outbox {
    #[serde(skip)]
    page: Chrome,
    letters: Vec<LetterRow>,
    number: i64,
    more: bool,
}

pub(super) async fn show(ctx: Ctx, Query(search): Query<Search>) -> Answer {
    let found = ctx.app.store.outbox(&ctx.actor, search.page).await?;
    let letters = found.items.into_iter().map(|w| letter_row(&ctx, w)).collect();
    ctx.page(&Outbox { page: ctx.chrome(), letters, number: found.number, more: found.more })
}

/// Outside the demo a letter is for its reader: the administrator sees that it waits, not what it opens. Of one about somebody
/// who is out there they see neither whom it is about nor whom it goes to, because it goes to that person too.
fn letter_row(ctx: &Ctx, w: Waiting) -> LetterRow {
    let Letter { to_name, to_email, subject, body, .. } = w.letter;
    let open = ctx.app.demo;
    let withheld = w.brief && !open;
    // A letter for its reader alone comes without saying for whom it is, also in the demo.
    let private = to_email.is_empty();
    LetterRow {
        to: match (withheld, private) {
            (true, _) => String::new(),
            (_, true) => ctx.t.outbox_private_to().to_owned(),
            _ => format!("{to_name} <{to_email}>"),
        },
        subject: match (withheld, private) {
            (true, _) => ctx.t.outbox_withheld().to_owned(),
            (_, true) => ctx.t.outbox_private().to_owned(),
            _ => subject,
        },
        links: if open { links(&body, &ctx.app.base_url) } else { Vec::new() },
        body: if open { body } else { String::new() },
        created_at: When(w.created_at),
        sent_at: w.sent_at.map(When),
        // Mail servers like to repeat the address.
        problem: w.problem.map(|p| if withheld { p.replace(&to_email, "…") } else { p }),
    }
}

fn links(body: &str, base: &str) -> Vec<String> {
    body.split_whitespace()
        .filter_map(|w| w.strip_prefix(base))
        .filter(|p| p.starts_with('/'))
        .map(str::to_owned)
        .collect()
}
