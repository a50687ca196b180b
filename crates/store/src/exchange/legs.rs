//! The legs of a proposal as a reader may see them: names only for those on the leg and for whoever runs it all.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{
    exchange::{State, Voice},
    id::{ExchangeId, GoerId, MemberId, PersonId, PlacementId},
};

use super::{
    About, Act, Actor, Result, Store, load, may,
    proposal::{Drawn, question},
    sight::{Leg, Proposal, Ring, Seat},
};
use crate::db::{Ask, Row, vals};

/// Who stands where on a leg.
#[derive(Debug, Clone)]
pub(super) struct Stands {
    pub(super) from: (MemberId, bool),
    pub(super) to: (MemberId, bool),
    pub(super) goer: GoerId,
    pub(super) person: Option<PersonId>,
    /// Whether the one who goes can answer for themselves.
    pub(super) answers: bool,
}

impl Stands {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let person: Option<PersonId> = row.get("person_id")?;
        Ok(Self {
            from: (row.get("from_id")?, row.get("from_home")?),
            to: (row.get("to_id")?, row.get("to_home")?),
            goer: row.get("goer_id")?,
            person,
            answers: person.is_some() || !row.get::<String>("email")?.is_empty(),
        })
    }

    /// Whether this actor may answer as this voice. This city's voice is whoever runs the exchange; for somebody without an
    /// address their own city passes on what they say.
    pub(super) fn may_answer(&self, who: &Actor, voice: Voice) -> Result<()> {
        let city = |(member, home): (MemberId, bool)| {
            let about = About { members: vec![member], ..About::default() };
            match may(who, Act::AnswerLeg, &about) {
                Err(_) if home => may(who, Act::AnswerLegForCity, &About::nothing()),
                answer => answer,
            }
        };
        match voice {
            Voice::Person if self.answers => {
                may(who, Act::AnswerLeg, &About { person: self.person, goer: Some(self.goer), ..About::default() })
            }
            Voice::Person | Voice::Sender => city(self.from),
            Voice::Receiver => city(self.to),
        }
    }

    /// Whether this actor is on the leg, or runs the exchange.
    fn sees(&self, who: &Actor) -> bool {
        let about = About {
            person: self.person,
            goer: Some(self.goer),
            members: vec![self.from.0, self.to.0],
            ..About::default()
        };
        may(who, Act::AnswerLeg, &about).is_ok() || may(who, Act::RunExchange, &About::nothing()).is_ok()
    }
}

/// A leg with all that stands on it.
macro_rules! legs {
    ($where:literal) => {
        concat!(
            "SELECT l.*, r.exchange_id, r.number, fc.name AS from_name, fc.home AS from_home, tc.name AS to_name, tc.home AS to_home,
                g.label, g.learn, g.email, g.person_id, p.title, p.shows
             FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id
             JOIN exchange_member f ON f.id = l.from_id JOIN exchange_city fc ON fc.id = f.city_id
             JOIN exchange_member t ON t.id = l.to_id JOIN exchange_city tc ON tc.id = t.city_id
             JOIN exchange_goer g ON g.id = l.goer_id JOIN exchange_post p ON p.id = l.post_id WHERE ",
            $where
        )
    };
}
pub(super) use legs;

