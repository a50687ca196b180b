//! An EXCHANGE instance: cities, posts, staff, who may take which post, and how many may go from one city to another.
//! May use the file reader only; promises that every id points at something that exists.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::file::{FileError, Meta, ROW_LIMIT, Shape, Table};
use crate::number::{id, signed};

/// Highest score and highest bonus, in points.
const POINTS_CEILING: i64 = 1_000_000;
const ID: (i64, i64) = (0, 100_000_000);
const COUNT: (i64, i64) = (0, 1_000_000_000);
/// Most cities: a pair of cities has a row of its own.
const CITY_CEILING: i64 = 5_000;

#[derive(Debug, Clone)]
pub(super) struct Staff {
    pub(super) city: u32,
    pub(super) bonus: i64,
    /// Where the person's pairs start in `Instance::edges`.
    pub(super) first: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Post {
    pub(super) city: u32,
    pub(super) cap: i64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) post: u32,
    pub(super) score: i64,
    /// Index of the pair cap this edge counts towards, or `FREE`.
    pub(super) pair: u32,
}

/// No cap on this pair of cities.
pub(super) const FREE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) cap: i64,
}

/// How many more people may arrive in a city than leave it: what an earlier exchange left open, and what may stay open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tolerance {
    /// Zero or below.
    pub(super) least: i64,
    /// Zero or above.
    pub(super) most: i64,
}

/// Everything the exchange matcher needs to know.
#[derive(Debug, Clone)]
pub struct Instance {
    pub(super) max_out: Vec<i64>,
    pub(super) tolerance: Vec<Tolerance>,
    pub(super) posts: Vec<Post>,
    /// One more than there are staff: the last entry only closes the list of edges.
    pub(super) staff: Vec<Staff>,
    pub(super) edges: Vec<Edge>,
    pub(super) pairs: Vec<Pair>,
}

impl Instance {
    /// Reads `meta.json`, `cities.csv`, `posts.csv`, `staff.csv`, `edges.csv` and `pairs.csv` in `dir`, and `ledger.csv`
    /// (city,least,most: what arrivals minus departures may be) where there is one; without it all cities balance.
    pub fn read(dir: &Path) -> Result<Self, FileError> {
        let meta = Meta::read(dir, "exchange")?;
        let max_out = read_cities(&dir.join("cities.csv"))?;
        let tolerance = read_ledger(&dir.join("ledger.csv"), max_out.len())?;
        let posts = read_posts(&dir.join("posts.csv"), max_out.len())?;
        let staff = read_staff(&dir.join("staff.csv"), max_out.len())?;
        let pairs = read_pairs(&dir.join("pairs.csv"), max_out.len())?;
        let mut instance = Self { max_out, tolerance, posts, staff, edges: Vec::new(), pairs };
        instance.read_edges(&dir.join("edges.csv"))?;
        meta.check("cities", "cities.csv", instance.max_out.len())?;
        meta.check("posts", "posts.csv", instance.posts.len())?;
        meta.check("staff", "staff.csv", instance.people())?;
        meta.check("edges", "edges.csv", instance.edges.len())?;
        meta.check("pair_caps", "pairs.csv", instance.pairs.len())?;
        Ok(instance)
    }

    /// Staff in the instance.
    pub fn people(&self) -> usize {
        self.staff.len() - 1
    }

    /// Eligible pairs of staff and post.
    pub fn offers(&self) -> usize {
        self.edges.len()
    }

    pub(super) fn span(&self, person: usize) -> std::ops::Range<usize> {
        self.staff[person].first as usize..self.staff[person + 1].first as usize
    }

    /// Points for placing this person by this edge.
    pub(super) fn worth(&self, person: usize, edge: usize) -> i64 {
        self.edges[edge].score + self.staff[person].bonus
    }

