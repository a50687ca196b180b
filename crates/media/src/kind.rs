//! What a file is, by its first bytes. Three kinds are pictures we keep; the others are named so that people
//! learn what they sent instead.

use std::fmt;

use image::ImageFormat;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// HEIC or HEIF, as many telephones take them.
    Heic,
    /// AVIF.
    Avif,
    /// TIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// SVG: a drawing that can carry programs.
    Svg,
    /// A web page.
    Html,
    /// PDF.
    Pdf,
    /// ZIP, and what is built on it: office documents, for instance.
    Zip,
    /// A film.
    Film,
    /// No bytes at all.
    Empty,
    /// Something else.
    Unknown,
}

/// First bytes that leave no doubt.
const SIGNATURES: [(&[u8], Kind); 8] = [
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"GIF8", Kind::Gif),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"BM", Kind::Bmp),
    (b"%PDF-", Kind::Pdf),
    (b"PK\x03\x04", Kind::Zip),
];
/// How far a markup file is searched for the word that tells what it is.
const MARKUP_HEAD: usize = 1024;

impl Kind {
    /// Recognises a file. Only the first bytes count: what follows a picture's end is dropped when it is cleaned.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if let Some((_, kind)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
            return *kind;
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Self::Webp;
        }
        if bytes.get(4..8) == Some(b"ftyp") {
            return bytes.get(8..12).map_or(Self::Unknown, brand);
        }
        markup(bytes)
    }

    pub(crate) const fn format(self) -> Option<ImageFormat> {
        match self {
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::Webp => Some(ImageFormat::WebP),
            _ => None,
        }
    }
}

/// The brand of an ISO base media file (ISO/IEC 14496-12).
fn brand(brand: &[u8]) -> Kind {
    match brand {
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => Kind::Heic,
        b"avif" | b"avis" => Kind::Avif,
        _ => Kind::Film,
    }
}

fn markup(bytes: &[u8]) -> Kind {
    let head = bytes.get(..MARKUP_HEAD).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_lowercase();
    let text = head.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        Kind::Unknown
    } else if text.contains("<svg") {
        Kind::Svg
    } else if ["<html", "<!doctype html", "<script", "<body", "<head"].iter().any(|tag| text.contains(tag)) {
        Kind::Html
    } else {
        Kind::Unknown
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "a JPEG picture",
            Self::Png => "a PNG picture",
            Self::Webp => "a WebP picture",
            Self::Gif => "a GIF picture",
            Self::Heic => "a HEIC picture",
            Self::Avif => "an AVIF picture",
            Self::Tiff => "a TIFF picture",
            Self::Bmp => "a BMP picture",
            Self::Svg => "an SVG drawing",
            Self::Html => "a web page",
            Self::Pdf => "a PDF document",
            Self::Zip => "a ZIP archive or an office document",
            Self::Film => "a film",
            Self::Empty => "an empty file",
            Self::Unknown => "no picture that can be recognised",
        })
    }
}
