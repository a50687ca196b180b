//! What of a placement an actor sees. The person sees all of it. Whoever else has to do with it sees stage, dates, who
//! agreed, how it ended and the answers meant for them; when somebody left and came back is nobody else's business, and
//! of what is kept about that only the day is.

use freerange_domain::{
    outing::{Audience, Party, readers},
    time,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Event, Placement};
use crate::{Actor, Result, StoreError, db::Row};

/// Lines of the history that tell when somebody was on the ground. Kept by the day.
pub(super) const BY_THE_DAY: &[&str] = &["out", "back", "cut-short"];

/// Lines that others see too: who agreed and how it ended. Whatever is not named here is the person's own.
const FOR_OTHERS: &[&str] = &[
    "wished",
    "offered",
    "standing-yes",
    "cover-yes",
    "no-manager",
    "said-yes",
    "said-no",
    "booked-return",
    "agreed",
    "closed",
    "cancelled",
    "not-placed",
    "invited",
    "own-question",
];

/// SQL that says whether a placement, by its alias, led out: its person is or was on the ground. That follows from where
/// it stands and how it ended, so no moment has to be kept for it.
macro_rules! went {
    ($p:literal) => {
        concat!(
            "(",
            $p,
            ".stage IN ('out', 'debriefing', 'embedding') OR ",
            $p,
            ".ending IN ('changed-something', 'changed-nothing', 'cut-short'))"
        )
    };
}
/// The same, and they are back.
macro_rules! came_back {
    ($p:literal) => {
        concat!(
            "(",
            $p,
            ".stage IN ('debriefing', 'embedding') OR ",
            $p,
            ".ending IN ('changed-something', 'changed-nothing', 'cut-short'))"
        )
    };
}
pub(crate) use {came_back, went};

/// What a database or a backup from before this was decided holds too much of: moments, and check-ins of those who are
/// back. The second migration does the same.
pub(crate) const FORGET_MOMENTS: &[&str] = &[
    "UPDATE placement SET checkin = '' WHERE stage <> 'out' AND checkin <> ''",
    "UPDATE placement_event SET at = at - at % 86400000000 + 43200000000 WHERE what IN ('out', 'back', 'cut-short')",
];

/// The beginning of the day in the city: all that is kept of a moment.
pub(super) fn day(at: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let day = time::day_of(at, zone).to_zoned_datetime(zone.clone());
    day.map(|d| d.timestamp()).map_err(|e| StoreError::Corrupt(e.to_string()))
}

impl Placement {
    /// As whom somebody reads the answers.
    fn audiences(&self, who: &Actor) -> Vec<Audience> {
        let mut as_whom = Vec::new();
        if let Actor::Link { party, .. } = who {
            as_whom.push(if *party == Party::Manager { Audience::Manager } else { Audience::Parties });
            if *party == Party::Host {
                as_whom.push(Audience::Host);
            }
        }
        let me = who.person();
        if me.is_some() && me == self.manager_id {
            as_whom.push(Audience::Manager);
        }
        if me == Some(self.organiser_id) {
            as_whom.push(Audience::Organiser);
        }
        as_whom
    }

    /// What of it this actor sees.
    pub(super) fn seen_by(mut self, who: &Actor) -> Self {
        if who.person() == Some(self.person_id) {
            return self;
        }
        let as_whom = self.audiences(who);
        self.answers.retain(|(question, _)| readers(question).iter().any(|r| as_whom.contains(r)));
        self.done.clear();
        self.checkin.clear();
        self
    }
}

/// The history as this actor sees it, in the order in which it happened.
pub(super) fn history(rows: &[Row], own: bool) -> Result<Vec<Event>> {
    let mut events = Vec::with_capacity(rows.len());
    // What is kept by the day stands at its beginning, before what happened earlier on it: the spine says what came first.
    let mut reached = 0;
    for r in rows {
        let what: String = r.get("what")?;
        let step = match what.as_str() {
            "out" => 1,
            "back" | "cut-short" => 2,
            "embedding" | "closed" => 3,
            "ticked" | "booked-return" | "moved-thinking" => reached,
            _ => 0,
        };
        reached = reached.max(step);
        if own || FOR_OTHERS.contains(&what.as_str()) {
            let by_the_day = BY_THE_DAY.contains(&what.as_str());
            events
                .push((step, Event { at: r.get("at")?, by_the_day, what, by: r.get("by_name")?, why: r.get("why")? }));
        }
    }
    events.sort_by_key(|(step, _)| *step);
    Ok(events.into_iter().map(|(_, event)| event).collect())
}
