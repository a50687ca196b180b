//! Invitations: residents and hosts ask the city to come, without an account, and follow with a code what
//! becomes of it.

use freerange_domain::{
    code::Code,
    id::{InvitationId, OutingId, PersonId, PlaceId},
    outing::{Guests, Photos, Publicity},
    text::{Line, Prose, Reason},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Row, vals},
    mail::{self, Occasion, Reader},
    may,
    outing::{Offer, insert_outing},
    secret,
};

/// Days within which the city promises an answer.
pub const ANSWER_DAYS: i64 = 10;

/// An invitation as it is written.
#[derive(Debug, Clone)]
pub struct Invite {
    /// The group or household.
    pub group_name: Line,
    /// Whom to talk to.
    pub contact_name: Line,
    /// Their address; may be empty when there is a telephone.
    pub contact_email: String,
    /// Their telephone; may be empty when there is an address.
    pub contact_phone: String,
    /// What it is about.
    pub topic: Line,
    /// What they want to say or show.
    pub message: Prose,
    /// Which neighbourhood.
    pub place: Option<PlaceId>,
    /// Where to meet.
    pub meeting_point: String,
    /// When they would like it.
    pub wished_at: Timestamp,
    /// How many may come.
    pub people: i64,
    /// Language they speak, as a code.
    pub language: String,
    /// Whether notes may be taken.
    pub notes_allowed: bool,
    /// About pictures.
    pub photos: Photos,
    /// About the public.
    pub publicity: Publicity,
    /// What they want of guests, and do not want.
    pub host_wants: String,
    /// What they would like to get out of it.
    pub host_gets: String,
    /// What to know about getting in.
    pub access_notes: String,
    /// Whether one gets in without steps.
    pub step_free: bool,
    /// Which guests are welcome.
    pub guests: Guests,
    /// `page`, `paper` or `phone`.
    pub received_via: &'static str,
}

/// An invitation in the inbox.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// The code with which the inviter follows it.
    pub code: String,
    /// The group.
    pub group_name: String,
    /// Whom to talk to.
    pub contact_name: String,
    /// Their address.
    pub contact_email: String,
    /// Their telephone.
    pub contact_phone: String,
    /// What it is about.
    pub topic: String,
    /// What they want to say or show.
    pub message: String,
    /// Neighbourhood.
    pub place_id: Option<PlaceId>,
    /// Its name.
    pub place: Option<String>,
    /// Where to meet.
    pub meeting_point: String,
    /// When they would like it.
    pub wished_at: Timestamp,
    /// How many may come.
    pub people: i64,
    /// Language.
    pub language: String,
    /// Whether notes may be taken.
    pub notes_allowed: bool,
    /// About pictures.
    pub photos: Photos,
    /// About the public.
    pub publicity: Publicity,
    /// What they want of guests, and do not want.
    pub host_wants: String,
    /// What they would like to get out of it.
    pub host_gets: String,
    /// What to know about getting in.
    pub access_notes: String,
    /// Whether one gets in without steps.
    pub step_free: bool,
    /// Which guests are welcome.
    pub guests: Guests,
    /// How it came in.
    pub received_via: String,
    /// `received`, `accepted` or `declined`.
    pub status: String,
    /// What the city said.
    pub answer: Option<String>,
    /// When an answer was promised.
    pub answer_due: Date,
    /// The outing it became.
    pub outing: Option<OutingId>,
    /// What was told back afterwards.
    pub told_back: Option<String>,
}

const COLUMNS: &str = "SELECT i.*, pl.name AS place, o.id AS outing_id, o.told_back FROM invitation i
     LEFT JOIN place pl ON pl.id = i.place_id LEFT JOIN outing o ON o.invitation_id = i.id WHERE i.id = $1";
const INBOX: &str = "SELECT i.*, pl.name AS place, o.id AS outing_id, o.told_back FROM invitation i
     LEFT JOIN place pl ON pl.id = i.place_id LEFT JOIN outing o ON o.invitation_id = i.id
     ORDER BY CASE i.status WHEN 'received' THEN 0 ELSE 1 END, i.answer_due, i.id LIMIT 200";

