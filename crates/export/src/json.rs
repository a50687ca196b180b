//! JSON: the same fields as the structs, under a name and version that say what it is.

use serde::Serialize;

use crate::Collection;

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u8,
    /// What whoever holds a copy has to do.
    duty: &'a str,
    challenge: &'a Collection,
}

/// The notes as JSON. `duty` says what whoever holds a copy has to do.
pub fn json(all: &Collection, duty: &str) -> Vec<u8> {
    let file = File { format: "freerange-notes", version: 1, duty, challenge: all };
    // Plain texts and lists: there is nothing in it that JSON cannot say.
    serde_json::to_vec_pretty(&file).unwrap_or_default()
}
