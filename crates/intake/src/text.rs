//! Bytes to text, for every reader: size, byte order mark, UTF-8. And line numbers as an editor shows them.

use crate::{Problem, RowError};

/// The largest file, in megabytes.
pub(crate) const LARGEST_MB: usize = 64;

/// The file as text, without its byte order mark.
pub(crate) fn decoded(bytes: &[u8]) -> Result<&str, RowError> {
    if bytes.len() > LARGEST_MB * 1024 * 1024 {
        return Err(RowError::file(Problem::FileTooLarge(LARGEST_MB)));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(RowError::file(Problem::Utf16));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let mut lines = Lines::of(bytes);
        RowError::at(lines.at(error.valid_up_to()), Problem::NotUtf8)
    })?;
    if text.trim().is_empty() {
        return Err(RowError::file(Problem::FileEmpty));
    }
    Ok(text)
}

/// Counts lines while it moves forward: LF, CR LF and CR alone each end one.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(crate) const fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// The line of a byte. Bytes are asked for in rising order; an earlier one gets the line of the last.
    pub(crate) fn at(&mut self, byte: usize) -> u64 {
        while self.at < byte && self.step() {}
        self.line
    }

    /// The line of the first byte from here on that is not an empty line.
    pub(crate) fn at_text(&mut self, byte: usize) -> u64 {
        self.at(byte);
        while matches!(self.bytes.get(self.at), Some(b'\n' | b'\r')) && self.step() {}
        self.line
    }

    fn step(&mut self) -> bool {
        let Some(byte) = self.bytes.get(self.at) else { return false };
        self.at += 1;
        if *byte == b'\n' || (*byte == b'\r' && self.bytes.get(self.at) != Some(&b'\n')) {
            self.line += 1;
        }
        true
    }
}
