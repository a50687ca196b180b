//! Solutions and certificates of rounds, and their files. May use the file and JSON writers; promises that what is
//! written reads back the same and that files appear whole or not at all.

use std::fmt::Write;
use std::path::Path;

use super::cases::Case;
use super::fairness::Fairness;
use super::instance::Instance;
use super::rows::Rows;
use super::search::Found;
use crate::claim::Claim;
use crate::file::{self, FileError, Shape, Table};
use crate::json::Value;
use crate::number::{id, signed};

/// Who goes on which outing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// Person and outing of every seat, in this order.
    pub seats: Vec<(u32, u32)>,
}

impl Solution {
    /// Reads a solution file. That the ids exist and the rules hold is for `verify` to say.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let any = (0, i64::from(u32::MAX));
        let shape = Shape { columns: ["person", "outing"], ranges: [any, any] };
        let mut table = Table::open(path, &shape)?;
        let mut seats = Vec::new();
        while let Some([person, outing]) = table.row()? {
            seats.push((u32::try_from(person).unwrap_or(0), u32::try_from(outing).unwrap_or(0)));
        }
        Ok(Self { seats })
    }

    /// Writes a solution file: the header `person,outing`, then a line a seat.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let mut text = String::with_capacity(16 + 12 * self.seats.len());
        text.push_str("person,outing\n");
        for (person, outing) in &self.seats {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{person},{outing}");
        }
        file::write_whole(path, text.as_bytes())
    }

    pub(super) fn of(instance: &Instance, found: &Found) -> Self {
        let mut seats: Vec<_> =
            found.pairs().map(|(person, pair)| (id(person), instance.edges[pair as usize].outing)).collect();
        seats.sort_unstable();
        Self { seats }
    }
}

/// One number for every row that has one: people and hosts in the order of their ids, the others as
/// `[person, team or neighbourhood, week, number]`, those with 0 left out. Outings have none: the bound asks each for its
/// best group at these prices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    /// What one seat of each person costs; below zero where people would pay to go.
    pub people: Vec<i64>,
    /// `[person, week, price]`: what a second seat in one week costs.
    pub person_weeks: Vec<[i64; 3]>,
    /// `[team, week, price]`.
    pub team_weeks: Vec<[i64; 3]>,
    /// `[neighbourhood, week, price]`.
    pub nbhd_weeks: Vec<[i64; 3]>,
    /// By host.
    pub hosts: Vec<i64>,
}

impl Prices {
    /// `price` is in the order of `Groups`: rows, people, then the shared weeks `twins`.
    pub(super) fn of(rows: &Rows, price: &[i32], twins: &[(u32, u32)]) -> Self {
        let weeks = rows.weeks.max(1);
        let prices_in = |from: usize, to: usize| {
            let taken = (from..to).filter(|&row| price[row] != 0);
            let place = |row: usize| [signed((row - from) / weeks), signed((row - from) % weeks)];
            taken.map(|row| [place(row)[0], place(row)[1], i64::from(price[row])]).collect()
        };
        let first_twin = price.len() - twins.len();
        let shared = twins.iter().zip(&price[first_twin..]).filter(|(_, price)| **price != 0);
        let shared = shared.map(|(&(person, week), &price)| [i64::from(person), i64::from(week), i64::from(price)]);
        Self {
            people: price[rows.len..first_twin].iter().copied().map(i64::from).collect(),
            person_weeks: shared.collect(),
            team_weeks: prices_in(rows.team_weeks, rows.nbhd_weeks),
            nbhd_weeks: prices_in(rows.nbhd_weeks, rows.hosts),
            hosts: price[rows.hosts..rows.len].iter().copied().map(i64::from).collect(),
        }
    }

    pub(super) fn from(value: &Value) -> Option<Self> {
        Some(Self {
            people: value.get("people")?.numbers()?,
            person_weeks: value.get("person_weeks")?.tuples()?,
            team_weeks: value.get("team_weeks")?.tuples()?,
            nbhd_weeks: value.get("nbhd_weeks")?.tuples()?,
            hosts: value.get("hosts")?.numbers()?,
        })
    }

    pub(super) fn value(&self) -> Value {
        object([
            ("people", flat(&self.people)),
            ("person_weeks", tuples(&self.person_weeks)),
            ("team_weeks", tuples(&self.team_weeks)),
            ("nbhd_weeks", tuples(&self.nbhd_weeks)),
            ("hosts", flat(&self.hosts)),
        ])
    }
}

/// What proves a bound: prices, and cases where there are any.
pub(super) type Proof = (Prices, Vec<Case>);

