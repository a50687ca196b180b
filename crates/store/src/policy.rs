//! Who may do what: one readable table, asked by every call of the store, and printed for the works council.
//!
//! Deny by default: an [`Act`] without a rule is allowed to nobody, and a test holds that every act has one.
//! A rule names [`Who`]: a role, or a relation between the actor and the thing, found from [`About`].

mod about;
mod kept;

use freerange_domain::{id::PersonId, people::Role};

pub use about::About;
pub use kept::{
    ATTEMPT_DAYS, AUDIT_DAYS, BOARD_DAYS, CIRCLE_DAYS, CLOSED_DAYS, EXCHANGE_DAYS, EXCHANGE_LINK_DAYS, KEPT, Keep,
    Kept, LEFT_DAYS, LINK_DAYS, MAIL_DAYS, OUT_DAYS, PHONE_DAYS, ROUND_DAYS, SEEKER_DAYS, SESSION_DAYS, UPLOAD_DAYS,
};

use crate::{StoreError, actor::Actor};

macro_rules! acts {
    ($($(#[$meta:meta])* $act:ident = $key:literal by [$($who:ident),*] $(but not [$($not:ident),*])?),+ $(,)?) => {
        /// Everything that can be done or seen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$meta])* $act),+ }

        impl Act {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The key under which the language files name it.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$act => $key),+ }
            }

            /// Who may: the whole policy.
            pub const fn allowed(self) -> &'static [Who] {
                match self { $(Self::$act => &[$(Who::$who),*]),+ }
            }

            /// Who may not, whatever else they are.
            pub const fn barred(self) -> &'static [Who] {
                match self { $(Self::$act => &[$($(Who::$not),*)?]),+ }
            }
        }
    };
}

