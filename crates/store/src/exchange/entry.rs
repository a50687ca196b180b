//! What cities enter: who would go, and where guests may come. Only before a proposal is out, so that nobody says yes to
//! something that changes under their hands. Leaving is possible at any time.

use freerange_domain::{
    exchange::{Grade, Topic, Window, Wish},
    id::{ExchangeId, GoerId, MemberId, PersonId, PostId},
    people::Email,
    text::{Line, Prose, Reason},
};
use jiff::Timestamp;

use super::{OfGoer, OfMember, OfPost, hold, list, member::is_home, not_now};
use crate::{
    About, Act, Actor, News, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    link::{self, Purpose},
    may, withdrawn,
};

/// Somebody who would go.
#[derive(Debug, Clone)]
pub struct GoerEntry {
    /// A name the person agreed to, or another word for them.
    pub label: Line,
    /// An address of their own, if they want to answer themselves.
    pub email: Option<Email>,
    /// The language in which to write to them.
    pub language: String,
    /// How far in the work.
    pub grade: Grade,
    /// Languages, by code.
    pub languages: Vec<String>,
    /// When they can.
    pub free: Window,
    /// What they want to learn.
    pub learn: Prose,
    /// The same from the list, up to three.
    pub topics: Vec<Topic>,
    /// Where they would go, best first, up to three.
    pub wishes: Vec<Wish>,
    /// Whether any other city would do too.
    pub anywhere: bool,
}

/// A place that receives.
#[derive(Debug, Clone)]
pub struct PostEntry {
    /// In a few words.
    pub title: Line,
    /// What there is to see and do.
    pub shows: Prose,
    /// The same from the list.
    pub topics: Vec<Topic>,
    /// Languages in which it can, by code.
    pub languages: Vec<String>,
    /// Whom it suits; none named: everybody.
    pub grades: Vec<Grade>,
    /// When it can receive.
    pub free: Window,
    /// How many.
    pub guests: i64,
}

/// Somebody who takes part: of which exchange and city, and who they are.
pub(super) struct Whose {
    pub(super) exchange: ExchangeId,
    pub(super) member: MemberId,
    pub(super) person: Option<PersonId>,
}

impl Whose {
    pub(super) fn about(&self, goer: GoerId) -> About {
        About {
            exchange: Some(self.exchange),
            members: vec![self.member],
            person: self.person,
            goer: Some(goer),
            ..About::default()
        }
    }
}

pub(super) async fn whose(ask: &mut impl crate::db::Ask, (exchange, goer): OfGoer) -> Result<Whose> {
    let sql = "SELECT m.exchange_id, g.member_id, g.person_id FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id
         WHERE g.id = $2 AND m.exchange_id = $1 AND NOT g.gone";
    let row = ask.one(sql, vals![exchange, goer]).await?;
    Ok(Whose { exchange: row.get("exchange_id")?, member: row.get("member_id")?, person: row.get("person_id")? })
}

/// Whoever enters for a city, or the person themselves.
pub(super) fn may_enter_for(who: &Actor, whose: &Whose, goer: GoerId) -> Result<()> {
    let for_city = About { members: vec![whose.member], ..About::default() };
    may(who, Act::EnterExchange, &for_city).or_else(|_| may(who, Act::ChangeOwnPart, &whose.about(goer)))
}

