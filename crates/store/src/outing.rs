//! Outings: offers to go, found by kind, place, date, language, access and challenge.

use std::collections::HashMap;

use freerange_domain::{
    challenge,
    id::{ChallengeId, InvitationId, OutingId, PersonId, PlaceId},
    outing::{Access, Guests, Kind, Party, Photos, Publicity, Span, Status},
    overview::{Been, Load},
    placement::{Canceller, Stage},
    text::{Line, Prose, Reason},
};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    About, Act, Actor, Page, Result, Store, StoreError, audit, community,
    db::{Ask as _, Row, Tx, Val, vals},
    mail::{self, Occasion, Reader},
    may,
    people::like,
    placement::came_back,
    visit, withdrawn,
};

mod access;
mod been;
mod edit;

pub use been::Voices;
pub use edit::Edit;

/// An outing to be offered, checked.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Which kind.
    pub kind: Kind,
    /// In a few words.
    pub title: Line,
    /// What one does there.
    pub description: Prose,
    /// Which challenge it serves.
    pub challenge: Option<ChallengeId>,
    /// The invitation it answers.
    pub invitation: Option<InvitationId>,
    /// Which neighbourhood.
    pub place: Option<PlaceId>,
    /// Where to meet.
    pub meeting_point: String,
    /// Who hosts.
    pub host_name: String,
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
    /// What residents said about pictures.
    pub photos: Photos,
    /// Whether notes may be taken.
    pub notes_allowed: bool,
    /// What may be said in public.
    pub publicity: Publicity,
    /// Which guests are welcome.
    pub guests: Guests,
    /// Who else must agree, with name and address.
    pub parties: Vec<(Party, String, String)>,
}

/// What is searched for. Nothing given means everything to come.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Of one kind.
    pub kind: Option<Kind>,
    /// In one neighbourhood.
    pub place: Option<PlaceId>,
    /// Serving one challenge.
    pub challenge: Option<ChallengeId>,
    /// Where a language is spoken.
    pub language: String,
    /// With all of these.
    pub access: Vec<Access>,
    /// With a text in title or description.
    pub text: String,
    /// Starting at or after.
    pub from: Timestamp,
    /// Starting before.
    pub until: Option<Timestamp>,
}

/// An outing in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: OutingId,
    /// Kind.
    pub kind: Kind,
    /// In a few words.
    pub title: String,
    /// Neighbourhood.
    pub place: Option<String>,
    /// Who hosts.
    pub host_name: String,
    /// From.
    pub starts_at: Timestamp,
    /// To.
    pub ends_at: Timestamp,
    /// How many can go.
    pub seats: i64,
    /// How many have a seat.
    pub taken: i64,
    /// Language spoken there.
    pub language: String,
    /// What somebody who needs it finds there.
    pub access: Vec<Access>,
    /// Open or cancelled.
    pub status: Status,
}

/// An outing, whole.
#[derive(Debug, Clone)]
pub struct Outing {
    /// What a list shows.
    pub listed: Listed,
    /// What one does there.
    pub description: String,
    /// The challenge it serves.
    pub challenge: Option<(ChallengeId, String)>,
    /// Neighbourhood.
    pub place_id: Option<PlaceId>,
    /// Who organises.
    pub organiser_id: PersonId,
    /// Their name.
    pub organiser: String,
    /// Where to meet.
    pub meeting_point: String,
    /// What the host wants.
    pub host_wants: String,
    /// What the host gets.
    pub host_gets: String,
    /// How people stay safe.
    pub safety_plan: String,
    /// About access.
    pub access_notes: String,
    /// About pictures.
    pub photos: Photos,
    /// Whether notes may be taken.
    pub notes_allowed: bool,
    /// About the public.
    pub publicity: Publicity,
    /// Which guests are welcome.
    pub guests: Guests,
    /// Why it was called off.
    pub status_why: Option<String>,
    /// What residents were told.
    pub told_back: Option<String>,
    /// When.
    pub told_back_at: Option<Timestamp>,
    /// Parties that must agree beside person and manager.
    pub parties: Vec<(Party, String)>,
    /// The reader's own placement on it, the one under way before those that ended.
    pub mine: Option<freerange_domain::id::PlacementId>,
    /// Whether that one is still under way, so that there is nothing to wish for.
    pub going: bool,
    /// How much this neighbourhood was visited in the 90 days before.
    pub load: Load,
    /// Who has been with this host.
    pub been: Been,
}

/// The columns of a list; what follows says which outings.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.kind, o.title, pl.name AS place, o.host_name, o.starts_at, o.ends_at, o.seats, o.language, o.access, o.status,
        (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed')) AS taken
     FROM outing o LEFT JOIN place pl ON pl.id = o.place_id ",
            $rest
        )
    };
}

