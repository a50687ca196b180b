//! Rounds: a season in which many people are matched to many outings at once. The programme lead runs them; everybody
//! states and sees their own wishes, managers the number of their own team. Promises that nobody sees somebody else's
//! wishes or refusal, that publishing happens wholly or not at all, and that a run belongs to one server at a time.

use freerange_domain::{
    challenge::Status as Asked,
    id::{ChallengeId, OutingId, PersonId, RoundId},
    overview::Count,
    round::{RoundProblem, Season, Stage, Week, usual_cover},
    text::Line,
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask, Row, Tx, vals},
    may,
};

mod bulk;
mod check;
mod cover;
mod edit;
mod figures;
mod instance;
mod limit;
mod outing;
mod publish;
mod repair;
mod run;
mod scarce;
mod wish;

pub use check::{Checked, Poor};
pub use cover::Cover;
pub use edit::Decided;
pub use figures::{Figures, Share, Shown};
pub use instance::{Edge, Going, Instance, Someone, Team};
pub use limit::Limits;
pub use outing::{Candidate, InRound};
pub use publish::{Outcome, Seat};
pub use repair::{GivenBack, Repair};
pub use run::{Finished, Heard, Job, Reserve, Run, Said, Why};
pub use scarce::{Limit, Scarce};
pub use wish::{Move, MyWishes, Needs, Wish};

/// A round.
#[derive(Debug, Clone)]
pub struct Round {
    /// Which.
    pub id: RoundId,
    /// In a few words.
    pub title: String,
    /// Its days.
    pub season: Season,
    /// Where it stands.
    pub stage: Stage,
    /// Visitors a neighbourhood receives in a week.
    pub place_cap: i64,
    /// Visitors a host receives in the season; none without a ceiling.
    pub host_cap: Option<i64>,
    /// How many outings are in it.
    pub outings: i64,
    /// How many people stated wishes.
    pub people: Count,
    /// When everybody was told.
    pub published_at: Option<Timestamp>,
}

/// A round to open.
#[derive(Debug, Clone)]
pub struct Opening {
    /// In a few words.
    pub title: Line,
    /// Its days.
    pub season: Season,
    /// Visitors a neighbourhood receives in a week.
    pub place_cap: i64,
    /// Visitors a host receives in the season.
    pub host_cap: Option<i64>,
}

/// What a round asks of somebody, for their first page.
#[derive(Debug, Clone)]
pub struct Todo {
    /// Which.
    pub id: RoundId,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// Last day for wishes.
    pub wishes_until: Date,
    /// Whether they stated wishes.
    pub wished: bool,
    /// Whether they got a seat; nothing before it is published, and for those who did not wish.
    pub got: Option<bool>,
    /// Whether they are asked how many of their team may be away, and have not said.
    pub cover_asked: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.title, r.starts_on, r.ends_on, r.wishes_until, r.stage, r.place_cap, r.host_cap, r.published_at,
                (SELECT COUNT(*) FROM round_outing x WHERE x.round_id = r.id) AS outings,
                (SELECT COUNT(*) FROM round_person x WHERE x.round_id = r.id) AS people
             FROM round r ",
            $rest
        )
    };
}

fn read(r: &Row) -> Result<Round> {
    Ok(Round {
        id: r.get("id")?,
        title: r.get("title")?,
        season: Season {
            starts_on: r.get("starts_on")?,
            ends_on: r.get("ends_on")?,
            wishes_until: r.get("wishes_until")?,
        },
        stage: r.get("stage")?,
        place_cap: r.get("place_cap")?,
        host_cap: r.get("host_cap")?,
        outings: r.get("outings")?,
        people: Count::of(r.get("people")?),
        published_at: r.get("published_at")?,
    })
}

pub(crate) async fn load(ask: &mut impl Ask, id: RoundId) -> Result<Round> {
    read(&ask.one(select!("WHERE r.id = $1"), vals![id]).await?)
}

