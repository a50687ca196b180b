//! Freerange: demo.
pub mod map;
mod names;
pub mod people;
mod rng;
