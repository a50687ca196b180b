//! Notes: what was seen or heard, apart from what I make of it; the consents they rest on.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
pub(crate) use freerange_domain::note::Kind as NoteKind;
use freerange_domain::{
    consent::Uses,
    id::{ChallengeId, ConsentId, MediaId, NoteId, OutingId, PersonId, PlaceId, PlacementId, VersionId},
    place::Level,
};
use freerange_store::{
    media::Media,
    note::{Draft, Note, Wording},
};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::languages,
    request::{Answer, Ctx},
    routes::{self, Route},
    upload,
    values::When,
};

mod edit;
mod export;
mod file;

const NOTE: &[Field] = &[
    may("id", Kind::Id),
    must("kind", Kind::Word(&["saw", "said", "wonder"])),
    must("seen", Kind::Prose),
    may("meaning", Kind::Prose),
    may("consent", Kind::Id),
    may("place", Kind::Id),
    may("lon", Kind::Line),
    may("lat", Kind::Line),
    may("picture", Kind::File),
    may("picture_text", Kind::Line),
];
const CONSENT: &[Field] = &[
    may("use_it", Kind::Flag),
    may("quote", Kind::Flag),
    may("picture_ok", Kind::Flag),
    may("contact", Kind::Flag),
    must("adult", Kind::Flag),
    must("language", Kind::Line),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<List, _>("/notes", list),
        routes::page::<Show>("/notes/{id}", get(show)),
        routes::act("/notes/{id}", edit::EDIT, post(edit::save)),
        routes::page::<edit::EditNote>("/notes/{id}/edit", get(edit::show)),
        routes::act("/notes/{id}/removal", &[], post(remove)),
        routes::file("/media/{id}", get(file::show)),
        routes::file("/challenges/{id}/notes.csv", get(export::csv)),
        routes::file("/challenges/{id}/notes.json", get(export::json)),
        routes::file("/challenges/{id}/notes.md", get(export::markdown)),
        routes::file("/challenges/{id}/notes.qdpx", get(export::qdpx)),
        routes::asked::<export::Withdrawals, _>("/challenges/{id}/withdrawals", export::withdrawals),
        routes::asked::<New, _>("/placements/{id}/notes/new", new),
        routes::act("/placements/{id}/notes", NOTE, post(write)),
        routes::page::<Consents>("/placements/{id}/consents", get(consents)),
        routes::act("/placements/{id}/consents", CONSENT, post(record)),
    ]
}

/// A picture or sound on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct MediaRow {
    pub(crate) id: MediaId,
    /// Whether it is heard, not seen.
    pub(crate) sound: bool,
    /// What is on it, for those who do not see or hear it.
    pub(crate) description: String,
}

impl From<Media> for MediaRow {
    fn from(m: Media) -> Self {
        Self { id: m.id, sound: m.sound(), description: m.description }
    }
}

/// A note on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: NoteId,
    pub(crate) kind: NoteKind,
    pub(crate) seen: String,
    pub(crate) meaning: String,
    pub(crate) place: Option<String>,
    pub(crate) author_id: PersonId,
    pub(crate) author: String,
    pub(crate) outing_id: OutingId,
    pub(crate) outing: String,
    pub(crate) challenge: Option<(ChallengeId, String)>,
    pub(crate) consented: bool,
    pub(crate) quotable: bool,
    /// Its pictures and sounds; each at `/media/{id}`.
    pub(crate) media: Vec<MediaRow>,
    pub(crate) happened_at: When,
    /// When its words were last changed.
    pub(crate) edited_at: Option<When>,
}

impl From<Note> for Row {
    fn from(n: Note) -> Self {
        Self {
            id: n.id,
            kind: n.kind,
            seen: n.seen,
            meaning: n.meaning,
            place: n.place,
            author_id: n.author_id,
            author: n.author,
            outing_id: n.outing_id,
            outing: n.outing,
            challenge: n.challenge,
            consented: n.consented,
            quotable: n.quotable,
            media: n.media.into_iter().map(MediaRow::from).collect(),
            happened_at: When(n.happened_at),
            edited_at: n.edited_at.map(When),
        }
    }
}

/// A note in another wording.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WordingRow {
    id: VersionId,
    seen: String,
    meaning: String,
    made_at: When,
}

impl From<Wording> for WordingRow {
    fn from(w: Wording) -> Self {
        Self { id: w.id, seen: w.seen, meaning: w.meaning, made_at: When(w.made_at) }
    }
}

