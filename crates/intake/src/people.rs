//! The staff list as CSV: UTF-8 with or without byte order mark, comma, semicolon or tab, columns in any order.
//! It promises all rows or every error; it never gives back half a file.

pub(crate) mod columns;
mod together;

use csv::{ByteRecord, ReaderBuilder};

use crate::{
    Problem, RowError,
    error::{Errors, is_unsafe, shown},
    text::{Lines, decoded},
};
use columns::{Column, Layout};

/// The most rows of a file. The largest city has fewer staff.
const MOST_ROWS: usize = 1_000_000;
/// The most characters of a cell, and of each part of a team's path.
const LONGEST_CELL: usize = 160;
const DEEPEST_TEAM: usize = 8;
const MOST_LANGUAGES: usize = 20;

/// A person of the file. All texts are trimmed, with single spaces, and without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Line of the file, from 1 with the header.
    pub line: u64,
    /// The city's own number, 1 to 160 characters; no other row has it.
    pub staff_no: String,
    /// Name, 1 to 160 characters.
    pub name: String,
    /// Address, lower case; no other row has it.
    pub email: String,
    /// Path of the team from the top down: one to eight parts of 1 to 160 characters.
    pub team: Vec<String>,
    /// The manager's address, lower case; another row has it.
    pub manager_email: Option<String>,
    /// Grade, as the city names it. May be empty.
    pub grade: String,
    /// Language codes, lower case with hyphens, each once. May be empty.
    pub languages: Vec<String>,
    /// Working pattern, in the city's words. May be empty.
    pub working_pattern: String,
}

/// Reads a staff list. All rows or every error, at most [`crate::TOLD`] and one that counts the rest.
pub fn read_people(bytes: &[u8]) -> Result<Vec<PersonRow>, Vec<RowError>> {
    let text = decoded(bytes).map_err(|e| vec![e])?;
    let separator = columns::separator(text);
    if let Some(line) = open_quote(text.as_bytes(), separator) {
        return Err(vec![RowError::at(line, Problem::OpenQuote)]);
    }
    let mut reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Lines::of(text.as_bytes());
    let mut record = ByteRecord::new();
    let (mut layout, mut rows, mut errors) = (None, Vec::new(), Errors::default());
    loop {
        // Not the reader's own count: it leaves out empty lines and half of CR LF.
        let line = lines.at_text(usize::try_from(reader.position().byte()).unwrap_or(usize::MAX));
        // Reading from memory cannot fail, and rows of any length are let through.
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            break;
        }
        let cells: Vec<String> = record.iter().map(cell).collect();
        let Some(layout) = &layout else {
            layout = Some(Layout::of(&cells, line)?);
            continue;
        };
        // Spreadsheets leave rows of nothing but separators behind.
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(vec![RowError::at(line, Problem::TooManyRows(MOST_ROWS))]);
        }
        if layout.width == cells.len() {
            rows.push(row(&cells, layout, line, &mut errors));
        } else {
            errors.push(width(&record, &cells, layout.width, line));
        }
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![RowError::file(Problem::NoPeople)]);
    }
    together::check(&rows, &mut errors);
    if errors.is_empty() { Ok(rows) } else { Err(errors.told()) }
}

/// A cell as one line: a line break inside quotation marks is a space.
fn cell(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut cell = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(word);
    }
    cell
}

/// The line of a quotation mark that opens a cell and has no end, or ends in the middle of a later line, where the
/// next such cell begins. It would swallow everybody in between.
pub(crate) fn open_quote(bytes: &[u8], separator: u8) -> Option<u64> {
    let is_end = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    let (mut at, mut starts_cell) = (0, true);
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' && starts_cell {
            let end = quote_end(bytes, at + 1);
            let quoted = bytes.get(at..end).unwrap_or_default();
            let fits = bytes.get(end + 1).is_none_or(is_end) || !quoted.contains(&b'\n');
            if end >= bytes.len() || !fits {
                return Some(Lines::of(bytes).at(at));
            }
            at = end;
        }
        starts_cell = bytes.get(at).is_some_and(is_end);
        at += 1;
    }
    None
}

