//! A circle of peers in the demo city: begun by the one whose story it is, with two colleagues, a meeting to come and an
//! action that only its author opens. And somebody who looks for one.

use anyhow::Context as _;
use freerange_demo as made_up;
use freerange_domain::people::Email;
use freerange_store::{Actor, Store, circle::Whom, session::Attempt};
use jiff::ToSpan as _;

use super::{Days, Result, prose};
use crate::{demo::password, now};

async fn enter(store: &Store, city: &made_up::City, at: usize, role: &str) -> Result<(Actor, freerange_store::Token)> {
    let secret = password(role);
    let attempt = Attempt { email: &city.people[at].email, password: &secret, from: "127.0.0.1", agent: "demo" };
    let token = store.sign_in(&attempt, now()).await?;
    Ok((store.session_actor(&token, now()).await?, token))
}

/// Begins it. Whoever has not come back from anywhere begins none, in an invented city too.
pub(super) async fn begin(store: &Store, city: &made_up::City, days: &Days<'_>) -> Result<()> {
    let r = &city.roles;
    let (me, token) = enter(store, city, r.staff, "staff").await?;
    store.seek_circle(&me, true, now()).await?;
    let begun = store.start_circle(&me, now()).await;
    if let Ok(circle) = begun {
        for (role, at) in [("challenge-owner", r.challenge_owner), ("clerk", r.clerk)] {
            let email = Email::parse(&city.people[at].email).context("a colleague's address")?;
            store.ask_into_circle(&me, circle, &Whom::Email(email), now()).await?;
            let (colleague, session) = enter(store, city, at, role).await?;
            store.answer_circle(&colleague, circle, true, now()).await?;
            store.sign_out(&session).await?;
        }
        let email = Email::parse(&city.people[r.auditor].email).context("a colleague's address")?;
        store.ask_into_circle(&me, circle, &Whom::Email(email), now()).await?;
        let meets = now().checked_add((9 * 24).hours())?.to_zoned_datetime(days.zone.clone());
        let meets = meets.with().time(jiff::civil::time(15, 0, 0, 0)).build()?.timestamp();
        store.set_circle_meeting(&me, circle, meets, days.zone, now()).await?;
        let action =
            prose("Read our letter aloud to somebody who has never seen one, and write down where they stop.")?;
        store.keep_circle_action(&me, circle, Some(&action)).await?;
    }
    store.sign_out(&token).await?;
    Ok(())
}
