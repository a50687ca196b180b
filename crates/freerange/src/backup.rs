//! `freerange backup`, `restore`, `withdrawals`, `check`.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use freerange_store::backup::Withdrawals;

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
    /// A file that `withdrawals` wrote: what was withdrawn after the backup was made does not come back
    #[arg(long)]
    forget: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
pub(crate) struct Withdrawn {
    /// The file to write; the one of the last time is replaced
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
            let copied = store.backup(&mut out, now()).await?;
            out.flush()?;
            out.into_inner()?.sync_all()?;
            std::fs::rename(&part, &self.file)?;
            store.note_backup(now()).await?;
            anyhow::Ok(copied)
        }
        .await;
        progress.end();
        match made {
            Ok(copied) => {
                println!("{} rows in {}", copied.counts.iter().map(|c| c.1).sum::<u64>(), self.file.display());
                for id in &copied.missing {
                    eprintln!("the file of {id} is missing and therefore not in the copy");
                }
            }
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
        let forget = match &self.forget {
            Some(path) => {
                let read = Withdrawals::parse(&crate::file(path)?).with_context(|| path.display().to_string())?;
                Some(read)
            }
            None => None,
        };
        let store = self.database.open_or_make().await?;
        let progress = Progress::begin(format!("Restoring from {}", self.file.display()));
        let restored = store.restore(&mut from, forget.as_ref(), now()).await;
        progress.end();
        restored.with_context(|| self.file.display().to_string())?;
        println!("restored from {}; everybody signs in again", self.file.display());
        Ok(())
    }
}

impl Withdrawn {
    /// Writes beside the file and moves it into place, so that the last list is there until the new one is.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let list = self.database.open().await?.withdrawals(now()).await?;
        let part = self.file.with_extension("part");
        let mut out = File::create(&part).with_context(|| part.display().to_string())?;
        out.write_all(list.text()?.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&part, &self.file)?;
        let (notes, consents) = list.counts();
        println!("{notes} notes and {consents} consents in {}", self.file.display());
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
