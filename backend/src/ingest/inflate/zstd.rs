//! zstd (RFC 8878), frame by frame.

use super::room::Room;
use super::{InflateError, Limits, STEP_BYTES, corrupt};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// A decoder keeps the window of its largest frame; one with a larger window than this is not kept.
const KEPT_WINDOW_BYTES: usize = 2 << 20;

/// Appends the decompressed frames of `body` to `out`. The decoder is made when there is none, and kept unless it failed or
/// is large.
pub(super) fn inflate(
    kept: &mut Option<Decoder<'static>>,
    body: &[u8],
    out: &mut Vec<u8>,
    limits: &Limits,
    room: &Room<'_>,
) -> Result<(), InflateError> {
    let failed = |at: usize, e: std::io::Error| corrupt("zstd", at, e.to_string());
    let mut decoder = prepared(kept.take(), limits).map_err(|e| failed(0, e))?;
    let mut input = InBuffer::around(body);
    let (mut frame_done, mut window) = (true, 0);
    while !(frame_done && input.pos == body.len() && input.pos > 0) {
        if frame_done {
            // A larger window than allowed is refused by the decoder.
            window = window.max(window_bytes(&body[input.pos..])).min(1 << limits.zstd_window_log);
        }
        let filled = out.len();
        room.reserve(window + (filled + STEP_BYTES).next_power_of_two().min(limits.max_bytes + STEP_BYTES))?;
        out.resize(filled + STEP_BYTES, 0);
        let mut output = OutBuffer::around(&mut out[filled..]);
        let hint = decoder.run(&mut input, &mut output).map_err(|e| failed(input.pos, e))?;
        let wrote = output.pos();
        out.truncate(filled + wrote);
        limits.check(input.pos, out.len())?;
        frame_done = hint == 0 && input.pos > 0;
        // Less than a full step was written and nothing is left to read: the rest is missing.
        if !frame_done && input.pos == body.len() && wrote < STEP_BYTES {
            return Err(InflateError::Truncated { format: "zstd", at: body.len() });
        }
    }
    *kept = Some(decoder).filter(|_| window <= KEPT_WINDOW_BYTES);
    Ok(())
}

/// The window that a frame names in its header (RFC 8878, 3.1.1.1), in bytes: what its decoder allocates. 0 where there is no
/// frame.
fn window_bytes(frame: &[u8]) -> usize {
    let [0x28, 0xb5, 0x2f, 0xfd, descriptor, rest @ ..] = frame else { return 0 };
    let is_single_segment = descriptor & 0x20 != 0;
    if !is_single_segment {
        let Some(&window) = rest.first() else { return 0 };
        let base = 1_usize << (10 + (window >> 3));
        return base + base / 8 * usize::from(window & 7);
    }
    // The whole content is the window; its size follows the number of a dictionary.
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let length = [1, 2, 4, 8][usize::from(descriptor >> 6)];
    let Some(size) = rest.get(dictionary..dictionary + length) else { return 0 };
    let size = size.iter().rev().fold(0_u64, |size, &byte| size << 8 | u64::from(byte));
    let size = if length == 2 { size + 256 } else { size };
    usize::try_from(size).unwrap_or(usize::MAX)
}

fn prepared(kept: Option<Decoder<'static>>, limits: &Limits) -> std::io::Result<Decoder<'static>> {
    let mut decoder = match kept {
        Some(decoder) => decoder,
        None => Decoder::new()?,
    };
    decoder.reinit()?;
    decoder.set_parameter(DParameter::WindowLogMax(limits.zstd_window_log))?;
    Ok(decoder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn reads_windows_from_frame_headers() {
        let streamed = |log| {
            let mut frame = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
            frame.window_log(log).unwrap();
            frame.write_all(b"some bytes").unwrap();
            frame.finish().unwrap()
        };
        assert_eq!(window_bytes(&streamed(20)), 1 << 20);
        assert_eq!(window_bytes(&streamed(26)), 64 << 20);
        for len in [3, 300, 70_000] {
            assert_eq!(window_bytes(&zstd::bulk::compress(&vec![7; len], 1).unwrap()), len);
        }
        assert_eq!(window_bytes(b"something else"), 0);
        assert_eq!(window_bytes(&[0x28, 0xb5, 0x2f, 0xfd]), 0);
    }

    #[test]
    fn keeps_no_decoder_with_a_large_window() {
        let limits = Limits { max_bytes: 1 << 20, max_ratio: usize::MAX, zstd_window_log: 26 };
        for (log, is_kept) in [(20, true), (26, false)] {
            let mut frame = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
            frame.window_log(log).unwrap();
            frame.write_all(b"some bytes").unwrap();
            let (frame, mut decoder, mut out) = (frame.finish().unwrap(), None, Vec::new());
            inflate(&mut decoder, &frame, &mut out, &limits, &Room::of(None)).unwrap();
            assert_eq!((&out[..], decoder.is_some()), (&b"some bytes"[..], is_kept));
        }
    }
}
