//! The time of which Compare loads markers: that of its chart, and the hours before the comparison.

use crate::pages::question::span_of;
use crate::state::compare::Sides;
use crate::state::compare_both::around;
use crate::state::time_range::Span;
use crate::views::timeline::markers::About;
use flarepath_profile::unix_nanos::HOUR_NS;

/// How far before the comparison markers are offered; `pages::compare::markers` says so on screen.
const BEFORE_NS: i64 = 6 * HOUR_NS;

/// Store and service of the comparison, and the time; `None` while there is no service.
pub(super) fn about(sides: &Sides, now_ms: i64) -> Option<About> {
    let service = sides.comparison.service.clone()?;
    let comparison = span_of(&sides.comparison, now_ms);
    let baseline = if sides.is_open() { comparison } else { span_of(&sides.baseline, now_ms) };
    let chart = around([baseline, comparison], now_ms);
    let from_ns = chart.from_ns.min(comparison.from_ns.saturating_sub(BEFORE_NS)).max(0);
    Some((sides.comparison.store.clone(), service, Span { from_ns, ..chart }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::query::Query;
    use crate::state::time_range::TimeRange;

    const HOUR_MS: i64 = 3_600_000;

    fn at(from: i64, until: i64) -> Query {
        let range = Some(TimeRange::between_ms(from * HOUR_MS, until * HOUR_MS));
        Query { service: Some("shop".into()), range, ..Query::default() }
    }

    #[test]
    fn markers_are_of_the_chart_and_of_the_hours_before_the_comparison() {
        let now_ms = 200 * HOUR_MS;
        let of = |sides: &Sides| {
            let (_, service, span) = about(sides, now_ms).unwrap();
            assert_eq!(service, "shop");
            (span.start_ms() / HOUR_MS, span.end_ms() / HOUR_MS)
        };
        assert_eq!(of(&Sides { baseline: at(96, 100), comparison: at(100, 104) }), (94, 106));
        assert_eq!(
            of(&Sides { baseline: at(60, 64), comparison: at(100, 104) }),
            (49, 115),
            "the chart is wider"
        );
        assert_eq!(of(&Sides::open(&at(100, 104))), (94, 105));
        assert_eq!(about(&Sides::default(), now_ms), None);
    }
}
