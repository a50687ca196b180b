//! The linear relaxation of a round: seats and outings may be fractions, every other rule holds. May use instance, rows and
//! the simplex method; promises prices in the numbering of [`Groups`](super::groups::Groups), which prove whatever they prove.
//!
//! Only what matters is in the program: rows enter when they are broken, seats when they would pay at the prices of now
//! (column generation, Gilmore and Gomory 1961), and `seat <= outing runs` pair by pair where it is broken.

use super::groups::Fate;
use super::instance::{Instance, PRICE_CEILING};
use super::rows::Rows;
use crate::linear::{End, Sense, Simplex};
use crate::number::id;
use crate::random::Random;

const NONE: u32 = u32::MAX;
/// How far a row may be broken before it enters, and how much a seat must pay.
const BROKEN: f64 = 1e-6;
const PAYS: f64 = 1e-6;
/// How far a seat may be beyond its outing.
const BEYOND: f64 = 1e-3;
/// Points differ by up to this much from the true ones, so that few answers are equally good (Charnes 1952).
const BLUR: f64 = 0.02;
/// Most seats that enter at one time.
const AT_ONCE: usize = 400;
/// Seats in the program at first, for each person.
const SEATS_AT_FIRST: usize = 5;

/// A pair as the program sees it.
#[derive(Clone, Copy)]
struct Pair {
    person: u32,
    outing: u32,
    team_week: u32,
    /// The row of the person's week where it is shared.
    twin: u32,
    worth: f64,
    /// Its variable, once it is in the program.
    variable: u32,
    tied: bool,
}

/// The variables and rows of one outing.
struct Group {
    seats: usize,
    sum: usize,
    /// Whether it runs; outings that could run for one person always may.
    runs: Option<usize>,
}

/// The program, and what of the round is in it.
pub(super) struct Relaxation<'a> {
    instance: &'a Instance,
    rows: Rows,
    pub(super) program: Simplex,
    pairs: Vec<Pair>,
    groups: Vec<Group>,
    /// By row in the numbering of `Groups`: its capacity, and its row in the program.
    caps: Vec<u32>,
    row: Vec<u32>,
    /// Pairs in the program, in the order in which they came.
    inside: Vec<u32>,
}

impl<'a> Relaxation<'a> {
    /// Begins with the people, the outings, and what `prices` (in the numbering of `Groups`) say is scarce or may pay.
    pub(super) fn new(instance: &'a Instance, rows: Rows, twins: &[(u32, u32)], prices: &[i32], seed: u64) -> Self {
        let first_twin = rows.len + instance.people();
        let mut caps = rows.capacities(instance);
        caps.resize(first_twin + twins.len(), 1);
        let mut relaxation = Self {
            instance,
            rows,
            program: Simplex::default(),
            pairs: Vec::with_capacity(instance.edges.len()),
            groups: Vec::with_capacity(instance.outings.len()),
            row: vec![NONE; caps.len()],
            caps,
            inside: Vec::new(),
        };
        relaxation.list_pairs(twins, first_twin, seed);
        relaxation.add_people();
        relaxation.add_outings();
        let scarce = (rows.team_weeks..rows.len).chain(first_twin..relaxation.caps.len());
        for row in scarce.filter(|&row| prices[row] > 0) {
            relaxation.add_row(row);
        }
        relaxation.add_first_seats(prices);
        relaxation
    }

    fn list_pairs(&mut self, twins: &[(u32, u32)], first_twin: usize, seed: u64) {
        let mut blur = Random::new(seed);
        let instance = self.instance;
        for person in 0..instance.people() {
            let who = &instance.persons[person];
            let alone = if who.k == 1 { who.bonus[0] } else { 0 };
            for edge in &instance.edges[instance.span(person)] {
                let week = instance.outings[edge.outing as usize].week;
                let twin = twins.binary_search(&(id(person), week)).map_or(NONE, |place| id(first_twin + place));
                self.pairs.push(Pair {
                    person: id(person),
                    outing: edge.outing,
                    team_week: id(self.rows.of_seat(instance, who.team, edge.outing)[1]),
                    twin,
                    worth: f64::from(edge.score + alone) + BLUR * blur.unit(),
                    variable: NONE,
                    tied: false,
                });
            }
        }
    }

