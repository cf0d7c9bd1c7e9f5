//! The drawings of charts: lines with their colours, labels of the time axis, positions of marks. No pixels and no browser.

use crate::state::clock_text::Zone;
use crate::state::line_chart::{ChartLine, LineChart};
use crate::state::strip_plot::{StripPlot, StripPoint};
use crate::views::timeline::colours::{ALONE, COLOURS, colours};
use crate::views::timeline::scene::time_ticks;
use flarepath_charts::{Line, MOST_LINES, StripDot};

/// Heights of the canvases in CSS pixels.
pub(super) const LINES_HEIGHT: f64 = 180.0;
pub(super) const STRIP_HEIGHT: f64 = 96.0;
/// Room that a label of the time axis has, in CSS pixels.
const TIME_LABEL: f64 = 90.0;

/// The drawing of a chart of this width. Lines whose names are `hidden` are switched off.
pub(super) fn lines<'c>(
    chart: &'c LineChart,
    hidden: &[String],
    zone: Zone,
    width: f64,
) -> flarepath_charts::LineChart<'c> {
    let line = |(line, colour): (&'c ChartLine, usize)| Line {
        values: &line.values,
        colour,
        is_shown: !hidden.contains(&line.name),
    };
    let ticks = (width / TIME_LABEL).max(2.0) as i64;
    let times = match chart.count {
        0 => Vec::new(),
        _ => time_ticks(chart.start_ms, chart.end_ms().saturating_add(1), zone, ticks),
    };
    let mut marks: Vec<(f64, &str)> =
        chart.marks.iter().map(|(ms, name)| (chart.position(*ms), name.as_str())).collect();
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    flarepath_charts::LineChart {
        unit: chart.unit.value_unit(),
        count: chart.count,
        lines: chart.lines.iter().zip(line_colours(chart)).map(line).collect(),
        limit: chart.limit.as_ref().map(|(name, value)| (name.as_str(), *value)),
        marks,
        times: times.into_iter().map(|(ms, label)| (chart.position(ms), label)).collect(),
    }
}

/// The number of each line's colour: the first have colours by their names, the others share one; a line alone is neutral.
pub(super) fn line_colours(chart: &LineChart) -> Vec<usize> {
    if chart.lines.len() == 1 {
        return vec![ALONE];
    }
    let names: Vec<&str> = chart.lines.iter().take(COLOURS).map(|line| line.name.as_str()).collect();
    let mut found = colours(&names, &[]);
    found.resize(chart.lines.len(), COLOURS);
    found
}

/// How many lines are not drawn, as a sentence; empty if all are.
pub(super) fn not_drawn(chart: &LineChart) -> String {
    match chart.lines.len().saturating_sub(MOST_LINES) {
        0 => String::new(),
        1 => "1 more line is not drawn.".to_owned(),
        more => format!("{more} more lines are not drawn."),
    }
}

/// The drawing of a strip plot.
pub(super) fn strip<'p>(plot: &'p StripPlot) -> flarepath_charts::StripPlot<'p> {
    let dot =
        |point: &'p StripPoint| StripDot { name: &point.name, value: point.value, is_outlier: point.outlier };
    flarepath_charts::StripPlot {
        unit: plot.unit.value_unit(),
        points: plot.points.iter().map(dot).collect(),
        limit: plot.limit.as_ref().map(|(name, value)| (name.as_str(), *value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::line_chart::tests::{T, chart};
    use crate::state::strip_plot::tests::plot;

    fn many(count: usize) -> LineChart {
        let names: Vec<String> = (0..count).map(|i| format!("checkout-{i}")).collect();
        let values: [Option<f64>; 2] = [Some(1.0), Some(2.0)];
        let lines: Vec<(&str, &[Option<f64>])> =
            names.iter().map(|name| (name.as_str(), &values[..])).collect();
        chart(&lines)
    }

    #[test]
    fn times_and_marks_are_counted_in_instants() {
        let values = [Some(1.0); 61];
        let marks = vec![(T + 90_000, "v3".to_owned()), (T - 60_000, "v2".to_owned())];
        let chart = LineChart { marks, ..chart(&[("a", &values)]) };
        let drawn = lines(&chart, &[], Zone::UTC, 400.0);
        assert_eq!(drawn.marks, [(-1.0, "v2"), (1.5, "v3")]);
        assert_eq!(drawn.times.first(), Some(&(0.0, "16:00".to_owned())));
        assert_eq!(drawn.times.last(), Some(&(60.0, "17:00".to_owned())));
        assert_eq!((drawn.count, drawn.lines.len()), (61, 1));
    }

    #[test]
    fn a_line_that_is_hidden_is_switched_off() {
        let chart = many(3);
        let drawn = lines(&chart, &["checkout-1".to_owned()], Zone::UTC, 400.0);
        assert_eq!(drawn.lines.iter().map(|line| line.is_shown).collect::<Vec<_>>(), [true, false, true]);
    }

    #[test]
    fn the_first_lines_have_colours_of_their_own() {
        assert_eq!(line_colours(&many(1)), [ALONE]);
        let found = line_colours(&many(300));
        let mut own = found[..COLOURS].to_vec();
        own.sort_unstable();
        assert_eq!(own, (0..COLOURS).collect::<Vec<_>>());
        assert!(found.len() == 300 && found[COLOURS..].iter().all(|colour| *colour == COLOURS));
        assert!(line_colours(&many(0)).is_empty());
    }

    #[test]
    fn what_is_not_drawn_is_said() {
        assert_eq!(
            [0, 1, 20, 21, 300].map(|count| not_drawn(&many(count))),
            ["", "", "", "1 more line is not drawn.", "280 more lines are not drawn."]
        );
    }

    #[test]
    fn a_chart_without_instants_has_no_times() {
        assert!(lines(&many(0), &[], Zone::UTC, 400.0).times.is_empty());
    }

    #[test]
    fn points_keep_their_order() {
        let plot = plot(&[("b", 2.0, true), ("a", 1.0, false)]);
        let drawn = strip(&plot);
        let points: Vec<(&str, bool)> = drawn.points.iter().map(|dot| (dot.name, dot.is_outlier)).collect();
        assert_eq!(points, [("b", true), ("a", false)]);
    }
}
