//! Changes of both sides of a comparison at once, and parts that they have in common.

use super::compare::Sides;
use super::query::Query;
use super::time_range::{Span, TimeRange};
use super::time_text::MS;
use super::timeline::{Line, TimelineData};
use flarepath_profile::diff::Side;
use flarepath_profile::selector::{MatchOp, Matcher};

/// The matchers of a filter that can be read.
fn matchers(query: &Query) -> Vec<Matcher> {
    query.matchers().unwrap_or_default()
}

/// The time of a query, when it is `now_ms`.
fn span(query: &Query, now_ms: i64) -> Span {
    query.range.unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms)
}

/// The question of the comparison, with only those filters that the baseline has, too.
pub(crate) fn common(sides: &Sides) -> Query {
    let Sides { baseline, comparison } = sides;
    if baseline.filter == comparison.filter {
        return comparison.clone();
    }
    let before = matchers(baseline);
    let both = matchers(comparison).into_iter().filter(|m| before.contains(m)).collect();
    comparison.with_matchers(both)
}

/// Replaces the common filters by those of `changed`; each side keeps its own.
pub(crate) fn with_filter(sides: &Sides, changed: &Query) -> Sides {
    let filtered = |filter: &str, query: &Query| Query { filter: filter.to_owned(), ..query.clone() };
    if sides.baseline.filter == sides.comparison.filter {
        let [baseline, comparison] = Side::BOTH.map(|side| filtered(&changed.filter, sides.of(side)));
        return Sides { baseline, comparison };
    }
    let Ok(wanted) = changed.matchers() else {
        // The page says what is wrong with it.
        return Sides { comparison: filtered(&changed.filter, &sides.comparison), ..sides.clone() };
    };
    let before = matchers(&common(sides));
    let side = |query: &Query| {
        let own = matchers(query).into_iter().filter(|m| !before.contains(m));
        query.with_matchers(wanted.iter().cloned().chain(own).collect())
    };
    Sides { baseline: side(&sides.baseline), comparison: side(&sides.comparison) }
}

/// Both sides at another time. A baseline of another time keeps its distance; the period before stays the period before.
pub(crate) fn at(sides: &Sides, range: TimeRange, now_ms: i64) -> Sides {
    let Sides { baseline, comparison } = sides;
    let ranged = |query: &Query, range: TimeRange| Query { range: Some(range), ..query.clone() };
    if sides.is_open() {
        return Sides::open(&ranged(comparison, range));
    }
    if baseline.range == comparison.range {
        return Sides { baseline: ranged(baseline, range), comparison: ranged(comparison, range) };
    }
    let (before, after, new) = (span(baseline, now_ms), span(comparison, now_ms), range.resolve(now_ms));
    let distance = after.from_ns - before.from_ns;
    let distance = if distance == after.length_ns() { new.length_ns() } else { distance };
    Sides {
        baseline: ranged(baseline, TimeRange::Between(new.earlier(distance))),
        comparison: ranged(comparison, TimeRange::Between(new)),
    }
}

/// The label whose values tell the sides apart, where that is all that their filters differ in.
pub(crate) fn splitting_label(sides: &Sides) -> Option<String> {
    let (before, after) = (matchers(&sides.baseline), matchers(&sides.comparison));
    let own = |all: &[Matcher], others: &[Matcher]| {
        let mut own = all.iter().filter(|m| !others.contains(m)).cloned();
        own.next().filter(|m| m.op == MatchOp::Equal && own.next().is_none())
    };
    let (first, second) = (own(&before, &after)?, own(&after, &before)?);
    (first.name == second.name).then_some(first.name)
}

/// A time with both spans in it and room beside them, when it is `now_ms`.
pub(crate) fn around([first, second]: [Span; 2], now_ms: i64) -> Span {
    let from_ns = first.from_ns.min(second.from_ns);
    let until_ns = first.until_ns.max(second.until_ns);
    let room = until_ns.saturating_sub(from_ns) / 4;
    let now_ns = now_ms.saturating_mul(MS);
    let end = until_ns.saturating_add(room).min(now_ns).max(until_ns);
    Span { from_ns: from_ns.saturating_sub(room).max(0), until_ns: end }
}

