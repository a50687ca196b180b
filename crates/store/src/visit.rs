//! A visit as those who receive it see it: host, residents' body and inviter, by a link in a letter or the code of the
//! invitation, without an account. What was agreed, what was heard as far as consents allow and without names, what
//! became of it; and, before it happens, a way to call it off.

use freerange_domain::{
    id::{InvitationId, OutingId, PersonId, PlacementId},
    outing::{Guests, Kind, Party, Photos, Publicity, Status},
    placement::{Canceller, canceller},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    About, Act, Actor, Result, Store, StoreError, Token,
    db::{Ask, Tx, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Door, Occasion, Reader},
    may,
};

/// What they see.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The outing.
    pub outing: OutingId,
    /// In a few words.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// The agreed beginning.
    pub starts_at: Timestamp,
    /// The agreed end.
    pub ends_at: Timestamp,
    /// Neighbourhood.
    pub place: Option<String>,
    /// Where to meet.
    pub meeting_point: String,
    /// Whom to talk to in the city.
    pub organiser: String,
    /// How many people have everybody's yes, or came.
    pub coming: i64,
    /// How many may come.
    pub seats: i64,
    /// Which guests are welcome.
    pub guests: Guests,
    /// Whether notes may be taken.
    pub notes_allowed: bool,
    /// About pictures.
    pub photos: Photos,
    /// About the public.
    pub publicity: Publicity,
    /// Open or called off.
    pub status: Status,
    /// Why it was called off.
    pub status_why: Option<String>,
    /// What was noted there, as far as those who said it allow.
    pub heard: Vec<String>,
    /// The question, the decision it feeds and its day.
    pub used_for: Option<(String, String, Date)>,
    /// What was decided about the question.
    pub outcome: Option<String>,
    /// Changes that rest on the visit: title and where each stands.
    pub changes: Vec<(String, String)>,
    /// What the city told afterwards.
    pub told_back: Option<String>,
    /// When.
    pub told_back_at: Option<Timestamp>,
}

/// Which outing this actor receives.
async fn received(ask: &mut impl Ask, who: &Actor) -> Result<OutingId> {
    match who {
        Actor::Host { outing, .. } => Ok(*outing),
        Actor::Inviter(id) => {
            let row = ask.maybe("SELECT id FROM outing WHERE invitation_id = $1", vals![*id]).await?;
            row.ok_or(StoreError::NotFound)?.get("id")
        }
        _ => Err(StoreError::Refused(Act::SeeVisit)),
    }
}

/// As whom those who receive a visit call it off; nobody for everybody else.
pub(crate) const fn calls_off_as(who: &Actor) -> Option<Canceller> {
    match who {
        Actor::Host { party, .. } => Some(canceller(*party)),
        Actor::Inviter(_) => Some(Canceller::Residents),
        _ => None,
    }
}

impl Store {
    /// Who is behind a link that shows a visit. Whoever was asked for their yes as a host sees it by that link too.
    pub async fn host(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let mut db = &self.db;
        let (outing, party, name) = match link::open(&mut db, Purpose::Visit, token, now).await {
            Ok(opened) => (OutingId(opened.subject), opened.party, opened.name),
            Err(StoreError::NotFound) => {
                let opened = link::open(&mut db, Purpose::Answer, token, now).await?;
                let placement = PlacementId(opened.subject);
                let row = db.one("SELECT outing_id FROM placement WHERE id = $1", vals![placement]).await?;
                (row.get("outing_id")?, opened.party, opened.name)
            }
            Err(other) => return Err(other),
        };
        let party = party.filter(|p| p.hosts()).ok_or(StoreError::NotFound)?;
        Ok(Actor::Host { outing, party, name })
    }

