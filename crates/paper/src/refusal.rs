//! Why a sheet does not come out, so that the page can say it and the person can do something about it.

/// Characters for which there is no font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Their script, by its English name in Unicode ("Hangul", "Han", "Arabic"); "Common" for signs of no script.
    pub script: String,
    /// The characters, each once, in order of their numbers; at most 20.
    pub characters: String,
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No font has these characters: somebody has to install one, or the page is printed by the browser.
    #[error("no font for {}", scripts(.0))]
    NoFont(Vec<Missing>),
    /// One page is too small, even with the smallest letters that can be read.
    #[error("{over} of {of} characters do not fit on the page; what does not fit begins with “{from}”")]
    TooMuch {
        /// How many characters have to go, about.
        over: usize,
        /// How many there are.
        of: usize,
        /// The first words that do not fit.
        from: String,
    },
    /// More than a sheet can have of something.
    #[error("{what:?}: {is}, at most {most}")]
    TooMany {
        /// Of what.
        what: Limit,
        /// How many there are.
        is: usize,
        /// How many there may be.
        most: usize,
    },
    /// A sheet without a title cannot be found again, nor read aloud.
    #[error("the sheet has no title")]
    NoTitle,
    /// Not a language tag (BCP 47).
    #[error("“{0}” is not a language")]
    NoLanguage(String),
    /// The address does not go into a QR code.
    #[error("the address is too long for a QR code")]
    NoCode,
    /// The PDF would not have been one. A defect of this crate, or a broken font.
    #[error("the PDF cannot be written: {0}")]
    NotWritten(String),
}

/// What a sheet can have too many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Characters.
    Characters,
    /// Characters of one paragraph, item or cell.
    InOne,
    /// Blocks, items, cells and bars.
    Pieces,
    /// Columns of a table.
    Columns,
    /// Characters of footer, address, or words beside the code.
    Beside,
}

fn scripts(missing: &[Missing]) -> String {
    missing.iter().map(|m| format!("{} ({})", m.script, m.characters)).collect::<Vec<_>>().join(", ")
}
