//! What is different because somebody went out: start, adapt, test, stop. Each change rests on notes of one placement,
//! is asked about after two weeks, three, six and twelve months, and is told back, late or in time. Six of them are
//! written up as practices.

use crate::challenges::DemoChallenge;
use crate::notes::DemoNote;
use crate::outings::{Offered, Purpose};
use crate::people::Staff;
use crate::placements::{DemoPlacement, EndingKind, Stage};
use crate::rng::Rng;
use crate::topics::{Difference, OWN_WORK, PRACTICES, Topic};

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Something new begins.
    Start,
    /// Something is done in another way.
    Adapt,
    /// A small trial with an open result.
    Test,
    /// Something ends, which frees time.
    Stop,
}

impl ChangeKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Adapt => "adapt",
            Self::Test => "test",
            Self::Stop => "stop",
        }
    }
}

/// Where a change stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeStatus {
    /// Being done.
    Running,
    /// It is how things are done now.
    Done,
    /// Not done after all.
    Dropped {
        /// Why.
        why: String,
    },
}

/// What the owner answered when asked about it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Kept,
    /// In part.
    Partly,
    /// Not.
    Not,
    /// No answer came.
    Silent,
}

/// One time of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoFollowUp {
    /// `two-weeks`, `three-months`, `six-months` or `twelve-months` after the commitment.
    pub interval: &'static str,
    /// The day of the answer (of the question, when none came), counted from today; never after today.
    pub day: i32,
    /// The answer.
    pub answer: Answer,
}

/// What makes a change a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoTrial {
    /// What we believe.
    pub belief: String,
    /// The smallest trial.
    pub smallest: String,
    /// What would change our mind.
    pub change_mind: String,
    /// The day it ends, counted from today.
    pub ends_day: i32,
    /// `adopt`, `adapt`, `stop` or `pass-on`, and the result, once it has ended.
    pub verdict: Option<(&'static str, String)>,
}

/// Whether those whose words it rests on have heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldBack {
    /// Yes.
    Told {
        /// On which day, counted from today.
        day: i32,
        /// In these words.
        text: String,
    },
    /// Not yet; it is due on this day, today or later.
    Due {
        /// Counted from today.
        day: i32,
    },
    /// Not yet, and it should have been by this day.
    Overdue {
        /// Counted from today.
        day: i32,
    },
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoChange {
    /// Index of the challenge.
    pub challenge: usize,
    /// Index of the placement it came from.
    pub placement: usize,
    /// What kind.
    pub kind: ChangeKind,
    /// A few words.
    pub title: String,
    /// What changes.
    pub what: String,
    /// When this happens ...
    pub when_x: String,
    /// ... I will do this.
    pub will_y: String,
    /// What is left out to make room.
    pub makes_room: String,
    /// Hours a month set free; above 0 only for [`ChangeKind::Stop`].
    pub hours_freed: i32,
    /// Who keeps it: index into the people.
    pub owner: usize,
    /// The day it was committed, counted from today; never after today.
    pub committed_day: i32,
    /// Where it stands.
    pub status: ChangeStatus,
    /// The notes it rests on: indices, all of the placement.
    pub evidence: Vec<usize>,
    /// For tests.
    pub trial: Option<DemoTrial>,
    /// What was answered so far, in order of time.
    pub follow_ups: Vec<DemoFollowUp>,
    /// Whether it was told back.
    pub told_back: ToldBack,
}

/// A change worth copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPractice {
    /// Index of the change it tells of.
    pub change: usize,
    /// A few words.
    pub title: String,
    /// What was wrong.
    pub problem: String,
    /// What we did.
    pub what_we_did: String,
    /// How to do it.
    pub how: String,
    /// What is needed.
    pub needed: String,
    /// What came of it.
    pub result: String,
    /// Where to be careful.
    pub careful: String,
    /// The day it was published, counted from today.
    pub published_day: i32,
}

/// What changes are made from.
pub(crate) struct Ground<'a> {
    pub(crate) offered: &'a [Offered],
    pub(crate) placements: &'a [DemoPlacement],
    pub(crate) notes: &'a [DemoNote],
    pub(crate) topics: &'a [&'static Topic],
    pub(crate) challenges: &'a [DemoChallenge],
    pub(crate) staff: &'a Staff,
}