acts! {
    // people
    /// Search the staff list: names, teams, nothing about outings.
    SeeStaffList = "see-staff-list" by [ProgrammeLead, Admin],
    /// Give and take roles.
    GrantRole = "grant-role" by [Admin],
    /// Read people and places from files.
    Import = "import" by [Program],
    /// See one's own account, sessions and links.
    SeeOwnAccount = "see-own-account" by [Oneself],
    // challenge
    /// Read challenges and what was learned.
    SeeChallenges = "see-challenges" by [Staff],
    /// Ask a new one.
    AskChallenge = "ask-challenge" by [Staff],
    /// Change its text, decide or end it.
    CloseChallenge = "close-challenge" by [Owner, ProgrammeLead],
    // outing
    /// Find and read outings.
    SeeOutings = "see-outings" by [Staff],
    /// Offer an outing.
    OfferOuting = "offer-outing" by [Staff],
    /// Change an outing before it is over.
    EditOuting = "edit-outing" by [Organiser, ProgrammeLead],
    /// Call off an outing; those who receive it, before it begins.
    CancelOuting = "cancel-outing" by [Organiser, ProgrammeLead, Host, Inviter],
    /// Follow a visit one receives: who comes, what was heard, what became of it.
    SeeVisit = "see-visit" by [Host, Inviter],
    /// Invite the city to come.
    Invite = "invite" by [Anyone],
    /// Follow one's invitation.
    SeeInvitation = "see-invitation" by [Inviter, Staff],
    /// Read the inbox of invitations.
    SeeInvitations = "see-invitations" by [Staff],
    /// See whom to ring or write to about an invitation: whoever answered it counts as its organiser.
    SeeInvitationContact = "see-invitation-contact" by [Inviter, Organiser, ProgrammeLead, Clerk],
    /// Type in an invitation that came on paper or by telephone.
    TakeDownInvitation = "take-down-invitation" by [ProgrammeLead, Clerk],
    /// Answer an invitation.
    AnswerInvitation = "answer-invitation" by [Staff],
    // community
    /// Enter which group speaks for a neighbourhood, and see its code.
    EnterCommunity = "enter-community" by [ProgrammeLead, Clerk],
    /// See what a neighbourhood said and which visits it had, as its group does.
    SeeCommunity = "see-community" by [Neighbours, ProgrammeLead, Clerk],
    /// Say come, pause or not on these days: the group itself, or whoever it rings.
    SayWelcome = "say-welcome" by [Neighbours, Clerk],
    // placement
    /// Say "I want to go".
    Wish = "wish" by [Staff],
    /// See one placement.
    SeePlacement = "see-placement" by [Oneself, Manager, Organiser, Party],
    /// Move one's own placement along.
    MovePlacement = "move-placement" by [Oneself],
    /// Say yes or no.
    AnswerPlacement = "answer-placement" by [Party, Manager],
    /// Call a placement off.
    CancelPlacement = "cancel-placement" by [Oneself, Manager, Organiser, Party],
    /// See who of the team is away in a week.
    SeeTeamAway = "see-team-away" by [Manager, Party],
    /// Give a standing yes.
    GiveStandingYes = "give-standing-yes" by [Manager, Party],
    /// See a standing yes and how much of it is used.
    SeeStandingYes = "see-standing-yes" by [Oneself, Manager],
    // safe out there
    /// Say that one goes out, is later or back, and see where that stands.
    GoOut = "go-out" by [Oneself],
    /// See who is overdue, where they wanted to go and since when, and say whether one has heard from them. Not before it is
    /// overdue, and not after it is settled.
    AnswerOverdue = "answer-overdue" by [Buddy, Watcher],
    // round
    /// See which rounds there are, their days and their outings.
    SeeRounds = "see-rounds" by [Staff],
    /// Open a round, set its limits, match, decide by hand, publish and repair.
    RunRound = "run-round" by [ProgrammeLead],
    /// State one's wishes, see them, and see why one got what one got.
    StateRoundWishes = "state-round-wishes" by [Oneself],
    /// Say how many of one's team may be away in a week.
    SayRoundCover = "say-round-cover" by [Manager, TeamLink],
    /// See where a round sends one's people, once it is published.
    SeeRoundTeam = "see-round-team" by [Manager],
    /// Take away the proof of a run: numbers without names.
    SeeRoundProof = "see-round-proof" by [ProgrammeLead, Auditor],
    /// Take away the files of a run, without names, to check it with a program of one's own. Not for whoever runs rounds: with a
    /// decision by hand they would find a colleague in it, and everything that this colleague wished for.
    TakeRoundProof = "take-round-proof" by [Auditor] but not [ProgrammeLead],
    // exchange
    /// See which exchanges there are, who takes part, what cities offer, and the ledger.
    SeeExchanges = "see-exchanges" by [Staff, Partner, Goer],
    /// Open an exchange, bring cities in, match, repair, end.
    RunExchange = "run-exchange" by [ProgrammeLead],
    /// See a city's own people in an exchange; of the others only who is on a common leg.
    SeeExchangePeople = "see-exchange-people" by [Member, ProgrammeLead],
    /// Enter a city's people and places.
    EnterExchange = "enter-exchange" by [Member, ProgrammeLead],
    /// Say that one wants to take part.
    TakePart = "take-part" by [Staff],
    /// See and change one's own wishes in an exchange, or leave it.
    ChangeOwnPart = "change-own-part" by [Oneself, GoerOneself],
    /// Say yes or no to a leg, or call it off: for oneself, or for the city that sends or receives.
    AnswerLeg = "answer-leg" by [Oneself, GoerOneself, Member],
    /// The same for this city.
    AnswerLegForCity = "answer-leg-for-city" by [ProgrammeLead],
    // note and consent
    /// Write a note or record a consent on one's own outing.
    WriteNote = "write-note" by [Oneself],
    /// Read notes of a challenge.
    SeeNotes = "see-notes" by [Staff],
    /// Take the notes of a challenge along as a file.
    ExportNotes = "export-notes" by [Owner, ProgrammeLead],
    /// See which notes were taken back, by their ids alone: whoever holds a copy may have no account.
    SeeWithdrawals = "see-withdrawals" by [Anyone],
    /// Change one's own note.
    EditNote = "edit-note" by [Oneself],
    /// Take a note away.
    RemoveNote = "remove-note" by [Oneself, Owner],
    /// Take a consent back: the resident, or whoever is read the code by them.
    WithdrawConsent = "withdraw-consent" by [Resident],
    /// See what came of a consent.
    SeeToldBack = "see-told-back" by [Resident],
    /// See the record of a consent: one's own, or all for whoever watches over data.
    SeeConsentRecord = "see-consent-record" by [Resident, Auditor],
    // notebook
    /// Carry one's notebook on a phone, see one's phones and lock one out.
    KeepNotebook = "keep-notebook" by [Oneself],
    /// Keep and read one's diary, sealed on one's own phone.
    KeepDiary = "keep-diary" by [Oneself],
    // reflection
    /// Write and read a private reflection.
    SeePrivateReflection = "see-private-reflection" by [Oneself],
    /// Read what somebody chose to share.
    SeeSharedReflection = "see-shared-reflection" by [Staff],
    // insight
    /// See the board of a challenge, its themes and insights.
    SeeBoard = "see-board" by [Staff],
    /// Put notes into themes, name themes, and see what was done on an open board in the last two weeks.
    ArrangeBoard = "arrange-board" by [Staff],
    /// Write an insight, and say what it rests on and what speaks against it.
    WriteInsight = "write-insight" by [Staff],
    // coming back, and circles of peers
    /// See why a return talk moved or was dropped.
    SeeReturnTalk = "see-return-talk" by [Oneself, Manager],
    /// See who debriefs together, and say whether one comes: those who were on the same outing.
    JoinDebrief = "join-debrief" by [Peer],
    /// Begin a circle of peers, say that one would like to be in one, and see who else does.
    StartCircle = "start-circle" by [Staff],
    /// See who is in a circle and when it meets, ask others, leave.
    SeeCircle = "see-circle" by [Peer],
    /// Keep and read one's own action in a circle.
    KeepCircleAction = "keep-circle-action" by [Oneself],
    /// See how many circles there are and how many run; never who is in them.
    CountCircles = "count-circles" by [ProgrammeLead],
    // change and practice
    /// Commit to a change.
    CommitChange = "commit-change" by [Staff],
    /// Read changes.
    SeeChanges = "see-changes" by [Staff],
    /// Say how a change goes.
    AnswerFollowUp = "answer-follow-up" by [Owner, Asked],
    /// Publish what an experiment showed, or take it down.
    PublishExperiment = "publish-experiment" by [Owner, ProgrammeLead],
    /// Tell residents and hosts what came of it.
    TellBack = "tell-back" by [Organiser, Owner, ProgrammeLead, Oneself],
    /// Tell a practice.
    TellPractice = "tell-practice" by [Staff],
    /// Change one's own draft.
    EditPractice = "edit-practice" by [Oneself],
    /// Publish a practice or take it down.
    PublishPractice = "publish-practice" by [Oneself, ProgrammeLead],
    /// Read published practices.
    SeePractices = "see-practices" by [Anyone],
    // overview and around
    /// Read the figures for everybody.
    SeeFigures = "see-figures" by [Anyone],
    /// Publish an edition of them, or take one down.
    PublishFigures = "publish-figures" by [ProgrammeLead],
    /// Hand a challenge, a change or an outing over to a colleague.
    HandOver = "hand-over" by [Owner, Organiser, ProgrammeLead],
    /// See the overview.
    SeeOverview = "see-overview" by [Staff],
    /// See exceptions: overdue answers, tell-backs and follow-ups.
    SeeExceptions = "see-exceptions" by [ProgrammeLead],
    /// See what is kept about staff.
    SeeWhatIsKept = "see-what-is-kept" by [Staff],
    /// Read the audit log.
    SeeAudit = "see-audit" by [Auditor],
    /// Read letters waiting to be sent (the demo's outbox).
    SeeOutbox = "see-outbox" by [Admin],
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

macro_rules! whos {
    ($($(#[$meta:meta])* $who:ident = $key:literal),+ $(,)?) => {
        /// A role, or a relation to the thing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Who { $($(#[$meta])* $who),+ }
        impl Who {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$who),+];
            /// The key under which the language files name it.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$who => $key),+ }
            }
        }
    };
}

