//! `freerange backup`, `restore`, `check`.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;

use crate::{Database, now, progress::Progress};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// A new file
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file that `backup` wrote
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    database: Database,
}

impl Backup {
    /// Writes beside the file and moves it into place at the end, so a half backup never has its name.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        if self.file.exists() {
            bail!("{} is there already; name a new file", self.file.display());
        }
        let part = self.file.with_extension("part");
        let store = self.database.open().await?;
        let progress = Progress::begin(format!("Copying everything into {}", self.file.display()));
        let made = async {
            let mut out = BufWriter::new(File::create(&part).with_context(|| part.display().to_string())?);
            let counts = store.backup(&mut out, now()).await?;
            out.flush()?;
            out.into_inner()?.sync_all()?;
            std::fs::rename(&part, &self.file)?;
            store.note_backup(now()).await?;
            anyhow::Ok(counts)
        }
        .await;
        progress.end();
        match made {
            Ok(counts) => println!("{} rows in {}", counts.iter().map(|c| c.1).sum::<u64>(), self.file.display()),
            Err(error) => {
                // What is left of a failed backup helps nobody.
                let _ = std::fs::remove_file(&part);
                return Err(error);
            }
        }
        Ok(())
    }
}

impl Restore {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut from = BufReader::new(File::open(&self.file).with_context(|| self.file.display().to_string())?);
        let store = self.database.open_or_make().await?;
        let progress = Progress::begin(format!("Restoring from {}", self.file.display()));
        store.restore(&mut from).await.with_context(|| self.file.display().to_string())?;
        store.analyze().await?;
        progress.end();
        println!("restored from {}; everybody signs in again", self.file.display());
        Ok(())
    }
}

impl Check {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let checked = self.database.open().await?.check().await?;
        for (what, count) in &checked.counts {
            println!("{count:>9} {what}");
        }
        for problem in &checked.problems {
            eprintln!("{problem}");
        }
        if checked.problems.is_empty() {
            println!("Everything fits.");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(ExitCode::FAILURE)
    }
}
