//! From a ring that is final to the spine: whoever of this city goes gets a placement on an outing of their own. The ring
//! has agreed and this city sends, so only the line manager is asked; time to think and the return talk are booked.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{OutingId, PersonId, PlacementId},
    outing::Party,
    placement::{Canceller, Missing},
    text::Reason,
};
use jiff::{Timestamp, ToSpan as _};

use super::{load, reason, save};
use crate::{Actor, Result, Store, db::Tx, mail::Reader};

impl Store {
    /// Puts somebody on the outing that their leg became.
    pub(crate) async fn place_on_ring(
        &self,
        tx: &mut Tx,
        person: PersonId,
        outing: OutingId,
        learn: &str,
        ends: Timestamp,
        now: Timestamp,
    ) -> Result<PlacementId> {
        let later = |hours: i64| ends.checked_add(hours.hours()).unwrap_or(ends);
        // The day after next to think, a week later the talk; both can be moved.
        let dates = Some((later(41), later(7 * 24 + 41)));
        let answers = BTreeMap::from([("learn".to_owned(), learn.to_owned())]);
        let id = self.wish_in(tx, &Actor::Program, person, outing, &answers, dates, now).await?;
        for party in [Party::HomeOrganisation, Party::EveryLeg] {
            let mut p = load(tx, id).await?;
            p.state = p.state.approve(party)?;
            save(tx, &p, &Actor::Program, "ring-final", None, now).await?;
        }
        Ok(id)
    }

    /// The ring was closed another way, without their leg: what has not begun ends, and says that nobody called it off.
    pub(crate) async fn miss_ring(&self, tx: &mut Tx, id: PlacementId, now: Timestamp) -> Result<()> {
        let mut p = load(tx, id).await?;
        let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
        let why = reason(&self.writer.missing(&to, &Missing::Leg))?;
        if let Ok(state) = p.state.clone().miss_ring(why.clone()) {
            p.state = state;
            save(tx, &p, &Actor::Program, "not-placed", Some(why.as_str()), now).await?;
        }
        Ok(())
    }

    /// Their leg dropped out after all: what has not begun is called off with it.
    pub(crate) async fn take_off_ring(
        &self,
        tx: &mut Tx,
        id: PlacementId,
        by: Canceller,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let mut p = load(tx, id).await?;
        if let Ok(state) = p.state.clone().cancel(by, why.clone()) {
            p.state = state;
            save(tx, &p, &Actor::Program, "cancelled", Some(why.as_str()), now).await?;
        }
        Ok(())
    }
}