    /// Who may go once has a row of at most one seat; others have as many seats as bonuses, the dearest bonus first.
    fn add_people(&mut self) {
        for person in 0..self.instance.people() {
            let who = &self.instance.persons[person];
            let row = match who.k {
                1 => self.program.add_row(Sense::AtMost, 1.0),
                _ => self.program.add_row(Sense::Exactly, 0.0),
            };
            if who.k > 1 {
                for &bonus in &who.bonus[..usize::from(who.k)] {
                    self.program.add_variable(f64::from(bonus), (0.0, 1.0), &[(row, -1.0)]);
                }
            }
            self.row[self.rows.len + person] = id(row);
        }
    }

    fn add_outings(&mut self) {
        // A seat below the minimum of an outing that must run costs more than any seat brings.
        let best = self.pairs.iter().map(|pair| pair.worth).fold(0.0, f64::max);
        let most = self.instance.persons.iter().map(|who| f64::from(who.bonus[0])).fold(best, f64::max);
        let lack = 3.0 * most + 1.0;
        for outing in &self.instance.outings {
            let (min, max) = (f64::from(outing.min), f64::from(outing.max));
            let sum = self.program.add_row(Sense::Exactly, 0.0);
            if outing.min <= 1 {
                let seats = self.program.add_variable(0.0, (0.0, max), &[(sum, -1.0)]);
                self.groups.push(Group { seats, sum, runs: None });
                continue;
            }
            let most = self.program.add_row(Sense::AtMost, 0.0);
            let least = self.program.add_row(Sense::AtLeast, 0.0);
            let seats = self.program.add_variable(0.0, (0.0, max), &[(sum, -1.0), (most, 1.0), (least, 1.0)]);
            let runs = self.program.add_variable(0.0, (0.0, 1.0), &[(most, -max), (least, -min)]);
            self.program.add_variable(-lack, (0.0, min), &[(least, 1.0)]);
            self.groups.push(Group { seats, sum, runs: Some(runs) });
        }
    }

    /// A row of the numbering of `Groups` enters the program, with the seats that are in it.
    fn add_row(&mut self, row: usize) {
        if self.row[row] != NONE {
            return;
        }
        let new = self.program.add_row(Sense::AtMost, f64::from(self.caps[row]));
        self.row[row] = id(new);
        if (self.rows.nbhd_weeks..self.rows.len).contains(&row) {
            for (outing, group) in self.groups.iter().enumerate() {
                if self.rows.of_seat(self.instance, 0, id(outing))[2..].contains(&row) {
                    self.program.add_entry(new, group.seats, 1.0);
                }
            }
        } else {
            for &pair in &self.inside {
                let pair = self.pairs[pair as usize];
                if [pair.team_week, pair.twin].contains(&id(row)) {
                    self.program.add_entry(new, pair.variable as usize, 1.0);
                }
            }
        }
    }

