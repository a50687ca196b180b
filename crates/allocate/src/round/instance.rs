//! A ROUND instance: people, teams, outings, neighbourhoods, hosts, and who may go where. May use the file reader only;
//! promises that every id points at something that exists, so the solver can index without asking.

use std::path::Path;

use crate::file::{FileError, Meta, ROW_LIMIT, Shape, Table};
use crate::number::{id, signed};

/// Highest score of a pair, in points.
const SCORE_CEILING: i64 = 100_000;
/// Highest bonus for an outing, in points. Score and bonus together bound every useful price, see `PRICE_CEILING`.
const BONUS_CEILING: i64 = 300_000;
/// No useful price is above score plus bonus, in points; four of them in price units still fit 32 bits.
pub(super) const PRICE_CEILING: i64 = SCORE_CEILING + BONUS_CEILING;
/// Weeks are numbered below this.
const WEEK_CEILING: i64 = 5_000;
/// Most rows (outings, team-weeks, neighbourhood-weeks, hosts) one instance may have.
const PRICED_ROW_LIMIT: usize = 40_000_000;
const ID: (i64, i64) = (0, 400_000_000);
const COUNT: (i64, i64) = (0, 1_000_000_000);
/// Most outings one person may want.
pub(super) const SEATS_EACH: usize = 3;

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) team: u32,
    pub(super) k: u8,
    /// Points for the first, second and third outing; never rising.
    pub(super) bonus: [i32; SEATS_EACH],
    /// Where the person's pairs start in `Instance::edges`.
    pub(super) first: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Outing {
    pub(super) week: u32,
    pub(super) nbhd: u32,
    pub(super) host: u32,
    pub(super) min: u32,
    pub(super) max: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) outing: u32,
    pub(super) score: i32,
}

/// Which groups a person belongs to: for fairness only, the matcher does not look at them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups {
    pub(super) department: u32,
    pub(super) grade: u32,
    pub(super) waited: u32,
}

/// Everything the round matcher needs to know.
#[derive(Debug, Clone)]
pub struct Instance {
    /// One more than there are people: the last entry only closes the list of edges.
    pub(super) persons: Vec<Person>,
    pub(super) groups: Vec<Groups>,
    pub(super) edges: Vec<Edge>,
    pub(super) outings: Vec<Outing>,
    pub(super) team_caps: Vec<u32>,
    pub(super) nbhd_caps: Vec<u32>,
    pub(super) host_caps: Vec<u32>,
    pub(super) weeks: usize,
}

impl Instance {
    /// Reads `meta.json`, `people.csv`, `teams.csv`, `outings.csv`, `nbhds.csv`, `hosts.csv` and `edges.csv` in `dir`.
    pub fn read(dir: &Path) -> Result<Self, FileError> {
        let meta = Meta::read(dir, "round")?;
        let team_caps = read_caps(&dir.join("teams.csv"), ["team", "dept", "size", "cap"])?;
        let nbhd_caps = read_caps(&dir.join("nbhds.csv"), ["nbhd", "district", "cap"])?;
        let host_caps = read_caps(&dir.join("hosts.csv"), ["host", "cap"])?;
        let outings = read_outings(&dir.join("outings.csv"), nbhd_caps.len(), host_caps.len())?;
        let weeks = outings.iter().map(|outing| outing.week as usize + 1).max().unwrap_or(0);
        let rows = (team_caps.len() + nbhd_caps.len()).saturating_mul(weeks);
        if rows > PRICED_ROW_LIMIT {
            let what = format!("{weeks} weeks with these teams and neighbourhoods make {rows} rows");
            return Err(FileError::whole(dir, what, "Split the round, or number the weeks from 0 without gaps"));
        }
        let (mut persons, groups) = read_people(&dir.join("people.csv"), team_caps.len())?;
        let edges = read_edges(&dir.join("edges.csv"), &mut persons, outings.len())?;
        meta.check("people", "people.csv", persons.len() - 1)?;
        meta.check("teams", "teams.csv", team_caps.len())?;
        meta.check("outings", "outings.csv", outings.len())?;
        meta.check("nbhds", "nbhds.csv", nbhd_caps.len())?;
        meta.check("hosts", "hosts.csv", host_caps.len())?;
        meta.check("edges", "edges.csv", edges.len())?;
        Ok(Self { persons, groups, edges, outings, team_caps, nbhd_caps, host_caps, weeks })
    }

    /// People in the instance.
    pub fn people(&self) -> usize {
        self.persons.len() - 1
    }

    /// Outings in the instance.
    pub fn outings(&self) -> usize {
        self.outings.len()
    }

    /// Eligible pairs of person and outing.
    pub fn pairs(&self) -> usize {
        self.edges.len()
    }

