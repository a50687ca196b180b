//! Freerange: notebook.
