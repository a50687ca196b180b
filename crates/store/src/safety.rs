//! Safe out there: who is out and until when, who is asked when they are not back. Asked by the server, in letters that
//! are written in the transaction that says so, once however many servers run. Promises that nobody but the person sees
//! anything before it is overdue, that links open nothing once it is settled, and that nothing stays: no history, no
//! entry in the audit log, not in a backup (`backup/table.rs` says why), and the sweep deletes it a day after it ended.

use freerange_domain::{
    id::{OutId, PersonId, PlacementId},
    safety::{Ask as Asked, GoingOut, Stage, check_due},
    text::Area,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Occasion, Result, Store, StoreError, Token,
    db::{Ask, Row, Tx, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Reader},
    may,
};

/// What somebody says who goes out.
#[derive(Debug, Clone)]
pub struct GoOut {
    /// Made where it is said, so that it is kept once however often it arrives.
    pub id: OutId,
    /// On which placement of theirs.
    pub placement: PlacementId,
    /// The planned area, in words.
    pub area: Area,
    /// With whom, in words.
    pub with: Option<Area>,
    /// The colleague who is asked first.
    pub buddy: PersonId,
    /// When they are back.
    pub due: Timestamp,
    /// When they said it, by the corrected clock of where they said it; now, on a page.
    pub said_at: Timestamp,
}

/// What became of a word that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It is on the disk.
    Kept,
    /// It was there already, or says nothing new.
    Known,
    /// It is about a going out that has not arrived. Nothing was kept; it is sent again.
    Waits,
}

/// Where one's own going out stands.
#[derive(Debug, Clone)]
pub struct MyOut {
    /// Which.
    pub id: OutId,
    /// The planned area.
    pub area: String,
    /// With whom.
    pub with: Option<String>,
    /// Who is asked first.
    pub buddy: String,
    /// When they are back.
    pub due: Timestamp,
    /// Where it stands.
    pub stage: Stage,
}

/// What whoever was asked sees of somebody who is overdue.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Which.
    pub id: OutId,
    /// Who.
    pub person: String,
    /// The planned area.
    pub area: String,
    /// With whom.
    pub with: Option<String>,
    /// Since when they are overdue.
    pub due: Timestamp,
    /// Who was asked first.
    pub buddy: String,
    /// Where it stands.
    pub stage: Stage,
}

/// What whoever was asked answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// They have heard from them.
    Yes,
    /// They have not; the duty manager is to know at once.
    PassOn,
}

/// Why whoever was asked need not look any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relief {
    /// They are back.
    Back,
    /// They said that they will be later.
    Later(Timestamp),
    /// Somebody who was asked has heard from them.
    Heard,
}

struct Record {
    id: OutId,
    person: PersonId,
    name: String,
    area: String,
    with: Option<String>,
    buddy: PersonId,
    buddy_name: String,
    out: GoingOut,
}

const READ: &str = "SELECT g.*, p.name AS person, b.name AS buddy FROM going_out g
     JOIN person p ON p.id = g.person_id JOIN person b ON b.id = g.buddy_id WHERE g.id = $1";

fn record(r: &Row) -> Result<Record> {
    Ok(Record {
        id: r.get("id")?,
        person: r.get("person_id")?,
        name: r.get("person")?,
        area: r.get("area")?,
        with: r.get("with_whom")?,
        buddy: r.get("buddy_id")?,
        buddy_name: r.get("buddy")?,
        out: GoingOut { stage: r.get("stage")?, due: r.get("due_at")?, asks_at: r.get("asks_at")? },
    })
}

async fn find(ask: &mut impl Ask, id: OutId) -> Result<Option<Record>> {
    ask.maybe(READ, vals![id]).await?.as_ref().map(record).transpose()
}

/// Reads one to change it; whoever wants to change it meanwhile waits.
async fn find_to_change(tx: &mut Tx, id: OutId) -> Result<Option<Record>> {
    tx.hold("SELECT id FROM going_out WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await?;
    find(tx, id).await
}

async fn save(tx: &mut Tx, r: &Record, now: Timestamp) -> Result<()> {
    let ended = r.out.stage.is_over().then_some(now);
    tx.run(
        "UPDATE going_out SET stage = $2, due_at = $3, asks_at = $4, ended_at = $5 WHERE id = $1",
        vals![r.id, r.out.stage, r.out.due, r.out.asks_at, ended],
    )
    .await?;
    Ok(())
}

fn watched(r: Record) -> Watched {
    Watched {
        id: r.id,
        person: r.name,
        area: r.area,
        with: r.with,
        due: r.out.due,
        buddy: r.buddy_name,
        stage: r.out.stage,
    }
}

fn about(r: &Record) -> About {
    About { person: Some(r.person), buddy: Some(r.buddy), out: Some(r.id), ..About::default() }
}

/// Whose own it is. Somebody else's is not there.
fn own(who: &Actor) -> Result<PersonId> {
    who.person().ok_or(StoreError::Refused(Act::GoOut))
}

async fn reader(tx: &mut Tx, id: PersonId) -> Result<Option<Reader>> {
    let row = tx.maybe("SELECT name, email, lang FROM person WHERE id = $1 AND active", vals![id]).await?;
    let read = |r: Row| Ok::<_, StoreError>(Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? });
    Ok(row.map(read).transpose()?.filter(|to| !to.email.is_empty()))
}

