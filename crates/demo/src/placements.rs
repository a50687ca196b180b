//! Who goes on which outing, how far it has come, and how it ended. Stages fit the dates, nobody is in two places at
//! once, no outing has more people than seats, nothing is agreed without dates for reflection and return talk, and
//! every ending has a reason: the type has no other.

use crate::outings::{Length, Offered, Purpose};
use crate::people::Staff;
use crate::rng::Rng;
use crate::topics::{GENERAL, Topic};

/// How far a placement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Said "I want to go".
    Wished,
    /// Has a seat; the others are asked.
    Offered,
    /// Everybody said yes.
    Agreed,
    /// Getting ready.
    Preparing,
    /// On the ground.
    Out,
    /// Back, thinking.
    Debriefing,
    /// Turning it into something different.
    Embedding,
    /// Ended.
    Closed,
}

impl Stage {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wished => "wished",
            Self::Offered => "offered",
            Self::Agreed => "agreed",
            Self::Preparing => "preparing",
            Self::Out => "out",
            Self::Debriefing => "debriefing",
            Self::Embedding => "embedding",
            Self::Closed => "closed",
        }
    }
}

/// How a placement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndingKind {
    /// Something is different.
    Changed,
    /// Nothing is.
    ChangedNothing,
    /// Stopped while out.
    CutShort,
    /// Called off by the person.
    CancelledByPerson,
    /// Called off by the manager.
    CancelledByManager,
    /// Called off by the host.
    CancelledByHost,
    /// Called off by residents.
    CancelledByResidents,
}

impl EndingKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed-something",
            Self::ChangedNothing => "changed-nothing",
            Self::CutShort => "cut-short",
            Self::CancelledByPerson => "cancelled-by-person",
            Self::CancelledByManager => "cancelled-by-manager",
            Self::CancelledByHost => "cancelled-by-host",
            Self::CancelledByResidents => "cancelled-by-residents",
        }
    }

    /// Whether the person went out at all.
    pub const fn went(self) -> bool {
        matches!(self, Self::Changed | Self::ChangedNothing | Self::CutShort)
    }
}

/// An ending and its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEnding {
    /// Which.
    pub kind: EndingKind,
    /// In a sentence.
    pub why: String,
}

/// A day counted from today and minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: i32,
    /// Minutes after midnight.
    pub minute: i32,
}

/// One person on one outing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPlacement {
    /// Index of the outing.
    pub outing: usize,
    /// Index of the person.
    pub person: usize,
    /// How far it has come.
    pub stage_reached: Stage,
    /// `Some` exactly when closed.
    pub ending: Option<DemoEnding>,
    /// What I want to learn.
    pub want: String,
    /// How it belongs to my job.
    pub job_link: String,
    /// Who covers the desk.
    pub cover: String,
    /// Time to think; always there from `agreed` on.
    pub reflection: Option<Moment>,
    /// The talk with the manager; always there from `agreed` on.
    pub return_talk: Option<Moment>,
}

impl DemoPlacement {
    /// Whether the person has been out and is back.
    pub fn came_back(&self) -> bool {
        match &self.ending {
            Some(ending) => ending.kind.went(),
            None => self.stage_reached >= Stage::Debriefing,
        }
    }
}

struct Placing<'a> {
    rng: Rng,
    staff: &'a Staff,
    /// The days on which each person is out.
    busy: Vec<Vec<(i32, i32)>>,
    /// Those who go often. There are such people in every city.
    eager: usize,
    placements: Vec<DemoPlacement>,
}

