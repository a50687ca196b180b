//! The dual simplex method for variables with bounds on both sides (Lemke 1954; Koberstein 2005), with steepest-edge prices
//! (Forrest and Goldfarb 1992) and long steps over bounds. May use the factors; promises the same steps for the same program
//! on every machine: it adds, multiplies and divides, and nothing else.
//!
//! Every variable that a caller adds has two finite bounds, so that any basis is a start: whatever is out of the basis sits
//! at the bound its reduced cost asks for. That is why bounds, rows and columns may change at any time.

mod step;

use super::factor::{Entries, Factor};
use super::ratio::Candidate;
use crate::number::id;

/// How far a value may be beyond a bound, and a reduced cost on the wrong side.
const TOLERANCE: f64 = 1e-7;
/// Exchanges after which the basis is factored anew.
const EXCHANGES: usize = 60;
/// Iterations between two looks at the value.
const LOOK: u64 = 8;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// No better solution exists.
    Best,
    /// Nothing keeps every row.
    Infeasible,
    /// The value has fallen to the limit.
    Below,
    /// The caller wants no more.
    Stopped,
}

/// Where a variable is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Basic,
    Lower,
    Upper,
}

/// A variable: of the caller's, or the slack of a row.
#[derive(Clone)]
struct Variable {
    lower: f64,
    upper: f64,
    value: f64,
    /// To be minimised: the caller's worth with the sign turned.
    cost: f64,
    reduced: f64,
    place: Place,
}

/// A kind of row: the sum of its entries against its limit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    AtMost,
    AtLeast,
    Exactly,
}

/// A basis to come back to.
#[derive(Clone)]
pub(crate) struct Basis {
    head: Vec<u32>,
    weight: Vec<f64>,
}

/// The program, and the basis it is at. Variables are even numbers, slacks of rows odd ones.
#[derive(Default)]
pub(crate) struct Simplex {
    columns: Vec<Entries>,
    rows: Vec<Entries>,
    limit: Vec<f64>,
    variables: Vec<Variable>,
    slacks: Vec<Variable>,
    /// By position: the basic variable, its value and bounds, and the weight of its edge.
    head: Vec<u32>,
    at: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    weight: Vec<f64>,
    factor: Factor,
    stale: bool,
    pub(crate) iterations: u64,
    // Scratch of the iterations.
    row: Vec<f64>,
    column: Vec<f64>,
    edge: Vec<f64>,
    alpha: Vec<f64>,
    touched: Vec<u32>,
    candidates: Vec<Candidate>,
}

impl Simplex {
    /// A row without entries. Returns its number.
    pub(crate) fn add_row(&mut self, kind: Sense, limit: f64) -> usize {
        let (lower, upper) = match kind {
            Sense::AtMost => (0.0, f64::INFINITY),
            Sense::AtLeast => (f64::NEG_INFINITY, 0.0),
            Sense::Exactly => (0.0, 0.0),
        };
        self.slacks.push(Variable { lower, upper, value: 0.0, cost: 0.0, reduced: 0.0, place: Place::Basic });
        self.head.push(id(2 * self.rows.len() + 1));
        self.weight.push(1.0);
        self.rows.push(Vec::new());
        self.limit.push(limit);
        self.stale = true;
        self.rows.len() - 1
    }

    /// A variable between bounds that counts `worth` in what is maximised. Returns its number.
    pub(crate) fn add_variable(&mut self, worth: f64, (lower, upper): (f64, f64), entries: &[(usize, f64)]) -> usize {
        let number = self.variables.len();
        let variable = Variable { lower, upper, value: upper, cost: -worth, reduced: 0.0, place: Place::Upper };
        self.variables.push(variable);
        self.columns.push(Vec::new());
        for &(row, value) in entries {
            self.add_entry(row, number, value);
        }
        self.stale = true;
        number
    }

    /// An entry where there was none. The variable must be out of the basis or the row new.
    pub(crate) fn add_entry(&mut self, row: usize, variable: usize, value: f64) {
        self.columns[variable].push((id(row), value));
        self.rows[row].push((id(variable), value));
        self.stale = true;
    }

    /// Other bounds for a variable.
    pub(crate) fn bound(&mut self, variable: usize, lower: f64, upper: f64) {
        let it = &mut self.variables[variable];
        (it.lower, it.upper) = (lower, upper);
    }

    /// The value of a variable at the end of a run.
    pub(crate) fn value(&self, variable: usize) -> f64 {
        self.variables[variable].value
    }

    /// What one more of a row's limit is worth.
    pub(crate) fn price(&self, row: usize) -> f64 {
        let slack = &self.slacks[row];
        slack.reduced - slack.cost
    }

    /// What is maximised, at the values of now; while a run goes on nothing better can come.
    pub(crate) fn worth(&self) -> f64 {
        let outside: f64 =
            self.variables.iter().filter(|it| it.place != Place::Basic).map(|it| it.cost * it.value).sum();
        let inside = self.head.iter().zip(&self.at);
        let inside: f64 = inside.map(|(&it, at)| self.variable(it).cost * at).sum();
        -(outside + inside)
    }

    /// Solves the program; stops early when nothing above `limit` is left, or when `more` says so. `more` is asked at every
    /// iteration.
    pub(crate) fn run(&mut self, limit: f64, more: &mut dyn FnMut() -> bool) -> End {
        self.refresh();
        let end = loop {
            if self.factor.exchanged >= EXCHANGES {
                self.refresh();
            }
            let Some(leaving) = self.leaving() else { break End::Best };
            if !more() {
                break End::Stopped;
            }
            self.iterations += 1;
            if self.iterations.is_multiple_of(LOOK) && self.worth() <= limit {
                break End::Below;
            }
            if !self.step(leaving) {
                if self.factor.exchanged > 0 {
                    self.refresh();
                } else {
                    break End::Infeasible;
                }
            }
        };
        for position in 0..self.head.len() {
            let value = self.at[position];
            self.variable_mut(self.head[position]).value = value;
        }
        end
    }

