//! The basis of a linear program as a product of triangular matrices, so that systems with it are solved in the time their
//! few entries take. May use nothing; promises that what it solves is the matrix it was given, updates included.
//!
//! Columns and rows with one entry left are taken first, which leaves little of the nearly triangular matrices of matching;
//! the rest is factored column by column with threshold pivoting (Gilbert and Peierls 1988), and each exchange of a column
//! is a factor of its own (product form of the inverse, Dantzig and Orchard-Hays 1954).

use crate::number::id;

/// An entry below this is nothing.
const NOTHING: f64 = 1e-12;
/// A pivot below this makes a column depend on the others.
const LEAST_PIVOT: f64 = 1e-8;
/// A pivot must be at least this part of the largest entry that could be one.
const THRESHOLD: f64 = 0.1;
const NONE: u32 = u32::MAX;

/// Entries of a column: row and value.
pub(super) type Entries = Vec<(u32, f64)>;

/// One step of elimination: its row, and its entries in `entries`.
struct Step {
    row: u32,
    from: u32,
    until: u32,
    pivot: f64,
}

/// The factors. A basis position is the row on which its column has its pivot.
#[derive(Default)]
pub(super) struct Factor {
    upper: Vec<Step>,
    lower: Vec<Step>,
    swaps: Vec<Step>,
    entries: Entries,
    /// Columns exchanged since the last factorisation.
    pub(super) exchanged: usize,
}

/// The matrix while it is factored.
struct Left<'a> {
    columns: &'a [Entries],
    by_row: Vec<Vec<u32>>,
    /// By row and by column: the pivot taken.
    column_of: Vec<u32>,
    row_of: Vec<u32>,
}

impl Factor {
    /// Factors the square matrix of these columns. Returns by row the column that has its pivot there; `None` for rows that
    /// depend on the others, and those columns that found no row are left out.
    pub(super) fn build(&mut self, columns: &[Entries]) -> Vec<Option<usize>> {
        let m = columns.len();
        (self.upper, self.lower, self.swaps) = (Vec::with_capacity(m), Vec::new(), Vec::new());
        self.entries.clear();
        self.exchanged = 0;
        let mut by_row = vec![Vec::new(); m];
        for (column, entries) in columns.iter().enumerate() {
            for &(row, _) in entries {
                by_row[row as usize].push(id(column));
            }
        }
        let mut left = Left { columns, by_row, column_of: vec![NONE; m], row_of: vec![NONE; m] };
        self.lone_columns(&mut left);
        self.lone_rows(&mut left);
        self.rest(&mut left);
        left.column_of.into_iter().map(|column| if column == NONE { None } else { Some(column as usize) }).collect()
    }

    /// Columns with a single entry in the rows left.
    fn lone_columns(&mut self, left: &mut Left<'_>) {
        let mut count: Vec<usize> = left.columns.iter().map(Vec::len).collect();
        let mut next: Vec<usize> = (0..count.len()).filter(|&column| count[column] == 1).collect();
        while let Some(column) = next.pop() {
            let entries = &left.columns[column];
            let free = entries.iter().find(|(row, _)| left.column_of[*row as usize] == NONE);
            let Some(&(row, pivot)) = free.filter(|(_, value)| value.abs() > LEAST_PIVOT) else { continue };
            if left.row_of[column] != NONE {
                continue;
            }
            left.take(column, row);
            self.push_upper(row, pivot, entries.iter().copied().filter(|entry| entry.0 != row));
            for &other in &left.by_row[row as usize] {
                let other = other as usize;
                count[other] -= 1;
                if count[other] == 1 && left.row_of[other] == NONE {
                    next.push(other);
                }
            }
        }
    }

