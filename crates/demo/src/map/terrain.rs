//! Land and water of the invented city, and what its quarters are like: an irregular outline, a coast in the south,
//! a river that meanders down to it around one island, and a few islands off the harbour. Smooth noise, no tables.

use super::Quarter;
use super::honeycomb::{Honeycomb, WATER};
use crate::rng::mix;

/// A place on land that has not been given to a neighbourhood yet.
pub(crate) const UNCLAIMED: usize = usize::MAX - 1;

/// The radius of the city in metres, more or less.
const RADIUS: f64 = 7_400.0;
/// Where the river parts around its island, metres north of the middle.
const ISLAND_NORTH: f64 = 1_500.0;
/// Islands off the harbour: east, north, radius, in metres.
const ISLANDS: [(f64, f64, f64); 4] =
    [(-3_300.0, -6_250.0, 520.0), (-2_150.0, -6_750.0, 380.0), (2_500.0, -6_600.0, 460.0), (3_500.0, -6_350.0, 340.0)];

/// The shape of the ground.
#[derive(Debug)]
pub(crate) struct Terrain {
    seed: u64,
    cell: f64,
}

impl Terrain {
    pub(crate) const fn new(seed: u64, cell: f64) -> Self {
        Self { seed, cell }
    }

    /// Marks every cell on land as unclaimed. Specks of land and puddles of a few cells are smoothed away.
    pub(crate) fn colour(&self, comb: &mut Honeycomb) {
        for cell in comb.cells() {
            let inside = comb.around(cell).iter().all(Option::is_some);
            let land = inside && self.is_land(comb.middle(cell));
            comb.set(cell, if land { UNCLAIMED } else { WATER });
        }
        for puddle in comb.patches(|c| comb.labels()[c] == WATER) {
            if puddle.len() < 8 {
                for cell in puddle {
                    comb.set(cell, UNCLAIMED);
                }
            }
        }
        for speck in comb.patches(|c| comb.labels()[c] == UNCLAIMED) {
            if speck.len() < 6 {
                for cell in speck {
                    comb.set(cell, WATER);
                }
            }
        }
    }

    fn is_land(&self, at: (f64, f64)) -> bool {
        let near = |island: &(f64, f64, f64)| {
            let wobble = 0.75 + 0.5 * self.noise(at, 420.0, 9);
            super::apart(at, (island.0, island.1)) < island.2 * wobble
        };
        if ISLANDS.iter().any(near) {
            return true;
        }
        let edge = super::apart(at, (0.0, 0.0)) / RADIUS + 0.42 * (self.rough(at, 3_600.0, 1) - 0.5);
        edge < 0.97 && at.1 > self.coast(at.0) && !self.in_river(at)
    }

    /// How far north the sea reaches at this easting: deep in the harbour, shallow beside it.
    fn coast(&self, east: f64) -> f64 {
        let harbour = (1.0 - (east / 2_600.0) * (east / 2_600.0)).max(0.0);
        -5_600.0 + 700.0 * harbour + 1_100.0 * (self.rough((east, -5_000.0), 1_900.0, 2) - 0.5)
    }

    /// The middle of the river at this northing.
    fn river(&self, north: f64) -> f64 {
        let bend = 2_900.0 * (self.noise((0.0, north), 3_600.0, 3) - 0.5);
        0.18 * north + bend + 260.0 * (self.noise((0.0, north), 900.0, 4) - 0.5)
    }

    fn in_river(&self, at: (f64, f64)) -> bool {
        let off = at.0 - self.river(at.1);
        let along = (at.1 - ISLAND_NORTH) / 1_050.0;
        let swell = (1.0 - along * along).max(0.0);
        let mouth = ((-3_400.0 - at.1) / 2_000.0).clamp(0.0, 1.0);
        let slope = (self.river(at.1 + 60.0) - self.river(at.1 - 60.0)) / 120.0;
        let bed = (self.cell * 1.25).max(120.0) * (1.0 + slope * slope).sqrt();
        let half = bed + 230.0 * mouth + 700.0 * swell * swell;
        let island = 700.0 * swell * swell - bed * 1.1;
        off.abs() < half && off.abs() > island.max(0.0) - f64::from(u8::from(island <= 0.0))
    }

    /// Metres to the river, sideways; small beside it.
    fn river_distance(&self, at: (f64, f64)) -> f64 {
        (at.0 - self.river(at.1)).abs()
    }

    /// What the quarter around this point is like.
    pub(crate) fn quarter(&self, at: (f64, f64)) -> Quarter {
        let centre = super::apart(at, (self.river(-600.0) - 900.0, -600.0));
        if at.1 < self.coast(at.0) + 1_000.0 {
            Quarter::Port
        } else if centre < 1_350.0 {
            Quarter::OldTown
        } else if self.river_distance(at) < 1_000.0 {
            Quarter::Riverside
        } else if self.height(at) > 0.56 {
            Quarter::Hillside
        } else if self.noise(at, 3_100.0, 6) > 0.62 {
            Quarter::Works
        } else {
            Quarter::NewTown
        }
    }

    /// 0 to 1; the hills lie in the north and west.
    fn height(&self, at: (f64, f64)) -> f64 {
        self.rough(at, 3_000.0, 5) + at.1 / 34_000.0 - at.0 / 60_000.0 + 0.02
    }

    /// How hard it is to walk across this point, 0 to 1: borders settle where it is hard.
    pub(crate) fn ridge(&self, at: (f64, f64)) -> f64 {
        self.rough(at, 800.0, 7)
    }

    /// How much a corner is moved, in metres: bends the honeycomb so that its three directions do not show.
    pub(crate) fn bend(&self, at: (f64, f64)) -> (f64, f64) {
        (260.0 * (self.noise(at, 1_500.0, 11) - 0.5), 260.0 * (self.noise(at, 1_500.0, 12) - 0.5))
    }

    /// Three layers of noise, each half as wide and half as strong.
    fn rough(&self, at: (f64, f64), width: f64, layer: u64) -> f64 {
        (self.noise(at, width, layer) * 4.0
            + self.noise(at, width / 2.0, layer + 100) * 2.0
            + self.noise(at, width / 4.0, layer + 200))
            / 7.0
    }

    /// Smooth noise from 0 to 1 whose waves are about `width` metres wide.
    fn noise(&self, at: (f64, f64), width: f64, layer: u64) -> f64 {
        let (x, y) = (at.0 / width + 1_000.0, at.1 / width + 1_000.0);
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (ease(x - x0), ease(y - y0));
        let corner = |dx: f64, dy: f64| self.lattice(x0 + dx, y0 + dy, layer);
        let low = corner(0.0, 0.0) * (1.0 - fx) + corner(1.0, 0.0) * fx;
        let high = corner(0.0, 1.0) * (1.0 - fx) + corner(1.0, 1.0) * fx;
        low * (1.0 - fy) + high * fy
    }

    fn lattice(&self, x: f64, y: f64, layer: u64) -> f64 {
        let part = |v: f64| u64::try_from(crate::rng::whole(v)).unwrap_or(0);
        let hash = mix(mix(mix(self.seed ^ layer) ^ part(x)) ^ part(y));
        f64::from(u32::try_from(hash >> 32).unwrap_or(0)) / 4_294_967_295.0
    }
}

fn ease(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}
