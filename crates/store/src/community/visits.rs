//! Visits to a neighbourhood as its group sees them: every department's and university's, to come and past, without the names
//! of those who go, and without those that serve a question of the neighbourhood but go to another city; what was heard as far as consents allow, what was done, and what was not and why.

use freerange_domain::{
    change,
    id::{OutingId, PlaceId},
    outing::{Kind, Status},
};
use jiff::{Timestamp, ToSpan as _};

use crate::{
    Result,
    db::{Ask, Row, vals},
    placement::came_back,
};

/// What became of what was heard: a change with where it stands, and why it was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Became {
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub status: change::Status,
    /// Why it was dropped.
    pub why_not: Option<String>,
}

/// A visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Which.
    pub id: OutingId,
    /// In a few words.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// From.
    pub starts_at: Timestamp,
    /// To.
    pub ends_at: Timestamp,
    /// The department of whoever organises it.
    pub department: String,
    /// Who hosts, when it is not the group itself.
    pub host: String,
    /// How many may come.
    pub seats: i64,
    /// Open or called off.
    pub status: Status,
    /// Words that may be quoted.
    pub heard: Vec<String>,
    /// What rests on it.
    pub became: Vec<Became>,
    /// What was decided about the question it served, or why the question was given up.
    pub decided: Option<String>,
    /// What the city told afterwards.
    pub told_back: Option<String>,
    /// Whether somebody went.
    pub happened: bool,
    /// When the word was due.
    pub told_by: Timestamp,
    /// Whether it is over that day.
    pub overdue: bool,
}

impl Visit {
    /// Whether the city owes a word and is late with it.
    pub const fn owes(&self) -> bool {
        self.happened && self.told_back.is_none() && self.overdue
    }
}

/// Days within which a visit is told back.
pub(crate) const TOLD_DAYS: i64 = 30;
/// How far back a group sees.
const PAST_DAYS: i64 = 730;
/// Most words of one visit.
const MOST_WORDS: i64 = 12;

macro_rules! visits {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.title, o.kind, o.starts_at, o.ends_at, o.host_name, o.seats, o.status, o.told_back, t.path AS team,
                c.outcome, c.outcome_why, c.status AS challenge_status,
                EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = o.id AND ",
            came_back!("p"),
            ") AS happened
             FROM outing o JOIN person w ON w.id = o.organiser_id JOIN team t ON t.id = w.team_id
             LEFT JOIN challenge c ON c.id = o.challenge_id
             WHERE o.place_id = $1 AND o.kind NOT IN ('free-range-day', 'learning-visit', 'secondment', 'exchange-ring') AND ",
            $rest
        )
    };
}

const PLANNED: &str =
    visits!("o.ends_at >= $2 AND o.starts_at >= $3 AND o.status = 'open' ORDER BY o.starts_at, o.id LIMIT 200");
const PAST: &str = visits!("o.ends_at < $2 AND o.starts_at >= $3 ORDER BY o.starts_at DESC, o.id LIMIT 200");

fn visit(r: &Row, now: Timestamp) -> Result<Visit> {
    let ends_at: Timestamp = r.get("ends_at")?;
    let told_by = ends_at.checked_add((TOLD_DAYS * 24).hours()).unwrap_or(Timestamp::MAX);
    let team: String = r.get("team")?;
    let decided: Option<String> = match r.get::<Option<String>>("challenge_status")?.as_deref() {
        Some("decided") => r.get("outcome")?,
        Some("ended") => r.get("outcome_why")?,
        _ => None,
    };
    Ok(Visit {
        id: r.get("id")?,
        title: r.get("title")?,
        kind: r.get("kind")?,
        starts_at: r.get("starts_at")?,
        ends_at,
        department: crate::people::department(&team).to_owned(),
        host: r.get("host_name")?,
        seats: r.get("seats")?,
        status: r.get("status")?,
        heard: Vec::new(),
        became: Vec::new(),
        decided,
        told_back: r.get("told_back")?,
        happened: r.get("happened")?,
        told_by,
        overdue: told_by < now,
    })
}

/// Visits to come and past of a place.
pub(super) async fn of_place(ask: &mut impl Ask, place: PlaceId, now: Timestamp) -> Result<(Vec<Visit>, Vec<Visit>)> {
    let since = now.checked_sub((PAST_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
    let read = |rows: Vec<Row>| rows.iter().map(|r| visit(r, now)).collect::<Result<Vec<_>>>();
    let planned = read(ask.rows(PLANNED, vals![place, now, since]).await?)?;
    let mut past = read(ask.rows(PAST, vals![place, now, since]).await?)?;
    for visit in &mut past {
        visit.heard = heard(ask, visit.id).await?;
        visit.became = became(ask, visit.id).await?;
    }
    Ok((planned, past))
}

async fn heard(ask: &mut impl Ask, outing: OutingId) -> Result<Vec<String>> {
    ask.rows(
        "SELECT n.seen FROM note n JOIN consent k ON k.id = n.consent_id
         WHERE n.outing_id = $1 AND k.quote AND k.withdrawn_at IS NULL ORDER BY n.created_at, n.id LIMIT $2",
        vals![outing, MOST_WORDS],
    )
    .await?
    .iter()
    .map(|r| r.get("seen"))
    .collect()
}

async fn became(ask: &mut impl Ask, outing: OutingId) -> Result<Vec<Became>> {
    ask.rows(
        "SELECT DISTINCT ch.id, ch.title, ch.status, ch.status_why FROM change ch JOIN change_evidence e ON e.change_id = ch.id
         JOIN note n ON n.id = e.note_id WHERE n.outing_id = $1 ORDER BY ch.id",
        vals![outing],
    )
    .await?
    .iter()
    .map(|r| {
        let status: change::Status = r.get("status")?;
        let why: Option<String> = r.get("status_why")?;
        Ok(Became { title: r.get("title")?, status, why_not: why.filter(|_| status == change::Status::Dropped) })
    })
    .collect()
}
