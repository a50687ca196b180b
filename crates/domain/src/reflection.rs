//! What it means: questions for thinking, private first, shared by choice.

use crate::words;

words! {
    /// The four moments of thinking.
    Kind {
        /// Two minutes on the evening out.
        Evening = "evening",
        /// Within two days of coming back.
        Debrief = "debrief",
        /// Whom did we not meet?
        Bias = "bias",
        /// With the manager.
        ReturnTalk = "return-talk",
    }
}

impl Kind {
    /// The questions, as keys of the language files, in order.
    pub const fn questions(self) -> &'static [&'static str] {
        match self {
            Self::Evening => &["expected", "saw-heard", "struck", "not-understood"],
            Self::Debrief => &["what-happened", "meant-gap", "so-what", "now-what", "stop"],
            Self::Bias => &["near-far", "who-chose", "who-missing", "not-asked", "trade-blind"],
            Self::ReturnTalk => &["rule-blind", "two-weeks", "need-from-manager", "make-room", "who-hears"],
        }
    }
}
