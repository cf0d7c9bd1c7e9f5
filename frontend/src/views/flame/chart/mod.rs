//! The flame chart: the calls of one thread in the order of time, with a minimap of the whole recording above.
//!
//! A function has as many boxes as it had calls. [`ChartView`] is the part seen, as the URL has it.

mod axis;
mod call_text;
mod minimap;
mod minimap_painter;
mod owner;
pub(crate) mod search;

use super::canvas::FlameCanvas;
use super::host::Host;
use crate::reactive::{Callback, RwSignal, Signal, handler};
use crate::state::chart_view::ChartView;
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use axis::Axis;
use flarepath_profile::flame::{BoxId, Chart};
use leptos::prelude::*;
use minimap::MinimapStrip;
use owner::ChartOwner;
use std::rc::Rc;

/// A request for the menu of a call.
#[derive(Clone, Debug)]
pub(crate) struct CallMenuRequest {
    pub(crate) id: BoxId,
    /// CSS pixels of the window.
    pub(crate) at: (f64, f64),
    /// Gives the focus back.
    pub(crate) closed: Callback<()>,
}

/// What a flame chart shows, and its callbacks. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct ChartProps {
    /// The chart; `None` while there is none.
    pub(crate) chart: Signal<Option<Shared<Chart>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    /// For each frame whether the search matches it.
    pub(crate) found: Signal<Option<Shared<Vec<bool>>>>,
    /// The part seen.
    pub(crate) chart_view: Signal<ChartView>,
    /// Receives another part.
    pub(crate) on_chart_view: Callback<(ChartView, HistoryMode)>,
    pub(crate) on_menu: Callback<CallMenuRequest>,
    /// A call to go to; the number distinguishes repeated requests.
    pub(crate) jump: Signal<Option<(u64, BoxId)>>,
    /// Minutes east of UTC in which times are shown.
    pub(crate) zone_min: Signal<i64>,
}

/// Draws a flame chart with its minimap.
#[component]
pub(crate) fn FlameChart(props: ChartProps) -> impl IntoView {
    let window = RwSignal::new((0.0, 1.0));
    let host = Host::new(Rc::new(ChartOwner { props, window }), false);
    let partial = move || props.chart_view.with(|l| *l != ChartView::default());
    view! {
        <div class="flame flame-chart">
            <div class="chart-head">
                <MinimapStrip chart=props.chart window
                    on_window=Callback::new(move |(from, to)| host.show_part(from, to))
                    on_rest=Callback::new(move |()| host.settle()) />
            </div>
            <Axis chart=props.chart window />
            <FlameCanvas label="Flame chart" host overlay=None />
            <button type="button" class="button chart-reset" disabled=move || !partial() on:click=handler(move |_| host.reset())>"Show all"</button>
        </div>
    }
}
