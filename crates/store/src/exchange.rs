//! Exchange rings: which there are, which cities take part, and how they come in. Cities work through one link each,
//! without an account; of each other they see the places that are offered and never the people, until two are on a leg
//! in common.

use freerange_domain::{
    exchange::{Matching, NotFrom, State, Together, Version, Window},
    id::{ChallengeId, CityId, ExchangeId, GoerId, LegId, MemberId, PersonId, PostId},
    text::{Line, Reason},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, News, Result, Store, StoreError, Token, audit,
    db::{Ask as _, Row, Tx, vals},
    link::{self, Invitee, Purpose},
    may,
};

mod consent;
mod entry;
mod ledger;
mod legs;
mod letters;
mod member;
mod proposal;
mod sight;
mod spine;

pub use consent::Say;
pub use entry::{GoerEntry, PostEntry};
pub use ledger::CityAccount;
pub use legs::Waits;
pub use member::Joining;
pub use proposal::Proof;
pub use sight::{Goer, Leg, Part, Post, Proposal, Ring, Seat};

/// What the programme lead says when opening an exchange.
#[derive(Debug, Clone)]
pub struct Opening {
    /// In a few words.
    pub title: Line,
    /// The challenge it serves, if any.
    pub challenge: Option<ChallengeId>,
    /// When the stays are.
    pub season: Window,
    /// Working days of each stay.
    pub days: i64,
    /// Until when cities enter people and places.
    pub answers_until: Date,
    /// When rings become final.
    pub together: Together,
    /// How the matching chooses.
    pub matching: Matching,
    /// This city, which takes part.
    pub home: Line,
    /// How many of this city may leave at most.
    pub most_out: i64,
    /// By how many persons its ledger may be out of balance.
    pub tolerance: i64,
}

/// An exchange in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: ExchangeId,
    /// In a few words.
    pub title: String,
    /// When the stays are.
    pub season: Window,
    /// Where it stands.
    pub state: State,
    /// Cities that take part.
    pub members: i64,
}

/// A city that takes part, for a page.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Which.
    pub id: MemberId,
    /// The city, known from one exchange to the next.
    pub city: CityId,
    /// Its name.
    pub name: String,
    /// Whether it is this city.
    pub home: bool,
    /// Whom we write to; for the lead and themselves.
    pub contact: Option<(String, String)>,
    /// Whether a link of theirs opens.
    pub has_link: bool,
    /// How many may leave at most.
    pub most_out: i64,
    /// Persons its ledger may be out of balance.
    pub tolerance: i64,
    /// How many people it put forward; for the lead and themselves.
    pub goers: Option<i64>,
    /// The places it offers.
    pub posts: Vec<Post>,
}

/// An exchange, whole.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Which.
    pub id: ExchangeId,
    /// In a few words.
    pub title: String,
    /// The challenge it serves.
    pub challenge: Option<(ChallengeId, String)>,
    /// Who runs it.
    pub lead: String,
    /// When the stays are.
    pub season: Window,
    /// Working days of each stay.
    pub days: i64,
    /// Until when cities enter people and places.
    pub answers_until: Date,
    /// When rings become final.
    pub together: Together,
    /// How the matching chooses.
    pub matching: Matching,
    /// Where it stands.
    pub state: State,
    /// Who takes part.
    pub members: Vec<MemberRow>,
}

/// What every call needs to know of an exchange.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) id: ExchangeId,
    pub(crate) title: String,
    pub(crate) challenge: Option<ChallengeId>,
    pub(crate) lead: PersonId,
    pub(crate) season: Window,
    pub(crate) days: i64,
    pub(crate) answers_until: Date,
    pub(crate) together: Together,
    pub(crate) matching: Matching,
    pub(crate) state: State,
}

impl Head {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            title: row.get("title")?,
            challenge: row.get("challenge_id")?,
            lead: row.get("lead_id")?,
            season: window(row, "starts_on", "ends_on")?,
            days: row.get("days")?,
            answers_until: row.get("answers_until")?,
            together: row.get("together")?,
            matching: Matching::new(row.get("matching")?, row.get("longest")?).map_err(|e| corrupt(&e.to_string()))?,
            state: state(row)?,
        })
    }

    pub(crate) fn about(&self) -> About {
        About { exchange: Some(self.id), ..About::default() }
    }

    /// The version that is out.
    pub(crate) const fn version(&self) -> Option<&Version> {
        match &self.state {
            State::Asking(version) | State::Settled(version) => Some(version),
            State::Collecting | State::Ended(_) => None,
        }
    }
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

