//! What differs between the eight kinds, as data: who must agree, what is asked and who reads the answers, what preparation
//! and what return. May use the words of its room.

use super::{Kind, Party};
use crate::words;

/// How an outing's kind shapes its way along the spine. Texts are keys of the language files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The kind.
    pub kind: Kind,
    /// Who must agree beside the person (who agrees by wishing).
    pub agrees: &'static [Party],
    /// Whether a manager's standing yes counts, so that no trip needs an approval of its own.
    pub standing: bool,
    /// Whether it must serve a challenge.
    pub needs_challenge: bool,
    /// Whether somebody hosts.
    pub hosted: bool,
    /// Questions answered when wishing.
    pub questions: &'static [&'static str],
    /// What is prepared before leaving.
    pub preparation: &'static [&'static str],
    /// What is asked on return.
    pub returning: &'static [&'static str],
    /// Longest duration in days.
    pub longest_days: i64,
    /// Whether two lines on coming back are all: what one saw, and what changes or why nothing does.
    pub closes_on_return: bool,
}

words! {
    /// Who reads an answer beside the one who wrote it.
    Audience {
        /// The line manager.
        Manager = "manager",
        /// Whoever organises the outing.
        Organiser = "organiser",
        /// The host.
        Host = "host",
        /// Everybody else who must agree.
        Parties = "parties",
    }
}

const ALL_WHO_AGREE: &[Audience] = &[Audience::Manager, Audience::Organiser, Audience::Host, Audience::Parties];

/// Every question of a template, and who reads the answer. What somebody needs for body and home is for those who make
/// it possible, not for the boss.
const READERS: &[(&str, &[Audience])] = &[
    ("theme", &[Audience::Manager, Audience::Organiser]),
    ("learn", ALL_WHO_AGREE),
    ("job-link", ALL_WHO_AGREE),
    ("observe-or-help", ALL_WHO_AGREE),
    ("access-needs", &[Audience::Organiser, Audience::Host]),
    ("overnight", &[Audience::Organiser, Audience::Host]),
    ("data-shared", ALL_WHO_AGREE),
    ("term-dates", ALL_WHO_AGREE),
    ("who-receives", ALL_WHO_AGREE),
    ("tried-before", ALL_WHO_AGREE),
    ("cover", &[Audience::Manager, Audience::Organiser]),
    ("bring-home", ALL_WHO_AGREE),
    ("ask-host", ALL_WHO_AGREE),
    ("decision-asked", ALL_WHO_AGREE),
    ("gains", ALL_WHO_AGREE),
    ("skills", ALL_WHO_AGREE),
    ("return-post", &[Audience::Manager, Audience::Organiser]),
    ("stay-in-touch", ALL_WHO_AGREE),
    ("brings", ALL_WHO_AGREE),
    ("conditions", &[Audience::Manager, Audience::Organiser]),
];

/// Who reads the answer to a question; of one that is not known, nobody but the one who wrote it.
pub fn readers(question: &str) -> &'static [Audience] {
    READERS.iter().find(|(key, _)| *key == question).map_or(&[], |(_, who)| who)
}

const WALK: &[&str] = &["theme"];
const VISIT: &[&str] = &["learn", "job-link"];
const BESIDE: &[&str] = &["learn", "job-link", "observe-or-help", "cover", "access-needs"];
const LIVING: &[&str] = &["learn", "job-link", "overnight", "cover", "access-needs"];
const STUDIO: &[&str] = &["learn", "job-link", "data-shared", "term-dates", "who-receives", "cover"];
const PEER: &[&str] = &["learn", "job-link", "tried-before", "ask-host", "decision-asked", "cover", "bring-home"];
const POSTED: &[&str] = &["learn", "job-link", "gains", "skills", "return-post", "cover", "stay-in-touch"];
const SWAPPED: &[&str] = &["learn", "job-link", "brings", "conditions", "cover", "bring-home"];

