//! What is shown of an exchange, and to whom. A city sees its own people and of the others only who is on a leg with it;
//! whoever goes sees their own leg, and of the ring around it the cities.

use std::collections::BTreeMap;

use freerange_domain::{
    exchange::{Account, Grade, Topic, Unfit, Version, Voice, Window, Wish},
    id::{ExchangeId, GoerId, LegId, MemberId, PlacementId, PostId},
};
use jiff::{Timestamp, civil::Date};

use super::{
    About, Act, Actor, Head, MemberRow, OfGoer, OfMember, Result, Store, entry, load, may, member::is_home, proposal,
    window, words,
};
use crate::{
    db::{Ask, Row, vals},
    link::Purpose,
};

/// A place that receives, for a page.
#[derive(Debug, Clone)]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// In a few words.
    pub title: String,
    /// What there is to see and do.
    pub shows: String,
    /// The same from the list.
    pub topics: Vec<Topic>,
    /// Languages, by code.
    pub languages: Vec<String>,
    /// Whom it suits; none named: everybody.
    pub grades: Vec<Grade>,
    /// When it can receive.
    pub free: Window,
    /// How many.
    pub guests: i64,
}

/// Somebody who takes part, for those who may see them.
#[derive(Debug, Clone)]
pub struct Goer {
    /// Which.
    pub id: GoerId,
    /// Of which city.
    pub member: MemberId,
    /// What they are called here.
    pub label: String,
    /// Whether they can answer for themselves: by address or as a colleague.
    pub answers: bool,
    /// How far in the work.
    pub grade: Grade,
    /// Languages, by code.
    pub languages: Vec<String>,
    /// When they can.
    pub free: Window,
    /// What they want to learn.
    pub learn: String,
    /// The same from the list.
    pub topics: Vec<Topic>,
    /// Where they would go, best first.
    pub wishes: Vec<Wish>,
    /// Whether any other city would do too.
    pub anywhere: bool,
    /// Why no place suits, if none does.
    pub unfit: Option<Unfit>,
}

/// What one voice said of a leg.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Whose.
    pub voice: Voice,
    /// Yes, no, or nothing yet.
    pub said: Option<bool>,
    /// Whether the city that sends said it for somebody.
    pub spoken_for: bool,
    /// Whether it was said to an earlier proposal in which the leg says the same.
    pub carried: bool,
    /// Whether the reader may answer here.
    pub mine: bool,
    /// Whether it is asked of the city that sends, for somebody without an address of their own.
    pub for_other: bool,
}

/// A leg as the reader may see it.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Which; nothing while it is only considered.
    pub id: Option<LegId>,
    /// The city that sends.
    pub from: String,
    /// The city that receives.
    pub to: String,
    /// Who, for those who may see it.
    pub goer: Option<String>,
    /// What they want to learn, for the same.
    pub learn: Option<String>,
    /// The place.
    pub post: String,
    /// What it shows.
    pub shows: String,
    /// The first working day.
    pub starts: Date,
    /// The last.
    pub ends: Date,
    /// Working days.
    pub days: i64,
    /// `asked`, `final` or `off`.
    pub state: String,
    /// Who said no or called it off.
    pub off_by: Option<Voice>,
    /// Why, for those who may see who goes.
    pub off_why: Option<String>,
    /// The three voices.
    pub seats: Vec<Seat>,
    /// Whether it was not there, or said something else, in the proposal before.
    pub new: bool,
    /// Whether the reader is on it: as the one who goes, for a city, or runs it all.
    pub mine: bool,
    /// The placement it became, for the one who goes.
    pub placement: Option<PlacementId>,
}

/// Legs that are final together or not at all.
#[derive(Debug, Clone)]
pub struct Ring {
    /// Counted from 1.
    pub number: i64,
    /// Whether it comes back to where it began.
    pub closed: bool,
    /// In the order of travel.
    pub legs: Vec<Leg>,
}

impl Ring {
    /// Whether a leg of it dropped out.
    pub fn broken(&self) -> bool {
        self.legs.iter().any(|l| l.state == "off")
    }

    /// Whether it is final.
    pub fn is_final(&self) -> bool {
        self.legs.iter().all(|l| l.state == "final")
    }

    /// The cities along it, and the first again when it is closed.
    pub fn stops(&self) -> Vec<String> {
        let mut stops: Vec<String> = self.legs.iter().map(|l| l.from.clone()).collect();
        stops.extend(self.legs.last().map(|l| l.to.clone()));
        stops
    }
}

/// A proposal as the reader may see it.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Counted from 1.
    pub number: i64,
    /// The hash of what it says.
    pub version: Version,
    /// Points reached.
    pub objective: i64,
    /// The most that any set of legs can reach.
    pub bound: i64,
    /// Its rings.
    pub rings: Vec<Ring>,
    /// Legs of the proposal before that are not in this one: from, to.
    pub gone: Vec<(String, String)>,
    /// Every city's account, by name. For whoever runs it and for cities.
    pub accounts: Vec<(String, Account)>,
}

/// An exchange as one who takes part sees it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which exchange.
    pub exchange: ExchangeId,
    /// What they entered.
    pub goer: Goer,
    /// Of which city.
    pub city: String,
}