pub(crate) fn window(row: &Row, from: &str, to: &str) -> Result<Window> {
    Window::new(row.get(from)?, row.get(to)?).ok_or_else(|| corrupt("days are not in order"))
}

/// Reads the words of a list like `en nl`.
pub(crate) fn words<T: std::str::FromStr>(row: &Row, name: &str) -> Result<Vec<T>> {
    let text: String = row.get(name)?;
    text.split_whitespace().map(|word| word.parse().map_err(|_| corrupt(name))).collect()
}

/// Writes a list of words as it is read.
pub(crate) fn list(words: &[impl ToString]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn state(row: &Row) -> Result<State> {
    use freerange_domain::exchange::Stage;
    let why: Option<String> = row.get("stage_why")?;
    Ok(match row.get::<Stage>("stage")? {
        Stage::Collecting => State::Collecting,
        Stage::Asking => State::Asking(row.get("version")?),
        Stage::Settled => State::Settled(row.get("version")?),
        Stage::Ended => {
            State::Ended(Reason::parse(&why.unwrap_or_default()).map_err(|_| corrupt("an exchange ended without why"))?)
        }
    })
}

pub(crate) async fn load(ask: &mut impl crate::db::Ask, id: ExchangeId) -> Result<Head> {
    Head::read(&ask.one("SELECT * FROM exchange WHERE id = $1", vals![id]).await?)
}

/// The exchange for a change: others who want to change it take turns.
pub(crate) async fn hold(tx: &mut Tx, id: ExchangeId) -> Result<Head> {
    tx.hold("SELECT id FROM exchange WHERE id = $1 FOR UPDATE", vals![id]).await?;
    load(tx, id).await
}

pub(crate) async fn save_state(tx: &mut Tx, id: ExchangeId, state: &State, now: Timestamp) -> Result<()> {
    let (version, why) = match state {
        State::Asking(version) | State::Settled(version) => (version.as_str(), None),
        State::Ended(why) => ("", Some(why.as_str())),
        State::Collecting => ("", None),
    };
    tx.run(
        "UPDATE exchange SET stage = $2, stage_why = $3, version = $4, updated_at = $5 WHERE id = $1",
        vals![id, state.stage(), why, version, now],
    )
    .await?;
    Ok(())
}

/// Not at this stage: the sentence for the form.
pub(crate) const fn not_now(_: NotFrom) -> StoreError {
    StoreError::rule("form", "exchange-not-now")
}

/// A city that takes part, by the exchange it is to be in and its own id: in another exchange it is not found.
pub type OfMember = (ExchangeId, MemberId);
/// Somebody who takes part, by the exchange they are to be in and their own id.
pub type OfGoer = (ExchangeId, GoerId);
/// A place, by the exchange it is to be in and its own id.
pub type OfPost = (ExchangeId, PostId);
/// A leg, by the exchange it is to be in and its own id.
pub type OfLeg = (ExchangeId, LegId);

impl Store {
    /// Opens an exchange in which this city takes part.
    pub async fn open_exchange(&self, who: &Actor, open: &Opening, now: Timestamp) -> Result<ExchangeId> {
        may(who, Act::RunExchange, &About::nothing())?;
        let lead = who.person().ok_or(StoreError::Refused(Act::RunExchange))?;
        let over = open.season.to().tomorrow().and_then(|d| d.to_zoned_datetime(TimeZone::UTC));
        let over = over.map_err(|e| StoreError::Corrupt(e.to_string()))?.timestamp();
        let mut tx = self.db.begin().await?;
        let me = tx.one("SELECT name, email, lang FROM person WHERE id = $1", vals![lead]).await?;
        let id = ExchangeId::new();
        let (from, to) = (open.season.from(), open.season.to());
        tx.run(
            "INSERT INTO exchange (id, title, challenge_id, lead_id, starts_on, ends_on, days, answers_until, together, matching, longest,
                stage, over_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'collecting', $12, $13, $13)",
            vals![
                id, &open.title, open.challenge, lead, from, to, open.days, open.answers_until, open.together,
                open.matching.by(), open.matching.longest(), over, now
            ],
        )
        .await?;
        let city = member::city(&mut tx, &open.home, true, now).await?;
        tx.run(
            "INSERT INTO exchange_member (id, exchange_id, city_id, contact_name, contact_email, language, most_out, tolerance, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            vals![
                MemberId::new(), id, city, me.get::<String>("name")?, me.get::<String>("email")?,
                me.get::<Option<String>>("lang")?.unwrap_or_default(), open.most_out, open.tolerance, now
            ],
        )
        .await?;
        audit::record(&mut tx, who, Act::RunExchange, &format!("exchange {id}"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Who is behind the link of a city's contact or of somebody who takes part.
    pub async fn exchange_actor(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let mut db = &self.db;
        match link::open(&mut db, Purpose::Member, token, now).await {
            Ok(opened) => {
                let member = MemberId(opened.subject);
                let sql = "SELECT exchange_id FROM exchange_member WHERE id = $1";
                let exchange = db.one(sql, vals![member]).await?.get("exchange_id")?;
                Ok(Actor::Partner { exchange, member })
            }
            Err(StoreError::NotFound) => {
                let goer = GoerId(link::open(&mut db, Purpose::Goer, token, now).await?.subject);
                let sql = "SELECT m.exchange_id FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id
                     WHERE g.id = $1 AND NOT g.gone";
                Ok(Actor::Goer { exchange: db.one(sql, vals![goer]).await?.get("exchange_id")?, goer })
            }
            Err(other) => Err(other),
        }
    }

    /// Stops an exchange: what is final stays, what is open ends. Everybody is told why.
    pub async fn end_exchange(&self, who: &Actor, id: ExchangeId, why: &Reason, now: Timestamp) -> Result<()> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let head = hold(&mut tx, id).await?;
        let finals = consent::finals_of(&mut tx, id).await?;
        let state = if finals > 0 { head.state.clone().settle() } else { head.state.clone().end(why.clone()) };
        let state = state.map_err(not_now)?;
        save_state(&mut tx, id, &state, now).await?;
        self.end_open_legs(&mut tx, id, why, now).await?;
        self.tell_all(&mut tx, &head, &News::Ended { why: why.as_str().to_owned() }, now).await?;
        audit::record(&mut tx, who, Act::RunExchange, &format!("exchange {id}"), now).await?;
        tx.commit().await
    }

    /// All exchanges, newest first.
    pub async fn exchanges(&self, who: &Actor) -> Result<Vec<Listed>> {
        may(who, Act::SeeExchanges, &About::nothing())?;
        let sql =
            "SELECT x.*, (SELECT COUNT(*) FROM exchange_member m WHERE m.exchange_id = x.id) AS members FROM exchange x
             ORDER BY x.created_at DESC, x.id LIMIT 100";
        let rows = (&self.db).rows(sql, Vec::new()).await?;
        let listed = |row: &Row| {
            let head = Head::read(row)?;
            let members = row.get("members")?;
            Ok(Listed { id: head.id, title: head.title, season: head.season, state: head.state, members })
        };
        rows.iter().map(listed).collect()
    }

    /// One exchange: who takes part and what is offered. People are counted for those who may see them.
    pub async fn exchange(&self, who: &Actor, id: ExchangeId, now: Timestamp) -> Result<Exchange> {
        let mut db = &self.db;
        let head = load(&mut db, id).await?;
        may(who, Act::SeeExchanges, &head.about())?;
        let lead = db.one("SELECT name FROM person WHERE id = $1", vals![head.lead]).await?.get("name")?;
        let challenge = match head.challenge {
            Some(id) => Some((id, db.one("SELECT title FROM challenge WHERE id = $1", vals![id]).await?.get("title")?)),
            None => None,
        };
        Ok(Exchange {
            members: sight::members(&mut db, who, id, now).await?,
            id,
            title: head.title,
            challenge,
            lead,
            season: head.season,
            days: head.days,
            answers_until: head.answers_until,
            together: head.together,
            matching: head.matching,
            state: head.state,
        })
    }
}
