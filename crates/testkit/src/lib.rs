//! Freerange: testkit.
