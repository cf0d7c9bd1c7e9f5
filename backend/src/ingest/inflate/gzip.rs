//! gzip (RFC 1952), member by member.

use super::room::Room;
use super::{InflateError, Limits, STEP_BYTES, corrupt};
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Appends the decompressed members of `body` to `out`.
pub(super) fn inflate(
    deflate: &mut Decompress,
    body: &[u8],
    out: &mut Vec<u8>,
    limits: &Limits,
    room: &Room<'_>,
) -> Result<(), InflateError> {
    let announced = announced_size(body).min(limits.max_bytes);
    room.reserve(announced)?;
    out.reserve(announced);
    let mut at = 0;
    // Members follow each other; zero bytes after the last are padding (RFC 1952, 2.2; as gzip itself does).
    while at == 0 || body[at..].iter().any(|&b| b != 0) {
        at = member(deflate, body, at, out, limits, room)?;
    }
    Ok(())
}

/// Reads the member that starts at `at` and returns where it ends.
fn member(
    deflate: &mut Decompress,
    body: &[u8],
    at: usize,
    out: &mut Vec<u8>,
    limits: &Limits,
    room: &Room<'_>,
) -> Result<usize, InflateError> {
    let mut input = at + header_len(body, at)?;
    let start = out.len();
    deflate.reset(false);
    loop {
        let (read_before, wrote_before) = (deflate.total_in(), out.len());
        let status = deflate
            .decompress_vec(&body[input..], out, FlushDecompress::None)
            .map_err(|e| corrupt("gzip", input, e.to_string()))?;
        let read = (deflate.total_in() - read_before) as usize;
        input += read;
        limits.check(input, out.len())?;
        if status == Status::StreamEnd {
            break;
        }
        let full = out.len() == out.capacity();
        if full {
            grow(out, limits.max_bytes, room)?;
        } else if input == body.len() || (read == 0 && out.len() == wrote_before) {
            return Err(InflateError::Truncated { format: "gzip", at: body.len() });
        }
    }
    check_trailer(body, input, &out[start..])?;
    Ok(input + 8)
}

/// Doubles the buffer, one byte past the limit at most: enough to see that the limit was passed.
fn grow(buffer: &mut Vec<u8>, limit: usize, room: &Room<'_>) -> Result<(), InflateError> {
    let more = buffer.len().max(STEP_BYTES).min(limit.saturating_sub(buffer.len()) + 1);
    room.reserve(buffer.len() + more)?;
    buffer.reserve_exact(more);
    Ok(())
}

/// The size that the last four bytes of a gzip body announce, trusted only up to the ratio of ordinary profiles.
fn announced_size(body: &[u8]) -> usize {
    let Some(&[a, b, c, d]) = body.last_chunk::<4>() else { return 0 };
    // One byte more than announced lets the decompressor see the end of the stream without growing.
    (u32::from_le_bytes([a, b, c, d]) as usize).min(body.len().saturating_mul(16)) + 1
}

/// Length of the member header at `at` (RFC 1952, 2.3).
fn header_len(body: &[u8], at: usize) -> Result<usize, InflateError> {
    const FHCRC: u8 = 2;
    const FEXTRA: u8 = 4;
    const FNAME: u8 = 8;
    const FCOMMENT: u8 = 16;
    let header = &body[at..];
    let truncated = || InflateError::Truncated { format: "gzip", at: body.len() };
    let fixed = header.first_chunk::<10>().ok_or_else(truncated)?;
    if fixed[..3] != [0x1f, 0x8b, 8] {
        return Err(corrupt("gzip", at, "expected a gzip header (1f 8b 08)"));
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

/// Compares `plain` with the checksum and the length at `at`.
fn check_trailer(body: &[u8], at: usize, plain: &[u8]) -> Result<(), InflateError> {
    let Some(trailer) = body.get(at..at + 8) else {
        return Err(InflateError::Truncated { format: "gzip", at: body.len() });
    };
    let crc = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
    let len = u32::from_le_bytes([trailer[4], trailer[5], trailer[6], trailer[7]]);
    let mut actual = Crc::new();
    actual.update(plain);
    if actual.sum() != crc {
        return Err(corrupt("gzip", at, "the checksum does not match"));
    }
    if plain.len() as u32 != len {
        return Err(corrupt("gzip", at, "the length does not match"));
    }
    Ok(())
}
