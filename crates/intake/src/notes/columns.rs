//! Which column is which, by the names that form tools and the people who make forms give them.

use super::Kind;
use crate::{
    Problem, RowError,
    people::{columns::plain, list},
};

/// A column of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Kind,
    Seen,
    Meaning,
    Place,
    Consent,
    Happened,
}

impl Column {
    pub(super) const ALL: [Self; 7] =
        [Self::Id, Self::Kind, Self::Seen, Self::Meaning, Self::Place, Self::Consent, Self::Happened];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Kind => "kind",
            Self::Seen => "seen",
            Self::Meaning => "meaning",
            Self::Place => "place",
            Self::Consent => "consent",
            Self::Happened => "happened_at",
        }
    }

    pub(super) const fn required(self) -> bool {
        matches!(self, Self::Kind | Self::Seen)
    }

    /// Tools write several of these side by side (when it began, when it was sent): then the first of the list counts.
    const fn several(self) -> bool {
        matches!(self, Self::Id | Self::Happened)
    }

    /// The names it goes by without capitals and signs: `_uuid` of `KoboToolbox`, `KEY` and `meta-instanceID` of ODK, `Timestamp`
    /// of Google Forms; English, Dutch, Spanish, Korean.
    #[rustfmt::skip]
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["uuid", "metainstanceid", "instanceid", "key", "id"],
            Self::Kind => &["kind", "notekind", "kindofnote", "type", "soort", "soortnotitie", "tipo", "tipodenota", "종류", "메모종류"],
            Self::Seen => &[
                "seen", "note", "observation", "whatdidyouseeorhear", "whatdidyousee", "gezien", "notitie", "waarneming", "watzagofhoordeje",
                "visto", "nota", "observación", "observacion", "quévistouoíste", "보고들은것", "메모", "관찰",
            ],
            Self::Meaning => &["meaning", "whatimakeofit", "betekenis", "watikervanmaak", "significado", "loqueentiendo", "의미", "해석"],
            Self::Place => &["place", "neighbourhood", "neighborhood", "buurt", "wijk", "plaats", "barrio", "lugar", "동네", "장소"],
            Self::Consent => &[
                "consent", "consentcode", "codeofconsent", "code", "toestemming", "toestemmingscode", "consentimiento", "códigodeconsentimiento",
                "codigodeconsentimiento", "동의", "동의코드",
            ],
            Self::Happened => &[
                "happenedat", "happenedon", "when", "date", "day", "wanneer", "datum", "cuándo", "cuando", "fecha", "언제", "날짜",
                "today", "start", "starttime", "timestamp", "tijdstempel", "marcatemporal", "타임스탬프", "submissiondate", "submissiontime",
            ],
        }
    }
}

/// Form tools put groups before a question's name: `visit/seen`, `visit-seen`. The name after the last slash counts too.
fn names(heading: &str) -> [String; 2] {
    [plain(heading), plain(heading.rsplit('/').next().unwrap_or_default())]
}

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Layout {
    at: [Option<usize>; 7],
    pub(super) width: usize,
}

impl Layout {
    /// Reads the header.
    pub(super) fn of(header: &[String], line: u64) -> Result<Self, Vec<RowError>> {
        let names: Vec<[String; 2]> = header.iter().map(|h| names(h)).collect();
        let mut layout = Self { at: [None; 7], width: header.len() };
        let mut errors = Vec::new();
        for (column, at) in Column::ALL.into_iter().zip(&mut layout.at) {
            let stands =
                |alias: &str| (0..names.len()).filter(|i| names[*i].iter().any(|n| n == alias)).collect::<Vec<usize>>();
            let found: Vec<usize> = column.aliases().iter().flat_map(|alias| stands(alias)).collect();
            *at = found.first().copied();
            let problem = if found.is_empty() && column.required() {
                Problem::MissingColumn { name: column.name(), there: list(header.iter().cloned()) }
            } else if found.len() > 1 && !column.several() {
                Problem::DoubleColumn(list(found.iter().map(|i| header[*i].clone())))
            } else {
                continue;
            };
            errors.push(RowError::at(line, problem).column(column.name()));
        }
        if errors.is_empty() { Ok(layout) } else { Err(errors) }
    }

    /// A cell of a row; empty when the file has no such column.
    pub(super) fn cell<'r>(&self, cells: &'r [String], column: Column) -> &'r str {
        self.at[column as usize].and_then(|at| cells.get(at)).map(String::as_str).unwrap_or_default()
    }
}

/// A kind by its word, or by the sentence that forms begin with.
#[rustfmt::skip]
pub(super) fn kind(word: &str) -> Option<Kind> {
    match plain(word).as_str() {
        "saw" | "isaw" | "seen" | "ikzag" | "zag" | "gezien" | "vi" | "visto" | "보았다" | "봤다" => Some(Kind::Saw),
        "said" | "theysaid" | "quote" | "zijzeiden" | "zeiden" | "gezegd" | "citaat" | "dijeron" | "dicho" | "cita" | "그분이말했다" | "말했다" => Some(Kind::Said),
        "wonder" | "iwonder" | "question" | "ikvraagmeaf" | "vraag" | "mepregunto" | "pregunta" | "궁금하다" => Some(Kind::Wonder),
        _ => None,
    }
}

/// An id as 32 hexadecimal digits: `uuid:` before it and hyphens in it make no difference. Anything else, such as a number in a
/// sheet, is no id that could not be another sheet's too.
pub(super) fn id(cell: &str) -> Option<String> {
    let digits: String = cell.trim_start_matches("uuid:").chars().filter(|c| *c != '-').collect();
    (digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| digits.to_lowercase())
}
