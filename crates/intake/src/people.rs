//! The staff list as CSV: UTF-8 with or without byte order mark, comma or semicolon, columns in any order.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use crate::{RowError, told};

/// The largest file, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;
const LONGEST_CELL: usize = 160;
const DEEPEST_TEAM: usize = 8;

/// A person of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Line of the file, from 1 with the header.
    pub line: u64,
    /// The city's own number.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// Address, lower case.
    pub email: String,
    /// Path of the team from the top down; at least one part.
    pub team: Vec<String>,
    /// The manager's address, lower case.
    pub manager_email: Option<String>,
    /// Grade, as the city names it.
    pub grade: String,
    /// Language codes, lower case.
    pub languages: Vec<String>,
    /// Working pattern, in the city's words.
    pub working_pattern: String,
}

/// The columns, with the names they go by.
const COLUMNS: [(&str, bool, &[&str]); 8] = [
    ("id", true, &["id", "staff_no", "staff no", "personnel number", "personeelsnummer", "사번", "legajo", "número"]),
    ("name", true, &["name", "naam", "이름", "성명", "nombre"]),
    ("email", true, &["email", "e-mail", "mail", "e-mailadres", "이메일", "correo", "correo electrónico"]),
    ("team", true, &["team", "team path", "unit", "afdeling", "부서", "팀", "equipo", "área"]),
    (
        "manager_email",
        false,
        &[
            "manager_email",
            "manager email",
            "manager e-mail",
            "manager's e-mail",
            "manager",
            "leidinggevende",
            "상급자",
            "jefatura",
        ],
    ),
    ("grade", false, &["grade", "schaal", "직급", "grado", "categoría"]),
    ("languages", false, &["languages", "language", "talen", "언어", "idiomas"]),
    ("working_pattern", false, &["working_pattern", "working pattern", "werkpatroon", "근무형태", "jornada"]),
];

struct Layout([Option<usize>; 8]);

impl Layout {
    fn cell<'r>(&self, record: &'r StringRecord, column: usize) -> &'r str {
        self.0[column].and_then(|at| record.get(at)).unwrap_or_default().trim()
    }
}

/// Reads a staff list. All rows or every error.
pub fn read_people(bytes: &[u8]) -> Result<Vec<PersonRow>, Vec<RowError>> {
    // With \r\n the reader counts lines one too low; people look them up in their editor.
    let text = decoded(bytes)?.replace("\r\n", "\n");
    let mut reader = ReaderBuilder::new().delimiter(delimiter(&text)).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| RowError::file(e.to_string()))?.clone();
    let layout = layout(&header)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => match row(&record, &layout, header.len(), &mut errors) {
                Some(row) => rows.push(row),
                None if errors.len() > 10_000 => break,
                None => {}
            },
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                errors.push(RowError::new(line, None, "", error.to_string()));
            }
        }
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(RowError::file("there is a header but no person; nothing to import"));
    }
    together(&rows, &mut errors);
    if errors.is_empty() { Ok(rows) } else { Err(told(errors)) }
}

