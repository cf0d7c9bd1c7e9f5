//! Suggested baselines: another version, other replicas, healthy replicas, the time before an instant, times with data.
//!
//! Pure. The costs of label values come as a timeline with one line per value.

use super::compare::{BEFORE, Sides};
use super::query::Query;
use super::time_range::{Span, TimeRange};
use super::time_text::MS;
use crate::state::timeline::{Line, TimelineData};
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::stats::median;
use flarepath_profile::unix_nanos::{HOUR_NS, SECOND_NS};

/// Multiple of the median from which a replica counts as slow: noise between healthy ones is well below.
const SLOW: f64 = 1.5;

/// How far back times with data are looked for.
pub(crate) const WEEK_NS: i64 = 168 * HOUR_NS;

/// The time with as much before it, an hour at least: as far back as the server looks for the version before.
pub(crate) fn looking_back(span: Span) -> Span {
    Span { from_ns: (span.from_ns - span.length_ns().max(HOUR_NS)).max(0), ..span }
}

/// The latest version and the one before it.
pub(crate) fn versions(data: &TimelineData) -> Option<[String; 2]> {
    let mut seen: Vec<&Line> =
        data.lines.iter().filter(|l| !l.name.is_empty() && !l.times_ms.is_empty()).collect();
    // Versions of one interval are ordered by name: v9 before v10.
    let ends = |line: &Line| (line.times_ms.first().copied(), line.times_ms.last().copied());
    seen.sort_by(|a, b| (ends(a), a.name.len(), &a.name).cmp(&(ends(b), b.name.len(), &b.name)));
    let [.., before, last] = &seen[..] else { return None };
    Some([before.name.clone(), last.name.clone()])
}

