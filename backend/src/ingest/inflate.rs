//! Decompression with bounds: gzip (RFC 1952) and zstd (RFC 8878), output grown step by step and refused as soon
//! as it passes a cap, so that a bomb costs no more memory than an honest profile.
//!
//! Decompressor state and the output buffer are kept for each thread: a profile of 70 KB costs no allocation here.
//! A gzip body may hold several members, as the format allows; each one's checksum and length are verified.

use flarepath_profile::limits::{MAX_INFLATE_RATIO, MAX_PROFILE_BYTES};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::cell::Cell;
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// Bytes that all profiles of one request may have after decompression.
pub(crate) const MAX_REQUEST_BYTES: usize = 2 * MAX_PROFILE_BYTES;
/// The ratio cap is checked beyond this many bytes: short repetitive profiles compress well and honestly.
const RATIO_FREE_BYTES: usize = 1 << 20;
/// Output grows by at least this much.
const STEP_BYTES: usize = 256 << 10;
/// A larger buffer is given back after use.
const KEPT_BYTES: usize = 4 << 20;
/// Largest window of a zstd frame, as a power of two: 64 MiB, the size of the largest profile.
const ZSTD_WINDOW_LOG: u32 = 26;
/// How many compressed layers may lie around a profile: a body's own, and the profile's.
const MAX_LAYERS: usize = 3;

/// Why a body could not be decompressed. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InflateError {
    /// More output than a profile may have.
    #[error("more than {limit} bytes after decompression; send smaller profiles, or fewer in one request")]
    TooLarge {
        /// The cap, in bytes.
        limit: usize,
    },
    /// Output out of all proportion to the input.
    #[error(
        "{input} compressed bytes became more than {output}: a ratio over {MAX_INFLATE_RATIO} is refused"
    )]
    Bomb {
        /// Compressed bytes read so far.
        input: usize,
        /// Bytes they became.
        output: usize,
    },
    /// The compressed data ends early.
    #[error("the {format} data is cut off: it ends at byte {at} in the middle of a stream")]
    Truncated {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// Where the input ends.
        at: usize,
    },
    /// The compressed data is damaged.
    #[error("the {format} data is damaged near byte {at}: {reason}")]
    Damaged {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// Offset of the input that could not be read.
        at: usize,
        /// What is wrong.
        reason: String,
    },
    /// More layers of compression than any client writes.
    #[error("compressed more than {MAX_LAYERS} times over; compress a profile once")]
    TooManyLayers,
}

/// How many bytes one request may still inflate to. Shared by all profiles of the request.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { left: MAX_REQUEST_BYTES }
    }
}

impl Budget {
    /// The cap for the next piece.
    fn limit(&self) -> usize {
        self.left.min(MAX_PROFILE_BYTES)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), InflateError> {
        let limit = self.limit();
        if bytes > limit {
            return Err(InflateError::TooLarge { limit });
        }
        self.left -= bytes;
        Ok(())
    }
}

/// Kinds of compression, told by their first bytes.
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

/// State that is worth keeping from one profile to the next.
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

/// Calls `read` with `body`, decompressed if its first bytes say that it is compressed.
///
/// # Errors
/// [`InflateError`]; `read` is not called then.
pub(crate) fn with_plain<T>(
    body: &[u8],
    budget: &mut Budget,
    read: impl FnOnce(&[u8]) -> T,
) -> Result<T, InflateError> {
    let Some(compression) = Compression::detect(body) else {
        budget.spend(body.len())?;
        return Ok(read(body));
    };
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let result = scratch.inflate(compression, body, budget.limit()).and_then(|()| {
        budget.spend(scratch.buffer.len())?;
        match Compression::detect(&scratch.buffer) {
            None => Ok(read(&scratch.buffer)),
            Some(_) => peel(&scratch.buffer, budget).map(|plain| read(&plain)),
        }
    });
    scratch.buffer.clear();
    if scratch.buffer.capacity() > KEPT_BYTES {
        scratch.buffer = Vec::new();
    }
    SCRATCH.set(Some(scratch));
    result
}

/// Decompresses `body`, which must be of the kind given. For a `Content-Encoding`.
///
/// # Errors
/// [`InflateError`].
pub(crate) fn inflate(
    compression: Compression,
    body: &[u8],
    budget: &Budget,
) -> Result<Vec<u8>, InflateError> {
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let kept = std::mem::take(&mut scratch.buffer);
    let result = scratch.inflate(compression, body, budget.limit());
    let plain = std::mem::replace(&mut scratch.buffer, kept);
    SCRATCH.set(Some(scratch));
    result.map(|()| plain)
}

