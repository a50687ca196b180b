//! Where something is wrong in a file, and the list in which such spots are gathered. It may use the problems;
//! it promises that what it repeats from a file can be shown on any terminal or page.

use std::fmt;

use crate::Problem;

/// How many errors are told at most; what follows is counted.
pub const TOLD: usize = 100;
/// How many are kept to be put in order before they are cut to [`TOLD`]. A wrong file of 64 MB can hold millions.
const KEPT: usize = 10_000;
/// How much of a value is repeated, in characters.
const SHOWN: usize = 60;

/// What is wrong at one spot of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file, from 1. Zero when it is about the whole file.
    pub line: u64,
    /// Number of the feature, from 1. Boundaries only.
    pub feature: Option<u64>,
    /// The column by its name, the property, or the path inside the document.
    pub column: Option<String>,
    /// What stands there: at most 60 characters, without control characters.
    pub value: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

impl RowError {
    pub(crate) fn file(problem: Problem) -> Self {
        Self::at(0, problem)
    }

    pub(crate) fn at(line: u64, problem: Problem) -> Self {
        Self { line, feature: None, column: None, value: String::new(), problem }
    }

    pub(crate) fn feature(number: u64, problem: Problem) -> Self {
        Self { feature: Some(number), ..Self::at(0, problem) }
    }

    pub(crate) fn column(self, column: &str) -> Self {
        Self { column: Some(shown(column, SHOWN * 2)), ..self }
    }

    pub(crate) fn value(self, value: &str) -> Self {
        Self { value: shown(value, SHOWN), ..self }
    }
}

/// Characters that a file must not bring into names or onto a terminal: controls, and the marks that turn the
/// reading direction around and make one text look like another.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn shown(text: &str, most: usize) -> String {
    let mut characters = text.chars().map(|c| if is_unsafe(c) { ' ' } else { c });
    let mut shown: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.feature, self.line) {
            (Some(number), 0) => write!(f, "feature {number}")?,
            (Some(number), line) => write!(f, "feature {number} (line {line})")?,
            (None, 0) => return self.problem.fmt(f),
            (None, line) => write!(f, "line {line}")?,
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        if !self.value.is_empty() {
            write!(f, " “{}”", self.value)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for RowError {}

/// Errors as they are found.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    kept: Vec<RowError>,
    found: usize,
}

impl Errors {
    pub(crate) fn push(&mut self, error: RowError) {
        self.found += 1;
        if self.kept.len() < KEPT {
            self.kept.push(error);
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.found == 0
    }

    /// The first hundred in the order of the file, with a last one that counts the rest.
    pub(crate) fn told(mut self) -> Vec<RowError> {
        self.kept.sort_by_key(|e| (e.feature, e.line));
        self.kept.truncate(TOLD);
        let more = self.found - self.kept.len();
        if more > 0 {
            self.kept.push(RowError::file(Problem::More(more)));
        }
        self.kept
    }
}
