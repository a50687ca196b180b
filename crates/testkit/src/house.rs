//! The house a story is told in, once on each database.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    sync::{Arc, Mutex},
};

use freerange_store::{Actor, Places, Store};
use jiff::Timestamp;

use crate::{Clock, Letters, database::Database, grown};

/// A store on a database of its own, and a clock.
#[derive(Debug)]
pub struct House {
    /// What is tested.
    pub store: Store,
    /// What time it is in the story.
    pub clock: Clock,
    pub(crate) database: Database,
    /// Who signed in already; hashing a password takes its time on purpose.
    pub(crate) signed_in: Mutex<HashMap<String, Actor>>,
}

impl House {
    async fn on(database: Database) -> Self {
        let places = Places::in_folder(database.folder());
        let store = Store::open_with(&database.url(), places).await.expect("a fresh database opens");
        let store = store.with_writer(Arc::new(Letters));
        Self { store, clock: Clock::default(), database, signed_in: Mutex::default() }
    }

    /// The moment at which the story is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The database's address, to open it a second time.
    pub fn url(&self) -> String {
        self.database.url()
    }

    /// Where this house keeps files of notes (`media`) and pieces of those that are arriving (`uploads`).
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder()
    }

    /// The database's file, on `SQLite`.
    pub fn file(&self) -> Option<PathBuf> {
        self.database.path()
    }
}

/// Tells a story on `SQLite` and, where a server is named in `FREERANGE_TEST_POSTGRES`, on `PostgreSQL`. Each time in a
/// fresh house that is torn down afterwards, also when the story fails.
///
/// # Panics
/// When the story does, and when the house cannot be built.
pub fn both(story: impl AsyncFn(&House)) {
    both_after(async |_| {}, story);
}

/// The same in a house that an older program began: its tables as they were before a migration, with these rows (`#7`
/// writes the seventh id). Opening the store brings it up to date.
///
/// # Panics
/// When the rows do not fit the old tables, when the house cannot be opened, and when the story does.
pub fn both_grown(before: i64, rows: &[&str], story: impl AsyncFn(&House)) {
    both_after(async |database: &Database| grown::begin(database, before, rows).await, story);
}

/// Tells a story on this `PostgreSQL` alone, in a fresh house that is torn down afterwards.
///
/// # Panics
/// When the story does, and when the house cannot be built.
#[expect(clippy::needless_pass_by_value, reason = "it is written in place")]
pub fn on_server(url: &str, story: impl AsyncFn(&House)) {
    let runtime = runtime();
    let database = runtime.block_on(Database::on(url.to_owned()));
    tell(&runtime, database, &async |_: &Database| {}, &story);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn tell(
    runtime: &tokio::runtime::Runtime,
    database: Database,
    prepare: &impl AsyncFn(&Database),
    story: &impl AsyncFn(&House),
) {
    runtime.block_on(prepare(&database));
    let house = runtime.block_on(House::on(database));
    let engine = house.store.engine();
    let told = catch_unwind(AssertUnwindSafe(|| runtime.block_on(story(&house))));
    runtime.block_on(async {
        house.store.close().await;
        house.database.remove().await;
    });
    if let Err(panic) = told {
        eprintln!("this failed on {engine:?}");
        resume_unwind(panic);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "both are written in place")]
fn both_after(prepare: impl AsyncFn(&Database), story: impl AsyncFn(&House)) {
    let runtime = runtime();
    tell(&runtime, Database::file(), &prepare, &story);
    if let Some(database) = runtime.block_on(Database::server()) {
        tell(&runtime, database, &prepare, &story);
    }
}
