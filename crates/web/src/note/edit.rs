//! `/notes/{id}/edit`: one's own note in other words. The consent it rests on stays, and its rules apply again.

use askama::Template;
use axum::extract::Path;
use freerange_domain::{
    id::{ConsentId, NoteId, PlaceId, VersionId},
    note::Kind as NoteKind,
    place::Level,
};
use freerange_store::note::Edit;
use serde::Serialize;

use super::allowed;
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
};

pub(super) const EDIT: &[Field] = &[
    must("kind", Kind::Word(&["saw", "said", "wonder"])),
    must("seen", Kind::Prose),
    may("meaning", Kind::Prose),
    may("consent", Kind::Id),
    may("place", Kind::Id),
    may("follows", Kind::Many),
];

/// `/notes/{id}/edit`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "note/edit.html")]
pub(super) struct EditNote {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    id: NoteId,
    /// Consents that a note without one may rest on.
    consents: Vec<(ConsentId, String)>,
    #[serde(skip)]
    places: Vec<(PlaceId, String)>,
    /// The wordings that what is saved takes the place of.
    follows: Vec<VersionId>,
    /// Those of them that are not in the form.
    beside: Vec<super::WordingRow>,
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<NoteId>) -> Answer {
    let (_, note) = ctx.app.store.note_to_edit(&ctx.actor, id).await?;
    let form = Form::empty(ctx.t)
        .with("kind", note.kind)
        .with("seen", note.seen.as_str())
        .with("meaning", note.meaning)
        .with("consent", note.consent.map(|c| c.to_string()).unwrap_or_default())
        .with("place", note.place.map(|p| p.to_string()).unwrap_or_default());
    page(&ctx, id, form, note.follows).await
}

async fn page(ctx: &Ctx, id: NoteId, form: Form, follows: Vec<VersionId>) -> Answer {
    let store = &ctx.app.store;
    let (outing, note) = store.note_to_edit(&ctx.actor, id).await?;
    let cards = if note.consent.is_none() { store.my_consents(&ctx.actor, outing).await? } else { Vec::new() };
    let shown = store.wordings(&ctx.actor, id).await?.heads.into_iter().skip(1).filter(|w| follows.contains(&w.id));
    let beside = shown.map(super::WordingRow::from).collect();
    let page = EditNote {
        page: ctx.chrome(),
        form,
        id,
        consents: cards
            .into_iter()
            .filter(|c| !c.withdrawn)
            .map(|c| (c.id, format!("{} – {}", c.code.grouped(), allowed(ctx, c.uses))))
            .collect(),
        places: store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect(),
        follows,
        beside,
    };
    ctx.form_page(&page.form, &page)
}

pub(super) async fn save(ctx: Ctx, Path(id): Path<NoteId>, mut form: Form) -> Answer {
    let kind = form.word::<NoteKind>("kind");
    let (seen, meaning) = (form.prose("seen"), form.maybe_prose("meaning"));
    let (consent, place) = (form.maybe_word("consent"), form.maybe_word("place"));
    let follows = form.many::<VersionId>("follows");
    let (false, Some(kind), Some(seen)) = (form.has_errors(), kind, seen) else {
        return page(&ctx, id, form, follows).await;
    };
    let meaning = meaning.map(|m| m.as_str().to_owned()).unwrap_or_default();
    let edit = Edit { kind, seen, meaning, place, consent, follows: follows.clone() };
    match ctx.app.store.edit_note(&ctx.actor, id, &edit, ctx.now).await {
        Ok(()) => ctx.done(&format!("/notes/{id}"), "note-edited"),
        Err(error) => {
            form.refuse(error)?;
            page(&ctx, id, form, follows).await
        }
    }
}
