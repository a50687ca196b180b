//! Forgetting on time: the daily sweep that enforces what [`crate::policy::KEPT`] promises.

use jiff::{Timestamp, ToSpan};

use crate::{
    Result, Store,
    db::vals,
    policy::{
        ATTEMPT_DAYS, AUDIT_DAYS, BOARD_DAYS, CIRCLE_DAYS, CLOSED_DAYS, EXCHANGE_DAYS, LEFT_DAYS, MAIL_DAYS, OUT_DAYS,
        PHONE_DAYS, ROUND_DAYS, SEEKER_DAYS, UPLOAD_DAYS,
    },
    setting::{SWEPT, put_when},
};

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub((days * 24).hours()).unwrap_or(Timestamp::MIN)
}

/// What is deleted or wiped, in this order: what, and of which age.
#[derive(Clone, Copy)]
enum Age {
    Day,
    Out,
    Upload,
    Ended,
    Mail,
    Audit,
    Closed,
    Exchange,
    Circle,
    Seeker,
    Phone,
    Left,
}

impl Age {
    fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Day => days_before(now, ATTEMPT_DAYS),
            Self::Out => days_before(now, OUT_DAYS),
            Self::Upload => days_before(now, UPLOAD_DAYS),
            Self::Ended => now,
            Self::Mail => days_before(now, MAIL_DAYS),
            Self::Audit => days_before(now, AUDIT_DAYS),
            Self::Closed => days_before(now, CLOSED_DAYS),
            Self::Exchange => days_before(now, EXCHANGE_DAYS),
            Self::Circle => days_before(now, CIRCLE_DAYS),
            Self::Seeker => days_before(now, SEEKER_DAYS),
            Self::Phone => days_before(now, PHONE_DAYS),
            Self::Left => days_before(now, LEFT_DAYS),
        }
    }
}

macro_rules! closed {
    ($before:literal) => {
        concat!($before, "(SELECT p.id FROM placement p WHERE p.stage = 'closed' AND p.updated_at < $1)")
    };
}
macro_rules! without_notes {
    ($before:literal) => {
        concat!(
            $before,
            "(SELECT p.id FROM placement p WHERE p.stage = 'closed' AND p.updated_at < $1
                AND NOT EXISTS (SELECT 1 FROM note n WHERE n.placement_id = p.id))"
        )
    };
}
macro_rules! over {
    ($before:literal) => {
        concat!($before, " IN (SELECT r.id FROM round r WHERE r.ends_on < $1)")
    };
}
macro_rules! over_run {
    ($before:literal) => {
        concat!($before, " IN (SELECT n.id FROM round_run n JOIN round r ON r.id = n.round_id WHERE r.ends_on < $1)")
    };
}
macro_rules! past {
    ($before:literal, $what:literal) => {
        concat!(
            $before,
            "(SELECT ",
            $what,
            " FROM exchange_member m JOIN exchange x ON x.id = m.exchange_id WHERE x.over_at < $1)"
        )
    };
}
macro_rules! past_goers {
    ($before:literal) => {
        concat!(
            $before,
            "(SELECT g.id FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id
                JOIN exchange x ON x.id = m.exchange_id WHERE x.over_at < $1)"
        )
    };
}
macro_rules! left {
    ($before:literal, $what:literal) => {
        concat!(
            $before,
            "(SELECT w.",
            $what,
            " FROM person w WHERE NOT w.active AND w.updated_at < $1 AND w.name <> '–')"
        )
    };
}
/// Wordings of the diary of whoever left.
macro_rules! left_diary {
    ($before:literal, $what:literal) => {
        concat!(
            $before,
            "(SELECT ",
            $what,
            " FROM diary_version v JOIN diary_entry e ON e.id = v.entry_id JOIN person w ON w.id = e.person_id
                WHERE NOT w.active AND w.updated_at < $1 AND w.name <> '–')"
        )
    };
}

