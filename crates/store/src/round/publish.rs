//! Publishing a run: seats become placements, everybody who wished hears in one true sentence what they got or why not,
//! managers hear who of theirs goes. All of it or nothing. The manager's number stands as their yes for those weeks; they
//! see the list and can still object.

use std::collections::{HashMap, HashSet};

use freerange_domain::{
    id::{OutingId, PersonId, PlacementId, RoundId},
    outing::{Kind, Party},
    placement::Stage as PlacementStage,
    round::{Because, Edit, RunStage, Stage, Week},
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use super::{
    Instance,
    bulk::{self, bulk, hex},
    load, oneself, to_run,
};
use crate::{
    About, Act, Actor, Occasion, Result, Store, StoreError, audit,
    db::{Ask, Row, Tx, vals},
    mail::{Reader, Told},
    may, placement,
};

/// A seat that somebody got.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The placement it became; nothing once that is forgotten.
    pub placement: Option<PlacementId>,
    /// Whose.
    pub person: String,
    /// Where to.
    pub outing: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// Where the placement is.
    pub stage: Option<PlacementStage>,
}

/// What came of somebody's wishes.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What they got.
    pub seats: Vec<Seat>,
    /// Why.
    pub told: Told,
    /// What the programme lead decided by hand about them: which outing, what, and why.
    pub by_hand: Vec<(String, Edit, String)>,
}

/// What must be known about an outing to place people on it.
struct Place {
    parties: Vec<(Party, String, String)>,
}

struct Person {
    name: String,
    email: String,
    lang: Option<String>,
    manager: Option<(String, String)>,
}

impl Store {
    /// Publishes a run. What it was made of may have changed since: each of its seats must be allowed as everything is now.
    pub async fn publish_round(
        &self,
        who: &Actor,
        id: RoundId,
        number: i64,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let round = to_run(&mut tx, who, id).await?;
        let run = tx
            .one("SELECT id, stage, verified FROM round_run WHERE round_id = $1 AND number = $2", vals![id, number])
            .await?;
        if run.get::<RunStage>("stage")? != RunStage::Done || !run.get::<bool>("verified")? {
            return Err(StoreError::rule("form", "run-not-done"));
        }
        let run: Uuid = run.get("id")?;
        // Whoever changes one of these outings or reaches for a seat there waits.
        tx.hold(
            "SELECT o.id FROM outing o JOIN round_outing x ON x.outing_id = o.id WHERE x.round_id = $1 ORDER BY o.id FOR NO KEY UPDATE OF o",
            vals![id],
        )
        .await?;
        if decided_otherwise(&mut tx, id, run).await? {
            return Err(StoreError::rule("form", "run-outdated"));
        }
        let instance = Instance::build(&mut tx, id, zone, now).await?;
        let sql = "SELECT person_id, outing_id FROM round_seat WHERE run_id = $1 ORDER BY person_id, outing_id";
        let seats = tx.rows(sql, vals![run]).await?;
        let seats = seats.iter().map(|r| Ok((r.get("person_id")?, r.get("outing_id")?))).collect::<Result<Vec<_>>>()?;
        instance.keeps(&seats).map_err(|broken| StoreError::rule("form", broken.as_str()))?;
        let people = people(&mut tx, id).await?;
        self.place_all(&mut tx, who, run, &people, now).await?;
        tx.run("UPDATE round SET stage = $2, published_at = $3 WHERE id = $1", vals![id, Stage::Published, now])
            .await?;
        tx.run("UPDATE round_run SET published = TRUE WHERE id = $1", vals![run]).await?;
        forget_others(&mut tx, id).await?;
        self.tell_wishers(&mut tx, &round, run, &people, now).await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: run {number} published"), now).await?;
        tx.commit().await
    }

