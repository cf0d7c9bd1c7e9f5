//! The flame chart: what one thread did, in the order of time.
//!
//! Made like the flame graph, and of its parts where they fit: gestures, scene and painter are the same. What differs
//! is that a function has as many boxes as it was called, so that everything here points at boxes and not at nodes.
//! [`stage`] draws; [`minimap`] shows the whole of it.

mod actions;
pub(crate) mod axis;
mod controller;
mod events;
pub(crate) mod minimap;
mod painter;
mod presentation;
pub(crate) mod search;
mod stage;
pub(crate) mod tip;
pub(crate) mod twin;

use crate::components::tooltip::Tooltip;
use crate::reactive::{Callback, Signal, effect, handler};
use crate::state::chart_view::Look;
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use crate::views::flame_graph::scene::ROW;
use axis::Axis;
use controller::Controller;
use flarepath_profile::flame::{BoxId, Chart};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use minimap::MinimapStrip;
use stage::Place;
use twin::Twin;

/// A menu was asked for.
#[derive(Clone, Debug)]
pub(crate) struct BoxMenu {
    /// The box it is about.
    pub(crate) id: BoxId,
    /// Where, in CSS pixels of the window.
    pub(crate) at: (f64, f64),
    /// Gives the focus back.
    pub(crate) closed: Callback<()>,
}

/// What a flame chart shows and whom it tells. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct ChartDesk {
    /// The chart; `None` while there is none.
    pub(crate) chart: Signal<Option<Shared<Chart>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    /// For each frame whether it is marked.
    pub(crate) found: Signal<Option<Shared<Vec<bool>>>>,
    /// Which part is seen.
    pub(crate) look: Signal<Look>,
    /// Receives the part to be seen.
    pub(crate) on_look: Callback<(Look, HistoryMode)>,
    /// Receives requests for a menu.
    pub(crate) on_menu: Callback<BoxMenu>,
    /// A box to go to; the number tells one request from the next.
    pub(crate) jump: Signal<Option<(u64, BoxId)>>,
    /// Minutes east of UTC in which times are shown.
    pub(crate) zone_min: Signal<i64>,
}

/// Draws a flame chart with its minimap.
#[component]
pub(crate) fn FlameChart(
    /// What it shows.
    desk: ChartDesk,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let pad = NodeRef::<Div>::new();
    let controller = Controller::new(desk, pad);
    effect(move || {
        if let Some(canvas) = canvas.get() {
            controller.start(canvas);
        }
    });
    controller.follow();

    let rows = move || desk.chart.with(|c| c.as_ref().map_or(1, |c| c.layout.rows()));
    let height = move || format!("{}px", rows() as f64 * ROW);
    let place = move |place: Option<Place>, what: &'static str| {
        place.map(|p| {
            let px = |v: f64| format!("{v}px");
            view! { <div class=what style:left=px(p.x) style:top=px(p.y) style:width=px(p.w)></div> }
                .into_any()
        })
    };
    let partial = move || desk.look.with(|l| *l != Look::default());
    view! {
        <div class="flame flame-chart">
            <div class="chart-head">
                <MinimapStrip chart=desk.chart window=controller.window
                    on_window=Callback::new(move |(from, to)| controller.show_part(from, to))
                    on_rest=Callback::new(move |()| controller.settle()) />
                <button type="button" class="button" disabled=move || !partial() on:click=handler(move |_| controller.reset())>"Show all"</button>
            </div>
            <Axis chart=desk.chart window=controller.window />
            {move || controller.failure.get().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            <div class="flame-surface" style:height=move || height()>
                <canvas class="flame-canvas" aria-hidden="true" node_ref=canvas></canvas>
                {move || place(controller.overlay.get().0, "flame-hover")}
                {move || place(controller.overlay.get().1, "flame-selected")}
                <div class="flame-pad" class:scrolls=move || controller.scrolls.get() node_ref=pad tabindex="0" role="tree"
                    aria-label="Flame chart" aria-activedescendant=move || controller.active_id()
                    on:pointerdown=handler(move |e: PointerEvent| controller.press(&e))
                    on:pointermove=handler(move |e: PointerEvent| controller.drag(&e))
                    on:pointerup=handler(move |e: PointerEvent| controller.release(&e))
                    on:pointercancel=handler(move |_| controller.cancel())
                    on:pointerleave=handler(move |e: PointerEvent| if e.pointer_type() != "touch" { controller.leave() })
                    on:wheel=handler(move |e: WheelEvent| controller.wheel(&e))
                    on:contextmenu=handler(move |e: MouseEvent| controller.menu_at_pointer(&e))
                    on:keydown=handler(move |e: KeyboardEvent| controller.key(&e))
                    on:focus=handler(move |_| controller.has_focus.set(true))
                    on:blur=handler(move |_| controller.blurred())
                >
                    <Twin desk controller />
                </div>
                <Tooltip tip=controller.tip() />
            </div>
            <p class="flame-foot">{move || controller.foot()}</p>
        </div>
    }
}
