//! Real data on the way in: staff lists, boundaries and notes of form tools, read whole and checked whole. Bytes in; rows out, or
//! every error with its line, column and reason. It knows no database and nothing of the rest of the house.

mod drawing;
mod error;
pub mod notes;
pub mod people;
pub mod places;
mod problem;
pub mod shape;
mod sheet;
mod text;

pub use crate::{
    error::{RowError, TOLD},
    problem::Problem,
};
