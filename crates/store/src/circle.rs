//! Circles of peers: who is in one, when it meets, and each one's own action, sealed under their own key. Uses people,
//! placements and letters. Promises that what is said in a circle is kept nowhere, that only those in it see that it is
//! there, and that the programme lead learns a number and nothing else.

use freerange_domain::{
    circle::{AROUND_DAYS, CircleProblem, MOST, Stage, State},
    id::{CircleId, PersonId},
    people::Email,
    text::Prose,
    time,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    About, Act, Actor, CircleNews, Occasion, Result, Store, StoreError,
    db::{Ask, Tx, vals},
    mail::{self, Reader},
    may,
    people::department,
    placement::came_back,
};

mod seeking;
mod watch;

pub use seeking::Seeker;
pub use watch::Figures;

/// A circle, as one of those in it sees it.
#[derive(Debug, Clone)]
pub struct Circle {
    /// Which.
    pub id: CircleId,
    /// Where it stands.
    pub stage: Stage,
    /// Who is in it.
    pub members: Vec<String>,
    /// Who was asked and has not answered.
    pub asked: Vec<String>,
    /// Whether the reader is in it; otherwise they are asked.
    pub joined: bool,
    /// The last meeting.
    pub last_at: Option<Timestamp>,
    /// The next one.
    pub next_at: Option<Timestamp>,
    /// The reader's own action, when they kept one and their diary is open.
    pub action: Option<String>,
    /// Whether there is one that this session cannot open.
    pub action_closed: bool,
}

/// Whom to bring into a circle.
#[derive(Debug, Clone)]
pub enum Whom {
    /// A colleague, by work address.
    Email(Email),
    /// Somebody of those who would like to be in one.
    Seeker(PersonId),
}

struct Member {
    row: Uuid,
    person: PersonId,
    joined: bool,
    reader: Reader,
    sealed: Option<Vec<u8>>,
}

struct Record {
    id: CircleId,
    began: bool,
    last_at: Option<Timestamp>,
    next_at: Option<Timestamp>,
    sequence: i64,
    members: Vec<Member>,
}

impl Record {
    fn state(&self) -> State {
        State::of(self.members.iter().filter(|m| m.joined).count(), self.began)
    }

    fn about(&self) -> About {
        About { peers: self.members.iter().map(|m| m.person).collect(), ..About::default() }
    }

    fn mine(&self, who: &Actor) -> Result<&Member> {
        self.members.iter().find(|m| Some(m.person) == who.person()).ok_or(StoreError::NotFound)
    }

    /// Whoever is in it, not only asked.
    fn joined(&self, who: &Actor) -> Result<&Member> {
        let mine = self.mine(who)?;
        if mine.joined { Ok(mine) } else { Err(StoreError::rule("form", "circle-answer-first")) }
    }

    /// The meeting before the one to come.
    fn last(&self, now: Timestamp) -> Option<Timestamp> {
        self.next_at.filter(|at| *at <= now).or(self.last_at)
    }
}

fn refused(problem: CircleProblem) -> StoreError {
    let field = match problem {
        CircleProblem::TooSoon | CircleProblem::TooLate | CircleProblem::Past => "meeting_date",
        CircleProblem::Full | CircleProblem::TooFew => "form",
    };
    StoreError::rule(field, problem.as_str())
}

async fn find(ask: &mut impl Ask, id: CircleId) -> Result<Record> {
    let c = ask.one("SELECT began, last_at, next_at, sequence FROM circle WHERE id = $1", vals![id]).await?;
    // Whoever has left the city is not in it any more.
    let sql = "SELECT m.id, m.person_id, m.joined, m.sealed, w.name, w.email, w.lang FROM circle_member m
         JOIN person w ON w.id = m.person_id AND w.active WHERE m.circle_id = $1 ORDER BY w.name, w.id";
    let mut members = Vec::new();
    for r in ask.rows(sql, vals![id]).await? {
        members.push(Member {
            row: r.get("id")?,
            person: r.get("person_id")?,
            joined: r.get("joined")?,
            reader: Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? },
            sealed: r.get("sealed")?,
        });
    }
    Ok(Record {
        id,
        began: c.get("began")?,
        last_at: c.get("last_at")?,
        next_at: c.get("next_at")?,
        sequence: c.get("sequence")?,
        members,
    })
}

