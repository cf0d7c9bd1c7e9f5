//! The time of the timeline of an incident: the window, what led to it, and the baseline where it is near.

use super::presets::looking_back;
use super::time_range::Span;
use super::time_text::MS;
use flarepath_profile::unix_nanos::HOUR_NS;

/// A baseline that begins so long before the window is not in the chart: the window would be too narrow to see.
const FARTHEST_NS: i64 = 6 * HOUR_NS;

/// Whether a baseline is near enough to be in the chart of `window`.
pub(crate) fn is_in_chart(window: Span, baseline: Span) -> bool {
    window.from_ns.saturating_sub(baseline.from_ns) <= FARTHEST_NS && baseline.until_ns <= window.until_ns
}

/// The time of the chart, when it is `now_ms`: as much as the server looks at for the version before, and a quarter of the window after it
/// as far as that has passed.
pub(crate) fn chart_span(window: Span, baseline: Option<Span>, now_ms: i64) -> Span {
    let back = looking_back(window);
    let near = baseline.filter(|baseline| is_in_chart(window, *baseline));
    let from_ns = near.map_or(back.from_ns, |near| near.from_ns.min(back.from_ns));
    let room_ns = window.length_ns() / 4;
    let now_ns = now_ms.saturating_mul(MS);
    let until_ns = window.until_ns.saturating_add(room_ns).min(now_ns).max(window.until_ns);
    Span { from_ns, until_ns }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::MINUTE_NS;

    fn minutes(from: i64, until: i64) -> Span {
        Span { from_ns: from * MINUTE_NS, until_ns: until * MINUTE_NS }
    }

    #[test]
    fn the_chart_holds_the_window_and_a_near_baseline() {
        let window = minutes(1000, 1040);
        let later = 2000 * 60_000;
        let chart = |baseline| chart_span(window, baseline, later);
        assert_eq!(chart(None), minutes(940, 1050));
        assert_eq!(chart(Some(minutes(960, 1000))), minutes(940, 1050));
        assert_eq!(chart(Some(minutes(700, 740))), minutes(700, 1050));
        assert_eq!(chart(Some(minutes(100, 140))), minutes(940, 1050), "too far away");
        assert_eq!(chart_span(window, None, 1040 * 60_000), minutes(940, 1040), "no time to come");
    }
}
