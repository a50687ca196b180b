//! What is left of every limit: what is agreed already in the weeks of a season, and the ceilings by hand.

use std::collections::{HashMap, HashSet};

use freerange_domain::{
    id::{OutingId, PersonId, PlaceId, RoundId},
    round::Week,
    time,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    Result,
    db::{Ask, vals},
    round::{Round, corrupt},
};

/// More than anybody can ask for.
pub(super) const NO_CEILING: i64 = 1_000_000;

/// What is agreed already in the weeks of the season, outside this round and, once it is published, in it.
#[derive(Debug, Default)]
pub(super) struct Agreed {
    pub(super) team_weeks: HashMap<(PersonId, Week), i64>,
    pub(super) place_weeks: HashMap<(PlaceId, Week), i64>,
    pub(super) hosts: HashMap<String, i64>,
    pub(super) person_weeks: HashSet<(PersonId, Week)>,
    pub(super) pairs: HashSet<(PersonId, OutingId)>,
}

pub(super) async fn agreed(ask: &mut impl Ask, round: &Round, zone: &TimeZone) -> Result<Agreed> {
    let first = Week::of(round.season.starts_on).monday();
    let last = Week::of(round.season.ends_on).next().monday();
    let start = |day: jiff::civil::Date| day.to_zoned_datetime(zone.clone()).map(|z| z.timestamp()).map_err(corrupt);
    let mut agreed = Agreed::default();
    for r in ask
        .rows(
            "SELECT p.person_id, p.outing_id, w.manager_id, o.place_id, o.host_name, o.starts_at
             FROM placement p JOIN outing o ON o.id = p.outing_id JOIN person w ON w.id = p.person_id
             WHERE p.stage NOT IN ('wished', 'closed') AND o.kind <> 'free-range-day' AND o.starts_at >= $1 AND o.starts_at < $2",
            vals![start(first)?, start(last)?],
        )
        .await?
    {
        let person: PersonId = r.get("person_id")?;
        let week = Week::of(time::day_of(r.get::<Timestamp>("starts_at")?, zone));
        agreed.pairs.insert((person, r.get("outing_id")?));
        agreed.person_weeks.insert((person, week));
        if let Some(manager) = r.get::<Option<PersonId>>("manager_id")? {
            *agreed.team_weeks.entry((manager, week)).or_default() += 1;
        }
        if let Some(place) = r.get::<Option<PlaceId>>("place_id")? {
            *agreed.place_weeks.entry((place, week)).or_default() += 1;
        }
        *agreed.hosts.entry(r.get("host_name")?).or_default() += 1;
    }
    Ok(agreed)
}

/// Ceilings by hand.
#[derive(Debug, Default)]
pub(super) struct Ceilings {
    places: HashMap<(PlaceId, String), i64>,
    pub(super) hosts: HashMap<String, i64>,
}

impl Ceilings {
    pub(super) async fn read(ask: &mut impl Ask, id: RoundId) -> Result<Self> {
        let mut found = Self::default();
        for r in ask.rows("SELECT place_id, week, cap FROM round_place WHERE round_id = $1", vals![id]).await? {
            found.places.insert((r.get("place_id")?, r.get("week")?), r.get("cap")?);
        }
        for r in ask.rows("SELECT host_name, cap FROM round_host WHERE round_id = $1", vals![id]).await? {
            found.hosts.insert(r.get("host_name")?, r.get("cap")?);
        }
        Ok(found)
    }

    pub(super) fn place(&self, round: &Round, place: PlaceId, week: Week) -> i64 {
        let named = self.places.get(&(place, week.to_string())).or_else(|| self.places.get(&(place, String::new())));
        named.copied().unwrap_or(round.place_cap)
    }

    pub(super) fn host(&self, round: &Round, host: &str) -> i64 {
        self.hosts.get(host).copied().or(round.host_cap).unwrap_or(NO_CEILING)
    }
}
