//! The part of the values that is asked for: those that contain a text, in an order, from a place in it on.
//!
//! A place is what the order goes by, and the name: so a page continues right after the last one even when values have come or gone
//! since.

use super::{Breakdown, Place, Row};
use flarepath_profile::stats::Standing;
use std::cmp::Ordering;

/// What values are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Total,
    Rate,
    Name,
    /// Values that differ significantly first, then by the size of the difference.
    Deviation,
}

/// Which values.
#[derive(Clone, Debug)]
pub(crate) struct PageQuery {
    pub(crate) column: Column,
    pub(crate) descending: bool,
    /// What values must contain, in any case; empty for all.
    pub(crate) text: String,
    /// [`Page::next`] of the page before.
    pub(crate) cursor: Option<String>,
    pub(crate) limit: usize,
}

/// Some values of a breakdown.
#[derive(Debug, PartialEq)]
pub(crate) struct Page<'b> {
    pub(crate) rows: Vec<&'b Row>,
    /// How many values contain the text.
    pub(crate) matching: usize,
    /// Where the next page begins; `None` at the end.
    pub(crate) next: Option<String>,
}

/// The cursor is not one that a page has given.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`cursor`: expected `next` of the previous page")]
pub(crate) struct BadCursor;

/// Some values of `breakdown`.
///
/// # Errors
/// [`BadCursor`].
pub(crate) fn page<'b>(breakdown: &'b Breakdown, query: &PageQuery) -> Result<Page<'b>, BadCursor> {
    let after = query.cursor.as_deref().map(Key::parse).transpose()?;
    let text = query.text.to_lowercase();
    let contains = |row: &&Row| text.is_empty() || row.value.to_lowercase().contains(&text);
    let mut found: Vec<(Key<'_>, &Row)> =
        breakdown.rows.iter().filter(contains).map(|row| (Key::of(row, query.column), row)).collect();
    let matching = found.len();
    found.sort_by(|(a, _), (b, _)| a.compare(b, query));
    let from = after
        .map_or(0, |after| found.partition_point(|(key, _)| key.compare(&after, query) != Ordering::Greater));
    let rest = &found[from..];
    let rows = &rest[..query.limit.min(rest.len())];
    let next = (rows.len() < rest.len()).then(|| rows.last().map(|(key, _)| key.to_text())).flatten();
    Ok(Page { rows: rows.iter().map(|(_, row)| *row).collect(), matching, next })
}

/// What a row is sorted by.
#[derive(Clone, Copy, Debug)]
struct Key<'r> {
    /// Counts before the number; 0 is always last, in either direction.
    rank: u8,
    number: f64,
    name: &'r str,
}