/// `/notes`: one's own, or those of a challenge.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "note/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    challenge: Option<ChallengeId>,
    notes: Vec<Row>,
    number: i64,
    more: bool,
    #[serde(skip)]
    query: String,
}

/// Whose notes.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Which {
    /// The challenge; without it, one's own notes.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    challenge: String,
    /// From 1.
    #[serde(default)]
    page: i64,
}

async fn list(ctx: Ctx, Query(which): Query<Which>) -> Answer {
    let challenge: Option<ChallengeId> = which.challenge.parse().ok();
    let found = match challenge {
        Some(id) => ctx.app.store.notes_of_challenge(&ctx.actor, id, which.page).await?,
        None => ctx.app.store.my_notes(&ctx.actor, which.page).await?,
    };
    ctx.page(&List {
        page: ctx.chrome(),
        query: challenge.map(|c| format!("challenge={c}&")).unwrap_or_default(),
        challenge,
        number: found.number,
        more: found.more,
        notes: found.items.into_iter().map(Row::from).collect(),
    })
}

/// `/notes/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "note/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    note: Row,
    /// Other wordings that stand beside it, when it was changed in two places.
    beside: Vec<WordingRow>,
    /// What it said before, for its author.
    earlier: Vec<WordingRow>,
    can_edit: bool,
    can_remove: bool,
}

async fn show(ctx: Ctx, Path(id): Path<NoteId>) -> Answer {
    let note = ctx.app.store.note(&ctx.actor, id).await?;
    let owner = match &note.challenge {
        Some((challenge, _)) => Some(ctx.app.store.challenge(&ctx.actor, *challenge).await?.owner_id),
        None => None,
    };
    let about = freerange_store::About { person: Some(note.author_id), owner, ..freerange_store::About::default() };
    let can_remove = freerange_store::may(&ctx.actor, freerange_store::Act::RemoveNote, &about).is_ok();
    let can_edit = freerange_store::may(&ctx.actor, freerange_store::Act::EditNote, &about).is_ok();
    let wordings = ctx.app.store.wordings(&ctx.actor, id).await?;
    let beside = wordings.heads.into_iter().skip(1).map(WordingRow::from).collect();
    let earlier = wordings.earlier.into_iter().map(WordingRow::from).collect();
    ctx.page(&Show { page: ctx.chrome(), note: Row::from(note), beside, earlier, can_edit, can_remove })
}

async fn remove(ctx: Ctx, Path(id): Path<NoteId>) -> Answer {
    ctx.app.store.remove_note(&ctx.actor, id, ctx.now).await?;
    ctx.done("/notes", "note-removed")
}

/// `/placements/{id}/notes/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "note/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    placement: PlacementId,
    outing: String,
    /// Consents to rest on: id and what the card says.
    consents: Vec<(ConsentId, String)>,
    #[serde(skip)]
    places: Vec<(PlaceId, String)>,
}

/// Where a consent was just given, so that it is chosen already.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Resting {
    /// The consent it rests on.
    #[serde(default)]
    #[schemars(with = "ConsentId")]
    consent: String,
}

async fn new(ctx: Ctx, Path(id): Path<PlacementId>, Query(on): Query<Resting>) -> Answer {
    let kind = if on.consent.is_empty() { "saw" } else { "said" };
    // The id is made before the note is sent, so that sending twice keeps it once.
    let form = Form::empty(ctx.t).with("id", NoteId::new()).with("kind", kind).with("consent", on.consent);
    new_page(&ctx, id, form).await
}

fn allowed(ctx: &Ctx, uses: Uses) -> String {
    let words: Vec<&str> = [
        (uses.use_it, ctx.t.uses_use()),
        (uses.quote, ctx.t.uses_quote()),
        (uses.picture, ctx.t.uses_picture()),
        (uses.contact, ctx.t.uses_contact()),
    ]
    .into_iter()
    .filter_map(|(yes, word)| yes.then_some(word))
    .collect();
    if words.is_empty() { ctx.t.uses_nothing().to_owned() } else { words.join(", ") }
}