async fn leg(ask: &mut impl Ask, who: &Actor, row: &Row, before: &BTreeSet<String>) -> Result<(Leg, Stands)> {
    let stands = Stands::read(row)?;
    let sees = stands.sees(who);
    let state: String = row.get("state")?;
    let mut said: BTreeMap<Voice, (bool, bool, bool)> = BTreeMap::new();
    let id = row.get("id")?;
    let consents = "SELECT voice, answer, spoken_for, carried FROM exchange_consent WHERE leg_id = $1";
    for k in ask.rows(consents, vals![id]).await? {
        let yes = k.get::<String>("answer")? == "yes";
        said.insert(k.get("voice")?, (yes, k.get("spoken_for")?, k.get("carried")?));
    }
    let seat = |voice: &Voice| {
        let (said, spoken_for, carried) = said.get(voice).map_or((None, false, false), |s| (Some(s.0), s.1, s.2));
        let mine = state == "asked" && said.is_none() && stands.may_answer(who, *voice).is_ok();
        let for_other = *voice == Voice::Person && !stands.answers;
        Seat { voice: *voice, said, spoken_for, carried, mine, for_other }
    };
    let own = who.person().is_some() && who.person() == stands.person;
    let content: String = row.get("content")?;
    let off_why: Option<String> = row.get("off_why")?;
    let leg = Leg {
        id: Some(id),
        from: row.get("from_name")?,
        to: row.get("to_name")?,
        goer: sees.then_some(row.get("label")?),
        learn: sees.then_some(row.get("learn")?),
        post: row.get("title")?,
        shows: row.get("shows")?,
        starts: row.get("starts_on")?,
        ends: row.get("ends_on")?,
        days: row.get("days")?,
        off_by: row.get::<Option<Voice>>("off_by")?.filter(|_| sees),
        off_why: off_why.filter(|_| sees),
        // Who said what is between those on the leg.
        seats: if sees { Voice::ALL.iter().map(seat).collect() } else { Vec::new() },
        new: row.get::<i64>("number")? > 1 && !before.contains(&content),
        mine: sees,
        placement: row.get::<Option<PlacementId>>("placement_id")?.filter(|_| own),
        state,
    };
    Ok((leg, stands))
}

/// An answer that is only considered, as whoever runs the exchange sees it.
pub(super) fn considered(drawn: &[Drawn], days: i64) -> Vec<Ring> {
    let mut rings: Vec<Ring> = Vec::new();
    for d in drawn {
        let leg = Leg {
            id: None,
            from: d.from.1.clone(),
            to: d.to.1.clone(),
            goer: Some(d.goer.clone()),
            learn: None,
            post: d.post.clone(),
            shows: String::new(),
            starts: d.stay.starts,
            ends: d.stay.ends,
            days,
            state: d.was.as_ref().map_or_else(|| "asked".to_owned(), |w| w.state.clone()),
            off_by: None,
            off_why: None,
            seats: Vec::new(),
            new: d.was.is_none(),
            mine: true,
            placement: None,
        };
        match rings.last_mut().filter(|ring| ring.number == d.ring) {
            Some(ring) => ring.legs.push(leg),
            None => rings.push(Ring { number: d.ring, closed: false, legs: vec![leg] }),
        }
    }
    for ring in &mut rings {
        ring.closed = closed(&ring.legs);
    }
    rings
}

fn closed(legs: &[Leg]) -> bool {
    legs.first().zip(legs.last()).is_some_and(|(first, last)| first.from == last.to)
}

/// An exchange that waits for the reader.
#[derive(Debug, Clone)]
pub struct Waits {
    /// Which.
    pub id: ExchangeId,
    /// In a few words.
    pub title: String,
    /// How many answers it waits for.
    pub answers: i64,
    /// Whether the reader runs it.
    pub runs: bool,
}