    /// Seats become placements, offered, with the manager's yes.
    async fn place_all(
        &self,
        tx: &mut Tx,
        who: &Actor,
        run: Uuid,
        people: &HashMap<PersonId, Person>,
        now: Timestamp,
    ) -> Result<()> {
        let places = places(tx, run).await?;
        let mut waiting: HashMap<(PersonId, OutingId), PlacementId> = HashMap::new();
        let sql = "SELECT p.id, p.person_id, p.outing_id FROM placement p JOIN round_seat s ON s.run_id = $1
             AND s.person_id = p.person_id AND s.outing_id = p.outing_id WHERE p.stage = 'wished'";
        for r in tx.rows(sql, vals![run]).await? {
            waiting.insert((r.get("person_id")?, r.get("outing_id")?), r.get("id")?);
        }
        let at = now.as_microsecond();
        let by = who.staff().map_or("Freerange", |s| s.name.as_str());
        let (mut placed, mut approvals, mut events) = (Vec::new(), Vec::new(), Vec::new());
        let sql = "SELECT person_id, outing_id FROM round_seat WHERE run_id = $1 ORDER BY person_id, outing_id";
        for r in tx.rows(sql, vals![run]).await? {
            let (person, outing): (PersonId, OutingId) = (r.get("person_id")?, r.get("outing_id")?);
            let (Some(p), Some(o)) = (people.get(&person), places.get(&outing)) else {
                return Err(StoreError::rule("form", "run-outdated"));
            };
            let known = waiting.get(&(person, outing));
            let placement = known.copied().unwrap_or_default();
            let id = hex(placement.0);
            if known.is_none() {
                placed.push((id.clone(), hex(outing.0), hex(person.0), "offered", "{}", "[]", "", at));
            }
            let mut say =
                |what: &'static str, by: &str| events.push((hex(Uuid::now_v7()), id.clone(), at, what, by.to_owned()));
            say("offered", by);
            for (party, name, email) in &o.parties {
                let (name, email, yes) = match (party, &p.manager) {
                    (Party::Manager, Some((name, email))) => (name.as_str(), email.as_str(), Some("cover-yes")),
                    (Party::Manager, None) => ("", "", Some("no-manager")),
                    (Party::Inviter, _) => (name.as_str(), email.as_str(), Some("invited")),
                    (Party::CityOwner, _) if *email == p.email => (name.as_str(), email.as_str(), Some("own-question")),
                    _ => (name.as_str(), email.as_str(), None),
                };
                if let Some(what) = yes {
                    say(what, "Freerange");
                }
                let answer = if yes.is_some() { "yes" } else { "open" };
                approvals.push((
                    id.clone(),
                    party.as_str(),
                    answer,
                    name.to_owned(),
                    email.to_owned(),
                    yes.map(|_| at),
                ));
            }
        }
        let into = bulk!(
            "placement (id, outing_id, person_id, stage, answers, done, checkin, created_at, updated_at)",
            id 0, id 1, id 2, text 3, text 4, text 5, text 6, int 7, int 7
        );
        bulk::write(tx, self.engine(), into, &placed).await?;
        for placement in waiting.values() {
            let sql = "UPDATE placement SET stage = 'offered', updated_at = $2 WHERE id = $1";
            tx.run(sql, vals![*placement, now]).await?;
        }
        let into = bulk!("approval (placement_id, party, answer, name, email, answered_at)", id 0, text 1, text 2, text 3, text 4, int 5);
        bulk::write(tx, self.engine(), into, &approvals).await?;
        let into = bulk!("placement_event (id, placement_id, at, what, by_name)", id 0, id 1, int 2, text 3, text 4);
        bulk::write(tx, self.engine(), into, &events).await?;
        // Those who waited have their dates already: what is left to ask is asked now.
        for placement in waiting.values() {
            let mut p = placement::load(tx, *placement).await?;
            self.after_yes(tx, &mut p, now).await?;
        }
        Ok(())
    }