/// When each line but those that are there from the start begins.
pub(crate) fn beginnings(data: &TimelineData) -> Vec<(i64, String)> {
    let least = data.span.start_ms().saturating_add(data.step_ms.saturating_mul(2));
    let begins = |line: &Line| {
        let first = line.times_ms.first().copied().filter(|first| *first >= least)?;
        Some((first, line.name.clone()))
    };
    data.lines.iter().filter(|line| !line.name.is_empty()).filter_map(begins).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(filter: &str, hours: Option<(i64, i64)>) -> Query {
        let range = hours.map(|(from, until)| TimeRange::between_ms(from * 3_600_000, until * 3_600_000));
        let (service, profile_type) = (Some("shop".to_owned()), Some("cpu".to_owned()));
        Query { service, profile_type, filter: filter.into(), range, ..Query::default() }
    }

    fn sides(before: &str, after: &str) -> Sides {
        Sides { baseline: query(before, Some((5, 6))), comparison: query(after, Some((5, 6))) }
    }

    #[test]
    fn the_filters_of_both_are_changed_and_those_of_one_are_kept() {
        let versions = sides(r#"{region="eu", version="1"}"#, r#"{version="2", region="eu"}"#);
        assert_eq!(common(&versions).filter, r#"{region="eu"}"#);
        let none = with_filter(&versions, &Query { filter: String::new(), ..common(&versions) });
        assert_eq!(none, sides(r#"{version="1"}"#, r#"{version="2"}"#));
        let pod = with_filter(&none, &query(r#"{pod="a"}"#, None));
        assert_eq!(pod, sides(r#"{pod="a", version="1"}"#, r#"{pod="a", version="2"}"#));
    }

    #[test]
    fn an_invalid_filter_is_kept_and_can_be_fixed() {
        let same = with_filter(&sides("", ""), &query("{region=}", None));
        assert_eq!(
            (same.clone(), common(&same).filter),
            (sides("{region=}", "{region=}"), "{region=}".into())
        );
        assert_eq!(with_filter(&same, &query("", None)), sides("", ""));
        let other = sides(r#"{version="1"}"#, "");
        assert_eq!(with_filter(&other, &query("{", None)), sides(r#"{version="1"}"#, "{"));
    }

    #[test]
    fn another_time_keeps_the_distance_of_the_sides() {
        let at_hours =
            |before, after| Sides { baseline: query("", Some(before)), comparison: query("", Some(after)) };
        let moved = |sides: Sides| at(&sides, TimeRange::between_ms(36_000_000, 43_200_000), 0);
        let same = moved(at_hours((5, 6), (5, 6)));
        assert_eq!(same, at_hours((10, 12), (10, 12)));
        assert_eq!(moved(at_hours((4, 5), (5, 6))), at_hours((8, 10), (10, 12)), "the period before");
        assert_eq!(moved(at_hours((2, 3), (5, 6))), at_hours((7, 9), (10, 12)), "three hours before");
        let open = Sides::open(&query("", Some((5, 6))));
        assert!(moved(open).is_open());
    }

    #[test]
    fn sides_that_differ_in_the_value_of_one_label_are_lines_of_one_chart() {
        let label = |before: &str, after: &str| splitting_label(&sides(before, after));
        assert_eq!(label(r#"{version="1"}"#, r#"{version="2"}"#).as_deref(), Some("version"));
        assert_eq!(label(r#"{a="b", version="1"}"#, r#"{version="2", a="b"}"#).as_deref(), Some("version"));
        assert_eq!(label(r#"{pod!="a"}"#, r#"{pod="a"}"#), None);
        assert_eq!(label(r#"{version="1"}"#, r#"{pod="a"}"#), None);
        assert_eq!(label("", ""), None);
    }

    #[test]
    fn the_chart_has_room_around_both_spans_but_none_in_the_future() {
        let spans = [Span::of_ms(1000, 2000), Span::of_ms(4000, 5000)];
        assert_eq!(around(spans, 9000), Span::of_ms(0, 6000));
        assert_eq!(around(spans, 5500), Span::of_ms(0, 5500));
        assert_eq!(around(spans, 100), Span::of_ms(0, 5000));
    }

    #[test]
    fn only_what_began_within_the_chart_is_marked() {
        let line = |name: &str, times: &[i64]| Line {
            name: name.into(),
            times_ms: times.to_vec(),
            values: vec![1.0; times.len()],
        };
        let data = TimelineData {
            lines: vec![line("v1", &[0, 1000]), line("v2", &[4000, 5000]), line("", &[4000])],
            step_ms: 1000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span::of_ms(0, 6000),
            covered: Default::default(),
            by: Some("version".into()),
        };
        assert_eq!(beginnings(&data), [(4000, "v2".to_owned())]);
    }
}
