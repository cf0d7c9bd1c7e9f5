//! Reads numbers and texts of a recording, within its bounds.

use super::BadRecording;
use flarepath_profile::varint;

/// The part of a recording that has not been read.
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn number(&mut self, what: &'static str) -> Result<u64, BadRecording> {
        let (value, rest) = varint::split(self.rest).ok_or(BadRecording::Damaged(what))?;
        self.rest = rest;
        Ok(value)
    }

    /// A number of things, of which each has a byte at least.
    pub(super) fn count(&mut self, what: &'static str) -> Result<usize, BadRecording> {
        let count = self.number(what)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => Ok(count),
            _ => Err(BadRecording::Damaged(what)),
        }
    }

    /// An index below `end`.
    pub(super) fn id(&mut self, end: usize, what: &'static str) -> Result<u32, BadRecording> {
        match u32::try_from(self.number(what)?) {
            Ok(id) if (id as usize) < end => Ok(id),
            _ => Err(BadRecording::Damaged(what)),
        }
    }

    /// A column of `count` numbers.
    pub(super) fn column(&mut self, count: usize, what: &'static str) -> Result<Vec<u64>, BadRecording> {
        (0..count).map(|_| self.number(what)).collect()
    }

    /// A column of `count` indices below `end`.
    pub(super) fn ids(
        &mut self,
        count: usize,
        end: usize,
        what: &'static str,
    ) -> Result<Vec<u32>, BadRecording> {
        (0..count).map(|_| self.id(end, what)).collect()
    }

    pub(super) fn text(&mut self, what: &'static str) -> Result<&'a str, BadRecording> {
        let length = self.number(what)?;
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (text, rest) = split.ok_or(BadRecording::Damaged(what))?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| BadRecording::Damaged(what))
    }
}