    fn read_edges(&mut self, path: &Path) -> Result<(), FileError> {
        let shape = Shape {
            columns: ["staff", "post", "score"],
            ranges: [(0, signed(self.staff.len()) - 2), (0, signed(self.posts.len()) - 1), (0, POINTS_CEILING)],
        };
        let caps: HashMap<(u32, u32), u32> =
            self.pairs.iter().enumerate().map(|(number, pair)| ((pair.from, pair.to), id(number))).collect();
        let mut table = Table::open(path, &shape)?;
        let mut seen = vec![u32::MAX; self.posts.len()];
        let mut current = 0_usize;
        while let Some([person, post, score]) = table.row()? {
            let (who, post) = (small(person) as usize, small(post));
            if who < current {
                return Err(table.error(
                    "staff",
                    format!("staff {person} comes after staff {current}"),
                    "Sort by staff",
                ));
            }
            while current < who {
                current += 1;
                self.staff[current].first = id(self.edges.len());
            }
            let (from, to) = (self.staff[who].city, self.posts[post as usize].city);
            if from == to {
                return Err(table.error("post", "this post is in the own city", "Leave the line out"));
            }
            if std::mem::replace(&mut seen[post as usize], small(person)) == small(person) {
                return Err(table.error("post", "this pair stands there twice", "Keep one line for each pair"));
            }
            let pair = caps.get(&(from, to)).copied().unwrap_or(FREE);
            self.edges.push(Edge { post, score, pair });
        }
        for person in self.staff.iter_mut().skip(current + 1) {
            person.first = id(self.edges.len());
        }
        debug_assert!(self.edges.len() < ROW_LIMIT);
        Ok(())
    }
}

fn read_cities(path: &Path) -> Result<Vec<i64>, FileError> {
    let shape = Shape { columns: ["city", "max_out"], ranges: [(0, CITY_CEILING - 1), COUNT] };
    let mut table = Table::open(path, &shape)?;
    let mut cities = Vec::new();
    while let Some([city, max_out]) = table.row()? {
        table.dense(city, cities.len())?;
        cities.push(max_out);
    }
    Ok(cities)
}

fn read_ledger(path: &Path, cities: usize) -> Result<Vec<Tolerance>, FileError> {
    let mut tolerance = vec![Tolerance::default(); cities];
    if !path.try_exists().unwrap_or(true) {
        return Ok(tolerance);
    }
    let shape = Shape { columns: ["city", "least", "most"], ranges: [(0, signed(cities) - 1), (-COUNT.1, 0), COUNT] };
    let mut table = Table::open(path, &shape)?;
    let mut seen = HashSet::new();
    while let Some([city, least, most]) = table.row()? {
        if !seen.insert(city) {
            return Err(table.error("city", "this city stands there twice", "Keep one line for each city"));
        }
        tolerance[small(city) as usize] = Tolerance { least, most };
    }
    Ok(tolerance)
}

fn read_posts(path: &Path, cities: usize) -> Result<Vec<Post>, FileError> {
    let shape = Shape { columns: ["post", "city", "cap"], ranges: [ID, (0, signed(cities) - 1), COUNT] };
    let mut table = Table::open(path, &shape)?;
    let mut posts = Vec::new();
    while let Some([post, city, cap]) = table.row()? {
        table.dense(post, posts.len())?;
        posts.push(Post { city: small(city), cap });
    }
    Ok(posts)
}

fn read_staff(path: &Path, cities: usize) -> Result<Vec<Staff>, FileError> {
    let shape = Shape {
        columns: ["staff", "city", "weeks_since_out", "bonus"],
        ranges: [ID, (0, signed(cities) - 1), COUNT, (0, POINTS_CEILING)],
    };
    let mut table = Table::open(path, &shape)?;
    let mut staff = Vec::new();
    while let Some([person, city, _, bonus]) = table.row()? {
        table.dense(person, staff.len())?;
        staff.push(Staff { city: small(city), bonus, first: 0 });
    }
    staff.push(Staff { city: 0, bonus: 0, first: 0 });
    Ok(staff)
}

fn read_pairs(path: &Path, cities: usize) -> Result<Vec<Pair>, FileError> {
    let city = (0, signed(cities) - 1);
    let shape = Shape { columns: ["from", "to", "cap"], ranges: [city, city, COUNT] };
    let mut table = Table::open(path, &shape)?;
    let mut seen = HashSet::new();
    let mut pairs = Vec::new();
    while let Some([from, to, cap]) = table.row()? {
        if !seen.insert((from, to)) {
            return Err(table.error("from", "this pair of cities stands there twice", "Keep one line for each pair"));
        }
        pairs.push(Pair { from: small(from), to: small(to), cap });
    }
    Ok(pairs)
}

/// A value the table reader has already checked against a range within 32 bits.
fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
