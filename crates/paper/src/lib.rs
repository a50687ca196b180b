//! Sheets of paper: a notice for a neighbourhood's board, as A4 or as a poster, and a report of one page for a mayor.
//! Plain structs in, PDF out (tagged, PDF/UA-1), always the same bytes for the same sheet and the same fonts. It knows no
//! database, no clock and nothing of the rest of the house: what may be said, and in whose words, is decided before.
//! A character that no font has is an error that says so, never an empty box; no word is left off a sheet silently.

mod blocks;
mod code;
mod draw;
mod fonts;
mod look;
mod pages;
mod refusal;
mod rows;
mod setting;
mod tables;
mod words;

pub use fonts::Fonts;
pub use refusal::{Limit, Missing, Refusal};

/// What comes on paper, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// On which paper, and whether everything has to be on one page.
    pub size: Size,
    /// Its language (BCP 47: `en`, `ko`, `zh-Hant`). Texts in others say so themselves.
    pub lang: String,
    /// A few words above the title: which neighbourhood, what kind of sheet. May be empty.
    pub above: Text,
    /// The title: the first heading, and the name of the file in readers.
    pub title: Text,
    /// What it says, in reading order.
    pub blocks: Vec<Block>,
    /// Who answers for it, and of which day it is; below, on every page. May be empty.
    pub footer: Text,
    /// Where to read on.
    pub qr: Option<Qr>,
}

/// Paper, and how it is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A4, as many pages as it takes.
    A4,
    /// A4, everything on one page: letters become a little smaller for it, or it is refused.
    A4OnePage,
    /// A poster: one page, letters as large as fit.
    A3Poster,
    /// A poster twice that size.
    A2Poster,
}

impl Size {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::A4, Self::A4OnePage, Self::A3Poster, Self::A2Poster];
}

/// Words, and their language where it is not the sheet's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The words. A line break begins a new paragraph.
    pub words: String,
    /// Their language, where it is another than the sheet's: for voices that read aloud, and for the shape of letters.
    pub lang: Option<String>,
}

impl Text {
    /// Words in a language that is not the sheet's.
    pub fn in_lang(words: impl Into<String>, lang: impl Into<String>) -> Self {
        Self { words: words.into(), lang: Some(lang.into()) }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self { words: words.to_owned(), lang: None }
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self { words, lang: None }
    }
}

/// A piece of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading. It never stands alone at the foot of a page.
    Heading(Text),
    /// A heading inside of what a heading begins.
    Subheading(Text),
    /// A paragraph.
    Paragraph(Text),
    /// A list.
    List {
        /// Counted, or with points.
        counted: bool,
        /// What is in it.
        items: Vec<Text>,
    },
    /// What somebody said, in their words.
    Quote {
        /// The words.
        words: Text,
        /// Whose words they are, as they want to be called. May be empty.
        who: Text,
    },
    /// A small table of figures. Its first column names what the others count.
    Figures {
        /// What it shows. May be empty.
        caption: Text,
        /// The headings of its columns.
        head: Vec<Text>,
        /// Its rows, as written; the crate does not count.
        rows: Vec<Vec<Text>>,
    },
    /// Shares beside what they are compared with, as bars. For those who cannot see it is a table.
    Bars {
        /// What it shows.
        caption: Text,
        /// What the bars are: "Notes".
        share: Text,
        /// What they are compared with: "Residents".
        reference: Text,
        /// The bars.
        rows: Vec<Bar>,
    },
    /// A footnote. Its mark stands in the text as the caller wrote it there.
    Note {
        /// "1", "*".
        mark: Text,
        /// What it says.
        text: Text,
    },
}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is about.
    pub label: Text,
    /// How long: 0 to 1. Anything else is cut to that.
    pub share: f32,
    /// The same in the reader's language: "34 %".
    pub share_says: Text,
    /// Where the mark of comparison stands, and what it says.
    pub reference: Option<(f32, Text)>,
}

/// An address as a QR code, beside it in letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// The address.
    pub address: String,
    /// What is there: "Read on, answer, or take your words back".
    pub says: Text,
}

/// How many characters a sheet may have. A book is not a sheet, and somebody waits for the answer.
pub const MOST_CHARACTERS: usize = 30_000;
/// How many characters one paragraph, item or cell may have. (Layout counts the glyphs of a text in 16 bits.)
pub const MOST_IN_ONE: usize = 8_000;
/// How many blocks, items, cells and bars together.
pub const MOST_PIECES: usize = 2_000;
/// How many columns a table may have.
pub const MOST_COLUMNS: usize = 8;
/// How many characters footer, words beside the code and address may have, each.
pub const MOST_BESIDE: usize = 300;

/// The sheet as a PDF.
pub fn pdf(sheet: &Sheet, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    let sheet = words::ready(sheet)?;
    let mut setter = setting::Setter::new(&sheet, fonts)?;
    let laid = pages::lay(&sheet, &mut setter)?;
    draw::draw(&sheet, laid)
}
