//! Placements: one person on one outing, along the spine. The domain's state machine says what may follow
//! what; here each step is one transaction with its history, its letters and its audit.

use freerange_domain::{
    id::{NoteId, OutingId, PersonId, PlacementId},
    outing::{Kind, Party, Status},
    placement::{Answer, Approval, Canceller, Ending, EndingKind, ReturnDates, Stage, State},
    text::{Line, Reason},
    time,
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask, Row, Tx, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Occasion, Reader},
    may,
    note::{self, Draft},
    round, secret, standing,
};

mod on_ring;
mod reasked;
mod sight;

pub(crate) use sight::{FORGET_MOMENTS, came_back, went};

/// A placement with what its rules need to know.
#[derive(Debug, Clone)]
pub struct Placement {
    /// Which.
    pub id: PlacementId,
    /// Where to.
    pub outing_id: OutingId,
    /// The outing in a few words.
    pub outing: String,
    /// Its kind.
    pub kind: Kind,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Who goes.
    pub person_id: PersonId,
    /// Their name.
    pub person: String,
    /// Where it is on the spine.
    pub state: State,
    /// Answers to the template's questions.
    pub answers: Vec<(String, String)>,
    /// What of preparation and return is done.
    pub done: Vec<String>,
    /// The one-line check-in, while they are out.
    pub checkin: String,
    /// Their line manager.
    pub manager: Option<String>,
    pub(crate) person_email: String,
    pub(crate) person_lang: Option<String>,
    pub(crate) manager_id: Option<PersonId>,
    manager_email: String,
    manager_lang: Option<String>,
    organiser_id: PersonId,
}

/// A line of a placement's history.
#[derive(Debug, Clone)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Whether only the day of it is kept.
    pub by_the_day: bool,
    /// What, as a word of the language files.
    pub what: String,
    /// Who.
    pub by: String,
    /// Why.
    pub why: Option<String>,
}

/// A placement in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: PlacementId,
    /// The outing.
    pub outing: String,
    /// Its kind.
    pub kind: Kind,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Who goes.
    pub person: String,
    /// Where it is.
    pub stage: Stage,
    /// How it ended.
    pub ending: Option<EndingKind>,
    /// Time to think.
    pub reflection_at: Option<Timestamp>,
    /// Return talk.
    pub talk_at: Option<Timestamp>,
    /// Who covers meanwhile.
    pub cover: Option<String>,
}

/// Somebody of a team who is away.
#[derive(Debug, Clone)]
pub struct Away {
    /// Who.
    pub person: String,
    /// From.
    pub starts_at: Timestamp,
    /// To.
    pub ends_at: Timestamp,
    /// Where it is.
    pub stage: Stage,
}

/// A yes or no.
#[derive(Debug, Clone)]
pub enum Say {
    /// Yes.
    Yes,
    /// No, and why.
    No(Reason),
}

impl Placement {
    /// The manager as a reader; without an address where there is none.
    pub(crate) fn manager_reader(&self) -> Reader {
        let name = self.manager.clone().unwrap_or_default();
        Reader { name, email: self.manager_email.clone(), lang: self.manager_lang.clone() }
    }

    pub(crate) fn about(&self) -> About {
        About {
            person: Some(self.person_id),
            manager: self.manager_id,
            organiser: Some(self.organiser_id),
            placement: Some(self.id),
            ..About::default()
        }
    }
}

/// What one is told when an id is somebody else's: that there is no such thing.
fn hidden(error: StoreError) -> StoreError {
    match error {
        StoreError::Refused(Act::SeePlacement) => StoreError::NotFound,
        other => other,
    }
}

