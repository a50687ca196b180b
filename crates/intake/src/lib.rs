//! Freerange: intake.
