//! Where to go: eight kinds of outing on one spine. What differs is data in a [`Template`]: who must agree,
//! which questions are asked, what preparation and what return. Weight follows risk: a two-hour walk has no
//! paperwork, a month in a neighbourhood has a residents' body that says yes.

mod template;

use jiff::Timestamp;

use crate::words;
pub use template::{Audience, TEMPLATES, Template, readers};

words! {
    /// The eight kinds.
    Kind {
        /// A standing allowance of half-days on the ground.
        FreeRangeDay = "free-range-day",
        /// Days to a month living in a neighbourhood.
        Immersion = "immersion",
        /// Half a day to five days beside somebody who serves.
        Shadowing = "shadowing",
        /// Residents invite.
        CommunityVisit = "community-visit",
        /// A course, studio or lab works on a challenge.
        UniversityProject = "university-project",
        /// Two to five days at another city that has been there before.
        LearningVisit = "learning-visit",
        /// Weeks to years in another organisation.
        Secondment = "secondment",
        /// Staff swap among several cities.
        ExchangeRing = "exchange-ring",
    }
}

words! {
    /// Somebody whose yes is needed.
    Party {
        /// The one who goes. Free choice, always.
        Person = "person",
        /// The line manager.
        Manager = "manager",
        /// The hosting group, team, family or organisation.
        Host = "host",
        /// Whoever invited the city. Inviting is their yes.
        Inviter = "inviter",
        /// The body that speaks for residents.
        ResidentsBody = "residents-body",
        /// The worker who is shadowed.
        Shadowed = "shadowed",
        /// The city's owner of the question.
        CityOwner = "city-owner",
        /// Faculty or course lead.
        Faculty = "faculty",
        /// Legal or ethics office.
        LegalEthics = "legal-ethics",
        /// The city that is visited.
        PeerCity = "peer-city",
        /// Human resources of the home organisation.
        HomeOrganisation = "home-organisation",
        /// Every other leg of an exchange ring.
        EveryLeg = "every-leg",
    }
}

words! {
    /// What residents said about pictures.
    Photos {
        /// None at all: the default.
        None = "none",
        /// Only after asking whoever is in it.
        Ask = "ask",
        /// Allowed.
        Yes = "yes",
    }
}

words! {
    /// What somebody needs to be able to come along, and finds there.
    Access {
        /// No steps on the way or there.
        StepFree = "step-free",
        /// A hearing loop, or quiet enough to follow a conversation.
        Hearing = "hearing",
        /// A toilet that everybody can use.
        Toilet = "toilet",
        /// Somewhere to sit, all the time.
        Seating = "seating",
        /// A part that can be joined from elsewhere.
        Remote = "remote",
        /// No night away from home.
        NoOvernight = "no-overnight",
    }
}

words! {
    /// What may be said in public, decided by those who are visited.
    Publicity {
        /// Nothing: the default.
        None = "none",
        /// Only afterwards.
        After = "after",
        /// Openly announced.
        Open = "open",
    }
}

words! {
    /// Which guests are welcome, decided by those who are visited.
    Guests {
        /// Whoever wants to come.
        Anyone = "anyone",
        /// People who decide.
        Decide = "decide",
        /// People who do the work.
        Do = "do",
    }
}

words! {
    /// Where an outing stands.
    Status {
        /// People can say "I want to go".
        Open = "open",
        /// Called off, with a reason.
        Cancelled = "cancelled",
    }
}

impl Party {
    /// Whether they receive guests: they can follow the visit and call it off.
    pub const fn hosts(self) -> bool {
        matches!(
            self,
            Self::Host | Self::Inviter | Self::ResidentsBody | Self::Faculty | Self::PeerCity | Self::EveryLeg
        )
    }

    /// Whether whoever offers the outing says who they are. The others are known: the person and their manager, the
    /// owner of the challenge, the inviter.
    pub const fn is_named(self) -> bool {
        !matches!(self, Self::Person | Self::Manager | Self::CityOwner | Self::Inviter)
    }
}

impl Kind {
    /// The template of this kind.
    pub fn template(self) -> &'static Template {
        // Position in ALL and in TEMPLATES agree (tested), so this finds it at once.
        TEMPLATES.iter().find(|t| t.kind == self).unwrap_or(&TEMPLATES[0])
    }
}

