//! The outer parts of a `GeoJSON` file, read as a stream: each feature is handed on and forgotten.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Value, error::Category};

use crate::{Problem, RowError, error::shown};

/// Reads a collection and hands on its features in order. The error is about the file as a whole.
pub(super) fn read(text: &str, each: impl FnMut(Value)) -> Result<(), RowError> {
    let mut outer = Outer { each, kind: None, features: None, system: None };
    let mut reader = Deserializer::from_str(text);
    let read = reader.deserialize_map(Collection(&mut outer)).and_then(|()| reader.end());
    read.map_err(|error| refused(&error, outer.kind.as_deref()))?;
    if let Some(system) = outer.system {
        return Err(RowError::file(Problem::OtherSystem(system)));
    }
    match (outer.kind.as_deref(), outer.features) {
        (Some("FeatureCollection"), Some(0)) => Err(RowError::file(Problem::NoFeatures)),
        (Some("FeatureCollection"), Some(_)) => Ok(()),
        (kind, _) => Err(RowError::file(not_a_collection(kind))),
    }
}

struct Outer<F> {
    each: F,
    kind: Option<String>,
    features: Option<u64>,
    system: Option<String>,
}

fn not_a_collection(kind: Option<&str>) -> Problem {
    Problem::NotACollection(match kind {
        Some("FeatureCollection") => "a FeatureCollection without a list of features".to_owned(),
        Some(kind) => format!("of type “{}”", shown(kind, 40)),
        None => "JSON without a type".to_owned(),
    })
}

fn refused(error: &serde_json::Error, kind: Option<&str>) -> RowError {
    let line = error.line() as u64;
    let text = error.to_string();
    let why = text.split(" at line ").next().unwrap_or_default();
    if error.classify() == Category::Data {
        RowError::file(not_a_collection(kind))
    } else if why.contains("recursion limit") {
        RowError::at(line, Problem::TooDeep)
    } else {
        RowError::at(line, Problem::NotJson { column: error.column(), why: why.to_owned() })
    }
}

/// The members of the outermost object.
struct Collection<'o, F>(&'o mut Outer<F>);

impl<'de, F: FnMut(Value)> Visitor<'de> for Collection<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "type" => self.0.kind = members.next_value::<Value>()?.as_str().map(str::to_owned),
                "crs" => self.0.system = other_system(&members.next_value()?),
                "features" if self.0.features.is_some() => return Err(A::Error::custom("features twice")),
                "features" => self.0.features = Some(members.next_value_seed(Features(&mut self.0.each))?),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The list of features; its value is how many there are.
struct Features<'o, F>(&'o mut F);

impl<'de, F: FnMut(Value)> DeserializeSeed<'de> for Features<'_, F> {
    type Value = u64;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Value)> Visitor<'de> for Features<'_, F> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while let Some(feature) = list.next_element()? {
            (self.0)(feature);
            count += 1;
        }
        Ok(count)
    }
}

/// Old files (`GeoJSON` 2008, section 3) can name another coordinate system; guessing would put the city into the sea.
fn other_system(crs: &Value) -> Option<String> {
    if crs.is_null() {
        return None;
    }
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or("a linked coordinate system");
    let last = name.rsplit([':', '/', ' ']).next().unwrap_or_default();
    let degrees = matches!(last.to_uppercase().as_str(), "CRS84" | "CRS84H" | "4326" | "4979" | "WGS84");
    (!degrees).then(|| shown(name, 60))
}