    /// Rows with a single entry in the columns left.
    fn lone_rows(&mut self, left: &mut Left<'_>) {
        let open = |left: &Left<'_>, row: usize| {
            left.by_row[row].iter().filter(|&&column| left.row_of[column as usize] == NONE).count()
        };
        let mut count: Vec<usize> = (0..left.by_row.len()).map(|row| open(left, row)).collect();
        let mut next: Vec<usize> =
            (0..count.len()).filter(|&row| left.column_of[row] == NONE && count[row] == 1).collect();
        while let Some(row) = next.pop() {
            let column = left.by_row[row].iter().find(|&&column| left.row_of[column as usize] == NONE);
            let Some(&column) = column.filter(|_| left.column_of[row] == NONE) else { continue };
            let entries = &left.columns[column as usize];
            let pivot = entries.iter().find(|entry| entry.0 as usize == row).map_or(0.0, |entry| entry.1);
            if pivot.abs() <= LEAST_PIVOT {
                continue;
            }
            left.take(column as usize, id(row));
            self.push_upper(
                id(row),
                pivot,
                entries.iter().copied().filter(|e| e.0 as usize != row && left.column_of[e.0 as usize] != NONE),
            );
            let from = self.entries.len();
            let below = entries.iter().filter(|e| left.column_of[e.0 as usize] == NONE);
            self.entries.extend(below.map(|e| (e.0, e.1 / pivot)));
            self.push_lower(id(row), from);
            for &(other, _) in entries {
                let other = other as usize;
                count[other] -= 1;
                if count[other] == 1 && left.column_of[other] == NONE {
                    next.push(other);
                }
            }
        }
    }

    /// What is left, columns with few entries first.
    fn rest(&mut self, left: &mut Left<'_>) {
        let m = left.columns.len();
        let mut order: Vec<usize> = (0..m).filter(|&column| left.row_of[column] == NONE).collect();
        let open = |left: &Left<'_>, column: usize| {
            left.columns[column].iter().filter(|entry| left.column_of[entry.0 as usize] == NONE).count()
        };
        order.sort_by_cached_key(|&column| (open(left, column), column));
        let busy: Vec<usize> = left
            .by_row
            .iter()
            .map(|row| row.iter().filter(|&&column| left.row_of[column as usize] == NONE).count())
            .collect();
        let first = self.lower.len();
        let (mut value, mut marked, mut touched) = (vec![0.0; m], vec![false; m], Vec::new());
        for column in order {
            for &(row, entry) in &left.columns[column] {
                value[row as usize] = entry;
                marked[row as usize] = true;
                touched.push(row);
            }
            for step in &self.lower[first..] {
                let times = value[step.row as usize];
                if times != 0.0 {
                    for &(row, entry) in &self.entries[step.from as usize..step.until as usize] {
                        value[row as usize] -= entry * times;
                        if !marked[row as usize] {
                            marked[row as usize] = true;
                            touched.push(row);
                        }
                    }
                }
            }
            if let Some(row) = pivot_row(&touched, &value, &left.column_of, &busy) {
                let pivot = value[row as usize];
                left.take(column, row);
                let above = |&&r: &&u32| r != row && left.column_of[r as usize] != NONE;
                let entries = touched.iter().filter(above).map(|&r| (r, value[r as usize]));
                self.push_upper(row, pivot, entries.filter(|entry| entry.1.abs() > NOTHING));
                let from = self.entries.len();
                let below = touched.iter().filter(|&&r| left.column_of[r as usize] == NONE);
                let below = below.map(|&r| (r, value[r as usize] / pivot));
                self.entries.extend(below.filter(|entry| entry.1.abs() > NOTHING));
                self.push_lower(row, from);
            }
            for row in touched.drain(..) {
                value[row as usize] = 0.0;
                marked[row as usize] = false;
            }
        }
    }

    fn push_upper(&mut self, row: u32, pivot: f64, entries: impl Iterator<Item = (u32, f64)>) {
        let from = id(self.entries.len());
        self.entries.extend(entries);
        self.upper.push(Step { row, from, until: id(self.entries.len()), pivot });
    }

    fn push_lower(&mut self, row: u32, from: usize) {
        if self.entries.len() > from {
            self.lower.push(Step { row, from: id(from), until: id(self.entries.len()), pivot: 1.0 });
        }
    }

    /// The column at position `row` is exchanged for one that is `solved` in terms of the columns so far.
    pub(super) fn exchange(&mut self, row: usize, solved: &[f64]) {
        let from = id(self.entries.len());
        let others = solved.iter().enumerate().filter(|(other, value)| *other != row && value.abs() > NOTHING);
        self.entries.extend(others.map(|(other, value)| (id(other), *value)));
        self.swaps.push(Step { row: id(row), from, until: id(self.entries.len()), pivot: solved[row] });
        self.exchanged += 1;
    }

    /// Solves `matrix * x = value` in place.
    pub(super) fn solve(&self, value: &mut [f64]) {
        for step in &self.lower {
            let times = value[step.row as usize];
            if times != 0.0 {
                self.subtract(step, times, value);
            }
        }
        for step in self.upper.iter().rev() {
            let at = &mut value[step.row as usize];
            if *at != 0.0 {
                *at /= step.pivot;
                let times = *at;
                self.subtract(step, times, value);
            }
        }
        for step in &self.swaps {
            let at = &mut value[step.row as usize];
            if *at != 0.0 {
                *at /= step.pivot;
                let times = *at;
                self.subtract(step, times, value);
            }
        }
    }

    /// Solves `transposed matrix * x = value` in place.
    pub(super) fn solve_transposed(&self, value: &mut [f64]) {
        for step in self.swaps.iter().rev() {
            value[step.row as usize] = (value[step.row as usize] - self.dot(step, value)) / step.pivot;
        }
        for step in &self.upper {
            value[step.row as usize] = (value[step.row as usize] - self.dot(step, value)) / step.pivot;
        }
        for step in self.lower.iter().rev() {
            value[step.row as usize] -= self.dot(step, value);
        }
    }

    fn subtract(&self, step: &Step, times: f64, value: &mut [f64]) {
        for &(row, entry) in &self.entries[step.from as usize..step.until as usize] {
            value[row as usize] -= entry * times;
        }
    }

    fn dot(&self, step: &Step, value: &[f64]) -> f64 {
        let entries = &self.entries[step.from as usize..step.until as usize];
        entries.iter().map(|&(row, entry)| entry * value[row as usize]).sum()
    }
}

