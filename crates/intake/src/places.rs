//! Boundaries as `GeoJSON` (RFC 7946): Polygon and `MultiPolygon` with holes, WGS84. Features are read one after the
//! other, so that a large file needs little memory. It promises all places or every error.

mod document;
mod geometry;
mod lines;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    Problem, RowError,
    error::{Errors, is_unsafe, shown},
    shape::Shape,
    text::decoded,
};

/// The most characters of a code or a name.
const LONGEST_TEXT: usize = 160;

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
    /// The property with the name as people there write it. It may be empty for some places.
    pub name_local_property: Option<String>,
    /// What it lies in.
    pub parent: ParentRule,
}

/// A place of the file. Texts are trimmed, 1 to 160 characters, without control characters.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Its code; no other place of the file has it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name as people there write it.
    pub name_local: Option<String>,
    /// The code of what it lies in. Whether that exists, the reader cannot know.
    pub parent_code: Option<String>,
    /// How large.
    pub level: Level,
    /// Its boundary.
    pub shape: Shape,
}

/// Reads boundaries. All places or every error, at most [`crate::TOLD`] and one that counts the rest; each error
/// has the number of its feature and the line where that begins.
pub fn read_places(bytes: &[u8], mapping: &PlaceMapping) -> Result<Vec<PlaceRow>, Vec<RowError>> {
    let text = decoded(bytes).map_err(|e| vec![e])?;
    let mut reading = Reading { mapping, rows: Vec::new(), errors: Errors::default(), count: 0, codes: HashMap::new() };
    document::read(text, |feature| reading.feature(&feature)).map_err(|e| vec![e])?;
    if reading.errors.is_empty() {
        return Ok(reading.rows);
    }
    let mut told = reading.errors.told();
    lines::fill(text, &mut told);
    Err(told)
}

/// The places and errors so far.
struct Reading<'m> {
    mapping: &'m PlaceMapping,
    rows: Vec<PlaceRow>,
    errors: Errors,
    count: u64,
    codes: HashMap<String, u64>,
}

impl Reading<'_> {
    fn feature(&mut self, feature: &Value) {
        self.count += 1;
        let path = format!("features[{}]", self.count - 1);
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            let error = RowError::feature(self.count, Problem::NotAFeature).column(&path);
            return self.errors.push(error.value(&geometry::short(feature)));
        }
        let empty = Map::new();
        let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let code = self.code(properties);
        let name = self.text(properties, &self.mapping.name_property);
        let name_local = self.mapping.name_local_property.as_deref().map(|key| self.optional(properties, key));
        let parent_code = self.parent(properties, code.as_deref());
        let mut spots = geometry::Spots { feature: self.count, errors: &mut self.errors };
        let shape = geometry::shape(feature.get("geometry"), &format!("{path}.geometry"), &mut spots);
        if let (Some(code), Some(name), Some(shape)) = (code, name, shape) {
            let name_local = name_local.flatten();
            self.rows.push(PlaceRow { code, name, name_local, parent_code, level: self.mapping.level, shape });
        }
    }

    fn wrong(&mut self, key: &str, value: &str, problem: Problem) {
        self.errors.push(RowError::feature(self.count, problem).column(&format!("properties.{key}")).value(value));
    }

    fn code(&mut self, properties: &Map<String, Value>) -> Option<String> {
        let key = &self.mapping.code_property;
        let code = self.text(properties, key)?;
        match self.codes.get(&code).copied() {
            Some(first) => self.wrong(key, &code, Problem::SameCode { first }),
            None => {
                self.codes.insert(code.clone(), self.count);
            }
        }
        Some(code)
    }

    fn parent(&mut self, properties: &Map<String, Value>, code: Option<&str>) -> Option<String> {
        match &self.mapping.parent {
            ParentRule::None => None,
            ParentRule::Property(key) => self.text(properties, key),
            ParentRule::CodePrefix(length) => {
                let code = code?;
                let prefix: String = code.chars().take(*length).collect();
                if prefix.chars().count() < *length {
                    self.wrong(&self.mapping.code_property, code, Problem::ShortCode(*length));
                }
                Some(prefix)
            }
        }
    }

    /// A property that must have a text or a number.
    fn text(&mut self, properties: &Map<String, Value>, key: &str) -> Option<String> {
        let text = properties.get(key).and_then(written);
        let Some(text) = text else {
            let there = properties.keys().take(20).cloned().collect::<Vec<_>>().join(", ");
            let value = properties.get(key).map(geometry::short).unwrap_or_default();
            self.wrong(key, &value, Problem::MissingProperty(shown(&there, 200)));
            return None;
        };
        let problem = if text.is_empty() {
            Problem::Required
        } else if text.chars().count() > LONGEST_TEXT {
            Problem::TooLong(LONGEST_TEXT)
        } else if text.chars().any(is_unsafe) {
            Problem::Control
        } else {
            return Some(text);
        };
        self.wrong(key, &text, problem);
        None
    }

    /// A property that must be there, but may say nothing.
    fn optional(&mut self, properties: &Map<String, Value>, key: &str) -> Option<String> {
        match properties.get(key) {
            Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            _ => self.text(properties, key),
        }
    }
}

/// Texts, and numbers as people write them: a code 1107 may have become 1107.0 on its way through a spreadsheet.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    }
}
