//! The challenges of the invented city: who owns which question and which decision it feeds. Texts come from the topics.

use crate::map::{DemoNeighbourhood, Quarter};
use crate::people::Staff;
use crate::rng::Rng;
use crate::topics::{Standing, Topic};

/// How far a question has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChallengeStatus {
    /// Still asked.
    Open,
    /// The decision was taken.
    Decided {
        /// What was decided.
        what: String,
        /// Why.
        why: String,
    },
    /// Given up before a decision.
    Ended {
        /// Why.
        why: String,
    },
}

/// A question that somebody owns, with the decision it feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoChallenge {
    /// A few words.
    pub title: String,
    /// The question itself.
    pub question: String,
    /// Why it is asked.
    pub why: String,
    /// Who owns it: index into the people.
    pub owner: usize,
    /// The decision it feeds.
    pub decision: String,
    /// The day of that decision, counted from today.
    pub decision_day: i32,
    /// The neighbourhood it is about, when it is about one.
    pub place: Option<usize>,
    /// How far it has come.
    pub status: ChallengeStatus,
}

/// One challenge for each topic, in the same order.
pub(crate) fn pose(
    topics: &[&Topic],
    staff: &Staff,
    neighbourhoods: &[DemoNeighbourhood],
    seed: u64,
) -> Vec<DemoChallenge> {
    let mut rng = Rng::for_room(seed, "challenges");
    let mut challenges: Vec<DemoChallenge> = topics
        .iter()
        .map(|topic| DemoChallenge {
            title: topic.title.to_owned(),
            question: topic.question.to_owned(),
            why: topic.why.to_owned(),
            owner: owner(topic.department, staff, &mut rng),
            decision: topic.decision.to_owned(),
            decision_day: topic.day,
            place: topic.quarter.and_then(|q| somewhere(q, neighbourhoods, &mut rng)),
            status: match topic.standing {
                Standing::Open => ChallengeStatus::Open,
                Standing::Decided(what, why) => ChallengeStatus::Decided { what: what.to_owned(), why: why.to_owned() },
                Standing::Ended(why) => ChallengeStatus::Ended { why: why.to_owned() },
            },
        })
        .collect();
    challenges[0].owner = staff.roles.challenge_owner;
    challenges
}

/// A director or head of division of that department: somebody who can decide.
fn owner(department: &str, staff: &Staff, rng: &mut Rng) -> usize {
    let Some(members) = staff.by_department.get(department) else { return staff.roles.challenge_owner };
    let heads: Vec<usize> = members.iter().copied().filter(|p| staff.people[*p].team.len() <= 2).collect();
    *rng.pick(if heads.is_empty() { members } else { &heads })
}

/// A neighbourhood of that kind; none if the map has none.
pub(crate) fn somewhere(quarter: Quarter, neighbourhoods: &[DemoNeighbourhood], rng: &mut Rng) -> Option<usize> {
    let fitting: Vec<usize> = (0..neighbourhoods.len()).filter(|n| neighbourhoods[*n].quarter == quarter).collect();
    (!fitting.is_empty()).then(|| *rng.pick(&fitting))
}
