//! Freerange: store.
