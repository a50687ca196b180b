//! Which property of a boundary file is likely to hold what, by the names that statistics offices and map exports use.
//! A guess is for telling and taking; whoever knows better names the property.

use serde_json::Value;

use super::{Level, document, written};
use crate::{RowError, text::decoded};

/// Property names in the order in which they are taken, in small letters.
const CODES: &[&str] = &[
    "code",
    "place_code",
    "statcode",
    "buurtcode",
    "wijkcode",
    "gemeentecode",
    "adm_cd",
    "emd_cd",
    "sig_cd",
    "geoid",
    "id",
    "osm_id",
];
const LATIN: &[&str] = &["name_latin", "name_en", "name_eng", "name:en", "emd_eng_nm", "sig_eng_nm"];
const NAMES: &[&str] = &[
    "name",
    "place_name",
    "naam",
    "nombre",
    "statnaam",
    "buurtnaam",
    "wijknaam",
    "gemeentenaam",
    "adm_nm",
    "emd_kor_nm",
    "sig_kor_nm",
    "title",
];
const LEVELS: &[&str] = &["level", "kind", "type", "place"];
const PARENTS: &[&str] = &["parent", "parent_code", "parent_id", "within"];

/// What the properties of a file are likely to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guess {
    /// The property with the code.
    pub code: Option<String>,
    /// The property with the name; in Latin script where there are two.
    pub name: Option<String>,
    /// The property with the name as people there write it, where there are two.
    pub name_local: Option<String>,
    /// The property that says city, district or neighbourhood for each place.
    pub level: Option<String>,
    /// Where there is such a property, the one with the code of what a place lies in.
    pub parent: Option<String>,
    /// All properties that every place has, to choose from.
    pub there: Vec<String>,
}

/// Looks at all features of a file and names the properties that look right. An error is about the file as a whole.
pub fn guess(bytes: &[u8]) -> Result<Guess, Vec<RowError>> {
    let text = decoded(bytes).map_err(|e| vec![e])?;
    let mut everywhere: Option<Vec<String>> = None;
    let mut somewhere = None;
    // Level properties that have held nothing but levels so far.
    let mut levels: Option<Vec<String>> = None;
    document::read(text, |feature| {
        let Some(properties) = feature.get("properties").and_then(Value::as_object) else { return };
        let keys: Vec<String> = properties.keys().cloned().collect();
        let has = |key: &String| properties.contains_key(key);
        let says_level =
            |key: &String| properties.get(key).and_then(written).is_some_and(|word| Level::parse(&word).is_some());
        match &mut everywhere {
            None => everywhere = Some(keys.clone()),
            Some(keys) => keys.retain(has),
        }
        match &mut levels {
            None => levels = Some(keys.iter().filter(|k| says_level(k)).cloned().collect()),
            Some(keys) => keys.retain(says_level),
        }
        if somewhere.is_none() {
            somewhere = first(PARENTS, &keys);
        }
    })
    .map_err(|e| vec![e])?;
    let there = everywhere.unwrap_or_default();
    let level = first(LEVELS, &levels.unwrap_or_default());
    let (latin, plain) = (first(LATIN, &there), first(NAMES, &there));
    let (name, name_local) = if latin.is_some() { (latin, plain) } else { (plain, None) };
    let parent = somewhere.filter(|_| level.is_some());
    Ok(Guess { code: first(CODES, &there), name, name_local, level, parent, there })
}

/// The first of the wanted names that is there, however it is capitalised.
fn first(wanted: &[&str], there: &[String]) -> Option<String> {
    wanted.iter().find_map(|name| there.iter().find(|key| key.to_lowercase() == *name)).cloned()
}
