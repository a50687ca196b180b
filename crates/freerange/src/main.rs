//! Freerange: the program.
fn main() {}
