//! Notes from form tools (`KoboToolbox`, ODK, Google Forms and the like) as CSV: UTF-8, comma, semicolon or tab, columns in any
//! order, found by their usual names; what is not known is left. All rows or every error. What somebody said needs the code
//! of a consent in its row: no consent is made up here.

mod columns;
mod day;

use std::collections::BTreeMap;

use crate::{
    Problem, RowError,
    error::{Errors, is_unsafe},
    sheet::{self, Column as _, Layout, List},
};
use columns::Column;
pub use day::Moment;

/// The most rows of a file. No outing has as many notes.
const MOST_ROWS: usize = 10_000;
/// The most characters of what was seen and of what it means.
const LONGEST: usize = 8_000;
/// The most characters of other cells.
const LONGEST_CELL: usize = 160;

/// What kind of note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something observed.
    Saw,
    /// Something somebody said.
    Said,
    /// A question that came up.
    Wonder,
}

/// A note of the file. Texts are trimmed and without control characters but for line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Line of the file, from 1 with the header.
    pub line: u64,
    /// The tool's own id, as 32 hexadecimal digits, when it has one; no other row has it.
    pub id: Option<String>,
    /// Kind.
    pub kind: Kind,
    /// What was seen or heard, 1 to 8000 characters.
    pub seen: String,
    /// What it means, up to 8000 characters. May be empty.
    pub meaning: String,
    /// The neighbourhood by its name. May be empty.
    pub place: String,
    /// The code of a consent, as typed. Never empty where somebody said it.
    pub consent: String,
    /// When it was; nothing when the file does not say.
    pub moment: Option<Moment>,
}

/// Reads notes. All rows or every error, at most [`crate::TOLD`] and one that counts the rest.
pub fn read_notes(bytes: &[u8]) -> Result<Vec<NoteRow>, Vec<RowError>> {
    let list = List { most: MOST_ROWS, none: Problem::NoNotes, cell, lines: true };
    let (rows, mut errors) = sheet::read(bytes, &list, row)?;
    once(&rows, &mut errors);
    if errors.is_empty() { Ok(rows) } else { Err(errors.told()) }
}

/// A cell with one kind of line end, trimmed.
fn cell(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

fn row(cells: &[String], layout: &Layout<Column>, line: u64, errors: &mut Errors) -> NoteRow {
    for column in Column::ALL.iter().copied() {
        let value = layout.cell(cells, column);
        if let Some(problem) = wrong(column, value) {
            errors.push(RowError::at(line, problem).column(column.name()).value(value));
        }
    }
    let text = |column| layout.cell(cells, column).to_owned();
    let kind = columns::kind(layout.cell(cells, Column::Kind)).unwrap_or(Kind::Saw);
    if kind == Kind::Said && layout.cell(cells, Column::Consent).is_empty() {
        let said = layout.cell(cells, Column::Seen);
        errors.push(RowError::at(line, Problem::SaidWithoutConsent).column(Column::Consent.name()).value(said));
    }
    NoteRow {
        line,
        id: columns::id(layout.cell(cells, Column::Id)),
        kind,
        seen: text(Column::Seen),
        meaning: text(Column::Meaning),
        place: text(Column::Place),
        consent: text(Column::Consent),
        moment: Moment::read(layout.cell(cells, Column::Happened)),
    }
}

fn wrong(column: Column, value: &str) -> Option<Problem> {
    if value.is_empty() {
        return column.required().then_some(Problem::Required);
    }
    if value.chars().any(|c| c != '\n' && c != '\t' && is_unsafe(c)) {
        return Some(Problem::Control);
    }
    let most = if matches!(column, Column::Seen | Column::Meaning) { LONGEST } else { LONGEST_CELL };
    if value.chars().count() > most {
        return Some(Problem::TooLong(most));
    }
    match column {
        Column::Kind => columns::kind(value).is_none().then_some(Problem::NotAKind),
        Column::Happened => Moment::read(value).is_none().then_some(Problem::NotADay),
        _ => None,
    }
}

/// Each id once.
fn once(rows: &[NoteRow], errors: &mut Errors) {
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        let Some(id) = &row.id else { continue };
        if let Some(line) = first.get(id.as_str()) {
            errors.push(RowError::at(row.line, Problem::SameNote { first: *line }).column(Column::Id.name()).value(id));
        } else {
            first.insert(id, row.line);
        }
    }
}
