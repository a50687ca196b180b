//! A house that was begun by an older program: the database as it was before a migration, with rows in it.

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};

use crate::database::Database;

/// Where the store keeps its migrations.
const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/migrations");

/// The migrations of an engine before a version.
async fn before(engine: &str, version: i64) -> Migrator {
    let folder = std::path::Path::new(MIGRATIONS).join(engine);
    let all = Migrator::new(folder).await.expect("the migrations are read");
    Migrator::with_migrations(all.iter().filter(|m| m.version < version).cloned().collect())
}

/// Writes ids as the engine does: `#7` is the seventh id.
fn with_ids(sql: &str, write: impl Fn(u128) -> String) -> String {
    let mut parts = sql.split('#');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        text.push_str(&write(part[..end].parse().expect("a number after #")));
        text.push_str(&part[end..]);
    }
    text
}

/// Makes the tables as they were before a migration and puts rows into them.
pub(crate) async fn begin(database: &Database, version: i64, rows: &[&str]) {
    match database {
        Database::File { .. } => {
            let path = database.path().expect("a file");
            let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
            let mut c = SqliteConnection::connect_with(&options).await.expect("opens");
            before("sqlite", version).await.run(&mut c).await.expect("the old tables are made");
            for row in rows {
                c.execute(AssertSqlSafe(with_ids(row, |n| format!("x'{n:032x}'")))).await.expect("fits the old tables");
            }
            c.close().await.expect("closes");
        }
        Database::Server { .. } => {
            let mut c = PgConnection::connect(&database.url()).await.expect("opens");
            before("postgres", version).await.run(&mut c).await.expect("the old tables are made");
            for row in rows {
                let sql = with_ids(row, |n| format!("'{}'", uuid::Uuid::from_u128(n)));
                c.execute(AssertSqlSafe(sql)).await.expect("fits the old tables");
            }
            c.close().await.expect("closes");
        }
    }
}
