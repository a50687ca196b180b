//! Reads CSV tables of whole numbers, line by line, in bounded memory. May use only the standard library; promises that
//! anything it does not understand is refused with file, line, column, what is wrong and what to do.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use crate::json::Value;

/// A line longer than this is refused: no layout here needs more than a hundred characters.
const LINE_LIMIT: u64 = 4096;
/// `meta.json` larger than this is refused.
const META_LIMIT: u64 = 1 << 20;
/// A certificate larger than this is refused; one of a million people is a tenth of it.
const JSON_LIMIT: u64 = 1 << 27;
/// More lines than this in one table are refused, so that ids and seats always fit 32 bits.
pub(crate) const ROW_LIMIT: usize = 400_000_000;

/// Why a file could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Name of the column; empty when the whole line is meant.
    pub column: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl FileError {
    pub(crate) fn whole(file: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 0, column: String::new(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}. {}", self.what, self.remedy)
    }
}

impl std::error::Error for FileError {}

/// The shape of one table: its header, and the range each column may have.
pub(crate) struct Shape<'a, const N: usize> {
    pub(crate) columns: [&'a str; N],
    pub(crate) ranges: [(i64, i64); N],
}

/// An open table, read line by line.
pub(crate) struct Table<'a, const N: usize> {
    path: PathBuf,
    shape: &'a Shape<'a, N>,
    lines: BufReader<File>,
    line: usize,
    buffer: Vec<u8>,
}

impl<'a, const N: usize> Table<'a, N> {
    pub(crate) fn open(path: &Path, shape: &'a Shape<'a, N>) -> Result<Self, FileError> {
        let file = open(path)?;
        let mut table = Self {
            path: path.to_owned(),
            shape,
            lines: BufReader::with_capacity(1 << 18, file),
            line: 0,
            buffer: Vec::new(),
        };
        let header = shape.columns.join(",");
        let wanted = format!("Start the file with the line {header}");
        if !table.next_line()? {
            return Err(FileError::whole(path, "the file is empty", wanted));
        }
        if table.buffer.starts_with(b"\xEF\xBB\xBF") {
            let remedy = "Save the file as UTF-8 without a byte order mark";
            return Err(table.error("", "a byte order mark stands before the header", remedy));
        }
        if table.buffer != header.as_bytes() {
            return Err(table.error("", "the header is not the expected one", wanted));
        }
        Ok(table)
    }

    /// The next line's numbers, each within its column's range; `None` at the end.
    pub(crate) fn row(&mut self) -> Result<Option<[i64; N]>, FileError> {
        if !self.next_line()? {
            return Ok(None);
        }
        if self.line > ROW_LIMIT {
            return Err(self.error("", "the table is too long", format!("Keep it under {ROW_LIMIT} lines")));
        }
        let mut row = [0_i64; N];
        let mut fields = self.buffer.split(|&byte| byte == b',');
        for (column, value) in row.iter_mut().enumerate() {
            let name = self.shape.columns.get(column).copied().unwrap_or_default();
            let Some(field) = fields.next() else {
                return Err(self.error(name, "the value is missing", format!("Write {N} values on each line")));
            };
            let (low, high) = self.shape.ranges.get(column).copied().unwrap_or_default();
            *value = whole(field).filter(|v| (low..=high).contains(v)).ok_or_else(|| {
                let found = String::from_utf8_lossy(field.get(..field.len().min(40)).unwrap_or_default()).into_owned();
                let wanted = if low > high {
                    "No value fits here, because the table it points to is empty".to_owned()
                } else {
                    format!("Write a whole number from {low} to {high}")
                };
                self.error(name, format!("“{found}” cannot stand here"), wanted)
            })?;
        }
        if fields.next().is_some() {
            return Err(self.error("", "the line has too many values", format!("Write {N} values on each line")));
        }
        Ok(Some(row))
    }

