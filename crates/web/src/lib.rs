//! Freerange: web.