const LISTED: &str = select!(
    "WHERE o.status = 'open' AND o.kind <> 'free-range-day' AND o.starts_at >= $1 AND ($2 IS NULL OR o.starts_at < $2)
       AND ($3 IS NULL OR o.kind = $3) AND ($4 IS NULL OR o.place_id = $4) AND ($5 IS NULL OR o.challenge_id = $5)
       AND ($6 = '' OR o.language = $6) AND ($7 = '' OR o.access LIKE $7)
       AND ($8 = '' OR lower(o.title) LIKE $8 ESCAPE '\\' OR lower(o.description) LIKE $8 ESCAPE '\\')
     ORDER BY o.starts_at, o.id LIMIT $9 OFFSET $10"
);

const COUNTS: &str = "SELECT o.place_id, COUNT(*) AS n FROM outing o
     WHERE o.status = 'open' AND o.kind <> 'free-range-day' AND o.starts_at >= $1 AND ($2 IS NULL OR o.starts_at < $2)
       AND ($3 IS NULL OR o.kind = $3) AND ($4 IS NULL OR o.challenge_id = $4)
       AND ($5 = '' OR o.language = $5) AND ($6 = '' OR o.access LIKE $6)
       AND ($7 = '' OR lower(o.title) LIKE $7 ESCAPE '\\' OR lower(o.description) LIKE $7 ESCAPE '\\')
       AND o.place_id IS NOT NULL GROUP BY o.place_id";

fn listed(r: &Row) -> Result<Listed> {
    Ok(Listed {
        id: r.get("id")?,
        kind: r.get("kind")?,
        title: r.get("title")?,
        place: r.get("place")?,
        host_name: r.get("host_name")?,
        starts_at: r.get("starts_at")?,
        ends_at: r.get("ends_at")?,
        seats: r.get("seats")?,
        taken: r.get("taken")?,
        language: r.get("language")?,
        access: access::read(r)?,
        status: r.get("status")?,
    })
}

impl Search {
    fn pattern(&self) -> String {
        let text = self.text.trim().to_lowercase();
        if text.is_empty() { text } else { like(&text) }
    }
}

