//! Whoever was asked about somebody who is overdue: who is asked when, what they see and answer, and that they need not
//! look any more.

use freerange_domain::{
    id::{OutId, PersonId},
    safety::Ask as Asked,
};
use jiff::Timestamp;

use super::{Heard, Record, Relief, Watched, about, find, find_to_change, record, save};
use crate::{
    Act, Actor, Occasion, Result, Store, StoreError, Token,
    db::{Ask as _, Row, Tx, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Reader},
    may,
};

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

async fn reader(tx: &mut Tx, id: PersonId) -> Result<Option<Reader>> {
    let row = tx.maybe("SELECT name, email, lang FROM person WHERE id = $1 AND active", vals![id]).await?;
    let read =
        |r: Row| Ok::<_, StoreError>(Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? });
    Ok(row.map(read).transpose()?.filter(|to| !to.email.is_empty()))
}

impl Store {
    /// The same store with the address of whoever is on duty. Without one the programme leads are asked.
    #[must_use]
    pub fn with_duty(self, duty: Option<Reader>) -> Self {
        Self { duty, ..self }
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
        let whom = Invitee { purpose: Purpose::Watch, subject: r.id.0, party: None, name: &to.name, email: &to.email };
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
    pub(super) async fn relieve(&self, tx: &mut Tx, r: &Record, why: Relief, now: Timestamp) -> Result<()> {
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
