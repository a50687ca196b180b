//! Sounds: only samples reach what is kept; what cannot be written anew is not kept; no bytes make it fall over.

use freerange_media::{Refusal, SoundLimits, clean_sound};
use proptest::prelude::*;

fn chunk(name: &str, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short");
    let fill: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [name.as_bytes(), &length.to_le_bytes(), body, fill].concat()
}

fn format(kind: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let frame = channels * bits / 8;
    let mut body = Vec::new();
    body.extend(kind.to_le_bytes());
    body.extend(channels.to_le_bytes());
    body.extend(rate.to_le_bytes());
    body.extend((rate * u32::from(frame)).to_le_bytes());
    body.extend(frame.to_le_bytes());
    body.extend(bits.to_le_bytes());
    chunk("fmt ", &body)
}

fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let length = u32::try_from(body.len() + 4).expect("short");
    [b"RIFF".as_slice(), &length.to_le_bytes(), b"WAVE", &body].concat()
}

fn limits() -> SoundLimits {
    SoundLimits::default()
}

#[test]
fn only_the_samples_reach_what_is_kept() {
    let samples: Vec<u8> = (0..32_000_u32).map(|n| u8::try_from(n % 251).expect("small")).collect();
    let told = chunk("LIST", b"INFOIART\x04\0\0\0Mira");
    let sent = wav(&[told.clone(), format(1, 1, 16_000, 16), chunk("odd ", b"abc"), chunk("data", &samples), told]);
    let kept = clean_sound(&[sent.as_slice(), b"and a secret behind it"].concat(), &limits()).expect("is kept");
    assert_eq!((kept.duration_ms, kept.mime), (1_000, "audio/wav"));
    assert_eq!(kept.bytes, wav(&[format(1, 1, 16_000, 16), chunk("data", &samples)]));
    assert_eq!(clean_sound(&kept.bytes, &limits()).expect("is kept again"), kept, "what is kept stays as it is");
}

#[test]
fn a_frame_that_ends_half_way_is_left_out() {
    let kept = clean_sound(&wav(&[format(1, 2, 8_000, 16), chunk("data", &[1; 4 * 8 + 3])]), &limits());
    assert_eq!(kept.expect("is kept").bytes.len(), 44 + 4 * 8);
}

#[test]
fn what_cannot_be_written_anew_or_heard_is_not_kept() {
    let data = |length: usize| chunk("data", &vec![0; length]);
    let refused = |bytes: &[u8]| clean_sound(bytes, &limits()).expect_err("is not kept").code();
    for (kind, channels, rate, bits) in [
        (3, 1, 16_000, 16),
        (0x55, 1, 16_000, 16),
        (1, 3, 16_000, 16),
        (1, 0, 16_000, 16),
        (1, 1, 96_000, 16),
        (1, 1, 16_000, 8),
    ] {
        assert_eq!(
            refused(&wav(&[format(kind, channels, rate, bits), data(100)])),
            "sound-type",
            "{kind} {channels} {rate} {bits}"
        );
    }
    assert_eq!(refused(b"ID3 and so on"), "sound-type");
    assert_eq!(refused(b""), "sound-type");
    assert_eq!(refused(&wav(&[format(1, 1, 16_000, 16)])), "sound-broken");
    assert_eq!(refused(&wav(&[data(100)])), "sound-broken");
    assert_eq!(refused(&wav(&[format(1, 1, 16_000, 16), data(0)])), "sound-broken");
    let whole = wav(&[format(1, 1, 16_000, 16), data(100)]);
    assert_eq!(refused(&whole[..whole.len() - 1]), "sound-broken", "cut off");
    let three_minutes = 180 * 8_000 * 2;
    assert!(clean_sound(&wav(&[format(1, 1, 8_000, 16), data(three_minutes)]), &limits()).is_ok());
    assert_eq!(refused(&wav(&[format(1, 1, 8_000, 16), data(three_minutes + 16)])), "sound-too-long");
    let small = SoundLimits { bytes: 100, ..limits() };
    assert_eq!(clean_sound(&whole, &small), Err(Refusal::SoundTooLarge(100)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..300), whole: bool) {
        let bytes = if whole { wav(&[format(1, 1, 16_000, 16), bytes]) } else { bytes };
        if let Ok(kept) = clean_sound(&bytes, &limits()) {
            prop_assert_eq!(clean_sound(&kept.bytes, &limits()).expect("is kept again"), kept);
        }
    }
}
