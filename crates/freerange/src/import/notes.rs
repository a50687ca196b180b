//! `freerange import notes`: notes from a form tool, onto a placement that is under way.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use freerange_domain::{id::PlacementId, note, time};
use freerange_intake::notes::{Kind, Moment, NoteRow, read_notes};
use freerange_store::{
    Actor,
    note::{Arrived, Arriving},
};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use super::refuse;
use crate::{Database, file, now};

#[derive(Debug, Args)]
pub(crate) struct Notes {
    /// CSV of `KoboToolbox`, ODK, Google Forms or the like, UTF-8: `kind,seen` and, when there, `meaning,place,consent,happened_at,id`
    file: PathBuf,
    /// The placement, as in the address of its page
    #[arg(long)]
    placement: String,
    /// The city's time zone, for times without one
    #[arg(long, env = "FREERANGE_TIME_ZONE", default_value = "Europe/Amsterdam")]
    time_zone: String,
    #[command(flatten)]
    database: Database,
}

const fn kind(kind: Kind) -> note::Kind {
    match kind {
        Kind::Saw => note::Kind::Saw,
        Kind::Said => note::Kind::Said,
        Kind::Wonder => note::Kind::Wonder,
    }
}

/// Noon where no time is given, so that it is the same day everywhere near.
fn moment(m: Moment, zone: &TimeZone) -> Option<Timestamp> {
    let day = civil::Date::new(m.year, m.month, m.day).ok()?;
    let (hour, minute) = m.time.unwrap_or((12, 0));
    let time = civil::Time::new(hour, minute, 0, 0).ok()?;
    match m.offset {
        None => time::moment(day, time, zone).ok(),
        Some(minutes) => {
            let utc = time::moment(day, time, &TimeZone::UTC).ok()?;
            utc.checked_sub(SignedDuration::from_mins(i64::from(minutes))).ok()
        }
    }
}

/// A row as the store takes it, or the line of a day that no calendar has.
fn arriving(row: NoteRow, zone: &TimeZone) -> Result<Arriving, u64> {
    let happened_at = match row.moment {
        Some(m) => Some(moment(m, zone).ok_or(row.line)?),
        None => None,
    };
    Ok(Arriving {
        line: row.line,
        id: row.id.and_then(|id| id.parse().ok()),
        kind: kind(row.kind),
        seen: row.seen,
        meaning: row.meaning,
        place: row.place,
        consent: row.consent,
        happened_at,
    })
}

fn refused(path: &Path, lines: impl Iterator<Item = String>) -> ExitCode {
    for line in lines {
        eprintln!("{}: {line}", path.display());
    }
    eprintln!("Nothing was imported.");
    ExitCode::FAILURE
}

impl Notes {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let path = &self.file;
        let placement: PlacementId =
            self.placement.parse().context("--placement is the long id in the address of its page")?;
        let zone = TimeZone::get(&self.time_zone).context("this time zone is not known")?;
        let rows = match read_notes(&file(path)?) {
            Ok(rows) => rows,
            Err(errors) => return Ok(refuse(path, &errors)),
        };
        let (mut ready, mut wrong) = (Vec::new(), Vec::new());
        for row in rows {
            match arriving(row, &zone) {
                Ok(row) => ready.push(row),
                Err(line) => wrong.push(line),
            }
        }
        if !wrong.is_empty() {
            let why = |line| format!("line {line}, happened_at: is a day or an hour that did not exist; mend it");
            return Ok(refused(path, wrong.into_iter().map(why)));
        }
        let store = self.database.open().await?;
        match store.import_notes(&Actor::Program, placement, &ready, now()).await? {
            Arrived::All { new, there } => {
                println!("{new} added, {there} there already");
                Ok(ExitCode::SUCCESS)
            }
            Arrived::None(all) => {
                Ok(refused(path, all.into_iter().map(|r| format!("line {}, {}: {}", r.line, r.column, r.why))))
            }
        }
    }
}
