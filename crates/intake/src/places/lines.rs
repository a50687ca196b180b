//! The line in which each feature begins, for people who mend the file by hand. Only looked for when there are errors,
//! in a file that was already read as JSON.

use crate::{RowError, text::Lines};

/// Gives each error of a feature its line.
pub(super) fn fill(text: &str, errors: &mut [RowError]) {
    let starts = starts(text.as_bytes());
    for error in errors {
        let start = error.feature.and_then(|number| starts.get(usize::try_from(number).ok()?.checked_sub(1)?));
        error.line = start.copied().unwrap_or(error.line);
    }
}

/// The lines of the members of the outermost object's list of features.
fn starts(json: &[u8]) -> Vec<u64> {
    let mut found = Vec::new();
    let mut lines = Lines::of(json);
    // Depth 1 is the outermost object, depth 2 inside its list of features.
    let (mut depth, mut within, mut key, mut due) = (0_u32, false, &b""[..], false);
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        if due && !byte.is_ascii_whitespace() && *byte != b']' {
            found.push(lines.at(at));
            due = false;
        }
        match byte {
            b'"' => {
                let end = string_end(json, at);
                if depth == 1 {
                    key = json.get(at + 1..end).unwrap_or_default();
                }
                at = end;
            }
            b'[' | b'{' => {
                if depth == 1 {
                    within = *byte == b'[' && key == b"features";
                    due = within;
                }
                depth += 1;
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                within = within && depth > 1;
                due = false;
            }
            b',' => due = within && depth == 2,
            _ => {}
        }
        at += 1;
    }
    found
}

/// The place of the quotation mark that ends the string begun at `start`.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = json.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at,
            _ => at += 1,
        }
    }
    json.len()
}