/// Name of the interval, days, and how many in a hundred keep it, keep it in part, do not, do not answer. The shares
/// kept fall towards those that Saks and Belcourt (2006) report, 62, 44 and 34 in a hundred.
const INTERVALS: [(&str, i32, [usize; 4]); 4] = [
    ("two-weeks", 14, [68, 20, 4, 8]),
    ("three-months", 92, [58, 24, 8, 10]),
    ("six-months", 184, [46, 26, 15, 13]),
    ("twelve-months", 366, [36, 27, 20, 17]),
];

const DROPPED: &[&str] = &[
    "It worked on our floor only; the next desk put it back. We ask its head to join before we try again.",
    "The colleague who carried it has moved. Nobody had written down how.",
    "The by-law forbids it after all. We have proposed one sentence to the council.",
    "Nobody could say any more what it was good for, so we stopped this as well.",
];

/// All changes, and the practices made of some.
pub(crate) fn make(ground: &Ground<'_>, seed: u64) -> (Vec<DemoChange>, Vec<DemoPractice>) {
    let mut rng = Rng::for_room(seed, "changes");
    let mut evidence: Vec<Vec<usize>> = vec![Vec::new(); ground.placements.len()];
    for (at, note) in ground.notes.iter().enumerate() {
        evidence[note.placement].push(at);
    }
    let mut changes = Vec::new();
    let mut first_of: Vec<Option<usize>> = vec![None; ground.topics.len()];
    for (at, placement) in ground.placements.iter().enumerate() {
        let offer = &ground.offered[placement.outing];
        let came_of_it = placement.ending.as_ref().is_some_and(|e| e.kind == EndingKind::Changed);
        let busy = placement.stage_reached == Stage::Embedding && rng.percent(70);
        let committed = offer.outing.last_day() + rng.between(6, 30);
        let first = offer.purpose == Purpose::First;
        if !(came_of_it || busy) || committed > 0 && !first {
            continue;
        }
        if let (true, Some(topic)) = (first, offer.topic) {
            first_of[topic] = Some(changes.len());
        }
        let (topic, text) = chosen(ground, at, &mut rng);
        changes.push(change(ground, at, (topic, text), &evidence[at], committed, &mut rng));
    }
    let practices = PRACTICES.iter().filter_map(|p| first_of[p.topic].map(|change| practice(p, change))).collect();
    (changes, practices)
}

fn practice(text: &crate::topics::PracticeText, change: usize) -> DemoPractice {
    DemoPractice {
        change,
        title: text.title.to_owned(),
        problem: text.problem.to_owned(),
        what_we_did: text.what_we_did.to_owned(),
        how: text.how.to_owned(),
        needed: text.needed.to_owned(),
        result: text.result.to_owned(),
        careful: text.careful.to_owned(),
        published_day: text.published,
    }
}

/// The question and what becomes different. Who comes from the department that asks changes that department's work;
/// others mostly change their own.
fn chosen(ground: &Ground<'_>, at: usize, rng: &mut Rng) -> (usize, &'static Difference) {
    let placement = &ground.placements[at];
    let offer = &ground.offered[placement.outing];
    // A free-range day answers no question asked beforehand; what it changes goes to a question that fits.
    let topic = offer.topic.unwrap_or_else(|| rng.below(ground.topics.len()));
    let differences = ground.topics[topic].differences;
    match offer.purpose {
        Purpose::First => (topic, &differences[0]),
        _ if at_home(ground, placement, topic) || rng.percent(12) => (topic, rng.pick(differences)),
        _ => (topic, rng.pick(OWN_WORK)),
    }
}

fn at_home(ground: &Ground<'_>, placement: &DemoPlacement, topic: usize) -> bool {
    ground.staff.people[placement.person].team.first().map(String::as_str) == Some(ground.topics[topic].department)
}

