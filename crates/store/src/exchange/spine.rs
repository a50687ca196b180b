//! What a final leg means for this city's own people: an outing of their own and a placement on it, so that reflection
//! and return talk are booked like for everybody who goes out. Only in an exchange that serves a challenge.

use freerange_domain::{
    exchange::Stay,
    id::{LegId, PersonId, PlacementId},
    outing::{Guests, Kind, Photos, Publicity, Span},
    placement::Canceller,
    text::{Line, Prose, Reason},
};
use jiff::{Timestamp, civil::time, tz::TimeZone};

use super::{Head, Result, Store, corrupt, legs::legs};
use crate::{
    db::{Ask as _, Tx, vals},
    outing::{Offer, insert_outing},
};

/// From the morning of the first day to the evening of the last. In which zone matters little: the hours of a stay are the
/// host's to say.
fn span(stay: Stay) -> Result<Span> {
    let at = |day: jiff::civil::Date, hour| {
        let moment = TimeZone::UTC.to_timestamp(day.to_datetime(time(hour, 0, 0, 0)));
        moment.map_err(|e| corrupt(&e.to_string()))
    };
    Span::new(Kind::ExchangeRing, at(stay.starts, 8)?, at(stay.ends, 16)?).map_err(|e| corrupt(&e.to_string()))
}

fn short(text: &str) -> Result<Line> {
    Line::parse(&text.chars().take(Line::MAX).collect::<String>()).map_err(|e| corrupt(&e.to_string()))
}

impl Store {
    /// Gives those of this city whose leg became final their placement, once.
    pub(super) async fn to_spine(&self, tx: &mut Tx, head: &Head, leg: LegId, now: Timestamp) -> Result<()> {
        let row = tx.one(legs!("l.id = $1"), vals![leg]).await?;
        let (person, placed): (Option<PersonId>, Option<PlacementId>) =
            (row.get("person_id")?, row.get("placement_id")?);
        let (Some(person), Some(challenge), None) = (person, head.challenge, placed) else { return Ok(()) };
        let span = span(Stay { starts: row.get("starts_on")?, ends: row.get("ends_on")? })?;
        let open = "SELECT id FROM challenge WHERE id = $1 AND status = 'open'";
        if span.ends() <= now || tx.maybe(open, vals![challenge]).await?.is_none() {
            return Ok(());
        }
        let (city, place): (String, String) = (row.get("to_name")?, row.get("title")?);
        let offer = Offer {
            kind: Kind::ExchangeRing,
            title: short(&format!("{}: {city}", head.title))?,
            description: Prose::parse(&row.get::<String>("shows")?).map_err(|e| corrupt(&e.to_string()))?,
            challenge: Some(challenge),
            invitation: None,
            place: None,
            meeting_point: place,
            host_name: city,
            host_wants: String::new(),
            host_gets: String::new(),
            safety_plan: String::new(),
            access_notes: String::new(),
            access: Vec::new(),
            language: "en".to_owned(),
            span,
            seats: 1,
            photos: Photos::None,
            notes_allowed: true,
            publicity: Publicity::None,
            guests: Guests::Anyone,
            parties: Vec::new(),
        };
        let outing = insert_outing(tx, head.lead, &offer, now).await?;
        let id = self.place_on_ring(tx, person, outing, &row.get::<String>("learn")?, span.ends(), now).await?;
        tx.run("UPDATE exchange_leg SET placement_id = $2 WHERE id = $1", vals![leg, id]).await?;
        Ok(())
    }

    /// Calls off the placement of a leg that dropped out.
    pub(super) async fn off_spine(
        &self,
        tx: &mut Tx,
        leg: LegId,
        by: Canceller,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let row = tx.one("SELECT placement_id FROM exchange_leg WHERE id = $1", vals![leg]).await?;
        match row.get::<Option<PlacementId>>("placement_id")? {
            Some(id) => self.take_off_ring(tx, id, by, why, now).await,
            None => Ok(()),
        }
    }
}
