//! Whose yes is asked for when somebody gets another manager meanwhile. May use placements and links; promises that the
//! link of a former manager opens nothing.

use freerange_domain::{id::PlacementId, outing::Party};
use jiff::Timestamp;

use super::{load, save};
use crate::{
    Actor, Result, Store,
    db::{Ask as _, Tx, vals},
    link,
};

impl Store {
    /// Requests that wait for somebody who is no longer that person's manager go to whoever is now.
    pub(crate) async fn ask_new_managers(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let moved = tx
            .rows(
                "SELECT p.id FROM placement p JOIN person w ON w.id = p.person_id
                 JOIN approval a ON a.placement_id = p.id AND a.party = 'manager' AND a.answer = 'open'
                 LEFT JOIN person m ON m.id = w.manager_id
                 WHERE p.stage = 'offered' AND w.active AND a.email <> COALESCE(m.email, '') ORDER BY p.id",
                Vec::new(),
            )
            .await?;
        for r in &moved {
            self.ask_new_manager(tx, r.get("id")?, now).await?;
        }
        Ok(())
    }

    async fn ask_new_manager(&self, tx: &mut Tx, id: PlacementId, now: Timestamp) -> Result<()> {
        let mut p = load(tx, id).await?;
        link::end_of_party(tx, id.0, Party::Manager, now).await?;
        let (name, email) = self.party_address(tx, &p, Party::Manager).await?;
        tx.run(
            "UPDATE approval SET name = $2, email = $3 WHERE placement_id = $1 AND party = 'manager'",
            vals![id, name, email],
        )
        .await?;
        if p.manager_id.is_some() {
            return self.ask(tx, &p, Party::Manager, now).await;
        }
        p.state = p.state.approve(Party::Manager)?;
        save(tx, &p, &Actor::Program, "no-manager", None, now).await?;
        self.after_yes(tx, &mut p, now).await
    }
}
