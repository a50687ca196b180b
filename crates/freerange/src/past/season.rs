//! The round of the demo city: open, with the wishes of many and one run, so that the programme lead finds it half-way.

use anyhow::Context as _;
use freerange_demo as made_up;
use freerange_domain::{
    id::OutingId,
    people::Email,
    round::{Effort, Season},
};
use freerange_store::{Actor, Store, round::Opening, session::Attempt};

use super::{Days, Ids, Result, line};
use crate::{demo::password, now, rounds};

/// Days from today on which the season begins and ends, and until which wishes are taken.
const SEASON: (i32, i32, i32) = (30, 160, 21);
/// Most outings in it, and most people who wish.
const MOST: (usize, usize) = (24, 120);

async fn lead(store: &Store, city: &made_up::City) -> Result<(Actor, freerange_store::Token)> {
    let email = Email::parse(&city.people[city.roles.programme_lead].email).context("the lead's address")?;
    let secret = password("programme-lead");
    let attempt = Attempt { email: email.as_str(), password: &secret, from: "127.0.0.1", agent: "demo" };
    let token = store.sign_in(&attempt, now()).await?;
    Ok((store.session_actor(&token, now()).await?, token))
}

/// Opens it and matches it once.
pub(super) async fn open(store: &Store, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let (lead, token) = lead(store, city).await?;
    let season =
        Season { starts_on: days.date(SEASON.0), ends_on: days.date(SEASON.1), wishes_until: days.date(SEASON.2) };
    let opening = Opening { title: line("The coming season")?, season, place_cap: 12, host_cap: Some(40) };
    let round = store.open_round(&lead, &opening, now()).await?;
    // Every second one, so that there is something to go to at once as well.
    let free = store.round_candidates(&lead, round, None, days.zone, now()).await?;
    let chosen: Vec<(OutingId, i64)> =
        free.iter().skip(1).step_by(2).take(MOST.0).map(|c| (c.id, if c.seats > 3 { 2 } else { 1 })).collect();
    for least in [1, 2] {
        let some: Vec<OutingId> = chosen.iter().filter(|c| c.1 == least).map(|c| c.0).collect();
        store.put_in_round(&lead, round, &some, least, days.zone, now()).await?;
    }
    if !chosen.is_empty() {
        let mut past = store.past().await?;
        let step = (city.people.len() / MOST.1).max(1);
        for (turn, person) in (0..city.people.len()).step_by(step).take(MOST.1).enumerate() {
            // She of the story has not said yet where she would like to go.
            if person == city.roles.staff {
                continue;
            }
            // A few outings are wished for by many, as it is.
            let wished: Vec<OutingId> =
                (0..2 + turn % 4).map(|n| chosen[(turn * (n + 1) * (n + 2) / 2 + n * 5) % chosen.len()].0).collect();
            past.round_wishes(round, ids.people[person], 1 + i64::from(turn % 5 == 0), &wished, now()).await?;
        }
        past.commit().await?;
        store.ask_round_cover(&lead, round, now()).await?;
        store.ask_round_run(&lead, round, Effort::Quick, now()).await?;
        rounds::work_once(store, days.zone).await?;
    }
    store.sign_out(&token).await?;
    Ok(())
}
