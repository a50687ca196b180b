//! Freerange: media.