/// The rows in which no seat is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binding {
    /// Full outings.
    pub outings: Vec<i64>,
    /// `[team, week]` in which no colleague more may be away.
    pub team_weeks: Vec<[i64; 2]>,
    /// `[neighbourhood, week]` that can receive nobody more.
    pub nbhd_weeks: Vec<[i64; 2]>,
    /// Hosts that can receive nobody more.
    pub hosts: Vec<i64>,
}

/// The proof that goes with a solution: prices from which anybody can recompute the bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// What is claimed.
    pub claim: Claim,
    /// Prices in 1/1024 point, none negative but people's.
    pub prices: Prices,
    /// The cases that prove the bound together; none when the prices prove it alone.
    pub cases: Vec<Case>,
    /// Rows without a seat left.
    pub binding: Binding,
    /// Who gets out, by group.
    pub fairness: Fairness,
}

impl Certificate {
    /// Reads a certificate file.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let value = file::read_certificate(path)?;
        Self::from(&value).ok_or_else(|| {
            FileError::whole(path, "this is not the certificate of a round", "Give the file that `round solve` wrote")
        })
    }

    fn from(value: &Value) -> Option<Self> {
        if value.text("form") != Some("round") || value.integer("price_unit") != Some(crate::PRICE_UNIT) {
            return None;
        }
        let binding = value.get("binding")?;
        Some(Self {
            claim: Claim::from(value)?,
            prices: Prices::from(value.get("prices")?)?,
            cases: value.get("cases")?.as_list()?.iter().map(Case::from).collect::<Option<_>>()?,
            binding: Binding {
                outings: binding.get("outings")?.numbers()?,
                team_weeks: binding.get("team_weeks")?.tuples()?,
                nbhd_weeks: binding.get("nbhd_weeks")?.tuples()?,
                hosts: binding.get("hosts")?.numbers()?,
            },
            fairness: read_fairness(value.get("fairness")?)?,
        })
    }

    /// Writes a certificate file.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let mut fields = self.claim.fields("round");
        let b = &self.binding;
        let binding = [
            ("outings", flat(&b.outings)),
            ("team_weeks", tuples(&b.team_weeks)),
            ("nbhd_weeks", tuples(&b.nbhd_weeks)),
            ("hosts", flat(&b.hosts)),
        ];
        fields.push(("prices".to_owned(), self.prices.value()));
        fields.push(("cases".to_owned(), Value::List(self.cases.iter().map(Case::value).collect())));
        let lists = self.fairness.lists().into_iter().map(|list| tuples(list));
        let fairness = Fairness::NAMES.into_iter().map(ToOwned::to_owned).zip(lists).collect();
        fields.push(("binding".to_owned(), object(binding)));
        fields.push(("fairness".to_owned(), Value::Object(fairness)));
        file::write_whole(path, Value::Object(fields).write().as_bytes())
    }

    pub(super) fn of(
        instance: &Instance,
        rows: &Rows,
        (prices, cases): Proof,
        claim: Claim,
        solution: &Solution,
    ) -> Self {
        let mut used = vec![0_u32; rows.len];
        for &(person, outing) in &solution.seats {
            for row in rows.of_seat(instance, instance.persons[person as usize].team, outing) {
                used[row] += 1;
            }
        }
        let caps = rows.capacities(instance);
        let full: Vec<bool> = used.iter().zip(&caps).map(|(used, cap)| *cap > 0 && used >= cap).collect();
        let weeks = rows.weeks.max(1);
        let pair = |start: usize, row: usize| [signed((row - start) / weeks), signed((row - start) % weeks)];
        let full_in = |from: usize, to: usize| (from..to).filter(|&row| full[row]).map(|row| pair(from, row)).collect();
        let full_of =
            |from: usize, to: usize| (from..to).filter(|&row| full[row]).map(|row| signed(row - from)).collect();
        Self {
            claim,
            fairness: Fairness::of(instance, solution),
            prices,
            cases,
            binding: Binding {
                outings: full_of(0, rows.team_weeks),
                team_weeks: full_in(rows.team_weeks, rows.nbhd_weeks),
                nbhd_weeks: full_in(rows.nbhd_weeks, rows.hosts),
                hosts: full_of(rows.hosts, rows.len),
            },
        }
    }
}

fn read_fairness(value: &Value) -> Option<Fairness> {
    let list = |name: &str| value.get(name)?.tuples();
    let [teams, departments, grades, waiting] = Fairness::NAMES.map(list);
    Some(Fairness { teams: teams?, departments: departments?, grades: grades?, waiting: waiting? })
}

fn flat(numbers: &[i64]) -> Value {
    Value::numbers_of(numbers.iter().copied())
}

fn tuples<const N: usize>(rows: &[[i64; N]]) -> Value {
    Value::List(rows.iter().map(|row| Value::numbers_of(*row)).collect())
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
}
