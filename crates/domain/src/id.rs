//! Identities. Each thing has an id type of its own, the same from address and form to SQL, so that a
//! note's id can never be passed where a person's is meant. All are UUIDs (version 7 when made here).

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id, ordered by the time it was made.
            pub fn new() -> Self { Self(uuid::Uuid::now_v7()) }
        }
        impl Default for $name { fn default() -> Self { Self::new() } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> { s.parse().map(Self) }
        }
    )+ };
}

ids! {
    /// An edition of the figures for everybody.
    EditionId,
    /// A public servant.
    PersonId,
    /// A team in the organisation tree.
    TeamId,
    /// A city, district or neighbourhood.
    PlaceId,
    /// A group that speaks for a neighbourhood.
    CommunityId,
    /// A question that somebody owns.
    ChallengeId,
    /// A residents' or host's invitation.
    InvitationId,
    /// An offer to go.
    OutingId,
    /// One person on one outing.
    PlacementId,
    /// What was seen or heard.
    NoteId,
    /// A note in one wording.
    VersionId,
    /// A picture that belongs to a note.
    MediaId,
    /// What a resident allowed.
    ConsentId,
    /// Somebody's thinking about an outing.
    ReflectionId,
    /// Notes that belong together, on a board.
    ThemeId,
    /// What we think is going on.
    InsightId,
    /// Something that was done on a board. Made where it is done, so that sending it twice does it once.
    ActId,
    /// Something started, adapted, tested or stopped.
    ChangeId,
    /// One dated question about a change.
    FollowUpId,
    /// A change told so that others can use it.
    PracticeId,
    /// A season in which many are matched at once.
    RoundId,
    /// One run of the matcher.
    RunId,
    /// A letter that waits to be sent.
    MailId,
    /// An exchange of staff among cities.
    ExchangeId,
    /// A city that is known from exchanges.
    CityId,
    /// A city that takes part in one exchange.
    MemberId,
    /// Somebody who takes part in an exchange.
    GoerId,
    /// A place that receives in an exchange.
    PostId,
    /// One set of legs that is proposed.
    ProposalId,
    /// Somebody at a place, as proposed.
    LegId,
    /// One time that somebody is out. Made where it is said, also on a phone.
    OutId,
    /// A debrief together.
    DebriefId,
    /// A circle of peers.
    CircleId,
}
