//! From notes to sense: what is done on a challenge's board, and on how much an insight rests. Uses notes, outings,
//! places and consents by their ids. Promises that ten notes of one walk count as one outing, and ten sentences of one
//! resident as one voice.

pub mod likeness;

use std::collections::BTreeSet;

use crate::{
    id::{ConsentId, NoteId, OutingId, PlaceId, ThemeId, VersionId},
    text::Line,
    words,
};

words! {
    /// How sure those who write an insight are.
    Sure {
        /// It could be so.
        Hunch = "hunch",
        /// Most of what we know says so.
        Likely = "likely",
        /// Nothing that we know speaks against it.
        Firm = "firm",
    }
}

words! {
    /// On which side of an insight a note stands.
    Side {
        /// It speaks for it.
        For = "for",
        /// It speaks against it.
        Against = "against",
    }
}

words! {
    /// What was done on a board, for its history.
    Done {
        /// A theme was named for the first time.
        Named = "named",
        /// A theme got another name.
        Renamed = "renamed",
        /// A theme was moved among the others.
        Ordered = "ordered",
        /// A theme was dissolved; its notes are not placed any more.
        Dropped = "dropped",
        /// Notes were put into a theme, or taken out of one.
        Placed = "placed",
    }
}

/// The most notes that one act moves.
pub const NOTES_AT_ONCE: usize = 200;

/// What somebody does on a board. Each act has an id of its own, so that sending it twice does it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Gives a theme a name; the first name makes the theme. It says from which names it was made, so that one that came
    /// in meanwhile stays beside it.
    Name {
        /// The theme.
        theme: ThemeId,
        /// This wording of its name.
        wording: VersionId,
        /// The wordings it was made from, as they were seen.
        follows: Vec<VersionId>,
        /// The name.
        name: Line,
    },
    /// Puts a theme before another one, or at the end.
    Order {
        /// The theme.
        theme: ThemeId,
        /// The one that it shall stand before.
        before: Option<ThemeId>,
    },
    /// Dissolves a theme. It stays when it has a name meanwhile that was not seen.
    Drop {
        /// The theme.
        theme: ThemeId,
        /// The wordings of its name that were seen.
        seen: Vec<VersionId>,
    },
    /// Puts notes into a theme, or back among those that are not placed. The last one who does wins.
    Place {
        /// Which notes.
        notes: Vec<NoteId>,
        /// Where to.
        theme: Option<ThemeId>,
    },
}

impl Act {
    /// The theme it is about.
    pub const fn theme(&self) -> Option<ThemeId> {
        match self {
            Self::Name { theme, .. } | Self::Order { theme, .. } | Self::Drop { theme, .. } => Some(*theme),
            Self::Place { theme, .. } => *theme,
        }
    }
}

/// Where a note comes from, as far as it matters for what rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The outing on which it was noted.
    pub outing: OutingId,
    /// The neighbourhood.
    pub place: Option<PlaceId>,
    /// The consent of the resident it rests on; nothing when a colleague saw it.
    pub voice: Option<ConsentId>,
}

/// On how much something rests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Weight {
    /// Notes.
    pub notes: usize,
    /// Outings that were independent of each other.
    pub outings: usize,
    /// Neighbourhoods.
    pub places: usize,
    /// Residents, each once.
    pub voices: usize,
    /// Notes of what colleagues saw by themselves.
    pub own: usize,
}

/// Counts what notes rest on: each outing, place and voice once, however many notes it has.
pub fn weigh(grounds: impl IntoIterator<Item = Ground>) -> Weight {
    let (mut outings, mut places, mut voices) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut notes, mut own) = (0, 0);
    for ground in grounds {
        notes += 1;
        outings.insert(ground.outing);
        places.extend(ground.place);
        match ground.voice {
            Some(voice) => {
                voices.insert(voice);
            }
            None => own += 1,
        }
    }
    Weight { notes, outings: outings.len(), places: places.len(), voices: voices.len(), own }
}

#[cfg(test)]
#[path = "insight_tests.rs"]
mod tests;
