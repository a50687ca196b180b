//! Acknowledged means on disk: the real server is killed, and runs out of room, on both databases.

mod full_disk;
mod killed;
mod running;
