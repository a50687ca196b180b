//! Real data on the way in: staff lists and boundaries, read whole and checked whole. Bytes in; rows out, or
//! every error with its line, column and reason. It knows no database and nothing of the rest of the house.

pub mod people;
pub mod places;
pub mod shape;

use std::fmt;

/// How many errors are told at most; what follows is counted.
pub const TOLD: usize = 100;

/// What is wrong at one spot of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file, or number of the feature, from 1. Zero when it is about the whole file.
    pub line: u64,
    /// The column by its name, or the path inside the document.
    pub column: Option<String>,
    /// What stands there, shortened to 60 characters.
    pub value: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl RowError {
    pub(crate) fn new(line: u64, column: Option<&str>, value: &str, problem: impl Into<String>) -> Self {
        let value = value.chars().filter(|c| !c.is_control()).take(60).collect();
        Self { line, column: column.map(str::to_owned), value, problem: problem.into() }
    }

    pub(crate) fn file(problem: impl Into<String>) -> Vec<Self> {
        vec![Self::new(0, None, "", problem)]
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            if !self.value.is_empty() {
                write!(f, " “{}”", self.value)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.problem)
    }
}

/// At most [`TOLD`] errors, with a last one that counts the rest.
pub(crate) fn told(mut errors: Vec<RowError>) -> Vec<RowError> {
    if errors.len() > TOLD {
        let more = errors.len() - TOLD;
        errors.truncate(TOLD);
        errors.push(RowError::new(0, None, "", format!("and {more} more; mend these first")));
    }
    errors
}
