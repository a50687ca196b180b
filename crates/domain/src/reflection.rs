//! What it means: questions for thinking, private first, shared by choice. Which of them are asked follows from the
//! template of the outing.

use crate::{outing::Template, placement::Stage, words};

words! {
    /// The moments of thinking.
    Kind {
        /// Two minutes on the evening out.
        Evening = "evening",
        /// A letter home from somewhere else, once a week.
        LettersHome = "letters-home",
        /// Within two days of coming back.
        Debrief = "debrief",
        /// Whom did we not meet?
        Bias = "bias",
        /// What of theirs we keep, adapt and leave behind.
        KeepAdaptLeave = "keep-adapt-leave",
        /// The report has reached whoever decides.
        ReportReceived = "report-received",
        /// With the manager.
        ReturnTalk = "return-talk",
    }
}

impl Kind {
    /// The questions, as keys of the language files, in order.
    pub const fn questions(self) -> &'static [&'static str] {
        match self {
            Self::Evening => &["expected", "saw-heard", "struck", "not-understood"],
            Self::LettersHome => &["they-do", "we-do", "question-home", "connect"],
            Self::Debrief => &["what-happened", "meant-gap", "so-what", "now-what", "stop"],
            Self::Bias => &["near-far", "who-chose", "who-missing", "not-asked", "trade-blind"],
            Self::KeepAdaptLeave => &["differs", "keep", "adapt", "leave", "owed"],
            Self::ReportReceived => &["report-says", "report-owner", "report-decides", "report-left-out"],
            Self::ReturnTalk => &["rule-blind", "two-weeks", "need-from-manager", "make-room", "who-hears"],
        }
    }

    /// At which point of the spine it is asked.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Evening | Self::LettersHome => Stage::Out,
            Self::Debrief | Self::Bias | Self::KeepAdaptLeave => Stage::Debriefing,
            Self::ReportReceived | Self::ReturnTalk => Stage::Embedding,
        }
    }

    /// What an outing of this template asks, in the template's order.
    pub fn asked_by(template: &Template) -> Vec<Self> {
        template.returning.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// Every question of every kind.
    pub fn all_questions() -> Vec<&'static str> {
        Self::ALL.iter().flat_map(|kind| kind.questions()).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outing::{Kind as Outing, TEMPLATES};

    #[test]
    fn every_moment_of_thinking_is_asked_by_some_kind_of_outing() {
        for kind in Kind::ALL {
            assert!(TEMPLATES.iter().any(|t| Kind::asked_by(t).contains(kind)), "{kind}");
        }
    }

    #[test]
    fn a_walk_asks_nothing_but_two_lines_and_a_secondment_asks_for_letters() {
        assert_eq!(Kind::asked_by(Outing::FreeRangeDay.template()), []);
        let away = Kind::asked_by(Outing::Secondment.template());
        assert!(away.contains(&Kind::LettersHome) && away.contains(&Kind::KeepAdaptLeave));
        assert!(Kind::asked_by(Outing::UniversityProject.template()).contains(&Kind::ReportReceived));
    }

    #[test]
    fn no_question_stands_in_two_moments() {
        let mut all = Kind::all_questions();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
