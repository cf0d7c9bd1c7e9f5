//! Search in a flame chart: the calls of matching functions.

use crate::views::picture::Measure;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::{BoxId, Chart};
use flarepath_profile::search::search;

/// The boxes of matching frames in the order of time, callers before callees.
pub(crate) fn boxes(chart: &Chart, marks: &[bool]) -> Vec<BoxId> {
    let (layout, tree) = (&chart.layout, &chart.tree);
    let marked = |id: &BoxId| marks.get(tree.frame(layout.node(*id)).index()) == Some(&true);
    let mut boxes: Vec<BoxId> = (0..layout.len() as u32).map(BoxId).filter(marked).collect();
    // Rows come from the top, so a stable sort by time keeps callers first.
    boxes.sort_by(|a, b| layout.x0(*a).total_cmp(&layout.x0(*b)));
    boxes
}

/// Summary of the matches for the search bar.
pub(crate) fn summary(
    chart: &Chart,
    measure: &Measure,
    marks: &[bool],
    boxes: usize,
    at: Option<usize>,
) -> String {
    if boxes == 0 {
        return "no matches".to_owned();
    }
    let share = measure.share(search(&chart.tree, marks).total, chart.tree.total(NodeId::ROOT));
    let at = at.filter(|at| *at < boxes).map(|at| format!("{} of ", at + 1)).unwrap_or_default();
    format!("{share} of the thread · {at}{boxes} calls")
}

#[cfg(test)]
pub(in crate::views::flame) mod tests {
    use super::*;
    use crate::local_file::chart::chart_of;
    use flarepath_profile::formats::read;

    /// `main` from 0 to 100 ns calls `f` from 10 to 20 and from 30 to 90, the second time through `g`.
    pub(crate) fn chart() -> Chart {
        let event = |name: &str, start: f64, length: f64| {
            format!(r#"{{"ph":"X","name":"{name}","pid":1,"tid":1,"ts":{start},"dur":{length}}}"#)
        };
        let events = [
            event("main", 0.001, 0.1),
            event("f", 0.011, 0.01),
            event("g", 0.031, 0.06),
            event("f", 0.041, 0.02),
        ];
        let text = format!("{{\"traceEvents\":[{}]}}", events.join(","));
        let profiles = read(text.as_bytes(), None).unwrap();
        let profile = &profiles[0].profile;
        chart_of(profile, profile.default_sample_type_index(), 0).unwrap().chart().unwrap()
    }

    #[test]
    fn finds_calls_in_order_of_time() {
        let chart = chart();
        let found = boxes(&chart, &chart.tree.frames().named("f"));
        let starts: Vec<f64> = found.iter().map(|id| chart.layout.x0(*id)).collect();
        assert_eq!(starts, [10.0, 40.0]);
        let text = summary(&chart, &Measure::unknown(), &chart.tree.frames().named("f"), 2, Some(1));
        assert_eq!(text, "30.0 % of the thread · 2 of 2 calls");
    }
}
