//! What Freerange knows to be true, whoever asks and wherever it is stored: values, ids, rules and the
//! state machines of the loop. It knows no I/O, no SQL, no HTTP and no clock: the moment is an argument.
//!
//! One module for each room of the house, in the order of the loop. A room may use rooms before it.

pub mod code;
pub mod id;
pub mod language;
pub mod text;
pub mod time;

pub mod people;
pub mod place;

pub mod community;

pub mod challenge;
pub mod outing;
pub mod placement;
pub mod round;
pub mod safety;

pub mod exchange;

pub mod consent;
pub mod note;
pub mod notebook;
pub mod reflection;
pub mod returning;
pub mod upload;

pub mod circle;
pub mod insight;

pub mod change;
pub mod practice;

pub mod overview;

pub mod figures;

/// Declares a closed set of words that are stored, sent and translated under the same spelling.
///
/// Each gets `ALL`, `as_str`, `Display` and `FromStr`; an unknown word is an [`Unknown`] error that names it.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order people expect to read them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word under which it is stored, sent and translated.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Unknown;
            fn from_str(word: &str) -> Result<Self, crate::Unknown> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err(crate::Unknown { what: stringify!($name), word: other.chars().take(40).collect() }),
                }
            }
        }
    };
}
pub(crate) use words;

/// A word that is not in the closed set it was read for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{word}” is not a {what}")]
pub struct Unknown {
    /// The set, by its Rust name.
    pub what: &'static str,
    /// What was read, shortened.
    pub word: String,
}
