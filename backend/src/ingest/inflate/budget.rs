//! Profiles of one request: decompressed one after the other, within one budget.

use super::{Compression, InflateError, Limits, MAX_LAYERS, SCRATCH, bounded};
use flarepath_profile::limits::{MAX_INFLATE_RATIO, MAX_PROFILE_BYTES};

/// Bytes that all profiles of one request may have after decompression.
const MAX_REQUEST_BYTES: usize = 2 * MAX_PROFILE_BYTES;
/// A larger buffer is freed after use.
const KEPT_BYTES: usize = 4 << 20;
/// 64 MiB, the size of the largest profile.
const ZSTD_WINDOW_LOG: u32 = 26;

/// Bytes that one request may still decompress to. Shared by all profiles of the request.
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
    #[cfg(test)]
    pub(super) fn of(left: usize) -> Budget {
        Budget { left }
    }

    /// Limits of the next body.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_bytes: self.left.min(MAX_PROFILE_BYTES),
            max_ratio: MAX_INFLATE_RATIO,
            zstd_window_log: ZSTD_WINDOW_LOG,
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), InflateError> {
        let limit = self.limits().max_bytes;
        if bytes > limit {
            return Err(InflateError::TooLarge { limit });
        }
        self.left -= bytes;
        Ok(())
    }
}

/// Calls `read` with `body`, decompressed if its first bytes are those of a compressed body.
///
/// # Errors
/// [`InflateError`], without calling `read`.
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
    let result = scratch.inflate(compression, body, &budget.limits()).and_then(|()| {
        budget.spend(scratch.buffer.len())?;
        match Compression::detect(&scratch.buffer) {
            None => Ok(read(&scratch.buffer)),
            Some(_) => inflate_layers(&scratch.buffer, budget).map(|plain| read(&plain)),
        }
    });
    scratch.buffer.clear();
    if scratch.buffer.capacity() > KEPT_BYTES {
        scratch.buffer = Vec::new();
    }
    SCRATCH.set(Some(scratch));
    result
}

/// Removes the remaining layers of a body compressed more than once.
fn inflate_layers(body: &[u8], budget: &mut Budget) -> Result<Vec<u8>, InflateError> {
    let mut plain = body.to_vec();
    for _ in 1..MAX_LAYERS {
        let Some(compression) = Compression::detect(&plain) else { return Ok(plain) };
        plain = bounded(compression, &plain, &budget.limits())?;
        budget.spend(plain.len())?;
    }
    match Compression::detect(&plain) {
        None => Ok(plain),
        Some(_) => Err(InflateError::TooManyLayers),
    }
}
