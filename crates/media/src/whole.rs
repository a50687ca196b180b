//! Whether a picture's end is there. A telephone that loses its connection sends half a picture; decoders paint the
//! other half grey. It reads the outer structure only, in one pass, and promises to look at each byte at most once.

use image::ImageFormat;

/// Whether the file reaches the end that its format prescribes. What comes after the end does not matter.
pub(crate) fn is_whole(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg(bytes).is_some(),
        ImageFormat::Png => png(bytes).is_some(),
        ImageFormat::WebP => webp(bytes).is_some(),
        _ => false,
    }
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// JPEG (ITU-T T.81, annex B): markers with segments; after a start of scan, coded data up to the next marker.
fn jpeg(bytes: &[u8]) -> Option<()> {
    let mut at = 0;
    loop {
        let marker = next_marker(bytes, &mut at)?;
        match marker {
            END => return Some(()),
            // Without a segment: start of image, restarts, TEM.
            START | 0xd0..=0xd7 | 0x01 => {}
            _ => {
                let length = bytes.get(at..at + 2)?;
                at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                if marker == SCAN {
                    bytes.get(at..)?;
                }
            }
        }
    }
}

/// The next marker from `at`, which then stands behind it. Coded data holds 0xff only as 0xff 0x00.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let [first, second] = *bytes.get(*at..*at + 2)? else { return None };
        match (first, second) {
            (0xff, 0xff) => *at += 1,
            (0xff, 0x00) => *at += 2,
            (0xff, marker) => {
                *at += 2;
                return Some(marker);
            }
            _ => *at += 1,
        }
    }
}

/// PNG (ISO/IEC 15948, 5.3): chunks of length, name, data and check sum, the last named IEND.
fn png(bytes: &[u8]) -> Option<()> {
    let mut at = 8;
    loop {
        let head = bytes.get(at..at + 8)?;
        let length = usize::try_from(u32::from_be_bytes([head[0], head[1], head[2], head[3]])).ok()?;
        at = at.checked_add(12)?.checked_add(length)?;
        if &head[4..] == b"IEND" {
            return bytes.get(..at).map(|_| ());
        }
    }
}

/// WebP (RFC 9649): one RIFF chunk that says its length.
fn webp(bytes: &[u8]) -> Option<()> {
    let [a, b, c, d] = *bytes.get(4..8)? else { return None };
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    bytes.get(..length.checked_add(8)?).map(|_| ())
}
