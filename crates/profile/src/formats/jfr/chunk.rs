//! Chunk headers, and iteration from one chunk to the next.
//!
//! All numbers are big-endian: magic `FLR\0`, version (two of 16 bits), then seven of 64 bits: size of the chunk,
//! offset of the last constant pool, offset of the metadata, start and duration in nanoseconds, start in
//! ticks, ticks a second; then 32 bits of features, the lowest of which says that integers are compressed.

use super::JfrError;

/// Bytes of a header.
pub(super) const HEADER_BYTES: usize = 68;
/// First bytes of a chunk.
const MAGIC: &[u8; 4] = b"FLR\0";

/// A chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'a> {
    /// Where it begins in the file.
    pub(super) start: usize,
    /// All of it, the header included.
    pub(super) bytes: &'a [u8],
    /// Whether the file ends before the chunk does.
    pub(super) cut_off: bool,
    pub(super) constants: usize,
    pub(super) metadata: usize,
    pub(super) start_ns: i64,
    pub(super) duration_ns: i64,
    pub(super) start_ticks: i64,
    pub(super) ticks_per_second: i64,
    pub(super) compressed: bool,
}

impl<'a> Chunk<'a> {
    /// Reads the header at `start`.
    pub(super) fn at(file: &'a [u8], start: usize) -> Result<Chunk<'a>, JfrError> {
        let bytes = &file[start.min(file.len())..];
        if !bytes.starts_with(MAGIC) {
            return Err(JfrError::Broken { at: start, problem: "expected a chunk, which begins with FLR" });
        }
        let header: &[u8; HEADER_BYTES] = bytes
            .first_chunk()
            .ok_or(JfrError::CutOff { at: file.len(), problem: "in the header of a chunk" })?;
        let major = u16::from_be_bytes([header[4], header[5]]);
        if !(1..=2).contains(&major) {
            return Err(JfrError::Version(major));
        }
        let number = |i: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&header[8 + 8 * i..16 + 8 * i]);
            i64::from_be_bytes(eight)
        };
        // A recorder that is still writing has not filled in the size.
        let size = usize::try_from(number(0)).ok().filter(|&size| size >= HEADER_BYTES);
        let size = size.unwrap_or(usize::MAX);
        let offset = |i: usize, problem: &'static str| {
            let offset = usize::try_from(number(i)).ok().filter(|&o| o >= HEADER_BYTES);
            let offset = offset.ok_or(JfrError::Broken { at: start + 8 + 8 * i, problem })?;
            if offset >= bytes.len() {
                return Err(JfrError::CutOff { at: file.len(), problem: "before the chunk's tables" });
            }
            Ok(offset)
        };
        Ok(Chunk {
            start,
            bytes: &bytes[..size.min(bytes.len())],
            cut_off: size > bytes.len(),
            constants: offset(1, "the chunk has no constant pools: the recorder did not finish it")?,
            metadata: offset(2, "the chunk has no metadata: the recorder did not finish it")?,
            start_ns: number(3),
            duration_ns: number(4).max(0),
            start_ticks: number(5),
            ticks_per_second: number(6),
            compressed: header[67] & 1 != 0,
        })
    }
}
