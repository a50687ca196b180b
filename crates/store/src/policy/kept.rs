//! What is stored about staff, who can see it and for how long: printed for the works council, enforced by the policy and
//! the sweep, and held against the tables by a test.

use super::Act;

/// How long something is kept. What is given in days is enforced by the daily sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// As long as the person works here; then the given days until name and address are wiped.
    Employed(i64),
    /// Days after it is over.
    Days(i64),
    /// As long as the record it is part of; the name on it until the given days after its person has left.
    WithRecord(i64),
    /// Until it is used, replaced or ends, at most the given days.
    AtMost(i64),
    /// Until whoever it rests on takes it back, or the challenge's record is closed by the city.
    UntilWithdrawn,
}

/// One kind of thing that is stored about staff: who can see it and how long it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The key under which the language files describe it.
    pub key: &'static str,
    /// The act of seeing it: who may follows from the policy. `None` where the program shows it to nobody.
    pub seen_by: Option<Act>,
    /// How long.
    pub keep: Keep,
    /// The columns in which it stands. A test holds that each that points to a person is in exactly one line.
    pub columns: &'static [&'static str],
}

/// Days after leaving until name and address are wiped.
pub const LEFT_DAYS: i64 = 365;
/// Days after closing until a placement and all that was written on it is deleted, but for notes.
pub const CLOSED_DAYS: i64 = 730;
/// Days after the season of a round until its wishes, limits of teams, runs and reasons are deleted.
pub const ROUND_DAYS: i64 = 120;
/// Days until a sent letter is deleted.
pub const MAIL_DAYS: i64 = 30;
/// Days until an entry of the audit log is deleted.
pub const AUDIT_DAYS: i64 = 1_095;
/// Days a session lasts.
pub const SESSION_DAYS: i64 = 14;
/// Days that the longest-lived secret address opens: a calendar's.
pub const LINK_DAYS: i64 = 3_650;
/// Days that the link of a city or a person in an exchange opens.
pub const EXCHANGE_LINK_DAYS: i64 = 365;
/// Days after a phone was last heard of until it is forgotten.
pub const PHONE_DAYS: i64 = 365;
/// Days after the season of an exchange until the people in it are forgotten.
pub const EXCHANGE_DAYS: i64 = 365;
/// Days after being due until a going out that nobody settled is deleted. One that ended is deleted after a day.
pub const OUT_DAYS: i64 = 8;
/// Days after its last piece until a file that was not finished is deleted.
pub const UPLOAD_DAYS: i64 = 7;
/// Days until it is forgotten who moved what on a board.
pub const BOARD_DAYS: i64 = 14;
/// Days after a circle was last touched until it is deleted, with the actions in it.
pub const CIRCLE_DAYS: i64 = 365;
/// Days until a wish to be in a circle is deleted.
pub const SEEKER_DAYS: i64 = 120;
/// Days until a failed try is forgotten.
pub const ATTEMPT_DAYS: i64 = 1;

