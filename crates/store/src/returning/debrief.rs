//! The debrief together: those who were on the same outing, rank outside. What each writes is their own; kept is only when,
//! and who said that they come, until the day after. Whoever was on the outing sees it and nobody else.

use freerange_domain::{
    id::{DebriefId, OutingId, PersonId, PlacementId},
    returning::check_debrief,
};
use jiff::Timestamp;

use super::among;
use crate::{
    Act, Actor, Occasion, Result, Store, StoreError,
    db::{Ask, Tx, vals},
    mail::{self, Reader},
    may,
    placement::load_to_change,
};

/// A debrief together that is to come.
#[derive(Debug, Clone)]
pub struct Together {
    /// Which.
    pub id: DebriefId,
    /// The outing.
    pub outing: String,
    /// When.
    pub at: Timestamp,
    /// Who said that they come.
    pub coming: Vec<String>,
    /// Whether the reader did.
    pub mine: bool,
}

/// Those who are out or back on an outing and work here.
async fn goers(ask: &mut impl Ask, outing: OutingId) -> Result<Vec<(PersonId, PlacementId)>> {
    let sql = "SELECT p.id, p.person_id FROM placement p JOIN person w ON w.id = p.person_id AND w.active
         WHERE p.outing_id = $1 AND p.stage IN ('out', 'debriefing', 'embedding') ORDER BY p.id";
    ask.rows(sql, vals![outing]).await?.iter().map(|r| Ok((r.get("person_id")?, r.get("id")?))).collect()
}

async fn say_yes(tx: &mut Tx, id: DebriefId, me: PersonId) -> Result<()> {
    let sql = "INSERT INTO debrief_member (debrief_id, person_id) VALUES ($1, $2) ON CONFLICT (debrief_id, person_id) DO NOTHING";
    tx.run(sql, vals![id, me]).await?;
    Ok(())
}

impl Store {
    /// Proposes to debrief together: the others of the same outing are asked by letter.
    pub async fn propose_debrief(
        &self,
        who: &Actor,
        placement: PlacementId,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<DebriefId> {
        let mut tx = self.db.begin().await?;
        let p = load_to_change(&mut tx, placement).await?;
        may(who, Act::MovePlacement, &p.about())?;
        let others: Vec<_> =
            goers(&mut tx, p.outing_id).await?.into_iter().filter(|(other, _)| *other != p.person_id).collect();
        check_debrief(p.state.stage(), others.len(), at, now)
            .map_err(|e| StoreError::rule("debrief_date", e.as_str()))?;
        let there = "SELECT id FROM debrief WHERE outing_id = $1 AND at > $2";
        if tx.maybe(there, vals![p.outing_id, now]).await?.is_some() {
            return Err(StoreError::rule("debrief_date", "debrief-there"));
        }
        let id = DebriefId::new();
        tx.run("INSERT INTO debrief (id, outing_id, at) VALUES ($1, $2, $3)", vals![id, p.outing_id, at]).await?;
        say_yes(&mut tx, id, p.person_id).await?;
        for (other, theirs) in others {
            let r = tx.one("SELECT name, email, lang FROM person WHERE id = $1", vals![other]).await?;
            let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
            let (by, outing) = (p.person.clone(), p.outing.clone());
            let occasion = Occasion::DebriefTogether { by, outing, placement: theirs, at };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Says that one comes, or does not. For those of the same outing.
    pub async fn answer_debrief(&self, who: &Actor, id: DebriefId, comes: bool, now: Timestamp) -> Result<PlacementId> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT outing_id FROM debrief WHERE id = $1 AND at > $2", vals![id, now]).await?;
        let goers = goers(&mut tx, row.get("outing_id")?).await?;
        let there = among(goers.iter().map(|(person, _)| *person).collect());
        may(who, Act::JoinDebrief, &there).map_err(|_| StoreError::NotFound)?;
        let me = who.person().ok_or(StoreError::NotFound)?;
        if comes {
            say_yes(&mut tx, id, me).await?;
        } else {
            tx.run("DELETE FROM debrief_member WHERE debrief_id = $1 AND person_id = $2", vals![id, me]).await?;
        }
        tx.commit().await?;
        goers.into_iter().find(|(person, _)| *person == me).map(|(_, placement)| placement).ok_or(StoreError::NotFound)
    }

    /// The debrief together that is to come on one's own placement.
    pub async fn debrief_of(&self, who: &Actor, placement: PlacementId, now: Timestamp) -> Result<Option<Together>> {
        let me = who.person().ok_or(StoreError::Refused(Act::JoinDebrief))?;
        let sql = "SELECT d.id, o.title, d.at FROM debrief d JOIN outing o ON o.id = d.outing_id
             JOIN placement p ON p.outing_id = d.outing_id WHERE p.id = $1 AND p.person_id = $2 AND d.at > $3
                AND p.stage IN ('out', 'debriefing', 'embedding') ORDER BY d.at LIMIT 1";
        let Some(r) = (&self.db).maybe(sql, vals![placement, me, now]).await? else { return Ok(None) };
        let id: DebriefId = r.get("id")?;
        let coming = "SELECT w.id, w.name FROM debrief_member m JOIN person w ON w.id = m.person_id
             WHERE m.debrief_id = $1 ORDER BY w.name, w.id";
        let (mut names, mut mine) = (Vec::new(), false);
        for m in (&self.db).rows(coming, vals![id]).await? {
            mine |= m.get::<PersonId>("id")? == me;
            names.push(m.get("name")?);
        }
        Ok(Some(Together { id, outing: r.get("title")?, at: r.get("at")?, coming: names, mine }))
    }

    /// Debriefs to which somebody said that they come, for their calendar. The link decides who may.
    pub async fn calendar_of_debriefs(&self, owner: PersonId) -> Result<Vec<(DebriefId, String, Timestamp)>> {
        let sql = "SELECT d.id, o.title, d.at FROM debrief_member m JOIN debrief d ON d.id = m.debrief_id
             JOIN outing o ON o.id = d.outing_id WHERE m.person_id = $1 ORDER BY d.at, d.id";
        let rows = (&self.db).rows(sql, vals![owner]).await?;
        rows.iter().map(|r| Ok((r.get("id")?, r.get("title")?, r.get("at")?))).collect()
    }
}
