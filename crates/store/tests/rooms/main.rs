//! What the store promises, told as stories, each on both databases. One file for each room, named like it.

mod backup;
mod durability;
mod editing;
mod import;
mod outing;
mod overview;
mod placement;
mod policy;
mod session;
mod standing;
mod sweep;
mod whole_loop;
mod withdrawal;