pub(crate) async fn load(ask: &mut impl Ask, id: PlacementId) -> Result<Placement> {
    let r = ask
        .one(
            "SELECT p.id, p.outing_id, p.person_id, p.stage, p.ending, p.ending_why, p.reflection_at, p.talk_at, p.answers, p.done,
                p.checkin, o.title, o.kind, o.starts_at, o.ends_at, o.organiser_id,
                w.name AS person, w.email AS person_email, w.lang AS person_lang, w.manager_id,
                m.name AS manager, m.email AS manager_email, m.lang AS manager_lang
             FROM placement p JOIN outing o ON o.id = p.outing_id JOIN person w ON w.id = p.person_id
             LEFT JOIN person m ON m.id = w.manager_id WHERE p.id = $1",
            vals![id],
        )
        .await?;
    let approvals = ask
        .rows("SELECT party, answer, why FROM approval WHERE placement_id = $1 ORDER BY party", vals![id])
        .await?
        .iter()
        .map(approval)
        .collect::<Result<Vec<_>>>()?;
    let answers: std::collections::BTreeMap<String, String> = json(&r.get::<String>("answers")?)?;
    Ok(Placement {
        id,
        outing_id: r.get("outing_id")?,
        outing: r.get("title")?,
        kind: r.get("kind")?,
        starts_at: r.get("starts_at")?,
        ends_at: r.get("ends_at")?,
        person_id: r.get("person_id")?,
        person: r.get("person")?,
        state: state(&r, approvals)?,
        answers: answers.into_iter().collect(),
        done: json(&r.get::<String>("done")?)?,
        checkin: r.get("checkin")?,
        manager: r.get("manager")?,
        person_email: r.get("person_email")?,
        person_lang: r.get("person_lang")?,
        manager_id: r.get("manager_id")?,
        manager_email: r.get::<Option<String>>("manager_email")?.unwrap_or_default(),
        manager_lang: r.get("manager_lang")?,
        organiser_id: r.get("organiser_id")?,
    })
}

/// Loads a placement to change it. Whoever changes the same outing or one of its placements meanwhile waits, so that
/// two answers at the same moment are both heard and a seat is given once.
pub(crate) async fn load_to_change(tx: &mut Tx, id: PlacementId) -> Result<Placement> {
    let hold =
        "SELECT o.id FROM outing o JOIN placement p ON p.outing_id = o.id WHERE p.id = $1 FOR NO KEY UPDATE OF o";
    tx.hold(hold, vals![id]).await?;
    load(tx, id).await
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn reason(text: &str) -> Result<Reason> {
    Reason::parse(text).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn approval(r: &Row) -> Result<Approval> {
    let answer = match r.get::<String>("answer")?.as_str() {
        "yes" => Answer::Yes,
        "no" => Answer::No(reason(&r.get::<Option<String>>("why")?.unwrap_or_default())?),
        _ => Answer::Open,
    };
    Ok(Approval { party: r.get("party")?, answer })
}

fn state(r: &Row, approvals: Vec<Approval>) -> Result<State> {
    let (reflection, talk): (Option<Timestamp>, Option<Timestamp>) = (r.get("reflection_at")?, r.get("talk_at")?);
    let dates = reflection.zip(talk).map(|(reflection, talk)| ReturnDates::stored(reflection, talk));
    let must = || dates.ok_or_else(|| StoreError::Corrupt("a placement without return dates".to_owned()));
    Ok(match r.get::<Stage>("stage")? {
        Stage::Wished => State::Wished { dates },
        Stage::Offered => State::Offered { dates, approvals },
        Stage::Agreed => State::Agreed(must()?),
        Stage::Preparing => State::Preparing(must()?),
        Stage::Out => State::Out(must()?),
        Stage::Debriefing => State::Debriefing(must()?),
        Stage::Embedding => State::Embedding(must()?),
        Stage::Closed => {
            let kind =
                r.get::<Option<EndingKind>>("ending")?.ok_or_else(|| StoreError::Corrupt("no ending".to_owned()))?;
            let why = reason(&r.get::<Option<String>>("ending_why")?.unwrap_or_default())?;
            State::Closed { ending: Ending { kind, why }, dates }
        }
    })
}

/// Writes the state, the parties' answers and a line of history.
pub(crate) async fn save(
    tx: &mut Tx,
    p: &Placement,
    who: &Actor,
    what: &str,
    why: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let (ending, ending_why) = match &p.state {
        State::Closed { ending, .. } => (Some(ending.kind), Some(ending.why.as_str())),
        _ => (None, None),
    };
    let dates = p.state.dates();
    tx.run(
        "UPDATE placement SET stage = $2, ending = $3, ending_why = $4, reflection_at = $5, talk_at = $6, done = $7, checkin = $8,
            updated_at = $9 WHERE id = $1",
        vals![
            p.id, p.state.stage(), ending, ending_why, dates.map(ReturnDates::reflection), dates.map(ReturnDates::talk),
            written(&p.done)?, &p.checkin, now
        ],
    )
    .await?;
    if let State::Offered { approvals, .. } = &p.state {
        for approval in approvals {
            let (answer, why) = match &approval.answer {
                Answer::Open => ("open", None),
                Answer::Yes => ("yes", None),
                Answer::No(why) => ("no", Some(why.as_str())),
            };
            tx.run(
                "UPDATE approval SET answer = $3, why = $4, answered_at = CASE WHEN $3 = 'open' THEN NULL ELSE COALESCE(answered_at, $5) END
                 WHERE placement_id = $1 AND party = $2",
                vals![p.id, approval.party, answer, why, now],
            )
            .await?;
        }
    }
    if p.state.stage() == Stage::Closed {
        link::end_all(tx, Purpose::Answer, p.id.0, now).await?;
    }
    event(tx, p.id, who, what, why, now).await
}

async fn event(tx: &mut Tx, id: PlacementId, who: &Actor, what: &str, why: Option<&str>, now: Timestamp) -> Result<()> {
    let by = match who {
        Actor::Staff(staff) => staff.name.as_str(),
        Actor::Link { name, .. } | Actor::Host { name, .. } => name.as_str(),
        _ => "Freerange",
    };
    // An id of today's kind tells the moment at which it was made.
    let line = if sight::BY_THE_DAY.contains(&what) { Uuid::from_bytes(secret::random()?) } else { Uuid::now_v7() };
    tx.run(
        "INSERT INTO placement_event (id, placement_id, at, what, by_name, why) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![line, id, now, what, by, why],
    )
    .await?;
    Ok(())
}

/// The columns of a list; what follows says which placements.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, o.title, o.kind, o.starts_at, o.ends_at, w.name, p.stage, p.ending, p.reflection_at, p.talk_at, p.answers
             FROM placement p JOIN outing o ON o.id = p.outing_id JOIN person w ON w.id = p.person_id ",
            $rest
        )
    };
}