/// All eight, in the order of [`Kind::ALL`].
pub const TEMPLATES: &[Template] = &[
    Template {
        kind: Kind::FreeRangeDay,
        agrees: &[Party::Manager],
        standing: true,
        needs_challenge: false,
        hosted: false,
        questions: WALK,
        preparation: &["tell-buddy"],
        returning: &["two-minutes"],
        longest_days: 1,
        closes_on_return: true,
    },
    Template {
        kind: Kind::Immersion,
        agrees: &[Party::Manager, Party::Host, Party::ResidentsBody],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: LIVING,
        preparation: &["briefing", "safety", "residents-told", "cover", "someone-to-talk-to"],
        returning: &["evening", "debrief", "bias", "return-talk", "tell-back"],
        longest_days: 31,
        closes_on_return: false,
    },
    Template {
        kind: Kind::Shadowing,
        agrees: &[Party::Manager, Party::Host, Party::Shadowed],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: BESIDE,
        preparation: &["not-an-inspection", "confidentiality", "induction", "cover"],
        returning: &["evening", "debrief", "return-talk", "tell-back"],
        longest_days: 5,
        closes_on_return: false,
    },
    Template {
        kind: Kind::CommunityVisit,
        agrees: &[Party::Manager, Party::Inviter],
        standing: true,
        needs_challenge: true,
        hosted: true,
        questions: VISIT,
        preparation: &["read-invitation", "consent-cards", "safety"],
        returning: &["evening", "debrief", "return-talk", "tell-back"],
        longest_days: 1,
        closes_on_return: false,
    },
    Template {
        kind: Kind::UniversityProject,
        agrees: &[Party::Manager, Party::CityOwner, Party::Faculty, Party::LegalEthics],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: STUDIO,
        preparation: &["scope", "ethics", "data", "residents-paid"],
        returning: &["debrief", "return-talk", "report-received", "tell-back"],
        longest_days: 366,
        closes_on_return: false,
    },
    Template {
        kind: Kind::LearningVisit,
        agrees: &[Party::Manager, Party::PeerCity],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: PEER,
        preparation: &["what-we-tried", "delegation", "what-differs", "travel", "cover"],
        returning: &["evening", "debrief", "keep-adapt-leave", "return-talk", "tell-back"],
        longest_days: 10,
        closes_on_return: false,
    },
    Template {
        kind: Kind::Secondment,
        agrees: &[Party::Manager, Party::HomeOrganisation, Party::Host],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: POSTED,
        preparation: &["agreement", "return-post", "insurance", "cover", "contact-while-away"],
        returning: &["letters-home", "debrief", "keep-adapt-leave", "return-talk", "tell-back"],
        longest_days: 1_100,
        closes_on_return: false,
    },
    Template {
        kind: Kind::ExchangeRing,
        agrees: &[Party::Manager, Party::HomeOrganisation, Party::EveryLeg],
        standing: false,
        needs_challenge: true,
        hosted: true,
        questions: SWAPPED,
        preparation: &["agreement", "return-post", "insurance", "cover", "contact-while-away"],
        returning: &["letters-home", "debrief", "keep-adapt-leave", "return-talk", "tell-back"],
        longest_days: 366,
        closes_on_return: false,
    },
];

impl Template {
    /// Whether it comes from an invitation and from nothing else.
    pub fn by_invitation(&self) -> bool {
        self.agrees.contains(&Party::Inviter)
    }

    /// The questions that cannot be left out: what one wants to learn, and, where one is away for long, who covers.
    pub fn must_answer(&self) -> impl Iterator<Item = &'static str> {
        self.questions.iter().copied().filter(|q| matches!(*q, "learn" | "cover"))
    }

    /// Every question of every kind, once.
    pub fn all_questions() -> Vec<&'static str> {
        let mut all: Vec<&str> = Vec::new();
        for question in TEMPLATES.iter().flat_map(|t| t.questions) {
            if !all.contains(question) {
                all.push(question);
            }
        }
        all
    }
}
