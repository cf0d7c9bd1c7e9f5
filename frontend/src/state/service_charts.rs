//! Charts of a service's replicas, made of a breakdown by the label that tells them apart. Pure.

use super::breakdown::{Breakdown, ValueRow};
use super::line_chart::{ChartLine, ChartUnit, LineChart};
use super::offender::difference;
use super::strip_plot::{StripPlot, StripPoint};

/// Lines of a chart, at most.
const MOST_LINES: usize = 8;

/// Values that differ from the others and are named in a sentence, at most.
const MOST_NAMED: usize = 3;

/// Sample types whose time becomes cores as a rate.
const ON_CPU: [&str; 5] = ["cpu", "itimer", "on_cpu", "process_cpu", "cpu_time"];

/// Rates of a breakdown as numbers of a chart: their unit, and what a rate is multiplied by. Time by second is cores where it is CPU time,
/// and else a plain number.
fn chart_unit(found: &Breakdown) -> (ChartUnit, f64) {
    let time = if ON_CPU.contains(&found.sample_type.as_str()) { ChartUnit::Cores } else { ChartUnit::Count };
    match found.unit.as_str() {
        "nanoseconds" => (time, 1e-9),
        "microseconds" => (time, 1e-6),
        "milliseconds" => (time, 1e-3),
        "seconds" => (time, 1.0),
        "bytes" if found.is_level => (ChartUnit::Bytes, 1.0),
        _ => (ChartUnit::Count, 1.0),
    }
}

/// The rate of each replica; one that differs from the others says how. `limit` is that of CPU cores. `None` without values.
pub(crate) fn strip_plot(found: &Breakdown, title: &str, limit: Option<f64>) -> Option<StripPlot> {
    let (unit, factor) = chart_unit(found);
    let point = |row: &ValueRow| StripPoint {
        name: row.name(),
        value: row.rate * factor,
        outlier: row.is_odd,
        note: if row.is_odd { difference(row) } else { String::new() },
    };
    let limit = limit.filter(|_| unit == ChartUnit::Cores).map(|cores| ("CPU limit".to_owned(), cores));
    let points: Vec<StripPoint> = found.rows.iter().map(point).collect();
    (!points.is_empty()).then(|| StripPlot { title: title.to_owned(), unit, points, limit })
}

/// What parts of their limits pods use, with the limit as a line. `None` without pods.
pub(crate) fn of_limit_plot(parts: &[(String, f64)], title: &str) -> Option<StripPlot> {
    let point = |(pod, part): &(String, f64)| StripPoint {
        name: pod.clone(),
        value: *part,
        outlier: *part >= 1.0,
        note: if *part >= 1.0 { "at its limit".to_owned() } else { String::new() },
    };
    (!parts.is_empty()).then(|| StripPlot {
        title: title.to_owned(),
        unit: ChartUnit::Ratio,
        points: parts.iter().map(point).collect(),
        limit: Some(("limit".to_owned(), 1.0)),
    })
}

/// The rate of each replica over time, of those with the largest rates. `marks` are instants with names. `None` without values.
pub(crate) fn lines_over_time(found: &Breakdown, title: &str, marks: &[(i64, String)]) -> Option<LineChart> {
    let (unit, factor) = chart_unit(found);
    let frame = found.frame;
    let count = frame.buckets as usize;
    let mut rows: Vec<&ValueRow> = found.rows.iter().filter(|row| !row.spark.is_empty()).collect();
    rows.sort_by(|a, b| b.rate.total_cmp(&a.rate));
    let line = |row: &&ValueRow| {
        let mut values = vec![None; count];
        for (bucket, rate) in &row.spark {
            if let Some(value) = values.get_mut(*bucket as usize) {
                *value = Some(rate * factor);
            }
        }
        ChartLine { name: row.name(), values }
    };
    let lines: Vec<ChartLine> = rows.iter().take(MOST_LINES).map(line).collect();
    (!lines.is_empty() && count > 0).then(|| LineChart {
        title: title.to_owned(),
        unit,
        start_ms: frame.start_ms,
        step_ms: frame.step_ms,
        count,
        lines,
        limit: None,
        marks: marks.to_vec(),
    })
}

/// The values of a breakdown that differ from the others, as a sentence; empty without values.
pub(crate) fn odd_ones(found: &Breakdown, noun: &str) -> String {
    let named = |row: &ValueRow| format!("`{}`: {}", row.name(), difference(row));
    let odd: Vec<String> = found.rows.iter().filter(|row| row.is_odd).take(MOST_NAMED).map(named).collect();
    match (found.values, found.odd) {
        (0, _) => String::new(),
        (1, 0) => format!("There is one {noun}."),
        (all, 0) => {
            let whom = if took_turns(found) { "the others that ran at the same time" } else { "the others" };
            format!("None of the {all} {noun}s differs significantly from {whom}.")
        }
        (_, count) if count == odd.len() as u64 => format!("{}.", odd.join("; ")),
        // Of many, those that differ may be none of the costliest.
        (all, count) if odd.is_empty() => format!("{count} of {all} {noun}s differ from the others."),
        (all, count) => format!("{count} of {all} {noun}s differ. {}.", odd.join("; ")),
    }
}

