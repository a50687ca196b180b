//! Linear programs of a few thousand rows, solved again and again while bounds, rows and columns change. May use nothing but
//! numbers; promises nothing that a proof would rest on: whoever uses the prices checks what they prove in whole numbers.

mod factor;
mod ratio;
mod simplex;

pub(crate) use simplex::{Basis, End, Sense, Simplex};

#[cfg(test)]
mod tests;