/// Answers to the questions of the outing's template, by key.
pub type Answers = std::collections::BTreeMap<String, String>;

impl Store {
    /// "I want to go." With a free seat the others are asked at once; without one, the wish waits.
    pub async fn wish(
        &self,
        who: &Actor,
        outing: OutingId,
        answers: &Answers,
        dates: Option<(Timestamp, Timestamp)>,
        now: Timestamp,
    ) -> Result<PlacementId> {
        may(who, Act::Wish, &About::nothing())?;
        let person = who.person().ok_or(StoreError::Refused(Act::Wish))?;
        let mut tx = self.db.begin().await?;
        let id = self.wish_in(&mut tx, who, person, outing, answers, dates, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "all of them are needed to place one wish; a struct would be used once"
    )]
    pub(crate) async fn wish_in(
        &self,
        tx: &mut Tx,
        who: &Actor,
        person: PersonId,
        outing: OutingId,
        answers: &Answers,
        dates: Option<(Timestamp, Timestamp)>,
        now: Timestamp,
    ) -> Result<PlacementId> {
        // First of all: two people may reach for the last seat at once, or the outing be called off meanwhile.
        tx.hold("SELECT id FROM outing WHERE id = $1 FOR NO KEY UPDATE", vals![outing]).await?;
        let o = tx.one("SELECT status, ends_at FROM outing WHERE id = $1", vals![outing]).await?;
        let ends_at: Timestamp = o.get("ends_at")?;
        if o.get::<Status>("status")? == Status::Cancelled {
            return Err(StoreError::rule("form", "outing-cancelled"));
        }
        if ends_at <= now {
            return Err(StoreError::rule("form", "outing-over"));
        }
        if round::takes_wishes_of(tx, outing).await? {
            return Err(StoreError::rule("form", "outing-in-round"));
        }
        let again = tx
            .maybe(
                "SELECT id FROM placement WHERE outing_id = $1 AND person_id = $2 AND stage <> 'closed'",
                vals![outing, person],
            )
            .await?;
        if again.is_some() {
            return Err(StoreError::rule("form", "already-wished"));
        }
        let dates = dates.map(|(reflection, talk)| ReturnDates::after(ends_at, reflection, talk)).transpose()?;
        let id = PlacementId::new();
        tx.run(
            "INSERT INTO placement (id, outing_id, person_id, stage, reflection_at, talk_at, answers, done, checkin, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', '', $8, $8)",
            vals![
                id, outing, person, Stage::Wished, dates.map(ReturnDates::reflection), dates.map(ReturnDates::talk),
                written(answers)?, now
            ],
        )
        .await?;
        event(tx, id, who, "wished", None, now).await?;
        if seats_left(tx, outing).await? > 0 && !round::holds_seats_of(tx, outing).await? {
            self.offer_in(tx, who, id, now).await?;
        }
        Ok(id)
    }

    /// Gives the seat, asks whoever must agree, and takes a standing yes into account.
    async fn offer_in(&self, tx: &mut Tx, who: &Actor, id: PlacementId, now: Timestamp) -> Result<()> {
        self.offer_with(tx, who, id, false, now).await
    }

