//! Whether changes lasted: what owners answered at each interval, and how many did not. Whoever was asked and may still
//! answer counts as neither; a change that was given up counts as not kept, because its owner said so.

use freerange_domain::{
    change::{Interval, asking::SILENT_AFTER},
    overview::{Lasted, Tally},
};
use jiff::{Timestamp, ToSpan as _, civil::Date};

use crate::{
    About, Act, Actor, Result, Store,
    change::follow_up::silent_before,
    db::{Ask as _, Row, vals},
    may,
};

/// How changes lasted after one interval.
#[derive(Debug, Clone)]
pub struct Lasting {
    /// After how long.
    pub interval: Interval,
    /// What may be said of it.
    pub said: Lasted,
}

fn tally(r: &Row) -> Result<Tally> {
    Ok(Tally {
        kept: r.get("kept")?,
        partly: r.get("partly")?,
        not_kept: r.get("not_kept")?,
        answered_by: r.get("answered_by")?,
        silent: r.get("silent")?,
        silent_of: r.get("silent_of")?,
    })
}

impl Store {
    /// How changes lasted, for everybody here: all four intervals, in their order.
    pub async fn lasting(&self, who: &Actor, today: Date, now: Timestamp) -> Result<Vec<Lasting>> {
        may(who, Act::SeeOverview, &About::nothing())?;
        // `a` is an answer: one that was given, or one that follows from giving it up. `s` is that it is late for one.
        let rows = (&self.db)
            .rows(
                "SELECT due_in, CAST(SUM(CASE WHEN a = 'kept' THEN 1 ELSE 0 END) AS BIGINT) AS kept,
                    CAST(SUM(CASE WHEN a = 'partly' THEN 1 ELSE 0 END) AS BIGINT) AS partly,
                    CAST(SUM(CASE WHEN a = 'not-kept' THEN 1 ELSE 0 END) AS BIGINT) AS not_kept,
                    COUNT(DISTINCT CASE WHEN a IS NOT NULL THEN owner_id END) AS answered_by,
                    CAST(SUM(CASE WHEN a IS NULL AND s THEN 1 ELSE 0 END) AS BIGINT) AS silent,
                    COUNT(DISTINCT CASE WHEN a IS NULL AND s THEN owner_id END) AS silent_of
                 FROM (SELECT f.due_in, c.owner_id, COALESCE(f.kept, CASE WHEN c.status = 'dropped' THEN 'not-kept' END) AS a,
                        (CASE WHEN f.asked_at IS NULL THEN f.due_on <= $2 ELSE f.asked_at <= $3 END) AS s
                     FROM follow_up f JOIN change c ON c.id = f.change_id WHERE f.due_on <= $1) AS t
                 GROUP BY due_in",
                vals![today, today.saturating_sub(SILENT_AFTER.days()), silent_before(now)],
            )
            .await?;
        let mut lasting = Vec::with_capacity(Interval::ALL.len());
        for interval in Interval::ALL {
            let mut told = Tally::default();
            for r in &rows {
                if r.get::<Interval>("due_in")? == *interval {
                    told = tally(r)?;
                }
            }
            lasting.push(Lasting { interval: *interval, said: told.said() });
        }
        Ok(lasting)
    }
}
