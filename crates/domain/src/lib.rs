//! Freerange: domain.