async fn new_page(ctx: &Ctx, id: PlacementId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let (p, _) = store.placement(&ctx.actor, id).await?;
    freerange_store::may(&ctx.actor, freerange_store::Act::WriteNote, &freerange_store::About::person(p.person_id))?;
    let consents = store
        .my_consents(&ctx.actor, p.outing_id)
        .await?
        .into_iter()
        .filter(|c| !c.withdrawn)
        .map(|c| (c.id, format!("{} – {}", c.code.grouped(), allowed(ctx, c.uses))))
        .collect();
    let places = store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let page = New { page: ctx.chrome(), form, placement: id, outing: p.outing, consents, places };
    ctx.form_page(&page.form, &page)
}

/// A point is kept only when both numbers were written and are on the globe.
fn point(form: &mut Form) -> Option<(f64, f64)> {
    let (lon, lat) = (form.value("lon").trim().to_owned(), form.value("lat").trim().to_owned());
    if lon.is_empty() && lat.is_empty() {
        return None;
    }
    match (lon.parse::<f64>(), lat.parse::<f64>()) {
        (Ok(x), Ok(y)) if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) => Some((x, y)),
        _ => {
            form.wrong("lon", "not-a-point");
            None
        }
    }
}

async fn write(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let kind = form.word::<NoteKind>("kind");
    let (seen, meaning) = (form.prose("seen"), form.maybe_prose("meaning"));
    let (consent, place, point) = (form.maybe_word("consent"), form.maybe_word("place"), point(&mut form));
    let note_id = form.maybe_word::<NoteId>("id").unwrap_or_default();
    let text = form.maybe_line("picture_text").map(freerange_domain::text::Line::into_string).unwrap_or_default();
    let picture = upload::picture(&mut form, "picture", &text).await?;
    if picture.is_some() && text.is_empty() {
        form.wrong("picture_text", "picture-text");
    }
    let (false, Some(kind), Some(seen)) = (form.has_errors(), kind, seen) else {
        return new_page(&ctx, id, form).await;
    };
    let draft = Draft {
        id: note_id,
        kind,
        seen,
        meaning: meaning.map(|m| m.as_str().to_owned()).unwrap_or_default(),
        place,
        point,
        consent,
        picture,
        happened_at: ctx.now,
    };
    match ctx.app.store.write_note(&ctx.actor, id, &draft, ctx.now).await {
        Ok(_) => ctx.done(&format!("/placements/{id}"), "note-kept"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, id, form).await
        }
    }
}

/// A consent card.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CardRow {
    id: ConsentId,
    code: String,
    uses: Uses,
    withdrawn: bool,
    allowed: String,
}

/// `/placements/{id}/consents`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "consent/new.html")]
pub struct Consents {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    placement: PlacementId,
    outing: String,
    cards: Vec<CardRow>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    /// The address printed on the card.
    address: String,
}

async fn consents(ctx: Ctx, Path(id): Path<PlacementId>) -> Answer {
    let form = Form::empty(ctx.t).with("language", ctx.t.lang().tag());
    consents_page(&ctx, id, form).await
}

async fn consents_page(ctx: &Ctx, id: PlacementId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let (p, _) = store.placement(&ctx.actor, id).await?;
    freerange_store::may(&ctx.actor, freerange_store::Act::WriteNote, &freerange_store::About::person(p.person_id))?;
    let cards = store
        .my_consents(&ctx.actor, p.outing_id)
        .await?
        .into_iter()
        .map(|c| CardRow {
            id: c.id,
            code: c.code.grouped(),
            uses: c.uses,
            withdrawn: c.withdrawn,
            allowed: allowed(ctx, c.uses),
        })
        .collect();
    let page = Consents {
        page: ctx.chrome(),
        form,
        placement: id,
        outing: p.outing,
        cards,
        languages: languages(),
        address: ctx.link("/told"),
    };
    ctx.form_page(&page.form, &page)
}

async fn record(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let language = form.line("language");
    if !form.flag("adult") {
        form.wrong("adult", "adult");
    }
    let (false, Some(language)) = (form.has_errors(), language) else { return consents_page(&ctx, id, form).await };
    let uses = Uses {
        use_it: form.flag("use_it"),
        quote: form.flag("quote"),
        picture: form.flag("picture_ok"),
        contact: form.flag("contact"),
    };
    match ctx.app.store.record_consent(&ctx.actor, id, uses, language.as_str(), ctx.now).await {
        Ok(_) => ctx.done(&format!("/placements/{id}/consents"), "consent-recorded"),
        Err(error) => {
            form.refuse(error)?;
            consents_page(&ctx, id, form).await
        }
    }
}