/// Replicas by cost, most expensive first: the median of the buckets in which they sent anything, so that those
/// that lived only for a part of the time compare with the others, and half a bucket at its ends does not count.
pub(crate) fn replicas(data: &TimelineData) -> Vec<(String, f64)> {
    let named = data.lines.iter().filter(|line| !line.name.is_empty());
    let rate = |line: &Line| Some((line.name.clone(), median(line.values.clone())?));
    let mut all: Vec<(String, f64)> = named.filter_map(rate).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

/// Of the [`replicas`], those that cost more than one and a half times the median. None of fewer than three.
pub(crate) fn slow(replicas: &[(String, f64)]) -> Vec<String> {
    let rates = replicas.iter().map(|(_, rate)| *rate).collect();
    let Some(median) = median(rates).filter(|_| replicas.len() >= 3) else { return Vec::new() };
    replicas.iter().take_while(|(_, rate)| *rate > SLOW * median).map(|(name, _)| name.clone()).collect()
}

/// Compares one value of a label with another that may have ended before it began: the baseline is of all of `whole`.
pub(crate) fn value_against(query: &Query, label: &str, [before, after]: &[String; 2], whole: Span) -> Sides {
    let with = |value: &str| narrowed(query, matcher(label, MatchOp::Equal, value.to_owned()));
    let range = Some(TimeRange::Between(whole));
    Sides { baseline: Query { range, ..with(before) }, comparison: with(after) }
}

/// Compares some values of a label with all others.
pub(crate) fn against_others(query: &Query, label: &str, values: &[String]) -> Sides {
    let (is, is_not, text) = match values {
        [one] => (MatchOp::Equal, MatchOp::NotEqual, one.clone()),
        many => {
            let escaped: Vec<String> = many.iter().map(|value| literal(value)).collect();
            (MatchOp::Regex, MatchOp::NotRegex, escaped.join("|"))
        }
    };
    let with = |op| narrowed(query, matcher(label, op, text.clone()));
    Sides { baseline: with(is_not), comparison: with(is) }
}

/// The time before a moment, in nanoseconds, against the time after it, of one length: as much as `span` has on both sides of it, or half
/// of `span` each where the moment is not inside.
pub(crate) fn around(query: &Query, span: Span, moment_ns: i64) -> Sides {
    let inside = (moment_ns - span.from_ns).min(span.until_ns - moment_ns);
    let length = if inside >= SECOND_NS { inside } else { (span.length_ns() / 2).max(SECOND_NS) };
    let at = |from_ns: i64| {
        let from_ns = from_ns.max(0);
        let range = Some(TimeRange::Between(Span { from_ns, until_ns: from_ns + length }));
        Query { range, by: None, ..query.clone() }
    };
    Sides { baseline: at(moment_ns - length), comparison: at(moment_ns) }
}

/// So many nanoseconds earlier, also before the epoch, where there is no data.
fn shifted(Span { from_ns, until_ns }: Span, by_ns: i64) -> Span {
    Span { from_ns: from_ns.saturating_sub(by_ns), until_ns: until_ns.saturating_sub(by_ns) }
}

/// Whether a bucket of `data` with profiles touches `span`.
pub(crate) fn has_data(data: &TimelineData, span: Span) -> bool {
    let mut starts = data.lines.iter().flat_map(|line| &line.times_ms);
    starts.any(|at| at * MS < span.until_ns && (at + data.step_ms) * MS > span.from_ns)
}

/// Comparisons of which both sides have data, most likely first, with their names. `here` are the totals of `span`, `week` those of
/// the time until its end; without data in `span`, the latest data is offered, with a baseline that is left to the server.
pub(crate) fn sides_with_data(
    query: &Query,
    span: Span,
    here: &TimelineData,
    week: &TimelineData,
) -> Vec<(String, Sides)> {
    let times =
        |data: &TimelineData| data.lines.iter().flat_map(|line| line.times_ms.clone()).collect::<Vec<i64>>();
    let (inside, around_it) = (times(here), times(week));
    let (Some(first), Some(last)) = (inside.iter().min(), inside.iter().max()) else {
        let latest = around_it.iter().max().map(|at| ((at + week.step_ms) * MS).min(span.until_ns));
        let open = |until_ns: i64| {
            let from_ns = (until_ns - span.length_ns()).max(0);
            let range = Some(TimeRange::Between(Span { from_ns, until_ns }));
            ("The latest data".to_owned(), Sides::open(&Query { range, ..query.clone() }))
        };
        return latest.map(open).into_iter().collect();
    };
    let length = span.length_ns();
    let others = BEFORE.into_iter().filter(|(_, by_ns)| *by_ns != length);
    let earlier = [("The period before", length)].into_iter().chain(others);
    let earlier = earlier.filter(|(_, by_ns)| has_data(week, shifted(span, *by_ns)));
    let earlier = earlier.map(|(name, by_ns)| (name.to_owned(), Sides::before(query, span, by_ns)));
    // Both halves of what there is.
    let known = Span {
        from_ns: (first * MS).max(span.from_ns),
        until_ns: ((last + here.step_ms) * MS).min(span.until_ns),
    };
    let middle = known.from_ns + known.length_ns() / 2;
    let halves = (last > first).then(|| {
        ("The second half of this data, against the first".to_owned(), around(query, known, middle))
    });
    earlier.chain(halves).collect()
}

fn matcher(label: &str, op: MatchOp, value: String) -> Matcher {
    Matcher { name: label.to_owned(), op, value }
}

/// Replaces the matchers of the label.
fn narrowed(query: &Query, matcher: Matcher) -> Query {
    let mut matchers = query.matchers().unwrap_or_default();
    matchers.retain(|m| m.name != matcher.name);
    matchers.push(matcher);
    Query { by: None, ..query.with_matchers(matchers) }
}

/// A pattern that matches only this text.
fn literal(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::timeline::Coverage;

    const HOUR_MS: i64 = HOUR_NS / MS;

    fn data(lines: &[(&str, &[i64], f64)]) -> TimelineData {
        let line = |(name, times, each): &(&str, &[i64], f64)| Line {
            name: (*name).to_owned(),
            times_ms: times.to_vec(),
            values: vec![*each; times.len()],
        };
        TimelineData {
            lines: lines.iter().map(line).collect(),
            step_ms: 1000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span::of_ms(0, 9000),
            covered: Coverage::default(),
            by: Some("pod".into()),
        }
    }

    fn query() -> Query {
        Query { filter: r#"{region="eu", pod="x"}"#.into(), ..Query::default() }
    }

    #[test]
    fn compares_the_latest_version_with_the_one_before() {
        let found = versions(&data(&[
            ("v3", &[5000], 1.0),
            ("v1", &[0, 1000], 9.0),
            ("", &[0], 1.0),
            ("v2", &[2000], 1.0),
        ]));
        assert_eq!(found, Some(["v2".into(), "v3".into()]));
        assert_eq!(versions(&data(&[("v1", &[0], 1.0)])), None);
        let at_once = versions(&data(&[("v10", &[0], 9.0), ("v9", &[0], 1.0)]));
        assert_eq!(at_once, Some(["v9".into(), "v10".into()]));
        let whole = looking_back(Span::of_ms(5 * HOUR_MS, 5 * HOUR_MS + 1000));
        let sides = value_against(&query(), "version", &["v2".into(), "v3".into()], whole);
        assert_eq!(sides.baseline.filter, r#"{region="eu", pod="x", version="v2"}"#);
        let back = TimeRange::between_ms(4 * HOUR_MS, 5 * HOUR_MS + 1000);
        assert_eq!((sides.baseline.range, sides.comparison.range), (Some(back), None));
    }

    #[test]
    fn slow_replicas_cost_half_more_than_the_median() {
        let found = replicas(&data(&[
            ("a", &[0, 1000, 2000], 2.0),
            ("b", &[0], 2.2),
            ("c", &[0, 1000], 3.1),
            ("d", &[], 0.0),
        ]));
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
        assert!(slow(&found).is_empty());
        let one = |rates: &[f64]| {
            let all: Vec<(String, f64)> = rates.iter().map(|r| (r.to_string(), *r)).collect();
            slow(&all).len()
        };
        assert_eq!(
            (one(&[4.0, 3.1, 2.0, 2.0, 2.0]), one(&[9.0, 1.0]), one(&[9.0, 2.0, 1.0, 1.0])),
            (2, 0, 1)
        );
    }

    #[test]
    fn compares_replicas_with_all_others() {
        let one = against_others(&query(), "pod", &["a".into()]);
        assert_eq!(one.comparison.filter, r#"{region="eu", pod="a"}"#);
        assert_eq!(one.baseline.filter, r#"{region="eu", pod!="a"}"#);
        let two = against_others(&query(), "pod", &["a.b".into(), "c".into()]);
        assert_eq!(two.comparison.matchers().unwrap()[1].value, r"a\.b|c");
        assert!(two.baseline.filter.contains("pod!~"));
    }

    #[test]
    fn both_sides_of_an_instant_have_one_length() {
        let span = Span::of_ms(100_000, 200_000);
        let at = |moment| {
            let sides = around(&Query::default(), span, moment * MS);
            [sides.baseline.range, sides.comparison.range].map(|range| match range {
                Some(TimeRange::Between(span)) => (span.start_ms(), span.end_ms()),
                _ => panic!("no range"),
            })
        };
        assert_eq!(at(170_000), [(140_000, 170_000), (170_000, 200_000)]);
        assert_eq!(at(500_000), [(450_000, 500_000), (500_000, 550_000)]);
    }

    #[test]
    fn an_empty_side_is_offered_times_with_data() {
        let span = Span::of_ms(100 * HOUR_MS, 101 * HOUR_MS);
        let at = |hours: &[i64], step_ms: i64| {
            let times: Vec<i64> = hours.iter().map(|hour| hour * HOUR_MS).collect();
            TimelineData { step_ms, ..data(&[("", &times, 1.0)]) }
        };
        let week = at(&[76, 90, 100], HOUR_MS);
        let here = TimelineData {
            step_ms: 600_000,
            ..data(&[("", &[100 * HOUR_MS + 1_800_000, 100 * HOUR_MS + 3_000_000], 1.0)])
        };
        let names =
            |offers: Vec<(String, Sides)>| offers.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let offers = sides_with_data(&query(), span, &here, &week);
        let halves = offers.last().unwrap().1.comparison.range;
        let later = TimeRange::between_ms(100 * HOUR_MS + 2_700_000, 101 * HOUR_MS);
        assert_eq!(halves, Some(later));
        assert_eq!(names(offers), ["1 day before", "The second half of this data, against the first"]);
        let latest = sides_with_data(&query(), span, &at(&[], 1), &at(&[76, 90], HOUR_MS));
        let range = TimeRange::between_ms(90 * HOUR_MS, 91 * HOUR_MS);
        assert!(latest[0].1.is_open() && latest[0].1.comparison.range == Some(range));
        assert!(sides_with_data(&query(), span, &at(&[], 1), &at(&[], 1)).is_empty());
    }
}
