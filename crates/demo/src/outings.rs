//! The offers to go: eight kinds, each with a fitting host, place, hour, length, seats and safety plan. The first ones
//! belong to the storyline and to the practices; the rest are drawn by weight. Reads topics, groups and the map.

mod drafts;

use crate::challenges::{ChallengeStatus, DemoChallenge};
use crate::hosts::DemoGroup;
use crate::map::DemoNeighbourhood;
use crate::rng::Rng;
use crate::topics::Topic;

/// How long an outing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// On one day, so many minutes.
    Minutes(i32),
    /// So many days, the first and the last included.
    Days(i32),
}

/// An offer to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOuting {
    /// `free-range-day`, `immersion`, `shadowing`, `community-visit`, `university-project`, `learning-visit`,
    /// `secondment` or `exchange-ring`.
    pub kind: &'static str,
    /// A few words.
    pub title: String,
    /// What it is.
    pub description: String,
    /// The challenge it serves; `None` only for free-range days.
    pub challenge: Option<usize>,
    /// Where: index into the neighbourhoods. For outings elsewhere, the neighbourhood of the question at home.
    pub neighbourhood: usize,
    /// Who organises it: index into the people.
    pub organiser: usize,
    /// Where to meet.
    pub meeting_point: String,
    /// Who receives; empty for free-range days.
    pub host_name: String,
    /// The group that receives, when it is one of ours: index into the groups.
    pub group: Option<usize>,
    /// What the host wants of guests.
    pub host_wants: String,
    /// What the host gets.
    pub host_gets: String,
    /// What is done so that everybody comes home well.
    pub safety_plan: String,
    /// The language spoken there, as a BCP 47 tag.
    pub language: &'static str,
    /// What to know about getting there and in.
    pub access_notes: String,
    /// What somebody who needs it finds there.
    pub access: &'static [&'static str],
    /// First day, counted from today.
    pub day: i32,
    /// Start in minutes after midnight.
    pub start_minute: i32,
    /// How long.
    pub length: Length,
    /// How many may go.
    pub seats: usize,
    /// Pictures: `none`, `ask` or `yes`.
    pub photos: &'static str,
    /// Publicity: `none`, `after` or `open`.
    pub publicity: &'static str,
    /// What hosts and residents were told afterwards, and on which day; past outings only.
    pub told_back: Option<(i32, String)>,
}

impl DemoOuting {
    /// The last day, counted from today.
    pub const fn last_day(&self) -> i32 {
        match self.length {
            Length::Minutes(_) => self.day,
            Length::Days(days) => self.day + days - 1,
        }
    }
}

/// An outing and the topic it came from.
#[derive(Debug)]
pub(crate) struct Offered {
    pub(crate) outing: DemoOuting,
    /// Index of the topic, which is also that of the challenge.
    pub(crate) topic: Option<usize>,
    /// Whether it happens in the city, so that the topic's sentences fit.
    pub(crate) here: bool,
    /// What the placements on it are for.
    pub(crate) purpose: Purpose,
}

/// Why an outing is in the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The first outing of its topic: the practice or first change of the topic came from it.
    First,
    /// A step of the storyline person: what stage she is at there.
    Story(crate::placements::Stage),
    /// One of many.
    Ordinary,
}

/// What drafts are made from.
pub(crate) struct Ground<'a> {
    pub(crate) topics: &'a [&'static Topic],
    pub(crate) challenges: &'a [DemoChallenge],
    pub(crate) groups: &'a [DemoGroup],
    pub(crate) neighbourhoods: &'a [DemoNeighbourhood],
}

impl Ground<'_> {
    /// A topic whose question is still asked on that day.
    fn topic_for(&self, day: i32, rng: &mut Rng) -> usize {
        loop {
            // The storyline's question has the most outings.
            let topic = if rng.percent(12) { 0 } else { rng.below(self.topics.len()) };
            let open = matches!(self.challenges[topic].status, ChallengeStatus::Open);
            if open || day < self.challenges[topic].decision_day - 5 {
                return topic;
            }
        }
    }
}

/// How many outings a city with so many people has.
fn outings_for(people: usize) -> usize {
    (people / 12).clamp(52, 1_500)
}

/// All outings.
pub(crate) fn offer(
    people: usize,
    topics: &[&'static Topic],
    challenges: &[DemoChallenge],
    groups: &[DemoGroup],
    neighbourhoods: &[DemoNeighbourhood],
    seed: u64,
) -> Vec<Offered> {
    let ground = Ground { topics, challenges, groups, neighbourhoods };
    let mut rng = Rng::for_room(seed, "outings");
    let mut offered: Vec<Offered> = (0..topics.len()).map(|t| drafts::first(&ground, t, &mut rng)).collect();
    offered.extend(drafts::story(&ground, &mut rng));
    let wanted = outings_for(people);
    while offered.len() < wanted {
        let day = if rng.percent(76) { -rng.between(4, 360) } else { rng.between(0, 90) };
        offered.push(drafts::ordinary(&ground, day, &mut rng));
    }
    offered
}
