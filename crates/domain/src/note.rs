//! What was seen or heard, apart from what one makes of it.

use crate::words;

words! {
    /// What kind of note.
    Kind {
        /// Something observed.
        Saw = "saw",
        /// Something somebody said; a quote rests on a consent.
        Said = "said",
        /// A question that came up.
        Wonder = "wonder",
    }
}

/// Why a note cannot be kept as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteProblem {
    /// A quote without a consent that allows quoting.
    #[error("words of a resident need a consent that allows quoting")]
    QuoteWithoutConsent,
    /// A picture without a consent that allows pictures, or where residents said none.
    #[error("a picture needs a consent that allows pictures, and an outing that allows them")]
    PictureWithoutConsent,
    /// A voice without a consent that allows quoting.
    #[error("a voice needs a consent that allows quoting")]
    SoundWithoutConsent,
    /// A consent on which nothing may be used.
    #[error("on this card nothing may be used; leave it out, or ask again")]
    UseNotAllowed,
    /// The consent was taken back.
    #[error("this consent was taken back")]
    ConsentWithdrawn,
}

impl NoteProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QuoteWithoutConsent => "quote-without-consent",
            Self::PictureWithoutConsent => "picture-without-consent",
            Self::SoundWithoutConsent => "sound-without-consent",
            Self::UseNotAllowed => "use-not-allowed",
            Self::ConsentWithdrawn => "consent-withdrawn",
        }
    }
}