    pub(crate) fn error(&self, column: &str, what: impl Into<String>, remedy: impl Into<String>) -> FileError {
        FileError {
            file: self.path.clone(),
            line: self.line,
            column: column.to_owned(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// Checks that ids count 0, 1, 2, ... in the order of the lines.
    pub(crate) fn dense(&self, id: i64, expected: usize) -> Result<(), FileError> {
        if usize::try_from(id) == Ok(expected) {
            return Ok(());
        }
        let column = self.shape.columns.first().copied().unwrap_or_default();
        Err(self.error(
            column,
            format!("the id {id} is out of order"),
            format!("Write {expected}: ids count 0, 1, 2, ..."),
        ))
    }

    fn next_line(&mut self) -> Result<bool, FileError> {
        self.buffer.clear();
        self.line += 1;
        let read = (&mut self.lines).take(LINE_LIMIT).read_until(b'\n', &mut self.buffer);
        match read {
            Err(error) => {
                Err(self.error("", format!("the file cannot be read ({error})"), "Check the disk and read it again"))
            }
            Ok(0) => Ok(false),
            Ok(_) if self.buffer.last() != Some(&b'\n') => {
                let what = "the line is cut short or too long";
                Err(self.error("", what, "End every line, the last one too, with a line break, or copy the file again"))
            }
            Ok(_) => {
                self.buffer.pop();
                if self.buffer.last() == Some(&b'\r') {
                    self.buffer.pop();
                }
                Ok(true)
            }
        }
    }
}

/// At most 15 digits, with a minus sign where something can be owed; nothing else, and no zero below zero.
fn whole(field: &[u8]) -> Option<i64> {
    let (digits, sign) = field.strip_prefix(b"-").map_or((field, 1), |digits| (digits, -1));
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let size =
        digits.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))?;
    (size > 0 || sign > 0).then_some(size * sign)
}

fn open(path: &Path) -> Result<File, FileError> {
    let file = File::open(path).map_err(|error| cannot_open(path, &error))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(FileError::whole(path, "this is a folder, not a file", "Put the file in its place"));
    }
    Ok(file)
}

fn cannot_open(path: &Path, error: &std::io::Error) -> FileError {
    FileError::whole(
        path,
        format!("the file cannot be opened ({error})"),
        "Check the name of the folder and that you may read it",
    )
}

/// The counts `meta.json` announces. They guard against a table that was cut off between two lines.
pub(crate) struct Meta {
    path: PathBuf,
    value: Value,
}

impl Meta {
    pub(crate) fn read(dir: &Path, form: &str) -> Result<Self, FileError> {
        let path = dir.join("meta.json");
        let value = read_json(&path, META_LIMIT)?;
        if value.text("form") != Some(form) {
            return Err(FileError::whole(
                &path,
                format!("the form is not “{form}”"),
                "Give the folder of such an instance",
            ));
        }
        if value.integer("version") != Some(1) {
            return Err(FileError::whole(
                &path,
                "the version is not 1",
                "Write the instance in version 1 of the layout",
            ));
        }
        Ok(Self { path, value })
    }

    pub(crate) fn check(&self, key: &str, table: &str, found: usize) -> Result<(), FileError> {
        let announced = self.value.integer(key);
        if announced.and_then(|n| usize::try_from(n).ok()) == Some(found) {
            return Ok(());
        }
        let said = announced.map_or_else(|| "no number".to_owned(), |n| n.to_string());
        let what = format!("“{key}” says {said}, but {table} has {found} lines");
        Err(FileError::whole(&self.path, what, "Copy the folder again: a file may be cut short"))
    }
}

fn read_json(path: &Path, limit: u64) -> Result<Value, FileError> {
    let file = open(path)?;
    let mut text = Vec::new();
    let read = file.take(limit + 1).read_to_end(&mut text);
    if let Err(error) = read {
        return Err(FileError::whole(
            path,
            format!("the file cannot be read ({error})"),
            "Check the disk and read it again",
        ));
    }
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > limit {
        return Err(FileError::whole(path, "the file is too large", format!("Keep it under {limit} bytes")));
    }
    crate::json::parse(&text).map_err(|(line, what)| FileError {
        file: path.to_owned(),
        line,
        column: String::new(),
        what,
        remedy: "Write JSON of texts, whole numbers, lists and objects".to_owned(),
    })
}

/// Reads a certificate's JSON.
pub(crate) fn read_certificate(path: &Path) -> Result<Value, FileError> {
    read_json(path, JSON_LIMIT)
}

/// Writes a file whole or not at all: first beside its place, then moved into it.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let failed = |error: std::io::Error| {
        FileError::whole(path, format!("the file cannot be written ({error})"), "Check the folder and the free space")
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        // The half-written file is ours; leaving it would only confuse.
        drop(std::fs::remove_file(&beside));
        failed(error)
    })
}
