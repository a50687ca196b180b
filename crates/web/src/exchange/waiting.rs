//! What exchanges wait for, for the first page; and the days that several forms of them ask for.

use freerange_domain::exchange::Window;

use crate::{form::Form, problem::Problem, request::Ctx};

/// From a day to a day, in order and not past.
pub(crate) fn read_window(form: &mut Form, ctx: &Ctx, from: &str, to: &str) -> Option<Window> {
    let (first, last) = (form.date(from, ctx.today()), form.date(to, ctx.today()));
    let window = first.zip(last).map(|(first, last)| Window::new(first, last));
    if window.is_some_and(|w| w.is_none()) {
        form.wrong(to, "date-too-early");
    }
    if last.is_some_and(|last| last < ctx.today()) {
        form.wrong(to, "date-past");
    }
    window?
}

/// The exchanges that wait for a yes or no of the reader, for their first page.
pub(crate) async fn todos(ctx: &Ctx) -> Result<Vec<crate::round::TodoRow>, Problem> {
    let waiting = ctx.app.store.exchanges_waiting(&ctx.actor).await?;
    let row = |w: freerange_store::exchange::Waits| crate::round::TodoRow {
        href: format!("/exchanges/{}/{}", w.id, if w.runs { "proposal" } else { "part" }),
        title: w.title,
        todo: if w.runs { ctx.t.exchange_home_city(w.answers) } else { ctx.t.exchange_home_yes().to_owned() },
    };
    Ok(waiting.into_iter().map(row).collect())
}