whos! {
    /// Everybody, without an account.
    Anyone = "anyone",
    /// Everybody who is signed in.
    Staff = "staff",
    /// The person it is about, or who wrote it.
    Oneself = "oneself",
    /// The line manager of the person it is about.
    Manager = "manager",
    /// Whoever organises the outing.
    Organiser = "organiser",
    /// Whoever owns the challenge or the change.
    Owner = "owner",
    /// Whoever was asked to agree, by the link in the mail.
    Party = "party",
    /// A manager who was asked how many may be away, by the link in the mail.
    TeamLink = "team-link",
    /// Whoever receives the outing, by the link in the mail.
    Host = "host",
    /// The contact of any city in the exchange, by the link in the mail.
    Partner = "partner",
    /// The contact of the very city it is about, by the link in the mail.
    Member = "member",
    /// Whoever takes part in the exchange, by the link in the mail.
    Goer = "goer",
    /// The one who takes part and whom it is about, by the link in the mail.
    GoerOneself = "goer-oneself",
    /// The colleague whom somebody named as buddy.
    Buddy = "buddy",
    /// Whoever is in it oneself: was on the same outing, is in the same circle.
    Peer = "peer",
    /// Whoever was asked about somebody who is overdue, by the link in the mail.
    Watcher = "watcher",
    /// Whoever owns a change and was asked how it goes, by the link in the mail.
    Asked = "asked",
    /// The resident with the code.
    Resident = "resident",
    /// The inviter with the code.
    Inviter = "inviter",
    /// Whoever speaks for the neighbourhood, with the group's code.
    Neighbours = "neighbours",
    /// The programme lead.
    ProgrammeLead = "programme-lead",
    /// The mayor and council.
    Mayor = "mayor",
    /// Works council, data protection officer, auditor.
    Auditor = "auditor",
    /// The administrator.
    Admin = "admin",
    /// The clerk at the civic desk.
    Clerk = "clerk",
    /// The program itself.
    Program = "program",
}

