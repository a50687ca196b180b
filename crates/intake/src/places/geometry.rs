//! The coordinates of one feature, checked point by point. Of each ring the first wrong point is told: in a file of
//! another coordinate system all are wrong, and one shows it.

use serde_json::Value;

use crate::{
    Problem, RowError,
    error::Errors,
    shape::{Polygon, Shape},
};

/// How far the last point of a ring may be from the first, in degrees: a tenth of a millimetre.
const CLOSED: f64 = 1e-9;

/// Where errors of a feature go.
pub(super) struct Spots<'e> {
    pub(super) feature: u64,
    pub(super) errors: &'e mut Errors,
}

impl Spots<'_> {
    fn wrong<T>(&mut self, path: &str, value: &str, problem: Problem) -> Option<T> {
        self.errors.push(RowError::feature(self.feature, problem).column(path).value(value));
        None
    }
}

/// A value for an error, without writing out a boundary of a thousand points.
pub(super) fn short(value: &Value) -> String {
    match value {
        Value::Array(list) if list.len() > 4 || list.iter().any(Value::is_array) => format!("[{} parts]", list.len()),
        Value::Array(list) => format!("[{}]", list.iter().map(short).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => format!("{{{} members}}", members.len()),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The area of a feature; `None` when something is wrong with it, which then stands among the errors.
pub(super) fn shape(geometry: Option<&Value>, path: &str, spots: &mut Spots<'_>) -> Option<Shape> {
    let kind = geometry.and_then(|g| g.get("type")).and_then(Value::as_str);
    let coordinates = geometry.and_then(|g| g.get("coordinates"));
    let inner = format!("{path}.coordinates");
    match kind {
        Some("Polygon") => polygon(coordinates, &inner, spots).map(|p| Shape(vec![p])),
        Some("MultiPolygon") => match coordinates.and_then(Value::as_array) {
            Some(list) if !list.is_empty() => {
                all(list, &inner, |value, path| polygon(Some(value), path, spots)).map(Shape)
            }
            _ => spots.wrong(&inner, "", Problem::NoRings),
        },
        Some(other) => spots.wrong(path, other, Problem::NotAnArea("another geometry".to_owned())),
        None => spots.wrong(path, "", Problem::NotAnArea("no geometry".to_owned())),
    }
}

/// Reads every member, so that each wrong one is told; `None` when one was.
fn all<T>(list: &[Value], path: &str, mut read: impl FnMut(&Value, &str) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = list.iter().enumerate().map(|(i, v)| read(v, &format!("{path}[{i}]"))).collect();
    read.into_iter().collect()
}

fn polygon(value: Option<&Value>, path: &str, spots: &mut Spots<'_>) -> Option<Polygon> {
    let rings = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if rings.is_empty() {
        return spots.wrong(path, &value.map(short).unwrap_or_default(), Problem::NoRings);
    }
    let mut rings = all(rings, path, |value, path| ring(value, path, spots))?.into_iter();
    Some(Polygon { outer: rings.next()?, holes: rings.collect() })
}

fn ring(value: &Value, path: &str, spots: &mut Spots<'_>) -> Option<Vec<[f64; 2]>> {
    let Some(points) = value.as_array() else { return spots.wrong(path, &short(value), Problem::NotARing) };
    let mut ring = Vec::with_capacity(points.len());
    for (at, value) in points.iter().enumerate() {
        match point(value) {
            Ok(point) => ring.push(point),
            Err(problem) => return spots.wrong(&format!("{path}[{at}]"), &short(value), problem),
        }
    }
    let count = ring.len();
    let (Some(first), Some(last)) = (ring.first().copied(), ring.last_mut()) else {
        return spots.wrong(path, "", Problem::ShortRing(0));
    };
    if count < 4 {
        return spots.wrong(path, "", Problem::ShortRing(count));
    }
    if (first[0] - last[0]).abs() >= CLOSED || (first[1] - last[1]).abs() >= CLOSED {
        return spots.wrong(path, "", Problem::OpenRing);
    }
    *last = first;
    Some(ring)
}

/// Longitude and latitude; a height, and a measure behind it, are dropped.
fn point(value: &Value) -> Result<[f64; 2], Problem> {
    let numbers: Option<Vec<f64>> = value.as_array().and_then(|p| p.iter().map(Value::as_f64).collect());
    let Some([lon, lat] | [lon, lat, _] | [lon, lat, _, _]) = numbers.as_deref() else {
        return Err(Problem::NotAPoint);
    };
    let (lon, lat) = (*lon, *lat);
    if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
        return Ok([lon, lat]);
    }
    Err(if lon.abs() > 360.0 || lat.abs() > 360.0 {
        Problem::Projected(looks_like(lon, lat))
    } else if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
        Problem::Swapped
    } else {
        Problem::OffTheGlobe
    })
}

/// A guess at a projected system, from the extent of its coordinates. It only helps to find the right export.
fn looks_like(x: f64, y: f64) -> &'static str {
    if (0.0..300_000.0).contains(&x) && (300_000.0..630_000.0).contains(&y) {
        "metres of the Dutch grid RD (EPSG:28992)"
    } else if (900_000.0..1_300_000.0).contains(&x) && (1_400_000.0..2_200_000.0).contains(&y) {
        "metres of the Korean grid (EPSG:5179)"
    } else if (100_000.0..900_000.0).contains(&x) && (0.0..10_000_000.0).contains(&y) {
        "metres of a grid such as UTM"
    } else if x.abs() <= 20_037_509.0 && y.abs() <= 20_048_967.0 {
        "metres, perhaps of web maps (EPSG:3857)"
    } else {
        "something else"
    }
}
