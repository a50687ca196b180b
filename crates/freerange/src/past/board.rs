//! The demo's boards: on some open challenges a part of the notes has been put together, and somebody wrote what they think is
//! going on. By the ordinary verbs, so that nothing is there that people could not do.

use anyhow::Result;
use freerange_domain::{
    challenge::Status,
    id::{ActId, InsightId, NoteId, ThemeId, VersionId},
    insight::{Act, NOTES_AT_ONCE, Side, Sure},
    note::Kind,
    text::{Line, Prose},
};
use freerange_store::{
    Actor, Store,
    insight::{Asked, Saying},
};
use jiff::{Timestamp, civil::Date};

/// Boards that have been begun.
const BOARDS: usize = 3;

const THEMES: &[(Kind, &str)] = &[
    (Kind::Said, "Told before, and nothing came of it"),
    (Kind::Saw, "What stands in the way on the spot"),
    (Kind::Wonder, "What we do not understand yet"),
];

/// Begins some boards.
pub(super) async fn boards(store: &Store, (today, now): (Date, Timestamp)) -> Result<()> {
    let who = Actor::Program;
    let open = store.challenges(&who, Some(Status::Open), "", 1).await?.items;
    for challenge in open.iter().filter(|c| c.notes > 8).take(BOARDS) {
        let lying = store.board(&who, challenge.id, None).await?.notes;
        let mut made = None;
        for (kind, name) in THEMES {
            let (theme, wording) = (ThemeId::new(), VersionId::default());
            // Every other note is left to be placed.
            let notes: Vec<NoteId> =
                lying.iter().filter(|n| n.kind == *kind).step_by(2).take(NOTES_AT_ONCE).map(|n| n.id).collect();
            if notes.is_empty() {
                continue;
            }
            let named = Act::Name { theme, wording, follows: Vec::new(), name: Line::parse(name)? };
            let placed = Act::Place { notes, theme: Some(theme) };
            let asked = [named, placed].map(|what| Asked { id: ActId::new(), what });
            store.arrange(&who, challenge.id, &asked, (today, now)).await?;
            made = made.or(Some(theme));
        }
        let saying = Saying {
            id: VersionId::default(),
            says: Line::parse("Whoever we met had told somebody before us and never heard back")?,
            why: Prose::parse(
                "On several visits somebody said that they had rung, written or signed already. None could say what came of it.",
            )?,
            against: "We met those who come to visits. Others may never have tried, and we did not look for them."
                .to_owned(),
            sure: Sure::Likely,
            follows: Vec::new(),
        };
        let themes: Vec<ThemeId> = made.into_iter().collect();
        let insight = (InsightId::new(), &saying);
        let insight = store.write_insight(&who, challenge.id, insight, &themes, now).await?;
        if let Some(note) = lying.iter().rev().find(|n| n.kind == Kind::Saw) {
            store.rest_insight(&who, insight, &[note.id], Some(Side::Against)).await?;
        }
    }
    Ok(())
}