    /// The same in a round: the number that the manager said stands as their yes.
    pub(crate) async fn offer_under_cover(
        &self,
        tx: &mut Tx,
        who: &Actor,
        id: PlacementId,
        now: Timestamp,
    ) -> Result<()> {
        self.offer_with(tx, who, id, true, now).await
    }

    async fn offer_with(&self, tx: &mut Tx, who: &Actor, id: PlacementId, cover: bool, now: Timestamp) -> Result<()> {
        let mut p = load(tx, id).await?;
        let invited = tx
            .maybe("SELECT invitation_id FROM outing WHERE id = $1 AND invitation_id IS NOT NULL", vals![p.outing_id])
            .await?
            .is_some();
        let asked = p.kind.template().agrees.iter().copied().filter(|party| *party != Party::Inviter || invited);
        let parties: Vec<Party> = asked.collect();
        p.state = p.state.offer(&parties)?;
        let mut sure = Vec::new();
        for party in &parties {
            let (name, email) = self.party_address(tx, &p, *party).await?;
            // Whoever invites has said yes by inviting, and whoever owns the question and goes need not ask themselves.
            if *party == Party::Inviter || (*party == Party::CityOwner && email == p.person_email) {
                sure.push(*party);
            }
            tx.run(
                "INSERT INTO approval (placement_id, party, answer, name, email) VALUES ($1, $2, 'open', $3, $4)",
                vals![p.id, *party, name, email],
            )
            .await?;
        }
        save(tx, &p, who, "offered", None, now).await?;
        for party in sure {
            p.state = p.state.approve(party)?;
            let what = if party == Party::Inviter { "invited" } else { "own-question" };
            save(tx, &p, &Actor::Program, what, None, now).await?;
        }
        let standing = p.kind.template().standing && standing::counts(tx, p.person_id, p.starts_at).await?;
        // Whoever has nobody above them answers for themselves.
        if cover || standing || p.manager_id.is_none() {
            p.state = p.state.approve(Party::Manager)?;
            let what = match (p.manager_id, standing) {
                (None, _) => "no-manager",
                (_, true) => "standing-yes",
                (_, false) => "cover-yes",
            };
            save(tx, &p, &Actor::Program, what, None, now).await?;
            self.after_yes(tx, &mut p, now).await
        } else {
            self.ask(tx, &p, Party::Manager, now).await
        }
    }

    async fn party_address(&self, tx: &mut Tx, p: &Placement, party: Party) -> Result<(String, String)> {
        if party == Party::Manager {
            return Ok((p.manager.clone().unwrap_or_default(), p.manager_email.clone()));
        }
        let known = match party {
            Party::CityOwner => Some(
                "SELECT w.name, w.email FROM outing o JOIN challenge c ON c.id = o.challenge_id JOIN person w ON w.id = c.owner_id
                 WHERE o.id = $1",
            ),
            Party::Inviter => Some(
                "SELECT i.contact_name AS name, i.contact_email AS email FROM outing o JOIN invitation i ON i.id = o.invitation_id
                 WHERE o.id = $1",
            ),
            _ => None,
        };
        let row = if let Some(sql) = known {
            tx.maybe(sql, vals![p.outing_id]).await?
        } else {
            let named = "SELECT name, email FROM outing_party WHERE outing_id = $1 AND party = $2";
            tx.maybe(named, vals![p.outing_id, party]).await?
        };
        // Nobody was named for this party when the outing was offered: the organiser answers for it.
        let row = match row {
            Some(row) => row,
            None => tx.one("SELECT name, email FROM person WHERE id = $1", vals![p.organiser_id]).await?,
        };
        Ok((row.get("name")?, row.get("email")?))
    }

    /// Sends a party the letter with its link.
    async fn ask(&self, tx: &mut Tx, p: &Placement, party: Party, now: Timestamp) -> Result<()> {
        let row = tx
            .one("SELECT name, email FROM approval WHERE placement_id = $1 AND party = $2", vals![p.id, party])
            .await?;
        let (name, email): (String, String) = (row.get("name")?, row.get("email")?);
        let invitee =
            Invitee { purpose: Purpose::Answer, subject: p.id.0, party: Some(party), name: &name, email: &email };
        let token = link::issue(tx, &invitee, now).await?;
        tx.run("UPDATE approval SET asked_at = $3 WHERE placement_id = $1 AND party = $2", vals![p.id, party, now])
            .await?;
        let lang = match party {
            Party::Manager => p.manager_lang.clone(),
            // Those asked who work here too, like the owner of the challenge, read it in their own language.
            _ => match tx.maybe("SELECT lang FROM person WHERE email = $1", vals![&email]).await? {
                Some(row) => row.get("lang")?,
                None => None,
            },
        };
        let occasion = Occasion::AskToAgree {
            party,
            person: p.person.clone(),
            outing: p.outing.clone(),
            starts_at: p.starts_at,
            token,
        };
        mail::send(tx, &*self.writer, Reader { name, email, lang }, &occasion, now).await
    }

