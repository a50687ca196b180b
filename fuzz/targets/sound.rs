//! No bytes make the cleaning of sounds fall over, and what it gives back is a bare WAV that stays as it is.
#![no_main]

use freerange_media::{SoundLimits, clean_sound};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = SoundLimits { bytes: 64 * 1024, seconds: 2 };
    if let Ok(kept) = clean_sound(bytes, &limits) {
        assert!(kept.bytes.starts_with(b"RIFF") && kept.bytes.len() <= bytes.len() && kept.duration_ms <= 2_000);
        assert_eq!(clean_sound(&kept.bytes, &limits), Ok(kept));
    }
});
