//! `GET /challenges/{id}/notes.csv`, `.json`, `.md`, `.qdpx`: the notes of a challenge to work on elsewhere; and
//! `GET /challenges/{id}/withdrawals`, which every copy names, where its holder finds what to delete.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use freerange_domain::{
    id::{ChallengeId, NoteId},
    note::Kind,
    time,
};
use freerange_export::{self as export, Collection, Rests, Words};
use freerange_i18n::Text;
use freerange_store::{media::Media, note::Exported};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    problem::Problem,
    request::{Answer, Ctx},
    values::Day,
};

/// Pictures and sounds of a project are put together in memory. Beyond so many bytes the rest are named and stay here.
const MOST_MEDIA: usize = 64 * 1024 * 1024;

fn words(t: Text) -> Words {
    let owned = |words: [&str; 3]| words.map(str::to_owned);
    Words {
        kinds: owned([t.note_saw(), t.note_said(), t.note_wonder()]),
        kind: t.note_kind().to_owned(),
        challenge: t.loop_challenge().to_owned(),
        place: t.challenge_place().to_owned(),
        outing: t.loop_outing().to_owned(),
        author: t.export_author().to_owned(),
        meaning: t.note_meaning().to_owned(),
        consent: t.note_consent().to_owned(),
        rests: owned([t.rests_on_nobody(), t.rests_not_to_be_quoted(), t.rests_may_be_quoted()]),
        duty: t.export_duty().to_owned(),
    }
}

const fn kind(kind: Kind) -> export::Kind {
    match kind {
        Kind::Saw => export::Kind::Saw,
        Kind::Said => export::Kind::Said,
        Kind::Wonder => export::Kind::Wonder,
    }
}

fn media(m: Media) -> export::Media {
    export::Media { id: m.id.0, mime: m.mime, description: m.description, bytes: None }
}

fn note(ctx: &Ctx, n: Exported) -> export::Note {
    export::Note {
        id: n.id.0,
        kind: kind(n.kind),
        seen: n.seen,
        meaning: n.meaning,
        place: n.place,
        outing: n.outing,
        author: ctx.t.export_author_name(n.author),
        day: time::day_of(n.happened_at, &ctx.app.zone).to_string(),
        rests: match n.quotable {
            None => Rests::OnNobody,
            Some(false) => Rests::NotToBeQuoted,
            Some(true) => Rests::MayBeQuoted,
        },
        media: n.media.into_iter().map(media).collect(),
    }
}

async fn collection(ctx: &Ctx, id: ChallengeId, form: &'static str) -> Result<Collection, Problem> {
    let all = ctx.app.store.export_notes(&ctx.actor, id, form, ctx.now).await?;
    Ok(Collection {
        id: id.0,
        title: all.title,
        question: all.question,
        made_at: ctx.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        withdrawals: ctx.link(&format!("/challenges/{id}/withdrawals?since={}", ctx.today())),
        notes: all.notes.into_iter().map(|n| note(ctx, n)).collect(),
    })
}

fn sent(mime: &'static str, name: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, mime.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

pub(super) async fn csv(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let all = collection(&ctx, id, "csv").await?;
    Ok(sent("text/csv; charset=utf-8; header=present", "notes.csv", export::csv(&all)))
}

pub(super) async fn json(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let all = collection(&ctx, id, "json").await?;
    Ok(sent("application/json", "notes.json", export::json(&all, ctx.t.export_duty())))
}

pub(super) async fn markdown(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let all = collection(&ctx, id, "md").await?;
    Ok(sent("text/markdown; charset=utf-8", "notes.md", export::markdown(&all, &words(ctx.t))))
}

pub(super) async fn qdpx(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let mut all = collection(&ctx, id, "qdpx").await?;
    add_files(&ctx, &mut all).await;
    let words = words(ctx.t);
    // Packing takes a while; other requests are not to wait for it.
    let made = tokio::task::spawn_blocking(move || export::qdpx(&all, &words)).await;
    match made {
        Ok(Ok(bytes)) => Ok(sent("application/zip", "notes.qdpx", bytes)),
        _ => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")),
    }
}

/// Puts pictures and sounds in. One that was taken back meanwhile, or does not fit, is left out: the copy is right without it.
async fn add_files(ctx: &Ctx, all: &mut Collection) {
    let mut left = MOST_MEDIA;
    for media in all.notes.iter_mut().flat_map(|n| &mut n.media) {
        let Ok(file) = ctx.app.store.media_file(&ctx.actor, freerange_domain::id::MediaId(media.id)).await else {
            continue;
        };
        if let Some(rest) = left.checked_sub(file.bytes.len()) {
            left = rest;
            media.bytes = Some(file.bytes);
        }
    }
}

/// A note that was taken back.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Withdrawal {
    id: NoteId,
    /// The day; not the moment, which could tell who it was.
    withdrawn_on: Day,
}

/// `/challenges/{id}/withdrawals`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "note/withdrawals.html")]
pub(super) struct Withdrawals {
    #[serde(skip)]
    page: Chrome,
    challenge: ChallengeId,
    /// From this day on; nothing when all are listed.
    since: Option<Day>,
    /// Those to delete in every copy.
    notes: Vec<Withdrawal>,
}

/// From when on.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Since {
    /// The day the copy was made; without it, all are listed.
    #[serde(default)]
    #[schemars(with = "Day")]
    since: String,
}

pub(super) async fn withdrawals(ctx: Ctx, Path(id): Path<ChallengeId>, Query(asked): Query<Since>) -> Answer {
    let since: Option<Date> = asked.since.parse().ok();
    // Where a day begins without midnight, all are listed.
    let midnight = |day| time::moment(day, jiff::civil::Time::midnight(), &ctx.app.zone).ok();
    let from = since.and_then(midnight).unwrap_or(Timestamp::MIN);
    let gone = ctx.app.store.withdrawn_since(&ctx.actor, id, from).await?;
    let row = |(id, at)| Withdrawal { id, withdrawn_on: Day(time::day_of(at, &ctx.app.zone)) };
    let notes = gone.into_iter().map(row).collect();
    ctx.page(&Withdrawals { page: ctx.chrome(), challenge: id, since: since.map(Day), notes })
}
