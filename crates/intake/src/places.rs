//! Boundaries as `GeoJSON` (RFC 7946): Polygon and `MultiPolygon` with holes, WGS84.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    RowError,
    shape::{Polygon, Shape},
    told,
};

/// The largest file, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// How large the places of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The whole city.
    City,
    /// Districts.
    District,
    /// Neighbourhoods.
    Neighbourhood,
}

/// How a place says what it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentRule {
    /// It does not.
    None,
    /// A property holds the other's code.
    Property(String),
    /// The first characters of its own code are the other's.
    CodePrefix(usize),
}

/// Which properties hold what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceMapping {
    /// How large the places are.
    pub level: Level,
    /// The property with the code.
    pub code_property: String,
    /// The property with the name in Latin script.
    pub name_property: String,
    /// The property with the name as people there write it.
    pub name_local_property: Option<String>,
    /// What it lies in.
    pub parent: ParentRule,
}

/// A place of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name as people there write it.
    pub name_local: Option<String>,
    /// The code of what it lies in.
    pub parent_code: Option<String>,
    /// How large.
    pub level: Level,
    /// Its boundary.
    pub shape: Shape,
}

/// Reads boundaries. All places or every error; `line` is the number of the feature, from 1.
pub fn read_places(bytes: &[u8], mapping: &PlaceMapping) -> Result<Vec<PlaceRow>, Vec<RowError>> {
    if bytes.len() > LARGEST {
        return Err(RowError::file("the file is larger than 64 MB; simplify the boundaries"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: Value = serde_json::from_slice(bytes).map_err(|e| {
        let what = format!("is not JSON at column {}: {e}", e.column());
        vec![RowError::new(e.line() as u64, None, "", what)]
    })?;
    refuse_other_systems(&document)?;
    let features = match (document.get("type").and_then(Value::as_str), document.get("features")) {
        (Some("FeatureCollection"), Some(Value::Array(features))) => features,
        (other, _) => {
            let what = format!(
                "is a {}, not a FeatureCollection with features; export it as GeoJSON",
                other.unwrap_or("document")
            );
            return Err(RowError::file(what));
        }
    };
    if features.is_empty() {
        return Err(RowError::file("the collection has no features; nothing to import"));
    }
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut codes: HashMap<String, usize> = HashMap::new();
    for (at, feature) in features.iter().enumerate() {
        match place(feature, at, mapping) {
            Ok(row) => {
                if let Some(first) = codes.insert(row.code.clone(), at) {
                    let what = format!("is the code of feature {} too; each place has its own", first + 1);
                    errors.push(RowError::new(at as u64 + 1, Some(&mapping.code_property), &row.code, what));
                }
                rows.push(row);
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(told(errors)) }
}

/// Old files can name another coordinate system; guessing would put the city into the sea.
fn refuse_other_systems(document: &Value) -> Result<(), Vec<RowError>> {
    let Some(name) = document.pointer("/crs/properties/name").and_then(Value::as_str) else { return Ok(()) };
    if name.contains("CRS84") || name.ends_with("4326") {
        return Ok(());
    }
    Err(RowError::file(format!(
        "the coordinates are in “{}”; convert them to WGS84 (EPSG:4326)",
        name.chars().take(60).collect::<String>()
    )))
}

fn place(feature: &Value, at: usize, mapping: &PlaceMapping) -> Result<PlaceRow, RowError> {
    let number = at as u64 + 1;
    let empty = Map::new();
    let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let code = property(properties, &mapping.code_property, number)?;
    let name = property(properties, &mapping.name_property, number)?;
    let name_local = match &mapping.name_local_property {
        Some(key) => Some(property(properties, key, number)?),
        None => None,
    };
    let parent_code = match &mapping.parent {
        ParentRule::None => None,
        ParentRule::Property(key) => Some(property(properties, key, number)?),
        ParentRule::CodePrefix(length) => {
            let prefix: String = code.chars().take(*length).collect();
            if prefix.chars().count() < *length {
                let what = format!("is shorter than the {length} characters that name what it lies in");
                return Err(RowError::new(number, Some(&mapping.code_property), &code, what));
            }
            Some(prefix)
        }
    };
    let shape = shape(feature.get("geometry").unwrap_or(&Value::Null), at)?;
    Ok(PlaceRow { code, name, name_local, parent_code, level: mapping.level, shape })
}

fn property(properties: &Map<String, Value>, key: &str, number: u64) -> Result<String, RowError> {
    let text = match properties.get(key) {
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(Value::Number(n)) => n.to_string(),
        _ => {
            let there: Vec<&str> = properties.keys().map(String::as_str).take(12).collect();
            let what = format!("there is no such text; the properties are: {}", there.join(", "));
            return Err(RowError::new(number, Some(key), "", what));
        }
    };
    if text.is_empty() || text.chars().count() > 160 || text.chars().any(char::is_control) {
        return Err(RowError::new(number, Some(key), &text, "is empty, too long, or has a control character"));
    }
    Ok(text)
}

fn shape(geometry: &Value, at: usize) -> Result<Shape, RowError> {
    let path = format!("features[{at}].geometry");
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    match (geometry.get("type").and_then(Value::as_str), coordinates) {
        (Some("Polygon"), Some(rings)) => Ok(Shape(vec![polygon(rings, at, &format!("{path}.coordinates"))?])),
        (Some("MultiPolygon"), Some(polygons)) if !polygons.is_empty() => polygons
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let path = format!("{path}.coordinates[{i}]");
                let rings = p
                    .as_array()
                    .ok_or_else(|| RowError::new(at as u64 + 1, Some(&path), "", "is not a list of rings"))?;
                polygon(rings, at, &path)
            })
            .collect::<Result<_, _>>()
            .map(Shape),
        (kind, _) => {
            let what = format!(
                "is “{}”; only Polygon and MultiPolygon with coordinates are boundaries",
                kind.unwrap_or("nothing")
            );
            Err(RowError::new(at as u64 + 1, Some(&path), "", what))
        }
    }
}

fn polygon(rings: &[Value], at: usize, path: &str) -> Result<Polygon, RowError> {
    let mut read =
        rings.iter().enumerate().map(|(i, r)| ring(r, at, &format!("{path}[{i}]"))).collect::<Result<Vec<_>, _>>()?;
    if read.is_empty() {
        return Err(RowError::new(at as u64 + 1, Some(path), "", "has no ring"));
    }
    let outer = read.remove(0);
    Ok(Polygon { outer, holes: read })
}

fn ring(value: &Value, at: usize, path: &str) -> Result<Vec<[f64; 2]>, RowError> {
    let number = at as u64 + 1;
    let points = value.as_array().ok_or_else(|| RowError::new(number, Some(path), "", "is not a list of points"))?;
    let read = points
        .iter()
        .enumerate()
        .map(|(i, p)| point(p, number, &format!("{path}[{i}]")))
        .collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(last)) = (read.first(), read.last()) else {
        return Err(RowError::new(number, Some(path), "", "is empty"));
    };
    if read.len() < 4 {
        return Err(RowError::new(
            number,
            Some(path),
            "",
            "has fewer than four points; a ring has at least three corners and closes",
        ));
    }
    if (first[0] - last[0]).abs() > 1e-9 || (first[1] - last[1]).abs() > 1e-9 {
        return Err(RowError::new(number, Some(path), "", "is not closed; the last point must be the first"));
    }
    Ok(read)
}

fn point(value: &Value, number: u64, path: &str) -> Result<[f64; 2], RowError> {
    let numbers = value.as_array().map(|p| p.iter().map(Value::as_f64).collect::<Vec<_>>());
    let (lon, lat) = match numbers.as_deref() {
        Some([Some(lon), Some(lat)] | [Some(lon), Some(lat), _]) => (*lon, *lat),
        _ => return Err(RowError::new(number, Some(path), &value.to_string(), "is not a longitude and a latitude")),
    };
    if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
        return Ok([lon, lat]);
    }
    let hint = if lon.abs() > 360.0 || lat.abs() > 360.0 {
        "is not in degrees; the file is projected (metres), convert it to WGS84 (EPSG:4326)"
    } else {
        "is outside the globe; longitude comes first, then latitude"
    };
    Err(RowError::new(number, Some(path), &value.to_string(), hint))
}