/// Takes off the remaining layers of something compressed more than once.
fn peel(body: &[u8], budget: &mut Budget) -> Result<Vec<u8>, InflateError> {
    let mut plain = body.to_vec();
    for _ in 1..MAX_LAYERS {
        let Some(compression) = Compression::detect(&plain) else { return Ok(plain) };
        plain = inflate(compression, &plain, budget)?;
        budget.spend(plain.len())?;
    }
    match Compression::detect(&plain) {
        None => Ok(plain),
        Some(_) => Err(InflateError::TooManyLayers),
    }
}

impl Scratch {
    /// Decompresses `body` into the buffer.
    fn inflate(&mut self, compression: Compression, body: &[u8], limit: usize) -> Result<(), InflateError> {
        self.buffer.clear();
        match compression {
            Compression::Gzip => self.gzip(body, limit),
            Compression::Zstd => self.zstd(body, limit),
        }
    }

    fn gzip(&mut self, body: &[u8], limit: usize) -> Result<(), InflateError> {
        self.buffer.reserve(announced_size(body).min(limit));
        let mut at = 0;
        // Members follow each other; zero bytes after the last are padding (RFC 1952, 2.2; as gzip itself does).
        while at < body.len() && (at == 0 || body[at..].iter().any(|&b| b != 0)) {
            at = self.gzip_member(body, at, limit)?;
        }
        Ok(())
    }

    /// Reads the member that starts at `at` and returns where it ends.
    fn gzip_member(&mut self, body: &[u8], at: usize, limit: usize) -> Result<usize, InflateError> {
        let mut input = at + gzip_header_len(body, at)?;
        let start = self.buffer.len();
        self.deflate.reset(false);
        loop {
            let (read_before, wrote_before) = (self.deflate.total_in(), self.buffer.len());
            let status = self
                .deflate
                .decompress_vec(&body[input..], &mut self.buffer, FlushDecompress::None)
                .map_err(|e| damaged("gzip", input, e.to_string()))?;
            let read = (self.deflate.total_in() - read_before) as usize;
            input += read;
            check_caps(input, self.buffer.len(), limit)?;
            if status == Status::StreamEnd {
                break;
            }
            let full = self.buffer.len() == self.buffer.capacity();
            if full {
                grow(&mut self.buffer, limit);
            } else if input == body.len() || (read == 0 && self.buffer.len() == wrote_before) {
                return Err(InflateError::Truncated { format: "gzip", at: body.len() });
            }
        }
        check_trailer(body, input, &self.buffer[start..])?;
        Ok(input + 8)
    }

    fn zstd(&mut self, body: &[u8], limit: usize) -> Result<(), InflateError> {
        let failed = |at: usize, e: std::io::Error| damaged("zstd", at, e.to_string());
        let mut decoder = match self.zstd.take() {
            Some(decoder) => decoder,
            None => new_zstd_decoder().map_err(|e| failed(0, e))?,
        };
        decoder.reinit().map_err(|e| failed(0, e))?;
        let mut input = InBuffer::around(body);
        let mut frame_done = false;
        while !(frame_done && input.pos == body.len()) {
            let filled = self.buffer.len();
            self.buffer.resize(filled + STEP_BYTES, 0);
            let mut output = OutBuffer::around(&mut self.buffer[filled..]);
            let hint = decoder.run(&mut input, &mut output).map_err(|e| failed(input.pos, e))?;
            let wrote = output.pos();
            self.buffer.truncate(filled + wrote);
            check_caps(input.pos, self.buffer.len(), limit)?;
            frame_done = hint == 0;
            // Less than a full step was written and nothing is left to read: the rest is missing.
            if !frame_done && input.pos == body.len() && wrote < STEP_BYTES {
                return Err(InflateError::Truncated { format: "zstd", at: body.len() });
            }
        }
        self.zstd = Some(decoder);
        Ok(())
    }
}

fn new_zstd_decoder() -> std::io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
    Ok(decoder)
}

fn damaged(format: &'static str, at: usize, reason: impl Into<String>) -> InflateError {
    InflateError::Damaged { format, at, reason: reason.into() }
}

