//! Positions of the entries of one table.

use super::PprofError;
use std::ops::Range;

/// Ranges of the entries of one table. Input is at most 64 MiB, hence `u32`.
#[derive(Default)]
pub(super) struct Entries(Vec<(u32, u32)>);

impl Entries {
    #[inline]
    pub(super) fn push(
        &mut self,
        range: Range<usize>,
        what: &'static str,
        limit: usize,
    ) -> Result<(), PprofError> {
        if self.0.len() == limit {
            return Err(PprofError::TooMany { what, limit });
        }
        self.0.push((range.start as u32, range.end as u32));
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        self.0.iter().map(|&(start, end)| start as usize..end as usize)
    }
}
