//! Everything the matcher needs to know about a round, with dense numbers and no names. Built in a few statements for all
//! at once; promises that whoever is in it may go where it says, and that ceilings are what is left of them beside
//! everything agreed already.

mod keeps;
mod left;
mod numbers;

use std::collections::{BTreeMap, HashMap};

use freerange_domain::{
    id::{ChallengeId, OutingId, PersonId, PlaceId, RoundId},
    outing::Access,
    round::{Asks, Edit, Needs, PIN, SECOND, SERVES, Unfit, Week, first_bonus, score, waited},
    time,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Round, cover_of, json, load, stretches, weeks};
use crate::{
    Result,
    db::{Ask, Row, vals},
    people::department,
    placement::went,
};
use left::{Agreed, Ceilings, NO_CEILING, agreed};
use numbers::Numbers;

/// Somebody who wished.
#[derive(Debug, Clone)]
pub struct Someone {
    /// Who.
    pub id: PersonId,
    /// Team, by number.
    pub team: usize,
    /// Department, by number.
    pub dept: usize,
    /// Grade, by number.
    pub grade: usize,
    /// How many outings they want.
    pub wanted: i64,
    /// Weeks since they were last out, as far as they count.
    pub waited: i64,
    /// Why wishes of theirs do not suit them, how often.
    pub unfit: BTreeMap<Unfit, i64>,
}

/// The people of one manager.
#[derive(Debug, Clone)]
pub struct Team {
    /// Whose team; nobody's for those with nobody above them.
    pub manager: Option<PersonId>,
    /// Department of its first member.
    pub dept: usize,
    /// How many work in it.
    pub size: i64,
    /// How many more may be away, by week of the season.
    pub left: Vec<i64>,
    /// Whether the manager said so.
    pub said: bool,
}

/// An outing of the round.
#[derive(Debug, Clone)]
pub struct Going {
    /// Which.
    pub id: OutingId,
    /// In a few words.
    pub title: String,
    /// Week of the season, by number.
    pub week: usize,
    /// Neighbourhood and week, by number.
    pub place_week: usize,
    /// Host, by number.
    pub host: usize,
    /// Smallest group.
    pub min: i64,
    /// Free seats.
    pub max: i64,
}

/// A wish that suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Who, by number.
    pub person: usize,
    /// Where, by number.
    pub outing: usize,
    /// From 1; 0 for what only serves a challenge.
    pub rank: i64,
    /// What was decided by hand.
    pub edit: Option<Edit>,
}

impl Edge {
    /// What it is worth, in points.
    pub const fn points(&self) -> i64 {
        if self.rank == 0 { SERVES } else { score(self.rank) }
    }

    /// What it is worth to the matcher.
    pub const fn pull(&self) -> i64 {
        match self.edit {
            Some(Edit::Pin) => self.points() + PIN,
            _ => self.points(),
        }
    }
}

/// A round as the matcher sees it.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The round.
    pub round: Round,
    /// The weeks of the season.
    pub weeks: Vec<Week>,
    /// Who wished.
    pub people: Vec<Someone>,
    /// Their teams.
    pub teams: Vec<Team>,
    /// Departments by name.
    pub depts: Vec<String>,
    /// Grades by name.
    pub grades: Vec<String>,
    /// Where to.
    pub outings: Vec<Going>,
    /// Visitors a neighbourhood can still receive in a week; outings without a neighbourhood share one without a ceiling.
    pub place_weeks: Vec<(Option<PlaceId>, usize, i64)>,
    /// Visitors a host can still receive in the season.
    pub hosts: Vec<(String, i64)>,
    /// Wishes that suit, by person, best first.
    pub edges: Vec<Edge>,
    /// Wishes that suit and cannot be: forbidden by hand, or no more of the team may be away in that week.
    pub shut: Vec<Edge>,
    /// Decided by hand, pins for what was not wished for too.
    pub edits: Vec<(PersonId, OutingId, Edit)>,
}

/// What a manager said: in one week, and in named weeks.
type Said = (Option<i64>, Vec<(Week, i64)>);