    /// One letter to everybody who wished, and one to each manager of somebody who goes.
    async fn tell_wishers(
        &self,
        tx: &mut Tx,
        round: &super::Round,
        run: Uuid,
        people: &HashMap<PersonId, Person>,
        now: Timestamp,
    ) -> Result<()> {
        let mut seats: HashMap<PersonId, Vec<(String, Timestamp)>> = HashMap::new();
        let sql = "SELECT s.person_id, o.title, o.starts_at FROM round_seat s JOIN outing o ON o.id = s.outing_id
             WHERE s.run_id = $1 ORDER BY o.starts_at, o.id";
        for r in tx.rows(sql, vals![run]).await? {
            seats.entry(r.get("person_id")?).or_default().push((r.get("title")?, r.get("starts_at")?));
        }
        let mut letters = Vec::new();
        let mut managers: HashMap<String, (String, i64)> = HashMap::new();
        let mut post = |to: Reader, occasion: &Occasion| {
            if to.email.is_empty() {
                return;
            }
            let (subject, body) = self.writer.write(&to, occasion);
            letters.push((hex(Uuid::now_v7()), to.name, to.email, subject, body, now.as_microsecond(), 0));
        };
        for r in tx.rows(REASONS, vals![run]).await? {
            let person: PersonId = r.get("person_id")?;
            let Some(p) = people.get(&person) else { continue };
            let got = seats.remove(&person).unwrap_or_default();
            if let (Some((name, email)), false) = (&p.manager, got.is_empty()) {
                managers.entry(email.clone()).or_insert_with(|| (name.clone(), 0)).1 += 1;
            }
            let reader = Reader { name: p.name.clone(), email: p.email.clone(), lang: p.lang.clone() };
            let occasion =
                Occasion::RoundResult { round: round.title.clone(), id: round.id, seats: got, told: told(&r)? };
            post(reader, &occasion);
        }
        let mut managers: Vec<_> = managers.into_iter().collect();
        managers.sort();
        for (email, (name, going)) in managers {
            let lang = tx.maybe("SELECT lang FROM person WHERE email = $1", vals![&email]).await?;
            let lang = lang.map(|r| r.get("lang")).transpose()?.flatten();
            let occasion = Occasion::RoundTeam { round: round.title.clone(), id: round.id, going };
            post(Reader { name, email, lang }, &occasion);
        }
        let into = bulk!(
            "mail (id, to_name, to_email, subject, body, created_at, next_try_at, tries)",
            id 0, text 1, text 2, text 3, text 4, int 5, int 5, int 6
        );
        bulk::write(tx, self.engine(), into, &letters).await
    }

    /// What came of one's own wishes; nothing before it is published, and for those who did not wish.
    pub async fn my_round_outcome(&self, who: &Actor, id: RoundId) -> Result<Option<Outcome>> {
        let me = oneself(who)?;
        load(&mut &self.db, id).await?;
        let sql =
            "SELECT s.kind, s.rank, s.week, s.alone, o.title FROM round_reason s JOIN round_run n ON n.id = s.run_id
             LEFT JOIN outing o ON o.id = s.outing_id WHERE n.round_id = $1 AND n.published AND s.person_id = $2";
        let Some(r) = (&self.db).maybe(sql, vals![id, me]).await? else { return Ok(None) };
        let rows = (&self.db).rows(SEATS_OF_PERSON, vals![id, me]).await?;
        let by_hand = (&self.db)
            .rows(DECIDED, vals![id, me])
            .await?
            .iter()
            .map(|r| Ok((r.get("title")?, r.get("what")?, r.get("why")?)))
            .collect::<Result<_>>()?;
        Ok(Some(Outcome { seats: rows.iter().map(seat).collect::<Result<_>>()?, told: told(&r)?, by_hand }))
    }

    /// Where a published round sends one's people.
    pub async fn round_team(&self, who: &Actor, id: RoundId) -> Result<Vec<Seat>> {
        let me = who.person().ok_or(StoreError::Refused(Act::SeeRoundTeam))?;
        may(who, Act::SeeRoundTeam, &About { manager: Some(me), ..About::default() })?;
        (&self.db).rows(SEATS_OF_TEAM, vals![id, me]).await?.iter().map(seat).collect()
    }
}

