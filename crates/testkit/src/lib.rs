//! What tests are built with: a house on each of both databases, a clock that the test moves, a small city and
//! builders for everything the loop knows. For tests only, so it panics where a program would answer.
//! It promises that a test leaves nothing behind, and that no test depends on the day on which it runs.

mod build;
mod city;
mod clock;
mod database;
mod grown;
mod house;
mod letters;
mod phone;
mod sight;
mod steps;

pub use build::{
    answers, challenge, commitment, draft, invite, line, outing, picture, prose, reason, said, telling, trial, uses,
};
pub use city::{City, FRAME, PASSWORD, city, neighbourhood, person, sign_in_as, staff};
pub use clock::{Clock, START, zone};
pub use house::{House, both, both_grown, on_server};
pub use letters::{Letters, token_in};
pub use phone::Phone;
pub use sight::Cell;
