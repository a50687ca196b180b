//! Letters that wait to be sent. They are written in the transaction that gives rise to them, so that a yes
//! and its letter are both there or neither; a job sends them and tries again when the mail server is away.

mod outbox;

use freerange_domain::{
    id::{MailId, PlacementId, RoundId},
    placement::Missing,
    round::{Because, Week},
};
use jiff::Timestamp;

use crate::{
    Result,
    db::{Tx, vals},
};

/// A letter to write.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Name of the reader.
    pub to_name: String,
    /// Address of the reader.
    pub to_email: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Which of the letters about one question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// The first.
    First,
    /// A reminder.
    Again,
    /// The last reminder.
    Last,
}

/// How somebody who receives a visit comes to its page.
#[derive(Debug, Clone)]
pub enum Door {
    /// By the secret of a link.
    Link(crate::Token),
    /// By the code of their invitation.
    Code(freerange_domain::code::Code),
}

/// Whose plans another time or place changes.
#[derive(Debug, Clone)]
pub enum MovedFor {
    /// Somebody who goes or waits: their placement.
    Placement(freerange_domain::id::PlacementId),
    /// Somebody who receives them.
    Host(Door),
}

/// Why somebody got what they got in a round, as one sentence tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which kind.
    pub kind: Because,
    /// Of which wish.
    pub rank: Option<i64>,
    /// The outing it is about.
    pub outing: Option<String>,
    /// The week it is about.
    pub week: Option<Week>,
    /// Nothing else stood in the way.
    pub alone: bool,
}

/// How somebody comes to their page in an exchange.
#[derive(Debug, Clone)]
pub enum ExchangeDoor {
    /// The contact of a city: by the secret of a link.
    Member(crate::Token),
    /// Somebody of another city who takes part: by the secret of a link.
    Goer(crate::Token),
    /// A colleague who takes part: signed in.
    Colleague(freerange_domain::id::ExchangeId),
    /// Whoever runs it: signed in.
    Lead(freerange_domain::id::ExchangeId),
}

/// What is told about an exchange.
#[derive(Debug, Clone)]
pub enum News {
    /// A city is asked to enter people and places.
    Invited {
        /// Until when.
        until: jiff::civil::Date,
    },
    /// A city put somebody's name forward.
    PutForward {
        /// Which city.
        city: String,
    },
    /// A proposal is out; the reader is asked for a yes.
    Asked,
    /// A proposal is out, without the reader.
    NotPlaced,
    /// The proposal changed; what the reader said stays where the leg says the same.
    AskedAgain,
    /// A leg dropped out.
    LegOff {
        /// From which city to which.
        leg: String,
        /// Why.
        why: String,
    },
    /// A ring with the reader on it is final.
    Final,
    /// It was stopped.
    Ended {
        /// Why.
        why: String,
    },
}