impl Store {
    /// Exchanges that wait for a yes or no of the reader: as one who goes, or for this city. For their first page.
    pub async fn exchanges_waiting(&self, who: &Actor) -> Result<Vec<Waits>> {
        may(who, Act::SeeExchanges, &About::nothing())?;
        let runs = may(who, Act::AnswerLegForCity, &About::nothing()).is_ok();
        let sql = "SELECT x.id, x.title FROM exchange x WHERE x.stage = 'asking' AND ($2 OR EXISTS (SELECT 1 FROM exchange_leg l
                JOIN exchange_proposal r ON r.id = l.proposal_id JOIN exchange_goer g ON g.id = l.goer_id
                WHERE r.exchange_id = x.id AND l.state = 'asked' AND g.person_id = $1 AND NOT g.gone))
             ORDER BY x.created_at, x.id LIMIT 10";
        let mut found = Vec::new();
        for row in (&self.db).rows(sql, vals![who.person(), runs]).await? {
            let id = row.get("id")?;
            let Some(proposal) = self.exchange_proposal(who, id).await? else { continue };
            let seats = proposal.rings.iter().flat_map(|ring| &ring.legs).flat_map(|leg| &leg.seats);
            let answers = i64::try_from(seats.filter(|seat| seat.mine).count()).unwrap_or(i64::MAX);
            if answers > 0 {
                found.push(Waits { id, title: row.get("title")?, answers, runs });
            }
        }
        Ok(found)
    }

    /// The proposal that is out, or the last one: for whoever runs it all of it, for everybody else the rings they are on.
    pub async fn exchange_proposal(&self, who: &Actor, id: ExchangeId) -> Result<Option<Proposal>> {
        let mut db = &self.db;
        let head = load(&mut db, id).await?;
        may(who, Act::SeeExchanges, &head.about())?;
        let sql = "SELECT * FROM exchange_proposal WHERE exchange_id = $1 ORDER BY number DESC LIMIT 1";
        let Some(last) = db.maybe(sql, vals![id]).await? else { return Ok(None) };
        let number: i64 = last.get("number")?;
        let was = db
            .rows(legs!("r.exchange_id = $1 AND r.number = $2 ORDER BY l.ring, l.seat"), vals![id, number - 1])
            .await?;
        let now =
            db.rows(legs!("r.exchange_id = $1 AND r.number = $2 ORDER BY l.ring, l.seat"), vals![id, number]).await?;
        let contents = |rows: &[Row]| rows.iter().map(|r| r.get("content")).collect::<Result<BTreeSet<String>>>();
        let (before, after) = (contents(&was)?, contents(&now)?);
        let mut rings: Vec<Ring> = Vec::new();
        let mut picks = Vec::new();
        for row in &now {
            let (leg, _) = leg(&mut db, who, row, &before).await?;
            if leg.state != "off" {
                picks.push(freerange_domain::exchange::Pick { goer: row.get("goer_id")?, post: row.get("post_id")? });
            }
            let ring: i64 = row.get("ring")?;
            match rings.last_mut().filter(|r| r.number == ring) {
                Some(ring) => ring.legs.push(leg),
                None => rings.push(Ring { number: ring, closed: false, legs: vec![leg] }),
            }
        }
        let asking = matches!(head.state, State::Asking(_));
        for ring in &mut rings {
            ring.closed = closed(&ring.legs);
            // Nobody is asked about a ring that does not close.
            let asked = asking && !ring.broken();
            for seat in ring.legs.iter_mut().flat_map(|leg| &mut leg.seats) {
                seat.mine &= asked;
            }
        }
        rings.retain(|ring| ring.legs.iter().any(|leg| leg.mine));
        let mut gone = Vec::new();
        for row in was {
            if !after.contains(&row.get::<String>("content")?) && Stands::read(&row)?.sees(who) {
                gone.push((row.get("from_name")?, row.get("to_name")?));
            }
        }
        let names = "SELECT m.id, c.name FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.exchange_id = $1";
        let mut cities: BTreeMap<MemberId, String> = BTreeMap::new();
        for row in db.rows(names, vals![id]).await? {
            cities.insert(row.get("id")?, row.get("name")?);
        }
        let asked = question(&mut db, &head).await?;
        // Counts by city can be counts of one: they are for whoever runs it.
        let runs = may(who, Act::RunExchange, &About::nothing()).is_ok();
        let accounts = asked.accounts(&picks).into_iter().filter(|_| runs);
        Ok(Some(Proposal {
            number,
            version: last.get("version")?,
            objective: last.get("objective")?,
            bound: last.get("bound")?,
            rings,
            gone,
            accounts: accounts.filter_map(|a| Some((cities.get(&a.member)?.clone(), a))).collect(),
        }))
    }
}
