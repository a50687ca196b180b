//! Freerange: i18n.
