//! What the groups ask of whoever fixes seats. May use nothing; promises nothing but names.

/// What the fixed seats leave of one outing.
#[derive(Clone, Copy)]
pub(in crate::round) struct Room {
    pub(in crate::round) min: u32,
    pub(in crate::round) max: u32,
}

/// What fixed seats leave of a round.
pub(in crate::round) trait Left {
    /// Whether this person may still take this pair.
    fn open(&self, person: u32, pair: u32) -> bool;
    /// Seats an outing still lacks and still has.
    fn room(&self, outing: usize) -> Room;
    /// Places left in a row.
    fn places(&self, row: usize) -> u32;
    /// Seats a person has.
    fn had(&self, person: usize) -> u8;
    /// Points of the fixed seats.
    fn points(&self) -> i64;
}
