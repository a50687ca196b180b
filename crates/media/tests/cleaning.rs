//! What people are promised about the pictures they send.

mod made;

use freerange_media::{Kind, Limits, Refusal, clean};
use image::{ImageFormat, Rgba, RgbaImage};
use made::{exif, has, jpeg, jpeg_with, picture, png_claiming, segments};
use proptest::prelude::*;

fn cleaned(bytes: &[u8]) -> freerange_media::Cleaned {
    clean(bytes, &Limits::default()).expect("is kept")
}

fn refused(bytes: &[u8]) -> Refusal {
    clean(bytes, &Limits::default()).expect_err("is refused")
}

/// Red, green and blue at a spot of a JPEG.
fn colour(bytes: &[u8], x: u32, y: u32) -> [u8; 3] {
    let picture = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).expect("is a JPEG");
    picture.to_rgb8().get_pixel(x, y).0
}

fn reddish([r, _, b]: [u8; 3]) -> bool {
    r > 180 && b < 80
}

fn bluish([r, _, b]: [u8; 3]) -> bool {
    b > 180 && r < 80
}

#[test]
fn where_and_when_a_picture_was_taken_is_gone() {
    let sent = jpeg_with(&[
        (0xe1, exif(1)),
        (0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude 37.6</x:xmpmeta>".to_vec()),
        (0xe2, b"ICC_PROFILE\0\x01\x01 whose camera".to_vec()),
        (0xfe, b"taken by Ann at the clinic".to_vec()),
    ]);
    let traces: [&[u8]; 7] = [b"Exif", b"GPS", b"WGS-84", b"xmpmeta", b"ICC_PROFILE", b"clinic", b"Telephone 9"];
    for trace in traces {
        assert!(has(&sent, trace), "the test's own picture carries {}", String::from_utf8_lossy(trace));
    }
    let kept = cleaned(&sent);
    for trace in traces {
        assert!(!has(&kept.bytes, trace), "{} is still there", String::from_utf8_lossy(trace));
    }
    // Start, JFIF, tables, frame, scan, end: there is no segment in which anything else could travel.
    for marker in segments(&kept.bytes) {
        assert!(matches!(marker, 0xd8 | 0xe0 | 0xdb | 0xc0 | 0xc4 | 0xda | 0xd9), "segment {marker:x}");
    }
    assert!(kept.bytes.ends_with(b"\xff\xd9"));
    assert_eq!((kept.width, kept.height, kept.mime), (32, 16, "image/jpeg"));
}

#[test]
fn the_same_pixels_have_the_same_print_whatever_travelled_with_them() {
    let bare = cleaned(&jpeg());
    assert_eq!(bare.sha256, cleaned(&jpeg_with(&[(0xe1, exif(1))])).sha256);
    assert_eq!(bare.sha256.len(), 64);
    assert!(bare.sha256.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
}

#[test]
fn a_picture_taken_sideways_is_turned_upright() {
    // Left half red, right half blue, and the camera says: turn me.
    for (orientation, size, red, blue) in [
        (1, (32, 16), (4, 8), (28, 8)),
        (2, (32, 16), (28, 8), (4, 8)),
        (3, (32, 16), (28, 8), (4, 8)),
        (6, (16, 32), (8, 4), (8, 28)),
        (8, (16, 32), (8, 28), (8, 4)),
    ] {
        let kept = cleaned(&jpeg_with(&[(0xe1, exif(orientation))]));
        assert_eq!((kept.width, kept.height), size, "orientation {orientation}");
        assert!(reddish(colour(&kept.bytes, red.0, red.1)), "orientation {orientation}");
        assert!(bluish(colour(&kept.bytes, blue.0, blue.1)), "orientation {orientation}");
    }
}

#[test]
fn png_and_webp_are_kept_as_jpeg() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let kept = cleaned(&picture(format));
        assert!(kept.bytes.starts_with(b"\xff\xd8\xff"));
        assert!(reddish(colour(&kept.bytes, 4, 8)) && bluish(colour(&kept.bytes, 28, 8)), "{format:?}");
    }
}

#[test]
fn what_was_transparent_becomes_white() {
    let clear = RgbaImage::from_pixel(16, 16, Rgba([0, 0, 0, 0]));
    let mut png = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut png, ImageFormat::Png).expect("written");
    let [r, g, b] = colour(&cleaned(png.get_ref()).bytes, 8, 8);
    assert!(r > 250 && g > 250 && b > 250);
}

