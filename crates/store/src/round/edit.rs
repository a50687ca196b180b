//! Decided by hand before matching: who must or must not go where, with the reason. The matcher keeps a ban always and a
//! pin where the limits allow; each run says whether it did.

use freerange_domain::{
    id::{OutingId, PersonId, RoundId},
    people::Email,
    round::Edit,
    text::Reason,
};
use jiff::Timestamp;

use super::{load, to_run};
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, vals},
    may,
};

/// A decision by hand.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where.
    pub outing: OutingId,
    /// In a few words.
    pub title: String,
    /// Must or must not.
    pub what: Edit,
    /// Why.
    pub why: String,
    /// Who decided.
    pub by: String,
}

impl Store {
    /// What was decided by hand in a round.
    pub async fn round_edits(&self, who: &Actor, id: RoundId) -> Result<Vec<Decided>> {
        may(who, Act::RunRound, &About::nothing())?;
        load(&mut &self.db, id).await?;
        (&self.db)
            .rows(
                "SELECT e.person_id, w.name, e.outing_id, o.title, e.what, e.why, b.name AS by_name FROM round_edit e
                 JOIN person w ON w.id = e.person_id JOIN person b ON b.id = e.by_id JOIN outing o ON o.id = e.outing_id
                 WHERE e.round_id = $1 ORDER BY e.at LIMIT 500",
                vals![id],
            )
            .await?
            .iter()
            .map(|r| {
                Ok(Decided {
                    person: r.get("person_id")?,
                    name: r.get("name")?,
                    outing: r.get("outing_id")?,
                    title: r.get("title")?,
                    what: r.get("what")?,
                    why: r.get("why")?,
                    by: r.get("by_name")?,
                })
            })
            .collect()
    }

    /// Decides by hand. The same pair again replaces what was decided.
    pub async fn decide_in_round(
        &self,
        who: &Actor,
        id: RoundId,
        (email, outing): (&Email, OutingId),
        what: Edit,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        let me = who.person().ok_or(StoreError::Refused(Act::RunRound))?;
        let person: PersonId = tx
            .maybe("SELECT id FROM person WHERE email = $1 AND active", vals![email.as_str()])
            .await?
            .ok_or(StoreError::rule("email", "nobody-here"))?
            .get("id")?;
        tx.maybe("SELECT outing_id FROM round_outing WHERE round_id = $1 AND outing_id = $2", vals![id, outing])
            .await?
            .ok_or(StoreError::rule("outing", "choose"))?;
        tx.run(
            "INSERT INTO round_edit (round_id, person_id, outing_id, what, why, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (round_id, person_id, outing_id) DO UPDATE SET what = excluded.what, why = excluded.why,
                by_id = excluded.by_id, at = excluded.at",
            vals![id, person, outing, what, why, me, now],
        )
        .await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: {what} person {person} outing {outing}"), now)
            .await?;
        tx.commit().await
    }

    /// Takes a decision by hand back.
    pub async fn undecide_in_round(
        &self,
        who: &Actor,
        id: RoundId,
        person: PersonId,
        outing: OutingId,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        tx.run(
            "DELETE FROM round_edit WHERE round_id = $1 AND person_id = $2 AND outing_id = $3",
            vals![id, person, outing],
        )
        .await?;
        audit::record(
            &mut tx,
            who,
            Act::RunRound,
            &format!("round {id}: free again person {person} outing {outing}"),
            now,
        )
        .await?;
        tx.commit().await
    }
}
