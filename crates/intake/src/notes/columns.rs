//! Which column is which, by the names that form tools and the people who make forms give them.

use super::Kind;
use crate::sheet::{self, plain};

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

impl sheet::Column for Column {
    const ALL: &'static [Self] =
        &[Self::Id, Self::Kind, Self::Seen, Self::Meaning, Self::Place, Self::Consent, Self::Happened];

    fn name(self) -> &'static str {
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

    fn required(self) -> bool {
        matches!(self, Self::Kind | Self::Seen)
    }

    /// Tools write several of these side by side (when it began, when it was sent): then the first of the list counts.
    fn several(self) -> bool {
        matches!(self, Self::Id | Self::Happened)
    }

    /// The names it goes by without capitals and signs: `_uuid` of `KoboToolbox`, `KEY` and `meta-instanceID` of ODK, `Timestamp`
    /// of Google Forms; English, Dutch, Spanish, Korean.
    #[rustfmt::skip]
    fn aliases(self) -> &'static [&'static str] {
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

    /// Form tools put groups before a question's name: `visit/seen`, `visit-seen`. The name after the last slash counts too.
    fn names(heading: &str) -> Vec<String> {
        vec![plain(heading), plain(heading.rsplit('/').next().unwrap_or_default())]
    }

    fn place(self) -> usize {
        self as usize
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
