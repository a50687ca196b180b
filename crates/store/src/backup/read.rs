//! Reading a backup: every row into an empty database and every file of a note into the vault, in one transaction, which ends
//! only when the checksum at the end of the file fits. Whatever does not fit is named with its line, and nothing of the file
//! stays: files that were put into the vault until then are taken out of it again.

use std::io::BufRead;

use freerange_domain::id::MediaId;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Counts, End, FILES, FORMAT, Header, Withdrawals, hex, is_empty, schema, table::Holds, table::LEFT_OUT,
    table::TABLES, table::Table,
};
use crate::{
    Result, Store, StoreError,
    db::{Ask as _, Tx, Val, vals},
};

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the file says about itself.
    pub header: Header,
    /// Each table and its rows.
    pub counts: Counts,
}

#[derive(Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

#[derive(Deserialize)]
struct EndLine {
    end: End,
}

fn bad(what: impl Into<String>) -> StoreError {
    StoreError::BadBackup(what.into())
}

/// The lines of a file, with the checksum of what was read so far.
struct Lines<'a> {
    from: &'a mut (dyn BufRead + Send),
    hash: Sha256,
    number: u64,
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    fn new(from: &'a mut (dyn BufRead + Send)) -> Self {
        Self { from, hash: Sha256::new(), number: 0, line: Vec::new() }
    }

    /// The next whole line. The end of the file, or half a line, means that the rest was cut off.
    fn next(&mut self) -> Result<&[u8]> {
        self.hash.update(&self.line);
        self.line.clear();
        self.number += 1;
        self.from.read_until(b'\n', &mut self.line)?;
        if self.line.last() != Some(&b'\n') {
            return Err(bad(format!(
                "it ends at line {}, before its last line; it was cut off, copy it again from where it was made",
                self.number
            )));
        }
        Ok(&self.line)
    }

    /// Passes over the rows of a table; the line after them is then the current one.
    fn skip_rows(&mut self) -> Result<u64> {
        let mut count = 0;
        while self.next()?.starts_with(b"[") {
            count += 1;
        }
        Ok(count)
    }

    fn header(&mut self) -> Result<Header> {
        let unknown = || bad("its first line is not that of a Freerange backup");
        let line = self.next().map_err(|_| unknown())?;
        let header: Header = serde_json::from_slice(line).map_err(|_| unknown())?;
        if header.backup != "freerange" {
            return Err(unknown());
        }
        if header.format > FORMAT {
            return Err(bad(format!(
                "it has format {}, this program reads up to {FORMAT}; use the Freerange that made it, or a newer one",
                header.format
            )));
        }
        Ok(header)
    }

    /// Checks the last line against all before it, and that nothing follows.
    fn end(&mut self, rows: u64) -> Result<()> {
        let end: EndLine = serde_json::from_slice(&self.line).map_err(|_| self.unreadable())?;
        let found = hex(&self.hash.clone().finalize());
        if end.end.sha256 != found || end.end.rows != rows {
            return Err(bad("its checksum does not fit; it was altered or damaged after it was made"));
        }
        let mut rest = Vec::new();
        if self.from.read_until(b'\n', &mut rest)? > 0 {
            return Err(bad("something follows its last line; it was altered after it was made"));
        }
        Ok(())
    }

    fn unreadable(&self) -> StoreError {
        bad(format!("line {} cannot be read; it was altered or damaged after it was made", self.number))
    }
}

/// Reads the whole file and checks that it is complete and unaltered. Touches no database.
pub fn verify(from: &mut (dyn BufRead + Send)) -> Result<Header> {
    let mut lines = Lines::new(from);
    let header = lines.header()?;
    let mut rows = 0;
    loop {
        let line = lines.next()?;
        if line.starts_with(b"[") {
            rows += 1;
        } else if line.starts_with(b"{\"end\"") {
            lines.end(rows)?;
            return Ok(header);
        }
    }
}

