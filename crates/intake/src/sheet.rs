//! A table as it comes out of a spreadsheet or a form tool: UTF-8, comma, semicolon or tab, columns in any order, found by
//! the names that people give them. It knows text and errors and no particular list; it promises that every row it hands on
//! is as wide as the header and stands on the line that is said.

use std::marker::PhantomData;

use csv::{ByteRecord, ReaderBuilder};

use crate::{
    Problem, RowError,
    error::{Errors, shown},
    text::{Lines, decoded},
};

/// The columns of a list.
pub(crate) trait Column: Copy + 'static {
    const ALL: &'static [Self];

    /// The name by which errors call it.
    fn name(self) -> &'static str;

    fn required(self) -> bool;

    /// The names it goes by, as [`plain`] leaves them. The first of these counts before the next.
    fn aliases(self) -> &'static [&'static str];

    /// Whether several of these may stand side by side; then the first of the aliases counts.
    fn several(self) -> bool {
        false
    }

    /// What a heading may be called.
    fn names(heading: &str) -> Vec<String> {
        vec![plain(heading)]
    }

    /// Its place in [`Column::ALL`].
    fn place(self) -> usize;
}

/// What is particular to a list.
pub(crate) struct List {
    /// The most rows of a file.
    pub(crate) most: usize,
    /// What is said of a file without rows.
    pub(crate) none: Problem,
    /// How a cell is cleaned.
    pub(crate) cell: fn(&[u8]) -> String,
    /// Whether a cell may have lines.
    pub(crate) lines: bool,
}

/// Reads a table row by row; what is wrong inside a row, `row` puts to the errors. What is wrong with the file as a whole ends
/// the reading.
pub(crate) fn read<C: Column, R>(
    bytes: &[u8],
    list: &List,
    row: impl Fn(&[String], &Layout<C>, u64, &mut Errors) -> R,
) -> Result<(Vec<R>, Errors), Vec<RowError>> {
    let text = decoded(bytes).map_err(|e| vec![e])?;
    let separator = separator(text);
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
        let cells: Vec<String> = record.iter().map(list.cell).collect();
        let Some(layout) = &layout else {
            layout = Some(Layout::of(&cells, line)?);
            continue;
        };
        // Spreadsheets leave rows of nothing but separators behind.
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if rows.len() == list.most {
            return Err(vec![RowError::at(line, Problem::TooManyRows(list.most))]);
        }
        if layout.width == cells.len() {
            rows.push(row(&cells, layout, line, &mut errors));
        } else {
            errors.push(width(&record, &cells, layout.width, line, list.lines));
        }
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![RowError::file(list.none.clone())]);
    }
    Ok((rows, errors))
}

/// A row that is wider or narrower than the header. Where cells have one line each, a line in one shows where a quotation
/// mark is missing.
fn width(record: &ByteRecord, cells: &[String], columns: usize, line: u64, lines: bool) -> RowError {
    let broken = record.iter().position(|c| !lines && c.contains(&b'\n'));
    let problem = match broken {
        Some(_) => Problem::OpenQuote,
        None => Problem::WrongWidth { cells: cells.len(), columns },
    };
    let shown = cells.get(broken.unwrap_or(0)).map(String::as_str).unwrap_or_default();
    RowError::at(line, problem).value(shown)
}

/// Where each column stands.
#[derive(Debug)]
pub(crate) struct Layout<C> {
    at: Vec<Option<usize>>,
    width: usize,
    list: PhantomData<C>,
}

impl<C: Column> Layout<C> {
    /// Reads the header.
    fn of(header: &[String], line: u64) -> Result<Self, Vec<RowError>> {
        let names: Vec<Vec<String>> = header.iter().map(|h| C::names(h)).collect();
        let mut layout = Self { at: Vec::new(), width: header.len(), list: PhantomData };
        let mut errors = Vec::new();
        for column in C::ALL {
            let stands = |alias: &&str| names.iter().position(|all| all.iter().any(|n| n == alias));
            layout.at.push(column.aliases().iter().find_map(stands));
            let is_it = |i: &usize| names[*i].iter().any(|n| column.aliases().contains(&n.as_str()));
            let found: Vec<usize> = (0..header.len()).filter(is_it).collect();
            let problem = if found.is_empty() && column.required() {
                Problem::MissingColumn { name: column.name(), there: self::list(header.iter().cloned()) }
            } else if found.len() > 1 && !column.several() {
                Problem::DoubleColumn(self::list(found.iter().map(|i| header[*i].clone())))
            } else {
                continue;
            };
            errors.push(RowError::at(line, problem).column(column.name()));
        }
        if errors.is_empty() { Ok(layout) } else { Err(errors) }
    }

    /// A cell of a row; empty when the file has no such column.
    pub(crate) fn cell<'r>(&self, cells: &'r [String], column: C) -> &'r str {
        let at = self.at.get(column.place()).copied().flatten();
        at.and_then(|at| cells.get(at)).map(String::as_str).unwrap_or_default()
    }
}

/// A heading without capitals, spaces and signs: “E-mail” is “email”.
pub(crate) fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names for a sentence, shortened.
pub(crate) fn list(names: impl Iterator<Item = String>) -> String {
    shown(&names.filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", "), 200)
}

/// Comma, semicolon or tab: whichever the header has most of, outside quotation marks.
fn separator(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let [comma, others @ ..] = counts;
    others.into_iter().fold(comma, |best, other| if other.1 > best.1 { other } else { best }).0
}

/// The line of a quotation mark that opens a cell and has no end, or ends in the middle of a later line, where the
/// next such cell begins. It would swallow everybody in between.
fn open_quote(bytes: &[u8], separator: u8) -> Option<u64> {
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
