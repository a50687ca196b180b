//! Pictures made safe to keep: recognised by content, never by name; measured before they are decoded; turned
//! upright; made smaller; and written anew, so that place, time, camera and whatever else travelled with them
//! are gone. Bytes in, bytes or a reason out. It knows nothing of the rest of the house.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, codecs::jpeg::JpegEncoder, metadata::Orientation};
use sha2::{Digest, Sha256};

/// What is accepted.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: usize,
    /// The most pixels, width times height, as the header says.
    pub pixels: u64,
    /// The longest side of what is kept, in pixels.
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
    /// SHA-256 of the file, as hexadecimal digits.
    pub sha256: String,
    /// Its media type.
    pub mime: &'static str,
}

/// Why a picture is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not JPEG, PNG or WebP.
    #[error("only JPEG, PNG or WebP pictures can be kept; send one of these")]
    Type,
    /// Too many bytes.
    #[error("the file has more than {0} bytes; make the picture smaller")]
    TooLarge(usize),
    /// Too many pixels, as its header says. Nothing was decoded.
    #[error("the picture has more than {0} pixels; make it smaller")]
    TooManyPixels(u64),
    /// It cannot be decoded.
    #[error("the picture is damaged or cut off; take it again or send another")]
    Broken,
}

impl Refusal {
    /// A word for translations.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Type => "picture-type",
            Self::TooLarge(_) => "picture-too-large",
            Self::TooManyPixels(_) => "picture-too-many-pixels",
            Self::Broken => "picture-broken",
        }
    }
}

const QUALITY: u8 = 82;

/// Makes a picture safe to keep, or says why not.
pub fn clean(bytes: &[u8], limits: &Limits) -> Result<Cleaned, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge(limits.bytes));
    }
    let (picture, orientation) = decode(bytes, limits)?;
    let mut picture = if picture.width().max(picture.height()) > limits.side {
        picture.thumbnail(limits.side, limits.side)
    } else {
        picture
    };
    picture.apply_orientation(orientation);
    encode(&picture)
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<(DynamicImage, Orientation), Refusal> {
    let format = image::guess_format(bytes).map_err(|_| Refusal::Type)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Refusal::Type);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut memory = image::Limits::default();
    // Sixteen bytes a pixel is the widest format there is; more is not needed for a picture within the limits.
    memory.max_alloc = Some(limits.pixels.saturating_mul(16));
    reader.limits(memory);
    let mut decoder = reader.into_decoder().map_err(|_| Refusal::Broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refusal::TooManyPixels(limits.pixels));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Broken)?;
    Ok((picture, orientation))
}

/// JPEG knows no transparency: what shines through becomes white, as on paper.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    image::RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [r, g, b, alpha] = source.get_pixel(x, y).0;
        let mix = |c: u8| {
            let (c, a) = (u32::from(c), u32::from(alpha));
            u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([mix(r), mix(g), mix(b)])
    })
}

fn encode(picture: &DynamicImage) -> Result<Cleaned, Refusal> {
    let rgb = on_white(picture);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&rgb).map_err(|_| Refusal::Broken)?;
    let sha256 = format!("{:x}", HexBytes(&Sha256::digest(&bytes)));
    Ok(Cleaned { width: rgb.width(), height: rgb.height(), sha256, mime: "image/jpeg", bytes })
}

/// Bytes as hexadecimal digits.
struct HexBytes<'a>(&'a [u8]);

impl std::fmt::LowerHex for HexBytes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
