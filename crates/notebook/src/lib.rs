//! The phone notebook and the sync protocol it shares with the web. Today it holds what both sides already
//! agree on: a note's id is made on the phone, and sending a note twice keeps it once.

/// The most pictures a note carries.
pub const PICTURES_PER_NOTE: usize = 1;