/// Loads a round to change it: whoever changes the same one meanwhile waits.
async fn load_to_change(tx: &mut Tx, id: RoundId) -> Result<Round> {
    tx.hold("SELECT id FROM round WHERE id = $1 FOR UPDATE", vals![id]).await?;
    load(tx, id).await
}

fn rule(field: &'static str) -> impl Fn(RoundProblem) -> StoreError {
    move |problem| StoreError::rule(field, problem.as_str())
}

fn corrupt(e: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(e.to_string())
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(corrupt)
}

fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(corrupt)
}

/// The program lead's own acts: may they, and is the round open.
async fn to_run(tx: &mut Tx, who: &Actor, id: RoundId) -> Result<Round> {
    may(who, Act::RunRound, &About::nothing())?;
    let round = load_to_change(tx, id).await?;
    round.stage.must_be_open().map_err(rule("form"))?;
    Ok(round)
}

/// Whether an outing takes its wishes in an open round.
pub(crate) async fn takes_wishes_of(ask: &mut impl Ask, outing: OutingId) -> Result<bool> {
    let sql =
        "SELECT r.id FROM round_outing x JOIN round r ON r.id = x.round_id WHERE x.outing_id = $1 AND r.stage = 'open'";
    Ok(ask.maybe(sql, vals![outing]).await?.is_some())
}

/// Whether a free seat of an outing belongs to a round: to one that is still open, or to the reserves of a published one.
pub(crate) async fn holds_seats_of(ask: &mut impl Ask, outing: OutingId) -> Result<bool> {
    let sql = "SELECT r.id FROM round_outing x JOIN round r ON r.id = x.round_id WHERE x.outing_id = $1 AND (r.stage = 'open'
         OR (r.stage = 'published' AND EXISTS (SELECT 1 FROM round_run n JOIN round_reserve s ON s.run_id = n.id
            JOIN person w ON w.id = s.person_id
            WHERE n.round_id = r.id AND n.published AND s.outing_id = x.outing_id AND s.moved_up_at IS NULL AND w.active)))";
    Ok(ask.maybe(sql, vals![outing]).await?.is_some())
}

