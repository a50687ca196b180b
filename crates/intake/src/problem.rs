//! Everything that can be wrong with a file, each with the sentence that says so and what to do.
//! The sentences follow the spot: “line 4, email “jo”: is not an e-mail address; ...”.

use std::fmt;

/// What is wrong, and what to do about it (its `Display`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// More bytes than are read, in megabytes.
    FileTooLarge(usize),
    /// Nothing in it.
    FileEmpty,
    /// UTF-16, as some spreadsheets save “Unicode text”.
    Utf16,
    /// Not UTF-8.
    NotUtf8,
    /// More errors than are told.
    More(usize),

    /// A staff list with a header only.
    NoPeople,
    /// More rows than are read.
    TooManyRows(usize),
    /// A column that must be there is not; with those that are.
    MissingColumn {
        /// The name it should have.
        name: &'static str,
        /// The columns of the file.
        there: String,
    },
    /// Two columns mean the same; with their names.
    DoubleColumn(String),
    /// A row with more or fewer cells than the header.
    WrongWidth {
        /// Cells of this row.
        cells: usize,
        /// Cells of the header.
        columns: usize,
    },
    /// A quotation mark that is never closed.
    OpenQuote,
    /// A cell that must be filled is empty.
    Required,
    /// More characters than the limit.
    TooLong(usize),
    /// Control characters, or marks that turn the reading direction around.
    Control,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a language code.
    NotALanguage,
    /// More languages than the limit.
    TooManyLanguages(usize),
    /// A team path without parts, or with more than the limit.
    TeamDepth(usize),
    /// The number stands in an earlier line too.
    SameId {
        /// That line.
        first: u64,
    },
    /// The address stands in an earlier line too.
    SameEmail {
        /// That line.
        first: u64,
    },
    /// The manager is nobody in the file.
    UnknownManager,
    /// A person is their own manager.
    OwnManager,
    /// Managers in a circle: their addresses, the first again at the end.
    ManagerCircle(Vec<String>),

    /// A file of notes with a header only.
    NoNotes,
    /// None of the kinds of notes.
    NotAKind,
    /// Somebody's words without the code of their consent.
    SaidWithoutConsent,
    /// Not a day, or one that reads differently in different countries.
    NotADay,
    /// The same note stands in an earlier line too.
    SameNote {
        /// That line.
        first: u64,
    },

    /// Not JSON.
    NotJson {
        /// Column in the line, from 1.
        column: usize,
        /// What the reader says.
        why: String,
    },
    /// Lists within lists, deeper than boundaries ever are.
    TooDeep,
    /// Not a `FeatureCollection`; with what it is.
    NotACollection(String),
    /// A collection without features.
    NoFeatures,
    /// A coordinate system other than WGS84.
    OtherSystem(String),
    /// A member of the list that is not a feature.
    NotAFeature,
    /// The property is not there or is no text; with those that are.
    MissingProperty(String),
    /// A code shorter than the part that names what the place lies in.
    ShortCode(usize),
    /// The code stands in an earlier feature too.
    SameCode {
        /// That feature, from 1.
        first: u64,
    },
    /// Neither city nor district nor neighbourhood.
    NotALevel,
    /// A larger place has another name in an earlier feature.
    OtherName {
        /// That feature, from 1.
        first: u64,
        /// The name there.
        name: String,
    },
    /// A larger place lies in another one in an earlier feature.
    OtherParent {
        /// That feature, from 1.
        first: u64,
        /// The code of what it lies in there.
        parent: String,
    },
    /// A geometry that is no area; with its kind.
    NotAnArea(String),
    /// Not a list of rings, or an empty one.
    NoRings,
    /// Not a list of points.
    NotARing,
    /// Fewer than four points.
    ShortRing(usize),
    /// The last point is not the first.
    OpenRing,
    /// Not a longitude and a latitude.
    NotAPoint,
    /// Latitude first.
    Swapped,
    /// Not degrees; with the system it looks like.
    Projected(&'static str),
    /// Degrees that do not exist.
    OffTheGlobe,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sentence) = self.plain() {
            return f.write_str(sentence);
        }
        match self {
            Self::FileTooLarge(most) => {
                write!(f, "the file is larger than {most} MB; split it, or leave out what is not needed")
            }
            Self::More(more) => write!(f, "and {more} more; mend these first, then try again"),
            Self::TooManyRows(most) => write!(f, "the file has more than {most} rows; split it"),
            Self::MissingColumn { name, there } => {
                write!(
                    f,
                    "the column “{name}” is missing; add it, or rename the one that holds it (there are: {there})"
                )
            }
            Self::DoubleColumn(names) => write!(f, "these columns mean the same: {names}; keep one"),
            Self::WrongWidth { cells, columns } => write!(
                f,
                "has {cells} cells instead of {columns}; look for a separator that is missing, or one inside a text without quotation marks"
            ),
            Self::TooLong(most) => write!(f, "is longer than {most} characters; shorten it"),
            Self::TooManyLanguages(most) => write!(f, "has more than {most} languages; name those used at work"),
            Self::TeamDepth(most) => write!(f, "needs one to {most} parts with / between them, from the top down"),
            Self::SameId { first } => write!(f, "is in line {first} too; each person stands there once"),
            Self::SameEmail { first } => write!(f, "is in line {first} too; each person has an address of their own"),
            Self::SameNote { first } => write!(f, "is the same as in line {first}; each note stands there once"),
            Self::ManagerCircle(chain) => circle(f, chain),
            Self::NotJson { column, why } => {
                write!(f, "is not JSON from column {column} on ({why}); export the boundaries as GeoJSON again")
            }
            Self::NotACollection(what) => {
                write!(f, "the file is {what}, not a GeoJSON FeatureCollection; export the boundaries as GeoJSON")
            }
            Self::OtherSystem(name) => write!(f, "the coordinates are in “{name}”; convert them to WGS84 (EPSG:4326)"),
            Self::MissingProperty(there) => {
                write!(f, "there is no such property with a text; name another (there are: {there}) or fill it in")
            }
            Self::ShortCode(length) => write!(f, "is shorter than the {length} characters that name what it lies in"),
            Self::SameCode { first } => write!(f, "is the code of feature {first} too; each place has its own"),
            Self::OtherName { first, name } => {
                write!(f, "is called “{name}” in feature {first}; a place has one name")
            }
            Self::OtherParent { first, parent } => {
                write!(f, "lies in “{parent}” in feature {first}; a place lies in one other")
            }
            Self::NotAnArea(kind) => write!(f, "is {kind}; only Polygon and MultiPolygon are boundaries"),
            Self::ShortRing(points) => {
                write!(f, "has {points} points; a ring has at least four, the last the same as the first")
            }
            Self::Projected(system) => {
                write!(f, "is not in degrees but looks like {system}; convert the file to WGS84 (EPSG:4326)")
            }
            _ => Ok(()),
        }
    }
}