const STEPS: &[(Age, &str)] = &[
    (Age::Day, "DELETE FROM attempt WHERE at < $1"),
    (Age::Phone, "DELETE FROM device WHERE seen_at < $1"),
    // A telephone that goes on later begins anew. Its pieces go after this.
    (
        Age::Upload,
        "INSERT INTO media_trash (id, what, due_at) SELECT id, 'pieces', 0 FROM upload WHERE touched_at < $1
         ON CONFLICT (id, what) DO UPDATE SET due_at = 0",
    ),
    (Age::Upload, "DELETE FROM upload WHERE touched_at < $1"),
    (Age::Ended, "DELETE FROM session WHERE expires_at < $1"),
    (Age::Ended, "DELETE FROM link WHERE expires_at < $1 OR ended_at < $1"),
    // Who was out, and the letters about it. One that was not even due yesterday stays a little: a phone may send it again.
    (Age::Day, "DELETE FROM going_out WHERE ended_at < $1 AND due_at < $1"),
    (Age::Out, "DELETE FROM going_out WHERE due_at < $1"),
    (Age::Day, "DELETE FROM mail WHERE brief AND sent_at < $1"),
    (Age::Out, "DELETE FROM mail WHERE brief AND created_at < $1"),
    (Age::Mail, "DELETE FROM mail WHERE sent_at < $1"),
    // Who said that they come to a debrief.
    (Age::Day, "DELETE FROM debrief_member WHERE debrief_id IN (SELECT d.id FROM debrief d WHERE d.at < $1)"),
    (Age::Day, "DELETE FROM debrief WHERE at < $1"),
    (Age::Seeker, "DELETE FROM circle_seeker WHERE since < $1"),
    // A circle in which nobody arranged anything for a year. One that meets is touched every six weeks.
    (Age::Circle, "DELETE FROM circle_member WHERE circle_id IN (SELECT c.id FROM circle c WHERE c.touched_at < $1)"),
    (Age::Circle, "DELETE FROM circle WHERE touched_at < $1"),
    (Age::Audit, "DELETE FROM audit WHERE at < $1"),
    // A placement goes with all that was written on it. One on which notes rest stays as their bare root: a note is
    // kept with its author until somebody takes it back.
    (Age::Closed, closed!("DELETE FROM reflection WHERE placement_id IN ")),
    (Age::Closed, closed!("DELETE FROM placement_event WHERE placement_id IN ")),
    (Age::Closed, closed!("DELETE FROM approval WHERE placement_id IN ")),
    (Age::Closed, closed!("DELETE FROM return_date WHERE placement_id IN ")),
    (Age::Closed, without_notes!("UPDATE change SET placement_id = NULL WHERE placement_id IN ")),
    (Age::Closed, without_notes!("UPDATE exchange_leg SET placement_id = NULL WHERE placement_id IN ")),
    (Age::Closed, without_notes!("DELETE FROM placement WHERE id IN ")),
    (
        Age::Closed,
        "UPDATE placement SET answers = '{}', done = '[]', checkin = '', ending_why = '[…]', reflection_at = NULL, talk_at = NULL,
            askable = FALSE
         WHERE stage = 'closed' AND updated_at < $1 AND (answers <> '{}' OR done <> '[]' OR checkin <> '' OR ending_why <> '[…]'
            OR reflection_at IS NOT NULL OR talk_at IS NOT NULL)",
    ),
    // A free-range day is nobody's offer: without its placement it only tells where somebody was.
    (
        Age::Closed,
        "DELETE FROM outing WHERE kind = 'free-range-day' AND created_at < $1
            AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.outing_id = outing.id)
            AND NOT EXISTS (SELECT 1 FROM note n WHERE n.outing_id = outing.id)
            AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.outing_id = outing.id)
            AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.outing_id = outing.id)
            AND NOT EXISTS (SELECT 1 FROM outing_party y WHERE y.outing_id = outing.id)",
    ),
    // An exchange: who took part is forgotten, with what they said; how many went from where to where stays for the ledger.
    (Age::Exchange, past!("DELETE FROM link WHERE subject_id IN ", "m.id")),
    (Age::Exchange, past_goers!("DELETE FROM link WHERE subject_id IN ")),
    (
        Age::Exchange,
        past_goers!(
            "UPDATE exchange_goer SET person_id = NULL, label = '–', email = '', languages = '', learn = '', topics = '', wishes = '',
            gone = TRUE WHERE label <> '–' AND id IN "
        ),
    ),
    (Age::Exchange, past_goers!("UPDATE exchange_leg SET off_why = '[…]' WHERE off_why <> '[…]' AND goer_id IN ")),
    (
        Age::Exchange,
        "UPDATE exchange_consent SET why = '[…]' WHERE why <> '[…]' AND leg_id IN (SELECT l.id FROM exchange_leg l
            JOIN exchange_proposal r ON r.id = l.proposal_id JOIN exchange x ON x.id = r.exchange_id WHERE x.over_at < $1)",
    ),
    (
        Age::Exchange,
        past!("UPDATE exchange_member SET contact_name = '–', contact_email = '' WHERE contact_name <> '–' AND id IN ", "m.id"),
    ),
    // Whoever left a year ago: first wherever name and address were copied to, then themselves.
    (Age::Left, left!("DELETE FROM role_grant WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM standing_yes WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_wish WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_serves WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_person WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_reason WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_reserve WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_edit WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_run_edit WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_seat WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM round_cover WHERE manager_id IN ", "id")),
    (
        Age::Left,
        left!(
            "UPDATE exchange_goer SET label = '–', email = '', languages = '', learn = '', topics = '', wishes = '', gone = TRUE
            WHERE label <> '–' AND person_id IN ",
            "id"
        ),
    ),
    (Age::Left, left!("DELETE FROM debrief_member WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM circle_seeker WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM circle_member WHERE person_id IN ", "id")),
    // A circle that nobody is in is none; `$1` says nothing here and is there for all.
    (
        Age::Left,
        "DELETE FROM circle_member WHERE $1 IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM circle_member m WHERE m.circle_id = circle_member.circle_id AND m.joined)",
    ),
    (
        Age::Left,
        "DELETE FROM circle WHERE $1 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM circle_member m WHERE m.circle_id = circle.id AND m.joined)",
    ),
    (Age::Left, left!("DELETE FROM device WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM notebook_feed WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM notebook WHERE person_id IN ", "id")),
    (Age::Left, left_diary!("DELETE FROM diary_follows WHERE version_id IN ", "v.id")),
    (Age::Left, left_diary!("DELETE FROM diary_version WHERE id IN ", "v.id")),
    (Age::Left, left!("DELETE FROM diary_entry WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM diary_key WHERE person_id IN ", "id")),
    (Age::Left, left!("DELETE FROM link WHERE subject_id IN ", "id")),
    (Age::Left, left!("DELETE FROM link WHERE email IN ", "email")),
    (Age::Left, left!("DELETE FROM mail WHERE to_email IN ", "email")),
    (
        Age::Left,
        "UPDATE placement_event SET by_name = '–' WHERE EXISTS (
            SELECT 1 FROM person w WHERE NOT w.active AND w.updated_at < $1 AND w.name <> '–' AND w.name = placement_event.by_name
                AND (EXISTS (SELECT 1 FROM placement p WHERE p.id = placement_event.placement_id AND p.person_id = w.id)
                  OR EXISTS (SELECT 1 FROM approval a WHERE a.placement_id = placement_event.placement_id AND a.email = w.email)))",
    ),
    (Age::Left, left!("UPDATE approval SET name = '–', email = '' WHERE email IN ", "email")),
    (
        Age::Left,
        "UPDATE person SET name = '–', email = staff_no || '@left.invalid', grade = '', languages = '', working_pattern = '',
            password_hash = NULL, diary_salt = NULL, diary_wrapped = NULL
         WHERE NOT active AND updated_at < $1 AND name <> '–'",
    ),
];

