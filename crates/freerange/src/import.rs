//! `freerange import`: people, places and notes from files. All of a file or nothing of it.

pub(crate) mod notes;
pub(crate) mod places;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;
use freerange_intake::{
    RowError,
    people::{PersonRow, read_people},
};
use freerange_store::{
    Actor,
    people::{Imported, StaffRow},
};

use crate::{Database, file, now, progress::Progress};

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// A staff list: `id,name,email,team,manager_email,grade,languages,working_pattern`
    People {
        /// CSV, UTF-8, comma or semicolon
        file: PathBuf,
        #[command(flatten)]
        database: Database,
    },
    /// Boundaries of the city, its districts, its neighbourhoods; one level of them or several in one file
    Places(Box<places::Places>),
    /// Notes from a form tool, onto a placement that is under way
    Notes(Box<notes::Notes>),
}

fn refuse(path: &Path, errors: &[RowError]) -> ExitCode {
    for error in errors {
        eprintln!("{}: {error}", path.display());
    }
    eprintln!("Nothing was imported.");
    ExitCode::FAILURE
}

fn told(outcome: Imported) -> String {
    let Imported { added, updated, unchanged, deactivated } = outcome;
    format!("{added} added, {updated} updated, {unchanged} unchanged, {deactivated} no longer in the file")
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

impl Import {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::People { file, database } => people(&file, &database).await,
            Self::Places(places) => places.run().await,
            Self::Notes(notes) => notes.run().await,
        }
    }
}

async fn people(path: &Path, database: &Database) -> anyhow::Result<ExitCode> {
    let progress = Progress::begin(format!("Reading {}", path.display()));
    let rows = match read_people(&file(path)?) {
        Ok(rows) => rows,
        Err(errors) => {
            progress.end();
            return Ok(refuse(path, &errors));
        }
    };
    let rows: Vec<StaffRow> = rows.into_iter().map(staff).collect();
    progress.step(format!("Writing {} people", rows.len()));
    let store = database.open_or_make().await?;
    let outcome = store.import_people(&Actor::Program, &rows, now()).await?;
    store.analyze().await?;
    progress.end();
    println!("{}", told(outcome));
    Ok(ExitCode::SUCCESS)
}
