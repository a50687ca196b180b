//! Access needs as they are stored: a list of words, always in the same order, so that one pattern finds several.

use freerange_domain::outing::Access;

use crate::{Result, StoreError, db::Row};

fn corrupt(e: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(e.to_string())
}

fn in_order(access: &[Access]) -> impl Iterator<Item = &'static Access> + '_ {
    Access::ALL.iter().filter(|a| access.contains(a))
}

pub(super) fn read(r: &Row) -> Result<Vec<Access>> {
    serde_json::from_str(&r.get::<String>("access")?).map_err(corrupt)
}

pub(super) fn written(access: &[Access]) -> Result<String> {
    serde_json::to_string(&in_order(access).collect::<Vec<_>>()).map_err(corrupt)
}

/// A `LIKE` pattern for lists that have all of these; empty when none is asked for.
pub(super) fn pattern(access: &[Access]) -> String {
    let words: Vec<String> = in_order(access).map(|a| format!("\"{a}\"")).collect();
    if words.is_empty() { String::new() } else { format!("%{}%", words.join("%")) }
}