/// Of a round whose season ended long enough ago, given as a day: what was wished for, why, and how it was matched. That it
/// was, and which outings were in it, stays.
const ROUNDS: &[&str] = &[
    over_run!("DELETE FROM round_proof WHERE run_id"),
    over_run!("DELETE FROM round_reserve WHERE run_id"),
    over_run!("DELETE FROM round_reason WHERE run_id"),
    over_run!("DELETE FROM round_run_edit WHERE run_id"),
    over_run!("DELETE FROM round_seat WHERE run_id"),
    over!("DELETE FROM round_edit WHERE round_id"),
    over!("DELETE FROM round_cover WHERE round_id"),
    over!("DELETE FROM round_serves WHERE round_id"),
    over!("DELETE FROM round_wish WHERE round_id"),
    over!("DELETE FROM round_person WHERE round_id"),
];

/// Who did something on a board, and when. That it was done stays, so that it is not done again when it is sent again.
const BOARD_BY: &str = "UPDATE board_act SET by_id = NULL, on_day = '' WHERE on_day < $1 AND by_id IS NOT NULL";

/// Marks for boards that nobody has looked at yet: whoever does sees everything.
const BOARD_UNSEEN: &str = "DELETE FROM board_touched WHERE NOT EXISTS (SELECT 1 FROM board b WHERE b.challenge_id = board_touched.challenge_id)";

impl Store {
    /// Deletes what has been kept long enough. Returns how many rows were deleted or wiped.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        let mut gone = 0;
        for (age, sql) in STEPS {
            gone += tx.run(sql, vals![age.before(now)]).await?;
        }
        let day = days_before(now, ROUND_DAYS).to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        for sql in ROUNDS {
            gone += tx.run(sql, vals![day]).await?;
        }
        let day = days_before(now, BOARD_DAYS).to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        gone += tx.run(BOARD_BY, vals![day]).await?;
        tx.run(BOARD_UNSEEN, Vec::new()).await?;
        put_when(&mut tx, SWEPT, now).await?;
        tx.commit().await?;
        self.leave_nothing_behind().await;
        Ok(gone)
    }
}
