//! Groups that speak for a neighbourhood in the demo city: one that welcomes visits, one with days that do not suit, one that
//! pauses; so that whoever tries the demo finds each.

use freerange_demo as made_up;
use freerange_domain::{
    code::Code,
    community::{Days as Away, Stance, Weekdays},
    people::Email,
};
use freerange_store::{Actor, Store, community::Group, session::Attempt};
use jiff::tz::TimeZone;

use super::{Days, Ids, Result, line};
use crate::{demo::password, now};

/// Saturday and Sunday.
const WEEKEND: i64 = 0b110_0000;

/// Enters the groups; returns the code of the first.
pub(super) async fn enter(
    store: &Store,
    city: &made_up::City,
    ids: &Ids,
    days: &Days<'_>,
    zone: &TimeZone,
) -> Result<Code> {
    let secret = password("clerk");
    let attempt =
        Attempt { email: &city.people[city.roles.clerk].email, password: &secret, from: "127.0.0.1", agent: "demo" };
    let token = store.sign_in(&attempt, now()).await?;
    let clerk = store.session_actor(&token, now()).await?;
    let mut visited: Vec<usize> = city.outings.iter().filter(|o| o.day < 0).map(|o| o.neighbourhood).collect();
    visited.sort_unstable();
    let mut often: Vec<(usize, usize)> = visited.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    often.sort_unstable_by(|a, b| b.cmp(a));
    let mut codes = Vec::new();
    for (turn, (_, place)) in often.into_iter().take(3).enumerate() {
        let host = city.groups.iter().find(|g| g.neighbourhood == place).or_else(|| city.groups.get(turn));
        let Some(host) = host else { break };
        let group = Group {
            place: ids.places[place],
            name: line(&host.name)?,
            contact_name: line(&host.contact)?,
            contact_email: Email::parse(&host.email).ok(),
            language: "en".to_owned(),
        };
        let code = store.enter_community(&clerk, &group, now()).await?;
        speak(store, &code, turn, days, zone).await?;
        codes.push(code);
    }
    store.sign_out(&token).await?;
    codes.into_iter().next().ok_or_else(|| anyhow::anyhow!("no neighbourhood was visited"))
}

/// What the first, second and third group say.
async fn speak(store: &Store, code: &Code, turn: usize, days: &Days<'_>, zone: &TimeZone) -> Result<()> {
    let who = store.neighbours(code, "127.0.0.1", now()).await?;
    let Actor::Neighbours(id) = who else { return Ok(()) };
    let at = (zone, now());
    match turn {
        0 => {
            let why = "Come on market day and stay for soup. Please do not go to the school.";
            store.say_stance(&who, id, Stance::Come, None, why, at).await?;
        }
        1 => {
            store.say_weekdays(&who, id, Weekdays::from_bits(WEEKEND), at).await?;
            let festival = Away::new(days.date(200), days.date(203))?;
            store.say_days(&who, id, festival, "The neighbourhood festival", at).await?;
        }
        _ => {
            let why = "Four visits this season, and no word about any of them. First tell us what came of it.";
            store.say_stance(&who, id, Stance::Pause, Some(days.date(240)), why, at).await?;
        }
    }
    Ok(())
}
