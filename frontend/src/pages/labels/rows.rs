//! Rows of the labels page: the cost of each value of a label, and its small timeline. Pure.

use crate::api::explore::Counted;
use crate::state::clock_text::Zone;
use crate::state::labels::{LabelSort, LabelsView};
use crate::state::timeline::{Line, TimelineData};
use crate::views::timeline::scene::{Scene, scene};

/// Most rows that are drawn; the rest is only counted.
pub(crate) const MAX_ROWS: usize = 300;

/// A value of the label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The value; empty for series without the label.
    pub(crate) value: String,
    /// What it cost over the range.
    pub(crate) total: f64,
    /// How many series have it, if that is known.
    pub(crate) series: Option<u64>,
    /// Bars as an SVG path; a bucket is ten units wide, the common scale a hundred high.
    pub(crate) bars: String,
    /// Buckets without data as an SVG path.
    pub(crate) gaps: String,
    /// The small timeline as text.
    pub(crate) summary: String,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    /// The label whose values they are: while another is being loaded, not yet the one of the question.
    pub(crate) label: String,
    /// In the requested order.
    pub(crate) rows: Vec<Row>,
    /// Values beyond [`MAX_ROWS`].
    pub(crate) more: usize,
    /// What all values cost.
    pub(crate) whole: f64,
    /// Units that the small timelines are wide.
    pub(crate) width: usize,
}

/// The rows of `data`, whose lines are the values. `zone` is for the words, `now_ms` says which bucket is still filling.
pub(crate) fn rows(
    data: &TimelineData,
    counted: &[Counted],
    view: &LabelsView,
    zone: Zone,
    now_ms: i64,
) -> Rows {
    let sum = |line: &Line| line.values.iter().sum::<f64>();
    let whole = data.lines.iter().map(sum).sum();
    let series = |value: &str| counted.iter().find(|c| c.text == value).map(|c| c.series);
    let mut lines: Vec<&Line> = data.lines.iter().collect();
    lines.sort_by(|a, b| {
        let order = match view.sort {
            LabelSort::Total => sum(b).total_cmp(&sum(a)),
            LabelSort::Value => std::cmp::Ordering::Equal,
            LabelSort::Series => series(&b.name).cmp(&series(&a.name)),
        };
        let order = order.then_with(|| a.name.cmp(&b.name));
        if view.reversed { order.reverse() } else { order }
    });
    let more = lines.len().saturating_sub(MAX_ROWS);
    lines.truncate(MAX_ROWS);
    let drawn: Vec<(&Line, Scene)> =
        lines.into_iter().map(|line| (line, alone(data, line, zone, now_ms))).collect();
    // One scale for all, so that bars can be compared between rows.
    let top = drawn.iter().map(|(_, scene)| scene.top).fold(0.0, f64::max);
    let row = |(line, scene): &(&Line, Scene)| Row {
        value: line.name.clone(),
        total: sum(line),
        series: series(&line.name),
        bars: bars(scene, top),
        gaps: gaps(scene),
        summary: scene.summary(zone),
    };
    let width = drawn.first().map_or(0, |(_, scene)| scene.buckets.len() * 10);
    let label = data.by.clone().unwrap_or_default();
    Rows { label, rows: drawn.iter().map(row).collect(), more, whole, width }
}

fn alone(data: &TimelineData, line: &Line, zone: Zone, now_ms: i64) -> Scene {
    let one = TimelineData { lines: vec![line.clone()], by: None, ..data.clone() };
    scene(&one, zone, 100.0, now_ms)
}

fn slot(scene: &Scene, ms: i64) -> i64 {
    (ms - scene.from_ms) / scene.step_ms.max(1) * 10
}

/// The bars of buckets that are complete: one that is still filling would look like a drop at the end of every row.
fn bars(scene: &Scene, top: f64) -> String {
    let mut path = String::new();
    for bar in scene.bars.iter().filter(|bar| bar.complete) {
        // A value above zero is always visible.
        let height =
            ((bar.high / top.max(f64::MIN_POSITIVE) * 100.0) as i64).clamp(i64::from(bar.high > 0.0), 100);
        path.push_str(&format!("M{} 100v-{height}h9v{height}z", slot(scene, bar.from_ms)));
    }
    path
}

fn gaps(scene: &Scene) -> String {
    let mut path = String::new();
    for &(from, until) in &scene.gaps {
        let (from, until) = (slot(scene, from), slot(scene, until));
        path.push_str(&format!("M{from} 0H{until}V100H{from}z"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::Span;

    const T: i64 = 1_764_000_000_000;

    fn data() -> TimelineData {
        let line = |name: &str, points: &[(i64, f64)]| Line {
            name: name.into(),
            times_ms: points.iter().map(|(i, _)| T + i * 60_000).collect(),
            values: points.iter().map(|(_, v)| *v).collect(),
        };
        TimelineData {
            lines: vec![line("a", &[(0, 5.0), (1, 5.0)]), line("", &[(0, 1.0)]), line("b", &[(2, 40.0)])],
            step_ms: 60_000,
            unit: "count".into(),
            sample_type: "samples".into(),
            span: Span { from_ms: T, until_ms: T + 180_000 },
            by: Some("pod".into()),
        }
    }

    fn order(sort: LabelSort, reversed: bool) -> Vec<String> {
        let counted = [Counted { text: "a".into(), series: 7 }, Counted { text: "b".into(), series: 2 }];
        let view = LabelsView { sort, reversed, ..LabelsView::default() };
        rows(&data(), &counted, &view, Zone::UTC, T + 195_000).rows.into_iter().map(|r| r.value).collect()
    }

    #[test]
    fn sorts_by_any_column() {
        assert_eq!(order(LabelSort::Total, false), ["b", "a", ""]);
        assert_eq!(order(LabelSort::Total, true), ["", "a", "b"]);
        assert_eq!(order(LabelSort::Value, false), ["", "a", "b"]);
        assert_eq!(order(LabelSort::Series, false), ["a", "b", ""]);
    }

    #[test]
    fn timelines_share_a_scale_and_mark_gaps() {
        let found = rows(&data(), &[], &LabelsView::default(), Zone::UTC, T + 195_000);
        assert_eq!((found.whole, found.width, found.more), (51.0, 30, 0));
        assert_eq!(found.label, "pod");
        let b = &found.rows[0];
        assert_eq!((b.gaps.as_str(), b.total), ("M0 0H20V100H0z", 40.0));
        assert!(b.bars.starts_with("M20 100v-92h9"), "{}", b.bars);
        let a = &found.rows[1];
        assert_eq!(a.gaps, "M20 0H30V100H20z");
        assert!(a.bars.starts_with("M0 100v-11h9v11z"), "{}", a.bars);
        assert!(a.summary.contains("2 with data"), "{}", a.summary);
    }
}