    /// After a yes: the manager is asked before anybody outside; when all have said yes and the return is booked, it is agreed.
    pub(crate) async fn after_yes(&self, tx: &mut Tx, p: &mut Placement, now: Timestamp) -> Result<()> {
        let State::Offered { approvals, dates } = &p.state else { return Ok(()) };
        let open: Vec<Party> = approvals.iter().filter(|a| a.answer == Answer::Open).map(|a| a.party).collect();
        let manager_said_yes = !open.contains(&Party::Manager);
        if open.is_empty() && dates.is_some() {
            p.state = p.state.clone().agree()?;
            save(tx, p, &Actor::Program, "agreed", None, now).await?;
            let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
            let occasion = Occasion::Agreed { outing: p.outing.clone(), placement: p.id };
            mail::send(tx, &*self.writer, to, &occasion, now).await?;
            return self.announce(tx, p, now).await;
        }
        if manager_said_yes {
            for party in open {
                let asked = tx
                    .one("SELECT asked_at FROM approval WHERE placement_id = $1 AND party = $2", vals![p.id, party])
                    .await?
                    .get::<Option<Timestamp>>("asked_at")?;
                if asked.is_none() {
                    self.ask(tx, p, party, now).await?;
                }
            }
        }
        Ok(())
    }

    /// Those who receive the outing hear once that somebody comes; their page shows who else does.
    async fn announce(&self, tx: &mut Tx, p: &Placement, now: Timestamp) -> Result<()> {
        let coming = tx
            .count(
                "SELECT COUNT(*) FROM placement WHERE outing_id = $1 AND stage NOT IN ('wished', 'offered', 'closed')",
                vals![p.outing_id],
            )
            .await?;
        if coming > 1 {
            return Ok(());
        }
        let occasion = |door| Occasion::Coming { outing: p.outing.clone(), starts_at: p.starts_at, door };
        self.tell_hosts(tx, p.outing_id, occasion, now).await
    }

    /// A party says yes or no, by the link in the letter or, the manager, from their own page.
    pub async fn answer_placement(&self, who: &Actor, id: PlacementId, say: Say, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let mut p = load_to_change(&mut tx, id).await?;
        may(who, Act::AnswerPlacement, &p.about())?;
        let party = match who {
            Actor::Link { party, .. } => *party,
            _ => Party::Manager,
        };
        match say {
            Say::Yes => {
                p.state = p.state.approve(party)?;
                save(&mut tx, &p, who, "said-yes", None, now).await?;
                self.after_yes(&mut tx, &mut p, now).await?;
            }
            Say::No(why) => {
                tx.run(
                    "UPDATE approval SET answer = 'no', why = $3, answered_at = $4 WHERE placement_id = $1 AND party = $2",
                    vals![id, party, &why, now],
                )
                .await?;
                p.state = p.state.decline(party, why.clone())?;
                save(&mut tx, &p, who, "said-no", Some(why.as_str()), now).await?;
                self.tell_called_off(&mut tx, &p, &why, now).await?;
                self.next_in_line(&mut tx, p.outing_id, now).await?;
            }
        }
        audit::record(&mut tx, who, Act::AnswerPlacement, &format!("placement {id}"), now).await?;
        tx.commit().await
    }

    async fn tell_called_off(&self, tx: &mut Tx, p: &Placement, why: &Reason, now: Timestamp) -> Result<()> {
        let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
        let occasion = Occasion::CalledOff { outing: p.outing.clone(), why: why.as_str().to_owned() };
        mail::send(tx, &*self.writer, to, &occasion, now).await
    }

