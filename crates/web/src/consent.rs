//! Told back: what a resident sees at their code, without an account, and taking it back.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
use freerange_domain::{code::Code, consent::Uses, id::NoteId, note::Kind as NoteKind};
use freerange_store::{Actor, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may},
    problem::Problem,
    request::{Answer, Ctx, Done},
    routes::{self, Route},
    values::When,
};

mod record;

const WITHDRAW: &[Field] = &[may("note", Kind::Id)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Door, _>("/told", door).or::<Door, Done>(),
        routes::page::<Told>("/told/{code}", get(told)),
        routes::file("/told/{code}/record.json", get(record::of_resident)),
        routes::file("/consents.json", get(record::all)),
        routes::asked::<Sure, _>("/told/{code}/withdrawal", sure),
        routes::act("/told/{code}/withdrawal", WITHDRAW, post(withdraw)),
    ]
}

/// `/told`: where the code is typed.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "consent/door.html")]
#[schemars(deny_unknown_fields)]
pub struct Door {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

/// The code as typed.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Typed {
    /// The code of a consent card, an invitation or a group that speaks for a neighbourhood.
    code: Option<String>,
}

async fn door(ctx: Ctx, Query(typed): Query<Typed>) -> Answer {
    let Some(raw) = typed.code else {
        return ctx.page(&Door { page: ctx.chrome(), form: Form::empty(ctx.t) });
    };
    let mut form = Form::empty(ctx.t).with("code", &raw);
    match raw.parse::<Code>() {
        Ok(code) => {
            // One field takes every code: of a consent, of an invitation, of a group that speaks for a neighbourhood.
            let path = match ctx.app.store.holder(&code, &ctx.from, ctx.now).await {
                Ok(Actor::Inviter(_)) => "invited",
                Ok(Actor::Neighbours(_)) => "communities",
                Ok(_) => "told",
                Err(StoreError::NotFound) => "",
                Err(other) => return Err(other.into()),
            };
            if !path.is_empty() {
                return ctx.done(&format!("/{path}/{}", code.grouped()), "code-fits");
            }
            form.wrong("code", "code-unknown");
        }
        Err(problem) => form.wrong("code", problem.as_str()),
    }
    let page = Door { page: ctx.chrome(), form };
    ctx.form_page(&page.form, &page)
}

/// A note that rests on the consent.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct NotedRow {
    id: NoteId,
    kind: NoteKind,
    seen: String,
    pictures: i64,
    sounds: i64,
    practices: Vec<String>,
}

/// `/told/{code}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "consent/told.html")]
pub struct Told {
    #[serde(skip)]
    page: Chrome,
    code: String,
    outing: String,
    outing_at: When,
    uses: Uses,
    given_at: When,
    withdrawn_at: Option<When>,
    basis: String,
    purpose: String,
    notes: Vec<NotedRow>,
    /// What became of it: title and where it stands.
    changes: Vec<(String, String)>,
    told_back: Option<String>,
}

async fn resident(ctx: &Ctx, raw: &str) -> Result<(Code, Actor), Problem> {
    let code: Code = raw.parse().map_err(|_| Problem::not_found())?;
    let actor = ctx.app.store.resident(&code, &ctx.from, ctx.now).await?;
    Ok((code, actor))
}

async fn told(ctx: Ctx, Path(raw): Path<String>) -> Answer {
    let (code, actor) = resident(&ctx, &raw).await?;
    let t = ctx.app.store.told_back(&actor).await?;
    ctx.page(&Told {
        page: ctx.chrome(),
        code: code.grouped(),
        outing: t.outing,
        outing_at: When(t.outing_at),
        uses: t.uses,
        given_at: When(t.given_at),
        withdrawn_at: t.withdrawn_at.map(When),
        basis: ctx.t.of("basis", &t.basis),
        purpose: ctx.t.of("purpose", &t.purpose),
        notes: t
            .notes
            .into_iter()
            .map(|n| NotedRow {
                id: n.id,
                kind: n.kind,
                seen: n.seen,
                pictures: n.pictures,
                sounds: n.sounds,
                practices: n.practices,
            })
            .collect(),
        changes: t.changes.into_iter().map(|(_, title, status)| (title, status)).collect(),
        told_back: t.told_back,
    })
}

/// Which note, if only one.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Which {
    /// The one note; without it, everything.
    #[serde(default)]
    #[schemars(with = "NoteId")]
    note: String,
}

/// `/told/{code}/withdrawal`: asks once more before anything is gone.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "consent/sure.html")]
pub struct Sure {
    #[serde(skip)]
    page: Chrome,
    code: String,
    /// The one note, or none when everything goes.
    note: Option<NoteId>,
    /// Its words.
    seen: Option<String>,
}

async fn sure(ctx: Ctx, Path(raw): Path<String>, Query(which): Query<Which>) -> Answer {
    let (code, actor) = resident(&ctx, &raw).await?;
    let note: Option<NoteId> = which.note.parse().ok();
    let t = ctx.app.store.told_back(&actor).await?;
    let seen = note.and_then(|id| t.notes.into_iter().find(|n| n.id == id)).map(|n| n.seen);
    if note.is_some() && seen.is_none() {
        return Err(Problem::not_found());
    }
    ctx.page(&Sure { page: ctx.chrome(), code: code.grouped(), note, seen })
}

async fn withdraw(ctx: Ctx, Path(raw): Path<String>, mut form: Form) -> Answer {
    let (code, actor) = resident(&ctx, &raw).await?;
    let note = form.maybe_word::<NoteId>("note");
    if form.has_errors() {
        return Err(Problem::not_found());
    }
    ctx.app.store.withdraw(&actor, note, ctx.now).await?;
    ctx.done(&format!("/told/{}", code.grouped()), "taken-back")
}