/// All placements, outing by outing.
pub(crate) fn place(offered: &[Offered], topics: &[&'static Topic], staff: &Staff, seed: u64) -> Vec<DemoPlacement> {
    let mut placing = Placing {
        rng: Rng::for_room(seed, "placements"),
        staff,
        busy: vec![Vec::new(); staff.people.len()],
        eager: (staff.people.len() / 4).max(1),
        placements: Vec::new(),
    };
    placing.story(offered, topics);
    for (at, offer) in offered.iter().enumerate() {
        let taken = placing
            .placements
            .iter()
            .filter(|p| p.outing == at && matches!(offer.purpose, Purpose::Story(_) | Purpose::First))
            .count();
        let seats = offer.outing.seats;
        let going =
            if offer.purpose == Purpose::First { 1 } else { (seats * (45 + placing.rng.below(56))).div_ceil(100) };
        for _ in taken..going {
            placing.add_somebody(at, offer, topics);
        }
    }
    placing.placements
}

impl Placing<'_> {
    /// The storyline person comes first, so that her days are free.
    fn story(&mut self, offered: &[Offered], topics: &[&'static Topic]) {
        let person = self.staff.roles.staff;
        for (at, offer) in offered.iter().enumerate() {
            let stage = match offer.purpose {
                Purpose::Story(stage) => stage,
                Purpose::First if at == 0 => Stage::Closed,
                Purpose::First | Purpose::Ordinary => continue,
            };
            let ending = (stage == Stage::Closed).then(|| self.ending(EndingKind::Changed));
            self.add(at, offer, person, stage, ending, topics);
        }
    }

    fn add_somebody(&mut self, at: usize, offer: &Offered, topics: &[&'static Topic]) {
        let days = (offer.outing.day, offer.outing.last_day());
        let department = offer.topic.map_or("", |t| topics[t].department);
        let mut person = self.candidate(department);
        let mut asked = 1;
        while !self.is_free(person, days) {
            if asked == 40 {
                return;
            }
            person = self.candidate(department);
            asked += 1;
        }
        let (stage, ending) = if offer.purpose == Purpose::First {
            (Stage::Closed, Some(self.ending(EndingKind::Changed)))
        } else {
            self.stage(days)
        };
        self.add(at, offer, person, stage, ending, topics);
    }

    /// Half of them from the department that asks; of the others, most from the quarter that goes often.
    fn candidate(&mut self, department: &str) -> usize {
        if let Some(members) = self.staff.by_department.get(department).filter(|_| self.rng.percent(45)) {
            return *self.rng.pick(members);
        }
        let all = self.staff.people.len();
        if self.rng.percent(55) {
            // Spread over the city without a list: every fourth person.
            return (1 + 4 * self.rng.below(self.eager)).min(all - 1);
        }
        1 + self.rng.below(all - 1)
    }

    fn is_free(&self, person: usize, days: (i32, i32)) -> bool {
        person != self.staff.roles.mayor && self.busy[person].iter().all(|b| days.1 < b.0 || b.1 < days.0)
    }

    fn stage(&mut self, days: (i32, i32)) -> (Stage, Option<DemoEnding>) {
        let stage = match days {
            (_, ..=-41) => [Stage::Embedding, Stage::Closed][self.rng.weighted(&[14, 86])],
            (_, ..=-3) => [Stage::Debriefing, Stage::Embedding, Stage::Closed][self.rng.weighted(&[8, 54, 38])],
            (_, ..=-1) => Stage::Debriefing,
            (..=0, _) => Stage::Out,
            (1..=14, _) => [Stage::Agreed, Stage::Preparing, Stage::Closed][self.rng.weighted(&[24, 70, 6])],
            (15..=60, _) => [Stage::Wished, Stage::Offered, Stage::Agreed, Stage::Preparing, Stage::Closed]
                [self.rng.weighted(&[22, 26, 34, 14, 4])],
            _ => [Stage::Wished, Stage::Offered, Stage::Agreed][self.rng.weighted(&[52, 28, 20])],
        };
        if stage != Stage::Closed {
            return (stage, None);
        }
        let weights: &[usize] = if days.0 > 0 { &[0, 0, 0, 5, 5, 3, 2] } else { &[48, 31, 5, 5, 4, 4, 3] };
        let kind = ENDINGS[self.rng.weighted(weights)].0;
        (stage, Some(self.ending(kind)))
    }

    fn ending(&mut self, kind: EndingKind) -> DemoEnding {
        let reasons = ENDINGS.iter().find(|e| e.0 == kind).map_or(&[][..], |e| e.1);
        DemoEnding { kind, why: (*self.rng.pick(reasons)).to_owned() }
    }

    fn add(
        &mut self,
        at: usize,
        offer: &Offered,
        person: usize,
        stage: Stage,
        ending: Option<DemoEnding>,
        topics: &[&'static Topic],
    ) {
        let last = offer.outing.last_day();
        self.busy[person].push((offer.outing.day, last));
        let learn = offer.topic.map_or(GENERAL.learn, |t| topics[t].learn);
        let learn = if self.rng.percent(25) { GENERAL.learn } else { learn };
        let booked = match &ending {
            Some(ending) => ending.kind.went(),
            None => stage >= Stage::Agreed,
        };
        // On the day after an outing that ends late, nobody thinks before ten.
        let (reflection, talk) = (self.rng.between(1, 2), self.rng.between(4, 12));
        let placement = DemoPlacement {
            outing: at,
            person,
            stage_reached: stage,
            ending,
            want: (*self.rng.pick(learn)).to_owned(),
            job_link: (*self.rng.pick(JOB_LINK)).to_owned(),
            cover: self.cover(offer.outing.length),
            reflection: booked.then_some(Moment { day: last + reflection, minute: 600 }),
            return_talk: booked.then_some(Moment { day: last + talk, minute: 30 * self.rng.between(18, 31) }),
        };
        self.placements.push(placement);
    }

    fn cover(&mut self, length: Length) -> String {
        let long = matches!(length, Length::Days(days) if days > 10);
        (*self.rng.pick(if long { LONG_COVER } else { COVER })).to_owned()
    }
}

const JOB_LINK: &[&str] = &[
    "I decide about cases like these every week and have never met one.",
    "My team writes the letter that is talked about here.",
    "I plan the budget line behind this.",
    "I answer the phone when it has gone wrong.",
    "Not directly; I would like to know whether it should.",
    "I look after the software that asks these questions.",
];
const COVER: &[&str] = &[
    "The duty colleague takes my calls; nothing is due on that day.",
    "Two of us share the desk that week.",
    "I swap my Friday with a colleague.",
    "The Monday meeting is left out, nobody minds.",
];
const LONG_COVER: &[&str] = &[
    "A colleague from the pool for the whole time; handed over a week before.",
    "Half of my files go to the neighbouring team, the other half wait; the applicants have been told.",
];

const ENDINGS: &[(EndingKind, &[&str])] = &[
    (
        EndingKind::Changed,
        &[
            "What I saw stands in the new working rule; my manager signed it at the return talk.",
            "We stopped one thing and began another. Both are written down with a date.",
            "The owner of the question took two of our notes into the draft decision.",
            "The team tried it the week after and kept it.",
            "A small thing, but it is gone: nobody is asked for that paper any more.",
        ],
    ),
    (
        EndingKind::ChangedNothing,
        &[
            "What I saw was known already; the money for it comes in two years. I said so to the hosts.",
            "I learned a great deal about the quarter and nothing that my rule could answer.",
            "We wanted to change the form. The law asks for exactly this form. We know now where to write to.",
            "My team was reorganised the week I came back. The notes are with the new owner.",
            "It was a good morning and the service there works. Nothing needed changing.",
            "I had asked the wrong question. The next outing has a better one.",
        ],
    ),
    (
        EndingKind::CutShort,
        &[
            "A death in the house on the second day. We left and wrote a card.",
            "High water; the crew was needed and I was in the way.",
            "I was ill from the second day. The host kept my boots.",
            "So many people came with complaints that it became a surgery hour. The host and I ended it together.",
        ],
    ),
    (
        EndingKind::CancelledByPerson,
        &[
            "My child is ill this week. I would like to go in spring.",
            "I have changed departments; the place should go to somebody from the team.",
            "I noticed that I went for myself and not for the question.",
        ],
    ),
    (
        EndingKind::CancelledByManager,
        &[
            "Two colleagues are ill and the counter must stay open. A new date is set for next month.",
            "The cover fell through on Friday. I ask the host's pardon and offer three other days.",
            "Council questions fall on that day. It is my failing that I saw it late.",
        ],
    ),
    (
        EndingKind::CancelledByHost,
        &[
            "Three visits this month are enough for our team, however nice you are.",
            "The kitchen is closed because of a burst pipe.",
            "Our shift is short of people; a guest would be one too many.",
        ],
    ),
    (
        EndingKind::CancelledByResidents,
        &[
            "The residents' council asks for a pause until last spring's visit has been answered.",
            "There has been a fire in the street. This is not the week.",
            "Somebody had told the newspaper. That was not agreed.",
        ],
    ),
];