impl Problem {
    /// The sentences that need no numbers.
    const fn plain(&self) -> Option<&'static str> {
        Some(match self {
            Self::FileEmpty => "the file is empty; choose another",
            Self::Utf16 => "the file is UTF-16; save it as “CSV UTF-8” or as UTF-8",
            Self::NotUtf8 => "is not UTF-8; save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again",
            Self::NoPeople => "there is a header but no person; nothing to import",
            Self::NoNotes => "there is a header but no note; nothing to import",
            Self::NotAKind => "is no kind of note; write saw, said or wonder",
            Self::SaidWithoutConsent => {
                "is somebody's words without a consent; write the code of the card that was given for them, or make the card first: nothing that somebody said is kept without one"
            }
            Self::NotADay => {
                "is not a day that reads the same everywhere; write it as 2026-11-03, or as 2026-11-03T10:20 with the time"
            }
            Self::OpenQuote => "has a quotation mark that is not closed; close it, or remove it",
            Self::Required => "is empty; fill it in",
            Self::Control => "has a control character or a mark that turns the text around; remove it",
            Self::NotAnEmail => "is not an e-mail address; write it like name@city.example",
            Self::NotALanguage => {
                "is not a language code; write codes such as en, ko, nl or pt-br, with | between them"
            }
            Self::UnknownManager => "is nobody in this file; add that person, or leave it empty",
            Self::OwnManager => "is the person's own address; leave it empty for whoever has nobody above them",
            Self::TooDeep => "has lists within lists far deeper than boundaries have; export them as GeoJSON again",
            Self::NoFeatures => "the collection has no features; nothing to import",
            Self::NotAFeature => "is not a Feature; a FeatureCollection holds features only",
            Self::NotALevel => "is no level; write city, district or neighbourhood",
            Self::NoRings => "is not a list of rings; a polygon has an outer ring, then its holes",
            Self::NotARing => "is not a list of points",
            Self::OpenRing => "is not closed; the last point must be the first",
            Self::NotAPoint => "is not a longitude and a latitude in numbers",
            Self::Swapped => "has its latitude beyond 90 degrees; the two look swapped, longitude comes first",
            Self::OffTheGlobe => "is outside the globe; longitude is from -180 to 180, then latitude from -90 to 90",
            _ => return None,
        })
    }
}

/// A long circle is told by its first members.
fn circle(f: &mut fmt::Formatter<'_>, chain: &[String]) -> fmt::Result {
    const NAMED: usize = 8;
    f.write_str("is part of a circle of managers: ")?;
    if chain.len() > NAMED {
        write!(f, "{} → … ({} people)", chain[..NAMED].join(" → "), chain.len() - 1)?;
    } else {
        f.write_str(&chain.join(" → "))?;
    }
    f.write_str("; one of them must have nobody above them, or somebody else")
}