fn stands_as(actor: &Actor, who: Who, about: &About) -> bool {
    let me = actor.person();
    let is = |other: Option<PersonId>| me.is_some() && me == other;
    match who {
        Who::Anyone => true,
        Who::Staff => me.is_some(),
        Who::Oneself => is(about.person),
        Who::Manager => is(about.manager),
        Who::Organiser => is(about.organiser),
        Who::Owner => is(about.owner),
        Who::Party => matches!(actor, Actor::Link { placement, .. } if Some(*placement) == about.placement),
        Who::TeamLink => {
            matches!(actor, Actor::TeamLink { round, manager, .. } if Some(*round) == about.round && Some(*manager) == about.manager)
        }
        Who::Host => matches!(actor, Actor::Host { outing, .. } if Some(*outing) == about.outing),
        Who::Partner => matches!(actor, Actor::Partner { exchange, .. } if Some(*exchange) == about.exchange),
        Who::Member => matches!(actor, Actor::Partner { member, .. } if about.members.contains(member)),
        Who::Goer => matches!(actor, Actor::Goer { exchange, .. } if Some(*exchange) == about.exchange),
        Who::GoerOneself => matches!(actor, Actor::Goer { goer, .. } if Some(*goer) == about.goer),
        Who::Buddy => is(about.buddy),
        Who::Peer => me.is_some_and(|me| about.peers.contains(&me)),
        Who::Watcher => matches!(actor, Actor::Watcher(out) if Some(*out) == about.out),
        Who::Asked => matches!(actor, Actor::Asked(follow_up) if Some(*follow_up) == about.follow_up),
        Who::Resident => matches!(actor, Actor::Resident(consent) if Some(*consent) == about.consent),
        Who::Inviter => matches!(actor, Actor::Inviter(invitation) if Some(*invitation) == about.invitation),
        Who::Neighbours => matches!(actor, Actor::Neighbours(community) if Some(*community) == about.community),
        Who::ProgrammeLead => actor.has(Role::ProgrammeLead),
        Who::Mayor => actor.has(Role::Mayor),
        Who::Auditor => actor.has(Role::Auditor),
        Who::Admin => actor.has(Role::Admin),
        Who::Clerk => actor.has(Role::Clerk),
        Who::Program => matches!(actor, Actor::Program),
    }
}

/// The one question. The program itself may do all that its jobs and the command line need, but it can no
/// more open a private reflection than anybody else can: it has no key.
pub fn may(actor: &Actor, act: Act, about: &About) -> Result<(), StoreError> {
    let is_any = |of: &[Who]| of.iter().any(|who| stands_as(actor, *who, about));
    if matches!(actor, Actor::Program) || (is_any(act.allowed()) && !is_any(act.barred())) {
        Ok(())
    } else {
        Err(StoreError::Refused(act))
    }
}

#[cfg(test)]
mod tests;
