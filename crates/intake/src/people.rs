//! The staff list as CSV: UTF-8 with or without byte order mark, comma, semicolon or tab, columns in any order.
//! It promises all rows or every error; it never gives back half a file.

mod columns;
mod together;

use crate::{
    Problem, RowError,
    error::{Errors, is_unsafe},
    sheet::{self, Column as _, Layout, List},
};
use columns::Column;

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
    let list = List { most: MOST_ROWS, none: Problem::NoPeople, cell, lines: false };
    let (rows, mut errors) = sheet::read(bytes, &list, row)?;
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

/// Reads a row. What is wrong with it goes to the errors; the row is given back all the same, so that others
/// who name this person are not told that nobody is there.
fn row(cells: &[String], layout: &Layout<Column>, line: u64, errors: &mut Errors) -> PersonRow {
    for column in Column::ALL.iter().copied() {
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
