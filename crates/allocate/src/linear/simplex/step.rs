//! One exchange of the dual simplex method: who leaves, who enters, and what that changes. May use the program; promises that
//! reduced costs stay on the side their bounds ask for, but for rounding.

use super::super::ratio::{Candidate, entering};
use super::{Place, Simplex, TOLERANCE};
use crate::number::id;

/// Entries of the pivot row below this are nothing.
const NOTHING: f64 = 1e-9;
/// How far the pivot may differ between its row and its column before the factors are made anew.
const AGREES: f64 = 1e-6;
/// Least weight of the steepest edge.
const LEAST_WEIGHT: f64 = 1e-4;

impl Simplex {
    /// The position that is farthest beyond a bound for the length of its edge.
    pub(super) fn leaving(&self) -> Option<usize> {
        let mut best = (0.0, None);
        for (position, &at) in self.at.iter().enumerate() {
            let beyond = (self.low[position] - at).max(at - self.high[position]);
            if beyond > TOLERANCE && beyond * beyond > best.0 * self.weight[position] {
                best = (beyond * beyond / self.weight[position], Some(position));
            }
        }
        best.1
    }

    /// One exchange. False when no variable can enter.
    pub(super) fn step(&mut self, leaving: usize) -> bool {
        let m = self.rows.len();
        self.row.clear();
        self.row.resize(m, 0.0);
        self.row[leaving] = 1.0;
        self.factor.solve_transposed(&mut self.row);
        self.pivot_row();
        let short = self.at[leaving] < self.low[leaving];
        let target = if short { self.low[leaving] } else { self.high[leaving] };
        self.find_candidates(if short { -1.0 } else { 1.0 });
        let far = (self.at[leaving] - target).abs();
        let Some(enters) = entering(&mut self.candidates, far) else {
            self.forget_row();
            return false;
        };
        let number = self.candidates[enters].number;
        let pivot = self.alpha[number as usize];
        self.column.clear();
        self.column.resize(m, 0.0);
        let mut column = std::mem::take(&mut self.column);
        self.for_column(number, |row, value| column[row] = value);
        self.factor.solve(&mut column);
        self.column = column;
        if (self.column[leaving] - pivot).abs() > AGREES * (1.0 + pivot.abs()) && self.factor.exchanged > 0 {
            self.forget_row();
            return false;
        }
        self.flip(enters);
        self.move_duals(leaving, number, short);
        self.move_values(leaving, number, target);
        true
    }

    /// What the leaving variable's row says of every variable outside the basis.
    fn pivot_row(&mut self) {
        for (row, &times) in self.row.iter().enumerate() {
            if times.abs() <= NOTHING {
                continue;
            }
            for &(variable, value) in &self.rows[row] {
                let at = &mut self.alpha[2 * variable as usize];
                if *at == 0.0 {
                    self.touched.push(2 * variable);
                }
                *at += times * value;
                // Whatever is on the list stays different from nothing, so that it is listed once.
                if *at == 0.0 {
                    *at = f64::MIN_POSITIVE;
                }
            }
            self.alpha[2 * row + 1] = times;
            self.touched.push(id(2 * row + 1));
        }
    }

    fn forget_row(&mut self) {
        for number in self.touched.drain(..) {
            self.alpha[number as usize] = 0.0;
        }
    }

    fn find_candidates(&mut self, sign: f64) {
        self.candidates.clear();
        for &number in &self.touched {
            let it = self.variable(number);
            let alpha = sign * self.alpha[number as usize];
            let moves = match it.place {
                Place::Basic => false,
                Place::Lower => alpha > NOTHING,
                Place::Upper => alpha < -NOTHING,
            };
            if moves && it.lower < it.upper {
                let ratio = (it.reduced / alpha).max(0.0);
                self.candidates.push(Candidate { ratio, alpha: alpha.abs(), range: it.upper - it.lower, number });
            }
        }
    }

    /// What comes before the entering variable goes over to its other bound.
    fn flip(&mut self, enters: usize) {
        if enters == 0 {
            return;
        }
        let mut right = std::mem::take(&mut self.edge);
        right.clear();
        right.resize(self.rows.len(), 0.0);
        for place in 0..enters {
            let number = self.candidates[place].number;
            let it = self.variable_mut(number);
            let before = it.value;
            (it.value, it.place) = match it.place {
                Place::Lower => (it.upper, Place::Upper),
                _ => (it.lower, Place::Lower),
            };
            let change = it.value - before;
            self.for_column(number, |row, value| right[row] += value * change);
        }
        self.factor.solve(&mut right);
        for (at, change) in self.at.iter_mut().zip(&right) {
            *at -= change;
        }
        self.edge = right;
    }

    fn move_duals(&mut self, leaving: usize, enters: u32, short: bool) {
        let theta = self.variable(enters).reduced / self.alpha[enters as usize];
        let touched = std::mem::take(&mut self.touched);
        for &number in &touched {
            let alpha = std::mem::take(&mut self.alpha[number as usize]);
            let it = self.variable_mut(number);
            if it.place != Place::Basic {
                it.reduced -= theta * alpha;
            }
        }
        self.touched = touched;
        self.touched.clear();
        let left = self.head[leaving];
        let it = self.variable_mut(left);
        it.reduced = -theta;
        (it.place, it.value) = if short { (Place::Lower, it.lower) } else { (Place::Upper, it.upper) };
        self.variable_mut(enters).reduced = 0.0;
    }

    fn move_values(&mut self, leaving: usize, enters: u32, target: f64) {
        let pivot = self.column[leaving];
        let step = (self.at[leaving] - target) / pivot;
        let length: f64 = self.row.iter().map(|value| value * value).sum();
        self.factor.solve(&mut self.row);
        for (position, &entry) in self.column.iter().enumerate() {
            if entry != 0.0 && position != leaving {
                self.at[position] -= step * entry;
                let part = entry / pivot;
                let weight = self.weight[position] - 2.0 * part * self.row[position] + part * part * length;
                self.weight[position] = weight.max(LEAST_WEIGHT);
            }
        }
        self.weight[leaving] = (length / (pivot * pivot)).max(LEAST_WEIGHT);
        self.factor.exchange(leaving, &self.column);
        self.head[leaving] = enters;
        let it = self.variable_mut(enters);
        it.place = Place::Basic;
        let (value, lower, upper) = (it.value + step, it.lower, it.upper);
        (self.at[leaving], self.low[leaving], self.high[leaving]) = (value, lower, upper);
    }
}
