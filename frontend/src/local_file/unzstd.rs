//! Taking zstd off a file (RFC 8878). Browsers inflate gzip themselves, but not zstd.
//!
//! This costs the worker's program 19 KB of download (59 KB of code), and the page's nothing: only the worker calls it.
//!
//! A file may hold several frames, and frames to be skipped. What a frame says of its checksum is verified.

use super::limits::MAX_BYTES;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a compressed file begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Decoded at a time.
const STEP_BYTES: usize = 1 << 20;

/// Why a file cannot be decompressed. The text ends a sentence that begins with the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnzstdError {
    /// Cut off or damaged.
    #[error("is damaged zstd: {0}")]
    Damaged(String),
    /// More than fits.
    #[error("has more than {} MiB after decompression", MAX_BYTES >> 20)]
    TooLarge,
}

/// Whether the bytes are compressed with zstd.
pub(crate) fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// All frames of a file, decompressed.
///
/// # Errors
/// [`UnzstdError`] when it is damaged or becomes larger than `limit` bytes.
pub(crate) fn unzstd(mut bytes: &[u8], limit: u64) -> Result<Vec<u8>, UnzstdError> {
    let mut plain = Vec::new();
    let mut decoder = FrameDecoder::new();
    while !bytes.is_empty() {
        match decoder.reset(&mut bytes) {
            Ok(()) => frame(&mut decoder, &mut bytes, &mut plain, limit)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                bytes = bytes.get(length as usize..).unwrap_or_default();
            }
            Err(error) => return Err(UnzstdError::Damaged(error.to_string())),
        }
    }
    Ok(plain)
}

/// One frame. Stops as soon as there is too much.
fn frame(
    decoder: &mut FrameDecoder,
    bytes: &mut &[u8],
    plain: &mut Vec<u8>,
    limit: u64,
) -> Result<(), UnzstdError> {
    let damaged = |error: String| UnzstdError::Damaged(error);
    while !decoder.is_finished() {
        decoder
            .decode_blocks(&mut *bytes, BlockDecodingStrategy::UptoBytes(STEP_BYTES))
            .map_err(|error| damaged(error.to_string()))?;
        if (plain.len() + decoder.can_collect()) as u64 > limit {
            return Err(UnzstdError::TooLarge);
        }
        decoder.collect_to_writer(&mut *plain).map_err(|error| damaged(error.to_string()))?;
    }
    let (said, is) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
    if said.is_some() && said != is {
        return Err(damaged("the checksum does not match".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    /// `printf 'main;work 12\n' | zstd`, of the reference implementation: with a checksum.
    const FOLDED: &[u8] = &[
        0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x69, 0x00, 0x00, 0x6d, 0x61, 0x69, 0x6e, 0x3b, 0x77, 0x6f, 0x72,
        0x6b, 0x20, 0x31, 0x32, 0x0a, 0xcc, 0x9f, 0x94, 0x3b,
    ];

    #[test]
    fn frames_are_decompressed() {
        assert!(is_zstd(FOLDED) && !is_zstd(b"main;work 12\n"));
        assert_eq!(unzstd(FOLDED, MAX_BYTES).as_deref(), Ok(&b"main;work 12\n"[..]));
        let long = b"main;work 12\n".repeat(200_000);
        let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let two = [&compress_to_vec(&long[..], CompressionLevel::Fastest), &skipped[..], FOLDED].concat();
        let both = [&long[..], b"main;work 12\n"].concat();
        assert!(unzstd(&two, MAX_BYTES).is_ok_and(|plain| plain == both));
    }

    #[test]
    fn damage_and_bombs_are_refused() {
        for end in 4..FOLDED.len() {
            assert!(matches!(unzstd(&FOLDED[..end], MAX_BYTES), Err(UnzstdError::Damaged(_))), "{end}");
        }
        let mut damaged = FOLDED.to_vec();
        let last = damaged.len() - 1;
        damaged[last] ^= 1;
        assert_eq!(
            unzstd(&damaged, MAX_BYTES),
            Err(UnzstdError::Damaged("the checksum does not match".to_owned()))
        );
        let bomb = compress_to_vec(&vec![0; 8 << 20][..], CompressionLevel::Fastest);
        assert_eq!(unzstd(&bomb, 1 << 20), Err(UnzstdError::TooLarge));
    }
}
