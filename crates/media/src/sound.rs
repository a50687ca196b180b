//! Sounds made safe to keep: a WAV file is parsed and written anew, so that nothing but the samples of the file reaches the
//! result. What was compressed elsewhere is not taken: it could not be written anew without a decoder for it.
//!
//! The format: "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991), chapter 3: a RIFF
//! file of form `WAVE`, with a chunk `fmt ` that says how the samples in the chunk `data` are to be read.

use crate::{Refusal, digest};

/// What is accepted of a sound.
#[derive(Debug, Clone, Copy)]
pub struct SoundLimits {
    /// The largest file, in bytes.
    pub bytes: usize,
    /// The longest, in seconds.
    pub seconds: u32,
}

impl Default for SoundLimits {
    /// Three minutes; the bytes are those of two channels at 16 kHz, or of one at 32, with room for what is dropped.
    fn default() -> Self {
        Self { bytes: 12 * 1024 * 1024, seconds: 180 }
    }
}

/// A sound as it is kept: 16-bit PCM in a WAV file without anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// The file.
    pub bytes: Vec<u8>,
    /// How long it is, in milliseconds.
    pub duration_ms: u32,
    /// SHA-256 of the file, as 64 small hexadecimal digits.
    pub sha256: String,
    /// Its media type, always `audio/wav`.
    pub mime: &'static str,
}

/// Linear PCM.
const PCM: u16 = 1;
const BYTES_A_SAMPLE: u32 = 2;
/// What stands before the samples in the file that is kept.
const HEAD: u32 = 44;

/// How the samples are to be read.
#[derive(Debug, Clone, Copy)]
struct Format {
    channels: u16,
    rate: u32,
}

impl Format {
    fn read(chunk: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u16::from_le_bytes([*chunk.get(at)?, *chunk.get(at + 1)?]));
        let rate = u32::from(number(4)?) | u32::from(number(6)?) << 16;
        let fits = number(0)? == PCM && number(14)? == 16 && (8_000..=48_000).contains(&rate);
        let channels = number(2)?;
        (fits && (1..=2).contains(&channels)).then_some(Self { channels, rate })
    }

    /// Bytes of one moment: a sample of each channel.
    fn frame(self) -> u32 {
        u32::from(self.channels) * BYTES_A_SAMPLE
    }
}

/// Whether a file is a WAV file, by its first bytes.
#[must_use]
pub fn is_sound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")
}

/// Makes a sound safe to keep, or says why not. Whole frames are kept; a broken end of a frame is dropped.
pub fn clean_sound(bytes: &[u8], limits: &SoundLimits) -> Result<Sound, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::SoundTooLarge(limits.bytes));
    }
    if !is_sound(bytes) {
        return Err(Refusal::SoundType);
    }
    let (format, samples) = chunks(bytes.get(12..).unwrap_or_default())?;
    let length = u32::try_from(samples.len()).map_err(|_| Refusal::Silent)?;
    let length = length - length % format.frame();
    if length == 0 {
        return Err(Refusal::Silent);
    }
    let milliseconds = u64::from(length / format.frame()) * 1_000 / u64::from(format.rate);
    if milliseconds > u64::from(limits.seconds) * 1_000 {
        return Err(Refusal::TooLong(limits.seconds));
    }
    let kept = samples.get(..usize::try_from(length).unwrap_or(0)).unwrap_or_default();
    let bytes = write(format, length, kept);
    let sha256 = digest(&bytes);
    let duration_ms = u32::try_from(milliseconds).unwrap_or(u32::MAX);
    Ok(Sound { bytes, duration_ms, sha256, mime: "audio/wav" })
}

/// Finds format and samples among the chunks. Each has a name, a length and, when that is odd, a byte that fills up.
fn chunks(mut rest: &[u8]) -> Result<(Format, &[u8]), Refusal> {
    let mut format = None;
    loop {
        let Some((name, length)) = rest.get(..8).map(|head| head.split_at(4)) else { return Err(Refusal::Silent) };
        let length = <[u8; 4]>::try_from(length).map_or(0, u32::from_le_bytes);
        let length = usize::try_from(length).map_err(|_| Refusal::Silent)?;
        let body = rest.get(8..).unwrap_or_default();
        // What is cut off is not half a sound, but a broken one.
        let chunk = body.get(..length).ok_or(Refusal::Silent)?;
        match name {
            b"fmt " => format = Some(Format::read(chunk).ok_or(Refusal::SoundType)?),
            b"data" => return format.map(|f| (f, chunk)).ok_or(Refusal::Silent),
            _ => {}
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
}

fn write(format: Format, length: u32, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(HEAD - 8 + length).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&PCM.to_le_bytes());
    file.extend_from_slice(&format.channels.to_le_bytes());
    file.extend_from_slice(&format.rate.to_le_bytes());
    file.extend_from_slice(&(format.rate * format.frame()).to_le_bytes());
    let frame = u16::try_from(format.frame()).unwrap_or(u16::MAX);
    file.extend_from_slice(&frame.to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(samples);
    file
}
