//! Why a letter is written, and what its reader needs to know. The words are the web's.

use freerange_domain::{
    id::{PlacementId, RoundId},
    round::{Because, Week},
};
use jiff::Timestamp;

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

/// What is told about a circle of peers.
#[derive(Debug, Clone)]
pub enum CircleNews {
    /// The reader is asked to be in it.
    Asked {
        /// By whom.
        by: String,
    },
    /// It meets. Goes with an entry for the calendar.
    Meets {
        /// When.
        at: Timestamp,
        /// Of the entry in calendars.
        sequence: i64,
    },
    /// It meets soon; the reader's own action waits in it, or there is none. Its words are sealed.
    Soon {
        /// When.
        at: Timestamp,
        /// Whether the reader kept an action.
        action: bool,
    },
    /// It is fewer than three now.
    Pauses,
}

impl Occasion {
    /// Whether the list of letters tells nobody for whom it is.
    pub const fn is_private(&self) -> bool {
        matches!(
            self,
            Self::ReturnMoved { .. } | Self::HowWasIt { .. } | Self::DebriefTogether { .. } | Self::Circle { .. }
        )
    }
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
    /// The reader's group speaks for a neighbourhood from now on.
    Speaks {
        /// The neighbourhood.
        place: String,
        /// With which it says what suits.
        code: freerange_domain::code::Code,
    },
    /// A visit that the reader planned does not suit the neighbourhood any more.
    Unwelcome {
        /// Which visit.
        outing: String,
        /// Its page.
        id: freerange_domain::id::OutingId,
        /// The neighbourhood.
        place: String,
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
    /// The time to think or the return talk is at another time, or is dropped. Goes with an update for the calendar.
    ReturnMoved {
        /// Which of them.
        what: freerange_domain::returning::What,
        /// The placement.
        placement: PlacementId,
        /// The outing, for its person; nothing for the manager.
        outing: Option<String>,
        /// Whose it is, for the manager.
        person: Option<String>,
        /// When it is now, or would have been.
        at: Timestamp,
        /// Whether it was dropped.
        dropped: bool,
        /// Why, for whoever is to read it.
        why: Option<String>,
        /// Of the entry in calendars.
        sequence: i64,
    },
    /// A time that was booked for coming back has passed and nothing is written.
    HowWasIt {
        /// Which of them.
        what: freerange_domain::returning::What,
        /// The placement.
        placement: PlacementId,
        /// The outing.
        outing: String,
    },
    /// Somebody of the same outing proposes to debrief together.
    DebriefTogether {
        /// Who.
        by: String,
        /// The outing.
        outing: String,
        /// The reader's own placement.
        placement: PlacementId,
        /// When.
        at: Timestamp,
    },
    /// Something about a circle of peers.
    Circle {
        /// Which.
        id: freerange_domain::id::CircleId,
        /// What.
        news: CircleNews,
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
