//! What the store promises, told as stories, each on both databases. One file for each room, named like it.

mod backup;
mod durability;
mod editing;
mod exchange;
mod exchange_endings;
mod exchange_histories;
mod import;
mod invitation;
mod kept;
mod migration;
mod notebook;
mod outing;
mod overview;
mod passed;
mod placement;
mod policy;
mod round;
mod round_privacy;
mod safety;
mod session;
mod sight;
mod standing;
mod sweep;
mod visit;
mod whole_loop;
mod withdrawal;
