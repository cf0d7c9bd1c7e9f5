//! Text about one call: when it started, how long it took, and its self time.

use crate::state::chart_view::offset_text;
use crate::state::civil::civil;
use crate::views::flame::graph::tooltip_text::source_rows;
use flarepath_profile::flame::{BoxId, Chart};
use flarepath_profile::units::{Unit, format_value};

/// A duration as text, such as `1.2 ms`.
pub(super) fn duration(nanos: f64) -> String {
    format_value(nanos, &Unit::parse("nanoseconds"))
}

/// Nanoseconds of a call without those of its callees.
fn self_nanos(chart: &Chart, id: BoxId) -> f64 {
    let layout = &chart.layout;
    let length = |id: BoxId| layout.x1(id) - layout.x0(id);
    let called: f64 = layout.children(id).map(|child| length(BoxId(child as u32))).sum();
    (length(id) - called).max(0.0)
}

/// Nanoseconds since the epoch from 2001 on are wall-clock times; less is the profiler's own clock.
const FIRST_EPOCH_NS: u64 = 1_000_000_000_000_000_000;

/// Start of a call: since the first sample and, where the file has it, the time of day.
fn start(chart: &Chart, id: BoxId, zone_min: i64) -> String {
    let (at, _) = chart.span(id);
    let since = offset_text(at.saturating_sub(chart.start_ns));
    if chart.start_ns < FIRST_EPOCH_NS {
        return since;
    }
    let day = civil((at / 1_000_000) as i64, zone_min);
    let (date, millis) = (day.date(), at / 1_000_000 % 1000);
    format!("{since} ({date} {:02}:{:02}:{:02}.{millis:03})", day.hour, day.minute, day.second)
}

/// Rows of the tooltip.
pub(super) fn rows(chart: &Chart, id: BoxId, zone_min: i64) -> Vec<(&'static str, String)> {
    let (tree, node) = (&chart.tree, chart.layout.node(id));
    let length = chart.layout.x1(id) - chart.layout.x0(id);
    let mut rows = vec![
        ("start", start(chart, id, zone_min)),
        ("duration", duration(length)),
        ("self", duration(self_nanos(chart, id))),
    ];
    rows.extend(source_rows(tree, tree.frame(node)));
    rows
}

/// Name, start, duration and self time of a call.
pub(super) fn sentence(chart: &Chart, id: BoxId, zone_min: i64) -> String {
    let rows = rows(chart, id, zone_min);
    let facts: Vec<String> = rows.iter().take(3).map(|(name, text)| format!("{name} {text}")).collect();
    format!("{}, {}", chart.tree.name(chart.layout.node(id)), facts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::search::tests::chart;
    use super::*;

    #[test]
    fn lists_start_duration_and_self_time() {
        let chart = chart();
        let rows = rows(&chart, BoxId(1), 0);
        let expected = [("start", "+0 s"), ("duration", "100 ns"), ("self", "30 ns")];
        assert_eq!(rows[..3], expected.map(|(what, text)| (what, text.to_owned())));
        assert_eq!(self_nanos(&chart, BoxId(0)), 0.0);
        assert_eq!(sentence(&chart, BoxId(3), 0), "g, start +0.00000003 s, duration 60 ns, self 40 ns");
    }

    #[test]
    fn shows_time_of_day_where_the_file_has_it() {
        let mut chart = chart();
        chart.start_ns = 1_795_253_581_123_000_000;
        assert_eq!(start(&chart, BoxId(0), 60), "+0 s (2026-11-21 10:33:01.123)");
    }
}
