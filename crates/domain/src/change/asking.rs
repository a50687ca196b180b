//! Asking about a change again by letter: once on its day, and again while nobody answers. Knows only moments that it is
//! given. It promises at most three letters for a question, a week between them, and that silence is said in the end.

use jiff::{SignedDuration, Timestamp, civil::Date};

/// Days after being asked on which the owner is reminded.
pub const REMIND_AFTER: [i64; 2] = [7, 21];
/// Days after being asked, or after its day when nobody could be asked, from which no answer is an answer too.
pub const SILENT_AFTER: i64 = 21;
/// Days that lie between two letters, also when the job that sends them stood still.
const APART: i64 = 7;

/// That its owner was asked, and how often they were reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// How often they were reminded.
    pub reminders: i64,
    /// When the last letter went.
    pub last: Timestamp,
}

/// What to do about a question that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing now.
    Wait,
    /// Ask for the first time.
    Ask,
    /// Remind, for the first or the last time.
    Remind {
        /// Whether no other letter follows.
        last: bool,
    },
}

/// So many days after a moment.
pub fn days_after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

/// What to do now about a question that was due on a day and has no answer.
pub fn next(due_on: Date, asked: Option<Asked>, today: Date, now: Timestamp) -> Next {
    let Some(asked) = asked else {
        return if due_on <= today { Next::Ask } else { Next::Wait };
    };
    let before = usize::try_from(asked.reminders).ok().and_then(|n| REMIND_AFTER.get(n));
    let Some(days) = before else { return Next::Wait };
    if days_after(asked.at, *days) <= now && days_after(asked.last, APART) <= now {
        Next::Remind { last: REMIND_AFTER.last() == Some(days) }
    } else {
        Next::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan as _, civil::date, tz::TimeZone};
    use proptest::prelude::*;

    fn at(day: Date, hour: i8) -> Timestamp {
        TimeZone::UTC.to_timestamp(day.at(hour, 0, 0, 0)).expect("a moment")
    }

    /// The days, counted from the day it is due, on which a letter goes when the job runs on these days.
    fn letters(runs: &[i64]) -> Vec<(i64, Next)> {
        let due = date(2027, 3, 1);
        let (mut asked, mut sent): (Option<Asked>, Vec<(i64, Next)>) = (None, Vec::new());
        for day in runs {
            let today = due.saturating_add(day.days());
            let now = at(today, 6);
            let next = next(due, asked, today, now);
            match next {
                Next::Wait => continue,
                Next::Ask => asked = Some(Asked { at: now, reminders: 0, last: now }),
                Next::Remind { .. } => {
                    let before = asked.expect("was asked");
                    asked = Some(Asked { reminders: before.reminders + 1, last: now, ..before });
                }
            }
            sent.push((*day, next));
        }
        sent
    }

    #[test]
    fn it_is_asked_on_its_day_and_after_one_and_three_weeks_and_never_again() {
        let every_day: Vec<i64> = (-3..400).collect();
        let (first, last) = (Next::Remind { last: false }, Next::Remind { last: true });
        assert_eq!(letters(&every_day), [(0, Next::Ask), (7, first), (21, last)]);
    }

    proptest! {
        #[test]
        fn whenever_the_job_runs_there_are_at_most_three_letters_a_week_apart(
            runs in proptest::collection::btree_set(-10_i64..500, 0..60)
        ) {
            let runs: Vec<i64> = runs.into_iter().collect();
            let sent = letters(&runs);
            prop_assert!(sent.len() <= 3);
            prop_assert!(sent.iter().all(|(day, _)| *day >= 0));
            prop_assert!(sent.windows(2).all(|w| w[1].0 - w[0].0 >= APART));
            if let Some((_, first)) = sent.first() {
                prop_assert_eq!(*first, Next::Ask);
            }
            // Somebody who is asked is reminded as soon as the job runs late enough.
            if let (Some(last_run), Some((asked, _))) = (runs.last(), sent.first())
                && last_run - asked >= REMIND_AFTER[0]
            {
                prop_assert!(sent.len() >= 2);
            }
        }
    }
}
