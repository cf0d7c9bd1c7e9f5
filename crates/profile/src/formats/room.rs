//! Memory budget of the tables made of one input ([`decode_room`]), counted as they grow.

use super::TooMuch;
use crate::limits::{MAX_PROFILE_BYTES, decode_room};
use std::cell::Cell;
use std::rc::Rc;

/// Bytes that are left. Clones share them: the profiles of one file.
#[derive(Clone)]
pub(crate) struct Room {
    left: Rc<Cell<usize>>,
    limit: usize,
}

impl Room {
    /// Room for an input of so many bytes.
    pub(crate) fn of(input: usize) -> Room {
        Room::with(decode_room(input))
    }

    /// Room for `limit` bytes.
    pub(crate) fn with(limit: usize) -> Room {
        Room { left: Rc::new(Cell::new(limit)), limit }
    }

    /// Takes `count` times `each` bytes.
    ///
    /// # Errors
    /// When they are not left.
    #[inline]
    pub(crate) fn take(&self, count: usize, each: usize) -> Result<(), TooMuch> {
        let too_much = TooMuch { what: "bytes in memory", limit: self.limit };
        self.left.set(self.left.get().checked_sub(count.saturating_mul(each)).ok_or(too_much)?);
        Ok(())
    }
}

/// Room for the largest input.
impl Default for Room {
    fn default() -> Room {
        Room::of(MAX_PROFILE_BYTES)
    }
}