fn check_caps(input: usize, output: usize, limit: usize) -> Result<(), InflateError> {
    if output > limit {
        return Err(InflateError::TooLarge { limit });
    }
    if output > RATIO_FREE_BYTES && output / MAX_INFLATE_RATIO > input {
        return Err(InflateError::Bomb { input, output });
    }
    Ok(())
}

/// Doubles the buffer, one byte past the limit at most: enough to see that the limit was passed.
fn grow(buffer: &mut Vec<u8>, limit: usize) {
    let more = buffer.len().max(STEP_BYTES).min(limit.saturating_sub(buffer.len()) + 1);
    buffer.reserve_exact(more);
}

/// What the last four bytes of a gzip body claim as its size, believed only as far as the ratio of ordinary profiles.
fn announced_size(body: &[u8]) -> usize {
    let Some(&[a, b, c, d]) = body.last_chunk::<4>() else { return 0 };
    // One byte more than announced lets the decompressor see the end of the stream without growing.
    (u32::from_le_bytes([a, b, c, d]) as usize).min(body.len().saturating_mul(16)) + 1
}

/// Length of the member header at `at` (RFC 1952, 2.3).
fn gzip_header_len(body: &[u8], at: usize) -> Result<usize, InflateError> {
    const FHCRC: u8 = 2;
    const FEXTRA: u8 = 4;
    const FNAME: u8 = 8;
    const FCOMMENT: u8 = 16;
    let header = &body[at..];
    let truncated = || InflateError::Truncated { format: "gzip", at: body.len() };
    let fixed = header.first_chunk::<10>().ok_or_else(truncated)?;
    if fixed[..3] != [0x1f, 0x8b, 8] {
        return Err(damaged("gzip", at, "expected a gzip header (1f 8b 08)"));
    }
    let flags = fixed[3];
    let mut len = 10;
    if flags & FEXTRA != 0 {
        let extra = header.get(len..len + 2).ok_or_else(truncated)?;
        len += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]]));
    }
    for flag in [FNAME, FCOMMENT] {
        if flags & flag != 0 {
            let text = header.get(len..).ok_or_else(truncated)?;
            len += text.iter().position(|&b| b == 0).ok_or_else(truncated)? + 1;
        }
    }
    if flags & FHCRC != 0 {
        len += 2;
    }
    if len > header.len() { Err(truncated()) } else { Ok(len) }
}

/// Compares what was written with the checksum and the length at `at`.
fn check_trailer(body: &[u8], at: usize, plain: &[u8]) -> Result<(), InflateError> {
    let Some(trailer) = body.get(at..at + 8) else {
        return Err(InflateError::Truncated { format: "gzip", at: body.len() });
    };
    let crc = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
    let len = u32::from_le_bytes([trailer[4], trailer[5], trailer[6], trailer[7]]);
    let mut actual = Crc::new();
    actual.update(plain);
    if actual.sum() != crc {
        return Err(damaged("gzip", at, "the checksum does not match"));
    }
    if plain.len() as u32 != len {
        return Err(damaged("gzip", at, "the length does not match"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(plain: &[u8]) -> Vec<u8> {
        zstd::bulk::compress(plain, 1).unwrap()
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
    fn gives_back_what_was_compressed() {
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
    fn every_truncation_is_an_error() {
        for (name, body) in [("gzip", gzip(&text(2000))), ("zstd", zstd(&text(2000)))] {
            for len in 4..body.len() {
                assert!(plain(&body[..len]).is_err(), "{name} cut at {len}");
            }
        }
    }

    #[test]
    fn damage_is_seen() {
        let mut body = gzip(&text(2000));
        let crc = body.len() - 8;
        body[crc] ^= 1;
        assert!(matches!(plain(&body), Err(InflateError::Damaged { format: "gzip", .. })));
        assert!(matches!(
            plain(&[0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0]),
            Err(InflateError::Damaged { at: 0, .. })
        ));
    }

    #[test]
    fn bombs_are_refused_before_they_grow() {
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
    fn a_request_has_one_budget() {
        let mut budget = Budget { left: 3000 };
        assert!(with_plain(&gzip(&text(2000)), &mut budget, |_| ()).is_ok());
        assert_eq!(
            with_plain(&gzip(&text(2000)), &mut budget, |_| ()),
            Err(InflateError::TooLarge { limit: 1000 })
        );
        assert!(with_plain(&text(1000), &mut budget, |_| ()).is_ok());
    }
}
