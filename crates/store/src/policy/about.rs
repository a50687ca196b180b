//! What an act is about.

use freerange_domain::id::{
    CommunityId, ConsentId, ExchangeId, FollowUpId, GoerId, InvitationId, MemberId, OutId, OutingId, PersonId,
    PlacementId, RoundId,
};

/// What the act is about: whose it is, and who stands in which relation to it.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The person it is about, or who wrote it.
    pub person: Option<PersonId>,
    /// That person's line manager.
    pub manager: Option<PersonId>,
    /// The organiser of the outing.
    pub organiser: Option<PersonId>,
    /// The owner of the challenge or change.
    pub owner: Option<PersonId>,
    /// The placement, for links.
    pub placement: Option<PlacementId>,
    /// The consent, for residents' codes.
    pub consent: Option<ConsentId>,
    /// The invitation, for inviters' codes.
    pub invitation: Option<InvitationId>,
    /// The neighbourhood's group, for its code.
    pub community: Option<CommunityId>,
    /// The outing, for hosts' links.
    pub outing: Option<OutingId>,
    /// The round, for managers' links.
    pub round: Option<RoundId>,
    /// The exchange, for links to it.
    pub exchange: Option<ExchangeId>,
    /// The cities of an exchange it is about.
    pub members: Vec<MemberId>,
    /// The one who takes part in an exchange.
    pub goer: Option<GoerId>,
    /// The colleague whom somebody who is out named as buddy.
    pub buddy: Option<PersonId>,
    /// A going out, for links about it.
    pub out: Option<OutId>,
    /// Those who are in it together.
    pub peers: Vec<PersonId>,
    /// A question about a change, for links to it.
    pub follow_up: Option<FollowUpId>,
}

impl About {
    /// About nothing in particular.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// About a person's own thing.
    pub fn person(id: PersonId) -> Self {
        Self { person: Some(id), ..Self::default() }
    }

    /// About something that has an owner.
    pub fn owner(id: PersonId) -> Self {
        Self { owner: Some(id), ..Self::default() }
    }
}
