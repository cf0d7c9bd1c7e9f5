//! Decompression within limits: gzip (RFC 1952) and zstd (RFC 8878). Output grows step by step and is refused as soon as it
//! exceeds a limit, so that a bomb costs no more memory than an honest body. What a request takes is reserved in its memory
//! budget ([`Reservation`]) before the buffer grows.
//!
//! - [`bounded`]: one body of a known format, such as a `Content-Encoding`.
//! - [`with_plain`]: a profile in whatever compression it came, within the [`Budget`] of its request.
//!
//! Decompressor state and the output buffer are kept per thread: a profile of 70 KB costs no allocation here. A gzip body may
//! have several members, as the format allows; the checksum and length of each are verified.

mod budget;
mod gzip;
mod room;
mod zstd;

pub(crate) use budget::{Budget, with_plain};

use crate::request_memory::{MemoryError, Reservation};
use ::zstd::stream::raw::Decoder;
use flate2::Decompress;
use room::Room;
use std::cell::Cell;

/// The ratio is checked beyond this many bytes: short repetitive profiles compress well and honestly.
const RATIO_FREE_BYTES: usize = 1 << 20;
/// Output grows by at least this much.
const STEP_BYTES: usize = 256 << 10;
/// Compressed layers that a profile may have: the body's own, and the profile's.
const MAX_LAYERS: usize = 3;

/// Limits of one decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of output.
    pub(crate) max_bytes: usize,
    /// Output bytes per input byte, beyond the first MiB of output; `usize::MAX` for no limit.
    pub(crate) max_ratio: usize,
    /// Window of a zstd frame, as a power of two.
    pub(crate) zstd_window_log: u32,
}

impl Limits {
    fn check(&self, input: usize, output: usize) -> Result<(), InflateError> {
        if output > self.max_bytes {
            return Err(InflateError::TooLarge { limit: self.max_bytes });
        }
        if output > RATIO_FREE_BYTES && output / self.max_ratio > input {
            return Err(InflateError::Bomb { input, output, limit: self.max_ratio });
        }
        Ok(())
    }
}

/// Why a body could not be decompressed. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InflateError {
    /// More output than allowed.
    #[error("more than {limit} bytes after decompression; send smaller profiles, or fewer in one request")]
    TooLarge {
        /// The cap, in bytes.
        limit: usize,
    },
    /// Output out of proportion to the input.
    #[error("{input} compressed bytes became more than {output}: the ratio is over {limit}")]
    Bomb {
        /// Compressed bytes read so far.
        input: usize,
        /// Bytes they became.
        output: usize,
        /// The maximum ratio.
        limit: usize,
    },
    /// The compressed data ends early.
    #[error("the {format} data is truncated: it ends at byte {at}, within a stream")]
    Truncated {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// Where the input ends.
        at: usize,
    },
    /// The compressed data is corrupt.
    #[error("the {format} data is corrupt near byte {at}: {reason}")]
    Corrupt {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// Offset in the input.
        at: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// More layers of compression than any client writes.
    #[error("compressed more than {MAX_LAYERS} times over; compress a profile once")]
    TooManyLayers,
    /// The memory for requests is used up.
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

fn corrupt(format: &'static str, at: usize, reason: impl Into<String>) -> InflateError {
    InflateError::Corrupt { format, at, reason: reason.into() }
}

/// A compression format, recognized by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// `1f 8b`
    Gzip,
    /// `28 b5 2f fd`
    Zstd,
}

