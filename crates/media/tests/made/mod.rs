//! Small pictures made by hand, with whatever a test wants to travel in them.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// 32 by 16 pixels, left half red, right half blue.
pub(crate) fn picture(format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(32, 16, |x, _| if x < 16 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("written");
    bytes.into_inner()
}

pub(crate) fn jpeg() -> Vec<u8> {
    picture(ImageFormat::Jpeg)
}

/// A JPEG with segments of our own behind its start: marker and content.
pub(crate) fn jpeg_with(extra: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let plain = jpeg();
    let (start, rest) = plain.split_at(2);
    let mut bytes = start.to_vec();
    for (marker, content) in extra {
        let length = u16::try_from(content.len() + 2).expect("fits a segment");
        bytes.extend([0xff, *marker]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(content);
    }
    bytes.extend(rest);
    bytes
}

/// An EXIF segment (TIFF, little endian): camera, orientation, and a GPS directory with a latitude.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = Vec::new();
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    let (camera, datum) = (b"Telephone 9\0", b"GPS WGS-84\0\0");
    // Head 8, first directory 2 + 3 * 12 + 4 = 42, second 2 + 2 * 12 + 4 = 30, then texts and fractions.
    let (gps, texts) = (50_u32, 80_u32);
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    tiff.extend(entry(0x0110, 2, 12, texts));
    tiff.extend(entry(0x0112, 3, 1, u32::from(orientation)));
    tiff.extend(entry(0x8825, 4, 1, gps));
    tiff.extend([0; 4]);
    tiff.extend(b"\x02\0");
    tiff.extend(entry(0x0002, 5, 3, texts + 24));
    tiff.extend(entry(0x0012, 2, 12, texts + 12));
    tiff.extend([0; 4]);
    tiff.extend(camera);
    tiff.extend(datum);
    for part in [37_u32, 1, 38, 1, 12, 1] {
        tiff.extend(part.to_le_bytes());
    }
    [b"Exif\0\0".to_vec(), tiff].concat()
}

/// A tiny PNG whose header claims a size.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    chunk(&mut bytes, *b"IHDR", &head);
    chunk(&mut bytes, *b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01");
    chunk(&mut bytes, *b"IEND", b"");
    bytes
}

fn chunk(bytes: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let content = [&name[..], data].concat();
    bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
    bytes.extend(&content);
    bytes.extend(crc(&content).to_be_bytes());
}

/// PNG's check sum (ISO/IEC 15948, annex D), bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

/// The markers of a JPEG in order, coded data skipped.
pub(crate) fn segments(bytes: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (0, Vec::new());
    while at + 1 < bytes.len() {
        let marker = bytes[at + 1];
        if bytes[at] != 0xff || matches!(marker, 0 | 0xff) {
            at += 1;
            continue;
        }
        found.push(marker);
        at += 2;
        if !matches!(marker, 0xd0..=0xd9) {
            at += usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
        }
    }
    found
}

/// Whether the bytes hold a text.
pub(crate) fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|w| w == text)
}
