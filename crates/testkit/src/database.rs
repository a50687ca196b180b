//! A database of its own for each test: a file in a folder that goes away, or a `PostgreSQL` database that is
//! dropped at the end.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// The variable that names a `PostgreSQL` server, as somebody who may make and drop databases.
pub(crate) const POSTGRES: &str = "FREERANGE_TEST_POSTGRES";

/// Where a test keeps its data.
#[derive(Debug)]
pub(crate) enum Database {
    File { folder: tempfile::TempDir },
    Server { admin: String, name: String, folder: tempfile::TempDir },
}

/// A folder in memory where that is possible: each commit waits for the disk, and no test pulls the plug.
fn in_memory() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder for the test")
}

impl Database {
    pub(crate) fn file() -> Self {
        Self::File { folder: in_memory() }
    }

    /// A fresh database on the server, or nothing when no server was named. On a build machine that is an error:
    /// there, a test that was not run must not look like one that passed.
    pub(crate) async fn server() -> Option<Self> {
        let Ok(admin) = std::env::var(POSTGRES) else {
            assert!(std::env::var_os("CI").is_none(), "{POSTGRES} is not set, so half of the tests would not run");
            eprintln!("PostgreSQL was skipped: set {POSTGRES} to the address of a server to run this on it too");
            return None;
        };
        Some(Self::on(admin).await)
    }

    /// A fresh database on this server.
    pub(crate) async fn on(admin: String) -> Self {
        let name = format!("freerange_test_{}", uuid::Uuid::new_v4().simple());
        let mut door = PgConnection::connect(&admin).await.expect("the PostgreSQL server answers");
        door.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("may make a database");
        door.close().await.expect("closes");
        Self::Server { admin, name, folder: in_memory() }
    }

    /// As `Store::open` wants it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::File { .. } => format!("sqlite:{}", self.path().expect("a file").display()),
            Self::Server { admin, name, .. } => {
                let (server, options) = admin.split_once('?').unwrap_or((admin, ""));
                let after = server.find("://").map_or(0, |at| at + 3);
                let host = server[after..].find('/').map_or(server.len(), |at| after + at);
                let mark = if options.is_empty() { "" } else { "?" };
                format!("{}/{name}{mark}{options}", &server[..host])
            }
        }
    }

    /// The folder of this test: the file on `SQLite`, and files of notes on both.
    pub(crate) fn folder(&self) -> &std::path::Path {
        match self {
            Self::File { folder } | Self::Server { folder, .. } => folder.path(),
        }
    }

    /// The file, on `SQLite`.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::File { folder } => Some(folder.path().join("city.db")),
            Self::Server { .. } => None,
        }
    }

    pub(crate) async fn remove(self) {
        if let Self::Server { admin, name, .. } = self {
            let mut door = PgConnection::connect(&admin).await.expect("the PostgreSQL server answers");
            door.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.expect("may drop it");
            door.close().await.expect("closes");
        }
    }
}
