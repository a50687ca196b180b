//! CSV (RFC 4180): UTF-8, comma, CR LF, one header. No cell begins as a formula, so that a spreadsheet runs nothing that somebody
//! noted. Each row says where withdrawals are listed, because rows are what gets copied on.

use csv::{Terminator, WriterBuilder};

use crate::{Collection, Note};

/// The header. Programs rely on it: columns may be added at the end, none goes or is renamed.
const HEADER: [&str; 13] = [
    "id",
    "kind",
    "seen",
    "meaning",
    "place",
    "outing",
    "author",
    "day",
    "rests",
    "may_be_quoted",
    "media",
    "challenge",
    "withdrawals",
];

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it (OWASP, CSV injection).
pub fn safe(cell: &str) -> String {
    // The wide forms are those that Excel takes for the narrow ones.
    let signs = ['=', '+', '-', '@', '\'', '＝', '＋', '－', '＠'];
    let shown = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if cell.starts_with(['\t', '\r', '\n']) || shown.starts_with(signs) { format!("'{cell}") } else { cell.to_owned() }
}

fn row(all: &Collection, note: &Note) -> [String; 13] {
    let media: Vec<String> =
        note.media.iter().map(|m| format!("{} {}", m.file(), m.description).trim_end().to_owned()).collect();
    let quotable = note.rests == crate::Rests::MayBeQuoted;
    [
        note.id.to_string(),
        note.kind.as_str().to_owned(),
        safe(&note.seen),
        safe(&note.meaning),
        safe(note.place.as_deref().unwrap_or_default()),
        safe(&note.outing),
        safe(&note.author),
        note.day.clone(),
        note.rests.as_str().to_owned(),
        if quotable { "yes" } else { "no" }.to_owned(),
        safe(&media.join("\n")),
        safe(&all.title),
        all.withdrawals.clone(),
    ]
}

/// Any rows as a table, as wide as the header, each cell made safe.
pub fn rows(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| safe(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// The notes as a table.
pub fn csv(all: &Collection) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and all rows are as wide as the header.
    let _ = writer.write_record(HEADER);
    for note in &all.notes {
        let _ = writer.write_record(row(all, note));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_cell_begins_as_a_formula_and_none_loses_anything(cell in "\\PC*|[ =+@\\-\t\r\n'a]{0,6}") {
            let made = safe(&cell);
            let marked = format!("'{cell}");
            prop_assert!(made == cell || made == marked);
            let first = made.trim_start().chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@')), "{made:?}");
        }
    }
}