/// The place of the mark that ends a quotation; the file's length when there is none. Two marks stand for one.
fn quote_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return bytes.len(),
            (Some(b'"'), Some(b'"')) => at += 2,
            (Some(b'"'), _) => return at,
            _ => at += 1,
        }
    }
}

fn width(record: &ByteRecord, cells: &[String], columns: usize, line: u64) -> RowError {
    let broken = record.iter().position(|c| c.contains(&b'\n'));
    let problem = match broken {
        Some(_) => Problem::OpenQuote,
        None => Problem::WrongWidth { cells: cells.len(), columns },
    };
    let shown = cells.get(broken.unwrap_or(0)).map(String::as_str).unwrap_or_default();
    RowError::at(line, problem).value(shown)
}

/// Reads a row. What is wrong with it goes to the errors; the row is given back all the same, so that others
/// who name this person are not told that nobody is there.
fn row(cells: &[String], layout: &Layout, line: u64, errors: &mut Errors) -> PersonRow {
    for column in Column::ALL {
        let value = layout.cell(cells, column);
        if let Some(problem) = wrong(column, value) {
            errors.push(RowError::at(line, problem).column(column.name()).value(value));
        }
    }
    let text = |column| layout.cell(cells, column).to_owned();
    let manager = layout.cell(cells, Column::ManagerEmail).to_lowercase();
    PersonRow {
        line,
        staff_no: text(Column::Id),
        name: text(Column::Name),
        email: layout.cell(cells, Column::Email).to_lowercase(),
        team: parts(layout.cell(cells, Column::Team)).map(str::to_owned).collect(),
        manager_email: (!manager.is_empty()).then_some(manager),
        grade: text(Column::Grade),
        languages: distinct(codes(layout.cell(cells, Column::Languages))),
        working_pattern: text(Column::WorkingPattern),
    }
}

fn wrong(column: Column, value: &str) -> Option<Problem> {
    if value.is_empty() {
        return column.required().then_some(Problem::Required);
    }
    if value.chars().any(is_unsafe) {
        return Some(Problem::Control);
    }
    let long = |text: &str| text.chars().count() > LONGEST_CELL;
    match column {
        Column::Email | Column::ManagerEmail => (!is_email(value)).then_some(Problem::NotAnEmail),
        Column::Team => match parts(value).count() {
            1..=DEEPEST_TEAM => parts(value).any(long).then_some(Problem::TooLong(LONGEST_CELL)),
            _ => Some(Problem::TeamDepth(DEEPEST_TEAM)),
        },
        Column::Languages if codes(value).count() > MOST_LANGUAGES => Some(Problem::TooManyLanguages(MOST_LANGUAGES)),
        Column::Languages => (!codes(value).all(|c| is_language(&c))).then_some(Problem::NotALanguage),
        _ => long(value).then_some(Problem::TooLong(LONGEST_CELL)),
    }
}

/// The parts of a team's path.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '>']).map(str::trim).filter(|part| !part.is_empty())
}

fn codes(list: &str) -> impl Iterator<Item = String> {
    list.split(['|', ' ', ',', ';', '/']).filter(|c| !c.is_empty()).map(|c| c.to_lowercase().replace('_', "-"))
}

fn distinct(codes: impl Iterator<Item = String>) -> Vec<String> {
    codes.fold(Vec::new(), |mut list, code| {
        if list.len() < MOST_LANGUAGES && !list.contains(&code) {
            list.push(code);
        }
        list
    })
}

/// The shape of BCP 47 (RFC 5646, section 2.1): a language of two or three letters, then subtags.
fn is_language(code: &str) -> bool {
    let mut tags = code.split('-');
    let language = tags.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && code.len() <= 35
        && tags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The common shape of addresses; whether somebody reads them only a message can tell.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || "<>()[],;:\\\"@".contains(c));
    let dotted = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    plain(local) && plain(host) && dotted && text.to_lowercase().len() <= 254
}

/// Names for a sentence, shortened.
pub(crate) fn list(names: impl Iterator<Item = String>) -> String {
    shown(&names.filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", "), 200)
}
