//! Pictures (and sounds, see `sound.rs`) made safe to keep: recognised by content, never by name; measured before they are decoded; turned
//! upright; made smaller; and written anew, so that place, time, camera and whatever else travelled with them
//! are gone. Bytes in, bytes or a reason out. It knows nothing of the rest of the house.

mod kind;
mod refusal;
mod sound;
mod whole;

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageReader, RgbImage, codecs::jpeg::JpegEncoder, metadata::Orientation,
};
use sha2::{Digest, Sha256};

pub use crate::{
    kind::Kind,
    refusal::Refusal,
    sound::{Sound, SoundLimits, clean_sound, is_sound},
};

/// What is accepted.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: usize,
    /// The most pixels, width times height, as the header says.
    pub pixels: u64,
    /// The longest side of what is kept, in pixels. JPEG ends at 65,535; more is read as that.
    pub side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 12 * 1024 * 1024, pixels: 40_000_000, side: 2_000 }
    }
}

/// A picture as it is kept: a JPEG without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// SHA-256 of the file, as 64 small hexadecimal digits.
    pub sha256: String,
    /// Its media type, always `image/jpeg`.
    pub mime: &'static str,
}

/// Good enough for a wall or a paving stone, a tenth of what a telephone sends.
const QUALITY: u8 = 82;
/// The widest pixel among the three formats: four channels of 16 bits.
const WIDEST_PIXEL: u64 = 8;
/// What a decoder may use beside the pixels, in bytes: rows, tables, a colour profile.
const ELBOW_ROOM: u64 = 16 * 1024 * 1024;

/// Makes a picture safe to keep, or says why not.
///
/// Nothing of the file but its pixels and which way is up reaches the result. Colours are taken as sRGB: a
/// colour profile is dropped, not applied.
pub fn clean(bytes: &[u8], limits: &Limits) -> Result<Cleaned, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge(limits.bytes));
    }
    let (picture, orientation) = decode(bytes, limits)?;
    let side = limits.side.clamp(1, u32::from(u16::MAX));
    let picture = DynamicImage::ImageRgb8(on_white(picture));
    let mut picture =
        if picture.width().max(picture.height()) > side { picture.thumbnail(side, side) } else { picture };
    picture.apply_orientation(orientation);
    encode(&picture.into_rgb8())
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<(DynamicImage, Orientation), Refusal> {
    let kind = Kind::of(bytes);
    let format = kind.format().ok_or(Refusal::Type(kind))?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut memory = image::Limits::default();
    memory.max_alloc = Some(limits.pixels.saturating_mul(WIDEST_PIXEL).saturating_add(ELBOW_ROOM));
    reader.limits(memory);
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        // A row alone is more than a picture within the limits needs.
        ImageError::Limits(_) => Refusal::TooManyPixels(limits.pixels),
        _ => Refusal::Broken,
    })?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refusal::TooManyPixels(limits.pixels));
    }
    // Decoders fill what is missing with grey and call it a picture.
    if !whole::is_whole(bytes, format) {
        return Err(Refusal::Broken);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Broken)?;
    Ok((picture, orientation))
}

/// JPEG knows no transparency: what shines through becomes white, as on paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let source = picture.into_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [r, g, b, alpha] = source.get_pixel(x, y).0;
        let mix = |c: u8| {
            let (c, a) = (u32::from(c), u32::from(alpha));
            u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([mix(r), mix(g), mix(b)])
    })
}

fn encode(picture: &RgbImage) -> Result<Cleaned, Refusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).map_err(|_| Refusal::Broken)?;
    let sha256 = digest(&bytes);
    Ok(Cleaned { width: picture.width(), height: picture.height(), sha256, mime: "image/jpeg", bytes })
}

/// SHA-256 of some bytes, as 64 small hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
