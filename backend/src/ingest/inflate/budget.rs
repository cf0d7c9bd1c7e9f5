//! Profiles of one request: decompressed one after the other, within one budget of bytes and one reservation of memory.

use super::room::Room;
use super::{Compression, InflateError, Limits, MAX_LAYERS, SCRATCH, bounded};
use crate::request_memory::Reservation;
use flarepath_profile::limits::{MAX_INFLATE_RATIO, MAX_PROFILE_BYTES};

/// Bytes that all profiles of one request may have after decompression.
const MAX_REQUEST_BYTES: usize = 2 * MAX_PROFILE_BYTES;
/// A larger buffer is freed after use.
const KEPT_BYTES: usize = 4 << 20;
/// 64 MiB, the size of the largest profile.
const ZSTD_WINDOW_LOG: u32 = 26;

/// Memory reserved for a request whose profiles have so many bytes, decompressed: four times as much, as readers keep within
/// it (`decode_room` of `flarepath_profile::limits`), and eight times for small ones, of which tables are a larger part.
fn memory_for(plain: usize) -> usize {
    plain.saturating_mul(4).max(plain.saturating_mul(8).min(64 << 20))
}

/// Bytes that one request may still decompress to, and the memory reserved for it. Shared by all profiles of the request.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
    /// Without one, nothing is reserved.
    memory: Option<Reservation>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { left: MAX_REQUEST_BYTES, memory: None }
    }
}

impl Budget {
    #[cfg(test)]
    pub(super) fn of(left: usize) -> Budget {
        Budget { left, memory: None }
    }

    /// A budget that reserves what it spends. For threads that may block.
    pub(crate) fn within(memory: Reservation) -> Budget {
        Budget { memory: Some(memory), ..Budget::default() }
    }

    /// `body`, which must be in this format, decompressed: a message that holds profiles, and counts as none of them.
    ///
    /// # Errors
    /// [`InflateError`].
    pub(crate) fn inflate(&self, compression: Compression, body: &[u8]) -> Result<Vec<u8>, InflateError> {
        bounded(compression, body, &self.limits(), self.memory.as_ref())
    }

    /// Limits of the next body.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_bytes: self.left.min(MAX_PROFILE_BYTES),
            max_ratio: MAX_INFLATE_RATIO,
            zstd_window_log: ZSTD_WINDOW_LOG,
        }
    }

    /// Reserves `bytes` beside those of the profiles.
    ///
    /// # Errors
    /// [`InflateError::Memory`].
    pub(crate) fn reserve(&self, bytes: usize) -> Result<(), InflateError> {
        self.memory.as_ref().map_or(Ok(()), |memory| Ok(memory.grow_blocking(bytes)?))
    }

    /// Counts `bytes` of a profile that is about to be read.
    ///
    /// # Errors
    /// [`InflateError::TooLarge`] and [`InflateError::Memory`].
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), InflateError> {
        let limit = self.limits().max_bytes;
        if bytes > limit {
            return Err(InflateError::TooLarge { limit });
        }
        self.left -= bytes;
        if let Some(memory) = &self.memory {
            memory.grow_to_blocking(memory_for(MAX_REQUEST_BYTES - self.left))?;
        }
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
    let result = scratch.inflate(compression, body, &budget.limits(), &Room::of(budget.memory.as_ref()));
    let result = result.and_then(|()| {
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
        plain = budget.inflate(compression, &plain)?;
        budget.spend(plain.len())?;
    }
    match Compression::detect(&plain) {
        None => Ok(plain),
        Some(_) => Err(InflateError::TooManyLayers),
    }
}
