//! `freerange import places`: which property holds what is said on the command line or taken from names that offices
//! use, and told either way.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use freerange_domain::place;
use freerange_intake::{
    places::{Above, Guess, Level, LevelRule, ParentRule, PlaceMapping, PlaceRow, guess, read_places},
    shape::{Bounds, Projection},
};
use freerange_store::{Actor, Store, StoreError, people::Imported, place::PlaceRow as StoredPlace, setting::MAP_FRAME};

use super::{refuse, told};
use crate::{Database, file, now, progress::Progress};

/// The map's frame, in points.
const FRAME: (f64, f64) = (1000.0, 760.0);

#[derive(Debug, Args)]
pub(crate) struct Places {
    /// GeoJSON, WGS84
    file: PathBuf,
    #[command(flatten)]
    database: Database,
    /// How large all places of the file are; without it, as the file says, else neighbourhoods
    #[arg(long, conflicts_with = "level_property")]
    level: Option<LevelArg>,
    /// The property that says city, district or neighbourhood for each place, when the file draws several levels
    #[arg(long, value_name = "PROPERTY")]
    level_property: Option<String>,
    /// The property with the code; without it, one of the usual names
    #[arg(long, value_name = "PROPERTY", visible_alias = "neighbourhood")]
    code: Option<String>,
    /// The property with the name in Latin script; without it, one of the usual names
    #[arg(long, value_name = "PROPERTY", visible_alias = "neighbourhood-name")]
    name: Option<String>,
    /// The property with the name as people there write it
    #[arg(long, value_name = "PROPERTY")]
    name_local: Option<String>,
    /// The property with the code of what a place lies in, which was imported before or is in the same file
    #[arg(long, value_name = "PROPERTY", conflicts_with = "parent_prefix")]
    parent_property: Option<String>,
    /// How many first characters of the code name what it lies in
    #[arg(long, value_name = "LENGTH")]
    parent_prefix: Option<usize>,
    /// The property of each neighbourhood with the code of its district; the districts are made of their neighbourhoods
    #[arg(long, value_name = "PROPERTY", conflicts_with_all = ["parent_property", "parent_prefix", "level_property"])]
    district: Option<String>,
    /// The property with the district's name; without it, its code
    #[arg(long, value_name = "PROPERTY", requires = "district")]
    district_name: Option<String>,
    /// The property with the code of the city; the city is made of its districts or neighbourhoods
    #[arg(long, value_name = "PROPERTY", conflicts_with_all = ["parent_property", "parent_prefix", "level_property"])]
    city: Option<String>,
    /// The property with the city's name; without it, its code
    #[arg(long, value_name = "PROPERTY", requires = "city")]
    city_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LevelArg {
    City,
    District,
    Neighbourhood,
}

impl LevelArg {
    const fn level(self) -> Level {
        match self {
            Self::City => Level::City,
            Self::District => Level::District,
            Self::Neighbourhood => Level::Neighbourhood,
        }
    }
}

const fn stored(level: Level) -> place::Level {
    match level {
        Level::City => place::Level::City,
        Level::District => place::Level::District,
        Level::Neighbourhood => place::Level::Neighbourhood,
    }
}

const fn plural(level: Level) -> &'static str {
    match level {
        Level::City => "cities",
        Level::District => "districts",
        Level::Neighbourhood => "neighbourhoods",
    }
}

/// The frame all levels are drawn in: kept from the first import, or fitted to these places.
async fn frame(store: &Store, rows: &[PlaceRow]) -> anyhow::Result<Bounds> {
    let kept = store.setting(MAP_FRAME).await?;
    if let Some([west, south, east, north]) =
        kept.as_deref().and_then(|text| serde_json::from_str::<[f64; 4]>(text).ok())
    {
        return Ok(Bounds { west, south, east, north });
    }
    let all = rows.iter().filter_map(|r| r.shape.bounds()).reduce(Bounds::with);
    all.ok_or_else(|| anyhow::anyhow!("the places have no extent"))
}

fn drawn(row: &PlaceRow, frame: &Projection) -> StoredPlace {
    StoredPlace {
        code: row.code.clone(),
        name: row.name.clone(),
        name_local: row.name_local.clone().unwrap_or_else(|| row.name.clone()),
        parent_code: row.parent_code.clone(),
        shape: row.shape.to_json(),
        svg: row.shape.svg_path(frame),
    }
}

/// Writes checked places into the store, the larger first; says what became of each level.
pub(crate) async fn write(store: &Store, rows: &[PlaceRow]) -> anyhow::Result<Vec<(Level, Imported)>> {
    let bounds = frame(store, rows).await?;
    let frame = Projection::fit(bounds, FRAME.0, FRAME.1);
    let mut levels: BTreeMap<Level, Vec<StoredPlace>> = BTreeMap::new();
    for row in rows {
        levels.entry(row.level).or_default().push(drawn(row, &frame));
    }
    let order: Vec<Level> = levels.keys().copied().collect();
    let levels: Vec<_> = levels.into_iter().map(|(level, rows)| (stored(level), rows)).collect();
    let kept = serde_json::to_string(&[bounds.west, bounds.south, bounds.east, bounds.north])?;
    let outcomes = store.import_places(&Actor::Program, &kept, &levels, now()).await?;
    Ok(order.into_iter().zip(outcomes).collect())
}