    /// The basis of now.
    pub(crate) fn basis(&self) -> Basis {
        Basis { head: self.head.clone(), weight: self.weight.clone() }
    }

    /// Goes back to a basis; rows that came since keep their slacks in it.
    pub(crate) fn restore(&mut self, basis: &Basis) {
        for position in 0..self.head.len() {
            self.variable_mut(self.head[position]).place = Place::Upper;
        }
        self.head.clone_from(&basis.head);
        self.weight.clone_from(&basis.weight);
        self.head.extend((basis.head.len()..self.rows.len()).map(|row| id(2 * row + 1)));
        self.weight.resize(self.rows.len(), 1.0);
        for position in 0..self.head.len() {
            self.variable_mut(self.head[position]).place = Place::Basic;
        }
        self.stale = true;
    }

    fn variable(&self, number: u32) -> &Variable {
        let place = (number >> 1) as usize;
        if number & 1 == 0 { &self.variables[place] } else { &self.slacks[place] }
    }

    fn variable_mut(&mut self, number: u32) -> &mut Variable {
        let place = (number >> 1) as usize;
        if number & 1 == 0 { &mut self.variables[place] } else { &mut self.slacks[place] }
    }

    fn for_column(&self, number: u32, mut each: impl FnMut(usize, f64)) {
        if number & 1 == 0 {
            self.columns[(number >> 1) as usize].iter().for_each(|&(row, value)| each(row as usize, value));
        } else {
            each((number >> 1) as usize, 1.0);
        }
    }

    /// Factors the basis, and computes reduced costs and values from it.
    fn refresh(&mut self) {
        let m = self.rows.len();
        if self.stale || self.factor.exchanged > 0 || self.at.len() != m {
            self.factor_basis();
        }
        self.stale = false;
        self.row = vec![0.0; m];
        for position in 0..m {
            self.row[position] = self.variable(self.head[position]).cost;
        }
        let mut dual = std::mem::take(&mut self.row);
        self.factor.solve_transposed(&mut dual);
        for number in 0..self.variables.len() {
            let dot: f64 = self.columns[number].iter().map(|&(row, value)| value * dual[row as usize]).sum();
            self.variables[number].settle(dot);
        }
        for (slack, price) in self.slacks.iter_mut().zip(&dual) {
            slack.settle(*price);
        }
        self.row = dual;
        self.find_values();
        self.alpha.resize(2 * self.variables.len().max(m) + 2, 0.0);
    }

    fn factor_basis(&mut self) {
        let column = |&number: &u32| match number & 1 {
            0 => self.columns[(number >> 1) as usize].clone(),
            _ => vec![(number >> 1, 1.0)],
        };
        let columns: Vec<Entries> = self.head.iter().map(column).collect();
        let pivots = self.factor.build(&columns);
        let (head, weight) = (std::mem::take(&mut self.head), std::mem::take(&mut self.weight));
        if pivots.iter().any(Option::is_none) {
            for &number in &head {
                self.variable_mut(number).place = Place::Upper;
            }
        }
        for (row, pivot) in pivots.iter().enumerate() {
            let number = pivot.map_or(id(2 * row + 1), |column| head[column]);
            self.head.push(number);
            self.weight.push(pivot.map_or(1.0, |column| weight[column]));
            self.variable_mut(number).place = Place::Basic;
        }
        if pivots.iter().any(Option::is_none) {
            let columns: Vec<Entries> = self
                .head
                .iter()
                .map(|number| {
                    let mut entries = Vec::new();
                    self.for_column(*number, |row, value| entries.push((id(row), value)));
                    entries
                })
                .collect();
            let again = self.factor.build(&columns);
            let (head, weight) = (self.head.clone(), self.weight.clone());
            for (row, column) in again.into_iter().enumerate() {
                let column = column.unwrap_or(row);
                self.head[row] = head[column];
                self.weight[row] = weight[column];
            }
        }
    }

    /// Values of the basis from those outside it.
    fn find_values(&mut self) {
        let m = self.rows.len();
        let mut right = self.limit.clone();
        for (number, it) in self.variables.iter().enumerate() {
            if it.place != Place::Basic && it.value != 0.0 {
                self.columns[number].iter().for_each(|&(row, entry)| right[row as usize] -= entry * it.value);
            }
        }
        self.factor.solve(&mut right);
        self.at = right;
        (self.low, self.high) = (vec![0.0; m], vec![0.0; m]);
        for position in 0..m {
            let it = self.variable(self.head[position]);
            (self.low[position], self.high[position]) = (it.lower, it.upper);
        }
    }
}

impl Variable {
    /// Takes the reduced cost that these prices of the rows leave, and the bound it asks for.
    fn settle(&mut self, priced: f64) {
        if self.place == Place::Basic {
            self.reduced = 0.0;
            return;
        }
        self.reduced = self.cost - priced;
        let lower = if self.reduced.abs() <= TOLERANCE { self.place == Place::Lower } else { self.reduced > 0.0 };
        self.place = if lower { Place::Lower } else { Place::Upper };
        let bound = if lower { self.lower } else { self.upper };
        if bound.is_finite() {
            self.value = bound;
        } else {
            // Rounding has put a slack on the side that has no end: its cost gives way.
            self.cost -= self.reduced;
            self.reduced = 0.0;
            (self.place, self.value) =
                if self.lower.is_finite() { (Place::Lower, self.lower) } else { (Place::Upper, self.upper) };
        }
    }
}
