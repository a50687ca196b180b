//! Checks reasons against the files alone: that each says truly what a person got, which wish came nearest, and what stood
//! in its way. May use nothing of the solver; promises a plain sentence for everything that is false.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::verify::Tables;
use crate::recheck::{Failures, Sheet};

const HEADER: &str = "person,seats,best_rank,missed,missed_rank,limits";

/// Checks the file of reasons against the instance in `dir` and the solution. Empty: everything in it is true.
pub fn verify_reasons(dir: &Path, solution: &Path, reasons: &Path) -> Vec<String> {
    check(dir, solution, reasons).unwrap_or_else(|failure| vec![failure])
}

fn check(dir: &Path, solution: &Path, reasons: &Path) -> Result<Vec<String>, String> {
    let tables = Tables::read(dir)?;
    let seats = Sheet::read(solution, "person,outing")?;
    let claims = Sheet::read(reasons, HEADER)?;
    let recount = Recount::of(&tables, &seats);
    let mut failures = Failures::default();
    if claims.len() != tables.everybody() {
        failures.add(format!("There are {} reasons for {} people.", claims.len(), tables.everybody()));
    }
    for line in (0_i64..).take(claims.len()) {
        let claim: Vec<i64> = (0..6).map(|column| claims.at(column, line).unwrap_or(-1)).collect();
        let found = recount.reason(line);
        if claim != found {
            failures.add(format!("The reason for person {line} is {claim:?}, but {HEADER} is {found:?}."));
        }
    }
    Ok(failures.all())
}

/// What is taken, and by whom.
struct Recount<'a> {
    tables: &'a Tables,
    /// Outing, score and rank of everybody's wishes in the order of the file.
    wishes: BTreeMap<i64, Vec<(i64, i64, i64)>>,
    held: BTreeMap<i64, BTreeSet<i64>>,
    outing: BTreeMap<i64, i64>,
    team: BTreeMap<(i64, i64), i64>,
    nbhd: BTreeMap<(i64, i64), i64>,
    host: BTreeMap<i64, i64>,
}

/// Outing, rank and score of a wish.
#[derive(Clone, Copy)]
struct Wish {
    outing: i64,
    rank: i64,
    score: i64,
}

/// What somebody would give up for a wish.
enum Price {
    Nothing,
    Seat(Wish),
    /// More than the wish is worth to them.
    TooMuch,
}

impl<'a> Recount<'a> {
    fn of(tables: &'a Tables, seats: &Sheet) -> Self {
        let mut wishes: BTreeMap<i64, Vec<_>> = BTreeMap::new();
        for (person, outing, score) in tables.pairs() {
            let own = wishes.entry(person).or_default();
            let rank = i64::try_from(own.len()).unwrap_or(0) + 1;
            own.push((outing, score, rank));
        }
        let mut recount = Self {
            tables,
            wishes,
            held: BTreeMap::new(),
            outing: BTreeMap::new(),
            team: BTreeMap::new(),
            nbhd: BTreeMap::new(),
            host: BTreeMap::new(),
        };
        for (&person, &outing) in seats.column(0).iter().zip(seats.column(1)) {
            let (week, nbhd, host) = tables.place(outing);
            recount.held.entry(person).or_default().insert(outing);
            *recount.outing.entry(outing).or_default() += 1;
            *recount.team.entry((tables.team(person), week)).or_default() += 1;
            *recount.nbhd.entry((nbhd, week)).or_default() += 1;
            *recount.host.entry(host).or_default() += 1;
        }
        recount
    }

    /// The line of the file that is true of this person.
    fn reason(&self, person: i64) -> Vec<i64> {
        let none = BTreeSet::new();
        let held = self.held.get(&person).unwrap_or(&none);
        let wish = |&(outing, score, rank): &(i64, i64, i64)| Wish { outing, rank, score };
        let wishes: Vec<Wish> = self.wishes.get(&person).into_iter().flatten().map(wish).collect();
        let (got, open): (Vec<Wish>, Vec<Wish>) = wishes.into_iter().partition(|wish| held.contains(&wish.outing));
        let missed: Vec<(Wish, i64)> = open
            .into_iter()
            .filter_map(|wish| match self.price(person, wish, &got) {
                Price::Nothing => Some((wish, self.limits(person, wish, None))),
                Price::Seat(seat) => Some((wish, self.limits(person, wish, Some(seat)))),
                Price::TooMuch => None,
            })
            .collect();
        let nearest = missed.iter().find(|(_, limits)| limits.count_ones() == 1).or_else(|| missed.first());
        let best = got.iter().map(|wish| wish.rank).min().unwrap_or(0);
        let (outing, rank, limits) = nearest.map_or((0, 0, 0), |(wish, limits)| (wish.outing, wish.rank, *limits));
        vec![person, i64::try_from(got.len()).unwrap_or(0), best, outing, rank, limits]
    }

    /// What the person would give for this wish.
    fn price(&self, person: i64, wish: Wish, got: &[Wish]) -> Price {
        let week = |wish: &Wish| self.tables.place(wish.outing).0;
        let wanted = self.tables.wanted(person);
        let full = i64::try_from(got.len()).unwrap_or(0) >= wanted;
        let clash = got.iter().find(|seat| week(seat) == week(&wish)).copied();
        let worst = got.iter().max_by_key(|seat| seat.rank).copied().filter(|_| full);
        match clash.or(worst) {
            Some(seat) if wish.rank < seat.rank && wish.score > seat.score => Price::Seat(seat),
            None if !full => Price::Nothing,
            _ => Price::TooMuch,
        }
    }

    /// The limits in the way, as a sum of powers of two: not running, full, team, neighbourhood, host, the other group.
    fn limits(&self, person: i64, wish: Wish, given: Option<Wish>) -> i64 {
        let (week, nbhd, host) = self.tables.place(wish.outing);
        let freed = given.map(|seat| self.tables.place(seat.outing));
        let team = self.tables.team(person);
        let held = |taken: Option<&i64>, back: bool| taken.copied().unwrap_or(0) - i64::from(back);
        let in_outing = self.outing.get(&wish.outing).copied().unwrap_or(0);
        let same_week = freed.is_some_and(|(w, ..)| w == week);
        let same_nbhd = same_week && freed.is_some_and(|(_, n, _)| n == nbhd);
        let same_host = freed.is_some_and(|(.., h)| h == host);
        let caps = self.tables.caps_of(person, wish.outing);
        let broken = given.is_some_and(|seat| {
            let group = self.outing.get(&seat.outing).copied().unwrap_or(0);
            group > 1 && group - 1 < self.tables.least(seat.outing)
        });
        [
            in_outing == 0 && self.tables.least(wish.outing) > 1,
            in_outing >= caps.outing,
            held(self.team.get(&(team, week)), same_week) >= caps.team,
            held(self.nbhd.get(&(nbhd, week)), same_nbhd) >= caps.nbhd,
            held(self.host.get(&host), same_host) >= caps.host,
            broken,
        ]
        .into_iter()
        .enumerate()
        .map(|(bit, blocked)| i64::from(blocked) << bit)
        .sum()
    }
}
