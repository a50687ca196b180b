//! Why a picture or sound is not kept: a sentence for logs and command lines, a word for translations.

use crate::Kind;

/// Why a picture or sound is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not JPEG, PNG or WebP, whatever its name says.
    #[error("this is {0}; only JPEG, PNG or WebP pictures can be kept, so send it as one of these")]
    Type(Kind),
    /// Too many bytes. Nothing was read.
    #[error("the file has more than {0} bytes; make the picture smaller")]
    TooLarge(usize),
    /// Too many pixels, as its header says. Nothing was decoded.
    #[error("the picture has more than {0} pixels; make it smaller")]
    TooManyPixels(u64),
    /// It cannot be decoded, or its end is missing.
    #[error("the picture is damaged or cut off; take it again or send another")]
    Broken,
    /// Not a WAV file of 16-bit PCM, with one or two channels and 8 to 48 kHz.
    #[error("only sounds as WAV (PCM, 16 bit, one or two channels, 8 to 48 kHz) can be kept")]
    SoundType,
    /// Too many bytes. Nothing was read.
    #[error("the sound has more than {0} bytes")]
    SoundTooLarge(usize),
    /// Too long.
    #[error("the sound is longer than {0} seconds")]
    TooLong(u32),
    /// No samples in it, or its end is missing.
    #[error("the sound is empty, damaged or cut off; record it again")]
    Silent,
}

impl Refusal {
    /// A word for translations.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Type(_) => "picture-type",
            Self::TooLarge(_) => "picture-too-large",
            Self::TooManyPixels(_) => "picture-too-many-pixels",
            Self::Broken => "picture-broken",
            Self::SoundType => "sound-type",
            Self::SoundTooLarge(_) => "upload-too-big",
            Self::TooLong(_) => "sound-too-long",
            Self::Silent => "sound-broken",
        }
    }
}
