//! Freerange: allocate.