fn read(r: &Row) -> Result<Invitation> {
    Ok(Invitation {
        id: r.get("id")?,
        code: r.get("code")?,
        group_name: r.get("group_name")?,
        contact_name: r.get("contact_name")?,
        contact_email: r.get("contact_email")?,
        contact_phone: r.get("contact_phone")?,
        topic: r.get("topic")?,
        message: r.get("message")?,
        place_id: r.get("place_id")?,
        place: r.get("place")?,
        meeting_point: r.get("meeting_point")?,
        wished_at: r.get("wished_at")?,
        people: r.get("people")?,
        language: r.get("language")?,
        notes_allowed: r.get("notes_allowed")?,
        photos: r.get("photos")?,
        publicity: r.get("publicity")?,
        host_wants: r.get("host_wants")?,
        host_gets: r.get("host_gets")?,
        access_notes: r.get("access_notes")?,
        step_free: r.get("step_free")?,
        guests: r.get("guests")?,
        received_via: r.get("received_via")?,
        status: r.get("status")?,
        answer: r.get("answer")?,
        answer_due: r.get("answer_due")?,
        outing: r.get("outing_id")?,
        told_back: r.get("told_back")?,
    })
}

const FOR_OWNER: &str = "SELECT i.*, pl.name AS place, o.id AS outing_id, o.told_back FROM invitation i
     LEFT JOIN place pl ON pl.id = i.place_id LEFT JOIN outing o ON o.invitation_id = i.id
     WHERE i.status = 'received' AND EXISTS (SELECT 1 FROM challenge c WHERE c.owner_id = $1 AND c.status = 'open')
     ORDER BY i.answer_due, i.id LIMIT 5";

/// Colleagues see what is asked. Whom to ring, and the code that opens it, are for those who deal with it.
fn seen_by(who: &Actor, r: &Row) -> Result<Invitation> {
    let mut seen = read(r)?;
    let about =
        About { invitation: Some(seen.id), organiser: r.get::<Option<PersonId>>("answered_by")?, ..About::default() };
    if may(who, Act::SeeInvitationContact, &about).is_err() {
        for hidden in [&mut seen.contact_name, &mut seen.contact_email, &mut seen.contact_phone, &mut seen.code] {
            hidden.clear();
        }
    }
    Ok(seen)
}

