//! Matching on files: who goes on which outing (`round`), and who swaps with which city (`exchange`).
//!
//! This crate knows nothing of the rest of Freerange: files in, files out, standard library only. It reads no clock and
//! draws no randomness of its own: the caller hands both in. What it promises: every solution it returns keeps every
//! rule, every bound it returns is a proof in whole numbers, and `verify` can re-check both without the solver's code.

mod claim;
pub mod exchange;
mod file;
mod json;
mod limits;
mod linear;
mod number;
mod random;
mod recheck;
pub mod round;

pub use claim::{Claim, Verdict};
pub use file::FileError;
pub use limits::{Limits, Phase, Progress};

/// Version of the certificate layout and of the method behind it. A given version, seed and number of iterations gives
/// the same answer on every machine.
pub const VERSION: i64 = 4;

/// Prices are whole numbers of this fraction of a point: 1024 means 1/1024 point.
pub const PRICE_UNIT: i64 = 1024;
