//! Rounds: a season in which many people are matched to many outings at once. What a season is, when wishes are taken,
//! who fits where, what a wish is worth, and why somebody got what they got. May use outings and placements; promises
//! that whoever has waited longest comes first, and that each answer has one true reason.

mod reason;

use jiff::{ToSpan as _, civil::Date};

use crate::{
    outing::{Access, Kind},
    words,
};
pub use reason::{Reason, Wished, reason};

words! {
    /// Where a round stands.
    Stage {
        /// Wishes are taken, and it is matched as often as wanted.
        Open = "open",
        /// Everybody has been told.
        Published = "published",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where a run of the matcher stands.
    RunStage {
        /// Waits for a server.
        Queued = "queued",
        /// A server works on it.
        Running = "running",
        /// There is a plan.
        Done = "done",
        /// It could not be done, and says why.
        Failed = "failed",
    }
}

words! {
    /// How long the matcher looks.
    Effort {
        /// To see whether it works.
        Quick = "quick",
        /// Good enough to publish.
        Normal = "normal",
        /// A little better.
        Thorough = "thorough",
    }
}

words! {
    /// What is decided by hand before matching.
    Edit {
        /// This person goes on this outing, if the limits allow.
        Pin = "pin",
        /// This person does not go on this outing.
        Ban = "ban",
    }
}

words! {
    /// Why somebody got what they got.
    Because {
        /// A seat, on the wish of this rank.
        Got = "got",
        /// Every outing that suited was full.
        Full = "full",
        /// The outing did not reach its group.
        Group = "group",
        /// No more of the team may be away in that week.
        Team = "team",
        /// The neighbourhood receives nobody more in that week.
        Place = "place",
        /// The host receives nobody more in the season.
        Host = "host",
        /// It was decided by hand.
        Hand = "hand",
        /// Nothing wished for suits days, access and language.
        Nothing = "nothing",
        /// A seat was left, and the plan that is best for all together did not use it for this person.
        Plan = "plan",
    }
}

words! {
    /// Why an outing does not suit somebody.
    Unfit {
        /// It lies on days they cannot.
        Days = "days",
        /// It lacks what they need to come along.
        Access = "access",
        /// They do not speak its language.
        Language = "language",
        /// They are away in that week already.
        Away = "away",
    }
}

/// Why something cannot be done with a round. The word is a key of the language files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoundProblem {
    /// The season ends before it starts, or is longer than a year.
    #[error("the season has no days, or more than a year of them")]
    Season,
    /// Wishes are to be stated before the season starts.
    #[error("wishes are stated before the season starts")]
    WishesLate,
    /// The last day for wishes is over.
    #[error("the last day for wishes is over")]
    WishesOver,
    /// It was published or called off.
    #[error("the round is not open")]
    NotOpen,
    /// Weeks away, rings and walks of one's own are not for a round.
    #[error("this kind of outing, or one this long, is not matched in a round")]
    Unsuited,
}

impl RoundProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Season => "season",
            Self::WishesLate => "wishes-late",
            Self::WishesOver => "wishes-over",
            Self::NotOpen => "round-not-open",
            Self::Unsuited => "round-unsuited",
        }
    }
}

/// Most outings one can wish for by name.
pub const MOST_WISHES: i64 = 10;
/// Most outings one person can get.
pub const MOST_SEATS: i64 = 3;
/// Longest outing that is matched in a round, in days: it counts in the week in which it starts.
pub const LONGEST_DAYS: i64 = 7;
/// Points of a wish for whatever serves a challenge.
pub const SERVES: i64 = 300;
/// Points that a pin adds to a wish while matching; what is shown is counted without them.
pub const PIN: i64 = 90_000;
/// Points for the second outing of one person.
pub const SECOND: i64 = 300;
/// After so many weeks without an outing one has waited as long as somebody who was never out.
pub const LONGEST_WAIT: i64 = 208;

/// The days of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// Last day for wishes.
    pub wishes_until: Date,
}

impl Season {
    /// Checks that the days are in order.
    pub fn new(starts_on: Date, ends_on: Date, wishes_until: Date, today: Date) -> Result<Self, RoundProblem> {
        let year = starts_on.saturating_add(1.year());
        if ends_on < starts_on || ends_on > year {
            return Err(RoundProblem::Season);
        }
        if wishes_until >= starts_on {
            return Err(RoundProblem::WishesLate);
        }
        if wishes_until < today {
            return Err(RoundProblem::WishesOver);
        }
        Ok(Self { starts_on, ends_on, wishes_until })
    }

