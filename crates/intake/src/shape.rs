//! Areas: polygons with holes in degrees (WGS84), whether a point lies in them, and where their middle is.
//! Areas across the 180th meridian are cut there, as RFC 7946 (section 3.1.9) asks.

pub use crate::drawing::Projection;

/// A polygon: an outer ring and holes, each a closed ring of longitude and latitude in degrees, in either direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The outer ring.
    pub outer: Vec<[f64; 2]>,
    /// What is cut out.
    pub holes: Vec<Vec<[f64; 2]>>,
}

/// One or more polygons.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(pub Vec<Polygon>);

/// West, south, east, north, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Smallest longitude.
    pub west: f64,
    /// Smallest latitude.
    pub south: f64,
    /// Largest longitude.
    pub east: f64,
    /// Largest latitude.
    pub north: f64,
}

impl Bounds {
    /// The rectangle around both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }
}

impl Polygon {
    /// The outer ring, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Vec<[f64; 2]>> {
        std::iter::once(&self.outer).chain(&self.holes)
    }
}

impl Shape {
    /// Whether a point lies in it (even-odd rule; holes are outside). Of areas that share a border, a point on it lies
    /// in exactly one.
    #[must_use]
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        self.0.iter().any(|p| inside(&p.outer, lon, lat) && !p.holes.iter().any(|h| inside(h, lon, lat)))
    }

    /// The rectangle around it; `None` when it is empty.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let points = self.0.iter().flat_map(|p| &p.outer);
        points.map(|[x, y]| Bounds { west: *x, south: *y, east: *x, north: *y }).reduce(Bounds::with)
    }

    /// The middle by area, longitude and latitude; of an area without extent, the middle of its bounds. It may lie
    /// outside of an area that is bent or in pieces.
    #[must_use]
    pub fn centre(&self) -> Option<[f64; 2]> {
        let bounds = self.bounds()?;
        let origin = [f64::midpoint(bounds.west, bounds.east), f64::midpoint(bounds.south, bounds.north)];
        let mut sum = Moment::default();
        for polygon in &self.0 {
            sum.add(&Moment::of(&polygon.outer, origin), 1.0);
            polygon.holes.iter().for_each(|hole| sum.add(&Moment::of(hole, origin), -1.0));
        }
        if sum.area <= f64::EPSILON * (bounds.east - bounds.west) * (bounds.north - bounds.south) {
            return Some(origin);
        }
        // Overlapping pieces can pull the sum out of the rectangle; the middle stays within.
        let x = (origin[0] + sum.x / sum.area).clamp(bounds.west, bounds.east);
        let y = (origin[1] + sum.y / sum.area).clamp(bounds.south, bounds.north);
        Some([x, y])
    }

    /// `[[[[lon, lat], ...], ...], ...]`, for storing.
    #[must_use]
    pub fn to_json(&self) -> String {
        let polygons: Vec<Vec<&Vec<[f64; 2]>>> = self.0.iter().map(|p| p.rings().collect()).collect();
        serde_json::to_string(&polygons).unwrap_or_else(|_| "[]".to_owned())
    }
}

/// Whether a ray to the east crosses the ring an odd number of times.
fn inside(ring: &[[f64; 2]], lon: f64, lat: f64) -> bool {
    let mut inside = false;
    for edge in ring.windows(2) {
        // From south to north whichever way the ring runs, so that neighbours round the same edge alike.
        let [low, high] = if edge[0][1] <= edge[1][1] { [edge[0], edge[1]] } else { [edge[1], edge[0]] };
        if low[1] <= lat && lat < high[1] {
            let crossing = (high[0] - low[0]) * (lat - low[1]) / (high[1] - low[1]) + low[0];
            inside ^= lon < crossing;
        }
    }
    inside
}

/// Area and first moments of a ring around an origin, positive in either direction.
#[derive(Debug, Default)]
struct Moment {
    area: f64,
    x: f64,
    y: f64,
}

impl Moment {
    fn of(ring: &[[f64; 2]], origin: [f64; 2]) -> Self {
        let mut sum = Self::default();
        for edge in ring.windows(2) {
            let [[x1, y1], [x2, y2]] = [edge[0], edge[1]].map(|[x, y]| [x - origin[0], y - origin[1]]);
            let cross = x1 * y2 - x2 * y1;
            sum.area += cross / 2.0;
            sum.x += (x1 + x2) * cross / 6.0;
            sum.y += (y1 + y2) * cross / 6.0;
        }
        let sign = if sum.area < 0.0 { -1.0 } else { 1.0 };
        Self { area: sum.area * sign, x: sum.x * sign, y: sum.y * sign }
    }

    fn add(&mut self, other: &Self, sign: f64) {
        self.area += sign * other.area;
        self.x += sign * other.x;
        self.y += sign * other.y;
    }
}