/// Why an outing's dates do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanProblem {
    /// It ends before it starts.
    #[error("it ends before it starts")]
    Backwards,
    /// Longer than its kind allows.
    #[error("longer than {0} days; choose another kind or shorten it")]
    TooLong(i64),
}

/// From when to when, in order and not longer than its kind allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    starts: Timestamp,
    ends: Timestamp,
}

impl Span {
    /// Checks order and length.
    pub fn new(kind: Kind, starts: Timestamp, ends: Timestamp) -> Result<Self, SpanProblem> {
        if ends <= starts {
            return Err(SpanProblem::Backwards);
        }
        let days = kind.template().longest_days;
        if ends.as_second() - starts.as_second() > days * 86_400 {
            return Err(SpanProblem::TooLong(days));
        }
        Ok(Self { starts, ends })
    }

    /// When it starts.
    pub const fn starts(self) -> Timestamp {
        self.starts
    }

    /// When it ends.
    pub const fn ends(self) -> Timestamp {
        self.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_template_in_the_same_order() {
        let kinds: Vec<Kind> = TEMPLATES.iter().map(|t| t.kind).collect();
        assert_eq!(kinds, Kind::ALL);
        for kind in Kind::ALL {
            assert_eq!(kind.template().kind, *kind);
        }
    }

    #[test]
    fn everybody_named_in_the_design_must_agree() {
        assert_eq!(Kind::Immersion.template().agrees, [Party::Manager, Party::Host, Party::ResidentsBody]);
        assert_eq!(Kind::Shadowing.template().agrees, [Party::Manager, Party::Host, Party::Shadowed]);
        assert_eq!(Kind::CommunityVisit.template().agrees, [Party::Manager, Party::Inviter]);
        assert!(Kind::CommunityVisit.template().by_invitation() && !Kind::Shadowing.template().by_invitation());
        assert!(Kind::UniversityProject.template().agrees.contains(&Party::CityOwner));
        assert!(Kind::FreeRangeDay.template().standing && Kind::CommunityVisit.template().standing);
        assert!(TEMPLATES.iter().all(|t| t.agrees.contains(&Party::Manager)), "nobody goes behind the manager's back");
    }

    #[test]
    fn every_question_says_who_reads_the_answer() {
        for question in TEMPLATES.iter().flat_map(|t| t.questions) {
            assert!(!readers(question).is_empty(), "{question}");
        }
        for private in ["access-needs", "overnight"] {
            assert_eq!(readers(private), [Audience::Organiser, Audience::Host], "not the manager");
        }
        assert!(readers("something new").is_empty());
    }

    #[test]
    fn whoever_is_away_for_more_than_a_day_says_who_covers() {
        for template in TEMPLATES {
            assert_eq!(template.questions.contains(&"cover"), template.longest_days > 1, "{}", template.kind);
        }
    }

    #[test]
    fn the_kinds_that_go_far_have_questions_of_their_own() {
        for kind in [Kind::LearningVisit, Kind::Secondment, Kind::ExchangeRing] {
            let others = TEMPLATES.iter().filter(|t| t.kind != kind).flat_map(|t| t.questions);
            let others: Vec<&&str> = others.collect();
            assert!(kind.template().questions.iter().any(|q| !others.contains(&q)), "{kind}");
        }
    }

    #[test]
    fn only_what_needed_no_preparation_closes_with_two_lines() {
        for template in TEMPLATES.iter().filter(|t| t.closes_on_return) {
            assert!(template.standing && !template.hosted && template.preparation.len() <= 1, "{}", template.kind);
        }
        assert!(Kind::FreeRangeDay.template().closes_on_return);
    }

    #[test]
    fn every_kind_but_the_free_range_day_serves_a_challenge() {
        for template in TEMPLATES {
            assert_eq!(template.needs_challenge, template.kind != Kind::FreeRangeDay);
        }
    }

    #[test]
    fn an_outing_ends_after_it_starts_and_within_its_kind() {
        let at = |s| Timestamp::from_second(s).expect("in range");
        assert_eq!(Span::new(Kind::Shadowing, at(100), at(100)), Err(SpanProblem::Backwards));
        assert_eq!(Span::new(Kind::CommunityVisit, at(0), at(86_401)), Err(SpanProblem::TooLong(1)));
        assert!(Span::new(Kind::Immersion, at(0), at(30 * 86_400)).is_ok());
    }
}