impl Store {
    /// Opens a round.
    pub async fn open_round(&self, who: &Actor, opening: &Opening, now: Timestamp) -> Result<RoundId> {
        may(who, Act::RunRound, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::RunRound))?;
        let mut tx = self.db.begin().await?;
        let (id, s) = (RoundId::new(), opening.season);
        tx.run(
            "INSERT INTO round (id, title, starts_on, ends_on, wishes_until, stage, place_cap, host_cap, opened_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            vals![
                id, &opening.title, s.starts_on, s.ends_on, s.wishes_until, Stage::Open, opening.place_cap, opening.host_cap, me, now
            ],
        )
        .await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: opened"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Rounds, newest first.
    pub async fn rounds(&self, who: &Actor) -> Result<Vec<Round>> {
        may(who, Act::SeeRounds, &About::nothing())?;
        (&self.db)
            .rows(select!("ORDER BY r.starts_on DESC, r.id LIMIT 100"), Vec::new())
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// One round.
    pub async fn round(&self, who: &Actor, id: RoundId) -> Result<Round> {
        may(who, Act::SeeRounds, &About::nothing())?;
        load(&mut &self.db, id).await
    }

    /// Calls a round off: nothing was placed, and its outings take wishes of their own again.
    pub async fn cancel_round(&self, who: &Actor, id: RoundId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        tx.run("UPDATE round SET stage = $2 WHERE id = $1", vals![id, Stage::Cancelled]).await?;
        tx.run("DELETE FROM round_outing WHERE round_id = $1", vals![id]).await?;
        tx.run("UPDATE round_run SET stop = TRUE WHERE round_id = $1", vals![id]).await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: called off"), now).await?;
        tx.commit().await
    }

    /// The open round that takes an outing's wishes.
    pub async fn round_of_outing(&self, who: &Actor, outing: OutingId) -> Result<Option<(RoundId, String, Date)>> {
        may(who, Act::SeeRounds, &About::nothing())?;
        (&self.db)
            .maybe(
                "SELECT r.id, r.title, r.wishes_until FROM round_outing x JOIN round r ON r.id = x.round_id
                 WHERE x.outing_id = $1 AND r.stage = 'open'",
                vals![outing],
            )
            .await?
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("wishes_until")?)))
            .transpose()
    }

    /// Challenges that outings of a round serve, for choosing.
    pub async fn round_challenges(&self, who: &Actor, id: RoundId) -> Result<Vec<(ChallengeId, String)>> {
        may(who, Act::SeeRounds, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT DISTINCT c.id, c.title FROM round_outing x JOIN outing o ON o.id = x.outing_id
                 JOIN challenge c ON c.id = o.challenge_id WHERE x.round_id = $1 AND c.status = $2 ORDER BY c.title LIMIT 200",
                vals![id, Asked::Open],
            )
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?)))
            .collect()
    }

    /// What rounds ask of somebody and have for them.
    pub async fn round_todos(&self, who: &Actor, today: Date) -> Result<Vec<Todo>> {
        let me = who.person().ok_or(StoreError::Refused(Act::StateRoundWishes))?;
        (&self.db)
            .rows(
                "SELECT r.id, r.title, r.stage, r.wishes_until,
                    EXISTS (SELECT 1 FROM round_person x WHERE x.round_id = r.id AND x.person_id = $1) AS wished,
                    EXISTS (SELECT 1 FROM round_seat s JOIN round_run n ON n.id = s.run_id
                        WHERE n.round_id = r.id AND n.published AND s.person_id = $1) AS got,
                    EXISTS (SELECT 1 FROM round_cover c WHERE c.round_id = r.id AND c.manager_id = $1
                        AND c.answered_at IS NULL) AS cover
                 FROM round r WHERE (r.stage = 'open' OR r.stage = 'published') AND r.ends_on >= $2
                 ORDER BY r.starts_on, r.id LIMIT 10",
                vals![me, today],
            )
            .await?
            .iter()
            .map(|r| {
                let (stage, wished): (Stage, bool) = (r.get("stage")?, r.get("wished")?);
                let got = (stage == Stage::Published && wished).then_some(r.get("got")?);
                let cover_asked = stage == Stage::Open && r.get::<bool>("cover")?;
                let (id, title) = (r.get("id")?, r.get("title")?);
                Ok(Todo { id, title, stage, wishes_until: r.get("wishes_until")?, wished, got, cover_asked })
            })
            .collect()
    }
}

/// How many of a manager's people may be away in a week: the manager's own number, or what is usual.
fn cover_of(answer: Option<i64>, team: i64) -> i64 {
    answer.unwrap_or_else(|| usual_cover(team))
}

/// The person behind an actor who speaks for themselves.
fn oneself(who: &Actor) -> Result<PersonId> {
    let me = who.person().ok_or(StoreError::Refused(Act::StateRoundWishes))?;
    may(who, Act::StateRoundWishes, &About::person(me))?;
    Ok(me)
}

/// Numbers of weeks, by their Mondays.
type Weeks = std::collections::BTreeMap<String, i64>;

fn weeks(text: &str) -> Result<Vec<(Week, i64)>> {
    json::<Weeks>(text)?.into_iter().map(|(day, n)| Ok((Week::of(day.parse().map_err(corrupt)?), n))).collect()
}

/// Stretches of days as they are stored: `[["2027-03-01", "2027-03-05"], ...]`.
fn stretches(text: &str) -> Result<Vec<(Date, Date)>> {
    let day = |raw: &String| raw.parse::<Date>().map_err(corrupt);
    json::<Vec<(String, String)>>(text)?.iter().map(|(from, to)| Ok((day(from)?, day(to)?))).collect()
}

fn stretches_written(stretches: &[(Date, Date)]) -> Result<String> {
    written(&stretches.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect::<Vec<_>>())
}