const fn kept(key: &'static str, seen_by: Option<Act>, keep: Keep, columns: &'static [&'static str]) -> Kept {
    Kept { key, seen_by, keep, columns }
}

/// Everything that is stored about staff. Printed on the works council's page; enforced by [`may`] and the sweep.
pub const KEPT: &[Kept] = &[
    kept(
        "kept-account",
        Some(Act::SeeStaffList),
        Keep::Employed(LEFT_DAYS),
        &[
            "person.staff_no",
            "person.name",
            "person.email",
            "person.team_id",
            "person.manager_id",
            "person.grade",
            "person.languages",
            "person.working_pattern",
            "person.active",
            "person.created_at",
            "person.updated_at",
            "role_grant.person_id",
        ],
    ),
    kept(
        "kept-secret",
        None,
        Keep::Employed(LEFT_DAYS),
        &["person.password_hash", "person.diary_salt", "person.diary_wrapped"],
    ),
    kept(
        "kept-session",
        Some(Act::SeeOwnAccount),
        Keep::Days(SESSION_DAYS),
        &["session.person_id", "session.agent", "person.lang"],
    ),
    kept("kept-attempt", None, Keep::Days(ATTEMPT_DAYS), &["attempt.subject"]),
    kept("kept-link", None, Keep::AtMost(LINK_DAYS), &["link.subject_id", "link.name", "link.email"]),
    kept(
        "kept-standing",
        Some(Act::SeeStandingYes),
        Keep::Employed(LEFT_DAYS),
        &["standing_yes.person_id", "standing_yes.granted_by"],
    ),
    kept(
        "kept-placement",
        Some(Act::SeePlacement),
        Keep::Days(CLOSED_DAYS),
        &[
            "placement.person_id",
            "placement.stage",
            "placement.ending_why",
            "placement.answers",
            "placement_event.by_name",
        ],
    ),
    kept("kept-approval", Some(Act::SeePlacement), Keep::Days(CLOSED_DAYS), &["approval.name", "approval.email"]),
    kept("kept-own-way", Some(Act::MovePlacement), Keep::Days(CLOSED_DAYS), &["placement.checkin", "placement.done"]),
    // To its person alone; to whoever was asked only while it is overdue, which is another act.
    kept("kept-going-out", Some(Act::GoOut), Keep::Days(1), &["going_out.person_id"]),
    kept("kept-overdue", Some(Act::AnswerOverdue), Keep::Days(1), &["going_out.buddy_id"]),
    kept(
        "kept-round-wishes",
        Some(Act::StateRoundWishes),
        Keep::Days(ROUND_DAYS),
        &["round_person.person_id", "round_wish.person_id", "round_serves.person_id", "round_reason.person_id"],
    ),
    kept("kept-round-cover", Some(Act::SayRoundCover), Keep::Days(ROUND_DAYS), &["round_cover.manager_id"]),
    kept(
        "kept-round-plan",
        Some(Act::RunRound),
        Keep::Days(ROUND_DAYS),
        &["round_seat.person_id", "round_reserve.person_id", "round_edit.person_id", "round_run_edit.person_id"],
    ),
    kept(
        "kept-round-lead",
        Some(Act::RunRound),
        Keep::WithRecord(LEFT_DAYS),
        &["round.opened_by", "round_edit.by_id", "round_run.asked_by"],
    ),
    kept("kept-team-away", Some(Act::SeeTeamAway), Keep::Days(CLOSED_DAYS), &[]),
    kept("kept-askable", Some(Act::SeeOutings), Keep::Days(CLOSED_DAYS), &["placement.askable"]),
    kept(
        "kept-private-reflection",
        Some(Act::SeePrivateReflection),
        Keep::Days(CLOSED_DAYS),
        &["reflection.author_id", "reflection.sealed", "reflection.day"],
    ),
    kept("kept-shared-reflection", Some(Act::SeeSharedReflection), Keep::Days(CLOSED_DAYS), &["reflection.shared"]),
    kept("kept-return", Some(Act::SeeReturnTalk), Keep::Days(CLOSED_DAYS), &["return_date.why"]),
    kept("kept-debrief", Some(Act::JoinDebrief), Keep::Days(1), &["debrief_member.person_id"]),
    kept(
        "kept-circle",
        Some(Act::SeeCircle),
        Keep::Days(CIRCLE_DAYS),
        &["circle_member.person_id", "circle_member.joined"],
    ),
    kept("kept-circle-action", Some(Act::KeepCircleAction), Keep::Days(CIRCLE_DAYS), &["circle_member.sealed"]),
    kept("kept-circle-seeker", Some(Act::StartCircle), Keep::Days(SEEKER_DAYS), &["circle_seeker.person_id"]),
    kept("kept-challenge", Some(Act::SeeChallenges), Keep::WithRecord(LEFT_DAYS), &["challenge.owner_id"]),
    kept("kept-outing", Some(Act::SeeOutings), Keep::WithRecord(LEFT_DAYS), &["outing.organiser_id"]),
    kept("kept-told-back", None, Keep::WithRecord(LEFT_DAYS), &["outing.told_back_by"]),
    kept(
        "kept-party",
        Some(Act::SeeOutings),
        Keep::WithRecord(LEFT_DAYS),
        &["outing_party.name", "outing_party.email"],
    ),
    kept("kept-invitation", None, Keep::WithRecord(LEFT_DAYS), &["invitation.clerk_id", "invitation.answered_by"]),
    kept("kept-community", None, Keep::WithRecord(LEFT_DAYS), &["community.entered_by"]),
    kept("kept-exchange", Some(Act::SeeExchanges), Keep::WithRecord(LEFT_DAYS), &["exchange.lead_id"]),
    kept(
        "kept-exchange-people",
        Some(Act::SeeExchangePeople),
        Keep::Days(EXCHANGE_DAYS),
        &[
            "exchange_goer.person_id",
            "exchange_goer.label",
            "exchange_goer.email",
            "exchange_goer.grade",
            "exchange_goer.languages",
            "exchange_goer.free_from",
            "exchange_goer.free_to",
            "exchange_goer.learn",
            "exchange_goer.topics",
            "exchange_goer.wishes",
            "exchange_leg.goer_id",
            "exchange_leg.off_why",
            "exchange_consent.why",
            "exchange_member.contact_name",
            "exchange_member.contact_email",
        ],
    ),
    kept("kept-note", Some(Act::SeeNotes), Keep::UntilWithdrawn, &["note.author_id"]),
    kept(
        "kept-phone",
        Some(Act::KeepNotebook),
        Keep::Days(PHONE_DAYS),
        &["device.person_id", "device.name", "device.seen_at", "device.reached"],
    ),
    kept(
        "kept-notebook",
        Some(Act::KeepNotebook),
        Keep::Employed(LEFT_DAYS),
        &["notebook.person_id", "notebook_feed.person_id"],
    ),
    kept(
        "kept-diary",
        Some(Act::KeepDiary),
        Keep::Employed(LEFT_DAYS),
        &["diary_entry.person_id", "diary_version.sealed", "diary_key.person_id", "diary_key.wrapped"],
    ),
    kept(
        "kept-upload",
        Some(Act::WriteNote),
        Keep::Days(UPLOAD_DAYS),
        &["upload.person_id", "upload.description", "upload.touched_at"],
    ),
    kept("kept-consent", Some(Act::WriteNote), Keep::WithRecord(LEFT_DAYS), &["consent.recorded_by"]),
    kept("kept-board", Some(Act::ArrangeBoard), Keep::Days(BOARD_DAYS), &["board_act.by_id", "board_act.on_day"]),
    kept("kept-change", Some(Act::SeeChanges), Keep::UntilWithdrawn, &["change.owner_id"]),
    kept("kept-practice", Some(Act::PublishPractice), Keep::WithRecord(LEFT_DAYS), &["practice.author_id"]),
    kept("kept-mail", Some(Act::SeeOutbox), Keep::Days(MAIL_DAYS), &["mail.to_name", "mail.to_email"]),
    kept("kept-audit", Some(Act::SeeAudit), Keep::Days(AUDIT_DAYS), &["audit.actor", "audit.subject"]),
];
