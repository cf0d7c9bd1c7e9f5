//! Tables of a postmortem, and the text in their cells.

use crate::sharing::text::one_line;
use flarepath_profile::unix_nanos::UnixNanos;
use jiff::Timestamp;

/// Most characters of an untrusted text.
pub(super) const MAX_CHARS: usize = 240;

/// Content of a cell, or a part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Trusted text.
    Trusted(String),
    /// Untrusted text from a profile or a user.
    Untrusted(String),
}

/// A table; each row has as many cells as the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A name on one line.
pub(super) fn untrusted(text: &str) -> Cell {
    match one_line(text, MAX_CHARS) {
        text if text.is_empty() => Cell::Trusted("not known".to_owned()),
        text => Cell::Untrusted(text.into_owned()),
    }
}

/// A time as RFC 3339, in UTC, to the second.
pub(super) fn time(at: UnixNanos) -> String {
    let time = Timestamp::from_second(at.as_secs());
    // Every i64 of nanoseconds is between the years 1677 and 2262, which all can be written.
    time.map_or_else(|_| "not known".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_to_the_second() {
        assert_eq!(time(UnixNanos(1_795_266_000_999_999_999)), "2026-11-21T13:00:00Z");
        assert_eq!(time(UnixNanos::MIN), "1677-09-21T00:12:43Z");
    }
}
