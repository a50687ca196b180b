//! Where: a city, its districts, their neighbourhoods. Places are areas; a point is kept only where the
//! author of a note marks one.

use crate::words;

words! {
    /// How large a place is. Each lies in one of the level above.
    Level {
        /// The whole city.
        City = "city",
        /// A district (gu, wijk, distrito).
        District = "district",
        /// A neighbourhood (dong, buurt, barrio): where outings go.
        Neighbourhood = "neighbourhood",
    }
}

impl Level {
    /// The level that a place of this level lies in.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::City => None,
            Self::District => Some(Self::City),
            Self::Neighbourhood => Some(Self::District),
        }
    }
}