    /// A seat became free: whoever has waited longest, and still works here, gets it, unless the outing is over.
    pub(crate) async fn next_in_line(&self, tx: &mut Tx, outing: OutingId, now: Timestamp) -> Result<()> {
        // A seat of a round goes to the round's reserves, when the programme lead moves them up.
        if seats_left(tx, outing).await? <= 0 || round::holds_seats_of(tx, outing).await? {
            return Ok(());
        }
        let next = tx
            .maybe(
                "SELECT p.id FROM placement p JOIN person w ON w.id = p.person_id JOIN outing o ON o.id = p.outing_id
                 WHERE p.outing_id = $1 AND p.stage = 'wished' AND w.active AND o.status = 'open' AND o.ends_at > $2
                 ORDER BY p.created_at, p.id LIMIT 1",
                vals![outing, now],
            )
            .await?;
        let Some(next) = next else { return Ok(()) };
        let id: PlacementId = next.get("id")?;
        self.offer_in(tx, &Actor::Program, id, now).await?;
        let p = load(tx, id).await?;
        let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
        mail::send(tx, &*self.writer, to, &Occasion::SeatFree { outing: p.outing.clone(), placement: id }, now).await
    }

    /// Closes what still waits for a seat or an answer although the outing has passed, and tells the person which.
    /// Each in a transaction of its own, so that an interrupted round goes on where it stopped. Returns how many.
    pub async fn close_passed(&self, now: Timestamp) -> Result<u64> {
        let waiting = (&self.db)
            .rows(
                "SELECT p.id FROM placement p JOIN outing o ON o.id = p.outing_id
                 WHERE p.stage IN ('wished', 'offered') AND o.ends_at <= $1 ORDER BY o.ends_at, p.id LIMIT 10000",
                vals![now],
            )
            .await?;
        let mut closed = 0;
        for row in waiting {
            let mut tx = self.db.begin().await?;
            let mut p = load_to_change(&mut tx, row.get("id")?).await?;
            // Somebody may have called it off or, in the last second, said yes meanwhile.
            let Ok(missing) = p.state.missing() else { continue };
            let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
            let why = reason(&self.writer.missing(&to, &missing))?;
            p.state = p.state.pass_by(why.clone())?;
            save(&mut tx, &p, &Actor::Program, "not-placed", Some(why.as_str()), now).await?;
            let occasion = Occasion::NotPlaced { outing: p.outing.clone(), why: why.into_string() };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
            tx.commit().await?;
            closed += 1;
        }
        Ok(closed)
    }

    /// One step of the person's own along the spine. Of leaving and coming back only the day is kept.
    pub async fn step(&self, who: &Actor, id: PlacementId, step: Step, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let mut p = load_to_change(&mut tx, id).await?;
        may(who, Act::MovePlacement, &p.about())?;
        let mut at = now;
        let (what, why) = match step {
            Step::Prepare => {
                p.state = p.state.prepare()?;
                ("preparing", None)
            }
            Step::Depart { checkin, zone } => {
                p.state = p.state.depart(time::day_of(p.starts_at, &zone), time::day_of(now, &zone))?;
                p.checkin = checkin.into_string();
                at = sight::day(now, &zone)?;
                ("out", None)
            }
            Step::ComeBack { zone } => {
                p.state = p.state.come_back()?;
                p.checkin.clear();
                at = sight::day(now, &zone)?;
                ("back", None)
            }
            Step::Embed => {
                p.state = p.state.embed()?;
                ("embedding", None)
            }
            Step::Close { changed, why } => {
                p.state = p.state.close(changed, why.clone())?;
                ("closed", Some(why))
            }
            Step::CutShort { why, zone } => {
                p.state = p.state.cut_short(why.clone())?;
                p.checkin.clear();
                at = sight::day(now, &zone)?;
                ("cut-short", Some(why))
            }
            Step::Tick(done) => {
                if p.state.stage() == Stage::Closed {
                    return Err(freerange_domain::placement::PlacementError::NotFrom(Stage::Closed).into());
                }
                let template = p.kind.template();
                p.done = done;
                p.done
                    .retain(|d| template.preparation.contains(&d.as_str()) || template.returning.contains(&d.as_str()));
                ("ticked", None)
            }
        };
        save(&mut tx, &p, who, what, why.as_ref().map(Reason::as_str), at).await?;
        tx.commit().await
    }