impl Store {
    /// Takes an invitation; returns the code with which it is followed.
    pub async fn invite(&self, who: &Actor, invite: &Invite, zone: &TimeZone, now: Timestamp) -> Result<Code> {
        may(who, Act::Invite, &About::nothing())?;
        if invite.received_via != "page" {
            may(who, Act::TakeDownInvitation, &About::nothing())?;
        }
        let code = Code::from_random(secret::random()?);
        let today = now.to_zoned_datetime(zone.clone()).date();
        let due = today.checked_add(ANSWER_DAYS.days()).unwrap_or(today);
        let mut tx = self.db.begin().await?;
        tx.run(
            "INSERT INTO invitation (id, code, group_name, contact_name, contact_email, contact_phone, topic, message, place_id,
                meeting_point, wished_at, people, language, notes_allowed, photos, publicity, received_via, clerk_id, status,
                answer_due, created_at, host_wants, host_gets, access_notes, step_free, guests)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'received', $19, $20,
                $21, $22, $23, $24, $25)",
            vals![
                InvitationId::new(), code.as_str(), &invite.group_name, &invite.contact_name, &invite.contact_email,
                &invite.contact_phone, &invite.topic, &invite.message, invite.place, &invite.meeting_point, invite.wished_at,
                invite.people, &invite.language, invite.notes_allowed, invite.photos, invite.publicity, invite.received_via,
                who.person(), due, now, &invite.host_wants, &invite.host_gets, &invite.access_notes, invite.step_free,
                invite.guests
            ],
        )
        .await?;
        let to = Reader {
            name: invite.contact_name.as_str().to_owned(),
            email: invite.contact_email.clone(),
            lang: Some(invite.language.clone()),
        };
        mail::send(&mut tx, &*self.writer, to, &Occasion::Invitation { code: code.clone(), answer: None }, now).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// One invitation: for its inviter, or for staff.
    pub async fn invitation(&self, who: &Actor, id: InvitationId) -> Result<Invitation> {
        may(who, Act::SeeInvitation, &About { invitation: Some(id), ..About::default() })?;
        seen_by(who, &(&self.db).one(COLUMNS, vals![id]).await?)
    }

    /// The inbox: unanswered first, by the day an answer was promised.
    pub async fn invitations(&self, who: &Actor) -> Result<Vec<Invitation>> {
        may(who, Act::SeeInvitations, &About::nothing())?;
        (&self.db).rows(INBOX, Vec::new()).await?.iter().map(|r| seen_by(who, r)).collect()
    }

    /// Invitations without an answer that somebody with an open challenge could answer; nothing for those who own none.
    pub async fn invitations_for_owner(&self, who: &Actor) -> Result<Vec<Invitation>> {
        may(who, Act::SeeInvitations, &About::nothing())?;
        (&self.db).rows(FOR_OWNER, vals![who.person()]).await?.iter().map(|r| seen_by(who, r)).collect()
    }

    /// Says yes: the invitation becomes an outing, linked to a challenge.
    pub async fn accept_invitation(
        &self,
        who: &Actor,
        id: InvitationId,
        offer: &Offer,
        answer: &Prose,
        now: Timestamp,
    ) -> Result<OutingId> {
        may(who, Act::AnswerInvitation, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::AnswerInvitation))?;
        let mut tx = self.db.begin().await?;
        let row = unanswered(&mut tx, id).await?;
        if !offer.kind.template().by_invitation() {
            return Err(StoreError::rule("kind", "choose"));
        }
        let outing = insert_outing(&mut tx, me, &Offer { invitation: Some(id), ..offer.clone() }, now).await?;
        self.answer_in(&mut tx, who, id, &row, "accepted", answer.as_str(), now).await?;
        tx.commit().await?;
        Ok(outing)
    }

    /// Says no, and why.
    pub async fn decline_invitation(&self, who: &Actor, id: InvitationId, why: &Reason, now: Timestamp) -> Result<()> {
        may(who, Act::AnswerInvitation, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let row = unanswered(&mut tx, id).await?;
        self.answer_in(&mut tx, who, id, &row, "declined", why.as_str(), now).await?;
        tx.commit().await
    }

    #[expect(clippy::too_many_arguments, reason = "one place for both answers; a struct would be used once")]
    async fn answer_in(
        &self,
        tx: &mut crate::db::Tx,
        who: &Actor,
        id: InvitationId,
        row: &Row,
        status: &str,
        answer: &str,
        now: Timestamp,
    ) -> Result<()> {
        tx.run(
            "UPDATE invitation SET status = $2, answer = $3, answered_by = $4, answered_at = $5 WHERE id = $1",
            vals![id, status, answer, who.person(), now],
        )
        .await?;
        let code: Code =
            row.get::<String>("code")?.parse().map_err(|_| StoreError::Corrupt("invitation code".to_owned()))?;
        let to = Reader {
            name: row.get("contact_name")?,
            email: row.get("contact_email")?,
            lang: Some(row.get("language")?),
        };
        mail::send(tx, &*self.writer, to, &Occasion::Invitation { code, answer: Some(answer.to_owned()) }, now).await?;
        audit::record(tx, who, Act::AnswerInvitation, &format!("invitation {id}"), now).await
    }
}

async fn unanswered(tx: &mut crate::db::Tx, id: InvitationId) -> Result<Row> {
    let row = tx
        .one("SELECT status, code, contact_name, contact_email, language FROM invitation WHERE id = $1", vals![id])
        .await?;
    if row.get::<String>("status")? == "received" { Ok(row) } else { Err(StoreError::rule("form", "already-answered")) }
}
