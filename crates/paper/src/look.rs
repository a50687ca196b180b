//! Measures and colours, in points. Everything follows from the size of the letters, so that a poster is the same page,
//! larger. The colours are those of the screen (`web/assets/freerange.css`), on white, because paper brings its own.

use krilla::color::rgb::Color;

use crate::Size;

/// A colour of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Soft,
    Green,
    Deep,
    Sun,
    Bar,
    Pale,
    Leaf,
    Hair,
    White,
}

impl Ink {
    pub(crate) fn colour(self) -> Color {
        let (r, g, b) = match self {
            Self::Text => (0x17, 0x2a, 0x26),
            Self::Soft => (0x4c, 0x5d, 0x58),
            Self::Green => (0x0b, 0x5a, 0x4a),
            Self::Deep => (0x07, 0x3f, 0x34),
            Self::Sun => (0xf3, 0x9a, 0x1f),
            Self::Bar => (0x2d, 0x83, 0x69),
            Self::Pale => (0xf6, 0xf2, 0xe6),
            Self::Leaf => (0xde, 0xee, 0xe6),
            Self::Hair => (0xdc, 0xd5, 0xc3),
            Self::White => (0xff, 0xff, 0xff),
        };
        Color::new(r, g, b)
    }
}

/// How a kind of text looks, in parts of the letters of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) line: f32,
    pub(crate) bold: bool,
    pub(crate) ink: Ink,
}

const fn style(size: f32, line: f32, bold: bool, ink: Ink) -> Style {
    Style { size, line, bold, ink }
}

pub(crate) const BODY: Style = style(1.0, 1.5, false, Ink::Text);
pub(crate) const ABOVE: Style = style(0.9, 1.35, true, Ink::Green);
pub(crate) const TITLE: Style = style(2.3, 1.16, true, Ink::Deep);
pub(crate) const HEADING: Style = style(1.42, 1.25, true, Ink::Green);
pub(crate) const SUBHEADING: Style = style(1.08, 1.35, true, Ink::Text);
pub(crate) const QUOTE: Style = style(1.08, 1.5, false, Ink::Deep);
pub(crate) const WHO: Style = style(0.88, 1.4, false, Ink::Soft);
pub(crate) const CAPTION: Style = style(0.94, 1.4, true, Ink::Text);
pub(crate) const CELL: Style = style(0.92, 1.4, false, Ink::Text);
pub(crate) const CELL_HEAD: Style = style(0.84, 1.35, true, Ink::Soft);
pub(crate) const CELL_STRONG: Style = style(0.92, 1.4, true, Ink::Green);
pub(crate) const CELL_SOFT: Style = style(0.92, 1.4, false, Ink::Soft);
pub(crate) const NOTE: Style = style(0.8, 1.42, false, Ink::Soft);
pub(crate) const FOOTER: Style = style(0.78, 1.4, false, Ink::Soft);
pub(crate) const SAYS: Style = style(1.0, 1.4, true, Ink::Deep);
pub(crate) const ADDRESS: Style = style(0.85, 1.4, false, Ink::Green);

impl Style {
    pub(crate) const fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
}

/// The measures of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// White at both sides.
    pub(crate) side: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
    /// The size of the letters of a paragraph.
    pub(crate) letter: f32,
    pub(crate) poster: bool,
}

impl Look {
    /// The looks a size can have, the best first. All but the last are only tried when everything has to be on one page.
    pub(crate) fn of(size: Size) -> Vec<Self> {
        let (width, height, largest, smallest) = match size {
            Size::A4 => (595.276, 841.89, 10.8, 10.8),
            Size::A4OnePage => (595.276, 841.89, 10.8, 8.6),
            Size::A3Poster => (841.89, 1190.551, 34.0, 15.0),
            Size::A2Poster => (1190.551, 1683.78, 48.0, 21.0),
        };
        let poster = matches!(size, Size::A3Poster | Size::A2Poster);
        let mut looks = Vec::new();
        let mut letter: f32 = largest;
        loop {
            let (side, top, bottom) =
                if poster { (width * 0.085, width * 0.075, width * 0.06) } else { (72.0, 62.0, 56.0) };
            looks.push(Self { width, height, side, top, bottom, letter, poster });
            if letter <= smallest {
                return looks;
            }
            letter = (letter * 0.965).max(smallest);
        }
    }

    /// How wide the column is.
    pub(crate) fn column(&self) -> f32 {
        self.width - 2.0 * self.side
    }

    /// Parts of a letter, in points.
    pub(crate) fn em(&self, parts: f32) -> f32 {
        self.letter * parts
    }
}
