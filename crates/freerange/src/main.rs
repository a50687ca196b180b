//! Freerange, the program: the server and the command line. Exit codes: 0 done, 1 could not, 2 wrong usage.

mod backup;
mod course;
mod data;
mod demo;
mod import;
mod interrupt;
mod jobs;
mod past;
mod person;
mod progress;
mod round;
mod rounds;
mod serve;
mod swap;

use std::{path::Path, process::ExitCode};

use clap::{Parser, Subcommand};
pub(crate) use data::Database;
use jiff::Timestamp;

/// Gets a city's public servants out of the office, and brings what they learn back in.
#[derive(Debug, Parser)]
#[command(name = "freerange", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an invented city once and serve it; prints a sign-in line for each role
    Demo(demo::Demo),
    /// Serve
    Serve(serve::Serve),
    /// Bring people or places in step with the city's own files
    #[command(subcommand)]
    Import(import::Import),
    /// Roles and passwords of one person
    #[command(subcommand)]
    Person(person::Person),
    /// Write a consistent copy of everything into one file, while serving
    Backup(backup::Backup),
    /// Read a copy back into an empty database
    Restore(backup::Restore),
    /// Write a small list of what was withdrawn until now, for `restore --forget`
    Withdrawals(backup::Withdrawn),
    /// Verify everything that can be verified
    Check(backup::Check),
    /// Match people to outings, from files to files
    #[command(subcommand)]
    Round(round::Round),
    /// Match staff exchanges among organisations, from files to files
    #[command(subcommand)]
    Exchange(round::Exchange),
    /// Print the description of the API
    Openapi,
}

/// The one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "everything else gets the moment as an argument from here")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// A file, read whole, or a sentence about why not.
pub(crate) fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be done when even this cannot be printed.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("freerange: no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("freerange: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo.run().await?,
        Command::Serve(serve) => serve.run().await?,
        Command::Import(import) => return import.run().await,
        Command::Person(person) => person.run().await?,
        Command::Backup(backup) => backup.run().await?,
        Command::Restore(restore) => restore.run().await?,
        Command::Withdrawals(withdrawn) => withdrawn.run().await?,
        Command::Check(check) => return check.run().await,
        Command::Round(round) => return round.run(),
        Command::Exchange(exchange) => return exchange.run(),
        Command::Openapi => println!("{}", serde_json::to_string_pretty(&freerange_web::openapi::description())?),
    }
    Ok(ExitCode::SUCCESS)
}