async fn colleague_is_here(tx: &mut Tx, id: PersonId) -> Result<bool> {
    Ok(tx.maybe("SELECT id FROM person WHERE id = $1 AND active", vals![id]).await?.is_some())
}

impl Store {
    /// The same store with the address of whoever is on duty. Without one the programme leads are asked.
    #[must_use]
    pub fn with_duty(self, duty: Option<Reader>) -> Self {
        Self { duty, ..self }
    }

    /// Somebody goes out, in a transaction of the caller. Idempotent by its id.
    pub(crate) async fn go_out_in(&self, tx: &mut Tx, me: PersonId, go: &GoOut, now: Timestamp) -> Result<Arrived> {
        if let Some(known) = find(tx, go.id).await? {
            return if known.person == me { Ok(Arrived::Known) } else { Err(StoreError::NotFound) };
        }
        check_due(go.due, go.said_at).map_err(|p| StoreError::rule("due_time", p.as_str()))?;
        if go.buddy == me {
            return Err(StoreError::rule("buddy", "buddy-oneself"));
        }
        if !colleague_is_here(tx, go.buddy).await? {
            return Err(StoreError::rule("buddy", "buddy-gone"));
        }
        let mine = "SELECT id FROM placement WHERE id = $1 AND person_id = $2";
        tx.maybe(mine, vals![go.placement, me]).await?.ok_or(StoreError::NotFound)?;
        let out = GoingOut::heard_of(go.due, now);
        let kept = tx
            .run(
                "INSERT INTO going_out (id, person_id, placement_id, area, with_whom, buddy_id, due_at, stage, asks_at, ended_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
                vals![
                    go.id,
                    me,
                    go.placement,
                    go.area.as_str(),
                    go.with.as_ref().map(Area::as_str),
                    go.buddy,
                    out.due,
                    out.stage,
                    out.asks_at,
                    out.stage.is_over().then_some(now)
                ],
            )
            .await?;
        Ok(if kept == 1 { Arrived::Kept } else { Arrived::Known })
    }

