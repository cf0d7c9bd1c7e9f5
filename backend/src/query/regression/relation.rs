//! Relation of two selections: the same time of two versions, two times of one service, and so on.

use crate::query::Question;
use crate::store::TimeRange;
use flarepath_profile::labels::{Meaning, meaning};
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::unix_nanos::{DAY_NS, MINUTE_NS, UnixNanos};
use flarepath_profile::verdict::Relation;

/// Ends of ranges that were computed at different moments.
const TOLERANCE_NS: i64 = MINUTE_NS;

/// The relation of a baseline to its comparison.
pub(super) fn relation(baseline: &Question, comparison: &Question) -> Relation {
    let only_here = |own: &Question, other: &Question| -> Vec<Matcher> {
        let theirs = &other.selector.matchers;
        own.selector.matchers.iter().filter(|matcher| !theirs.contains(matcher)).cloned().collect()
    };
    match (&only_here(baseline, comparison)[..], &only_here(comparison, baseline)[..]) {
        ([], []) => Relation::Times { baseline: name_of_time(baseline, comparison), new_version: None },
        ([before], [after])
            if before.name == after.name && before.op == MatchOp::Equal && after.op == MatchOp::Equal =>
        {
            let (label, before, after) = (after.name.clone(), before.value.clone(), after.value.clone());
            match meaning(&label) {
                Some(Meaning::Version) => Relation::Versions { before, after },
                _ => Relation::Values { label, before, after },
            }
        }
        _ => Relation::Selections,
    }
}

/// `the hour before`, `the same time a day earlier`: the baseline's range as seen from the comparison.
fn name_of_time(baseline: &Question, comparison: &Question) -> String {
    let length = comparison.range.length_ns();
    let shift = comparison.range.start.nanos_since(baseline.range.start);
    let is = |expected: i64| (shift - expected).abs() <= TOLERANCE_NS;
    let is_as_long = (baseline.range.length_ns() - length).abs() <= TOLERANCE_NS;
    match is_as_long {
        true if is(length) => format!("the {} before", length_name(length)),
        true if is(DAY_NS) => "the same period a day earlier".to_owned(),
        true if is(7 * DAY_NS) => "the same period a week earlier".to_owned(),
        _ => "the baseline's period".to_owned(),
    }
}

/// `the 52 min before 14:05 UTC`: the time before a change, to the minute. It need not be as long as what comes after it. With the date if it
/// is half a day or more.
pub(super) fn name_of_time_until(range: TimeRange) -> String {
    let length_ns = range.length_ns();
    let at = text(range.end);
    let until = match (at.get(11..16), length_ns < DAY_NS / 2) {
        (Some(time), true) => format!("{time} UTC"),
        _ => at,
    };
    format!("the {} before {until}", length_name(length_ns))
}

fn length_name(length_ns: i64) -> String {
    match (length_ns + MINUTE_NS / 2) / MINUTE_NS {
        0 => "time".to_owned(),
        1 => "minute".to_owned(),
        60 => "hour".to_owned(),
        1440 => "day".to_owned(),
        10_080 => "week".to_owned(),
        minutes if minutes % 1440 == 0 => format!("{} days", minutes / 1440),
        minutes if minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} min"),
    }
}

/// RFC 3339, to the second.
pub(super) fn text(at: UnixNanos) -> String {
    let secs = at.as_secs();
    jiff::Timestamp::from_second(secs).map_or_else(|_| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(selector: &str, from_min: i64, until_min: i64) -> Question {
        let range = TimeRange::nanos(from_min * MINUTE_NS, until_min * MINUTE_NS);
        Question::new(selector.parse().unwrap(), range)
    }

    #[test]
    fn times_are_named() {
        let name = |from, until| match relation(&question("{}", from, until), &question("{}", 20_000, 20_060))
        {
            Relation::Times { baseline, .. } => baseline,
            other => panic!("{other:?}"),
        };
        assert_eq!(name(19_940, 20_000), "the hour before");
        assert_eq!(name(20_000 - 1440, 20_060 - 1440), "the same period a day earlier");
        assert_eq!(name(20_000 - 10_080, 20_060 - 10_080), "the same period a week earlier");
        assert_eq!(name(19_000, 19_001), "the baseline's period");
        assert_eq!(
            [15, 120, 4320].map(|minutes| length_name(minutes * MINUTE_NS)),
            ["15 min", "2 hours", "3 days"]
        );
    }

    #[test]
    fn the_time_before_a_change_says_when_that_was() {
        let name = |from: i64, until: i64| {
            name_of_time_until(TimeRange::nanos(from * MINUTE_NS, until * MINUTE_NS + MINUTE_NS / 2))
        };
        assert_eq!(name(793, 845), "the 53 min before 14:05 UTC");
        assert_eq!(name(0, 1445), "the 1446 min before 1970-01-02T00:05:30Z");
    }

    #[test]
    fn only_versions_and_times_are_before_and_after() {
        let of = |before: &str, after: &str| relation(&question(before, 0, 60), &question(after, 0, 60));
        assert_eq!(
            of(r#"{service_name="a", service.version="1"}"#, r#"{service_name="a", service.version="2"}"#),
            Relation::Versions { before: "1".to_owned(), after: "2".to_owned() }
        );
        assert!(matches!(of(r#"{pod="a"}"#, r#"{pod="b"}"#), Relation::Values { .. }));
        assert_eq!(of(r#"{pod!="a"}"#, r#"{pod="a"}"#), Relation::Selections);
        assert_eq!(of("{}", r#"{pod="a"}"#), Relation::Selections);
    }
}
