//! Texts that people write, checked once at the door. A [`Line`] is a title or name, [`Prose`] is a longer
//! text, a [`Reason`] is the sentence that every refusal and every ending owes to somebody.

use std::fmt;

/// Why a text was not accepted. The word from [`TextProblem::as_str`] is translated for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Nothing, or only white space.
    #[error("is empty; write something")]
    Empty,
    /// More than the limit, in characters.
    #[error("is longer than {0} characters; shorten it")]
    TooLong(usize),
    /// Fewer characters than make sense.
    #[error("is too short; say it in a sentence")]
    TooShort,
    /// Characters that no keyboard writes.
    #[error("contains a control character; remove it")]
    Control,
}

impl TextProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too-long",
            Self::TooShort => "too-short",
            Self::Control => "control",
        }
    }
}

fn checked(raw: &str, min: usize, max: usize, lines: bool) -> Result<String, TextProblem> {
    let text = raw.trim().replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && !(lines && (c == '\n' || c == '\t'))) {
        return Err(TextProblem::Control);
    }
    match text.chars().count() {
        0 => Err(TextProblem::Empty),
        n if n < min => Err(TextProblem::TooShort),
        n if n > max => Err(TextProblem::TooLong(max)),
        _ => Ok(text),
    }
}

macro_rules! text {
    ($(#[$meta:meta])* $name:ident, $min:expr, $max:expr, $lines:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX: usize = $max;
            /// Trims, checks length and characters.
            pub fn parse(raw: &str) -> Result<Self, TextProblem> {
                checked(raw, $min, $max, $lines).map(Self)
            }
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
            /// The text, owned.
            pub fn into_string(self) -> String { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    };
}

text!(
    /// One line of 1 to 160 characters: a title, a name.
    Line, 1, 160, false
);
text!(
    /// Where somebody goes, or with whom: one line of 2 to 200 characters.
    Area, 2, 200, false
);
text!(
    /// Up to 8,000 characters, line breaks allowed.
    Prose, 1, 8_000, true
);
text!(
    /// Why. At least three characters, so that "-" is not an answer; at most 2,000.
    Reason, 3, 2_000, true
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reason_is_more_than_a_dash() {
        assert_eq!(Reason::parse(" - "), Err(TextProblem::TooShort));
        assert_eq!(Reason::parse("  \n "), Err(TextProblem::Empty));
        assert!(Reason::parse("휴가").is_err());
        assert!(Reason::parse("휴가 중입니다").is_ok());
    }

    #[test]
    fn a_line_has_no_line_break_and_prose_has() {
        assert_eq!(Line::parse("a\nb"), Err(TextProblem::Control));
        assert!(Prose::parse("a\r\nb").is_ok_and(|p| p.as_str() == "a\nb"));
        assert_eq!(Prose::parse("a\u{0}b"), Err(TextProblem::Control));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_trimmed_and_within_the_limit(raw in any::<String>()) {
            if let Ok(line) = Line::parse(&raw) {
                prop_assert!(line.as_str().chars().count() <= Line::MAX);
                prop_assert_eq!(line.as_str().trim(), line.as_str());
                prop_assert_eq!(Line::parse(line.as_str()), Ok(line.clone()));
            }
        }
    }
}
