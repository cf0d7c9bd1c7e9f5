//! The flame chart's side of the canvas: calls, spans of time in the URL.

use super::call_text;
use super::{CallMenuRequest, ChartProps};
use crate::reactive::{Callback, RwSignal};
use crate::state::chart_view::ChartView;
use crate::state::view::HistoryMode;
use crate::views::flame::boxes::Boxes;
use crate::views::flame::camera::is_same_window;
use crate::views::flame::host::set_if_new;
use crate::views::flame::owner::{FramePaint, Owner, TooltipText};
use crate::views::flame::scene::RestSummary;
use crate::views::flame::stage::{Framing, Stage, Target};
use crate::views::picture::Measure;
use flarepath_profile::flame::{BoxId, Viewport};
use std::sync::Arc;

/// How much wider zooming out makes the view.
const ZOOM_OUT: f64 = 4.0;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct ChartOwner {
    pub(super) props: ChartProps,
    /// The part in sight, as shares of the whole time; follows each drawing.
    pub(super) window: RwSignal<(f64, f64)>,
}

impl ChartOwner {
    fn go(&self, chart_view: ChartView, mode: HistoryMode) {
        if chart_view != self.props.chart_view.get_untracked() {
            self.props.on_chart_view.run((chart_view, mode));
        }
    }
}

/// The part of the URL for a camera.
fn chart_view_of(Framing { camera, bounds }: Framing) -> ChartView {
    let all = is_same_window(&camera, &Viewport::fit(&bounds));
    let from = camera.x0.round() as u64;
    // A window of no length would be read as none.
    let window = (!all).then(|| (from, (camera.x1.round() as u64).max(from + 1)));
    ChartView { window, row: camera.top.round() as u32 }
}

impl Owner for ChartOwner {
    fn boxes(&self) -> Option<Arc<dyn Boxes>> {
        let chart = self.props.chart.get()?;
        Some(chart.arc().clone())
    }

    fn paint(&self) -> FramePaint {
        // Calls show their duration, which needs no unit.
        (self.props.colours.get(), self.props.found.get(), Measure::unknown())
    }

    fn jump(&self) -> Option<BoxId> {
        self.props.jump.get().map(|(_, id)| id)
    }

    fn location(&self, now: Framing, _: bool) -> (BoxId, Viewport) {
        let ChartView { window, row } = self.props.chart_view.get();
        let fit = Viewport { top: f64::from(row), ..Viewport::fit(&now.bounds) };
        let camera = window.map_or(fit, |(from, to)| Viewport { x0: from as f64, x1: to as f64, ..fit });
        (BoxId(0), camera.clamped(&now.bounds))
    }

    fn carry_over(&self, _: &dyn Boxes, _: BoxId) -> Option<BoxId> {
        None
    }

    fn shows_all(&self) -> bool {
        self.props.chart_view.get_untracked() == ChartView::default()
    }

    fn reset(&self) {
        self.go(ChartView::default(), HistoryMode::Push);
    }

    fn zoom_to(&self, now: Framing, id: BoxId) -> Option<Viewport> {
        let chart = self.props.chart.get_untracked()?;
        Some(now.camera.on_box(&chart.layout, id, &now.bounds))
    }

    fn zoom_to_run(&self, now: Framing, first: BoxId, last: BoxId) -> Option<Viewport> {
        let chart = self.props.chart.get_untracked()?;
        Some(Viewport { x0: chart.layout.x0(first), x1: chart.layout.x1(last), ..now.camera })
    }

    fn zoom_out(&self, now: Framing) -> Option<Viewport> {
        let middle = (now.camera.x0 + now.camera.x1) / 2.0;
        Some(now.camera.zoom(1.0 / ZOOM_OUT, middle, &now.bounds))
    }

    fn save_location(&self, now: Framing, mode: HistoryMode) {
        if self.props.chart.with_untracked(Option::is_some) {
            self.go(chart_view_of(now), mode);
        }
    }

    fn selection_moves_url(&self) -> bool {
        true
    }

    fn drawn(&self, stage: &Stage) {
        set_if_new(self.window, stage.window());
    }

    fn open_menu(&self, id: BoxId, at: (f64, f64), closed: Callback<()>) {
        self.props.on_menu.run(CallMenuRequest { id, at, closed });
    }

    fn press_key(&self, _: BoxId, _: char) -> bool {
        false
    }

    fn tooltip(&self, _: BoxId, target: Target) -> Option<TooltipText> {
        let chart = self.props.chart.get()?;
        Some(match target {
            Target::Box(id) => {
                let name = chart.tree.name(chart.layout.node(id)).to_owned();
                (name, call_text::rows(&chart, id, self.props.zone_min.get()), "")
            }
            Target::Rest { count, value, .. } => {
                let rows = vec![("duration", call_text::duration(value))];
                (format!("{count} calls under 1 px wide"), rows, "Click to zoom in.")
            }
        })
    }

    fn sentence(&self, id: BoxId) -> String {
        let zone_min = self.props.zone_min.get();
        self.props
            .chart
            .with(|c| c.as_ref().map(|c| call_text::sentence(c, id, zone_min)))
            .unwrap_or_default()
    }

    fn rest_note(&self, rest: RestSummary) -> String {
        match rest.boxes {
            1 => "1 call under 1 px wide is not drawn separately. Zoom in to see it.".to_owned(),
            calls => format!("{calls} calls under 1 px wide are drawn as one. Zoom in to see them."),
        }
    }
}