    /// The weeks of the season, by their Mondays.
    pub fn weeks(&self) -> Vec<Week> {
        let mut weeks = vec![Week::of(self.starts_on)];
        while let Some(next) = weeks.last().map(|w| w.next()).filter(|w| w.monday() <= self.ends_on) {
            weeks.push(next);
        }
        weeks
    }
}

/// A week, by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(Date);

impl Week {
    /// The week of a day.
    pub fn of(day: Date) -> Self {
        Self(day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()))
    }

    /// Its first day.
    pub const fn monday(self) -> Date {
        self.0
    }

    /// The week after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(7.days()))
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Stage {
    /// Whether wishes are taken on this day.
    pub fn takes_wishes(self, wishes_until: Date, today: Date) -> Result<(), RoundProblem> {
        self.must_be_open()?;
        if today > wishes_until { Err(RoundProblem::WishesOver) } else { Ok(()) }
    }

    /// Whether it can still be changed and matched.
    pub const fn must_be_open(self) -> Result<(), RoundProblem> {
        match self {
            Self::Open => Ok(()),
            Self::Published | Self::Cancelled => Err(RoundProblem::NotOpen),
        }
    }
}

impl RunStage {
    /// Whether a server still has to do with it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

impl Effort {
    /// So many iterations, by which the same run gives the same answer on every machine, also after a restart. For 50,000
    /// people they take about 5, 15 and 60 seconds; small rounds have more of them and are quicker all the same.
    pub fn iterations(self, people: usize) -> u64 {
        let usual = (100_000_000 / u64::try_from(people.max(1)).unwrap_or(u64::MAX)).clamp(2_000, 20_000);
        match self {
            Self::Quick => usual / 3,
            Self::Normal => usual,
            Self::Thorough => usual * 4,
        }
    }
}

/// Whether an outing can be matched in a round.
pub fn suits_a_round(kind: Kind, from: Date, to: Date) -> Result<(), RoundProblem> {
    let fits = !matches!(kind, Kind::FreeRangeDay | Kind::Secondment | Kind::ExchangeRing);
    if fits && to < from.saturating_add(LONGEST_DAYS.days()) { Ok(()) } else { Err(RoundProblem::Unsuited) }
}

/// How many of a team may be away in one week when the manager says nothing: a tenth, at least one.
pub const fn usual_cover(team: i64) -> i64 {
    if team < 20 { 1 } else { team / 10 }
}

/// Points of a wish: the first counts most, and none is worth less than 100.
pub const fn score(rank: i64) -> i64 {
    let points = 1_000 - 70 * (rank - 1);
    if points < 100 { 100 } else { points }
}

/// Points for a first outing: whoever has waited longest counts most, whatever they wish for. Never out is the longest wait.
pub fn first_bonus(weeks_since_out: Option<i64>) -> i64 {
    1_000 + 10 * waited(weeks_since_out)
}

/// Weeks of waiting, as far as they count.
pub fn waited(weeks_since_out: Option<i64>) -> i64 {
    weeks_since_out.unwrap_or(LONGEST_WAIT).clamp(0, LONGEST_WAIT)
}

/// What somebody can and needs.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Days they cannot: from, to.
    pub away: Vec<(Date, Date)>,
    /// What they need to come along.
    pub access: Vec<Access>,
    /// Languages they speak, as codes; when none is known, that is no reason against an outing.
    pub languages: Vec<String>,
}

/// What an outing asks of whoever goes.
#[derive(Debug, Clone)]
pub struct Asks {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What one finds there.
    pub access: Vec<Access>,
    /// Language spoken there.
    pub language: String,
}

/// Whether a language is one of somebody's, as codes. Of whom none is known may go anywhere.
pub fn speaks(languages: &[String], language: &str) -> bool {
    languages.is_empty() || languages.iter().any(|l| l == language)
}

impl Needs {
    /// Why an outing does not suit, or nothing.
    pub fn unfit(&self, outing: &Asks) -> Option<Unfit> {
        if self.away.iter().any(|(from, to)| *from <= outing.to && outing.from <= *to) {
            return Some(Unfit::Days);
        }
        if self.access.iter().any(|need| !outing.access.contains(need)) {
            return Some(Unfit::Access);
        }
        (!speaks(&self.languages, &outing.language)).then_some(Unfit::Language)
    }
}

#[cfg(test)]
#[path = "round_tests.rs"]
mod tests;
