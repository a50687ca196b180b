//! Codes that people read out, write on paper and type in again: nine letters and digits, the last one a
//! check, such as `K7MW-4QXT-R`. A mistyped or swapped character is noticed before anything is looked up.
//!
//! The alphabet has no 0, 1, I, L, O, U, so that nothing is confused by eye or ear and no word is formed by
//! accident. The check is the weighted sum modulo the prime 29, which catches every single wrong character
//! and every swap of two (weights are distinct and non-zero modulo 29).

use std::{fmt, str::FromStr};

const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVWXY";
const BODY: usize = 8;

/// A code, kept without dashes and in capitals. About 2^38.9 of them: enough with a limit on tries.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Code(String);

/// Why something typed is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// Not nine letters and digits.
    #[error("a code has nine letters and digits, like K7MW-4QXT-R")]
    Length,
    /// A character that no code has.
    #[error("a code has no “{0}”")]
    Character(char),
    /// The check letter does not fit: something was mistyped.
    #[error("the last letter does not fit the others; look at the card again")]
    Check,
}

impl CodeProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Length => "code-length",
            Self::Character(_) => "code-character",
            Self::Check => "code-check",
        }
    }
}

fn digit(c: u8) -> Option<usize> {
    ALPHABET.iter().position(|a| *a == c)
}

fn check(body: &[usize]) -> u8 {
    let sum: usize = body.iter().enumerate().map(|(i, d)| (i + 2) * d).sum();
    ALPHABET[sum % ALPHABET.len()]
}

impl Code {
    /// Makes a code from eight random bytes (the caller brings the randomness).
    pub fn from_random(bytes: [u8; BODY]) -> Self {
        // 256 = 8*29 + 24: the slight bias costs less than 0.2 bits over the whole code.
        let body: Vec<usize> = bytes.iter().map(|b| usize::from(*b) % ALPHABET.len()).collect();
        let mut text: String = body.iter().map(|d| char::from(ALPHABET[*d])).collect();
        text.push(char::from(check(&body)));
        Self(text)
    }

    /// The nine characters as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As printed on a card: `K7MW-4QXT-R`.
    pub fn grouped(&self) -> String {
        let (a, rest) = self.0.split_at(4);
        let (b, c) = rest.split_at(4);
        format!("{a}-{b}-{c}")
    }
}

impl FromStr for Code {
    type Err = CodeProblem;

    fn from_str(typed: &str) -> Result<Self, CodeProblem> {
        let kept: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_'))
            .take(BODY + 2)
            .flat_map(char::to_uppercase)
            .collect();
        if let Some(odd) = kept.chars().find(|c| !c.is_ascii() || digit(*c as u8).is_none()) {
            return Err(CodeProblem::Character(odd));
        }
        let digits: Vec<usize> = kept.bytes().filter_map(digit).collect();
        match digits.as_slice() {
            [body @ .., last] if body.len() == BODY => {
                if ALPHABET[*last] == check(body) {
                    Ok(Self(kept))
                } else {
                    Err(CodeProblem::Check)
                }
            }
            _ => Err(CodeProblem::Length),
        }
    }
}

impl fmt::Debug for Code {
    // A code opens what a resident said; it does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_read_back_however_it_is_typed(bytes in any::<[u8; 8]>()) {
            let code = Code::from_random(bytes);
            prop_assert_eq!(code.grouped().to_lowercase().parse::<Code>(), Ok(code.clone()));
            prop_assert_eq!(format!(" {} ", code.as_str()).parse::<Code>(), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_noticed(bytes in any::<[u8; 8]>(), at in 0usize..9, by in 1usize..29) {
            let code = Code::from_random(bytes);
            let mut raw = code.as_str().as_bytes().to_vec();
            let was = digit(raw[at]).expect("from the alphabet");
            raw[at] = ALPHABET[(was + by) % 29];
            let typed = String::from_utf8(raw).expect("ascii");
            prop_assert_eq!(typed.parse::<Code>(), Err(CodeProblem::Check));
        }

        #[test]
        fn two_swapped_characters_are_noticed(bytes in any::<[u8; 8]>(), at in 0usize..7) {
            let code = Code::from_random(bytes);
            let mut raw = code.as_str().as_bytes().to_vec();
            prop_assume!(raw[at] != raw[at + 1]);
            raw.swap(at, at + 1);
            let typed = String::from_utf8(raw).expect("ascii");
            prop_assert_eq!(typed.parse::<Code>(), Err(CodeProblem::Check));
        }

        #[test]
        fn anything_typed_gets_an_answer(typed in any::<String>()) {
            let _ = typed.parse::<Code>();
        }
    }

    // The notebook on the phone makes codes too, and its tests read the same file.
    #[test]
    fn the_same_bytes_make_the_same_code_on_server_and_phone() {
        for line in include_str!("../tests/codes.txt").lines() {
            let (hex, code) = line.split_once(' ').expect("bytes and code");
            let bytes: Vec<u8> =
                (0..BODY).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex")).collect();
            let made = Code::from_random(bytes.try_into().expect("eight"));
            assert_eq!(made.grouped(), code);
        }
    }

    #[test]
    fn a_code_never_shows_in_a_log() {
        let code = Code::from_random([7; 8]);
        assert!(!format!("{code:?}").contains(code.as_str()));
    }
}
