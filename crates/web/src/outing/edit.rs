//! `/outings/{id}/edit`: changing an outing before it is over. What residents laid down and who agrees stay.

use askama::Template;
use axum::extract::Path;
use freerange_domain::{
    id::{OutingId, PlaceId},
    language,
    outing::Access,
    place::Level,
};
use freerange_store::{
    About, Act, may as is_allowed,
    outing::{Edit, Outing},
};
use serde::Serialize;

use super::{Row, access_words, languages, read_span, text};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    values::When,
};

pub(super) const EDIT: &[Field] = &[
    must("title", Kind::Line),
    must("description", Kind::Prose),
    may("place", Kind::Id),
    must("meeting_point", Kind::Line),
    may("host_wants", Kind::Prose),
    may("host_gets", Kind::Prose),
    must("safety_plan", Kind::Prose),
    may("access_notes", Kind::Prose),
    may("access", Kind::Many),
    must("language", Kind::Line),
    must("starts_date", Kind::Date),
    must("starts_time", Kind::Time),
    must("ends_date", Kind::Date),
    must("ends_time", Kind::Time),
    must("seats", Kind::Number),
];

/// `/outings/{id}/edit`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/edit.html")]
pub(super) struct EditOuting {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    outing: Row,
    places: Vec<(PlaceId, String)>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    #[serde(skip)]
    access: Vec<(Access, String)>,
}

fn filled(ctx: &Ctx, o: &Outing) -> Form {
    let page = ctx.chrome();
    let (starts, ends) = (When(o.listed.starts_at), When(o.listed.ends_at));
    let form = Form::empty(ctx.t)
        .with("title", &o.listed.title)
        .with("description", &o.description)
        .with("place", o.place_id.map(|p| p.to_string()).unwrap_or_default())
        .with("meeting_point", &o.meeting_point)
        .with("host_wants", &o.host_wants)
        .with("host_gets", &o.host_gets)
        .with("safety_plan", &o.safety_plan)
        .with("access_notes", &o.access_notes)
        .with("language", &o.listed.language)
        .with("starts_date", page.iso_day(&starts))
        .with("starts_time", page.iso_time(&starts))
        .with("ends_date", page.iso_day(&ends))
        .with("ends_time", page.iso_time(&ends))
        .with("seats", o.listed.seats);
    o.listed.access.iter().fold(form, |form, word| form.with("access", word))
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<OutingId>) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let form = filled(&ctx, &o);
    page(&ctx, o, form).await
}

async fn page(ctx: &Ctx, o: Outing, form: Form) -> Answer {
    is_allowed(&ctx.actor, Act::EditOuting, &About { organiser: Some(o.organiser_id), ..About::default() })?;
    let page = EditOuting {
        page: ctx.chrome(),
        form,
        outing: Row::from(o.listed),
        places: ctx.app.store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect(),
        languages: languages(),
        access: access_words(ctx),
    };
    ctx.form_page(&page.form, &page)
}

fn read(form: &mut Form, ctx: &Ctx, o: &Outing) -> Option<Edit> {
    let (title, description) = (form.line("title"), form.prose("description"));
    let (place, meeting) = (form.maybe_word::<PlaceId>("place"), form.line("meeting_point"));
    let (wants, gets, notes) = (text(form, "host_wants"), text(form, "host_gets"), text(form, "access_notes"));
    let (safety, spoken) = (form.prose("safety_plan"), form.line("language"));
    // One that is not in the list may stay as it is.
    if spoken.as_ref().is_some_and(|l| !language::is_known(l.as_str()) && l.as_str() != o.listed.language) {
        form.wrong("language", "choose");
    }
    let access: Vec<Access> = form.many("access");
    let span = read_span(form, ctx, o.listed.kind);
    let seats = form.number("seats", 1, 500);
    if form.has_errors() {
        return None;
    }
    Some(Edit {
        title: title?,
        description: description?,
        place,
        meeting_point: meeting?.into_string(),
        host_wants: wants,
        host_gets: gets,
        safety_plan: safety?.as_str().to_owned(),
        access_notes: notes,
        access,
        language: spoken?.into_string(),
        span: span?,
        seats: seats?,
    })
}

pub(super) async fn save(ctx: Ctx, Path(id): Path<OutingId>, mut form: Form) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    is_allowed(&ctx.actor, Act::EditOuting, &About { organiser: Some(o.organiser_id), ..About::default() })?;
    let Some(edit) = read(&mut form, &ctx, &o) else { return page(&ctx, o, form).await };
    match ctx.app.store.edit_outing(&ctx.actor, id, &edit, &ctx.app.zone, ctx.now).await {
        Ok(()) => ctx.done(&format!("/outings/{id}"), "outing-edited"),
        Err(error) => {
            form.refuse(error)?;
            page(&ctx, o, form).await
        }
    }
}
