//! Order of rows, and places in it.
//!
//! By attention: regressed services, those that went silent, those that changed otherwise, those that may have and have no verdict yet, those
//! with too little data (new ones among them), improved ones, unchanged ones, those that cannot be compared, others without a verdict, and
//! those that were gone before the range. Of equal ones the one with the larger difference in cores, then the one with more cores, then by
//! name.

use super::activity::Presence;
use super::row::{Row, State};
use super::suspicion::Suspicion;
use flarepath_profile::unix_nanos::UnixNanos;
use std::cmp::Ordering;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Attention,
    Cores,
    /// The largest increase first; services without a significant change of the total last.
    Change,
    Name,
}

/// A place in an order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key<N> {
    rank: u8,
    /// The larger first.
    numbers: [f64; 2],
    name: N,
}

/// Where a page begins: behind the last row of the page before, in an overview of a range that ended at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor {
    pub(super) end: UnixNanos,
    pub(super) after: Key<String>,
}

/// The text is not a cursor that a page has given.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`cursor`: expected `next_cursor` of the previous page")]
pub(crate) struct BadCursor;

impl<'r> Key<&'r str> {
    pub(super) fn of(row: &'r Row, sort: Sort) -> Key<&'r str> {
        let cores = row.activity.cores.unwrap_or(0.0);
        let (rank, numbers) = match sort {
            Sort::Attention => (attention(row), [row.difference(), cores]),
            Sort::Cores => (0, [cores, 0.0]),
            Sort::Change => match row.change() {
                Some(change) => (0, [change, cores]),
                None => (1, [0.0, cores]),
            },
            Sort::Name => (0, [0.0; 2]),
        };
        Key { rank, numbers, name: &row.activity.service }
    }
}

impl<N: AsRef<str>> Key<N> {
    pub(super) fn compare<M: AsRef<str>>(&self, other: &Key<M>) -> Ordering {
        let larger_first = |place: usize| other.numbers[place].total_cmp(&self.numbers[place]);
        let names = self.name.as_ref().cmp(other.name.as_ref());
        self.rank.cmp(&other.rank).then(larger_first(0)).then(larger_first(1)).then(names)
    }
}

/// The place in the order of attention, before numbers count.
fn attention(row: &Row) -> u8 {
    match row.state {
        State::Regressed => 0,
        State::Silent if row.activity.presence == Presence::WentSilent => 1,
        State::Changed => 2,
        State::Pending if row.activity.suspicion != Suspicion::None => 3,
        State::TooLittleData => 4,
        State::Improved => 5,
        State::Unchanged => 6,
        State::NotComparable => 7,
        State::Pending => 8,
        State::Silent => 9,
    }
}

impl Cursor {
    /// Behind this row.
    pub(super) fn behind(row: &Row, sort: Sort, end: UnixNanos) -> Cursor {
        let Key { rank, numbers, name } = Key::of(row, sort);
        Cursor { end, after: Key { rank, numbers, name: name.to_owned() } }
    }

    /// The text of a cursor; numbers are in hexadecimal digits.
    pub(crate) fn to_text(&self) -> String {
        let Key { rank, numbers: [first, second], name } = &self.after;
        format!("{:016x}-{rank}-{:016x}-{:016x}-{name}", self.end.0, first.to_bits(), second.to_bits())
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`BadCursor`].
    pub(crate) fn parse(text: &str) -> Result<Cursor, BadCursor> {
        let mut parts = text.splitn(5, '-');
        let mut part = || parts.next().ok_or(BadCursor);
        let bits = |text: &str| u64::from_str_radix(text, 16).map_err(|_| BadCursor);
        let end = UnixNanos(bits(part()?)?.cast_signed());
        let rank = part()?.parse().map_err(|_| BadCursor)?;
        let numbers = [f64::from_bits(bits(part()?)?), f64::from_bits(bits(part()?)?)];
        let name = part()?.to_owned();
        Ok(Cursor { end, after: Key { rank, numbers, name } })
    }
}

#[cfg(test)]
mod tests {
    use super::super::activity::Activity;
    use super::super::judgement::Found;
    use super::super::row::made_up::{activity, row};
    use super::*;
    use std::sync::Arc;

    fn sorted(sort: Sort, mut rows: Vec<Row>) -> Vec<String> {
        rows.sort_by(|a, b| Key::of(a, sort).compare(&Key::of(b, sort)));
        rows.into_iter().map(|row| row.activity.service.clone()).collect()
    }

    fn with(presence: Presence, suspicion: Suspicion, name: &str, cores: f64) -> Row {
        let activity = Activity { presence, suspicion, ..activity(name, cores) };
        Row::new(Arc::new(activity), None, false)
    }

    fn all() -> Vec<Row> {
        vec![
            with(Presence::Gone, Suspicion::None, "gone", 0.0),
            with(Presence::Reporting, Suspicion::None, "waiting", 9.0),
            row("strange", Found::NotComparable, 0.0),
            row("steady", Found::Unchanged, 0.0),
            row("better", Found::Improved, 3.0),
            row("new", Found::TooLittleData, 0.0),
            with(Presence::Reporting, Suspicion::Moved, "suspicious", 2.0),
            row("moved", Found::Changed, 0.1),
            with(Presence::WentSilent, Suspicion::None, "silent", 2.0),
            row("slightly-worse", Found::Regressed, 0.2),
            row("worse", Found::Regressed, 2.0),
        ]
    }

    #[test]
    fn what_needs_attention_comes_first() {
        let expected = [
            "worse",
            "slightly-worse",
            "silent",
            "moved",
            "suspicious",
            "new",
            "better",
            "steady",
            "strange",
            "waiting",
            "gone",
        ];
        assert_eq!(sorted(Sort::Attention, all()), expected);
    }

    #[test]
    fn other_orders() {
        assert_eq!(sorted(Sort::Cores, all())[..3], ["waiting", "silent", "suspicious"]);
        assert_eq!(sorted(Sort::Name, all())[..2], ["better", "gone"]);
        // Changes of the total alike: those with as many cores by name.
        let changed = sorted(Sort::Change, all());
        assert_eq!(changed[..4], ["better", "moved", "slightly-worse", "worse"]);
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let row = row("a-b c", Found::Regressed, 2.5);
        let cursor = Cursor::behind(&row, Sort::Attention, UnixNanos(-7));
        assert_eq!(Cursor::parse(&cursor.to_text()).unwrap(), cursor);
        let key = Key::of(&row, Sort::Attention);
        assert_eq!(key.compare(&cursor.after), Ordering::Equal);
        for text in ["", "1", "0-0-0-0", "x-0-0-0-a", "0-x-0-0-a"] {
            assert_eq!(Cursor::parse(text), Err(BadCursor), "{text}");
        }
    }
}