/// Wishes are for other cities of the same exchange, and for their places.
async fn known(tx: &mut Tx, (exchange, own): OfMember, wishes: &[Wish]) -> Result<()> {
    for (field, wish) in ["wish_1", "wish_2", "wish_3"].into_iter().zip(wishes) {
        let found = match wish {
            Wish::Member(id) => {
                let sql = "SELECT id FROM exchange_member WHERE id = $3 AND exchange_id = $1 AND id <> $2";
                tx.maybe(sql, vals![exchange, own, *id]).await?
            }
            Wish::Post(id) => {
                let sql = "SELECT p.id FROM exchange_post p JOIN exchange_member m ON m.id = p.member_id
                     WHERE p.id = $3 AND m.exchange_id = $1 AND m.id <> $2";
                tx.maybe(sql, vals![exchange, own, *id]).await?
            }
        };
        if found.is_none() {
            return Err(StoreError::rule(field, "exchange-wish-elsewhere"));
        }
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    (exchange, member): OfMember,
    person: Option<PersonId>,
    e: &GoerEntry,
    now: Timestamp,
) -> Result<GoerId> {
    known(tx, (exchange, member), &e.wishes).await?;
    withdrawn::refuse(tx, &[("learn", e.learn.as_str())]).await?;
    let id = GoerId::new();
    tx.run(
        "INSERT INTO exchange_goer (id, member_id, person_id, label, email, language, grade, languages, free_from, free_to, learn,
            topics, wishes, anywhere, gone, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, FALSE, $15)",
        vals![
            id, member, person, &e.label, e.email.as_ref().map(Email::as_str).unwrap_or_default(), &e.language, e.grade,
            list(&e.languages), e.free.from(), e.free.to(), &e.learn, list(&e.topics),
            list(&e.wishes), e.anywhere, now
        ],
    )
    .await?;
    Ok(id)
}