impl Store {
    /// Offers an outing. A challenge that is closed gets no new ones; a community visit comes from its invitation only,
    /// see [`Store::accept_invitation`].
    pub async fn offer_outing(&self, who: &Actor, offer: &Offer, zone: &TimeZone, now: Timestamp) -> Result<OutingId> {
        may(who, Act::OfferOuting, &About::nothing())?;
        let organiser = who.person().ok_or(StoreError::Refused(Act::OfferOuting))?;
        if offer.kind.template().by_invitation() {
            return Err(StoreError::rule("kind", "by-invitation"));
        }
        let mut tx = self.db.begin().await?;
        community::must_suit(&mut tx, offer.place, (offer.span.starts(), offer.span.ends()), zone).await?;
        let id = insert_outing(&mut tx, organiser, offer, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Outings to come, by date.
    pub async fn outings(&self, who: &Actor, s: &Search, page: i64) -> Result<Page<Listed>> {
        may(who, Act::SeeOutings, &About::nothing())?;
        let (limit, offset) = Page::<Listed>::window(page);
        let vals = vals![
            s.from,
            s.until,
            s.kind,
            s.place,
            s.challenge,
            &s.language,
            access::pattern(&s.access),
            s.pattern(),
            limit,
            offset
        ];
        let rows = (&self.db).rows(LISTED, vals).await?;
        Ok(Page::cut(rows.iter().map(listed).collect::<Result<_>>()?, page))
    }

    /// How many outings to come are in each neighbourhood, for the map.
    pub async fn outings_by_place(&self, who: &Actor, s: &Search) -> Result<HashMap<PlaceId, i64>> {
        may(who, Act::SeeOutings, &About::nothing())?;
        let vals = vals![s.from, s.until, s.kind, s.challenge, &s.language, access::pattern(&s.access), s.pattern()];
        (&self.db).rows(COUNTS, vals).await?.iter().map(|r| Ok((r.get("place_id")?, r.get("n")?))).collect()
    }

    /// Languages in which outings to come are, as codes.
    pub async fn outing_languages(&self, who: &Actor, from: Timestamp) -> Result<Vec<String>> {
        may(who, Act::SeeOutings, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT DISTINCT language FROM outing WHERE status = 'open' AND kind <> 'free-range-day' AND starts_at >= $1 ORDER BY language",
                vals![from],
            )
            .await?
            .iter()
            .map(|r| r.get("language"))
            .collect()
    }

    /// All outings of a challenge, newest first, past ones too.
    pub async fn outings_of_challenge(&self, who: &Actor, challenge: ChallengeId) -> Result<Vec<Listed>> {
        may(who, Act::SeeOutings, &About::nothing())?;
        let sql = select!("WHERE o.challenge_id = $1 ORDER BY o.starts_at DESC, o.id LIMIT 200");
        (&self.db).rows(sql, vals![challenge]).await?.iter().map(listed).collect()
    }

    /// One outing.
    pub async fn outing(&self, who: &Actor, id: OutingId, now: Timestamp) -> Result<Outing> {
        may(who, Act::SeeOutings, &About::nothing())?;
        let r = (&self.db)
            .one(
                concat!("SELECT o.*, pl.name AS place, p.name AS organiser, c.title AS challenge,
                    (SELECT COUNT(*) FROM placement x WHERE x.outing_id = o.id AND x.stage NOT IN ('wished', 'closed')) AS taken,
                    (SELECT COUNT(DISTINCT y.id) FROM placement x JOIN outing y ON y.id = x.outing_id
                        WHERE y.place_id = o.place_id AND y.ends_at > $2 AND ", came_back!("x"), ") AS visits,
                    (SELECT x.id FROM placement x WHERE x.outing_id = o.id AND x.person_id = $3
                        ORDER BY CASE x.stage WHEN 'closed' THEN 1 ELSE 0 END, x.created_at DESC LIMIT 1) AS mine,
                    (SELECT COUNT(*) FROM placement x WHERE x.outing_id = o.id AND x.person_id = $3 AND x.stage <> 'closed') AS going
                 FROM outing o JOIN person p ON p.id = o.organiser_id LEFT JOIN place pl ON pl.id = o.place_id
                 LEFT JOIN challenge c ON c.id = o.challenge_id WHERE o.id = $1"),
                vals![id, now.as_microsecond() - 90 * 86_400 * 1_000_000, who.person()],
            )
            .await?;
        // A free-range day is somebody's own way of working, not an offer to others.
        let kind: Kind = r.get("kind")?;
        let organiser_id: PersonId = r.get("organiser_id")?;
        if kind == Kind::FreeRangeDay && who.person() != Some(organiser_id) {
            return Err(StoreError::NotFound);
        }
        let parties = (&self.db)
            .rows("SELECT party, name FROM outing_party WHERE outing_id = $1 ORDER BY party", vals![id])
            .await?
            .iter()
            .map(|r| Ok((r.get("party")?, r.get("name")?)))
            .collect::<Result<_>>()?;
        let challenge: Option<ChallengeId> = r.get("challenge_id")?;
        Ok(Outing {
            listed: listed(&r)?,
            description: r.get("description")?,
            challenge: challenge.zip(r.get("challenge")?),
            place_id: r.get("place_id")?,
            organiser_id,
            organiser: r.get("organiser")?,
            meeting_point: r.get("meeting_point")?,
            host_wants: r.get("host_wants")?,
            host_gets: r.get("host_gets")?,
            safety_plan: r.get("safety_plan")?,
            access_notes: r.get("access_notes")?,
            photos: r.get("photos")?,
            notes_allowed: r.get("notes_allowed")?,
            publicity: r.get("publicity")?,
            guests: r.get("guests")?,
            status_why: r.get("status_why")?,
            told_back: r.get("told_back")?,
            told_back_at: r.get("told_back_at")?,
            parties,
            mine: r.get("mine")?,
            going: r.get::<i64>("going")? > 0,
            load: Load::of(r.get("visits")?),
            been: self.been(id).await?,
        })
    }

    /// Calls an outing off; everybody who has not left yet is told why, and so is whoever invited or hosts. Those who
    /// receive it may too, as who they are and before it begins; then the organiser is told as well.
    pub async fn cancel_outing(
        &self,
        who: &Actor,
        id: OutingId,
        by: Canceller,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.hold("SELECT id FROM outing WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await?;
        let row = tx
            .one("SELECT organiser_id, title, status, starts_at, invitation_id FROM outing WHERE id = $1", vals![id])
            .await?;
        let organiser: PersonId = row.get("organiser_id")?;
        let about = About {
            organiser: Some(organiser),
            outing: Some(id),
            invitation: row.get("invitation_id")?,
            ..About::default()
        };
        may(who, Act::CancelOuting, &about)?;
        let received_by = visit::calls_off_as(who);
        let by = received_by.unwrap_or(by);
        if received_by.is_some() && row.get::<Timestamp>("starts_at")? <= now {
            return Err(StoreError::rule("why", "visit-begun"));
        }
        if row.get::<Status>("status")? == Status::Cancelled {
            return Err(StoreError::rule("why", "already-cancelled"));
        }
        tx.run("UPDATE outing SET status = $2, status_why = $3 WHERE id = $1", vals![id, Status::Cancelled, why])
            .await?;
        let (outing, why_told): (String, String) = (row.get("title")?, why.as_str().to_owned());
        let off = |door| Occasion::VisitOff { outing: outing.clone(), why: why_told.clone(), door };
        self.tell_hosts(&mut tx, id, off, now).await?;
        let occasion = Occasion::CalledOff { outing: outing.clone(), why: why_told.clone() };
        if received_by.is_some() {
            self.tell_organiser(&mut tx, organiser, &occasion, now).await?;
        }
        for row in tx
            .rows("SELECT id, stage FROM placement WHERE outing_id = $1 AND stage IN ('wished', 'offered', 'agreed', 'preparing')", vals![id])
            .await?
        {
            let mut p = crate::placement::load(&mut tx, row.get("id")?).await?;
            debug_assert!(p.state.stage() < Stage::Out, "only those who have not left are called off");
            p.state = p.state.clone().cancel(by, why.clone())?;
            crate::placement::save(&mut tx, &p, who, "cancelled", Some(why.as_str()), now).await?;
            let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
        }
        audit::record(&mut tx, who, Act::CancelOuting, &format!("outing {id}"), now).await?;
        tx.commit().await
    }

    /// Tells residents and hosts what came of it, "nothing, and why" included.
    pub async fn tell_back(&self, who: &Actor, id: OutingId, text: &Prose, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx
            .one(
                concat!(
                    "SELECT o.organiser_id, o.title, c.owner_id,
                    (SELECT x.person_id FROM placement x WHERE x.outing_id = o.id AND x.person_id = $2 AND ",
                    came_back!("x"),
                    " LIMIT 1) AS went
                 FROM outing o LEFT JOIN challenge c ON c.id = o.challenge_id WHERE o.id = $1"
                ),
                vals![id, who.person()],
            )
            .await?;
        let about = About {
            organiser: Some(row.get("organiser_id")?),
            owner: row.get("owner_id")?,
            person: row.get("went")?,
            ..About::default()
        };
        may(who, Act::TellBack, &about)?;
        withdrawn::refuse(&mut tx, &[("told", text.as_str())]).await?;
        tx.run(
            "UPDATE outing SET told_back = $2, told_back_at = $3, told_back_by = $4 WHERE id = $1",
            vals![id, text, now, who.person()],
        )
        .await?;
        let outing: String = row.get("title")?;
        let told = |door| Occasion::ToldBack { outing: outing.clone(), text: text.as_str().to_owned(), door };
        self.tell_hosts(&mut tx, id, told, now).await?;
        audit::record(&mut tx, who, Act::TellBack, &format!("outing {id}"), now).await?;
        tx.commit().await
    }
}

pub(crate) async fn insert_outing(tx: &mut Tx, organiser: PersonId, offer: &Offer, now: Timestamp) -> Result<OutingId> {
    if let Some(challenge) = offer.challenge {
        let row = tx.one("SELECT status FROM challenge WHERE id = $1", vals![challenge]).await?;
        row.get::<challenge::Status>("status")?.must_be_open()?;
    } else if offer.kind.template().needs_challenge {
        return Err(StoreError::rule("challenge", "needs-challenge"));
    }
    let id = OutingId::new();
    let vals: Vec<Val> = vals![
        id,
        offer.kind,
        &offer.title,
        &offer.description,
        offer.challenge,
        offer.invitation,
        offer.place,
        organiser,
        &offer.meeting_point,
        &offer.host_name,
        &offer.host_wants,
        &offer.host_gets,
        &offer.safety_plan,
        &offer.access_notes,
        access::written(&offer.access)?,
        &offer.language,
        offer.span.starts(),
        offer.span.ends(),
        offer.seats,
        offer.photos,
        offer.notes_allowed,
        offer.publicity,
        Status::Open,
        now,
        offer.guests
    ];
    tx.run(
        "INSERT INTO outing (id, kind, title, description, challenge_id, invitation_id, place_id, organiser_id, meeting_point,
            host_name, host_wants, host_gets, safety_plan, access_notes, access, language, starts_at, ends_at, seats, photos,
            notes_allowed, publicity, status, created_at, guests)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)",
        vals,
    )
    .await?;
    for (party, name, email) in &offer.parties {
        tx.run(
            "INSERT INTO outing_party (outing_id, party, name, email) VALUES ($1, $2, $3, $4)",
            vals![id, *party, name, email],
        )
        .await?;
    }
    Ok(id)
}
