//! Areas: polygons with holes in degrees (WGS84), whether a point lies in them, and how they are drawn.

use std::fmt::Write as _;

/// A polygon: an outer ring and holes, each a closed ring of longitude and latitude in degrees.
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

/// How degrees become points of the drawing: equirectangular around the middle latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    bounds: Bounds,
    scale_x: f64,
    scale_y: f64,
    shift_x: f64,
    shift_y: f64,
}

fn inside(ring: &[[f64; 2]], lon: f64, lat: f64) -> bool {
    let mut inside = false;
    for edge in ring.windows(2) {
        let ([x1, y1], [x2, y2]) = (edge[0], edge[1]);
        if (y1 > lat) != (y2 > lat) && lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}

impl Shape {
    /// Whether a point lies in it (even-odd rule; holes are outside).
    #[must_use]
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        self.0.iter().any(|p| inside(&p.outer, lon, lat) && !p.holes.iter().any(|h| inside(h, lon, lat)))
    }

    /// The rectangle around it; `None` when it is empty.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let points = self.0.iter().flat_map(|p| &p.outer);
        points.fold(None, |b: Option<Bounds>, [x, y]| {
            let b = b.unwrap_or(Bounds { west: *x, south: *y, east: *x, north: *y });
            Some(Bounds { west: b.west.min(*x), south: b.south.min(*y), east: b.east.max(*x), north: b.north.max(*y) })
        })
    }

    /// The outline as an SVG path, to a tenth of a point; what is finer than that is left out.
    #[must_use]
    pub fn svg_path(&self, projection: &Projection) -> String {
        let mut path = String::new();
        for polygon in &self.0 {
            for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
                ring_path(ring, projection, &mut path);
            }
        }
        path
    }

    /// `[[[[lon, lat], ...], ...], ...]`, for storing.
    #[must_use]
    pub fn to_json(&self) -> String {
        let polygons: Vec<Vec<&Vec<[f64; 2]>>> =
            self.0.iter().map(|p| std::iter::once(&p.outer).chain(&p.holes).collect()).collect();
        serde_json::to_string(&polygons).unwrap_or_else(|_| "[]".to_owned())
    }
}

fn ring_path(ring: &[[f64; 2]], projection: &Projection, path: &mut String) {
    let mut last: Option<(f64, f64)> = None;
    let mut drawn = 0;
    for point in ring.iter().take(ring.len().saturating_sub(1)) {
        let at = projection.place(*point);
        // Less than 0.7 points from the last one cannot be seen.
        if last.is_some_and(|l| (l.0 - at.0).hypot(l.1 - at.1) < 0.7) && ring.len() > 8 {
            continue;
        }
        let _ = write!(path, "{}{:.1} {:.1}", if drawn == 0 { "M" } else { "L" }, at.0, at.1);
        drawn += 1;
        last = Some(at);
    }
    if drawn > 0 {
        path.push('Z');
    }
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

impl Projection {
    /// Fits bounds into a frame of `width` by `height` points, in the middle, without distortion.
    #[must_use]
    pub fn fit(bounds: Bounds, width: f64, height: f64) -> Self {
        let squeeze = f64::midpoint(bounds.south, bounds.north).to_radians().cos().max(0.01);
        let (across, up) = ((bounds.east - bounds.west).max(1e-9) * squeeze, (bounds.north - bounds.south).max(1e-9));
        let margin = 10.0;
        let scale = ((width - 2.0 * margin) / across).min((height - 2.0 * margin) / up);
        Self {
            bounds,
            scale_x: scale * squeeze,
            scale_y: scale,
            shift_x: (width - across * scale) / 2.0,
            shift_y: (height - up * scale) / 2.0,
        }
    }

    fn place(&self, [lon, lat]: [f64; 2]) -> (f64, f64) {
        let x = (lon - self.bounds.west) * self.scale_x + self.shift_x;
        let y = (self.bounds.north - lat) * self.scale_y + self.shift_y;
        (x, y)
    }
}
