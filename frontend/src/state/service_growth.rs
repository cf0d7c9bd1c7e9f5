//! Growth within a time: its second half compared with its first, where no earlier time can be compared. Pure.

use super::compare::Sides;
use super::line_chart::LineChart;
use super::query::Query;
use super::time_range::{Span, TimeRange};
use flarepath_profile::unix_nanos::MINUTE_NS;

/// A verdict needs so much of each side.
const LEAST_HALF_MS: i64 = 5 * MINUTE_NS / 1_000_000;

/// The halves of the time in which a chart has values; `None` if they are too short for a verdict.
pub(crate) fn halves(chart: &LineChart) -> Option<[Span; 2]> {
    let has_value =
        |at: &usize| chart.lines.iter().any(|line| line.values.get(*at).is_some_and(Option::is_some));
    let first = (0..chart.count).find(has_value)?;
    let last = (0..chart.count).rev().find(has_value)?;
    let at = |instant: usize| chart.start_ms + instant as i64 * chart.step_ms;
    let (from, until) = (at(first), at(last + 1));
    let middle = from + (until - from) / 2;
    (middle - from >= LEAST_HALF_MS).then(|| [Span::of_ms(from, middle), Span::of_ms(middle, until)])
}

/// A question about both halves, the first one as the baseline.
pub(crate) fn sides(query: &Query, halves: [Span; 2]) -> Sides {
    let [baseline, comparison] =
        halves.map(|half| Query { range: Some(TimeRange::Between(half)), by: None, ..query.clone() });
    Sides { baseline, comparison }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::line_chart::{ChartLine, ChartUnit};

    fn chart(values: &[&[Option<f64>]]) -> LineChart {
        LineChart {
            title: "Memory in use".into(),
            unit: ChartUnit::Bytes,
            start_ms: 600_000,
            step_ms: 60_000,
            count: 30,
            lines: values.iter().map(|v| ChartLine { name: "a".into(), values: v.to_vec() }).collect(),
            limit: None,
            marks: Vec::new(),
        }
    }

    #[test]
    fn the_time_with_values_is_cut_in_the_middle() {
        let mut values = vec![None; 30];
        values[10..20].fill(Some(1.0));
        let minute = |from: i64, until: i64| Span::of_ms(600_000 + from * 60_000, 600_000 + until * 60_000);
        assert_eq!(halves(&chart(&[&values])), Some([minute(10, 15), minute(15, 20)]));
        assert_eq!(halves(&chart(&[&values, &[Some(1.0)]])), Some([minute(0, 10), minute(10, 20)]));
    }

    #[test]
    fn a_short_time_is_not_cut() {
        let mut values = vec![None; 30];
        values[3..12].fill(Some(1.0));
        assert_eq!(halves(&chart(&[&values])), None);
        assert_eq!((halves(&chart(&[&[]])), halves(&chart(&[]))), (None, None));
    }
}