pub(super) fn post(row: &Row) -> Result<Post> {
    Ok(Post {
        id: row.get("id")?,
        title: row.get("title")?,
        shows: row.get("shows")?,
        topics: words(row, "topics")?,
        languages: words(row, "languages")?,
        grades: words(row, "grades")?,
        free: window(row, "free_from", "free_to")?,
        guests: row.get("guests")?,
    })
}

pub(super) async fn members(ask: &mut impl Ask, who: &Actor, id: ExchangeId, now: Timestamp) -> Result<Vec<MemberRow>> {
    let sql = "SELECT m.*, c.name, c.home,
            (SELECT COUNT(*) FROM exchange_goer g WHERE g.member_id = m.id AND NOT g.gone) AS goers,
            EXISTS (SELECT 1 FROM link k WHERE k.purpose = $2 AND k.subject_id = m.id AND k.ended_at IS NULL AND k.expires_at > $3) AS linked
         FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.exchange_id = $1 ORDER BY c.home DESC, m.created_at, m.id";
    let mut members = Vec::new();
    for row in ask.rows(sql, vals![id, Purpose::Member.as_str(), now]).await? {
        let member: MemberId = row.get("id")?;
        let sees = may(who, Act::SeeExchangePeople, &About { members: vec![member], ..About::default() }).is_ok();
        let contact = (row.get("contact_name")?, row.get("contact_email")?);
        let posts =
            ask.rows("SELECT * FROM exchange_post WHERE member_id = $1 ORDER BY created_at, id", vals![member]).await?;
        members.push(MemberRow {
            id: member,
            city: row.get("city_id")?,
            name: row.get("name")?,
            home: row.get("home")?,
            contact: sees.then_some(contact),
            has_link: row.get("linked")?,
            most_out: row.get("most_out")?,
            tolerance: row.get("tolerance")?,
            goers: sees.then_some(row.get("goers")?),
            posts: posts.iter().map(post).collect::<Result<_>>()?,
        });
    }
    Ok(members)
}

fn goer(row: &Row) -> Result<Goer> {
    let person: Option<freerange_domain::id::PersonId> = row.get("person_id")?;
    Ok(Goer {
        id: row.get("id")?,
        member: row.get("member_id")?,
        label: row.get("label")?,
        answers: person.is_some() || !row.get::<String>("email")?.is_empty(),
        grade: row.get("grade")?,
        languages: words(row, "languages")?,
        free: window(row, "free_from", "free_to")?,
        learn: row.get("learn")?,
        topics: words(row, "topics")?,
        wishes: words(row, "wishes")?,
        anywhere: row.get("anywhere")?,
        unfit: None,
    })
}

/// Says of each why no place suits, if none does.
async fn with_reasons(ask: &mut impl Ask, head: &Head, mut goers: Vec<Goer>) -> Result<Vec<Goer>> {
    let question = proposal::question(ask, head).await?;
    let why: BTreeMap<GoerId, Unfit> = question
        .goers
        .iter()
        .filter_map(|g| Some((g.id, g.why_none(&question.posts, question.season, question.days)?)))
        .collect();
    for goer in &mut goers {
        goer.unfit = why.get(&goer.id).copied();
    }
    Ok(goers)
}

impl Store {
    /// A city's own people in an exchange.
    pub async fn exchange_goers(&self, who: &Actor, of: OfMember) -> Result<Vec<Goer>> {
        let (exchange, member) = of;
        may(who, Act::SeeExchangePeople, &About { members: vec![member], ..About::default() })?;
        let mut db = &self.db;
        is_home(&mut db, of).await?;
        let head = load(&mut db, exchange).await?;
        let sql = "SELECT * FROM exchange_goer WHERE member_id = $1 AND NOT gone ORDER BY created_at, id";
        let rows = db.rows(sql, vals![member]).await?;
        with_reasons(&mut db, &head, rows.iter().map(goer).collect::<Result<_>>()?).await
    }

    /// Somebody who takes part: for themselves and for those who enter for their city.
    pub async fn exchange_part(&self, who: &Actor, of: OfGoer) -> Result<Part> {
        let mut db = &self.db;
        let id = of.1;
        let whose = entry::whose(&mut db, of).await?;
        entry::may_enter_for(who, &whose, id)?;
        let head = load(&mut db, whose.exchange).await?;
        let row = db.one("SELECT * FROM exchange_goer WHERE id = $1", vals![id]).await?;
        let sql = "SELECT c.name FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.id = $1";
        let city = db.one(sql, vals![whose.member]).await?.get("name")?;
        let mut found = with_reasons(&mut db, &head, vec![goer(&row)?]).await?;
        let goer = found.pop().ok_or(crate::StoreError::NotFound)?;
        Ok(Part { exchange: whose.exchange, goer, city })
    }

    /// The reader's own part in an exchange, if they take part.
    pub async fn my_exchange_part(&self, who: &Actor, exchange: ExchangeId) -> Result<Option<GoerId>> {
        may(who, Act::TakePart, &About::nothing())?;
        let sql = "SELECT g.id FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id
             WHERE m.exchange_id = $1 AND g.person_id = $2 AND NOT g.gone";
        let row = (&self.db).maybe(sql, vals![exchange, who.person()]).await?;
        row.map(|r| r.get("id")).transpose()
    }
}