fn decoded(bytes: &[u8]) -> Result<&str, Vec<RowError>> {
    if bytes.len() > LARGEST {
        return Err(RowError::file("the file is larger than 64 MB; split it or leave out columns"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(RowError::file("the file is UTF-16; save it as “CSV UTF-8”"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|b| *b == b'\n').count() as u64;
        vec![RowError::new(line, None, "", "is not UTF-8; save the file as “CSV UTF-8” and try again")]
    })?;
    if text.trim().is_empty() {
        return Err(RowError::file("the file is empty"));
    }
    Ok(text)
}

/// Whichever of comma, semicolon and tab is most frequent in the header.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |c: char| header.chars().filter(|h| *h == c).count();
    if count(';') > count(',') {
        b';'
    } else if count('\t') > count(',') {
        b'\t'
    } else {
        b','
    }
}

fn layout(header: &StringRecord) -> Result<Layout, Vec<RowError>> {
    let names: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
    let mut layout = Layout([None; 8]);
    let mut errors = Vec::new();
    for (at, (column, required, aliases)) in COLUMNS.iter().enumerate() {
        let found: Vec<usize> =
            names.iter().enumerate().filter(|(_, n)| aliases.contains(&n.as_str())).map(|(i, _)| i).collect();
        match found.as_slice() {
            [one] => layout.0[at] = Some(*one),
            [] if *required => {
                let there = names.join(", ");
                errors.push(RowError::new(
                    1,
                    Some(column),
                    &there,
                    format!("the column “{column}” is missing; add it"),
                ));
            }
            [] => {}
            _ => errors.push(RowError::new(
                1,
                Some(column),
                "",
                format!("the column “{column}” is there twice; keep one"),
            )),
        }
    }
    if errors.is_empty() { Ok(layout) } else { Err(errors) }
}

fn row(record: &StringRecord, layout: &Layout, width: usize, errors: &mut Vec<RowError>) -> Option<PersonRow> {
    let line = record.position().map_or(0, csv::Position::line);
    let before = errors.len();
    if record.len() != width {
        let what = format!("has {} cells instead of {width}; look for a missing or unquoted separator", record.len());
        errors.push(RowError::new(line, None, record.get(0).unwrap_or_default(), what));
        return None;
    }
    for (at, (column, required, _)) in COLUMNS.iter().enumerate() {
        let value = layout.cell(record, at);
        let problem = if value.is_empty() && *required {
            Some("is empty; fill it in".to_owned())
        } else if value.chars().count() > LONGEST_CELL * if *column == "team" { 4 } else { 1 } {
            Some("is too long; shorten it".to_owned())
        } else if value.chars().any(char::is_control) {
            Some("has a line break or control character; remove it".to_owned())
        } else if matches!(*column, "email" | "manager_email") && !value.is_empty() && !is_email(value) {
            Some("is not an e-mail address; write it like name@city.example".to_owned())
        } else {
            None
        };
        errors.extend(problem.map(|p| RowError::new(line, Some(column), value, p)));
    }
    let team: Vec<String> =
        layout.cell(record, 3).split(['/', '>']).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
    if errors.len() == before && (team.is_empty() || team.len() > DEEPEST_TEAM) {
        let what = format!("needs one to {DEEPEST_TEAM} parts with / between them");
        errors.push(RowError::new(line, Some("team"), layout.cell(record, 3), what));
    }
    if errors.len() > before {
        return None;
    }
    let manager = layout.cell(record, 4).to_lowercase();
    Some(PersonRow {
        line,
        staff_no: layout.cell(record, 0).to_owned(),
        name: layout.cell(record, 1).to_owned(),
        email: layout.cell(record, 2).to_lowercase(),
        team,
        manager_email: (!manager.is_empty()).then_some(manager),
        grade: layout.cell(record, 5).to_owned(),
        languages: layout
            .cell(record, 6)
            .split([' ', ',', ';', '|'])
            .filter(|l| !l.is_empty())
            .map(str::to_lowercase)
            .collect(),
        working_pattern: layout.cell(record, 7).to_owned(),
    })
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || "<>()[],;:\\\"@".contains(c));
    plain(local) && plain(host) && host.contains('.') && host.split('.').all(|l| !l.is_empty()) && text.len() <= 254
}

/// What can only be seen over all rows: doubles, unknown managers, circles.
fn together(rows: &[PersonRow], errors: &mut Vec<RowError>) {
    let mut by_no: HashMap<&str, u64> = HashMap::new();
    let mut by_email: HashMap<&str, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(first) = by_no.insert(&row.staff_no, row.line) {
            let what = format!("is in line {first} too; each person stands there once");
            errors.push(RowError::new(row.line, Some("id"), &row.staff_no, what));
        }
        if let Some(first) = by_email.insert(&row.email, at) {
            let what = format!("is in line {} too; each person has an address of their own", rows[first].line);
            errors.push(RowError::new(row.line, Some("email"), &row.email, what));
        }
    }
    for row in rows {
        if let Some(manager) = &row.manager_email {
            if *manager == row.email {
                let what = "is the person's own address; leave it empty for whoever has nobody above them";
                errors.push(RowError::new(row.line, Some("manager_email"), manager, what));
            } else if !by_email.contains_key(manager.as_str()) {
                let what = "is nobody in this file; add that person or leave it empty";
                errors.push(RowError::new(row.line, Some("manager_email"), manager, what));
            }
        }
    }
    if errors.is_empty() {
        circles(rows, &by_email, errors);
    }
}

/// Follows each chain of managers once; a chain that comes back to itself is told with its members.
fn circles(rows: &[PersonRow], by_email: &HashMap<&str, usize>, errors: &mut Vec<RowError>) {
    let mut seen = vec![0_usize; rows.len()];
    for start in 0..rows.len() {
        let mark = start + 1;
        let (mut at, mut chain) = (start, Vec::new());
        while seen[at] == 0 {
            seen[at] = mark;
            chain.push(at);
            match rows[at].manager_email.as_deref().and_then(|m| by_email.get(m)) {
                Some(next) => at = *next,
                None => break,
            }
        }
        let circle = chain.iter().position(|c| *c == at).filter(|from| seen[at] == mark && (*from + 1 < chain.len()));
        if let Some(from) = circle {
            let names: Vec<&str> = chain[from..].iter().take(6).map(|i| rows[*i].email.as_str()).collect();
            let what =
                format!("is part of a circle of managers: {}; somebody must have nobody above them", names.join(" → "));
            let row = &rows[at];
            errors.push(RowError::new(
                row.line,
                Some("manager_email"),
                row.manager_email.as_deref().unwrap_or_default(),
                what,
            ));
        }
    }
}