/// One that the actor is in or asked into. Somebody else's is not there.
async fn open(ask: &mut impl Ask, who: &Actor, id: CircleId) -> Result<Record> {
    let record = find(ask, id).await?;
    may(who, Act::SeeCircle, &record.about()).map_err(|_| StoreError::NotFound)?;
    Ok(record)
}

/// The same to change it: two who say yes at once do not both become the seventh.
async fn open_to_change(tx: &mut Tx, who: &Actor, id: CircleId) -> Result<Record> {
    tx.hold("SELECT id FROM circle WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await?;
    open(tx, who, id).await
}

fn seen(record: &Record, who: &Actor) -> Result<Circle> {
    let mine = record.mine(who)?;
    let key = who.staff().and_then(|s| s.diary.as_ref());
    let action = match (&mine.sealed, key) {
        (Some(sealed), Some(key)) => Some(key.open(sealed, mine.row)?),
        _ => None,
    };
    let names = |joined: bool| {
        record.members.iter().filter(|m| m.joined == joined).map(|m| m.reader.name.clone()).collect::<Vec<_>>()
    };
    Ok(Circle {
        id: record.id,
        stage: record.state().stage(),
        members: names(true),
        asked: names(false),
        joined: mine.joined,
        last_at: record.last_at,
        next_at: record.next_at,
        action_closed: mine.sealed.is_some() && action.is_none(),
        action,
    })
}

/// Whether somebody has ever come back from an outing.
async fn has_been_out(ask: &mut impl Ask, me: PersonId) -> Result<bool> {
    let sql = concat!("SELECT p.id FROM placement p WHERE p.person_id = $1 AND ", came_back!("p"), " LIMIT 1");
    Ok(ask.maybe(sql, vals![me]).await?.is_some())
}

impl Store {
    /// Begins a circle. Anybody who came back from an outing can.
    pub async fn start_circle(&self, who: &Actor, now: Timestamp) -> Result<CircleId> {
        may(who, Act::StartCircle, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::StartCircle))?;
        let mut tx = self.db.begin().await?;
        if !has_been_out(&mut tx, me).await? {
            return Err(StoreError::rule("form", "circle-not-back"));
        }
        let id = CircleId::new();
        tx.run("INSERT INTO circle (id, touched_at) VALUES ($1, $2)", vals![id, now]).await?;
        member(&mut tx, id, me, true).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Circles that one is in or asked into.
    pub async fn my_circles(&self, who: &Actor) -> Result<Vec<Circle>> {
        may(who, Act::StartCircle, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::StartCircle))?;
        let sql = "SELECT circle_id FROM circle_member WHERE person_id = $1 ORDER BY circle_id LIMIT 50";
        let mut mine = Vec::new();
        for r in (&self.db).rows(sql, vals![me]).await? {
            mine.push(seen(&find(&mut &self.db, r.get("circle_id")?).await?, who)?);
        }
        Ok(mine)
    }

    /// One circle.
    pub async fn circle(&self, who: &Actor, id: CircleId) -> Result<Circle> {
        seen(&open(&mut &self.db, who, id).await?, who)
    }

    /// Asks a colleague to be in it. More than seven are not even asked.
    pub async fn ask_into_circle(&self, who: &Actor, id: CircleId, whom: &Whom, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let record = open_to_change(&mut tx, who, id).await?;
        let by = record.joined(who)?.reader.name.clone();
        if record.members.len() >= MOST {
            return Err(refused(CircleProblem::Full));
        }
        let nobody = StoreError::rule("email", "nobody-here");
        let row = match whom {
            Whom::Email(email) => {
                let sql = "SELECT id, name, email, lang FROM person WHERE email = $1 AND active";
                tx.maybe(sql, vals![email.as_str()]).await?
            }
            Whom::Seeker(person) => {
                let sql =
                    "SELECT w.id, w.name, w.email, w.lang FROM person w JOIN circle_seeker s ON s.person_id = w.id
                     WHERE w.id = $1 AND w.active";
                tx.maybe(sql, vals![*person]).await?
            }
        };
        let row = row.ok_or(nobody)?;
        let person: PersonId = row.get("id")?;
        if record.members.iter().any(|m| m.person == person) {
            return Err(StoreError::rule("email", "circle-asked-already"));
        }
        member(&mut tx, id, person, false).await?;
        let to = Reader { name: row.get("name")?, email: row.get("email")?, lang: row.get("lang")? };
        mail::send(&mut tx, &*self.writer, to, &Occasion::Circle { id, news: CircleNews::Asked { by } }, now).await?;
        tx.commit().await
    }

    /// Says yes or no to being in it. With the third it runs. A no leaves no trace.
    pub async fn answer_circle(&self, who: &Actor, id: CircleId, yes: bool, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let record = open_to_change(&mut tx, who, id).await?;
        let mine = record.mine(who)?;
        if mine.joined {
            return Ok(());
        }
        if yes {
            let state = record.state().join().map_err(refused)?;
            tx.run("UPDATE circle_member SET joined = TRUE WHERE id = $1", vals![mine.row]).await?;
            let runs = matches!(state, State::Running(_));
            tx.run("UPDATE circle SET began = began OR $2, touched_at = $3 WHERE id = $1", vals![id, runs, now])
                .await?;
        } else {
            tx.run("DELETE FROM circle_member WHERE id = $1", vals![mine.row]).await?;
        }
        tx.commit().await
    }

    /// Leaves, at any time and without a reason; one's own action goes. Below three it pauses, and the others hear that.
    pub async fn leave_circle(&self, who: &Actor, id: CircleId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let record = open_to_change(&mut tx, who, id).await?;
        let mine = record.mine(who)?;
        tx.run("DELETE FROM circle_member WHERE id = $1", vals![mine.row]).await?;
        if mine.joined {
            let (was, is) = (record.state(), record.state().leave());
            if is == State::Over {
                tx.run("DELETE FROM circle_member WHERE circle_id = $1", vals![id]).await?;
                tx.run("DELETE FROM circle WHERE id = $1", vals![id]).await?;
            } else if was.stage() == Stage::Running && is.stage() == Stage::Paused {
                let occasion = Occasion::Circle { id, news: CircleNews::Pauses };
                for m in record.members.iter().filter(|m| m.joined && m.row != mine.row) {
                    mail::send(&mut tx, &*self.writer, m.reader.clone(), &occasion, now).await?;
                }
            }
        }
        tx.commit().await
    }

    /// Sets the next meeting, or moves it. Everybody in it gets it for their calendar.
    pub async fn set_circle_meeting(
        &self,
        who: &Actor,
        id: CircleId,
        at: Timestamp,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let record = open_to_change(&mut tx, who, id).await?;
        record.joined(who)?;
        if at <= now {
            return Err(refused(CircleProblem::Past));
        }
        let last = record.last(now);
        let day = |at| time::day_of(at, zone);
        record.state().meet(last.map(day), day(at), day(now)).map_err(refused)?;
        let sequence = record.sequence + 1;
        tx.run(
            "UPDATE circle SET last_at = $2, next_at = $3, sequence = $4, reminded = FALSE, touched_at = $5 WHERE id = $1",
            vals![id, last, at, sequence, now],
        )
        .await?;
        let occasion = Occasion::Circle { id, news: CircleNews::Meets { at, sequence } };
        for m in record.members.iter().filter(|m| m.joined) {
            mail::send(&mut tx, &*self.writer, m.reader.clone(), &occasion, now).await?;
        }
        tx.commit().await
    }

    /// Keeps one's own action until the next meeting, sealed under one's own key; nothing written takes it away.
    pub async fn keep_circle_action(&self, who: &Actor, id: CircleId, action: Option<&Prose>) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let record = open_to_change(&mut tx, who, id).await?;
        let mine = record.joined(who)?;
        may(who, Act::KeepCircleAction, &About::person(mine.person))?;
        let key = who.staff().and_then(|s| s.diary.as_ref()).ok_or(StoreError::DiaryClosed)?;
        let sealed = action.map(|text| key.seal(text.as_str(), mine.row)).transpose()?;
        tx.run("UPDATE circle_member SET sealed = $2 WHERE id = $1", vals![mine.row, sealed]).await?;
        tx.commit().await
    }
}

async fn member(tx: &mut Tx, id: CircleId, person: PersonId, joined: bool) -> Result<()> {
    // Random, so that it does not tell when somebody was asked.
    let row = Uuid::from_bytes(crate::secret::random()?);
    let sql = "INSERT INTO circle_member (id, circle_id, person_id, joined) VALUES ($1, $2, $3, $4)";
    tx.run(sql, vals![row, id, person, joined]).await?;
    Ok(())
}
