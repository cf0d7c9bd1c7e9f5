//! Charts: lines over time, and strip plots of replicas, on a canvas with tooltip, selection by pointer and keyboard, and a table for
//! screen readers.
//!
//! `flarepath_charts` draws; [`scene`] says what, [`painter`] is its canvas, [`line_view`] and [`strip_view`] are the components. The
//! cursor of a line chart is that of the timeline. See docs/decisions/0027-one-chart-drawing.md.

mod legend;
mod line_view;
mod painter;
mod readout;
mod scene;
mod strip_keys;
mod strip_view;
mod twin;

pub(crate) use line_view::LineChartView;
pub(crate) use strip_view::StripPlotView;

use std::sync::atomic::{AtomicU32, Ordering};

/// A DOM id that no other chart of the page has.
fn new_id() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("chart-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