    /// Somebody will be later, in a transaction of the caller.
    pub(crate) async fn later_in(
        &self,
        tx: &mut Tx,
        me: PersonId,
        out: OutId,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Arrived> {
        let Some(mut r) = find_to_change(tx, out).await? else { return Ok(Arrived::Waits) };
        may_be_mine(&r, me)?;
        let were_asked = r.out.stage.is_overdue();
        if !r.out.later(due, now) {
            return Ok(Arrived::Known);
        }
        save(tx, &r, now).await?;
        if were_asked && !r.out.stage.is_overdue() {
            self.relieve(tx, &r, Relief::Later(due), now).await?;
        }
        Ok(Arrived::Kept)
    }

    /// Somebody is back, in a transaction of the caller.
    pub(crate) async fn back_in(&self, tx: &mut Tx, me: PersonId, out: OutId, now: Timestamp) -> Result<Arrived> {
        let Some(mut r) = find_to_change(tx, out).await? else { return Ok(Arrived::Waits) };
        may_be_mine(&r, me)?;
        if !r.out.back() {
            return Ok(Arrived::Known);
        }
        save(tx, &r, now).await?;
        self.relieve(tx, &r, Relief::Back, now).await?;
        Ok(Arrived::Kept)
    }

    /// Somebody goes out.
    pub async fn go_out(&self, who: &Actor, go: &GoOut, now: Timestamp) -> Result<Arrived> {
        let mut tx = self.db.begin().await?;
        let arrived = self.go_out_in(&mut tx, own(who)?, go, now).await?;
        tx.commit().await?;
        Ok(arrived)
    }

    /// Somebody will be later than they said.
    pub async fn out_later(&self, who: &Actor, out: OutId, due: Timestamp, now: Timestamp) -> Result<()> {
        check_due(due, now).map_err(|p| StoreError::rule("due_time", p.as_str()))?;
        let mut tx = self.db.begin().await?;
        let arrived = self.later_in(&mut tx, own(who)?, out, due, now).await?;
        tx.commit().await?;
        match arrived {
            Arrived::Kept => Ok(()),
            Arrived::Known => Err(StoreError::rule("due_time", "due-not-later")),
            Arrived::Waits => Err(StoreError::NotFound),
        }
    }

    /// Somebody is back. Saying it twice is saying it once.
    pub async fn out_back(&self, who: &Actor, out: OutId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let arrived = self.back_in(&mut tx, own(who)?, out, now).await?;
        tx.commit().await?;
        if arrived == Arrived::Waits { Err(StoreError::NotFound) } else { Ok(()) }
    }

    /// Where one's own stand that are not over.
    pub async fn my_outs(&self, who: &Actor) -> Result<Vec<MyOut>> {
        let rows = (&self.db)
            .rows(
                "SELECT g.id, g.area, g.with_whom, b.name AS buddy, g.due_at, g.stage FROM going_out g
                 JOIN person b ON b.id = g.buddy_id
                 WHERE g.person_id = $1 AND g.ended_at IS NULL ORDER BY g.due_at, g.id",
                vals![own(who)?],
            )
            .await?;
        let read = |r: &Row| {
            Ok(MyOut {
                id: r.get("id")?,
                area: r.get("area")?,
                with: r.get("with_whom")?,
                buddy: r.get("buddy")?,
                due: r.get("due_at")?,
                stage: r.get("stage")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Whom one can name as buddy on the page: the own team, whom one reports to and who reports to one, and who goes on
    /// the same outings.
    pub async fn buddies(&self, who: &Actor) -> Result<Vec<(PersonId, String)>> {
        let rows = (&self.db)
            .rows(
                "SELECT DISTINCT b.id, b.name FROM person me JOIN person b ON b.id <> me.id AND b.active
                    AND (b.team_id = me.team_id OR b.id = me.manager_id OR b.manager_id = me.id OR EXISTS (
                        SELECT 1 FROM placement mine JOIN placement other ON other.outing_id = mine.outing_id
                        WHERE mine.person_id = me.id AND other.person_id = b.id
                            AND mine.stage IN ('agreed', 'preparing', 'out') AND other.stage IN ('agreed', 'preparing', 'out')))
                 WHERE me.id = $1 ORDER BY b.name, b.id LIMIT 300",
                vals![own(who)?],
            )
            .await?;
        rows.iter().map(|r| Ok((r.get("id")?, r.get("name")?))).collect()
    }

    /// Who is overdue and named the reader as buddy.
    pub async fn overdue_for_me(&self, who: &Actor) -> Result<Vec<Watched>> {
        let me = who.person().ok_or(StoreError::Refused(Act::AnswerOverdue))?;
        let rows = (&self.db)
            .rows(
                "SELECT g.*, p.name AS person, b.name AS buddy FROM going_out g JOIN person p ON p.id = g.person_id
                 JOIN person b ON b.id = g.buddy_id
                 WHERE g.buddy_id = $1 AND g.stage IN ('asked-buddy', 'asked-duty') ORDER BY g.due_at, g.id",
                vals![me],
            )
            .await?;
        rows.iter().map(|r| Ok(watched(record(r)?))).collect()
    }

    /// Who is behind the link of a letter about somebody who is overdue.
    pub async fn watcher(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let opened = link::open(&mut &self.db, Purpose::Watch, token, now).await?;
        Ok(Actor::Watcher(OutId(opened.subject)))
    }

    /// Somebody who is overdue, for whoever was asked. When it is settled it is not there any more.
    pub async fn overdue(&self, who: &Actor, id: OutId) -> Result<Watched> {
        let r = find(&mut &self.db, id).await?.ok_or(StoreError::NotFound)?;
        may(who, Act::AnswerOverdue, &about(&r))?;
        if r.out.stage.is_overdue() { Ok(watched(r)) } else { Err(StoreError::NotFound) }
    }

    /// Whoever was asked has heard from them, or passes it on at once.
    pub async fn answer_overdue(&self, who: &Actor, id: OutId, said: Heard, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let mut r = find_to_change(&mut tx, id).await?.ok_or(StoreError::NotFound)?;
        may(who, Act::AnswerOverdue, &about(&r))?;
        match said {
            Heard::Yes => {
                if !r.out.heard() {
                    return Err(StoreError::NotFound);
                }
                save(&mut tx, &r, now).await?;
                self.relieve(&mut tx, &r, Relief::Heard, now).await?;
            }
            Heard::PassOn if r.out.pass_on() => {
                save(&mut tx, &r, now).await?;
                self.ask_duty(&mut tx, &r, now).await?;
            }
            // The duty manager knows already.
            Heard::PassOn if r.out.stage.is_overdue() => {}
            Heard::PassOn => return Err(StoreError::NotFound),
        }
        tx.commit().await
    }

    /// Asks about everybody who is overdue; each in a transaction of its own, so that one that fails holds up no other.
    /// Returns about how many.
    pub async fn ask_after(&self, now: Timestamp) -> Result<u64> {
        let due = "SELECT id FROM going_out WHERE asks_at <= $1 ORDER BY asks_at, id";
        let (mut asked, mut failed) = (0, None);
        for row in (&self.db).rows(due, vals![now]).await? {
            match self.ask_about(row.get("id")?, now).await {
                Ok(about_it) => asked += u64::from(about_it),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(asked), Err)
    }

    /// Whether somebody was asked now: another server may have been faster, or they came back.
    async fn ask_about(&self, id: OutId, now: Timestamp) -> Result<bool> {
        let mut tx = self.db.begin().await?;
        let Some(mut r) = find_to_change(&mut tx, id).await? else { return Ok(false) };
        let Some(whom) = r.out.ask(now) else { return Ok(false) };
        if matches!(whom, Asked::Buddy | Asked::Both) {
            let reached = self.ask_buddy(&mut tx, &r, now).await?;
            // A buddy who left, or has no address, cannot answer: nobody waits for them.
            if !reached && r.out.pass_on() {
                self.ask_duty(&mut tx, &r, now).await?;
            }
        }
        if matches!(whom, Asked::Duty | Asked::Both) {
            self.ask_duty(&mut tx, &r, now).await?;
        }
        save(&mut tx, &r, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Writes to the buddy, and to the person themselves. Returns whether the buddy can be written to.
    async fn ask_buddy(&self, tx: &mut Tx, r: &Record, now: Timestamp) -> Result<bool> {
        if let Some(to) = reader(tx, r.person).await? {
            let occasion = Occasion::AreYouBack { area: r.area.clone(), due: r.out.due };
            mail::send_brief(tx, &*self.writer, to, &occasion, now).await?;
        }
        let Some(to) = reader(tx, r.buddy).await? else { return Ok(false) };
        self.ask_one(tx, r, to, false, now).await?;
        Ok(true)
    }

    /// Writes to whoever is on duty; where the city named nobody, to the programme leads.
    async fn ask_duty(&self, tx: &mut Tx, r: &Record, now: Timestamp) -> Result<()> {
        if let Some(duty) = self.duty.clone() {
            return self.ask_one(tx, r, duty, true, now).await;
        }
        let leads = "SELECT p.id FROM role_grant g JOIN person p ON p.id = g.person_id
             WHERE g.role = 'programme-lead' AND p.active ORDER BY p.id";
        for row in tx.rows(leads, Vec::new()).await? {
            if let Some(to) = reader(tx, row.get("id")?).await? {
                self.ask_one(tx, r, to, true, now).await?;
            }
        }
        Ok(())
    }

    async fn ask_one(&self, tx: &mut Tx, r: &Record, to: Reader, duty: bool, now: Timestamp) -> Result<()> {
        let whom =
            Invitee { purpose: Purpose::Watch, subject: r.id.0, party: None, name: &to.name, email: &to.email };
        let token = link::issue(tx, &whom, now).await?;
        let occasion = Occasion::Overdue {
            person: r.name.clone(),
            area: r.area.clone(),
            with: r.with.clone(),
            due: r.out.due,
            buddy: duty.then(|| r.buddy_name.clone()),
            token,
        };
        mail::send_brief(tx, &*self.writer, to, &occasion, now).await
    }

    /// Tells everybody who was asked that they need not look any more, and ends their links.
    async fn relieve(&self, tx: &mut Tx, r: &Record, why: Relief, now: Timestamp) -> Result<()> {
        let asked = "SELECT DISTINCT l.name, l.email, p.lang FROM link l LEFT JOIN person p ON p.email = l.email
             WHERE l.purpose = $1 AND l.subject_id = $2 AND l.ended_at IS NULL ORDER BY l.email, l.name";
        for row in tx.rows(asked, vals![Purpose::Watch.as_str(), r.id]).await? {
            let email: String = row.get("email")?;
            let lang = match self.duty.as_ref().filter(|d| d.email == email) {
                Some(duty) => duty.lang.clone(),
                None => row.get("lang")?,
            };
            let to = Reader { name: row.get("name")?, email, lang };
            let occasion = Occasion::OverdueEnded { person: r.name.clone(), why };
            mail::send_brief(tx, &*self.writer, to, &occasion, now).await?;
        }
        link::end_all(tx, Purpose::Watch, r.id.0, now).await
    }
}

fn may_be_mine(r: &Record, me: PersonId) -> Result<()> {
    if r.person == me { Ok(()) } else { Err(StoreError::NotFound) }
}