    /// Comes back from an outing that closes on return: keeps what was seen as a note, and says what changes or why
    /// nothing does. All of it or nothing.
    pub async fn come_home(
        &self,
        who: &Actor,
        id: PlacementId,
        seen: &Draft,
        (changed, why): (bool, &Reason),
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<NoteId> {
        let mut tx = self.db.begin().await?;
        let mut p = load_to_change(&mut tx, id).await?;
        may(who, Act::MovePlacement, &p.about())?;
        if !p.kind.template().closes_on_return {
            return Err(StoreError::rule("form", "needs-debrief"));
        }
        let closed = p.state.clone().close_on_return(changed, why.clone())?;
        let note = note::write_in(&mut tx, &p, seen, now).await?;
        p.checkin.clear();
        p.state = closed;
        // It closes at the moment of coming back, and of that only the day is kept.
        save(&mut tx, &p, who, "back", Some(why.as_str()), sight::day(now, zone)?).await?;
        tx.commit().await?;
        Ok(note)
    }

    /// Calls it off before leaving.
    pub async fn cancel_placement(&self, who: &Actor, id: PlacementId, why: &Reason, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let mut p = load_to_change(&mut tx, id).await?;
        may(who, Act::CancelPlacement, &p.about())?;
        let by = match who {
            Actor::Link { party, .. } => freerange_domain::placement::canceller(*party),
            _ if who.person() == Some(p.person_id) => Canceller::Person,
            _ if who.person() == p.manager_id => Canceller::Manager,
            _ => Canceller::Host,
        };
        p.state = p.state.cancel(by, why.clone())?;
        save(&mut tx, &p, who, "cancelled", Some(why.as_str()), now).await?;
        if by != Canceller::Person {
            self.tell_called_off(&mut tx, &p, why, now).await?;
        }
        self.next_in_line(&mut tx, p.outing_id, now).await?;
        audit::record(&mut tx, who, Act::CancelPlacement, &format!("placement {id}"), now).await?;
        tx.commit().await
    }

    /// One placement, with its history: what of it this actor may see.
    pub async fn placement(&self, who: &Actor, id: PlacementId) -> Result<(Placement, Vec<Event>)> {
        let p = load(&mut &self.db, id).await?;
        may(who, Act::SeePlacement, &p.about()).map_err(hidden)?;
        let sql = "SELECT at, what, by_name, why FROM placement_event WHERE placement_id = $1 ORDER BY at, id";
        let rows = (&self.db).rows(sql, vals![id]).await?;
        let events = sight::history(&rows, who.person() == Some(p.person_id))?;
        Ok((p.seen_by(who), events))
    }

    /// One's own placements, newest first.
    pub async fn my_placements(&self, who: &Actor) -> Result<Vec<Listed>> {
        let me = who.person().ok_or(StoreError::Refused(Act::MovePlacement))?;
        let sql = select!("WHERE p.person_id = $1 ORDER BY o.starts_at DESC, p.id LIMIT 200");
        (&self.db).rows(sql, vals![me]).await?.iter().map(listed).collect()
    }

    /// Placements of one's team that wait for the manager's answer, oldest first.
    pub async fn waiting_for_me(&self, who: &Actor) -> Result<Vec<Listed>> {
        let me = who.person().ok_or(StoreError::Refused(Act::AnswerPlacement))?;
        let sql = select!(
            "JOIN approval a ON a.placement_id = p.id AND a.party = 'manager' AND a.answer = 'open'
             WHERE w.manager_id = $1 AND p.stage = 'offered' ORDER BY p.created_at LIMIT 100"
        );
        (&self.db).rows(sql, vals![me]).await?.iter().map(listed).collect()
    }

    /// Who else of the person's team is away while this outing lasts.
    pub async fn team_away(&self, who: &Actor, id: PlacementId) -> Result<Vec<Away>> {
        let p = load(&mut &self.db, id).await?;
        may(who, Act::SeeTeamAway, &p.about())?;
        // Only the manager's own link shows the team; a host has no business with it.
        if matches!(who, Actor::Link { party, .. } if *party != Party::Manager) {
            return Ok(Vec::new());
        }
        let Some(manager) = p.manager_id else { return Ok(Vec::new()) };
        self.away_between(manager, p.person_id, p.starts_at, p.ends_at).await
    }

    /// Who of the manager's team is away in the coming weeks.
    pub async fn my_team_away(&self, who: &Actor, from: Timestamp, until: Timestamp) -> Result<Vec<Away>> {
        let me = who.person().ok_or(StoreError::Refused(Act::SeeTeamAway))?;
        may(who, Act::SeeTeamAway, &About { manager: Some(me), ..About::default() })?;
        self.away_between(me, PersonId(Uuid::nil()), from, until).await
    }

    async fn away_between(
        &self,
        manager: PersonId,
        but: PersonId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Away>> {
        (&self.db)
            .rows(
                "SELECT w.name, o.starts_at, o.ends_at, p.stage FROM placement p JOIN outing o ON o.id = p.outing_id
                 JOIN person w ON w.id = p.person_id
                 WHERE w.manager_id = $1 AND w.id <> $2 AND o.starts_at < $4 AND o.ends_at > $3
                   AND p.stage IN ('offered', 'agreed', 'preparing', 'out') ORDER BY o.starts_at, w.name LIMIT 100",
                vals![manager, but, from, until],
            )
            .await?
            .iter()
            .map(|r| {
                Ok(Away {
                    person: r.get("name")?,
                    starts_at: r.get("starts_at")?,
                    ends_at: r.get("ends_at")?,
                    stage: r.get("stage")?,
                })
            })
            .collect()
    }

    /// A person's own dates for their calendar: outings, reflection, return talks. The link decides who may.
    pub async fn calendar(&self, owner: PersonId) -> Result<Vec<Listed>> {
        let sql = select!(
            "WHERE p.person_id = $1 AND p.stage NOT IN ('wished', 'offered')
               AND (p.ending IS NULL OR (p.ending NOT LIKE 'cancelled%' AND p.ending <> 'not-placed')) ORDER BY o.starts_at, p.id LIMIT 500"
        );
        (&self.db).rows(sql, vals![owner]).await?.iter().map(listed).collect()
    }

    /// Dates of a manager's team for the manager's calendar: who is away on an outing that was agreed, and return talks to
    /// come. Nothing of free-range days, nothing of what is over. The link decides who may.
    pub async fn calendar_of_team(&self, manager: PersonId, now: Timestamp) -> Result<Vec<Listed>> {
        let sql = select!(
            "WHERE w.manager_id = $1 AND w.active AND p.stage IN ('agreed', 'preparing', 'out', 'debriefing', 'embedding')
               AND o.kind <> 'free-range-day' AND (o.ends_at >= $2 OR p.talk_at >= $2) ORDER BY o.starts_at, p.id LIMIT 500"
        );
        (&self.db).rows(sql, vals![manager, now]).await?.iter().map(listed).collect()
    }

    /// A fresh secret address for one's calendar; earlier ones end.
    pub async fn new_calendar_link(&self, who: &Actor, now: Timestamp) -> Result<crate::Token> {
        let me = who.staff().ok_or(StoreError::Refused(Act::SeeOwnAccount))?;
        let mut tx = self.db.begin().await?;
        link::end_all(&mut tx, Purpose::Calendar, me.id.0, now).await?;
        let to = Invitee { purpose: Purpose::Calendar, subject: me.id.0, party: None, name: &me.name, email: "" };
        let token = link::issue(&mut tx, &to, now).await?;
        tx.commit().await?;
        Ok(token)
    }
}

/// A step of the person's own.
#[derive(Debug, Clone)]
pub enum Step {
    /// Starts preparing.
    Prepare,
    /// Leaves.
    Depart {
        /// With whom and until when, in one line.
        checkin: Line,
        /// Where the city's days begin.
        zone: TimeZone,
    },
    /// Is back.
    ComeBack {
        /// Where the city's days begin.
        zone: TimeZone,
    },
    /// The debrief is done.
    Embed,
    /// Ends after embedding.
    Close {
        /// Whether something changed.
        changed: bool,
        /// What, or why not.
        why: Reason,
    },
    /// Stops while out.
    CutShort {
        /// Why.
        why: Reason,
        /// Where the city's days begin.
        zone: TimeZone,
    },
    /// What of the lists is done.
    Tick(Vec<String>),
}

fn listed(r: &Row) -> Result<Listed> {
    let mut answers: Answers = json(&r.get::<String>("answers")?)?;
    Ok(Listed {
        cover: answers.remove("cover"),
        id: r.get("id")?,
        outing: r.get("title")?,
        kind: r.get("kind")?,
        starts_at: r.get("starts_at")?,
        ends_at: r.get("ends_at")?,
        person: r.get("name")?,
        stage: r.get("stage")?,
        ending: r.get("ending")?,
        reflection_at: r.get("reflection_at")?,
        talk_at: r.get("talk_at")?,
    })
}

async fn seats_left(tx: &mut Tx, outing: OutingId) -> Result<i64> {
    let seats: i64 = tx.one("SELECT seats FROM outing WHERE id = $1", vals![outing]).await?.get("seats")?;
    let taken = tx
        .count(
            "SELECT COUNT(*) FROM placement WHERE outing_id = $1 AND stage NOT IN ('wished', 'closed')",
            vals![outing],
        )
        .await?;
    Ok(seats - taken)
}