const DECIDED: &str = "SELECT o.title, e.what, e.why FROM round_edit e JOIN outing o ON o.id = e.outing_id
     WHERE e.round_id = $1 AND e.person_id = $2 ORDER BY o.title, o.id";

const REASONS: &str = "SELECT s.person_id, s.kind, s.rank, s.week, s.alone, o.title FROM round_reason s
     LEFT JOIN outing o ON o.id = s.outing_id WHERE s.run_id = $1 ORDER BY s.person_id";

/// Seats of a published round that are or were somebody's, those of reserves who moved up too.
macro_rules! seats {
    ($rest:literal) => {
        concat!(
            "SELECT w.name, o.title, o.starts_at, p.id, p.stage FROM placement p JOIN outing o ON o.id = p.outing_id
             JOIN person w ON w.id = p.person_id JOIN round_outing x ON x.outing_id = o.id
             JOIN round r ON r.id = x.round_id AND r.stage = 'published'
             WHERE r.id = $1 AND (EXISTS (SELECT 1 FROM round_seat s JOIN round_run n ON n.id = s.run_id
                    WHERE n.round_id = r.id AND n.published AND s.person_id = p.person_id AND s.outing_id = p.outing_id)
                OR EXISTS (SELECT 1 FROM round_reserve s JOIN round_run n ON n.id = s.run_id
                    WHERE n.round_id = r.id AND n.published AND s.person_id = p.person_id AND s.outing_id = p.outing_id
                        AND s.moved_up_at IS NOT NULL)) AND ",
            $rest
        )
    };
}
const SEATS_OF_PERSON: &str = seats!("p.person_id = $2 ORDER BY o.starts_at, p.id");
const SEATS_OF_TEAM: &str = seats!("w.manager_id = $2 AND w.active ORDER BY o.starts_at, w.name LIMIT 500");

fn seat(r: &Row) -> Result<Seat> {
    Ok(Seat {
        placement: r.get("id")?,
        person: r.get("name")?,
        outing: r.get("title")?,
        starts_at: r.get("starts_at")?,
        stage: r.get("stage")?,
    })
}

pub(super) fn told(r: &Row) -> Result<Told> {
    Ok(Told {
        kind: r.get::<Because>("kind")?,
        rank: r.get("rank")?,
        outing: r.get("title")?,
        week: r.get::<Option<Week>>("week")?,
        alone: r.get("alone")?,
    })
}

/// Whether what is decided by hand is not what the run was made with. Says so before anything else is looked at: otherwise
/// whoever decides something and tries to publish would learn who has a seat.
async fn decided_otherwise(tx: &mut Tx, id: RoundId, run: Uuid) -> Result<bool> {
    let sql = "SELECT e.person_id FROM round_edit e WHERE e.round_id = $1 AND NOT EXISTS (SELECT 1 FROM round_run_edit m
            WHERE m.run_id = $2 AND m.person_id = e.person_id AND m.outing_id = e.outing_id AND m.what = e.what)
         UNION ALL SELECT m.person_id FROM round_run_edit m WHERE m.run_id = $2 AND NOT EXISTS (SELECT 1 FROM round_edit e
            WHERE e.round_id = $1 AND m.person_id = e.person_id AND m.outing_id = e.outing_id AND m.what = e.what) LIMIT 1";
    Ok(tx.maybe(sql, vals![id, run]).await?.is_some())
}

