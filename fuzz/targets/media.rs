//! No bytes make the cleaning of pictures fall over, and what it gives back is a small bare JPEG.
#![no_main]

use freerange_media::{Limits, clean};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Small, so that time goes into the readers and not into pixels.
    let limits = Limits { bytes: 64 * 1024, pixels: 256 * 256, side: 64 };
    if let Ok(kept) = clean(bytes, &limits) {
        assert!(kept.width.max(kept.height) <= 64 && kept.width.min(kept.height) > 0);
        assert!(kept.bytes.starts_with(b"\xff\xd8\xff") && kept.bytes.ends_with(b"\xff\xd9"));
        assert_eq!(clean(&kept.bytes, &limits).map(|again| (again.width, again.height)), Ok((kept.width, kept.height)));
    }
});
