//! zstd (RFC 8878), frame by frame.

use super::{InflateError, Limits, STEP_BYTES, corrupt};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// Appends the decompressed frames of `body` to `out`. The decoder is made when there is none, and kept unless it failed.
pub(super) fn inflate(
    kept: &mut Option<Decoder<'static>>,
    body: &[u8],
    out: &mut Vec<u8>,
    limits: &Limits,
) -> Result<(), InflateError> {
    let failed = |at: usize, e: std::io::Error| corrupt("zstd", at, e.to_string());
    let mut decoder = prepared(kept.take(), limits).map_err(|e| failed(0, e))?;
    let mut input = InBuffer::around(body);
    let mut frame_done = false;
    while !(frame_done && input.pos == body.len()) {
        let filled = out.len();
        out.resize(filled + STEP_BYTES, 0);
        let mut output = OutBuffer::around(&mut out[filled..]);
        let hint = decoder.run(&mut input, &mut output).map_err(|e| failed(input.pos, e))?;
        let wrote = output.pos();
        out.truncate(filled + wrote);
        limits.check(input.pos, out.len())?;
        frame_done = hint == 0;
        // Less than a full step was written and nothing is left to read: the rest is missing.
        if !frame_done && input.pos == body.len() && wrote < STEP_BYTES {
            return Err(InflateError::Truncated { format: "zstd", at: body.len() });
        }
    }
    *kept = Some(decoder);
    Ok(())
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
