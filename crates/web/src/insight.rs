//! From notes to sense: the board of a challenge, its themes and insights. `/challenges/{id}/board`, `/themes/{id}`,
//! `/insights/{id}`. Everything works without script; with it the board is live.

use axum::{
    http::Method,
    routing::{get, post},
};
use freerange_domain::{
    id::{InsightId, NoteId, ThemeId, VersionId},
    insight::{Sure, Weight},
    note::Kind as NoteKind,
};
use freerange_i18n::Text;
use freerange_store::insight::{Insight, Lying, Theme, Wording};
use serde::Serialize;

use crate::{
    form::{Field, Kind, may, must},
    routes::{self, Route},
    values::When,
};

mod app;
mod board;
mod likely;
mod live;
mod one;
mod theme;

pub(crate) use app::{folder, part};

const THEME: &[Field] = &[
    may("act", Kind::Id),
    may("theme", Kind::Id),
    may("wording", Kind::Id),
    must("name", Kind::Line),
    may("follows", Kind::Many),
];
const PLACING: &[Field] =
    &[may("act", Kind::Id), must("note", Kind::Many), may("theme", Kind::Id), may("name", Kind::Line)];
const POSITION: &[Field] = &[may("act", Kind::Id), may("before", Kind::Id)];
const DROP: &[Field] = &[may("act", Kind::Id), may("seen", Kind::Many)];
const INSIGHT: &[Field] = &[
    may("insight", Kind::Id),
    may("wording", Kind::Id),
    must("says", Kind::Line),
    must("why", Kind::Prose),
    may("against", Kind::Prose),
    must("sure", Kind::Word(&["hunch", "likely", "firm"])),
    may("themes", Kind::Many),
    may("were", Kind::Many),
    may("follows", Kind::Many),
];
const NOTES: &[Field] = &[must("note", Kind::Many), must("side", Kind::Word(&["for", "against", "neither"]))];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<board::Board, _>("/challenges/{id}/board", board::show),
        routes::page::<likely::Suggestions>("/challenges/{id}/board/suggestions", get(likely::show)),
        routes::page::<board::History>("/challenges/{id}/board/history", get(board::history)),
        routes::asked::<live::Changes, _>("/challenges/{id}/board/changes", live::changes),
        routes::said::<live::Acts, live::Answers>(Method::POST, "/challenges/{id}/board/acts", post(live::acts)),
        routes::act("/challenges/{id}/placing", PLACING, post(board::place)),
        routes::act("/challenges/{id}/themes", THEME, post(theme::name)),
        routes::page::<theme::Edit>("/themes/{id}", get(theme::show)),
        routes::act("/themes/{id}", THEME, post(theme::rename)),
        routes::act("/themes/{id}/position", POSITION, post(theme::order)),
        routes::act("/themes/{id}/removal", DROP, post(theme::remove)),
        routes::asked::<one::New, _>("/challenges/{id}/insights/new", one::new),
        routes::act("/challenges/{id}/insights", INSIGHT, post(one::write)),
        routes::asked::<one::Show, _>("/insights/{id}", one::show),
        routes::page::<one::New>("/insights/{id}/edit", get(one::edit)),
        routes::act("/insights/{id}", INSIGHT, post(one::save)),
        routes::act("/insights/{id}/notes", NOTES, post(one::rest)),
        routes::act("/insights/{id}/removal", DROP, post(one::remove)),
    ]
}

/// A theme's name or an insight, in one wording.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct WordingRow {
    pub(crate) id: VersionId,
    pub(crate) says: String,
    pub(crate) why: String,
    pub(crate) against: String,
    pub(crate) sure: Option<Sure>,
    pub(crate) made_at: When,
}

impl From<Wording> for WordingRow {
    fn from(w: Wording) -> Self {
        Self { id: w.id, says: w.says, why: w.why, against: w.against, sure: w.sure, made_at: When(w.made_at) }
    }
}

fn wordings(all: Vec<Wording>) -> Vec<WordingRow> {
    all.into_iter().map(WordingRow::from).collect()
}

/// On how much something rests, in words.
fn rests(t: Text, w: &Weight) -> String {
    let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    if w.notes == 0 {
        return t.insight_rests_nothing().to_owned();
    }
    let mut parts = vec![t.count_notes(n(w.notes)), t.insight_outings(n(w.outings)), t.insight_places(n(w.places))];
    parts.push(t.insight_voices(n(w.voices)));
    if w.own > 0 {
        parts.push(t.insight_own(n(w.own)));
    }
    parts.join(" · ")
}

/// A theme on a board.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ThemeRow {
    pub(crate) id: ThemeId,
    /// What it is called.
    pub(crate) name: String,
    /// Its name, and others that stand beside it because two people named it at once.
    pub(crate) names: Vec<WordingRow>,
    pub(crate) weight: Weight,
    /// The same in words.
    pub(crate) rests: String,
}

impl ThemeRow {
    fn of(t: Text, theme: Theme) -> Self {
        let names = wordings(theme.names);
        let name = names.first().map(|n| n.says.clone()).unwrap_or_default();
        Self { id: theme.id, name, names, rests: rests(t, &theme.weight), weight: theme.weight }
    }
}

/// An insight in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: InsightId,
    /// What it says, and what stands beside it because two people wrote at once.
    pub(crate) wordings: Vec<WordingRow>,
    /// What it says, in short.
    pub(crate) says: String,
    pub(crate) sure: Option<Sure>,
    pub(crate) weight: Weight,
    /// How much speaks against it.
    pub(crate) against: Weight,
    /// On how much it rests, in words.
    pub(crate) rests: String,
    /// How much speaks against it, in words; empty when nothing does.
    pub(crate) opposed: String,
}

impl Row {
    pub(crate) fn of(t: Text, i: Insight) -> Self {
        let wordings = wordings(i.wordings);
        let (says, sure) = wordings.first().map(|w| (w.says.clone(), w.sure)).unwrap_or_default();
        let opposed = if i.against.notes > 0 { rests(t, &i.against) } else { String::new() };
        let rests = rests(t, &i.weight);
        Self { id: i.id, wordings, says, sure, weight: i.weight, against: i.against, rests, opposed }
    }
}

/// A note as it lies on a board.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LyingRow {
    pub(crate) id: NoteId,
    pub(crate) kind: NoteKind,
    pub(crate) seen: String,
    pub(crate) place: Option<String>,
    pub(crate) outing: String,
    /// Whether it rests on a consent.
    pub(crate) consented: bool,
    /// The theme it lies in.
    pub(crate) theme: Option<ThemeId>,
    /// Who moved it last, in the last two weeks.
    pub(crate) moved_by: Option<String>,
}

impl From<Lying> for LyingRow {
    fn from(n: Lying) -> Self {
        Self {
            id: n.id,
            kind: n.kind,
            seen: n.seen,
            place: n.place.map(|p| p.1),
            outing: n.outing_title,
            consented: n.voice.is_some(),
            theme: n.theme,
            moved_by: n.moved_by,
        }
    }
}