impl<'r> Key<'r> {
    fn of(row: &'r Row, column: Column) -> Key<'r> {
        let (rank, number) = match column {
            Column::Total => (1, row.total),
            Column::Rate => (1, row.rate),
            Column::Name => (1, 0.0),
            Column::Deviation => match row.place {
                Place::Among { standing: Standing::Compared(found), .. } => {
                    let size = found.rate.relative().map_or(f64::INFINITY, f64::abs);
                    (1 + u8::from(found.is_odd), size)
                }
                _ => (0, 0.0),
            },
        };
        Key { rank, number, name: &row.value }
    }

    fn compare(&self, other: &Key<'_>, query: &PageQuery) -> Ordering {
        let directed = |order: Ordering| if query.descending { order.reverse() } else { order };
        let names = self.name.cmp(other.name);
        let last = (self.rank == 0).cmp(&(other.rank == 0));
        let numbers = self.rank.cmp(&other.rank).then(self.number.total_cmp(&other.number));
        let names = if query.column == Column::Name { directed(names) } else { names };
        last.then(directed(numbers)).then(names)
    }

    fn to_text(self) -> String {
        format!("{}-{:016x}-{}", self.rank, self.number.to_bits(), self.name)
    }

    fn parse(text: &'r str) -> Result<Key<'r>, BadCursor> {
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or(BadCursor);
        let (rank, bits, name) = (part()?, part()?, part()?);
        let rank = rank.parse().map_err(|_| BadCursor)?;
        let number = f64::from_bits(u64::from_str_radix(bits, 16).map_err(|_| BadCursor)?);
        Ok(Key { rank, number, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TimeRange;
    use flarepath_profile::stats::{Deviation, Estimate};
    use flarepath_profile::verdict::Per;

    fn row(value: &str, total: f64, relative: Option<f64>) -> Row {
        let place = relative.map_or(Place::NotCompared, |relative| {
            let rate = Estimate { before: 1.0, after: 1.0 + relative, error: 0.1, freedom: 9.0 };
            let standing = Standing::Compared(Deviation { rate, q: 0.0, is_odd: relative < 0.0 });
            Place::Among { others: 3, standing }
        });
        Row {
            value: value.to_owned(),
            service: None,
            rate: -total,
            total,
            series: 1,
            replicas: 1,
            profiles: 1,
            covered_secs: 1.0,
            spark: Vec::new(),
            place,
        }
    }

    fn breakdown() -> Breakdown {
        let rows = vec![
            row("", 1.0, None),
            row("Pod-a", 3.0, Some(0.5)),
            row("pod-b", 2.0, Some(-0.2)),
            row("x-1", 3.0, Some(0.9)),
        ];
        let range = TimeRange::nanos(0, 1);
        Breakdown { per: Per::Second, total: 9.0, rate: 0.0, rows, range, bucket_ns: 1, buckets: 1 }
    }

    /// All values, asked for in pages of `limit`.
    fn names(column: Column, descending: bool, text: &str, limit: usize) -> Vec<String> {
        let breakdown = breakdown();
        let mut query = PageQuery { column, descending, text: text.to_owned(), cursor: None, limit };
        let mut found = Vec::new();
        loop {
            let page = page(&breakdown, &query).unwrap();
            assert!(page.rows.len() <= limit);
            found.extend(page.rows.iter().map(|row| row.value.clone()));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => return found,
            }
        }
    }

    #[test]
    fn every_order_is_the_same_in_pages() {
        for limit in 1..5 {
            assert_eq!(names(Column::Total, true, "", limit), ["Pod-a", "x-1", "pod-b", ""]);
            assert_eq!(names(Column::Total, false, "", limit), ["", "pod-b", "Pod-a", "x-1"]);
            assert_eq!(names(Column::Rate, true, "", limit), ["", "pod-b", "Pod-a", "x-1"]);
            assert_eq!(names(Column::Name, true, "", limit), ["x-1", "pod-b", "Pod-a", ""]);
            assert_eq!(names(Column::Deviation, true, "", limit), ["pod-b", "x-1", "Pod-a", ""]);
            assert_eq!(names(Column::Deviation, false, "", limit), ["Pod-a", "x-1", "pod-b", ""]);
        }
    }

    #[test]
    fn text_is_found_in_any_case() {
        assert_eq!(names(Column::Name, false, "POD", 9), ["Pod-a", "pod-b"]);
        assert!(names(Column::Name, false, "no such", 9).is_empty());
    }

    #[test]
    fn a_page_continues_where_the_last_one_ended_even_if_that_value_is_gone() {
        let mut breakdown = breakdown();
        let query = PageQuery {
            column: Column::Total,
            descending: true,
            text: String::new(),
            cursor: None,
            limit: 2,
        };
        let next = page(&breakdown, &query).unwrap().next;
        breakdown.rows.retain(|row| row.value != "x-1");
        let second = page(&breakdown, &PageQuery { cursor: next, ..query.clone() }).unwrap();
        assert_eq!(second.rows[0].value, "pod-b");
        for cursor in ["", "1", "1-x-a", "x-0000000000000000-a"] {
            let query = PageQuery { cursor: Some(cursor.to_owned()), ..query.clone() };
            assert_eq!(page(&breakdown, &query), Err(BadCursor), "{cursor}");
        }
    }
}
