//! Freerange: mail.