    /// Where `person`'s pairs lie in `edges`.
    pub(super) fn span(&self, person: usize) -> std::ops::Range<usize> {
        self.persons[person].first as usize..self.persons[person + 1].first as usize
    }
}

fn read_caps<const N: usize>(path: &Path, columns: [&str; N]) -> Result<Vec<u32>, FileError> {
    let mut ranges = [COUNT; N];
    ranges[0] = ID;
    let shape = Shape { columns, ranges };
    let mut table = Table::open(path, &shape)?;
    let mut caps = Vec::new();
    while let Some(row) = table.row()? {
        table.dense(row[0], caps.len())?;
        caps.push(small(row[N - 1]));
    }
    Ok(caps)
}

fn read_outings(path: &Path, nbhds: usize, hosts: usize) -> Result<Vec<Outing>, FileError> {
    let shape = Shape {
        columns: ["outing", "week", "nbhd", "host", "min", "max", "topic", "accessible"],
        ranges: [
            ID,
            (0, WEEK_CEILING - 1),
            (0, signed(nbhds) - 1),
            (0, signed(hosts) - 1),
            COUNT,
            COUNT,
            COUNT,
            (0, 1),
        ],
    };
    let mut table = Table::open(path, &shape)?;
    let mut outings = Vec::new();
    while let Some([outing, week, nbhd, host, min, max, _, _]) = table.row()? {
        table.dense(outing, outings.len())?;
        if min > max {
            return Err(table.error(
                "min",
                format!("the minimum {min} is above the maximum {max}"),
                "Lower the minimum",
            ));
        }
        let [week, nbhd, host, min, max] = [week, nbhd, host, min, max].map(small);
        outings.push(Outing { week, nbhd, host, min, max });
    }
    Ok(outings)
}

fn read_people(path: &Path, teams: usize) -> Result<(Vec<Person>, Vec<Groups>), FileError> {
    let bonus = (0, BONUS_CEILING);
    let shape = Shape {
        columns: ["person", "team", "dept", "grade", "k", "weeks_since_out", "b1", "b2", "b3"],
        ranges: [ID, (0, signed(teams) - 1), COUNT, COUNT, (0, signed(SEATS_EACH)), COUNT, bonus, bonus, bonus],
    };
    let mut table = Table::open(path, &shape)?;
    let (mut people, mut groups): (Vec<Person>, Vec<Groups>) = (Vec::new(), Vec::new());
    while let Some([person, team, dept, grade, k, waited, b1, b2, b3]) = table.row()? {
        table.dense(person, people.len())?;
        if b1 < b2 || b2 < b3 {
            return Err(table.error(
                "b1",
                "a later outing counts more than an earlier one",
                "Let b1, b2 and b3 never rise",
            ));
        }
        let [department, grade, waited] = [dept, grade, waited].map(small);
        groups.push(Groups { department, grade, waited });
        let bonus = [b1, b2, b3].map(|points| i32::try_from(points).unwrap_or(0));
        people.push(Person { team: small(team), k: u8::try_from(k).unwrap_or(0), bonus, first: 0 });
    }
    people.push(Person { team: 0, k: 0, bonus: [0; SEATS_EACH], first: 0 });
    Ok((people, groups))
}

fn read_edges(path: &Path, people: &mut [Person], outings: usize) -> Result<Vec<Edge>, FileError> {
    let shape = Shape {
        columns: ["person", "outing", "score", "rank"],
        ranges: [(0, signed(people.len()) - 2), (0, signed(outings) - 1), (0, SCORE_CEILING), COUNT],
    };
    let mut table = Table::open(path, &shape)?;
    let mut edges: Vec<Edge> = Vec::new();
    let mut seen = vec![u32::MAX; outings];
    let mut current = 0_usize;
    while let Some([person, outing, score, _]) = table.row()? {
        let who = small(person) as usize;
        if who < current {
            return Err(table.error(
                "person",
                format!("person {person} comes after person {current}"),
                "Sort by person",
            ));
        }
        while current < who {
            current += 1;
            people[current].first = id(edges.len());
        }
        let last = &mut seen[small(outing) as usize];
        if *last == small(person) {
            return Err(table.error("outing", "this pair stands there twice", "Keep one line for each pair"));
        }
        *last = small(person);
        edges.push(Edge { outing: small(outing), score: i32::try_from(score).unwrap_or(0) });
    }
    for person in people.iter_mut().skip(current + 1) {
        person.first = id(edges.len());
    }
    debug_assert!(edges.len() < ROW_LIMIT);
    Ok(edges)
}

/// A value the table reader has already checked against a range within 32 bits.
fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
