//! What is done about circles without anybody asking, and what may be said of all of them together.

use freerange_domain::overview::{Count, SMALLEST_GROUP};
use jiff::ToSpan as _;

use super::{
    About, Act, Actor, Ask as _, CircleId, CircleNews, Occasion, PersonId, Result, State, Store, Timestamp, find, mail,
    may, vals,
};

/// How many circles there are, as far as it says nothing about fewer than five people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Circles.
    pub circles: Count,
    /// Those that run.
    pub running: Count,
}

impl Store {
    /// How many circles there are and how many run. Never who, nor when.
    pub async fn circle_figures(&self, who: &Actor) -> Result<Figures> {
        may(who, Act::CountCircles, &About::nothing())?;
        let sql =
            "SELECT m.circle_id, COUNT(*) AS people, c.began FROM circle_member m JOIN circle c ON c.id = m.circle_id
             JOIN person w ON w.id = m.person_id AND w.active WHERE m.joined GROUP BY m.circle_id, c.began";
        let (mut all, mut run) = ((0, 0), (0, 0));
        for r in (&self.db).rows(sql, Vec::new()).await? {
            let people: i64 = r.get("people")?;
            let state = State::of(usize::try_from(people).unwrap_or(usize::MAX), r.get("began")?);
            all = (all.0 + 1, all.1 + people);
            if matches!(state, State::Running(_)) {
                run = (run.0 + 1, run.1 + people);
            }
        }
        // What is left over between the two numbers says nothing about one to four either.
        let left = all.1 - run.1;
        let circles = if left > 0 && left < SMALLEST_GROUP { Count::NotSaid } else { Count::of_things(all.0, all.1) };
        Ok(Figures { circles, running: Count::of_things(run.0, run.1) })
    }

    /// Reminds those in circles that meet within two days, each of their own action. Returns how many meetings.
    pub async fn remind_circles(&self, now: Timestamp) -> Result<u64> {
        let soon = now.checked_add(48.hours()).unwrap_or(Timestamp::MAX);
        let sql = "SELECT id FROM circle WHERE next_at > $1 AND next_at <= $2 AND NOT reminded ORDER BY id LIMIT 1000";
        let mut reminded = 0;
        for row in (&self.db).rows(sql, vals![now, soon]).await? {
            let id: CircleId = row.get("id")?;
            let mut tx = self.db.begin().await?;
            let once = "UPDATE circle SET reminded = TRUE WHERE id = $1 AND NOT reminded AND next_at > $2";
            if tx.run(once, vals![id, now]).await? == 0 {
                continue;
            }
            let record = find(&mut tx, id).await?;
            if let (Some(at), State::Running(_)) = (record.next_at, record.state()) {
                for m in record.members.iter().filter(|m| m.joined) {
                    let news = CircleNews::Soon { at, action: m.sealed.is_some() };
                    mail::send(&mut tx, &*self.writer, m.reader.clone(), &Occasion::Circle { id, news }, now).await?;
                }
                reminded += 1;
            }
            tx.commit().await?;
        }
        Ok(reminded)
    }

    /// Meetings of circles that somebody is in, for their calendar, with how often each changed. The link decides who may.
    pub async fn calendar_of_circles(&self, owner: PersonId) -> Result<Vec<(CircleId, Timestamp, i64)>> {
        let sql = "SELECT c.id, c.next_at, c.sequence FROM circle_member m JOIN circle c ON c.id = m.circle_id
             WHERE m.person_id = $1 AND m.joined AND c.next_at IS NOT NULL ORDER BY c.next_at, c.id";
        let rows = (&self.db).rows(sql, vals![owner]).await?;
        rows.iter().map(|r| Ok((r.get("id")?, r.get("next_at")?, r.get("sequence")?))).collect()
    }
}
