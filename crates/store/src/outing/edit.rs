//! Changing an outing. What residents laid down, about pictures, notes and publicity, is not the organiser's to change;
//! nor are kind, challenge and who agrees, on which yeses rest. Another date or place is told to everybody who counts
//! on it: nobody is asked again in silence.

use freerange_domain::{
    id::{OutingId, PlaceId},
    outing::{Access, Kind, Span, Status},
    text::{Line, Prose},
};
use jiff::{Timestamp, tz::TimeZone};

use super::access;
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit, community,
    db::{Ask as _, Tx, vals},
    mail::{self, MovedFor, Occasion, Reader},
    may,
};

/// An outing as it shall be.
#[derive(Debug, Clone)]
pub struct Edit {
    /// In a few words.
    pub title: Line,
    /// What one does there.
    pub description: Prose,
    /// Which neighbourhood.
    pub place: Option<PlaceId>,
    /// Where to meet.
    pub meeting_point: String,
    /// What the host wants.
    pub host_wants: String,
    /// What the host gets.
    pub host_gets: String,
    /// How people stay safe.
    pub safety_plan: String,
    /// What to know about access.
    pub access_notes: String,
    /// What somebody who needs it finds there.
    pub access: Vec<Access>,
    /// Language spoken there, as a code.
    pub language: String,
    /// From when to when.
    pub span: Span,
    /// How many can go.
    pub seats: i64,
}

/// What of the outing as it was decides whether somebody must be told.
struct Was {
    starts_at: Timestamp,
    ends_at: Timestamp,
    place: Option<PlaceId>,
    meeting_point: String,
    seats: i64,
}

impl Was {
    fn moved_in_time(&self, edit: &Edit) -> bool {
        self.starts_at != edit.span.starts() || self.ends_at != edit.span.ends()
    }

    fn moved(&self, edit: &Edit) -> bool {
        self.moved_in_time(edit) || self.place != edit.place || self.meeting_point != edit.meeting_point
    }
}

impl Store {
    /// Changes an outing that is open and not over. When its date moves, time to think and return talks move with its
    /// end; everybody who is asked, agreed or waits, and whoever hosts, is told of another date or place.
    pub async fn edit_outing(
        &self,
        who: &Actor,
        id: OutingId,
        edit: &Edit,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.hold("SELECT id FROM outing WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await?;
        let was = self.may_edit(&mut tx, who, id, edit, now).await?;
        if was.moved_in_time(edit) || was.place != edit.place {
            community::must_suit(&mut tx, edit.place, (edit.span.starts(), edit.span.ends()), zone).await?;
        }
        tx.run(
            "UPDATE outing SET title = $2, description = $3, place_id = $4, meeting_point = $5, host_wants = $6, host_gets = $7,
                safety_plan = $8, access_notes = $9, access = $10, language = $11, starts_at = $12, ends_at = $13, seats = $14 WHERE id = $1",
            vals![
                id, &edit.title, &edit.description, edit.place, &edit.meeting_point, &edit.host_wants, &edit.host_gets, &edit.safety_plan,
                &edit.access_notes, access::written(&edit.access)?, &edit.language, edit.span.starts(), edit.span.ends(), edit.seats
            ],
        )
        .await?;
        if was.moved_in_time(edit) {
            let later = edit.span.ends().as_microsecond() - was.ends_at.as_microsecond();
            tx.run(
                "UPDATE placement SET reflection_at = reflection_at + $2, talk_at = talk_at + $2
                 WHERE outing_id = $1 AND stage IN ('wished', 'offered', 'agreed', 'preparing') AND reflection_at IS NOT NULL",
                vals![id, later],
            )
            .await?;
            crate::returning::moved_along(&mut tx, id).await?;
        }
        if was.moved(edit) {
            self.tell_moved(&mut tx, id, edit, now).await?;
        }
        for _ in was.seats..edit.seats {
            self.next_in_line(&mut tx, id, now).await?;
        }
        audit::record(&mut tx, who, Act::EditOuting, &format!("outing {id}"), now).await?;
        tx.commit().await
    }

    async fn may_edit(&self, tx: &mut Tx, who: &Actor, id: OutingId, edit: &Edit, now: Timestamp) -> Result<Was> {
        let r = tx
            .one(
                "SELECT o.kind, o.status, o.organiser_id, o.starts_at, o.ends_at, o.place_id, o.meeting_point, o.seats,
                    (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed')) AS taken
                 FROM outing o WHERE o.id = $1",
                vals![id],
            )
            .await?;
        may(who, Act::EditOuting, &About { organiser: Some(r.get("organiser_id")?), ..About::default() })?;
        // A free-range day is its walker's own plan and no offer.
        if r.get::<Kind>("kind")? == Kind::FreeRangeDay {
            return Err(StoreError::NotFound);
        }
        let was = Was {
            starts_at: r.get("starts_at")?,
            ends_at: r.get("ends_at")?,
            place: r.get("place_id")?,
            meeting_point: r.get("meeting_point")?,
            seats: r.get("seats")?,
        };
        if r.get::<Status>("status")? == Status::Cancelled {
            return Err(StoreError::rule("form", "outing-cancelled"));
        }
        if was.ends_at <= now {
            return Err(StoreError::rule("form", "outing-over"));
        }
        if was.moved_in_time(edit) && (was.starts_at <= now || edit.span.starts() <= now) {
            return Err(StoreError::rule("starts_date", "date-past"));
        }
        if edit.seats < r.get("taken")? {
            return Err(StoreError::rule("seats", "seats-taken"));
        }
        Ok(was)
    }

    async fn tell_moved(&self, tx: &mut Tx, id: OutingId, edit: &Edit, now: Timestamp) -> Result<()> {
        let place = match edit.place {
            Some(place) => tx.one("SELECT name FROM place WHERE id = $1", vals![place]).await?.get("name")?,
            None => String::new(),
        };
        let moved = |reader: MovedFor| Occasion::Moved {
            outing: edit.title.as_str().to_owned(),
            starts_at: edit.span.starts(),
            ends_at: edit.span.ends(),
            place: [edit.meeting_point.as_str(), place.as_str()]
                .into_iter()
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            reader,
        };
        let going = tx
            .rows(
                "SELECT p.id, w.name, w.email, w.lang FROM placement p JOIN person w ON w.id = p.person_id
                 WHERE p.outing_id = $1 AND p.stage <> 'closed' ORDER BY p.id",
                vals![id],
            )
            .await?;
        for r in &going {
            let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
            mail::send(tx, &*self.writer, to, &moved(MovedFor::Placement(r.get("id")?)), now).await?;
        }
        self.tell_hosts(tx, id, |door| moved(MovedFor::Host(door)), now).await
    }
}
