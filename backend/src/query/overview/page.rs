//! The overview that is answered: a page of rows, and the numbers of all.

use super::activity::Presence;
use super::ranking::{Cursor, Key, Sort};
use super::row::{Row, State, stand_out};
use crate::query::Question;
use crate::store::TimeRange;

/// Which rows of an overview.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) question: Question,
    pub(crate) sort: Sort,
    /// What names of services must contain, in any case; empty for all.
    pub(crate) text: String,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) limit: usize,
}

impl Wanted {
    /// Whether it is a later page of an order that new verdicts would change.
    pub(super) fn keeps_places(&self) -> bool {
        self.cursor.is_some() && matches!(self.sort, Sort::Attention | Sort::Change)
    }

    /// Tells whether the name of a service contains the text.
    pub(super) fn by_text(&self) -> impl Fn(&str) -> bool + use<> {
        let text = self.text.to_lowercase();
        move |service| text.is_empty() || service.to_lowercase().contains(&text)
    }
}

/// All services together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fleet {
    pub(crate) cores: f64,
    pub(crate) reporting: u64,
    /// With profiles in the range, but none in its last ten minutes.
    pub(crate) silent: u64,
    pub(crate) with_gaps: u64,
    /// Part of the CPU time whose functions have no name, of the services with a verdict.
    pub(crate) without_symbols: Option<f64>,
    pub(crate) changed: u64,
}

/// A page of rows, and what they are about.
#[derive(Debug)]
pub(crate) struct Overview {
    pub(crate) rows: Vec<Row>,
    /// `None` on the last page.
    pub(crate) next: Option<Cursor>,
    /// Services that match.
    pub(crate) services: usize,
    /// Services that were compared, whatever text was asked for: changes are significant among them.
    pub(crate) tested: usize,
    pub(crate) fleet: Fleet,
    pub(crate) range: TimeRange,
    pub(crate) step_ns: i64,
    pub(crate) notes: Vec<String>,
}

impl Overview {
    /// Of all rows that the caller may see, those whose names match. O(n log n).
    pub(super) fn of(
        mut rows: Vec<Row>,
        matches: impl Fn(&str) -> bool,
        wanted: &Wanted,
        (range, step_ns): (TimeRange, i64),
    ) -> Overview {
        let tested = stand_out(&mut rows);
        rows.retain(|row| matches(&row.activity.service));
        let fleet = Fleet::of(&rows);
        let notes = pending(&rows).into_iter().collect();
        let (services, sort) = (rows.len(), wanted.sort);
        rows.sort_by(|a, b| Key::of(a, sort).compare(&Key::of(b, sort)));
        let is_before = |row: &Row, cursor: &Cursor| Key::of(row, sort).compare(&cursor.after).is_le();
        let from = wanted.cursor.as_ref();
        let from = from.map_or(0, |cursor| rows.partition_point(|row| is_before(row, cursor)));
        let has_more = services - from > wanted.limit;
        let rows: Vec<Row> = rows.into_iter().skip(from).take(wanted.limit).collect();
        let last = rows.last().filter(|_| has_more);
        let next = last.map(|row| Cursor::behind(row, sort, range.end));
        Overview { rows, next, services, tested, fleet, range, step_ns, notes }
    }
}

impl Fleet {
    fn of(rows: &[Row]) -> Fleet {
        let count = |is: fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count() as u64;
        let cores = |row: &Row| row.activity.cores.unwrap_or(0.0);
        let known = |row: &Row| Some((cores(row), row.judgement.as_ref()?.without_symbols?));
        let known: Vec<(f64, f64)> = rows.iter().filter_map(known).collect();
        let weight: f64 = known.iter().map(|(cores, _)| cores).sum();
        let without: f64 = known.iter().map(|(cores, without)| cores * without).sum();
        Fleet {
            cores: rows.iter().map(cores).sum(),
            reporting: count(|row| row.activity.presence == Presence::Reporting),
            silent: count(|row| row.activity.presence == Presence::WentSilent),
            with_gaps: count(|row| row.activity.has_gap),
            without_symbols: (weight > 0.0).then(|| without / weight),
            changed: count(Row::is_change),
        }
    }
}

fn pending(rows: &[Row]) -> Option<String> {
    let pending = rows.iter().filter(|row| row.state == State::Pending).count();
    (pending > 0).then(|| format!("{pending} of {} services have no verdict yet", rows.len()))
}

#[cfg(test)]
mod tests {
    use super::super::activity::Activity;
    use super::super::judgement::{Found, Judgement};
    use super::super::row::made_up::{activity, judgement, row};
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    const RANGE: TimeRange = TimeRange::nanos(0, 100);

    fn wanted(sort: Sort, text: &str, cursor: Option<Cursor>) -> Wanted {
        let question = Question::new(Default::default(), RANGE);
        Wanted { question, sort, text: text.to_owned(), cursor, limit: 2 }
    }

    fn overview(rows: &[Row], wanted: &Wanted) -> Overview {
        Overview::of(rows.to_vec(), wanted.by_text(), wanted, (RANGE, 10))
    }

    #[test]
    fn pages_continue_even_if_a_row_is_gone() {
        let mut rows: Vec<Row> = ["e", "d", "c", "b", "a"]
            .iter()
            .zip(0..)
            .map(|(name, n)| row(name, Found::Regressed, f64::from(n)))
            .collect();
        let first = overview(&rows, &wanted(Sort::Attention, "", None));
        let names = |of: &Overview| -> Vec<String> {
            of.rows.iter().map(|row| row.activity.service.clone()).collect()
        };
        assert_eq!((names(&first), first.services), (vec!["a".to_owned(), "b".to_owned()], 5));
        let cursor = first.next.clone();
        assert_eq!(cursor.as_ref().map(|cursor| cursor.end), Some(UnixNanos(100)));
        rows.retain(|row| row.activity.service != "b");
        let second = overview(&rows, &wanted(Sort::Attention, "", cursor));
        assert_eq!(names(&second), ["c", "d"]);
        let last = overview(&rows, &wanted(Sort::Attention, "", second.next));
        assert_eq!((names(&last), last.next), (vec!["e".to_owned()], None));
    }

    #[test]
    fn a_text_narrows_rows_and_fleet_but_not_what_is_significant() {
        let rows = [row("Shop", Found::Regressed, 1.0), row("pay", Found::Unchanged, 0.0)];
        let found = overview(&rows, &wanted(Sort::Name, "sHo", None));
        assert_eq!((found.services, found.tested, found.fleet.changed), (1, 2, 1));
        assert_eq!(found.fleet.cores, 1.0);
    }

    #[test]
    fn the_fleet_counts_what_is_silent_pending_and_without_symbols() {
        let silent = Activity { presence: Presence::WentSilent, has_gap: true, ..activity("a", 2.0) };
        let unnamed = Judgement { without_symbols: Some(0.5), ..judgement(Found::Unchanged, 0.0, 1.0) };
        let rows = [
            Row::new(Arc::new(silent), None, false),
            Row::new(Arc::new(activity("b", 3.0)), Some(Arc::new(unnamed)), false),
            Row::new(Arc::new(activity("c", 1.0)), None, false),
        ];
        let found = overview(&rows, &wanted(Sort::Name, "", None));
        let expected = Fleet {
            cores: 6.0,
            reporting: 2,
            silent: 1,
            with_gaps: 1,
            without_symbols: Some(0.5),
            changed: 0,
        };
        assert_eq!(found.fleet, expected);
        assert_eq!(found.notes, ["1 of 3 services have no verdict yet"]);
    }
}
