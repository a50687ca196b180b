//! Decided by hand: this person must or must not go on this outing, with the reason.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    id::{OutingId, PersonId, RoundId},
    round::Edit,
};
use serde::Serialize;

use super::{Row, must_lead};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
};

const DECIDE: &[Field] = &[
    must("email", Kind::Email),
    must("outing", Kind::Id),
    must("what", Kind::Word(&["pin", "ban"])),
    must("why", Kind::Reason),
];
const UNDO: &[Field] = &[may("person", Kind::Id), may("outing", Kind::Id)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Edits>("/rounds/{id}/edits", get(show)),
        routes::act("/rounds/{id}/edits", DECIDE, post(decide)),
        routes::act("/rounds/{id}/edits/removal", UNDO, post(undo)),
    ]
}

/// A decision by hand.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct EditRow {
    person: PersonId,
    name: String,
    outing: OutingId,
    title: String,
    what: Edit,
    why: String,
    by: String,
}

/// `/rounds/{id}/edits`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/edits.html")]
pub struct Edits {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    edits: Vec<EditRow>,
    #[serde(skip)]
    outings: Vec<(OutingId, String)>,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let edits = store.round_edits(&ctx.actor, id).await?;
    let round = store.round(&ctx.actor, id).await?;
    let page = Edits {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &round),
        edits: edits
            .into_iter()
            .map(|e| EditRow {
                person: e.person,
                name: e.name,
                outing: e.outing,
                title: e.title,
                what: e.what,
                why: e.why,
                by: e.by,
            })
            .collect(),
        outings: store.round_outing_names(&ctx.actor, id).await?,
    };
    ctx.form_page(&page.form, &page)
}

async fn decide(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let (email, outing) = (form.email("email"), form.word::<OutingId>("outing"));
    let (what, why) = (form.word::<Edit>("what"), form.reason("why"));
    let (Some(email), Some(outing), Some(what), Some(why)) = (email, outing, what, why) else {
        return show_page(&ctx, id, form).await;
    };
    match ctx.app.store.decide_in_round(&ctx.actor, id, (&email, outing), what, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/rounds/{id}/edits"), "decided-by-hand"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn undo(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let (person, outing) = (form.maybe_word::<PersonId>("person"), form.maybe_word::<OutingId>("outing"));
    let (Some(person), Some(outing)) = (person, outing) else { return show_page(&ctx, id, form).await };
    ctx.app.store.undecide_in_round(&ctx.actor, id, person, outing, ctx.now).await?;
    ctx.done(&format!("/rounds/{id}/edits"), "saved")
}
