//! Names of the sides of a comparison, by what tells each from the other one.

use super::clock_text::Zone;
use super::compare::Sides;
use super::query::Query;
use super::time_range::Span;
use flarepath_profile::diff::Side;
use flarepath_profile::selector::{MatchOp, Matcher};

/// The matchers that only a query has; what cannot be read has none.
fn own(query: &Query, other: &Query) -> Vec<Matcher> {
    let matchers = |query: &Query| query.matchers().unwrap_or_default();
    let others = matchers(other);
    matchers(query).into_iter().filter(|m| !others.contains(m)).collect()
}

/// The comparison in a few words, as seen from the baseline: what only its filter says, or its service.
pub(crate) fn comparison_name(sides: &Sides) -> String {
    let Sides { baseline, comparison } = sides;
    if baseline.service != comparison.service {
        return format!("service {}", comparison.service.as_deref().unwrap_or("unknown"));
    }
    match own(comparison, baseline).as_slice() {
        [one] => words(one),
        [] if own(baseline, comparison).is_empty() => "this period".to_owned(),
        [] => "all profiles".to_owned(),
        _ => "this selection".to_owned(),
    }
}

/// A side as briefly as a button says it: the value that only it has, such as `v1`, or else its time. `spans` are the times of both
/// sides. `None` where neither tells it from the other one.
pub(crate) fn brief_name(sides: &Sides, side: Side, spans: [Span; 2], zone: Zone) -> Option<String> {
    let (query, other) = match side {
        Side::Baseline => (&sides.baseline, &sides.comparison),
        Side::Comparison => (&sides.comparison, &sides.baseline),
    };
    if query.service != other.service {
        return query.service.clone();
    }
    match (own(query, other).as_slice(), own(other, query).as_slice()) {
        ([one], _) => Some(match one.op {
            MatchOp::Equal if one.value.is_empty() => format!("no {}", one.name),
            MatchOp::Equal => one.value.clone(),
            MatchOp::NotEqual => format!("all but {}", one.value),
            _ => words(one),
        }),
        ([], []) if spans[0] != spans[1] => {
            let [first, second] = spans;
            let both = (first.start_ms().min(second.start_ms()), first.end_ms().max(second.end_ms()));
            let own = spans[side as usize];
            Some(zone.interval((own.start_ms(), own.end_ms()), both))
        }
        _ => None,
    }
}

/// `pod a`, `all but pod a`, `pod =~ a.*`.
fn words(m: &Matcher) -> String {
    match m.op {
        MatchOp::Equal => format!("{} {}", m.name, m.value),
        MatchOp::NotEqual => format!("all but {} {}", m.name, m.value),
        _ => format!("{} {} {}", m.name, m.op, m.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn sides(before: &str, after: &str) -> Sides {
        let query = |filter: &str| {
            let service = Some("shop".to_owned());
            Query { service, profile_type: Some("cpu".into()), filter: filter.into(), ..Query::default() }
        };
        Sides { baseline: query(before), comparison: query(after) }
    }

    fn hour(at: i64) -> Span {
        Span::of_ms(at * HOUR_MS, (at + 1) * HOUR_MS)
    }

    fn brief(sides: &Sides, spans: [Span; 2]) -> [Option<String>; 2] {
        Side::BOTH.map(|side| brief_name(sides, side, spans, Zone::UTC))
    }

    #[test]
    fn the_comparison_is_named_by_what_only_it_has() {
        let name = |before: &str, after: &str| comparison_name(&sides(before, after));
        assert_eq!(name(r#"{version="1"}"#, r#"{version="2"}"#), "version 2");
        assert_eq!(name(r#"{pod!="a"}"#, r#"{pod="a"}"#), "pod a");
        assert_eq!(name("", ""), "this period");
        assert_eq!(name(r#"{pod="a"}"#, ""), "all profiles");
        assert_eq!(name("", r#"{pod="a", version="2"}"#), "this selection");
    }

    #[test]
    fn a_button_says_the_value_that_tells_its_side_apart() {
        let names = |before: &str, after: &str| brief(&sides(before, after), [hour(8), hour(9)]);
        let some = |[first, second]: [&str; 2]| [Some(first.to_owned()), Some(second.to_owned())];
        assert_eq!(names(r#"{version="v1"}"#, r#"{version="v2"}"#), some(["v1", "v2"]));
        assert_eq!(names(r#"{pod!="a"}"#, r#"{pod="a"}"#), some(["all but a", "a"]));
        assert_eq!(names("", r#"{pod="a"}"#), [None, Some("a".to_owned())]);
        assert_eq!(names("", r#"{pod="a", version="2"}"#), [None, None]);
        let mut services = sides("", "");
        services.baseline.service = Some("cart".to_owned());
        assert_eq!(brief(&services, [hour(8); 2]), some(["cart", "shop"]));
    }

    #[test]
    fn a_button_says_the_time_where_the_filters_are_the_same() {
        let names = |before: i64, after: i64| brief(&sides("", ""), [hour(before), hour(after)]);
        let some = |[first, second]: [&str; 2]| [Some(first.to_owned()), Some(second.to_owned())];
        assert_eq!(names(8, 9), some(["08:00 – 09:00", "09:00 – 10:00"]));
        assert_eq!(names(8, 33), some(["01-01 08:00 – 09:00", "01-02 09:00 – 10:00"]));
        assert_eq!(names(8, 8), [None, None]);
    }
}
