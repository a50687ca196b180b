//! The verifiers' own reader. It shares no code with the solver's on purpose: a mistake in one shows in the other. May
//! use the standard library and the JSON reader; promises to refuse what it does not understand, in a sentence.

use std::fs;
use std::path::Path;

use crate::json::Value;

/// Failures beyond this many are only counted, so that a broken file does not flood the terminal.
const SHOWN: usize = 20;

/// More bytes of JSON than this are no certificate of ours.
const JSON_BYTES: u64 = 128 * 1024 * 1024;

/// A table as columns of non-negative whole numbers.
pub(crate) struct Sheet {
    columns: Vec<Vec<i64>>,
}

impl Sheet {
    pub(crate) fn read(path: &Path, header: &str) -> Result<Self, String> {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("{name} cannot be read: {error}."))?;
        let body = text.strip_suffix('\n').ok_or_else(|| format!("{name} does not end with a line break."))?;
        let mut lines = body.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        if lines.next() != Some(header) {
            return Err(format!("{name} does not start with the header {header}."));
        }
        let width = header.split(',').count();
        let mut columns = vec![Vec::new(); width];
        for (number, line) in lines.enumerate() {
            let mut count = 0;
            for (column, field) in line.split(',').enumerate() {
                let value = field.parse::<u32>().ok().filter(|_| !field.starts_with('+'));
                let (Some(value), Some(column)) = (value, columns.get_mut(column)) else {
                    return Err(format!("{name}, line {}: “{line}” is not {width} whole numbers.", number + 2));
                };
                column.push(i64::from(value));
                count += 1;
            }
            if count != width {
                return Err(format!("{name}, line {}: “{line}” is not {width} whole numbers.", number + 2));
            }
        }
        Ok(Self { columns })
    }

    /// Reads a table whose first column counts 0, 1, 2, ...
    pub(crate) fn dense(path: &Path, header: &str) -> Result<Self, String> {
        let sheet = Self::read(path, header)?;
        let wrong = sheet.column(0).iter().zip(0_i64..).find(|(id, expected)| **id != *expected);
        match wrong {
            Some((id, expected)) => Err(format!("{}: id {id} stands where {expected} belongs.", path.display())),
            None => Ok(sheet),
        }
    }

    pub(crate) fn column(&self, column: usize) -> &[i64] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn len(&self) -> usize {
        self.column(0).len()
    }

    pub(crate) fn at(&self, column: usize, row: i64) -> Option<i64> {
        usize::try_from(row).ok().and_then(|row| self.column(column).get(row)).copied()
    }
}

/// Reads a certificate or `meta.json`.
pub(crate) fn json(path: &Path) -> Result<Value, String> {
    let name = path.display();
    if fs::metadata(path).is_ok_and(|about| about.len() > JSON_BYTES) {
        return Err(format!("{name} is larger than {JSON_BYTES} bytes."));
    }
    let text = fs::read(path).map_err(|error| format!("{name} cannot be read: {error}."))?;
    crate::json::parse(&text).map_err(|(line, what)| format!("{name}, line {line}: {what}."))
}

/// Collects failures, and only counts those that are too many to show.
#[derive(Default)]
pub(crate) struct Failures {
    shown: Vec<String>,
    more: usize,
}

impl Failures {
    pub(crate) fn add(&mut self, failure: String) {
        if self.shown.len() < SHOWN {
            self.shown.push(failure);
        } else {
            self.more += 1;
        }
    }

    /// Adds the failure when the claim and the recount differ.
    pub(crate) fn compare(&mut self, what: &str, claimed: Option<i64>, found: i64) {
        match claimed {
            Some(claimed) if claimed == found => {}
            Some(claimed) => self.add(format!("The certificate says {what} is {claimed}, but it is {found}.")),
            None => self.add(format!("The certificate does not say what {what} is.")),
        }
    }

    pub(crate) fn all(mut self) -> Vec<String> {
        if self.more > 0 {
            self.shown.push(format!("{} more failures are not shown.", self.more));
        }
        self.shown
    }
}
