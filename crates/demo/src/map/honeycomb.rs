//! A grid of six-sided cells over the city. Each corner has whole-number coordinates, so a corner that three cells
//! share is one corner and not three nearly equal ones. Knows nothing of rivers or districts.

use crate::rng::{count, float};

/// The label of a cell that belongs to no neighbourhood.
pub(crate) const WATER: usize = usize::MAX;

/// Half the width and height of the square the cells cover, in metres.
const REACH: f64 = 8_800.0;
/// Land of the usual city in square metres; sets how big a cell is.
const LAND: f64 = 138_000_000.0;
/// The square root of three.
const ROOT3: f64 = 1.732_050_807_568_877_2;

/// The six corners of a cell, counter-clockwise from the top, in corner units from its middle.
const CORNERS: [(i32, i32); 6] = [(0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1)];
/// The cell on the far side of the edge from corner i to corner i + 1, in corner units from the middle.
const ACROSS: [(i32, i32); 6] = [(-1, 3), (-2, 0), (-1, -3), (1, -3), (2, 0), (1, 3)];

/// The cells and their labels.
#[derive(Debug)]
pub(crate) struct Honeycomb {
    side: f64,
    columns: usize,
    rows: usize,
    labels: Vec<usize>,
}

impl Honeycomb {
    /// Enough cells that about so many fall on land.
    pub(crate) fn covering(land_cells: usize) -> Self {
        let side = (2.0 * LAND / float(land_cells) / (3.0 * ROOT3)).sqrt();
        let columns = count(2.0 * REACH / (side * ROOT3)) + 2;
        let rows = count(2.0 * REACH / (side * 1.5)) + 2;
        Self { side, columns, rows, labels: vec![WATER; columns * rows] }
    }

    pub(crate) const fn side(&self) -> f64 {
        self.side
    }

    pub(crate) fn labels(&self) -> &[usize] {
        &self.labels
    }

    pub(crate) fn relabel(&mut self, labels: Vec<usize>) {
        self.labels = labels;
    }

    pub(crate) fn set(&mut self, cell: usize, label: usize) {
        self.labels[cell] = label;
    }

    /// The middle of a cell in corner units.
    fn unit(&self, cell: usize) -> (i32, i32) {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let x = i32::try_from(2 * column + row % 2).unwrap_or(0);
        (x, i32::try_from(3 * row).unwrap_or(0))
    }

    /// Corner units as metres east and north of the middle of the city.
    pub(crate) fn metres(&self, unit: (i32, i32)) -> (f64, f64) {
        (f64::from(unit.0) * self.side * ROOT3 / 2.0 - REACH, f64::from(unit.1) * self.side / 2.0 - REACH)
    }

    /// The middle of a cell in metres.
    pub(crate) fn middle(&self, cell: usize) -> (f64, f64) {
        self.metres(self.unit(cell))
    }

    fn cell_at(&self, unit: (i32, i32)) -> Option<usize> {
        let row = usize::try_from(unit.1).ok()? / 3;
        let column = usize::try_from(unit.0).ok()?.checked_sub(row % 2)? / 2;
        (row < self.rows && column < self.columns).then_some(row * self.columns + column)
    }

    /// The cells around a cell, in the order of its edges; `None` beyond the grid.
    pub(crate) fn around(&self, cell: usize) -> [Option<usize>; 6] {
        let (x, y) = self.unit(cell);
        ACROSS.map(|(dx, dy)| self.cell_at((x + dx, y + dy)))
    }

    /// The two corners of edge `i` of a cell, counter-clockwise, as corner numbers.
    pub(crate) fn edge(&self, cell: usize, i: usize) -> (usize, usize) {
        let (x, y) = self.unit(cell);
        let corner = |at: usize| self.corner((x + CORNERS[at].0, y + CORNERS[at].1));
        (corner(i), corner((i + 1) % 6))
    }

    const fn corner_columns(&self) -> usize {
        2 * self.columns + 4
    }

    fn corner(&self, unit: (i32, i32)) -> usize {
        let x = usize::try_from(unit.0 + 1).unwrap_or(0);
        let y = usize::try_from(unit.1 + 2).unwrap_or(0);
        y * self.corner_columns() + x
    }

    /// Where a corner is, in metres, before smoothing.
    pub(crate) fn corner_metres(&self, corner: usize) -> (f64, f64) {
        let x = i32::try_from(corner % self.corner_columns()).unwrap_or(0) - 1;
        let y = i32::try_from(corner / self.corner_columns()).unwrap_or(0) - 2;
        self.metres((x, y))
    }

    /// Every cell number.
    pub(crate) fn cells(&self) -> std::ops::Range<usize> {
        0..self.labels.len()
    }

    /// Groups of touching cells that `belongs` accepts, largest first.
    pub(crate) fn patches(&self, belongs: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.labels.len()];
        let mut patches = Vec::new();
        for start in self.cells() {
            if seen[start] || !belongs(start) {
                continue;
            }
            seen[start] = true;
            let mut patch = vec![start];
            let mut next = 0;
            while next < patch.len() {
                for near in self.around(patch[next]).into_iter().flatten() {
                    if !seen[near] && belongs(near) {
                        seen[near] = true;
                        patch.push(near);
                    }
                }
                next += 1;
            }
            patches.push(patch);
        }
        patches.sort_by_key(|p| (usize::MAX - p.len(), p[0]));
        patches
    }
}