/// Whether some values followed others, as the replicas of a new version follow those of the old one: a value is compared with others only in
/// the time that they have in common.
fn took_turns(found: &Breakdown) -> bool {
    let ends = |row: &ValueRow| Some((row.spark.first()?.0, row.spark.last()?.0));
    let times: Vec<(u32, u32)> = found.rows.iter().filter_map(ends).collect();
    times.iter().enumerate().any(|(at, one)| times[at + 1..].iter().any(|other| are_apart(*one, *other)))
}

/// Whether two times, as their first and last buckets, have in common less than half of the shorter one.
fn are_apart(one: (u32, u32), other: (u32, u32)) -> bool {
    let length = |(first, last): (u32, u32)| u64::from(last.saturating_sub(first)) + 1;
    let (first, last) = (one.0.max(other.0), one.1.min(other.1));
    let common = if first > last { 0 } else { length((first, last)) };
    common * 2 < length(one).min(length(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::spark::Frame;

    fn row(value: &str, rate: f64, is_odd: bool) -> ValueRow {
        ValueRow {
            value: value.into(),
            rate,
            is_odd,
            sentence: "42 % more than the median of the 8 others (95 % interval: +35 % to +49 %).".into(),
            spark: vec![(0, rate), (2, rate)],
            ..ValueRow::default()
        }
    }

    fn cpu(rows: Vec<ValueRow>) -> Breakdown {
        Breakdown {
            sample_type: "cpu".into(),
            unit: "nanoseconds".into(),
            values: rows.len() as u64,
            odd: rows.iter().filter(|row| row.is_odd).count() as u64,
            frame: Frame { start_ms: 60_000, step_ms: 60_000, buckets: 3, filling: 3 },
            rows,
            ..Breakdown::default()
        }
    }

    #[test]
    fn replicas_are_points_in_cores_and_the_odd_one_says_how_it_differs() {
        let plot =
            strip_plot(&cpu(vec![row("a", 2e9, true), row("", 1e9, false)]), "CPU", Some(4.0)).unwrap();
        assert_eq!((plot.unit, plot.limit), (ChartUnit::Cores, Some(("CPU limit".to_owned(), 4.0))));
        assert_eq!((plot.points[0].value, plot.points[0].outlier), (2.0, true));
        assert_eq!(plot.points[0].note, "42 % more than the median of the 8 others");
        assert_eq!((plot.points[1].name.as_str(), plot.points[1].note.as_str()), ("(none)", ""));
        assert_eq!(strip_plot(&cpu(Vec::new()), "CPU", None), None);
    }

    #[test]
    fn lines_keep_their_gaps_and_the_largest_come_first() {
        let heap = Breakdown {
            sample_type: "inuse_space".into(),
            unit: "bytes".into(),
            is_level: true,
            ..cpu(vec![row("a", 10.0, false), row("b", 20.0, false)])
        };
        let chart = lines_over_time(&heap, "Memory", &[]).unwrap();
        assert_eq!((chart.unit, chart.start_ms, chart.count), (ChartUnit::Bytes, 60_000, 3));
        assert_eq!(chart.lines[0].name, "b");
        assert_eq!(chart.lines[0].values, [Some(20.0), None, Some(20.0)]);
        let limit = Some(1.0);
        assert_eq!(strip_plot(&heap, "Memory", limit).unwrap().limit, None, "the limit is of cores");
    }

    #[test]
    fn pods_at_their_limit_stand_out() {
        let plot = of_limit_plot(&[("a".into(), 1.02), ("b".into(), 0.4)], "CPU of limit").unwrap();
        assert_eq!(plot.points.iter().map(|point| point.outlier).collect::<Vec<_>>(), [true, false]);
        assert_eq!(of_limit_plot(&[], ""), None);
    }

    #[test]
    fn the_odd_ones_are_named_and_if_there_is_none_that_is_said() {
        let said = |rows| odd_ones(&cpu(rows), "pod");
        let odd = said(vec![row("a", 2.0, true), row("b", 1.0, false)]);
        assert_eq!(odd, "`a`: 42 % more than the median of the 8 others.");
        let usual = said(vec![row("a", 1.0, false), row("b", 1.0, false)]);
        assert_eq!(usual, "None of the 2 pods differs significantly from the others.");
        assert_eq!([said(vec![row("a", 1.0, false)]), said(Vec::new())], ["There is one pod.", ""]);
        let of_time = |value: &str, first, last| ValueRow {
            spark: vec![(first, 1.0), (last, 1.0)],
            ..row(value, 1.0, false)
        };
        let turns = said(vec![of_time("a", 0, 30), of_time("b", 2, 29), of_time("c", 29, 59)]);
        assert_eq!(
            turns,
            "None of the 3 pods differs significantly from the others that ran at the same time."
        );
        let late = said(vec![of_time("a", 0, 59), of_time("b", 50, 59)]);
        assert_eq!(
            late, "None of the 2 pods differs significantly from the others.",
            "one is compared with it"
        );
        let many = said((0..5).map(|at| row(&at.to_string(), 1.0, true)).collect());
        assert!(many.starts_with("5 of 5 pods differ. `0`: "), "{many}");
    }
}
