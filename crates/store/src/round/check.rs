//! What makes a round impossible or poor, before anybody runs it: for the programme lead, in counts, each with something to
//! mend. Tells nobody's wishes; of people it says how many, and nothing of fewer than five.

use freerange_domain::{
    id::{OutingId, RoundId},
    overview::{Count, SMALLEST_GROUP, classes, share},
    round::{Unfit, Week},
};
use jiff::{Timestamp, tz::TimeZone};

use super::instance::Instance;
use crate::{
    About, Act, Actor, Result, Store,
    db::{Ask as _, vals},
    may,
};

/// Most entries of a list; the rest is counted.
const MOST: usize = 30;

/// A list and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Poor<T> {
    /// The first of them.
    pub some: Vec<T>,
    /// All of them.
    pub all: i64,
}

impl<T> Poor<T> {
    fn of(mut all: Vec<T>) -> Self {
        let n = long(all.len());
        all.truncate(MOST);
        Self { some: all, all: n }
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// People who stated wishes.
    pub people: Count,
    /// Outings they want, taken together.
    pub wanted: Count,
    /// The share of what is wanted for which there are seats.
    pub share: Option<i64>,
    /// Seats there are.
    pub seats: i64,
    /// Outings nobody wished for who could go.
    pub unwished: Poor<(OutingId, String)>,
    /// Outings that fewer could go on than must: how many it takes.
    pub thin: Poor<(OutingId, String, i64)>,
    /// People for whom nothing that they wished for suits.
    pub nothing: Count,
    /// Why, each with how many wishes it stands against.
    pub why: Vec<(Unfit, Count)>,
    /// Managers whose team may send nobody in any week of the round, with five people or more who wish.
    pub closed_teams: Poor<String>,
    /// Neighbourhoods whose first wishes, five or more, are more than they receive in a week.
    pub crowded: Poor<(String, Week, i64)>,
    /// Hosts whose first wishes, five or more, are more than they receive.
    pub crowded_hosts: Poor<(String, i64)>,
    /// Managers who have not said a number, whether or not somebody of theirs wishes.
    pub silent: Poor<String>,
    /// Whether managers were asked at all.
    pub asked: bool,
}

impl Checked {
    /// Whether there is nothing to mend.
    pub const fn is_fine(&self) -> bool {
        self.unwished.all == 0
            && self.thin.all == 0
            && matches!(self.nothing, Count::Exactly(0))
            && self.closed_teams.all == 0
            && self.crowded.all == 0
            && self.crowded_hosts.all == 0
            && self.silent.all == 0
    }
}

fn long(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How often what is wished for, as if nothing had been decided by hand: whoever decides something and looks again sees
/// nothing of anybody's wishes.
struct Wished {
    /// Who could go, by outing.
    could: Vec<i64>,
    /// For whom it is the first wish that suits, by outing.
    first: Vec<i64>,
    /// Wishes that suit, by person.
    fitting: Vec<i64>,
    /// People who wished, by team.
    of_team: Vec<i64>,
}

impl Wished {
    fn of(instance: &Instance) -> Self {
        let mut wished = Self {
            could: vec![0; instance.outings.len()],
            first: vec![0; instance.outings.len()],
            fitting: vec![0; instance.people.len()],
            of_team: vec![0; instance.teams.len()],
        };
        let mut best: Vec<Option<(bool, i64, usize)>> = vec![None; instance.people.len()];
        for edge in instance.edges.iter().chain(&instance.shut) {
            wished.fitting[edge.person] += 1;
            let outing = &instance.outings[edge.outing];
            if instance.teams[instance.people[edge.person].team].left[outing.week] > 0 {
                wished.could[edge.outing] += 1;
                let rank = Some((edge.rank == 0, edge.rank, edge.outing));
                let first = &mut best[edge.person];
                *first = if first.is_none() { rank } else { rank.min(*first) };
            }
        }
        for (_, _, outing) in best.into_iter().flatten() {
            wished.first[outing] += 1;
        }
        for person in &instance.people {
            wished.of_team[person.team] += 1;
        }
        wished
    }
}

impl Store {
    /// Looks at a round before it is matched.
    pub async fn check_round(&self, who: &Actor, id: RoundId, zone: &TimeZone, now: Timestamp) -> Result<Checked> {
        may(who, Act::RunRound, &About::nothing())?;
        let instance = self.round_instance(id, zone, now).await?;
        let Wished { could, first, fitting, of_team } = Wished::of(&instance);
        let outings = || instance.outings.iter().zip(&could);
        let unwished = outings().filter(|(_, n)| **n == 0).map(|(o, _)| (o.id, o.title.clone())).collect();
        // One to four count as four: whoever changes the smallest group and looks again does not count them.
        let thin = outings()
            .filter(|(o, n)| **n > 0 && (**n).max(SMALLEST_GROUP - 1) < o.min)
            .map(|(o, _)| (o.id, o.title.clone(), o.min))
            .collect();
        let nothing: Vec<usize> =
            (0..instance.people.len()).filter(|p| fitting[*p] == 0 && !instance.people[*p].unfit.is_empty()).collect();
        let why = Unfit::ALL
            .iter()
            .map(|u| (*u, long(nothing.iter().filter(|p| instance.people[**p].unfit.contains_key(u)).count())))
            .filter(|(_, n)| *n > 0)
            .map(|(u, n)| (u, Count::of(n)))
            .collect();
        let names = self.team_names(&instance).await?;
        let closed = |t: &super::Team| instance.outings.iter().all(|o| t.left[o.week] == 0);
        let teams = instance.teams.iter().zip(&names).zip(&of_team).filter(|(_, wishing)| **wishing >= SMALLEST_GROUP);
        let closed_teams = teams.filter(|((t, _), _)| closed(t)).filter_map(|((_, name), _)| name.clone()).collect();
        let people = long(instance.people.len());
        let wanted: i64 = instance.people.iter().map(|p| p.wanted).sum();
        let seats: i64 = instance.outings.iter().map(|o| o.max).sum();
        // Who wants more than one is somebody too.
        let more = Count::of(wanted - people);
        let asked = (&self.db)
            .count("SELECT COUNT(*) FROM round_cover WHERE round_id = $1 AND asked_at IS NOT NULL", vals![id])
            .await?;
        Ok(Checked {
            people: Count::of(people),
            wanted: if more == Count::NotSaid { more } else { Count::of_things(wanted, people) },
            share: share(seats.min(wanted), wanted, people),
            seats,
            unwished: Poor::of(unwished),
            thin: Poor::of(thin),
            nothing: classes(Count::of(people), &[long(nothing.len()), people - long(nothing.len())])[0],
            why,
            closed_teams: Poor::of(closed_teams),
            crowded: Poor::of(self.crowded_places(&instance, &first).await?),
            crowded_hosts: Poor::of(crowded_hosts(&instance, &first)),
            silent: Poor::of(self.silent(id).await?),
            asked: asked > 0,
        })
    }

    /// The names of the managers who have not said a number.
    async fn silent(&self, id: RoundId) -> Result<Vec<String>> {
        let sql = "SELECT m.name FROM person m WHERE m.active AND EXISTS (SELECT 1 FROM person w WHERE w.manager_id = m.id AND w.active)
                AND NOT EXISTS (SELECT 1 FROM round_cover c WHERE c.round_id = $1 AND c.manager_id = m.id AND c.away IS NOT NULL)
             ORDER BY m.name, m.id";
        (&self.db).rows(sql, vals![id]).await?.iter().map(|r| r.get("name")).collect()
    }

    /// The names of the managers of the teams, in their order.
    async fn team_names(&self, instance: &Instance) -> Result<Vec<Option<String>>> {
        let mut names = std::collections::HashMap::new();
        let sql = "SELECT m.id, m.name FROM person m WHERE EXISTS (SELECT 1 FROM round_person x JOIN person w ON w.id = x.person_id
             WHERE x.round_id = $1 AND w.manager_id = m.id)";
        for r in (&self.db).rows(sql, vals![instance.round.id]).await? {
            names.insert(r.get::<freerange_domain::id::PersonId>("id")?, r.get::<String>("name")?);
        }
        Ok(instance.teams.iter().map(|t| t.manager.and_then(|m| names.get(&m).cloned())).collect())
    }

    async fn crowded_places(&self, instance: &Instance, first: &[i64]) -> Result<Vec<(String, Week, i64)>> {
        let mut asked = vec![0_i64; instance.place_weeks.len()];
        for (outing, n) in instance.outings.iter().zip(first) {
            asked[outing.place_week] += n;
        }
        let mut found = Vec::new();
        for ((place, week, cap), asked) in instance.place_weeks.iter().zip(asked) {
            let (Some(place), true) = (place, asked > *cap && asked >= SMALLEST_GROUP) else { continue };
            let name = (&self.db).one("SELECT name FROM place WHERE id = $1", vals![*place]).await?.get("name")?;
            found.push((name, instance.weeks[*week], *cap));
            if found.len() > 4 * MOST {
                break;
            }
        }
        Ok(found)
    }
}

fn crowded_hosts(instance: &Instance, first: &[i64]) -> Vec<(String, i64)> {
    let mut asked = vec![0_i64; instance.hosts.len()];
    for (outing, n) in instance.outings.iter().zip(first) {
        asked[outing.host] += n;
    }
    let over = instance.hosts.iter().zip(asked).filter(|((_, cap), asked)| asked > cap && *asked >= SMALLEST_GROUP);
    over.map(|((name, cap), _)| (name.clone(), *cap)).collect()
}
