//! Forgetting on time: the daily sweep that enforces what [`crate::policy::KEPT`] promises.

use jiff::{Timestamp, ToSpan};

use crate::{
    Result, Store,
    db::vals,
    policy::{AUDIT_DAYS, CLOSED_DAYS, LEFT_DAYS, MAIL_DAYS},
};

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub((days * 24).hours()).unwrap_or(Timestamp::MIN)
}

impl Store {
    /// Deletes what has been kept long enough. Returns how many rows were deleted or wiped.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        let closed = days_before(now, CLOSED_DAYS);
        let mut gone = 0;
        for (sql, before) in [
            ("DELETE FROM attempt WHERE at < $1", days_before(now, 1)),
            ("DELETE FROM session WHERE expires_at < $1", now),
            ("DELETE FROM link WHERE expires_at < $1", now),
            ("DELETE FROM mail WHERE sent_at < $1", days_before(now, MAIL_DAYS)),
            ("DELETE FROM audit WHERE at < $1", days_before(now, AUDIT_DAYS)),
            (
                "DELETE FROM reflection WHERE placement_id IN
                 (SELECT id FROM placement WHERE stage = 'closed' AND updated_at < $1)",
                closed,
            ),
            (
                "DELETE FROM placement_event WHERE placement_id IN
                 (SELECT id FROM placement WHERE stage = 'closed' AND updated_at < $1)",
                closed,
            ),
            (
                "UPDATE placement SET answers = '{}', checkin = '' WHERE stage = 'closed' AND updated_at < $1 AND answers <> '{}'",
                closed,
            ),
            (
                "UPDATE person SET name = '–', email = staff_no || '@left.invalid', languages = '', working_pattern = '',
                 password_hash = NULL, diary_salt = NULL, diary_wrapped = NULL
                 WHERE NOT active AND updated_at < $1 AND name <> '–'",
                days_before(now, LEFT_DAYS),
            ),
        ] {
            gone += tx.run(sql, vals![before]).await?;
        }
        tx.commit().await?;
        Ok(gone)
    }
}