/// An outing with what it asks, while the instance is built.
struct Offered {
    asks: Asks,
    challenge: Option<ChallengeId>,
}

const OUTINGS: &str = "SELECT o.id, o.title, o.place_id, o.host_name, o.challenge_id, o.starts_at, o.ends_at, o.seats, o.language, o.access,
        x.min_group, (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed')) AS taken
     FROM round_outing x JOIN outing o ON o.id = x.outing_id WHERE x.round_id = $1 AND o.status = 'open' ORDER BY o.starts_at, o.id";

const PEOPLE: &str = concat!(
    "SELECT x.person_id, x.wanted, x.away, x.access, w.manager_id, w.grade, w.languages, t.path, g.last
     FROM round_person x JOIN person w ON w.id = x.person_id JOIN team t ON t.id = w.team_id
     LEFT JOIN (SELECT p.person_id, MAX(o.ends_at) AS last FROM placement p JOIN outing o ON o.id = p.outing_id
        WHERE o.kind <> 'free-range-day' AND ",
    went!("p"),
    " GROUP BY p.person_id) g ON g.person_id = x.person_id
     WHERE x.round_id = $1 AND w.active ORDER BY x.person_id"
);

/// People whose wishes are read at once.
const PEOPLE_AT_ONCE: usize = 2_000;

impl Instance {
    /// Reads a round.
    pub(crate) async fn build(ask: &mut impl Ask, id: RoundId, zone: &TimeZone, now: Timestamp) -> Result<Self> {
        let round = load(ask, id).await?;
        let agreed = agreed(ask, &round, zone).await?;
        let ceilings = Ceilings::read(ask, id).await?;
        let mut built = Self {
            weeks: round.season.weeks(),
            round,
            people: Vec::new(),
            teams: Vec::new(),
            depts: Vec::new(),
            grades: Vec::new(),
            outings: Vec::new(),
            place_weeks: Vec::new(),
            hosts: Vec::new(),
            edges: Vec::new(),
            shut: Vec::new(),
            edits: Vec::new(),
        };
        let offered = built.read_outings(ask, id, &agreed, &ceilings, zone).await?;
        let needs = built.read_people(ask, id, now).await?;
        built.read_teams(ask, id, &agreed).await?;
        for r in ask.rows("SELECT person_id, outing_id, what FROM round_edit WHERE round_id = $1", vals![id]).await? {
            built.edits.push((r.get("person_id")?, r.get("outing_id")?, r.get("what")?));
        }
        built.read_wishes(ask, id, &offered, &needs, &agreed).await?;
        Ok(built)
    }

    async fn read_outings(
        &mut self,
        ask: &mut impl Ask,
        id: RoundId,
        agreed: &Agreed,
        ceilings: &Ceilings,
        zone: &TimeZone,
    ) -> Result<Vec<Offered>> {
        let (mut places, mut hosts) = (Numbers::new(), Numbers::new());
        let mut offered = Vec::new();
        for r in ask.rows(OUTINGS, vals![id]).await? {
            let from = time::day_of(r.get("starts_at")?, zone);
            let week = Week::of(from);
            // Moved out of the season meanwhile: it does not take part.
            let Some(number) = self.weeks.iter().position(|w| *w == week) else { continue };
            let place: Option<PlaceId> = r.get("place_id")?;
            let host: String = r.get("host_name")?;
            let seats = (r.get::<i64>("seats")? - r.get::<i64>("taken")?).max(0);
            // Those who go already count towards the group.
            let min = (r.get::<i64>("min_group")? - r.get::<i64>("taken")?).max(1).min(seats);
            let place_week = places.of(&(place, number));
            if place_week == self.place_weeks.len() {
                let left = place.map_or(NO_CEILING, |p| {
                    ceilings.place(&self.round, p, week) - agreed.place_weeks.get(&(p, week)).copied().unwrap_or(0)
                });
                self.place_weeks.push((place, number, left.max(0)));
            }
            let host_number = hosts.of(&host);
            if host_number == self.hosts.len() {
                let left = ceilings.host(&self.round, &host) - agreed.hosts.get(&host).copied().unwrap_or(0);
                self.hosts.push((host, left.max(0)));
            }
            self.outings.push(Going {
                id: r.get("id")?,
                title: r.get("title")?,
                week: number,
                place_week,
                host: host_number,
                min,
                max: seats,
            });
            offered.push(Offered {
                asks: Asks {
                    from,
                    to: time::day_of(r.get("ends_at")?, zone),
                    access: json(&r.get::<String>("access")?)?,
                    language: r.get("language")?,
                },
                challenge: r.get("challenge_id")?,
            });
        }
        Ok(offered)
    }

    async fn read_people(&mut self, ask: &mut impl Ask, id: RoundId, now: Timestamp) -> Result<Vec<Needs>> {
        let (mut depts, mut grades, mut teams) = (Numbers::new(), Numbers::new(), Numbers::new());
        let mut needs = Vec::new();
        for r in ask.rows(PEOPLE, vals![id]).await? {
            let path: String = r.get("path")?;
            let dept = depts.of(&department(&path).to_owned());
            let (person, manager): (PersonId, Option<PersonId>) = (r.get("person_id")?, r.get("manager_id")?);
            // Whoever has nobody above them is a team of their own.
            let team = teams.of(&(manager, manager.is_none().then_some(person)));
            if team == self.teams.len() {
                self.teams.push(Team { manager, dept, size: 1, left: vec![1; self.weeks.len()], said: false });
            }
            let weeks =
                r.get::<Option<Timestamp>>("last")?.map(|at| (now.as_second() - at.as_second()).max(0) / 604_800);
            self.people.push(Someone {
                id: person,
                team,
                dept,
                grade: grades.of(&r.get::<String>("grade")?),
                wanted: r.get("wanted")?,
                waited: waited(weeks),
                unfit: BTreeMap::new(),
            });
            needs.push(needs_of(&r)?);
        }
        self.depts = depts.all;
        self.grades = grades.all;
        Ok(needs)
    }

    async fn read_teams(&mut self, ask: &mut impl Ask, id: RoundId, agreed: &Agreed) -> Result<()> {
        let mut sizes: HashMap<PersonId, i64> = HashMap::new();
        let sql =
            "SELECT manager_id, COUNT(*) AS n FROM person WHERE active AND manager_id IS NOT NULL GROUP BY manager_id";
        for r in ask.rows(sql, Vec::new()).await? {
            sizes.insert(r.get("manager_id")?, r.get("n")?);
        }
        let mut said: HashMap<PersonId, Said> = HashMap::new();
        for r in ask.rows("SELECT manager_id, away, weeks FROM round_cover WHERE round_id = $1", vals![id]).await? {
            said.insert(r.get("manager_id")?, (r.get("away")?, weeks(&r.get::<String>("weeks")?)?));
        }
        for team in &mut self.teams {
            let Some(manager) = team.manager else { continue };
            team.size = sizes.get(&manager).copied().unwrap_or(1);
            let answer = said.get(&manager);
            team.said = answer.is_some_and(|a| a.0.is_some());
            let usual = cover_of(answer.and_then(|a| a.0), team.size);
            for (left, week) in team.left.iter_mut().zip(&self.weeks) {
                let named = answer.and_then(|a| a.1.iter().find(|(w, _)| w == week)).map(|(_, n)| *n);
                let away = agreed.team_weeks.get(&(manager, *week)).copied().unwrap_or(0);
                *left = (named.unwrap_or(usual) - away).max(0);
            }
        }
        Ok(())
    }

    async fn read_wishes(
        &mut self,
        ask: &mut impl Ask,
        id: RoundId,
        offered: &[Offered],
        needs: &[Needs],
        agreed: &Agreed,
    ) -> Result<()> {
        let people: HashMap<PersonId, usize> = self.people.iter().enumerate().map(|(at, p)| (p.id, at)).collect();
        let outings: HashMap<OutingId, usize> = self.outings.iter().enumerate().map(|(at, o)| (o.id, at)).collect();
        let edits: HashMap<(PersonId, OutingId), Edit> = self.edits.iter().map(|(p, o, e)| ((*p, *o), *e)).collect();
        let mut wishes: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.people.len()];
        // Some people at a time, who stand in the order of their ids: half a million rows at once would fill the memory.
        let sql = "SELECT person_id, outing_id, rank FROM round_wish WHERE round_id = $1 AND person_id >= $2 AND person_id <= $3
             ORDER BY person_id, rank, outing_id";
        for part in self.people.chunks(PEOPLE_AT_ONCE) {
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            for r in ask.rows(sql, vals![id, first.id, last.id]).await? {
                let (person, outing) = (r.get::<PersonId>("person_id")?, r.get::<OutingId>("outing_id")?);
                if let Some((person, outing)) = people.get(&person).zip(outings.get(&outing)) {
                    wishes[*person].push((*outing, r.get("rank")?));
                }
            }
        }
        let mut serving: HashMap<ChallengeId, Vec<usize>> = HashMap::new();
        for (at, o) in offered.iter().enumerate() {
            if let Some(challenge) = o.challenge {
                serving.entry(challenge).or_default().push(at);
            }
        }
        for r in ask.rows("SELECT person_id, challenge_id FROM round_serves WHERE round_id = $1", vals![id]).await? {
            let Some(person) = people.get(&r.get::<PersonId>("person_id")?) else { continue };
            for outing in serving.get(&r.get::<ChallengeId>("challenge_id")?).into_iter().flatten() {
                if !wishes[*person].iter().any(|(known, _)| known == outing) {
                    wishes[*person].push((*outing, 0));
                }
            }
        }
        for (person, wished) in wishes.into_iter().enumerate() {
            for (outing, rank) in wished {
                self.judge(person, outing, rank, &offered[outing].asks, &needs[person], agreed, &edits);
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one wish beside everything it is held against")]
    fn judge(
        &mut self,
        person: usize,
        outing: usize,
        rank: i64,
        asks: &Asks,
        needs: &Needs,
        agreed: &Agreed,
        edits: &HashMap<(PersonId, OutingId), Edit>,
    ) {
        let (who, going) = (self.people[person].id, &self.outings[outing]);
        let week = self.weeks[going.week];
        let away = agreed.person_weeks.contains(&(who, week)) || agreed.pairs.contains(&(who, going.id));
        if let Some(unfit) = needs.unfit(asks).or(away.then_some(Unfit::Away)) {
            *self.people[person].unfit.entry(unfit).or_default() += 1;
            return;
        }
        let edge = Edge { person, outing, rank, edit: edits.get(&(who, going.id)).copied() };
        let left = self.teams[self.people[person].team].left[going.week];
        if edge.edit == Some(Edit::Ban) || left == 0 {
            self.shut.push(edge);
        } else {
            self.edges.push(edge);
        }
    }

    /// Points of a plan: its wishes, and each person's first and second outing. Pins count nothing.
    pub fn objective(&self, seats: &[Edge]) -> i64 {
        let mut each = vec![0_i64; self.people.len()];
        let mut points = 0;
        for seat in seats {
            points += seat.points();
            each[seat.person] += 1;
        }
        let bonus = |(p, n): (&Someone, i64)| match n {
            0 => 0,
            1 => first_bonus(Some(p.waited)),
            _ => first_bonus(Some(p.waited)) + SECOND,
        };
        points + self.people.iter().zip(each).map(bonus).sum::<i64>()
    }
}

fn needs_of(r: &Row) -> Result<Needs> {
    let access: Vec<Access> = json(&r.get::<String>("access")?)?;
    Ok(Needs { away: stretches(&r.get::<String>("away")?)?, access, languages: codes(&r.get::<String>("languages")?) })
}

/// The languages of somebody, as codes.
pub(super) fn codes(languages: &str) -> Vec<String> {
    languages.split([';', ',', ' ']).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

impl crate::Store {
    /// A round as the matcher sees it, in one view that does not change meanwhile. For jobs.
    pub async fn round_instance(&self, id: RoundId, zone: &TimeZone, now: Timestamp) -> Result<Instance> {
        let mut view = self.db.snapshot().await?;
        Instance::build(&mut view, id, zone, now).await
    }
}
