//! Boundaries as `GeoJSON` (RFC 7946): Polygon and `MultiPolygon` with holes, WGS84. Features are read one after the
//! other, so that a large file needs little memory. It promises all places or every error.

mod above;
mod document;
mod geometry;
mod guess;
mod lines;

use std::collections::{HashMap, hash_map::Entry};

use serde_json::{Map, Value};

use crate::{
    Problem, RowError,
    error::{Errors, is_unsafe, shown},
    shape::Shape,
    text::decoded,
};
use above::{Larger, Named};

pub use guess::{Guess, guess};

/// The most characters of a code or a name.
const LONGEST_TEXT: usize = 160;

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole city.
    City,
    /// Districts.
    District,
    /// Neighbourhoods.
    Neighbourhood,
}

impl Level {
    /// Reads `city`, `district`, `neighbourhood` (or as it is written in America), in small letters or large.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "city" => Some(Self::City),
            "district" => Some(Self::District),
            "neighbourhood" | "neighborhood" => Some(Self::Neighbourhood),
            _ => None,
        }
    }
}

/// How a file says how large its places are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LevelRule {
    /// All are of one level.
    All(Level),
    /// A property of each says it.
    Property(String),
}

/// Larger places that a file names but does not draw: each is made of the places that say they lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Above {
    /// How large.
    pub level: Level,
    /// The property with the code of the larger place.
    pub code_property: String,
    /// The property with its name; without one its code is its name.
    pub name_property: Option<String>,
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
    pub level: LevelRule,
    /// The property with the code.
    pub code_property: String,
    /// The property with the name in Latin script.
    pub name_property: String,
    /// The property with the name as people there write it. It may be empty for some places.
    pub name_local_property: Option<String>,
    /// What it lies in, unless `above` says so.
    pub parent: ParentRule,
    /// Larger places to be made of these, the smaller first.
    pub above: Vec<Above>,
}

/// A place of the file. Texts are trimmed, 1 to 160 characters, without control characters.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Its code; no other place of its level in the file has it.
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

/// Reads boundaries; places made of others come first. All places or every error, at most [`crate::TOLD`] and one that counts the rest; each error
/// has the number of its feature and the line where that begins.
pub fn read_places(bytes: &[u8], mapping: &PlaceMapping) -> Result<Vec<PlaceRow>, Vec<RowError>> {
    let text = decoded(bytes).map_err(|e| vec![e])?;
    let mut reading = Reading {
        mapping,
        rows: Vec::new(),
        errors: Errors::default(),
        count: 0,
        codes: HashMap::new(),
        larger: Larger::default(),
    };
    document::read(text, |feature| reading.feature(&feature)).map_err(|e| vec![e])?;
    if reading.errors.is_empty() {
        return Ok(reading.larger.places().chain(reading.rows).collect());
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
    codes: HashMap<(Level, String), u64>,
    larger: Larger,
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
        let level = self.level(properties);
        let code = self.code(properties, level);
        let name = self.text(properties, &self.mapping.name_property);
        let name_local = self.mapping.name_local_property.as_deref().map(|key| self.optional(properties, key));
        let chain = self.above(properties);
        let parent_code = match chain.first() {
            Some(nearest) => Some(nearest.code.clone()),
            None => self.parent(properties, level, code.as_deref()),
        };
        let mut spots = geometry::Spots { feature: self.count, errors: &mut self.errors };
        let shape = geometry::shape(feature.get("geometry"), &format!("{path}.geometry"), &mut spots);
        if let (Some(level), Some(code), Some(name), Some(shape)) = (level, code, name, shape) {
            self.larger.add(&chain, self.count, &shape, &mut self.errors);
            let name_local = name_local.flatten();
            self.rows.push(PlaceRow { code, name, name_local, parent_code, level, shape });
        }
    }

    fn level(&mut self, properties: &Map<String, Value>) -> Option<Level> {
        match &self.mapping.level {
            LevelRule::All(level) => Some(*level),
            LevelRule::Property(key) => {
                let word = self.text(properties, key)?;
                let level = Level::parse(&word);
                if level.is_none() {
                    self.wrong(key, &word, Problem::NotALevel);
                }
                level
            }
        }
    }

    /// The larger places this one says it lies in, the smaller first.
    fn above(&mut self, properties: &Map<String, Value>) -> Vec<Named> {
        let mapping = self.mapping;
        let mut chain = Vec::new();
        for above in &mapping.above {
            let code = self.text(properties, &above.code_property);
            let name = match &above.name_property {
                Some(key) => self.text(properties, key),
                None => code.clone(),
            };
            let column = above.name_property.as_ref().unwrap_or(&above.code_property).clone();
            if let (Some(code), Some(name)) = (code, name) {
                chain.push(Named { level: above.level, code, name, column });
            }
        }
        chain
    }

    fn wrong(&mut self, key: &str, value: &str, problem: Problem) {
        self.errors.push(RowError::feature(self.count, problem).column(&format!("properties.{key}")).value(value));
    }

    fn code(&mut self, properties: &Map<String, Value>, level: Option<Level>) -> Option<String> {
        let key = &self.mapping.code_property;
        let code = self.text(properties, key)?;
        if let Some(level) = level {
            match self.codes.entry((level, code.clone())) {
                Entry::Occupied(there) => {
                    let first = *there.get();
                    self.wrong(key, &code, Problem::SameCode { first });
                }
                Entry::Vacant(free) => {
                    free.insert(self.count);
                }
            }
        }
        Some(code)
    }

    fn parent(&mut self, properties: &Map<String, Value>, level: Option<Level>, code: Option<&str>) -> Option<String> {
        let mixed = matches!(self.mapping.level, LevelRule::Property(_));
        match &self.mapping.parent {
            ParentRule::None => None,
            // In a file of several levels the largest lie in nothing.
            _ if mixed && level == Some(Level::City) => None,
            ParentRule::Property(key) if mixed && properties.get(key).is_none_or(is_blank) => None,
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
        if properties.get(key).is_some_and(is_blank) { None } else { self.text(properties, key) }
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
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