impl Compression {
    /// The compression whose magic number `body` begins with.
    pub(crate) fn detect(body: &[u8]) -> Option<Compression> {
        match body {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    /// As `Content-Encoding` writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// Decompresses `body`, which must be in this format. Memory is reserved in `memory`, if given, and then on a thread that may
/// block.
///
/// # Errors
/// [`InflateError`]; an empty body is truncated.
pub(crate) fn bounded(
    compression: Compression,
    body: &[u8],
    limits: &Limits,
    memory: Option<&Reservation>,
) -> Result<Vec<u8>, InflateError> {
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let kept = std::mem::take(&mut scratch.buffer);
    let result = scratch.inflate(compression, body, limits, &Room::of(memory));
    let plain = std::mem::replace(&mut scratch.buffer, kept);
    SCRATCH.set(Some(scratch));
    result.map(|()| plain)
}

/// State worth keeping from one body to the next.
struct Scratch {
    deflate: Decompress,
    zstd: Option<Decoder<'static>>,
    buffer: Vec<u8>,
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch { deflate: Decompress::new(false), zstd: None, buffer: Vec::new() }
    }
}

thread_local! {
    /// Taken out while in use, so that a nested call makes its own.
    static SCRATCH: Cell<Option<Scratch>> = const { Cell::new(None) };
}

impl Scratch {
    /// Decompresses `body` into the buffer.
    fn inflate(
        &mut self,
        compression: Compression,
        body: &[u8],
        limits: &Limits,
        room: &Room<'_>,
    ) -> Result<(), InflateError> {
        self.buffer.clear();
        match compression {
            Compression::Gzip => gzip::inflate(&mut self.deflate, body, &mut self.buffer, limits, room),
            Compression::Zstd => zstd::inflate(&mut self.zstd, body, &mut self.buffer, limits, room),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::limits::MAX_PROFILE_BYTES;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(plain: &[u8]) -> Vec<u8> {
        ::zstd::bulk::compress(plain, 1).unwrap()
    }

    fn plain(body: &[u8]) -> Result<Vec<u8>, InflateError> {
        with_plain(body, &mut Budget::default(), <[u8]>::to_vec)
    }

    /// Bytes that compress to about half, the same every time.
    fn text(len: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b'a' + (state >> 28) as u8
        };
        std::iter::repeat_with(next).take(len).collect()
    }

    #[test]
    fn restores_what_was_compressed() {
        for len in [0, 1, 5, 300, 70_000, 3 << 20] {
            let data = text(len);
            assert!(plain(&gzip(&data)) == Ok(data.clone()), "gzip {len}");
            assert!(plain(&zstd(&data)) == Ok(data), "zstd {len}");
        }
        assert_eq!(plain(b"not compressed").as_deref(), Ok(&b"not compressed"[..]));
    }

    #[test]
    fn reads_members_layers_and_optional_header_fields() {
        let two = [gzip(b"one "), gzip(b"two"), vec![0; 16]].concat();
        assert_eq!(plain(&two).as_deref(), Ok(&b"one two"[..]));
        assert_eq!(plain(&gzip(&gzip(b"inner"))).as_deref(), Ok(&b"inner"[..]));
        assert_eq!(plain(&gzip(&zstd(b"inner"))).as_deref(), Ok(&b"inner"[..]));
        let mut named = flate2::GzBuilder::new()
            .filename("p.pprof")
            .comment("hello")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), flate2::Compression::default());
        named.write_all(b"data").unwrap();
        assert_eq!(plain(&named.finish().unwrap()).as_deref(), Ok(&b"data"[..]));
        let deep = (0..4).fold(b"x".to_vec(), |body, _| gzip(&body));
        assert_eq!(plain(&deep), Err(InflateError::TooManyLayers));
    }

    #[test]
    fn rejects_every_truncation() {
        for (name, body) in [("gzip", gzip(&text(2000))), ("zstd", zstd(&text(2000)))] {
            for len in 4..body.len() {
                assert!(plain(&body[..len]).is_err(), "{name} cut at {len}");
            }
        }
    }

    #[test]
    fn detects_corruption() {
        let mut body = gzip(&text(2000));
        let crc = body.len() - 8;
        body[crc] ^= 1;
        assert!(matches!(plain(&body), Err(InflateError::Corrupt { format: "gzip", .. })));
        assert!(matches!(
            plain(&[0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0]),
            Err(InflateError::Corrupt { at: 0, .. })
        ));
    }

    #[test]
    fn rejects_bombs_before_they_grow() {
        // Deflate reaches 1 032:1 and zstd far more on zeros.
        let zeros = vec![0; MAX_PROFILE_BYTES + 1];
        assert!(matches!(plain(&zstd(&zeros)), Err(InflateError::Bomb { output, .. }) if output < 4 << 20));
        let limit = MAX_PROFILE_BYTES;
        assert!(matches!(
            plain(&gzip(&zeros)),
            Err(InflateError::TooLarge { .. } | InflateError::Bomb { .. })
        ));
        let mut noise = text(1 << 20);
        noise.extend(vec![7; limit]);
        assert!(plain(&noise) == Err(InflateError::TooLarge { limit }));
    }

    #[test]
    fn all_profiles_of_a_request_share_one_budget() {
        let mut budget = Budget::of(3000);
        assert!(with_plain(&gzip(&text(2000)), &mut budget, |_| ()).is_ok());
        assert_eq!(
            with_plain(&gzip(&text(2000)), &mut budget, |_| ()),
            Err(InflateError::TooLarge { limit: 1000 })
        );
        assert!(with_plain(&text(1000), &mut budget, |_| ()).is_ok());
    }

    #[test]
    fn bounded_reads_all_members_within_its_limits() {
        let limits = Limits { max_bytes: 3000, max_ratio: usize::MAX, zstd_window_log: 20 };
        let two = [gzip(&text(1000)), gzip(&text(2000))].concat();
        assert_eq!(bounded(Compression::Gzip, &two, &limits, None), Ok([text(1000), text(2000)].concat()));
        let frames = [zstd(&text(1000)), zstd(&text(2000))].concat();
        assert_eq!(bounded(Compression::Zstd, &frames, &limits, None), Ok([text(1000), text(2000)].concat()));
        let more = [two, gzip(b"x")].concat();
        let too_large = Err(InflateError::TooLarge { limit: 3000 });
        assert_eq!(bounded(Compression::Gzip, &more, &limits, None), too_large);
        assert_eq!(bounded(Compression::Zstd, &zstd(&text(3001)), &limits, None), too_large);
        for compression in [Compression::Gzip, Compression::Zstd] {
            assert!(bounded(compression, b"", &limits, None).is_err(), "{compression:?}");
            assert!(bounded(compression, b"plain text", &limits, None).is_err(), "{compression:?}");
        }
    }
}