impl Left<'_> {
    fn take(&mut self, column: usize, row: u32) {
        self.column_of[row as usize] = id(column);
        self.row_of[column] = row;
    }
}

/// Of the rows without a pivot whose entry is large enough, the one that meets the fewest other columns.
fn pivot_row(touched: &[u32], value: &[f64], column_of: &[u32], busy: &[usize]) -> Option<u32> {
    let open = || touched.iter().copied().filter(|&row| column_of[row as usize] == NONE);
    let largest = open().map(|row| value[row as usize].abs()).fold(0.0, f64::max);
    if largest <= LEAST_PIVOT {
        return None;
    }
    open().filter(|&row| value[row as usize].abs() >= THRESHOLD * largest).min_by_key(|&row| (busy[row as usize], row))
}

#[cfg(test)]
mod tests {
    use super::Factor;
    use crate::random::Random;

    /// Random sparse matrices with small whole entries, some of them singular.
    #[test]
    fn what_is_solved_is_the_matrix_that_was_given_and_changed() {
        for seed in 0..300 {
            let mut random = Random::new(seed);
            let m = 1 + random.below(12);
            let draw = |random: &mut Random| -> Vec<(u32, f64)> {
                let entry =
                    |row: u32, random: &mut Random| (row, f64::from(u32::try_from(1 + random.below(4)).unwrap_or(1)));
                let rows: Vec<u32> = (0..12).filter(|&row| (row as usize) < m && random.once_in(3)).collect();
                rows.into_iter().map(|row| entry(row, random)).collect()
            };
            let mut columns: Vec<_> = (0..m).map(|_| draw(&mut random)).collect();
            let mut factor = Factor::default();
            let pivots = factor.build(&columns);
            let Some(order) = pivots.iter().copied().collect::<Option<Vec<_>>>() else { continue };
            columns = order.iter().map(|&column| columns[column].clone()).collect();
            for _ in 0..4 {
                let right: Vec<f64> = (0..m).map(|_| random.unit()).collect();
                let (mut x, mut y) = (right.clone(), right.clone());
                factor.solve(&mut x);
                factor.solve_transposed(&mut y);
                let mut product = vec![0.0; m];
                for (column, entries) in columns.iter().enumerate() {
                    let dot: f64 = entries.iter().map(|&(row, value)| value * y[row as usize]).sum();
                    assert!((dot - right[column]).abs() < 1e-6);
                    for &(row, value) in entries {
                        product[row as usize] += value * x[column];
                    }
                }
                assert!(product.iter().zip(&right).all(|(a, b)| (a - b).abs() < 1e-6));
                let (new, at) = (draw(&mut random), random.below(u32::try_from(m).unwrap_or(1)));
                let mut solved = vec![0.0; m];
                for &(row, value) in &new {
                    solved[row as usize] = value;
                }
                factor.solve(&mut solved);
                if solved[at].abs() > 0.1 {
                    factor.exchange(at, &solved);
                    columns[at] = new;
                }
            }
        }
    }
}