impl Store {
    /// Puts somebody forward for a city. One of this city's own staff is known by work address; whoever has an address is
    /// told, with a way to look at it, change it and leave.
    pub async fn enter_goer(&self, who: &Actor, of: OfMember, entry: &GoerEntry, now: Timestamp) -> Result<GoerId> {
        let (exchange, member) = of;
        may(who, Act::EnterExchange, &About { members: vec![member], ..About::default() })?;
        let mut tx = self.db.begin().await?;
        let home = is_home(&mut tx, of).await?;
        let head = hold(&mut tx, exchange).await?;
        head.state.may_enter().map_err(not_now)?;
        let mut person = None;
        if let (true, Some(email)) = (home, &entry.email) {
            let row = tx.maybe("SELECT id FROM person WHERE email = $1 AND active", vals![email.as_str()]).await?;
            person = row.map(|r| r.get("id")).transpose()?;
            not_twice(&mut tx, member, person).await?;
        }
        let id = insert(&mut tx, of, person, entry, now).await?;
        let name = "SELECT c.name FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.id = $1";
        let city = tx.one(name, vals![member]).await?.get("name")?;
        self.tell_goer(&mut tx, &head, id, &News::PutForward { city }, now).await?;
        audit::record(&mut tx, who, Act::EnterExchange, &format!("goer {id}"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A colleague says "I want to take part".
    pub async fn take_part(
        &self,
        who: &Actor,
        exchange: ExchangeId,
        entry: &GoerEntry,
        now: Timestamp,
    ) -> Result<GoerId> {
        may(who, Act::TakePart, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::TakePart))?;
        let mut tx = self.db.begin().await?;
        let head = hold(&mut tx, exchange).await?;
        head.state.may_enter().map_err(not_now)?;
        let home = "SELECT m.id FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.exchange_id = $1 AND c.home";
        let member = tx.one(home, vals![exchange]).await?.get("id")?;
        not_twice(&mut tx, member, Some(me)).await?;
        let id =
            insert(&mut tx, (exchange, member), Some(me), &GoerEntry { email: None, ..entry.clone() }, now).await?;
        audit::record(&mut tx, who, Act::TakePart, &format!("goer {id}"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes what was entered about somebody: by their city or by themselves. Their address stays what it is.
    pub async fn edit_goer(&self, who: &Actor, of: OfGoer, e: &GoerEntry, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let (exchange, goer) = of;
        let whose = whose(&mut tx, of).await?;
        may_enter_for(who, &whose, goer)?;
        hold(&mut tx, exchange).await?.state.may_enter().map_err(not_now)?;
        known(&mut tx, (exchange, whose.member), &e.wishes).await?;
        withdrawn::refuse(&mut tx, &[("learn", e.learn.as_str())]).await?;
        tx.run(
            "UPDATE exchange_goer SET label = $2, grade = $3, languages = $4, free_from = $5, free_to = $6, learn = $7, topics = $8,
                wishes = $9, anywhere = $10 WHERE id = $1 AND NOT gone",
            vals![
                goer, &e.label, e.grade, list(&e.languages), e.free.from(), e.free.to(), &e.learn, list(&e.topics),
                list(&e.wishes), e.anywhere
            ],
        )
        .await?;
        audit::record(&mut tx, who, Act::EnterExchange, &format!("goer {goer}"), now).await?;
        tx.commit().await
    }

    /// Somebody leaves, and what was kept about them is deleted at once. A leg they are on drops out for this reason.
    pub async fn remove_goer(&self, who: &Actor, of: OfGoer, why: &Reason, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let (exchange, goer) = of;
        let whose = whose(&mut tx, of).await?;
        may_enter_for(who, &whose, goer)?;
        let head = hold(&mut tx, exchange).await?;
        self.drop_legs_of(&mut tx, &head, goer, why, now).await?;
        tx.run(
            "UPDATE exchange_goer SET person_id = NULL, label = '–', email = '', languages = '', learn = '', topics = '', wishes = '',
                gone = TRUE WHERE id = $1",
            vals![goer],
        )
        .await?;
        link::end_all(&mut tx, Purpose::Goer, goer.0, now).await?;
        audit::record(&mut tx, who, Act::ChangeOwnPart, &format!("goer {goer}"), now).await?;
        tx.commit().await
    }

    /// Offers a place of a city, or changes one.
    pub async fn enter_post(
        &self,
        who: &Actor,
        of: OfMember,
        post: Option<PostId>,
        e: &PostEntry,
        now: Timestamp,
    ) -> Result<PostId> {
        let (exchange, member) = of;
        may(who, Act::EnterExchange, &About { members: vec![member], ..About::default() })?;
        let mut tx = self.db.begin().await?;
        is_home(&mut tx, of).await?;
        hold(&mut tx, exchange).await?.state.may_enter().map_err(not_now)?;
        withdrawn::refuse(&mut tx, &[("shows", e.shows.as_str())]).await?;
        if let Some(id) = post {
            tx.one("SELECT id FROM exchange_post WHERE id = $1 AND member_id = $2", vals![id, member]).await?;
            tx.run("DELETE FROM exchange_post WHERE id = $1 AND member_id = $2", vals![id, member]).await?;
        }
        let id = post.unwrap_or_default();
        tx.run(
            "INSERT INTO exchange_post (id, member_id, title, shows, topics, languages, grades, free_from, free_to, guests, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            vals![
                id, member, &e.title, &e.shows, list(&e.topics), list(&e.languages), list(&e.grades), e.free.from(),
                e.free.to(), e.guests, now
            ],
        )
        .await?;
        audit::record(&mut tx, who, Act::EnterExchange, &format!("post {id}"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a place back.
    pub async fn remove_post(&self, who: &Actor, (exchange, post): OfPost, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let sql = "SELECT p.member_id FROM exchange_post p JOIN exchange_member m ON m.id = p.member_id
             WHERE p.id = $2 AND m.exchange_id = $1";
        let member = tx.one(sql, vals![exchange, post]).await?.get("member_id")?;
        may(who, Act::EnterExchange, &About { members: vec![member], ..About::default() })?;
        hold(&mut tx, exchange).await?.state.may_enter().map_err(not_now)?;
        tx.run("DELETE FROM exchange_post WHERE id = $1", vals![post]).await?;
        audit::record(&mut tx, who, Act::EnterExchange, &format!("post {post}"), now).await?;
        tx.commit().await
    }
}

async fn not_twice(tx: &mut Tx, member: MemberId, person: Option<PersonId>) -> Result<()> {
    let sql = "SELECT id FROM exchange_goer WHERE member_id = $1 AND person_id = $2 AND NOT gone";
    match tx.maybe(sql, vals![member, person]).await? {
        Some(_) => Err(StoreError::rule("form", "exchange-already-in")),
        None => Ok(()),
    }
}
