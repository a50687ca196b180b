//! What a live board says and hears: acts, each under its own id, and what changed after a number. Whatever goes wrong is said
//! as JSON.

use axum::{
    Json,
    extract::{Path, Query, rejection::JsonRejection},
    http::StatusCode,
    response::IntoResponse as _,
};
use freerange_domain::{
    id::{ActId, ChallengeId, NoteId, ThemeId, VersionId},
    insight::Act as Doing,
    text::Line,
};
use freerange_store::insight::{Asked, Became};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LyingRow, Row, ThemeRow};
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
};

/// The most acts that come at once.
const ACTS_AT_ONCE: usize = 50;

/// Since when.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Since {
    /// The line that the number is of; without it, everything.
    #[serde(default)]
    #[schemars(with = "Uuid")]
    line: String,
    /// The last number that is known.
    #[serde(default)]
    after: i64,
}

/// A board, or what changed on it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Changes {
    /// The line in which changes are counted.
    line: Uuid,
    /// The number of the last change.
    last: i64,
    /// Whether this is everything.
    whole: bool,
    /// Notes that are there.
    notes: Vec<LyingRow>,
    /// All themes; nothing when nothing changed.
    themes: Vec<ThemeRow>,
    /// All insights; nothing when nothing changed.
    insights: Vec<Row>,
    /// Notes that are not there any more.
    gone: Vec<NoteId>,
}

pub(super) async fn changes(ctx: Ctx, Path(id): Path<ChallengeId>, Query(since): Query<Since>) -> Answer {
    let after = since.line.parse().ok().map(|line| (line, since.after));
    let b = ctx.app.store.board(&ctx.actor, id, after).await?;
    let changes = Changes {
        line: b.line,
        last: b.last,
        whole: b.whole,
        notes: b.notes.into_iter().map(LyingRow::from).collect(),
        themes: b.themes.into_iter().map(|t| ThemeRow::of(ctx.t, t)).collect(),
        insights: b.insights.into_iter().map(|i| Row::of(ctx.t, i)).collect(),
        gone: b.gone,
    };
    Ok(Json(changes).into_response())
}

/// What is done on a board.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Said {
    /// Gives a theme a name; the first name makes the theme.
    Name {
        theme: ThemeId,
        wording: VersionId,
        #[serde(default)]
        follows: Vec<VersionId>,
        name: String,
    },
    /// Puts a theme before another, or at the end.
    Order { theme: ThemeId, before: Option<ThemeId> },
    /// Dissolves a theme whose names were seen.
    Drop { theme: ThemeId, seen: Vec<VersionId> },
    /// Puts notes into a theme or takes them out.
    Place { notes: Vec<NoteId>, theme: Option<ThemeId> },
}

/// One act.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub(super) struct OneAct {
    /// Made where it is done, so that sending it twice does it once.
    id: ActId,
    #[serde(flatten)]
    what: Said,
}

/// What is done, in this order.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub(super) struct Acts {
    acts: Vec<OneAct>,
}

/// What became of an act.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct OneAnswer {
    id: ActId,
    /// Whether it is done, now or before.
    done: bool,
    /// Why not, in the reader's language.
    says: Option<String>,
}

/// What became of each.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Answers {
    answers: Vec<OneAnswer>,
}

/// A name that cannot be one is refused by itself; the other acts are done.
fn read(what: Said) -> Result<Doing, &'static str> {
    Ok(match what {
        Said::Name { theme, wording, follows, name } => {
            let name = Line::parse(&name).map_err(|problem| match problem {
                freerange_domain::text::TextProblem::TooLong(_) => "note-too-long",
                other => other.as_str(),
            })?;
            Doing::Name { theme, wording, follows, name }
        }
        Said::Order { theme, before } => Doing::Order { theme, before },
        Said::Drop { theme, seen } => Doing::Drop { theme, seen },
        Said::Place { notes, theme } => Doing::Place { notes, theme },
    })
}

pub(super) async fn acts(ctx: Ctx, Path(id): Path<ChallengeId>, body: Result<Json<Acts>, JsonRejection>) -> Answer {
    // Who may not is told so before anything is read.
    let (act, about) = (freerange_store::Act::ArrangeBoard, freerange_store::About::nothing());
    freerange_store::may(&ctx.actor, act, &about)?;
    let Json(Acts { acts }) = body.map_err(|_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "problem-unreadable"))?;
    if acts.len() > ACTS_AT_ONCE {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-records"));
    }
    let mut answers: Vec<OneAnswer> = Vec::with_capacity(acts.len());
    let mut asked = Vec::with_capacity(acts.len());
    for OneAct { id, what } in acts {
        match read(what) {
            Ok(what) => {
                asked.push(Asked { id, what });
                answers.push(OneAnswer { id, done: true, says: None });
            }
            Err(key) => answers.push(OneAnswer { id, done: false, says: Some(ctx.t.of("error", key)) }),
        }
    }
    let became = ctx.app.store.arrange(&ctx.actor, id, &asked, (ctx.today(), ctx.now)).await?;
    let mut became = became.into_iter();
    for answer in answers.iter_mut().filter(|a| a.done) {
        if let Some(Became::Refused(why)) = became.next() {
            (answer.done, answer.says) = (false, Some(Problem::from(why).says(ctx.t)));
        }
    }
    Ok(Json(Answers { answers }).into_response())
}
