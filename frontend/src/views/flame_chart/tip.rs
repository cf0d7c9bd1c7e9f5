//! What is said of a box: name, start, duration, self.

use crate::state::chart_view::offset_text;
use crate::state::clock_text::civil;
use flarepath_profile::flame::{BoxId, Chart};
use flarepath_profile::units::{Unit, format_value};

/// A duration for people.
pub(crate) fn duration(nanos: f64) -> String {
    format_value(nanos, &Unit::parse("nanoseconds"))
}

/// Nanoseconds of a box in which nothing it called ran.
pub(crate) fn self_nanos(chart: &Chart, id: BoxId) -> f64 {
    let layout = &chart.layout;
    let length = |id: BoxId| layout.x1(id) - layout.x0(id);
    let called: f64 = layout.children(id).map(|child| length(BoxId(child as u32))).sum();
    (length(id) - called).max(0.0)
}

/// Times since 2001 are taken for times of day; less is a clock of the profiler's own.
const FIRST_EPOCH_NS: u64 = 1_000_000_000_000_000_000;

/// When a box begins: since the first sample and, where the file says it, the time of day.
pub(crate) fn start(chart: &Chart, id: BoxId, zone_min: i64) -> String {
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
pub(crate) fn rows(chart: &Chart, id: BoxId, zone_min: i64) -> Vec<(&'static str, String)> {
    let (tree, node) = (&chart.tree, chart.layout.node(id));
    let length = chart.layout.x1(id) - chart.layout.x0(id);
    let mut rows = vec![
        ("start", start(chart, id, zone_min)),
        ("duration", duration(length)),
        ("self", duration(self_nanos(chart, id))),
    ];
    let (frames, frame) = (tree.frames(), tree.frame(node));
    let file = frames.file(frame);
    if !file.is_empty() {
        let line = frames.get(frame).line;
        rows.push(("source", if line > 0 { format!("{file}:{line}") } else { file.to_owned() }));
    }
    if !frames.mapping(frame).is_empty() {
        rows.push(("binary", frames.mapping(frame).to_owned()));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::search::tests::chart;
    use super::*;

    #[test]
    fn a_box_says_when_how_long_and_how_much_itself() {
        let chart = chart();
        let rows = rows(&chart, BoxId(1), 0);
        let expected = [("start", "+0 s"), ("duration", "100 ns"), ("self", "30 ns")];
        assert_eq!(rows[..3], expected.map(|(what, text)| (what, text.to_owned())));
        assert_eq!(self_nanos(&chart, BoxId(0)), 0.0);
    }

    #[test]
    fn times_of_day_are_told_where_the_file_has_them() {
        let mut chart = chart();
        chart.start_ns = 1_795_253_581_123_000_000;
        assert_eq!(start(&chart, BoxId(0), 60), "+0 s (2026-11-21 10:33:01.123)");
    }
}
