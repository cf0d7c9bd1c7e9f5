//! Room for the output of one decompression, in the memory budget of its request.

use crate::request_memory::{MemoryError, Reservation};

/// What was reserved before, and where more is reserved.
pub(super) struct Room<'a> {
    memory: Option<&'a Reservation>,
    before: usize,
}

impl<'a> Room<'a> {
    pub(super) fn of(memory: Option<&'a Reservation>) -> Room<'a> {
        Room { memory, before: memory.map_or(0, Reservation::bytes) }
    }

    /// Reserves room for `bytes` of this decompression in all.
    pub(super) fn reserve(&self, bytes: usize) -> Result<(), MemoryError> {
        match self.memory {
            Some(memory) => memory.grow_to_blocking(self.before.saturating_add(bytes)),
            None => Ok(()),
        }
    }
}
