//! The sync protocol that the phone notebook and the server share: what one says to the other, and how two edits of one
//! thing are told apart from one edit after the other. It knows no SQL, no HTTP and no phone.
//!
//! The phone keeps everything it captures as *records*, each with an id of its own made on the phone, until the server has
//! said what became of it. A record is never changed; an edit is a new record that names the versions it follows. So a
//! record may be sent any number of times, in any order, from several phones, and the server ends in the same state. What
//! the server answers `kept` or `known` is on its disk. What it answers `waits` rests on another record that has not arrived
//! yet: the phone keeps it and sends it again. Only `refused` is final, with the reason, and the phone shows it to its owner.
//!
//! Down to the phone flows a feed of the person's own things, numbered without gaps by the server. The phone names the last
//! number it has stored; the answer holds what changed after it, as it is now. What was taken back arrives as an id in `gone`.

mod keys;
mod pack;
pub mod version;
mod wire;

pub use keys::*;
pub use pack::*;
pub use version::heads;
pub use wire::*;

/// The version of this protocol. A phone that speaks an older one still syncs what it has; one that speaks a newer one is
/// told to wait until the server is new enough.
pub const PROTOCOL: u32 = 1;

/// The most records in one batch.
pub const RECORDS_AT_ONCE: usize = 100;

/// The most things in one answer.
pub const THINGS_AT_ONCE: i64 = 200;

/// The longest sealed diary entry, in bytes before base64.
pub const SEALED_BYTES: usize = 64 * 1024;