fn change(
    ground: &Ground<'_>,
    at: usize,
    (topic, text): (usize, &'static Difference),
    evidence: &[usize],
    committed: i32,
    rng: &mut Rng,
) -> DemoChange {
    let placement = &ground.placements[at];
    let first = ground.offered[placement.outing].purpose == Purpose::First;
    let person = &ground.staff.people[placement.person];
    let team = person.team.last().map_or("our team", String::as_str);
    let own_work = OWN_WORK.iter().any(|d| d.title == text.title);
    let home = own_work || at_home(ground, placement, topic);
    let department = ground.topics[topic].department;
    // The first of its topic is the original; others take it over in their own team, or hand it to whom it belongs.
    let (title, what) = if first {
        (text.title.to_owned(), text.what.to_owned())
    } else if home {
        (format!("{} ({team})", text.title), text.what.to_owned())
    } else {
        (
            format!("{}, handed to {department}", text.title),
            format!("Seen by {team}, handed to {department}: {}", text.what),
        )
    };
    let follow_ups = follow_ups(committed, first, rng);
    DemoChange {
        challenge: topic,
        placement: at,
        kind: text.kind,
        title,
        what,
        when_x: text.when.to_owned(),
        will_y: text.will.to_owned(),
        makes_room: text.makes_room.to_owned(),
        hours_freed: if text.kind == ChangeKind::Stop { rng.between(2, 28) } else { 0 },
        owner: if home { owner(ground, placement, topic, rng) } else { ground.challenges[topic].owner },
        committed_day: committed,
        status: status(&follow_ups, rng),
        evidence: evidence.iter().copied().take(3).collect(),
        trial: (text.kind == ChangeKind::Test).then(|| trial(ground.topics[topic], committed, rng)),
        follow_ups,
        told_back: told_back(text.told, committed, first, rng),
    }
}

/// Who went keeps it, or the manager, or whoever owns the question.
fn owner(ground: &Ground<'_>, placement: &DemoPlacement, topic: usize, rng: &mut Rng) -> usize {
    let manager = ground.staff.people[placement.person].manager.unwrap_or(placement.person);
    [placement.person, manager, ground.challenges[topic].owner][rng.weighted(&[60, 22, 18])]
}

fn follow_ups(committed: i32, first: bool, rng: &mut Rng) -> Vec<DemoFollowUp> {
    let mut asked = Vec::new();
    for (interval, days, shares) in INTERVALS {
        let day = committed + days + rng.between(0, 4);
        if day > 0 {
            break;
        }
        let drawn = [Answer::Kept, Answer::Partly, Answer::Not, Answer::Silent][rng.weighted(&shares)];
        let answer = if first { Answer::Kept } else { drawn };
        asked.push(DemoFollowUp { interval, day, answer });
        if answer == Answer::Not {
            break;
        }
    }
    asked
}

fn status(asked: &[DemoFollowUp], rng: &mut Rng) -> ChangeStatus {
    match asked.last() {
        Some(DemoFollowUp { answer: Answer::Not, .. }) => {
            ChangeStatus::Dropped { why: (*rng.pick(DROPPED)).to_owned() }
        }
        Some(DemoFollowUp { answer: Answer::Kept, .. }) if asked.len() >= 2 => ChangeStatus::Done,
        _ => ChangeStatus::Running,
    }
}

fn trial(topic: &Topic, committed: i32, rng: &mut Rng) -> DemoTrial {
    let ends_day = committed + rng.between(42, 84);
    let verdict = ["adopt", "adapt", "stop", "pass-on"][rng.weighted(&[48, 28, 18, 6])];
    DemoTrial {
        belief: topic.trial.belief.to_owned(),
        smallest: topic.trial.smallest.to_owned(),
        change_mind: topic.trial.doubt.to_owned(),
        ends_day,
        verdict: (ends_day < 0).then(|| match verdict {
            "stop" => (verdict, NEGATIVE.to_owned()),
            "pass-on" => (verdict, PASSED_ON.to_owned()),
            _ => (verdict, topic.trial.result.to_owned()),
        }),
    }
}

/// With what every test is compared.
pub const BASELINE: &str = "The desk beside ours, which goes on as before, in the same weeks.";
/// What every test costs.
pub const COST: &str = "Two mornings a week of two colleagues, and no money.";
/// Who could be harmed by one.
pub const COULD_HARM: &str = "Whoever comes to the other desk waits no shorter. Nobody gets less than before.";
/// Who was asked before.
pub const WHO_ASKED: &str = "The colleagues at both desks, and the residents' panel.";
/// What is learned next.
pub const LEARN_NEXT: &str = "Whether it is the same in winter";

const NEGATIVE: &str = "In our team there was no difference that chance could not explain. We say so and stop; what we measured is in the notes.";
const PASSED_ON: &str =
    "It works, and it is not ours to keep: the neighbouring department has taken it over, with a name and a date.";

fn told_back(text: &str, committed: i32, first: bool, rng: &mut Rng) -> ToldBack {
    let due = committed + 30;
    if first || rng.percent(if due < 0 { 82 } else { 25 }) {
        let day = committed + rng.between(3, 29);
        if day <= 0 {
            return ToldBack::Told { day, text: text.to_owned() };
        }
    }
    if due < 0 { ToldBack::Overdue { day: due } } else { ToldBack::Due { day: due } }
}
