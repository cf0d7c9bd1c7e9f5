//! What the tables of a pprof may take in memory, counted before they grow.

use super::PprofError;
use crate::limits::decode_room;

/// Bytes that are left.
pub(super) struct Room {
    limit: usize,
    left: usize,
}

impl Room {
    /// Room for an input of so many bytes.
    pub(super) fn of(input: usize) -> Room {
        let limit = decode_room(input);
        Room { limit, left: limit }
    }

    /// Takes `count` times `each` bytes.
    ///
    /// # Errors
    /// [`PprofError::TooMany`] when they are not left.
    #[inline]
    pub(super) fn take(&mut self, count: usize, each: usize) -> Result<(), PprofError> {
        let too_many = PprofError::TooMany { what: "bytes in memory", limit: self.limit };
        self.left = self.left.checked_sub(count.saturating_mul(each)).ok_or(too_many)?;
        Ok(())
    }
}
