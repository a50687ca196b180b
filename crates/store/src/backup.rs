//! Backup: everything worth keeping in one open file, lines of JSON with a checksum at the end, the same for both
//! databases. Made from one consistent view while the city works; restored whole into an empty database or not at all.
//! Sessions, secret links, the letters that carry them and failed tries are left out: whoever steals a backup cannot act
//! with it.
//!
//! The file: a header; for each table a line that names its columns and then a line for each row (ids and moments as
//! stored, bytes in hexadecimal); after the tables, as if they were one more, the files of notes; at the end the number of
//! rows and the SHA-256 of all lines before.

mod forget;
mod read;
mod table;

use std::io::Write;

use freerange_domain::id::MediaId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Result, Store, StoreError,
    db::{Ask, Db, Row, Tx, Val},
};
pub use forget::Withdrawals;
pub use read::{Restored, verify};
use table::{Column, Holds, TABLES, Table};

/// The format that this program writes, and the newest that it reads. Since 2 files of notes stand after the tables; before,
/// they were in the rows of `media`.
pub const FORMAT: u32 = 2;

/// Under which name the files of notes stand after the tables.
const FILES: &str = "media_file";

/// What the first line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always `freerange`.
    pub backup: String,
    /// See [`FORMAT`].
    pub format: u32,
    /// The last migration of the database it was made from.
    pub schema: i64,
    /// When, as in `2026-11-24T09:30:00Z`.
    pub made_at: String,
}

/// What the last line says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    rows: u64,
    sha256: String,
}

/// What a backup holds: each table and its rows.
pub type Counts = Vec<(&'static str, u64)>;

/// What was copied.
#[derive(Debug)]
pub struct Copied {
    /// Each table and its rows, and the files of notes.
    pub counts: Counts,
    /// Files that were not in their place and are therefore not in the copy.
    pub missing: Vec<MediaId>,
}

/// Rows read from the database at once. Proofs of rounds are large, so they come one by one.
fn at_once(table: &Table) -> i64 {
    if table.columns.iter().any(|c| c.name == "bytes") { 1 } else { 2_000 }
}

/// A writer that keeps the checksum of what went through.
struct Hashing<'a> {
    to: &'a mut (dyn Write + Send),
    hash: Sha256,
}

impl Hashing<'_> {
    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        line.push(b'\n');
        self.hash.update(&line);
        self.to.write_all(&line)?;
        Ok(())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{b:02x}");
        text
    })
}

fn cell(row: &Row, column: &Column) -> Result<Value> {
    Ok(match column.holds {
        Holds::Id => json!(row.get::<Option<uuid::Uuid>>(column.name)?),
        Holds::Text => json!(row.get::<Option<String>>(column.name)?),
        Holds::Int => json!(row.get::<Option<i64>>(column.name)?),
        Holds::Bool => json!(row.get::<bool>(column.name)?),
        Holds::Bytes => json!(row.get::<Option<Vec<u8>>>(column.name)?.map(|b| hex(&b))),
    })
}

/// The key of a row, to go on after it.
fn key(row: &Row, table: &Table) -> Result<Vec<Val>> {
    table
        .key()
        .iter()
        .map(|c| {
            Ok(match c.holds {
                Holds::Id => Val::Id(row.get(c.name)?),
                _ => Val::Text(row.get(c.name)?),
            })
        })
        .collect()
}

impl Db {
    /// One view of everything that does not change while it is read.
    pub(crate) async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            // In WAL mode a reader sees the database as it was at its first read, whatever is written meanwhile.
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin_with("BEGIN").await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
            }
        })
    }
}

/// Whether nothing is kept yet.
pub(crate) async fn is_empty(ask: &mut impl Ask) -> Result<bool> {
    for table in TABLES.iter() {
        if ask.count(&table.any, Vec::new()).await? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The last migration of this database.
async fn schema(ask: &mut impl Ask) -> Result<i64> {
    ask.count("SELECT MAX(version) FROM _sqlx_migrations", Vec::new()).await
}

impl Store {
    /// Writes everything, as it is at one moment. Others go on reading and writing meanwhile.
    pub async fn backup(&self, to: &mut (dyn Write + Send), now: Timestamp) -> Result<Copied> {
        let mut tx = self.db.snapshot().await?;
        let mut out = Hashing { to, hash: Sha256::new() };
        let header = Header {
            backup: "freerange".to_owned(),
            format: FORMAT,
            schema: schema(&mut tx).await?,
            made_at: now.to_string(),
        };
        out.line(&header)?;
        let mut counts = Counts::new();
        for table in TABLES.iter() {
            out.line(&json!({ "table": table.name, "columns": table.names() }))?;
            counts.push((table.name, write_rows(&mut tx, table, &mut out).await?));
        }
        let rows = tx.rows("SELECT id FROM media ORDER BY id", Vec::new()).await?;
        let ids = rows.iter().map(|r| r.get("id")).collect::<Result<Vec<MediaId>>>()?;
        // Files do not change: what the view names is read without it, so that the database need not hold it for so long.
        drop(tx);
        let missing = self.write_files(&ids, &mut out).await?;
        counts.push((FILES, u64::try_from(ids.len()).unwrap_or(u64::MAX)));
        let end = End { rows: counts.iter().map(|c| c.1).sum(), sha256: hex(&out.hash.finalize_reset()) };
        out.line(&json!({ "end": end }))?;
        out.to.flush()?;
        Ok(Copied { counts, missing })
    }

    /// Writes the files of notes, one after the other. One that is not there any more is a row without bytes: its note was
    /// taken back while the copy was made. If it was not, the file is missing.
    async fn write_files(&self, ids: &[MediaId], out: &mut Hashing<'_>) -> Result<Vec<MediaId>> {
        let mut missing = Vec::new();
        out.line(&json!({ "table": FILES, "columns": ["id", "bytes"] }))?;
        for id in ids {
            let bytes = self.places.vault.get(id.0).await?;
            let still = "SELECT COUNT(*) FROM media WHERE id = $1";
            if bytes.is_none() && (&self.db).count(still, vec![Val::from(*id)]).await? > 0 {
                missing.push(*id);
            }
            out.line(&json!([id.0, bytes.map(|b| hex(&b))]))?;
        }
        Ok(missing)
    }

    /// Whether nothing is kept in this database yet.
    pub async fn is_empty(&self) -> Result<bool> {
        is_empty(&mut &self.db).await
    }
}

async fn write_rows(tx: &mut Tx, table: &'static Table, out: &mut Hashing<'_>) -> Result<u64> {
    let mut written = 0;
    let most = at_once(table);
    let mut after: Option<Vec<Val>> = None;
    loop {
        let (sql, mut vals) = match after.take() {
            None => (table.first.as_str(), Vec::new()),
            Some(key) => (table.next.as_str(), key),
        };
        vals.push(Val::Int(most));
        let rows = tx.rows(sql, vals).await?;
        for row in &rows {
            out.line(&table.columns.iter().map(|c| cell(row, c)).collect::<Result<Vec<_>>>()?)?;
            written += 1;
        }
        match rows.last() {
            Some(last) if i64::try_from(rows.len()) == Ok(most) => after = Some(key(last, table)?),
            _ => return Ok(written),
        }
    }
}

#[cfg(test)]
mod tests;