impl Places {
    /// Why the options do not go together, in what the argument parser cannot say.
    fn wrong_usage(&self) -> Option<&'static str> {
        let level = self.level.unwrap_or(LevelArg::Neighbourhood);
        if self.district.is_some() && level != LevelArg::Neighbourhood {
            return Some("--district is for a file of neighbourhoods");
        }
        (self.city.is_some() && level == LevelArg::City)
            .then_some("--city is for a file of neighbourhoods or districts")
    }

    fn above(&self) -> Vec<Above> {
        [(Level::District, &self.district, &self.district_name), (Level::City, &self.city, &self.city_name)]
            .into_iter()
            .filter_map(|(level, code, name)| {
                Some(Above { level, code_property: code.clone()?, name_property: name.clone() })
            })
            .collect()
    }

    fn level_rule(&self, guess: &Guess) -> LevelRule {
        let property = self.level_property.clone();
        let guessed = guess.level.clone().filter(|_| self.level.is_none() && self.above().is_empty());
        match property.or(guessed) {
            Some(property) => LevelRule::Property(property),
            None => LevelRule::All(self.level.unwrap_or(LevelArg::Neighbourhood).level()),
        }
    }

    /// What was said, and what is likely where nothing was said.
    fn mapping(&self, guess: Guess) -> anyhow::Result<PlaceMapping> {
        let level = self.level_rule(&guess);
        let there = guess.there.join(", ");
        let need = |said: &Option<String>, guessed: Option<String>, option: &str| {
            said.clone().or(guessed).ok_or_else(|| {
                anyhow::anyhow!(
                    "{}: no property has one of the usual names for this; say which with {option} (there are: {there})",
                    self.file.display()
                )
            })
        };
        let parent = match (&self.parent_property, self.parent_prefix) {
            (Some(property), _) => ParentRule::Property(property.clone()),
            (None, Some(length)) => ParentRule::CodePrefix(length),
            (None, None) => match (guess.parent, &level) {
                (Some(property), LevelRule::Property(_)) => ParentRule::Property(property),
                _ => ParentRule::None,
            },
        };
        Ok(PlaceMapping {
            code_property: need(&self.code, guess.code, "--code")?,
            name_property: need(&self.name, guess.name, "--name")?,
            name_local_property: self.name_local.clone().or_else(|| guess.name_local.filter(|_| self.name.is_none())),
            level,
            parent,
            above: self.above(),
        })
    }

    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        if let Some(why) = self.wrong_usage() {
            eprintln!("error: {why}");
            return Ok(ExitCode::from(2));
        }
        let progress = Progress::begin(format!("Reading {}", self.file.display()));
        let bytes = file(&self.file)?;
        let read = match guess(&bytes) {
            Ok(guess) => {
                let mapping = self.mapping(guess)?;
                progress.say(&taken(&mapping));
                read_places(&bytes, &mapping)
            }
            Err(errors) => Err(errors),
        };
        let rows = match read {
            Ok(rows) => rows,
            Err(errors) => {
                progress.end();
                return Ok(refuse(&self.file, &errors));
            }
        };
        progress.step(format!("Writing {} places", rows.len()));
        let store = self.database.open_or_make().await?;
        let written = write(&store, &rows).await;
        progress.end();
        match written {
            Ok(outcomes) => {
                for (level, outcome) in outcomes {
                    println!("{}: {}", plural(level), told(outcome));
                }
                Ok(ExitCode::SUCCESS)
            }
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::UnknownParent { .. })) => {
                eprintln!(
                    "{}: {error}; import the level above first, with the same codes. Nothing was imported.",
                    self.file.display()
                );
                Ok(ExitCode::FAILURE)
            }
            Err(error) => Err(error),
        }
    }
}

/// Which properties are read as what.
fn taken(mapping: &PlaceMapping) -> String {
    let mut parts = vec![match &mapping.level {
        LevelRule::All(level) => format!("All places are {}", plural(*level)),
        LevelRule::Property(property) => format!("Level from “{property}”"),
    }];
    parts.push(format!("code from “{}”", mapping.code_property));
    parts.push(format!("name from “{}”", mapping.name_property));
    if let Some(property) = &mapping.name_local_property {
        parts.push(format!("local name from “{property}”"));
    }
    match &mapping.parent {
        ParentRule::Property(property) => parts.push(format!("lies in “{property}”")),
        ParentRule::CodePrefix(length) => parts.push(format!("lies in the first {length} characters of its code")),
        ParentRule::None => {}
    }
    for above in &mapping.above {
        parts.push(format!("{} from “{}”", plural(above.level), above.code_property));
    }
    format!("{}.", parts.join(", "))
}