    /// The visit that this host or inviter receives.
    pub async fn visit(&self, who: &Actor) -> Result<Visit> {
        let mut db = &self.db;
        let id = received(&mut db, who).await?;
        let r = db
            .one(
                "SELECT o.*, pl.name AS place, w.name AS organiser, c.title AS challenge, c.decision, c.decision_on, c.outcome,
                    (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'offered')
                        AND (p.ending IS NULL OR p.ending IN ('changed-something', 'changed-nothing', 'cut-short'))) AS coming
                 FROM outing o JOIN person w ON w.id = o.organiser_id LEFT JOIN place pl ON pl.id = o.place_id
                 LEFT JOIN challenge c ON c.id = o.challenge_id WHERE o.id = $1",
                vals![id],
            )
            .await?;
        let about = About { outing: Some(id), invitation: r.get("invitation_id")?, ..About::default() };
        may(who, Act::SeeVisit, &about)?;
        let heard = db
            .rows(
                "SELECT n.seen FROM note n JOIN consent k ON k.id = n.consent_id
                 WHERE n.outing_id = $1 AND k.withdrawn_at IS NULL AND k.use_it AND (n.kind <> 'said' OR k.quote)
                 ORDER BY n.created_at, n.id",
                vals![id],
            )
            .await?;
        let changes = db
            .rows(
                "SELECT ch.title, ch.status FROM change ch WHERE EXISTS (
                    SELECT 1 FROM change_evidence e JOIN note n ON n.id = e.note_id WHERE e.change_id = ch.id AND n.outing_id = $1)
                 ORDER BY ch.title, ch.id",
                vals![id],
            )
            .await?;
        let challenge: Option<String> = r.get("challenge")?;
        let feeds: Option<(String, Date)> = r.get::<Option<String>>("decision")?.zip(r.get("decision_on")?);
        Ok(Visit {
            outing: id,
            title: r.get("title")?,
            kind: r.get("kind")?,
            starts_at: r.get("starts_at")?,
            ends_at: r.get("ends_at")?,
            place: r.get("place")?,
            meeting_point: r.get("meeting_point")?,
            organiser: r.get("organiser")?,
            coming: r.get("coming")?,
            seats: r.get("seats")?,
            guests: r.get("guests")?,
            notes_allowed: r.get("notes_allowed")?,
            photos: r.get("photos")?,
            publicity: r.get("publicity")?,
            status: r.get("status")?,
            status_why: r.get("status_why")?,
            heard: heard.iter().map(|n| n.get("seen")).collect::<Result<_>>()?,
            used_for: challenge.zip(feeds).map(|(question, (decision, on))| (question, decision, on)),
            outcome: r.get("outcome")?,
            changes: changes.iter().map(|c| Ok((c.get("title")?, c.get("status")?))).collect::<Result<_>>()?,
            told_back: r.get("told_back")?,
            told_back_at: r.get("told_back_at")?,
        })
    }

    /// Writes to everybody who receives the outing, once where they are the same; each letter opens their page.
    pub(crate) async fn tell_hosts(
        &self,
        tx: &mut Tx,
        id: OutingId,
        occasion: impl Fn(Door) -> Occasion,
        now: Timestamp,
    ) -> Result<()> {
        let mut known: Vec<String> = Vec::new();
        let invitation = tx.one("SELECT invitation_id FROM outing WHERE id = $1", vals![id]).await?;
        if let Some(invitation) = invitation.get::<Option<InvitationId>>("invitation_id")? {
            let r = tx
                .one(
                    "SELECT code, contact_name, contact_email, language FROM invitation WHERE id = $1",
                    vals![invitation],
                )
                .await?;
            let code = r.get::<String>("code")?.parse();
            let code = code.map_err(|_| StoreError::Corrupt("invitation code".to_owned()))?;
            let to =
                Reader { name: r.get("contact_name")?, email: r.get("contact_email")?, lang: Some(r.get("language")?) };
            known.push(to.email.to_lowercase());
            mail::send(tx, &*self.writer, to, &occasion(Door::Code(code)), now).await?;
        }
        for r in tx
            .rows("SELECT party, name, email FROM outing_party WHERE outing_id = $1 ORDER BY party", vals![id])
            .await?
        {
            let party: Party = r.get("party")?;
            let (name, email): (String, String) = (r.get("name")?, r.get("email")?);
            if !party.hosts() || known.contains(&email.to_lowercase()) {
                continue;
            }
            known.push(email.to_lowercase());
            let to = Invitee { purpose: Purpose::Visit, subject: id.0, party: Some(party), name: &name, email: &email };
            let token = link::issue(tx, &to, now).await?;
            mail::send(tx, &*self.writer, Reader { name, email, lang: None }, &occasion(Door::Link(token)), now)
                .await?;
        }
        Ok(())
    }

    /// Writes to the organiser that those who receive the outing called it off.
    pub(crate) async fn tell_organiser(
        &self,
        tx: &mut Tx,
        organiser: PersonId,
        occasion: &Occasion,
        now: Timestamp,
    ) -> Result<()> {
        let r = tx.one("SELECT name, email, lang FROM person WHERE id = $1", vals![organiser]).await?;
        let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
        mail::send(tx, &*self.writer, to, occasion, now).await
    }
}