/// Whether something was said since the run was asked for. A hint to match again, no more: clocks differ, and whether the
/// run still may be is asked of the rules when it is published.
pub(super) async fn is_old(ask: &mut impl Ask, id: RoundId, asked_at: Timestamp) -> Result<bool> {
    for sql in [
        "SELECT c.manager_id FROM round_cover c WHERE c.round_id = $1 AND c.answered_at > $2 LIMIT 1",
        "SELECT e.person_id FROM round_edit e WHERE e.round_id = $1 AND e.at > $2 LIMIT 1",
        "SELECT x.person_id FROM round_person x WHERE x.round_id = $1 AND x.updated_at > $2 LIMIT 1",
    ] {
        if ask.maybe(sql, vals![id, asked_at]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the other runs say about people is not needed any more.
async fn forget_others(tx: &mut Tx, id: RoundId) -> Result<()> {
    for sql in [
        "DELETE FROM round_seat WHERE run_id IN (SELECT n.id FROM round_run n WHERE n.round_id = $1 AND NOT n.published)",
        "DELETE FROM round_reason WHERE run_id IN (SELECT n.id FROM round_run n WHERE n.round_id = $1 AND NOT n.published)",
        "DELETE FROM round_reserve WHERE run_id IN (SELECT n.id FROM round_run n WHERE n.round_id = $1 AND NOT n.published)",
    ] {
        tx.run(sql, vals![id]).await?;
    }
    Ok(())
}

/// Everybody who wished and still works here.
async fn people(ask: &mut impl Ask, id: RoundId) -> Result<HashMap<PersonId, Person>> {
    let sql = "SELECT w.id, w.name, w.email, w.lang, m.name AS manager, m.email AS manager_email FROM round_person x
         JOIN person w ON w.id = x.person_id LEFT JOIN person m ON m.id = w.manager_id WHERE x.round_id = $1 AND w.active";
    ask.rows(sql, vals![id])
        .await?
        .iter()
        .map(|r| {
            let manager: Option<String> = r.get("manager")?;
            let manager = manager.zip(r.get("manager_email")?);
            Ok((r.get("id")?, Person { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")?, manager }))
        })
        .collect()
}

/// The outings of a plan, with whom each asks and where they are reached.
async fn places(tx: &mut Tx, run: Uuid) -> Result<HashMap<OutingId, Place>> {
    let rows = tx
        .rows(
            "SELECT o.id, o.kind, o.invitation_id, i.contact_name, i.contact_email,
                g.name AS organiser, g.email AS organiser_email, w.name AS owner, w.email AS owner_email
             FROM outing o JOIN person g ON g.id = o.organiser_id LEFT JOIN invitation i ON i.id = o.invitation_id
             LEFT JOIN challenge c ON c.id = o.challenge_id LEFT JOIN person w ON w.id = c.owner_id
             WHERE o.id IN (SELECT s.outing_id FROM round_seat s WHERE s.run_id = $1)",
            vals![run],
        )
        .await?;
    let mut named: HashMap<(OutingId, Party), (String, String)> = HashMap::new();
    let sql = "SELECT y.outing_id, y.party, y.name, y.email FROM outing_party y
         WHERE y.outing_id IN (SELECT s.outing_id FROM round_seat s WHERE s.run_id = $1)";
    for r in tx.rows(sql, vals![run]).await? {
        named.insert((r.get("outing_id")?, r.get("party")?), (r.get("name")?, r.get("email")?));
    }
    let mut places = HashMap::new();
    for r in &rows {
        let id: OutingId = r.get("id")?;
        let invited = r.get::<Option<Uuid>>("invitation_id")?.is_some();
        let organiser: (String, String) = (r.get("organiser")?, r.get("organiser_email")?);
        let mut parties = Vec::new();
        let mut seen = HashSet::new();
        for party in r.get::<Kind>("kind")?.template().agrees {
            if (*party == Party::Inviter && !invited) || !seen.insert(*party) {
                continue;
            }
            let known: Option<(String, String)> = match party {
                Party::CityOwner => r.get::<Option<String>>("owner")?.zip(r.get("owner_email")?),
                Party::Inviter => r.get::<Option<String>>("contact_name")?.zip(r.get("contact_email")?),
                _ => named.get(&(id, *party)).cloned(),
            };
            let (name, email) = known.unwrap_or_else(|| organiser.clone());
            parties.push((*party, name, email));
        }
        places.insert(id, Place { parties });
    }
    Ok(places)
}
