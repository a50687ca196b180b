//! `freerange import`: people and places from the city's own files. All of a file or nothing of it.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use freerange_domain::place;
use freerange_intake::{
    RowError,
    people::{PersonRow, read_people},
    places::{Level, ParentRule, PlaceMapping, PlaceRow, read_places},
    shape::{Bounds, Projection},
};
use freerange_store::{
    Actor, Store, StoreError,
    people::{Imported, StaffRow},
    place::PlaceRow as StoredPlace,
    setting::MAP_FRAME,
};

use crate::{Database, file, now};

/// The map's frame, in points.
const FRAME: (f64, f64) = (1000.0, 760.0);

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// A staff list: `id,name,email,team,manager_email,grade,languages,working_pattern`
    People {
        /// CSV, UTF-8, comma or semicolon
        file: PathBuf,
        #[command(flatten)]
        database: Database,
    },
    /// Boundaries of one level
    Places(Places),
}

#[derive(Debug, Args)]
pub(crate) struct Places {
    /// GeoJSON, WGS84
    file: PathBuf,
    #[command(flatten)]
    database: Database,
    /// How large the places are
    #[arg(long)]
    level: LevelArg,
    /// The property with the code
    #[arg(long, default_value = "code")]
    code: String,
    /// The property with the name in Latin script
    #[arg(long, default_value = "name")]
    name: String,
    /// The property with the name as people there write it
    #[arg(long)]
    name_local: Option<String>,
    /// The property with the code of what it lies in
    #[arg(long, conflicts_with = "parent_prefix")]
    parent_property: Option<String>,
    /// How many first characters of the code name what it lies in
    #[arg(long)]
    parent_prefix: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelArg {
    City,
    District,
    Neighbourhood,
}

impl LevelArg {
    const fn both(self) -> (Level, place::Level) {
        match self {
            Self::City => (Level::City, place::Level::City),
            Self::District => (Level::District, place::Level::District),
            Self::Neighbourhood => (Level::Neighbourhood, place::Level::Neighbourhood),
        }
    }
}

fn refuse(path: &Path, errors: &[RowError]) -> ExitCode {
    for error in errors {
        eprintln!("{}: {error}", path.display());
    }
    eprintln!("Nothing was imported.");
    ExitCode::FAILURE
}

fn tell(outcome: Imported) {
    let Imported { added, updated, unchanged, deactivated } = outcome;
    println!("{added} added, {updated} updated, {unchanged} unchanged, {deactivated} no longer in the file");
}

/// A checked row as the store takes it.
pub(crate) fn staff(row: PersonRow) -> StaffRow {
    StaffRow {
        staff_no: row.staff_no,
        name: row.name,
        email: row.email,
        team: row.team,
        manager_email: row.manager_email,
        grade: row.grade,
        languages: row.languages,
        working_pattern: row.working_pattern,
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

/// Writes checked places of a level into the store.
pub(crate) async fn places(store: &Store, level: place::Level, rows: &[PlaceRow]) -> anyhow::Result<Imported> {
    let bounds = frame(store, rows).await?;
    let frame = Projection::fit(bounds, FRAME.0, FRAME.1);
    let rows: Vec<StoredPlace> = rows
        .iter()
        .map(|r| StoredPlace {
            code: r.code.clone(),
            name: r.name.clone(),
            name_local: r.name_local.clone().unwrap_or_else(|| r.name.clone()),
            parent_code: r.parent_code.clone(),
            shape: r.shape.to_json(),
            svg: r.shape.svg_path(&frame),
        })
        .collect();
    let kept = serde_json::to_string(&[bounds.west, bounds.south, bounds.east, bounds.north])?;
    let outcome = store.import_places(&Actor::Program, &kept, &[(level, rows)], now()).await?;
    Ok(outcome.into_iter().next().unwrap_or_default())
}

impl Import {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::People { file: path, database } => {
                let rows = match read_people(&file(&path)?) {
                    Ok(rows) => rows,
                    Err(errors) => return Ok(refuse(&path, &errors)),
                };
                let rows: Vec<StaffRow> = rows.into_iter().map(staff).collect();
                let store = database.open_or_make().await?;
                tell(store.import_people(&Actor::Program, &rows, now()).await?);
                store.analyze().await?;
            }
            Self::Places(p) => {
                let (read_as, level) = p.level.both();
                let parent = match (p.parent_property, p.parent_prefix) {
                    (Some(property), _) => ParentRule::Property(property),
                    (None, Some(length)) => ParentRule::CodePrefix(length),
                    (None, None) => ParentRule::None,
                };
                let mapping = PlaceMapping {
                    level: read_as,
                    code_property: p.code,
                    name_property: p.name,
                    name_local_property: p.name_local,
                    parent,
                };
                let rows = match read_places(&file(&p.file)?, &mapping) {
                    Ok(rows) => rows,
                    Err(errors) => return Ok(refuse(&p.file, &errors)),
                };
                let store = p.database.open_or_make().await?;
                match places(&store, level, &rows).await {
                    Ok(outcome) => tell(outcome),
                    Err(error) if matches!(error.downcast_ref(), Some(StoreError::UnknownParent { .. })) => {
                        eprintln!(
                            "{}: {error}; import the level above first, with the same codes. Nothing was imported.",
                            p.file.display()
                        );
                        return Ok(ExitCode::FAILURE);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