#[test]
fn a_large_picture_is_made_smaller_in_proportion() {
    let limits = Limits { side: 20, ..Limits::default() };
    let kept = clean(&jpeg_with(&[(0xe1, exif(6))]), &limits).expect("is kept");
    assert_eq!((kept.width, kept.height), (10, 20));
    let small = clean(&jpeg(), &Limits { side: 32, ..limits }).expect("is kept");
    assert_eq!((small.width, small.height), (32, 16));
}

#[test]
fn a_picture_that_claims_a_huge_size_is_refused_before_it_is_decoded() {
    assert_eq!(refused(&png_claiming(60_000, 60_000)), Refusal::TooManyPixels(40_000_000));
    assert_eq!(refused(&png_claiming(u32::MAX >> 1, 1)), Refusal::TooManyPixels(40_000_000));
    let mut large = jpeg();
    let frame = large.windows(2).position(|w| w == [0xff, 0xc0]).expect("has a frame");
    large[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(refused(&large), Refusal::TooManyPixels(40_000_000));
    // The same small pictures are fine when they say the truth.
    assert!(clean(&jpeg(), &Limits { pixels: 32 * 16, ..Limits::default() }).is_ok());
    assert!(clean(&jpeg(), &Limits { pixels: 32 * 16 - 1, ..Limits::default() }).is_err());
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    assert_eq!(refused(&vec![0; 12 * 1024 * 1024 + 1]), Refusal::TooLarge(12 * 1024 * 1024));
}

#[test]
fn a_picture_cut_off_anywhere_is_refused() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = picture(format);
        cleaned(&whole);
        for end in 1..whole.len() {
            assert!(clean(&whole[..end], &Limits::default()).is_err(), "{format:?} cut at {end} of {}", whole.len());
        }
        assert_eq!(refused(&whole[..whole.len() - 1]), Refusal::Broken, "{format:?}");
    }
}

#[test]
fn whatever_hangs_on_behind_the_picture_is_gone() {
    for tail in [&b"PK\x03\x04 a hidden archive"[..], b"<html><script>alert(1)</script>", b"MZ program"] {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let sent = [picture(format), tail.to_vec()].concat();
            let kept = cleaned(&sent);
            assert!(has(&sent, tail) && !has(&kept.bytes, tail), "{format:?}");
            assert_eq!(kept.bytes, cleaned(&picture(format)).bytes, "{format:?}");
        }
    }
}

#[test]
fn anything_but_jpeg_png_and_webp_is_refused_by_what_it_is() {
    for (bytes, kind) in [
        (&b"GIF89a\x01\0\x01\0"[..], Kind::Gif),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Kind::Heic),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", Kind::Heic),
        (b"\0\0\0\x18ftypavif\0\0\0\0", Kind::Avif),
        (b"\0\0\0\x18ftypisom\0\0\0\0", Kind::Film),
        (b"%PDF-1.7\n\xff\xd8\xff", Kind::Pdf),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Kind::Svg),
        (b"<?xml version='1.0'?>\n<SVG/>", Kind::Svg),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>\xff\xd8\xff", Kind::Html),
        (b"PK\x03\x04", Kind::Zip),
        (b"II*\0", Kind::Tiff),
        (b"BM6", Kind::Bmp),
        (b"", Kind::Empty),
        (b"holiday.jpg", Kind::Unknown),
        (b"RIFF\0\0\0\0WAVE", Kind::Unknown),
    ] {
        let refusal = refused(bytes);
        assert_eq!(refusal, Refusal::Type(kind));
        assert_eq!(refusal.code(), "picture-type");
        assert!(refusal.to_string().starts_with(&format!("this is {kind}; only JPEG")), "{refusal}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_it_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(clean(&bytes, &Limits::default()).is_err());
    }

    #[test]
    fn a_picture_with_bytes_changed_is_kept_within_the_limits_or_refused(
        which in 0_usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = picture([ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][which]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let limits = Limits { pixels: 100_000, side: 40, ..Limits::default() };
        if let Ok(kept) = clean(&bytes, &limits) {
            prop_assert!(kept.width.max(kept.height) <= 40);
            prop_assert!(kept.bytes.starts_with(b"\xff\xd8\xff"));
        }
    }
}
