//! Freerange: demo.
