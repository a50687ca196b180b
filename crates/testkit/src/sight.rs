//! Looking into the database behind the store's back: every cell of every table, whatever tables there are, and the
//! bytes of the file. So a promise that something is gone holds for tables that are yet to be made.

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use crate::{House, database::Database};

/// One value of one row, as bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Its table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// Text as UTF-8, numbers as text, blobs as they are.
    pub bytes: Vec<u8>,
}

enum Eye {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

const COLUMNS_SQLITE: &str = "SELECT m.name, c.name, 0 FROM sqlite_master m JOIN pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
const COLUMNS_POSTGRES: &str =
    "SELECT table_name::text, column_name::text, CASE data_type WHEN 'bytea' THEN 1 ELSE 0 END
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2";

impl Eye {
    async fn on(house: &House) -> Self {
        match &house.database {
            Database::File { .. } => {
                let path = house.database.path().expect("a file");
                let options = SqliteConnectOptions::new().filename(path).foreign_keys(false);
                Self::Sqlite(SqliteConnection::connect_with(&options).await.expect("opens beside the store"))
            }
            Database::Server { .. } => {
                Self::Postgres(PgConnection::connect(&house.url()).await.expect("opens beside the store"))
            }
        }
    }

    async fn columns(&mut self) -> Vec<(String, String, bool)> {
        match self {
            Self::Sqlite(c) => {
                let rows = c.fetch_all(COLUMNS_SQLITE).await.expect("lists its columns");
                rows.iter().map(|r| (r.get(0), r.get(1), r.get::<i64, _>(2) == 1)).collect()
            }
            Self::Postgres(c) => {
                let rows = c.fetch_all(COLUMNS_POSTGRES).await.expect("lists its columns");
                rows.iter().map(|r| (r.get(0), r.get(1), r.get::<i32, _>(2) == 1)).collect()
            }
        }
    }

    async fn values(&mut self, table: &str, column: &str, bytes: bool) -> Vec<Vec<u8>> {
        match self {
            Self::Sqlite(c) => {
                let sql = format!(r#"SELECT CAST("{column}" AS BLOB) FROM "{table}" WHERE "{column}" IS NOT NULL"#);
                let rows = c.fetch_all(AssertSqlSafe(sql)).await.expect("can be read");
                rows.iter().map(|r| r.get(0)).collect()
            }
            Self::Postgres(c) => {
                let value =
                    if bytes { format!(r#""{column}""#) } else { format!(r#"convert_to("{column}"::text, 'UTF8')"#) };
                let sql = format!(r#"SELECT {value} FROM "{table}" WHERE "{column}" IS NOT NULL"#);
                let rows = c.fetch_all(AssertSqlSafe(sql)).await.expect("can be read");
                rows.iter().map(|r| r.get(0)).collect()
            }
        }
    }

    async fn close(self) {
        match self {
            Self::Sqlite(c) => c.close().await,
            Self::Postgres(c) => c.close().await,
        }
        .expect("closes");
    }
}

impl House {
    /// Every value in the database, table by table.
    pub async fn everything(&self) -> Vec<Cell> {
        let mut eye = Eye::on(self).await;
        let mut cells = Vec::new();
        for (table, column, bytes) in eye.columns().await {
            for bytes in eye.values(&table, &column, bytes).await {
                cells.push(Cell { table: table.clone(), column: column.clone(), bytes });
            }
        }
        eye.close().await;
        cells.sort();
        cells
    }

    /// Where words stand, as `table.column`, each place once.
    pub async fn where_it_says(&self, words: &str) -> Vec<String> {
        let holds = |cell: &Cell| cell.bytes.windows(words.len()).any(|w| w == words.as_bytes());
        let mut places: Vec<String> =
            self.everything().await.iter().filter(|c| holds(c)).map(|c| format!("{}.{}", c.table, c.column)).collect();
        places.dedup();
        places
    }

    /// How many rows a table has where something is true. Both are written into the statement as they are.
    ///
    /// # Panics
    /// When the database does not understand it.
    pub async fn count(&self, table: &str, condition: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table} WHERE {condition}"));
        let mut eye = Eye::on(self).await;
        let count = match &mut eye {
            Eye::Sqlite(c) => c.fetch_one(sql).await.expect("understands").get(0),
            Eye::Postgres(c) => c.fetch_one(sql).await.expect("understands").get(0),
        };
        eye.close().await;
        count
    }

    /// Does something to the database that the store would not. References are not checked on `SQLite`.
    ///
    /// # Panics
    /// When the database does not understand it.
    pub async fn tamper(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        let mut eye = Eye::on(self).await;
        match &mut eye {
            Eye::Sqlite(c) => c.execute(sql).await.map(drop),
            Eye::Postgres(c) => c.execute(sql).await.map(drop),
        }
        .expect("understands");
        eye.close().await;
    }

    /// Empties every table, so that a backup can be put back into the same database.
    ///
    /// # Panics
    /// When the database does not let it.
    pub async fn empty(&self) {
        let mut eye = Eye::on(self).await;
        let mut tables: Vec<String> = eye.columns().await.into_iter().map(|(table, _, _)| table).collect();
        tables.dedup();
        tables.retain(|t| t != "_sqlx_migrations");
        for table in tables {
            match &mut eye {
                Eye::Sqlite(c) => c.execute(AssertSqlSafe(format!("DELETE FROM {table}"))).await.map(drop),
                Eye::Postgres(c) => c.execute(AssertSqlSafe(format!("TRUNCATE TABLE {table} CASCADE"))).await.map(drop),
            }
            .expect("understands");
        }
        eye.close().await;
    }

    /// Whether the bytes of any file of this house hold these words: of the database and its log, of notes, or of pieces that
    /// wait. On a server, where the database has no file to look into, whether any table does.
    ///
    /// # Panics
    /// When a file cannot be read.
    pub async fn on_disk(&self, words: &str) -> bool {
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the folder is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(path).expect("a file").windows(words.len()).any(|w| w == words.as_bytes()) {
                    return true;
                }
            }
        }
        self.file().is_none() && !self.where_it_says(words).await.is_empty()
    }
}
