//! `/notebook/keys`: the key of the diary, as the server keeps it. The phone makes the key and seals the diary with it. The
//! server has it only wrapped, once for each way its owner has to open it, and nothing with which one could be unwrapped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By what a wrapped key is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeySort {
    /// Words that its owner knows.
    Passphrase,
    /// A passkey that can derive secrets.
    Passkey,
    /// A code printed for a bad day.
    Recovery,
}

impl KeySort {
    /// The word, as it is sent and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Passkey => "passkey",
            Self::Recovery => "recovery",
        }
    }
}

/// `PUT /notebook/keys/{id}`: one way to open the diary. The same again changes nothing; the same id with another content is
/// refused, since the diary might then open no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPut {
    /// By what it is opened.
    pub sort: KeySort,
    /// What goes into the derivation beside the secret, in base64.
    pub salt: String,
    /// The key, wrapped, in base64.
    pub wrapped: String,
    /// Of a passkey: which, in base64.
    #[serde(default)]
    pub credential: Option<String>,
}

/// One way to open the diary, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyKept {
    /// Made on the phone.
    pub id: Uuid,
    /// By what it is opened.
    pub sort: KeySort,
    /// What goes into the derivation beside the secret, in base64.
    pub salt: String,
    /// The key, wrapped, in base64.
    pub wrapped: String,
    /// Of a passkey: which, in base64.
    pub credential: Option<String>,
    /// When it was kept, in microseconds since 1970.
    pub made: i64,
}

/// `GET /notebook/keys`: every way its owner has to open the diary, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Keys {
    /// The ways.
    pub keys: Vec<KeyKept>,
}