    /// Seats that are nearest to paying at these prices.
    fn add_first_seats(&mut self, prices: &[i32]) {
        let price = |row: usize| f64::from(prices[row]) / 1024.0;
        let value = |pair: &Pair| {
            let who = &self.instance.persons[pair.person as usize];
            let bonus = if who.k == 1 { f64::from(who.bonus[0]) } else { 0.0 };
            let [own, _, nbhd, host] = self.rows.of_seat(self.instance, 0, pair.outing);
            let twin = if pair.twin == NONE { 0.0 } else { price(pair.twin as usize) };
            let person = price(self.rows.len + pair.person as usize) + bonus;
            let rent = price(own).max(0.0) + price(pair.team_week as usize) + price(nbhd) + price(host);
            pair.worth - person - rent - twin
        };
        let open = (0..self.pairs.len()).filter(|&pair| self.open(pair));
        let mut order: Vec<(f64, usize)> = open.map(|pair| (value(&self.pairs[pair]), pair)).collect();
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, pair) in order.into_iter().take(SEATS_AT_FIRST * self.instance.people()) {
            self.add_seat(pair);
        }
    }

    /// Whether a pair can be taken at all.
    fn open(&self, pair: usize) -> bool {
        let pair = &self.pairs[pair];
        self.instance.persons[pair.person as usize].k > 0 && self.caps[pair.team_week as usize] > 0
    }

    fn add_seat(&mut self, number: usize) {
        let pair = self.pairs[number];
        let person = self.row[self.rows.len + pair.person as usize];
        let mut entries = vec![(person as usize, 1.0), (self.groups[pair.outing as usize].sum, 1.0)];
        for row in [pair.team_week, pair.twin] {
            if row != NONE && self.row[row as usize] != NONE {
                entries.push((self.row[row as usize] as usize, 1.0));
            }
        }
        self.pairs[number].variable = id(self.program.add_variable(pair.worth, (0.0, 1.0), &entries));
        self.inside.push(id(number));
    }

    /// Decides about an outing.
    pub(super) fn decide(&mut self, outing: usize, fate: Fate) {
        let (low, high) = match fate {
            Fate::Free => (0.0, 1.0),
            Fate::Runs => (1.0, 1.0),
            Fate::Closed => (0.0, 0.0),
        };
        let group = &self.groups[outing];
        if let Some(runs) = group.runs {
            self.program.bound(runs, low, high);
        } else {
            let most = if fate == Fate::Closed { 0.0 } else { f64::from(self.instance.outings[outing].max) };
            self.program.bound(group.seats, 0.0, most);
        }
    }

    /// What is left of the points after so many steps with this fate, the other outings as they are.
    pub(super) fn probe(&mut self, outing: usize, fate: Fate, limit: f64, more: &mut dyn FnMut() -> bool) -> f64 {
        self.decide(outing, fate);
        self.program.run(limit, more);
        let worth = self.program.worth();
        self.decide(outing, Fate::Free);
        worth
    }

    /// Takes a seat for certain or not at all; `None` leaves it open again.
    pub(super) fn take(&mut self, pair: u32, taken: Option<bool>) {
        let variable = self.pairs[pair as usize].variable;
        if variable != NONE {
            let (low, high) = taken.map_or((0.0, 1.0), |taken| if taken { (1.0, 1.0) } else { (0.0, 0.0) });
            self.program.bound(variable as usize, low, high);
        }
    }

    /// Solves the program until no row is broken and no seat outside would pay; stops early when nothing above `limit` is
    /// left.
    pub(super) fn settle(&mut self, limit: f64, more: &mut dyn FnMut() -> bool) -> End {
        loop {
            let end = self.program.run(limit, more);
            let broken = end == End::Best && self.add_broken();
            let paid = (end == End::Best || end == End::Below) && self.add_paying();
            if !(broken || paid) {
                return end;
            }
        }
    }

    /// Rows that are broken enter.
    fn add_broken(&mut self) -> bool {
        let mut used = vec![0.0; self.caps.len()];
        let mut tied = Vec::new();
        for &number in &self.inside {
            let pair = &self.pairs[number as usize];
            let taken = self.program.value(pair.variable as usize);
            if taken < BROKEN {
                continue;
            }
            let [_, _, nbhd, host] = self.rows.of_seat(self.instance, 0, pair.outing);
            for row in [pair.team_week as usize, nbhd, host] {
                used[row] += taken;
            }
            if pair.twin != NONE {
                used[pair.twin as usize] += taken;
            }
            let runs = self.groups[pair.outing as usize].runs;
            if !pair.tied && runs.is_some_and(|runs| taken > self.program.value(runs) + BEYOND) {
                tied.push(number);
            }
        }
        let broken = |&row: &usize| self.row[row] == NONE && used[row] > f64::from(self.caps[row]) + BROKEN;
        let broken: Vec<usize> = (self.rows.team_weeks..used.len()).filter(broken).collect();
        let any = !(broken.is_empty() && tied.is_empty());
        for row in broken {
            self.add_row(row);
        }
        for number in tied {
            let pair = &mut self.pairs[number as usize];
            if let Some(runs) = self.groups[pair.outing as usize].runs {
                pair.tied = true;
                let row = self.program.add_row(Sense::AtMost, 0.0);
                self.program.add_entry(row, pair.variable as usize, 1.0);
                self.program.add_entry(row, runs, -1.0);
            }
        }
        any
    }

    /// Seats that pay at the prices of now enter, the best first.
    fn add_paying(&mut self) -> bool {
        let price = |row: u32| if row == NONE { 0.0 } else { self.program.price(row as usize) };
        let by_row: Vec<f64> = self.row.iter().map(|&row| price(row)).collect();
        let of_outing: Vec<f64> = self.groups.iter().map(|group| self.program.price(group.sum)).collect();
        let mut paying = Vec::new();
        for (number, pair) in self.pairs.iter().enumerate().filter(|(_, pair)| pair.variable == NONE) {
            let twin = if pair.twin == NONE { 0.0 } else { by_row[pair.twin as usize] };
            let person = by_row[self.rows.len + pair.person as usize];
            let value = pair.worth - person - by_row[pair.team_week as usize] - of_outing[pair.outing as usize] - twin;
            if value > PAYS && self.open(number) {
                paying.push((value, number));
            }
        }
        paying.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        paying.truncate(AT_ONCE);
        for &(_, number) in &paying {
            self.add_seat(number);
        }
        !paying.is_empty()
    }

    /// How much of each outing runs, where that is a question.
    pub(super) fn runs(&self, outing: usize) -> Option<f64> {
        self.groups[outing].runs.map(|runs| self.program.value(runs))
    }

    /// Seats in the program and how much of each is taken.
    pub(super) fn seats(&self) -> impl Iterator<Item = (u32, u32, f64)> {
        self.inside.iter().map(|&number| {
            let pair = &self.pairs[number as usize];
            (pair.person, number, self.program.value(pair.variable as usize))
        })
    }

    /// The prices of now, in price units and the numbering of `Groups`. What has no place at all is not in the program and may
    /// be as dear as it likes.
    pub(super) fn prices(&self) -> Vec<i32> {
        let score = self.instance.edges.iter().map(|edge| edge.score).max().unwrap_or(0);
        let dear = 1024 * (score + self.instance.persons.iter().map(|who| who.bonus[0]).max().unwrap_or(0));
        let mut prices: Vec<i32> = self.caps.iter().map(|&cap| if cap == 0 { dear } else { 0 }).collect();
        for (row, at) in self.row.iter().enumerate().filter(|(_, at)| **at != NONE) {
            let person = row.checked_sub(self.rows.len).filter(|person| *person < self.instance.people());
            let price = self.program.price(*at as usize);
            prices[row] = match person.map(|person| &self.instance.persons[person]) {
                None if self.caps[row] == 0 => dear,
                None => whole(price).max(0),
                Some(who) if who.k == 0 => dear,
                Some(who) if who.k == 1 => whole(price - f64::from(who.bonus[0])),
                Some(_) => whole(price),
            };
        }
        for (outing, group) in self.groups.iter().enumerate() {
            let [_, _, nbhd, host] = self.rows.of_seat(self.instance, 0, id(outing));
            prices[outing] = whole(self.program.price(group.sum)) - prices[nbhd] - prices[host];
        }
        prices
    }
}

/// Points as the nearest whole price units.
fn whole(points: f64) -> i32 {
    #[expect(clippy::cast_precision_loss, reason = "a round number far below 2^53")]
    let ceiling = PRICE_CEILING as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
    let units = (points.clamp(-ceiling, ceiling) * 1024.0).round() as i32;
    units
}
