//! How areas are drawn: degrees to points of a frame, with only the corners that can be seen. Works in whole tenths
//! of a point, so that the same boundaries give the same drawing on every machine.

use std::{cmp::Reverse, collections::BinaryHeap, fmt::Write as _};

use crate::shape::{Bounds, Shape};

/// Corners that change the drawing by less than this are left out: twice the area of their triangle with both
/// neighbours, in square tenths of a point (Visvalingam and Whyatt 1993). What a corner shares with its neighbours is
/// the same seen from both sides of a border, so areas stay neighbours.
const SMALLEST_CORNER: i64 = 100;
/// Nothing is drawn farther away than this, in tenths of a point.
const FARTHEST: f64 = 1e7;
const MARGIN: f64 = 10.0;

/// How degrees become points of the drawing: equirectangular around the middle latitude, north up, y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    bounds: Bounds,
    scale_x: f64,
    scale_y: f64,
    shift_x: f64,
    shift_y: f64,
    height: f64,
}

/// A spot of the drawing, in tenths of a point.
type Spot = [i64; 2];

impl Projection {
    /// Fits bounds into a frame of `width` by `height` points, in the middle, without distortion, with a margin of 10.
    #[must_use]
    pub fn fit(bounds: Bounds, width: f64, height: f64) -> Self {
        let (across, up, squeeze) = extent(bounds);
        let scale = ((width - 2.0 * MARGIN) / across).min((height - 2.0 * MARGIN) / up);
        Self {
            bounds,
            scale_x: scale * squeeze,
            scale_y: scale,
            shift_x: (width - across * scale) / 2.0,
            shift_y: (height - up * scale) / 2.0,
            height,
        }
    }

    /// Fits bounds into a frame of `width` points and as high as they need, with a margin of 10.
    #[must_use]
    pub fn fit_width(bounds: Bounds, width: f64) -> Self {
        let (across, up, _) = extent(bounds);
        Self::fit(bounds, width, (width - 2.0 * MARGIN) / across * up + 2.0 * MARGIN)
    }

    /// How high the frame is, in points.
    #[must_use]
    pub const fn height(&self) -> f64 {
        self.height
    }

    #[expect(clippy::cast_possible_truncation, reason = "clamped to whole numbers that fit")]
    fn place(&self, [lon, lat]: [f64; 2]) -> Spot {
        let x = (lon - self.bounds.west) * self.scale_x + self.shift_x;
        let y = (self.bounds.north - lat) * self.scale_y + self.shift_y;
        [x, y].map(|v| (v * 10.0).round().clamp(-FARTHEST, FARTHEST) as i64)
    }
}

/// Width and height of bounds in degrees of latitude, and how much a degree of longitude is shorter.
fn extent(bounds: Bounds) -> (f64, f64, f64) {
    let squeeze = f64::midpoint(bounds.south, bounds.north).to_radians().cos().max(0.01);
    ((bounds.east - bounds.west).max(1e-9) * squeeze, (bounds.north - bounds.south).max(1e-9), squeeze)
}

impl Shape {
    /// The outline as an SVG path, to a tenth of a point, without what is too fine to be seen. Holes follow their
    /// outer ring: fill it with `fill-rule: evenodd`.
    #[must_use]
    pub fn svg_path(&self, projection: &Projection) -> String {
        let mut path = String::new();
        for polygon in &self.0 {
            for (at, ring) in polygon.rings().enumerate() {
                let spots = simplified(&spots(ring, projection));
                // A hole that cannot be seen is left out; an area is always drawn, be it as a dot.
                if at == 0 || spots.len() > 2 {
                    write_ring(&spots, &mut path);
                }
            }
        }
        path
    }
}

/// The ring's spots, each different from the one before and the last from the first.
fn spots(ring: &[[f64; 2]], projection: &Projection) -> Vec<Spot> {
    let mut spots: Vec<Spot> = ring.iter().map(|p| projection.place(*p)).collect();
    spots.dedup();
    while spots.len() > 1 && spots.first() == spots.last() {
        spots.pop();
    }
    spots
}

fn twice_area(a: Spot, b: Spot, c: Spot) -> i64 {
    ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs()
}

/// Takes away the corner that matters least, again and again, until each matters or three are left.
fn simplified(ring: &[Spot]) -> Vec<Spot> {
    let count = ring.len();
    if count <= 3 {
        return ring.to_vec();
    }
    let mut before: Vec<usize> = (0..count).map(|i| (i + count - 1) % count).collect();
    let mut after: Vec<usize> = (0..count).map(|i| (i + 1) % count).collect();
    let weigh = |at: usize, before: &[usize], after: &[usize]| twice_area(ring[before[at]], ring[at], ring[after[at]]);
    let mut weights: Vec<i64> = (0..count).map(|at| weigh(at, &before, &after)).collect();
    let mut gone = vec![false; count];
    // Ties by place, not by position in the ring: the neighbour's ring has another beginning.
    let mut queue: BinaryHeap<_> = (0..count).map(|at| Reverse((weights[at], ring[at], at))).collect();
    let mut left = count;
    while let Some(Reverse((weight, _, at))) = queue.pop() {
        if weight >= SMALLEST_CORNER || left == 3 {
            break;
        }
        if gone[at] || weights[at] != weight {
            continue;
        }
        gone[at] = true;
        left -= 1;
        let (previous, next) = (before[at], after[at]);
        (after[previous], before[next]) = (next, previous);
        for neighbour in [previous, next] {
            weights[neighbour] = weigh(neighbour, &before, &after);
            queue.push(Reverse((weights[neighbour], ring[neighbour], neighbour)));
        }
    }
    (0..count).filter(|at| !gone[*at]).map(|at| ring[at]).collect()
}

/// One absolute beginning, then steps, which need fewer digits.
fn write_ring(spots: &[Spot], path: &mut String) {
    let Some(first) = spots.first() else { return };
    path.push('M');
    write_pair(*first, path);
    for (at, step) in spots.windows(2).enumerate() {
        path.push(if at == 0 { 'l' } else { ' ' });
        write_pair([step[1][0] - step[0][0], step[1][1] - step[0][1]], path);
    }
    path.push('z');
}

fn write_pair([x, y]: Spot, path: &mut String) {
    write_tenths(x, path);
    if y >= 0 {
        path.push(' ');
    }
    write_tenths(y, path);
}

fn write_tenths(tenths: i64, path: &mut String) {
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let sign = if tenths < 0 { "-" } else { "" };
    // Writing to a string cannot fail.
    let _ = if rest == 0 { write!(path, "{sign}{whole}") } else { write!(path, "{sign}{whole}.{rest}") };
}
