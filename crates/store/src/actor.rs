//! Who asks. Every call of the store takes an [`Actor`]; it is made in one place from a session, a link or a
//! code, never from what a request claims.

use freerange_domain::{
    id::{
        CommunityId, ConsentId, ExchangeId, FollowUpId, GoerId, InvitationId, MemberId, OutId, OutingId, PersonId,
        PlacementId, RoundId,
    },
    outing::Party,
    people::Role,
};

/// Whoever is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without session, link or code.
    Anybody,
    /// A signed-in public servant.
    Staff(Staff),
    /// A party of a placement, by the link in a mail.
    Link {
        /// The placement they were asked about.
        placement: PlacementId,
        /// As whom they were asked.
        party: Party,
        /// Their name, for the history.
        name: String,
    },
    /// Somebody who receives an outing, by the link in a mail.
    Host {
        /// The outing they receive.
        outing: OutingId,
        /// As whom.
        party: Party,
        /// Their name, for the history.
        name: String,
    },
    /// A manager who was asked how many of the team may be away in a round, by the link in a mail.
    TeamLink {
        /// The round.
        round: RoundId,
        /// Whose team.
        manager: PersonId,
        /// Their name, for the page.
        name: String,
    },
    /// The contact of a city that takes part in an exchange, by the link in a mail.
    Partner {
        /// The exchange.
        exchange: ExchangeId,
        /// The city in it.
        member: MemberId,
    },
    /// Somebody of another city who takes part in an exchange, by the link in a mail.
    Goer {
        /// The exchange.
        exchange: ExchangeId,
        /// Who.
        goer: GoerId,
    },
    /// Whoever was asked about somebody who is overdue, by the link in a mail.
    Watcher(OutId),
    /// Whoever was asked how a change goes, by the link in a mail.
    Asked(FollowUpId),
    /// A resident with the code on the card.
    Resident(ConsentId),
    /// The inviter with the code of the invitation.
    Inviter(InvitationId),
    /// Whoever speaks for a neighbourhood, with the group's code.
    Neighbours(CommunityId),
    /// The program itself: follow-ups, mail, imports at the command line.
    Program,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Granted roles.
    pub roles: Vec<Role>,
    /// Whether anybody reports to them.
    pub manages: bool,
    /// Language of the pages, if chosen.
    pub lang: Option<String>,
    /// Opens their own diary while they are signed in.
    pub(crate) diary: Option<crate::secret::DiaryKey>,
}

impl Actor {
    /// The person, if somebody is signed in.
    pub const fn staff(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            _ => None,
        }
    }

    /// Their id, if somebody is signed in.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Staff(staff) => Some(staff.id),
            _ => None,
        }
    }

    /// Whether a role was granted.
    pub fn has(&self, role: Role) -> bool {
        self.staff().is_some_and(|s| s.roles.contains(&role))
    }

    /// How the audit log and histories name them: an id, a party or a kind of outsider, never a name.
    pub(crate) fn trace(&self) -> String {
        match self {
            Self::Anybody => "anybody".to_owned(),
            Self::Staff(staff) => format!("person {}", staff.id),
            Self::Link { placement, party, .. } => format!("{party} of placement {placement}"),
            Self::Host { outing, party, .. } => format!("{party} of outing {outing}"),
            Self::TeamLink { round, manager, .. } => format!("manager {manager} in round {round}"),
            Self::Partner { member, .. } => format!("contact of member {member}"),
            Self::Goer { goer, .. } => format!("goer {goer}"),
            Self::Watcher(out) => format!("asked about out {out}"),
            Self::Asked(follow_up) => format!("asked by follow-up {follow_up}"),
            Self::Resident(consent) => format!("resident of consent {consent}"),
            Self::Neighbours(community) => format!("group of community {community}"),
            Self::Inviter(invitation) => format!("inviter of invitation {invitation}"),
            Self::Program => "program".to_owned(),
        }
    }
}
