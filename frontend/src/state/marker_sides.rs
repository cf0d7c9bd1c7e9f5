//! Comparisons of the times before and after a marker.

use super::clock_text::Zone;
use super::compare::Sides;
use super::markers::{Kind, Marker};
use super::query::Query;
use super::time_range::{Span, TimeRange};
use flarepath_profile::diff::Side;
use flarepath_profile::unix_nanos::SECOND_NS;
use std::cmp::Reverse;

/// Compares the time after a marker with as much time before it. After a marker that `span` contains, the rest of `span` is
/// compared; after any other, as much as `span` has. Nothing later than now is.
pub(crate) fn before_and_after(query: &Query, span: Span, at_ns: i64, now_ns: i64) -> Sides {
    let inside = (span.from_ns..span.until_ns).contains(&at_ns);
    let wanted = if inside { span.until_ns - at_ns } else { span.length_ns() };
    let length = wanted.min(now_ns.saturating_sub(at_ns)).max(SECOND_NS);
    let between = |from_ns: i64, until_ns: i64| {
        let range = Some(TimeRange::Between(Span { from_ns, until_ns }));
        Query { range, by: None, ..query.clone() }
    };
    Sides {
        baseline: between(at_ns.saturating_sub(length).max(0), at_ns),
        comparison: between(at_ns, at_ns.saturating_add(length)),
    }
}

/// The query without filters by the version that a marker names: what was there before has another one.
pub(crate) fn without_version(query: &Query, version: &str) -> Query {
    let mut matchers = query.matchers().unwrap_or_default();
    let all = matchers.len();
    matchers.retain(|matcher| version.is_empty() || matcher.value != version);
    if matchers.len() == all { query.clone() } else { query.with_matchers(matchers) }
}

/// The name of a side where the sides meet at a marker: `before deploy of v2 (14:02)`. `spans` are the times of both sides.
pub(crate) fn side_at_marker(
    sides: &Sides,
    side: Side,
    [before, after]: [Span; 2],
    markers: &[Marker],
    zone: Zone,
) -> Option<String> {
    let Sides { baseline, comparison } = sides;
    let is_one = baseline.service == comparison.service && baseline.filter == comparison.filter;
    let marker = markers.iter().find(|marker| marker.at_ns == after.from_ns)?;
    let word = match side {
        Side::Baseline => "before",
        Side::Comparison => "after",
    };
    let meets = is_one && before.until_ns == after.from_ns;
    meets.then(|| format!("{word} {}", marker.told(zone, after.end_ms())))
}

/// The markers in the order in which they are offered: deploys first, and the newest of each first.
pub(crate) fn offered(mut markers: Vec<Marker>) -> Vec<Marker> {
    markers.sort_by_key(|marker| (marker.kind != Kind::Deploy, Reverse(marker.at_ns)));
    markers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markers::tests::deploy;
    use crate::state::time_text::MS;

    const HOUR_MS: i64 = 3_600_000;

    fn times(sides: &Sides) -> [(i64, i64); 2] {
        [&sides.baseline, &sides.comparison].map(|query| match query.range {
            Some(TimeRange::Between(span)) => (span.start_ms(), span.end_ms()),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn both_sides_are_as_long_as_the_time_after_the_marker() {
        let span = Span::of_ms(10 * HOUR_MS, 11 * HOUR_MS);
        let at =
            |ms: i64, now_ms: i64| times(&before_and_after(&Query::default(), span, ms * MS, now_ms * MS));
        let late = 10 * HOUR_MS + 2_700_000;
        let quarter = 900_000;
        let now = 20 * HOUR_MS;
        assert_eq!(at(late, now), [(late - quarter, late), (late, late + quarter)], "inside");
        let early = 7 * HOUR_MS;
        assert_eq!(at(early, now), [(early - HOUR_MS, early), (early, early + HOUR_MS)], "hours before");
        assert_eq!(at(late, late + 60_000), [(late - 60_000, late), (late, late + 60_000)], "until now");
        assert_eq!(at(late, late), [(late - 1000, late), (late, late + 1000)], "just now");
    }

    #[test]
    fn sides_that_meet_at_a_marker_are_named_after_it() {
        let at = 10 * HOUR_MS;
        let marker = [deploy("v2", at)];
        let spans = [Span::of_ms(9 * HOUR_MS, at), Span::of_ms(at, 11 * HOUR_MS)];
        let named = |sides: &Sides, spans| {
            Side::BOTH.map(|side| side_at_marker(sides, side, spans, &marker, Zone::UTC))
        };
        let same = Sides::default();
        let names = ["before deploy of v2 (10:00)", "after deploy of v2 (10:00)"];
        assert_eq!(named(&same, spans), names.map(|name| Some(name.to_owned())));
        assert_eq!(named(&same, [spans[1], spans[0]]), [None, None], "swapped");
        assert_eq!(named(&same, [spans[0], spans[0]]), [None, None]);
        let filtered = Query { filter: r#"{pod="a"}"#.into(), ..Query::default() };
        assert_eq!(named(&Sides { comparison: filtered, ..same }, spans), [None, None]);
    }

    #[test]
    fn what_was_deployed_is_no_filter_of_what_was_before() {
        let query = Query { filter: r#"{region="eu",version="v2"}"#.into(), ..Query::default() };
        assert_eq!(without_version(&query, "v2").filter, r#"{region="eu"}"#);
        assert_eq!([without_version(&query, ""), without_version(&query, "v3")], [query.clone(), query]);
    }

    #[test]
    fn deploys_are_offered_first_and_the_newest_first() {
        let incident = Marker { kind: Kind::Incident, ..deploy("", 900) };
        let all = offered(vec![deploy("v1", 100), incident, deploy("v2", 500)]);
        let order: Vec<_> = all.iter().map(|marker| (marker.kind, marker.version.as_str())).collect();
        assert_eq!(order, [(Kind::Deploy, "v2"), (Kind::Deploy, "v1"), (Kind::Incident, "")]);
    }
}