fn value(given: &Value, holds: Holds) -> Option<Val> {
    Some(match (holds, given) {
        (Holds::Id, Value::Null) => Val::MaybeId(None),
        (Holds::Text, Value::Null) => Val::MaybeText(None),
        (Holds::Int, Value::Null) => Val::MaybeInt(None),
        (Holds::Bytes, Value::Null) => Val::MaybeBytes(None),
        (Holds::Id, Value::String(text)) => Val::MaybeId(Some(text.parse().ok()?)),
        (Holds::Text, Value::String(text)) => Val::MaybeText(Some(text.clone())),
        (Holds::Int, Value::Number(number)) => Val::MaybeInt(Some(number.as_i64()?)),
        (Holds::Bool, Value::Bool(yes)) => Val::Bool(*yes),
        (Holds::Bytes, Value::String(text)) => Val::MaybeBytes(Some(unhex(text)?)),
        _ => return None,
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// The columns that a file has of a table, and the statement that writes such a row.
struct Columns {
    table: &'static Table,
    /// For each value of a row, its place in the table; none when it is kept no longer.
    places: Vec<Option<usize>>,
    insert: &'static str,
    /// Which value of a row is a file, in backups of older programs.
    file: Option<usize>,
}

impl Columns {
    fn new(table: &'static Table, named: &[String], older: bool) -> Option<Self> {
        if table.names() == named {
            let places = (0..named.len()).map(Some).collect();
            return Some(Self { table, places, insert: &table.insert, file: None });
        }
        let places = table.places(named).filter(|_| older)?;
        let here: Vec<usize> = places.iter().copied().flatten().collect();
        // Once for a table of an older backup, in a program that ends after restoring it.
        let file = bytes_at(table, named);
        Some(Self { table, insert: table.insert_of(&here).leak(), places, file })
    }

    /// The values of a row that are kept.
    fn read(&self, row: &[Value]) -> Option<Vec<Val>> {
        if row.len() != self.places.len() {
            return None;
        }
        let kept = self.places.iter().zip(row).filter_map(|(place, v)| place.map(|at| (at, v)));
        kept.map(|(at, v)| value(v, self.table.columns.get(at)?.holds)).collect()
    }

    /// Which value of a row points into the same table.
    fn later(&self) -> Option<usize> {
        self.table.later.and_then(|at| self.places.iter().flatten().position(|p| *p == at))
    }
}

/// Reads the rows of one table as long as there are some; the line after them is then the current one.
async fn read_rows(tx: &mut Tx, lines: &mut Lines<'_>, columns: &Columns) -> Result<u64> {
    let table = columns.table;
    let moving = "INSERT INTO media_moving (id, bytes) VALUES ($1, $2)";
    let mut count = 0;
    let mut later: Vec<(Val, Val)> = Vec::new();
    while lines.next()?.starts_with(b"[") {
        let row: Vec<Value> = serde_json::from_slice(&lines.line).map_err(|_| lines.unreadable())?;
        let mut vals = columns.read(&row).ok_or_else(|| lines.unreadable())?;
        if let Some(at) = columns.later()
            && let (Some(key), Some(pointer @ Val::MaybeId(Some(_)))) = (vals.first().cloned(), vals.get(at).cloned())
        {
            later.push((key, pointer));
            if let Some(slot) = vals.get_mut(at) {
                *slot = Val::MaybeId(None);
            }
        }
        let unfit = |e| bad(format!("line {} ({}) does not fit: {e}", lines.number, table.name));
        let id = vals.first().cloned();
        tx.run(columns.insert, vals).await.map_err(unfit)?;
        if let (Some(at), Some(id)) = (columns.file, id) {
            let bytes = row.get(at).and_then(|v| value(v, Holds::Bytes)).ok_or_else(|| lines.unreadable())?;
            tx.run(moving, vec![id, bytes]).await.map_err(unfit)?;
        }
        count += 1;
    }
    for (key, pointer) in later {
        let put = tx.run(&table.fill, vec![key, pointer]).await;
        put.map_err(|e| bad(format!("a row of {} points to one that is not there: {e}", table.name)))?;
    }
    Ok(count)
}

/// Where a file of an older backup stands in the row of its note's picture.
fn bytes_at(table: &Table, named: &[String]) -> Option<usize> {
    if table.name == "media" { named.iter().position(|c| c == "bytes") } else { None }
}

/// Reads a file of a note: its id and bytes, if it was there when the copy was made.
fn file(line: &[u8]) -> Option<(MediaId, Option<Vec<u8>>)> {
    let (id, bytes): (uuid::Uuid, Option<String>) = serde_json::from_slice(line).ok()?;
    let bytes = match bytes {
        Some(text) => Some(unhex(&text)?),
        None => None,
    };
    Some((MediaId(id), bytes))
}

/// Does to the rows of an older program what the migrations since then did to those that were there.
async fn bring_up_to_date(tx: &mut Tx, schema: i64) -> Result<()> {
    if schema < 2 {
        for sql in crate::placement::FORGET_MOMENTS {
            tx.run(sql, Vec::new()).await?;
        }
        crate::reflection::date_evenings(tx).await?;
    }
    if schema < 8 {
        crate::notebook::feed::catch_up(tx).await?;
    }
    Ok(())
}

impl Store {
    /// Puts a backup back, whole, into a database that holds nothing yet, and forgets what was withdrawn after it was made.
    /// On any error nothing of it is written.
    pub async fn restore(
        &self,
        from: &mut (dyn BufRead + Send),
        forget: Option<&Withdrawals>,
        now: Timestamp,
    ) -> Result<Restored> {
        let mut put = Vec::new();
        let restored = self.restore_all(from, forget, now, &mut put).await;
        match &restored {
            Ok(_) => {
                self.move_media_home().await?;
                self.empty_trash_now().await;
                self.analyze().await?;
            }
            Err(_) => {
                for id in put {
                    if let Err(error) = self.places.vault.delete(id).await {
                        tracing::warn!(%error, "a file of a backup that was not restored stays");
                    }
                }
            }
        }
        restored
    }

    async fn restore_all(
        &self,
        from: &mut (dyn BufRead + Send),
        forget: Option<&Withdrawals>,
        now: Timestamp,
        put: &mut Vec<uuid::Uuid>,
    ) -> Result<Restored> {
        let mut lines = Lines::new(from);
        let header = lines.header()?;
        let mut tx = self.db.begin().await?;
        if !is_empty(&mut tx).await? {
            return Err(bad("the database holds data already; name an empty one"));
        }
        let here = schema(&mut tx).await?;
        if header.schema > here {
            return Err(bad(format!(
                "it was made by a newer Freerange (schema {}, this program has {here}); install that one",
                header.schema
            )));
        }
        let (mut counts, mut skipped) = (Counts::new(), 0);
        lines.next()?;
        while !lines.line.starts_with(b"{\"end\"") {
            let named: TableLine = serde_json::from_slice(&lines.line).map_err(|_| lines.unreadable())?;
            if LEFT_OUT.contains(&named.table.as_str()) {
                // Backups of older programs held letters; their links ended with the city they were written in.
                skipped += lines.skip_rows()?;
                continue;
            }
            if named.table == FILES {
                counts.push((FILES, self.read_files(&mut tx, &mut lines, put).await?));
                continue;
            }
            let table = TABLES.iter().find(|t| t.name == named.table);
            let columns = table
                .and_then(|t| Columns::new(t, &named.columns, header.schema < here))
                .ok_or_else(|| bad(format!("line {}: this program has no such table and columns", lines.number)))?;
            counts.push((columns.table.name, read_rows(&mut tx, &mut lines, &columns).await?));
        }
        lines.end(skipped + counts.iter().map(|c| c.1).sum::<u64>())?;
        bring_up_to_date(&mut tx, header.schema).await?;
        if let Some(withdrawals) = forget {
            withdrawals.apply(&mut tx, now).await?;
        }
        tx.commit().await?;
        Ok(Restored { header, counts })
    }

    /// Puts the files of notes into the vault. Each must be the one whose size and sum its row has.
    async fn read_files(&self, tx: &mut Tx, lines: &mut Lines<'_>, put: &mut Vec<uuid::Uuid>) -> Result<u64> {
        let mut count = 0;
        while lines.next()?.starts_with(b"[") {
            let (id, bytes) = file(&lines.line).ok_or_else(|| lines.unreadable())?;
            count += 1;
            let Some(bytes) = bytes else {
                // Taken back while the copy was made.
                tx.run("DELETE FROM media WHERE id = $1", vals![id]).await?;
                continue;
            };
            let sql = "SELECT COUNT(*) FROM media WHERE id = $1 AND sha256 = $2";
            if tx.count(sql, vals![id, crate::media::sum(&bytes)]).await? == 0 {
                return Err(bad(format!("line {}: the file of {id} is not the one that its note had", lines.number)));
            }
            put.push(id.0);
            self.places.vault.put(id.0, bytes).await?;
        }
        Ok(count)
    }
}