/// Why a letter is written. The words are the web's, in the reader's language.
#[derive(Debug, Clone)]
pub enum Occasion {
    /// Somebody is asked to agree to a placement.
    AskToAgree {
        /// As whom.
        party: freerange_domain::outing::Party,
        /// Who wants to go.
        person: String,
        /// Where to.
        outing: String,
        /// When it starts.
        starts_at: Timestamp,
        /// The secret of the link.
        token: crate::Token,
    },
    /// Everybody agreed.
    Agreed {
        /// Where to.
        outing: String,
        /// Which placement.
        placement: freerange_domain::id::PlacementId,
    },
    /// It will not happen.
    CalledOff {
        /// Where to.
        outing: String,
        /// Why.
        why: String,
    },
    /// The outing passed without them.
    NotPlaced {
        /// Where to.
        outing: String,
        /// What was missing.
        why: String,
    },
    /// It is at another time or place.
    Moved {
        /// What.
        outing: String,
        /// From.
        starts_at: Timestamp,
        /// To.
        ends_at: Timestamp,
        /// Where.
        place: String,
        /// Whose plans it changes.
        reader: MovedFor,
    },
    /// Something is the reader's now.
    HandedOver {
        /// In a few words.
        title: String,
        /// What.
        what: crate::handover::Handed,
    },
    /// A seat became free for somebody who waited.
    SeatFree {
        /// Where to.
        outing: String,
        /// Which placement.
        placement: freerange_domain::id::PlacementId,
    },
    /// A manager is asked how many may be away in one week of a round.
    RoundCover {
        /// The round.
        round: String,
        /// How many the team is.
        team: i64,
        /// What is usual.
        usual: i64,
        /// The secret of the link.
        token: crate::Token,
    },
    /// What came of somebody's wishes in a round.
    RoundResult {
        /// The round.
        round: String,
        /// Which.
        id: RoundId,
        /// What they got.
        seats: Vec<(String, Timestamp)>,
        /// Why.
        told: Told,
    },
    /// A round sends people of one's team.
    RoundTeam {
        /// The round.
        round: String,
        /// Which.
        id: RoundId,
        /// How many.
        going: i64,
    },
    /// A seat was given back, and the reader is the first who fits.
    RoundReserve {
        /// Where to.
        outing: String,
        /// When it starts.
        starts_at: Timestamp,
        /// Which placement.
        placement: PlacementId,
    },
    /// How does the change go?
    FollowUp {
        /// The change.
        change: String,
        /// Whether it was asked before, and whether it is asked again after this.
        asked: Asking,
        /// The secret of the link.
        token: crate::Token,
    },
    /// The last day of an experiment is over: what did it show?
    TestOver {
        /// The experiment.
        change: String,
        /// Which.
        id: freerange_domain::id::ChangeId,
    },
    /// A password can be set.
    SetPassword {
        /// The secret of the link.
        token: crate::Token,
    },
    /// An invitation was received or answered.
    Invitation {
        /// The code with which it is followed.
        code: freerange_domain::code::Code,
        /// What the city answered; nothing yet when it was just received.
        answer: Option<String>,
    },
    /// Somebody comes: told to those who receive them.
    Coming {
        /// Which visit.
        outing: String,
        /// When it starts.
        starts_at: Timestamp,
        /// Their page.
        door: Door,
    },
    /// A visit will not happen: told to those who would have received it.
    VisitOff {
        /// Which visit.
        outing: String,
        /// Why.
        why: String,
        /// Their page.
        door: Door,
    },
    /// Something happened in an exchange.
    Exchange {
        /// Which exchange.
        title: String,
        /// What.
        news: News,
        /// Their page.
        door: ExchangeDoor,
    },
    /// Somebody is overdue: told to their buddy, then to whoever is on duty. Never a position.
    Overdue {
        /// Who.
        person: String,
        /// The planned area.
        area: String,
        /// With whom.
        with: Option<String>,
        /// Since when.
        due: Timestamp,
        /// Who was asked before the reader.
        buddy: Option<String>,
        /// The secret of the link.
        token: crate::Token,
    },
    /// The reader said they would be back by now.
    AreYouBack {
        /// The planned area.
        area: String,
        /// Since when they are overdue.
        due: Timestamp,
    },
    /// Nobody needs to look any more.
    OverdueEnded {
        /// For whom.
        person: String,
        /// Why.
        why: crate::safety::Relief,
    },
    /// What came of a visit.
    ToldBack {
        /// Which visit.
        outing: String,
        /// What was said.
        text: String,
        /// Their page.
        door: Door,
    },
}

/// To whom, in which language if they chose one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language tag.
    pub lang: Option<String>,
}

/// Puts an occasion into words.
pub trait Writer: std::fmt::Debug + Send + Sync {
    /// Subject and text.
    fn write(&self, to: &Reader, occasion: &Occasion) -> (String, String);

    /// The sentence that says what was missing when an outing passed; it is kept with the placement.
    fn missing(&self, to: &Reader, missing: &Missing) -> String;
}

/// Writes only what it is about. For tests and tools.
#[derive(Debug)]
pub struct Terse;

impl Writer for Terse {
    fn write(&self, _: &Reader, occasion: &Occasion) -> (String, String) {
        let token = match occasion {
            Occasion::AskToAgree { token, .. }
            | Occasion::SetPassword { token }
            | Occasion::RoundCover { token, .. }
            | Occasion::FollowUp { token, .. }
            | Occasion::Overdue { token, .. } => token.expose(),
            _ => "",
        };
        (format!("{occasion:?}").chars().take(20).collect(), token.to_owned())
    }

    fn missing(&self, _: &Reader, missing: &Missing) -> String {
        format!("{missing:?}")
    }
}

/// A letter in the outbox.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id; also its Message-ID, so that a letter sent twice by mishap is one for the reader.
    pub id: MailId,
    /// The letter.
    pub letter: Letter,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Why the last try failed.
    pub problem: Option<String>,
}

/// Writes a letter and puts it into the outbox, in the transaction that gave rise to it.
pub(crate) async fn send(
    tx: &mut Tx,
    writer: &dyn Writer,
    to: Reader,
    occasion: &Occasion,
    now: Timestamp,
) -> Result<()> {
    if to.email.is_empty() {
        return Ok(());
    }
    let (subject, body) = writer.write(&to, occasion);
    post(tx, &Letter { to_name: to.name, to_email: to.email, subject, body }, false, now).await
}

/// The same for one that goes before all others and is deleted a day after it was sent.
pub(crate) async fn send_brief(
    tx: &mut Tx,
    writer: &dyn Writer,
    to: Reader,
    occasion: &Occasion,
    now: Timestamp,
) -> Result<()> {
    let (subject, body) = writer.write(&to, occasion);
    post(tx, &Letter { to_name: to.name, to_email: to.email, subject, body }, true, now).await
}

/// Puts a letter into the outbox.
async fn post(tx: &mut Tx, letter: &Letter, brief: bool, now: Timestamp) -> Result<()> {
    tx.run(
        "INSERT INTO mail (id, to_name, to_email, subject, body, created_at, next_try_at, tries, brief)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 0, $7)",
        vals![MailId::new(), &letter.to_name, &letter.to_email, &letter.subject, &letter.body, now, brief],
    )
    .await?;
    Ok(())
}
