//! From coloured cells to rings of points: corners are smoothed once for the whole map, then every border is traced
//! over the same corners, so two areas that touch share their points exactly. Rings turn as RFC 7946 asks.

use super::honeycomb::Honeycomb;
use super::terrain::Terrain;
use crate::rng::whole;
use std::collections::BTreeMap;

/// Where the middle of the city lies: in the open Atlantic, so that no real place is meant.
const ORIGIN: (f64, f64) = (-21.5, 43.2);
/// Metres in a degree of longitude and latitude there.
const DEGREE: (f64, f64) = (81_150.0, 111_100.0);
/// A corner that moves its border less than this many metres is left out.
const STRAIGHT: f64 = 4.0;

/// A point in millionths of a degree: longitude, latitude.
pub(crate) type Point = (i64, i64);

/// The corners of the map after smoothing.
#[derive(Debug)]
pub(crate) struct Points {
    at: BTreeMap<usize, Point>,
}

/// An outer ring, counter-clockwise, and its holes, clockwise. Rings are closed: the first point comes last again.
#[derive(Debug, Clone)]
pub(crate) struct Polygon {
    pub(crate) rings: Vec<Vec<Point>>,
}

/// One area of the map.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub(crate) polygons: Vec<Polygon>,
}

impl Polygon {
    /// The rings in degrees, as `GeoJSON` wants them.
    pub(crate) fn degrees(&self) -> Vec<Vec<[f64; 2]>> {
        let degree = |v: i64| f64::from(i32::try_from(v).unwrap_or(0)) / 1_000_000.0;
        self.rings.iter().map(|ring| ring.iter().map(|p| [degree(p.0), degree(p.1)]).collect()).collect()
    }
}

impl Points {
    /// Smooths every border, bends it a little, and leaves out corners on a straight stretch.
    pub(crate) fn smoothed(comb: &Honeycomb, terrain: &Terrain) -> Self {
        let links = border_links(comb);
        let mut metres: BTreeMap<usize, (f64, f64)> = links.keys().map(|c| (*c, comb.corner_metres(*c))).collect();
        for _ in 0..4 {
            metres = links
                .iter()
                .map(|(corner, near)| {
                    let spots: Vec<(f64, f64)> = near.iter().map(|n| metres[n]).collect();
                    let (here, mean) = (metres[corner], super::middle(&spots));
                    (*corner, (here.0.midpoint(mean.0), here.1.midpoint(mean.1)))
                })
                .collect();
        }
        for spot in metres.values_mut() {
            let bend = terrain.bend(*spot);
            *spot = (spot.0 + bend.0, spot.1 + bend.1);
        }
        let kept = without_straight(&links, &metres);
        let at = kept.into_iter().map(|c| (c, to_degrees(metres[&c]))).collect();
        Self { at }
    }
}

fn to_degrees(metres: (f64, f64)) -> Point {
    let place = |m: f64, origin: f64, degree: f64| whole((origin + m / degree) * 1_000_000.0);
    (place(metres.0, ORIGIN.0, DEGREE.0), place(metres.1, ORIGIN.1, DEGREE.1))
}

/// For every corner on a border, the corners next to it along borders: two, or three where borders meet.
fn border_links(comb: &Honeycomb) -> BTreeMap<usize, Vec<usize>> {
    let mut links: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for cell in comb.cells() {
        for (i, near) in comb.around(cell).into_iter().enumerate() {
            let Some(near) = near else { continue };
            if near > cell && comb.labels()[near] != comb.labels()[cell] {
                let (a, b) = comb.edge(cell, i);
                links.entry(a).or_default().push(b);
                links.entry(b).or_default().push(a);
            }
        }
    }
    links
}

/// Corners to keep: all where borders meet, and of the others those that bend the line. Never two left out in a row.
fn without_straight(links: &BTreeMap<usize, Vec<usize>>, metres: &BTreeMap<usize, (f64, f64)>) -> Vec<usize> {
    let mut dropped = std::collections::BTreeSet::new();
    for (corner, near) in links {
        let [before, after] = near.as_slice() else { continue };
        if dropped.contains(before) || dropped.contains(after) {
            continue;
        }
        if off_line(metres[corner], metres[before], metres[after]) < STRAIGHT {
            dropped.insert(*corner);
        }
    }
    links.keys().copied().filter(|c| !dropped.contains(c)).collect()
}

/// Metres from a point to the line through two others.
fn off_line(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let along = (b.0 - a.0, b.1 - a.1);
    let cross = along.0 * (p.1 - a.1) - along.1 * (p.0 - a.0);
    cross.abs() / super::apart(a, b).max(0.001)
}

/// The shape of every label below `count`.
pub(crate) fn trace(comb: &Honeycomb, points: &Points, labels: &[usize], count: usize) -> Vec<Shape> {
    let mut steps: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); count];
    for cell in comb.cells() {
        let Some(own) = steps.get_mut(labels[cell]) else { continue };
        for (i, near) in comb.around(cell).into_iter().enumerate() {
            if near.is_none_or(|n| labels[n] != labels[cell]) {
                let (a, b) = comb.edge(cell, i);
                own.insert(a, b);
            }
        }
    }
    steps.into_iter().map(|own| shape(own, points)).collect()
}

fn shape(mut steps: BTreeMap<usize, usize>, points: &Points) -> Shape {
    let mut outer = Vec::new();
    let mut holes = Vec::new();
    while let Some((start, mut next)) = steps.pop_first() {
        let mut corners = vec![start];
        while next != start {
            corners.push(next);
            next = steps.remove(&next).unwrap_or(start);
        }
        let mut ring: Vec<Point> = corners.iter().filter_map(|c| points.at.get(c).copied()).collect();
        ring.push(ring[0]);
        if doubled_area(&ring) > 0 { outer.push(ring) } else { holes.push(ring) }
    }
    outer.sort_by_key(|ring| -doubled_area(ring));
    let mut polygons: Vec<Polygon> = outer.into_iter().map(|ring| Polygon { rings: vec![ring] }).collect();
    for hole in holes {
        if let Some(around) = polygons.iter_mut().rev().find(|p| inside(hole[0], &p.rings[0])) {
            around.rings.push(hole);
        }
    }
    Shape { polygons }
}

/// Twice the area in square millionths of a degree; positive when the ring turns counter-clockwise.
pub(crate) fn doubled_area(ring: &[Point]) -> i64 {
    let (x0, y0) = ring[0];
    ring.windows(2).map(|w| (w[0].0 - x0) * (w[1].1 - y0) - (w[1].0 - x0) * (w[0].1 - y0)).sum()
}

/// Whether a point lies inside a ring, by counting the borders to its east.
pub(crate) fn inside(p: Point, ring: &[Point]) -> bool {
    let crosses = |w: &[Point]| {
        let (a, b) = if w[0].1 < w[1].1 { (w[0], w[1]) } else { (w[1], w[0]) };
        a.1 <= p.1 && p.1 < b.1 && (b.0 - a.0) * (p.1 - a.1) - (p.0 - a.0) * (b.1 - a.1) > 0
    };
    ring.windows(2).filter(|w| crosses(w)).count() % 2 == 1
}
