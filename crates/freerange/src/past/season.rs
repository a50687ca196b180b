//! The round of the demo city: open, with the wishes of many and one run, so that the programme lead finds it half-way.

use anyhow::Context as _;
use freerange_demo as made_up;
use freerange_domain::{
    id::OutingId,
    people::Email,
    round::{Effort, Season},
};
use freerange_store::{Actor, Store, round::Opening, session::Attempt};

use super::{Days, Ids, Result, line, offer, span, word};
use crate::{demo::password, now, rounds};

/// Days from today on which the season begins and ends, and until which wishes are taken.
const SEASON: (i32, i32, i32) = (30, 160, 21);
/// Most outings in it, and most people who wish.
const MOST: (usize, usize) = (20, 120);

async fn lead(store: &Store, city: &made_up::City) -> Result<(Actor, freerange_store::Token)> {
    let email = Email::parse(&city.people[city.roles.programme_lead].email).context("the lead's address")?;
    let secret = password("programme-lead");
    let attempt = Attempt { email: email.as_str(), password: &secret, from: "127.0.0.1", agent: "demo" };
    let token = store.sign_in(&attempt, now()).await?;
    Ok((store.session_actor(&token, now()).await?, token))
}

/// Outings of the season: what was offered before, again, for more people at once.
async fn offer_again(store: &Store, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<Vec<OutingId>> {
    let mut past = store.past().await?;
    let mut seen = std::collections::HashSet::new();
    let suits = |o: &&made_up::DemoOuting| {
        matches!(o.kind, "shadowing" | "learning-visit" | "community-visit")
            && o.challenge.is_some_and(|c| city.challenges[c].status == made_up::ChallengeStatus::Open)
    };
    let mut offered = Vec::new();
    for (turn, o) in city.outings.iter().filter(suits).filter(|o| seen.insert(o.title.clone())).take(MOST.0).enumerate()
    {
        let day = SEASON.0 + 2 + 6 * i32::try_from(turn)?;
        let kind = if o.kind == "community-visit" { "shadowing" } else { o.kind };
        let again = made_up::DemoOuting { day, kind, seats: 3 + turn % 5, told_back: None, ..o.clone() };
        let span = span(&again, word(kind)?, days)?;
        offered.push(past.outing(ids.people[o.organiser], &offer(city, ids, &again, span, None)?, now()).await?);
    }
    past.commit().await?;
    Ok(offered)
}

/// Opens it and matches it once.
pub(super) async fn open(store: &Store, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let (lead, token) = lead(store, city).await?;
    let season =
        Season { starts_on: days.date(SEASON.0), ends_on: days.date(SEASON.1), wishes_until: days.date(SEASON.2) };
    let opening = Opening { title: line("The coming season")?, season, place_cap: 12, host_cap: Some(40) };
    let round = store.open_round(&lead, &opening, now()).await?;
    let chosen = offer_again(store, city, ids, days).await?;
    store.put_in_round(&lead, round, &chosen, 2, days.zone, now()).await?;
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
                (0..2 + turn % 4).map(|n| chosen[(turn * (n + 1) * (n + 2) / 2 + n * 5) % chosen.len()]).collect();
            past.round_wishes(round, ids.people[person], 1 + i64::from(turn % 5 == 0), &wished, now()).await?;
        }
        past.commit().await?;
        store.ask_round_run(&lead, round, Effort::Quick, now()).await?;
        rounds::work_once(store, days.zone).await?;
    }
    store.sign_out(&token).await?;
    Ok(())
}
