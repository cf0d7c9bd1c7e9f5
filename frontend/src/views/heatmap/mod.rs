//! Heat maps: values by row and column on a canvas, with readout and selection by pointer, touch and keyboard.
//!
//! [`scene`] is what is drawn, `painter` draws it, [`interaction`] turns input into selections, which belong to the owner
//! and come back as marks. The canvas stays as it is while the cursor moves: cursor and marks are elements above it. For
//! assistive technology there is the cell under the cursor as a grid of one cell, and a table of all numbers. A live map has the flags
//! of markers above it.

mod controller;
pub(crate) mod interaction;
pub(crate) mod legend;
mod painter;
pub(crate) mod panel;
pub(crate) mod scene;
pub(crate) mod table;

use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent};
use crate::browser::{element, media, observe};
use crate::components::tooltip::Tooltip;
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect, handler, list};
use crate::state::clock_text::Zone;
use crate::state::heatmap::data::{HeatData, Shape};
use crate::state::identity::Shared;
use crate::views::timeline::flag_layer::FlagLayer;
use crate::views::timeline::markers::Markers;
use controller::{Controller, PAD};
use flarepath_profile::heatmap::{Rect, Scale};
use interaction::{Cursor, Input, Outcome};
use legend::Legend;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use scene::Scene;
use table::CellTable;

/// What a heat map shows, and its callbacks. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Heat {
    /// `None` while there is none.
    pub(crate) data: Signal<Option<Shared<HeatData>>>,
    /// How values map to colours.
    pub(crate) scale: Signal<Scale>,
    /// In which times are shown.
    pub(crate) zone: Signal<Zone>,
    /// What a drag selects.
    pub(crate) shape: Signal<Shape>,
    /// The cells of the first selection and of the second.
    pub(crate) marks: Signal<[Vec<Rect>; 2]>,
    /// Receives selections, and requests to open or clear them.
    pub(crate) on_outcome: Callback<Outcome>,
}

/// Draws a heat map.
#[component]
pub(crate) fn HeatmapView(
    /// Its name for assistive technology.
    label: &'static str,
    heat: Heat,
    /// The markers of its service, of a live map.
    #[prop(default = None)]
    markers: Option<Markers>,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let pad = NodeRef::<Div>::new();
    let redraw = RwSignal::new(0_u32);
    let scene = Memo::new(move || {
        redraw.track();
        let width = canvas.get().map_or(900.0, |c| element::width(&c));
        let data = heat.data.get()?;
        let colors = scene::colors(&data, heat.scale.get());
        Some(Shared::new(scene::scene(&data, &colors, width, heat.zone.get())))
    });
    effect(move || {
        redraw.track();
        let Some(canvas) = canvas.get() else { return };
        // Without a canvas the table still shows the numbers.
        scene.with(|s| s.as_ref().and_then(|s| painter::paint(&canvas, s)));
    });
    observe::size_and_theme(canvas, move || redraw.update(|n| *n = n.wrapping_add(1)));
    let state = Controller {
        heat,
        markers,
        scene,
        cursor: RwSignal::new(Cursor::default()),
        tips: RwSignal::new(false),
        touch: RwSignal::new(None),
        presses: RwSignal::new(0),
    };
    let ends = Memo::new(move || heat.data.with(|d| d.as_ref().and_then(|d| d.ends_ms())));
    // Seconds of a recording have no time zone.
    let zone = move || {
        let zone = heat.zone.get();
        ends.get().map_or_else(String::new, |(from_ms, until_ms)| zone.names(from_ms, until_ms))
    };
    let height = move || scene.with(|s| format!("{}px", s.as_ref().map_or(0.0, |s| s.grid.height())));
    view! {
        <div class="heat">
            <Legend data=heat.data scene />
            <div class="heat-frame">
                <Labels scene />
                <div class="heat-plot" style:height=move || height()>
                    <canvas class="heat-canvas" aria-hidden="true" node_ref=canvas></canvas>
                    <Marks state />
                    <div class="heat-pad" id=PAD node_ref=pad tabindex="0" role="grid"
                        aria-label=label
                        aria-describedby="heat-keys"
                        aria-activedescendant=move || state.cursor.get().at.map(|_| "heat-cell")
                        aria-rowcount=move || heat.data.with(|d| d.as_ref().map(|d| d.map.rows().to_string()))
                        aria-colcount=move || heat.data.with(|d| d.as_ref().map(|d| d.map.columns().to_string()))
                        on:pointermove=handler(move |e: PointerEvent| state.moved(&e))
                        on:pointerdown=handler(move |e: PointerEvent| state.press(&e, pad))
                        on:pointerup=handler(move |_| state.release())
                        on:pointercancel=handler(move |_| { state.touch.set(None); state.act(Input::Break); })
                        on:pointerleave=handler(move |e: PointerEvent| state.leave(&e))
                        on:contextmenu=handler(move |e: MouseEvent| state.ask_under(&e, pad))
                        on:keydown=handler(move |e: KeyboardEvent| state.key(&e, pad))
                    ><CursorCell state /></div>
                    <Tooltip tip=Signal::derive(move || state.tip()) />
                    {markers.map(|markers| view! { <FlagLayer markers ends zone=heat.zone id="heat" /> }.into_any())}
                </div>
                <Ticks scene zone=Signal::derive(zone) />
            </div>
            <p class="heat-keys" id="heat-keys">{if media::is_narrow() { TOUCH } else { KEYS }}</p>
            {markers.filter(|_| !media::is_narrow()).map(|_| view! { <p class="heat-keys">{ASK}</p> }.into_any())}
            <p class="heat-keys" hidden=move || !scene.with(|s| s.as_ref().is_some_and(|s| s.crowded()))>{CROWDED}</p>
            <CellTable data=heat.data zone=heat.zone />
        </div>
    }
}

const KEYS: &str = "Drag to select, and drag again to compare. Arrow keys move the cursor, with Shift they select; \
                    Space selects one cell, Enter opens, Escape clears.";
/// What can be done at an instant, which on a phone the selection offers.
const ASK: &str =
    "A right click, or m at the cursor, compares before and after that time, and asks what changed there.";
const CROWDED: &str = "More columns than pixels: each pixel shows the highest of its columns.";
const TOUCH: &str = "Drag horizontally to select, tap a cell to select it, press and hold to see its value.";

/// The cell under the cursor, the only one of the grid in the document.
#[component]
fn CursorCell(state: Controller) -> impl IntoView {
    let at = Memo::new(move || state.cursor.get().at.unwrap_or_default());
    let text = move || {
        let zone = state.heat.zone.get();
        state.heat.data.with(|d| d.as_ref().map(|d| d.describe(at.get(), zone)))
    };
    let selected = Memo::new(move || {
        state.heat.marks.with(|marks| marks.iter().flatten().any(|rect| rect.contains(at.get())))
    });
    view! {
        <div role="row" class="heat-item" aria-rowindex=move || (at.get().row + 1).to_string()>
            <div role="gridcell" id="heat-cell" aria-colindex=move || (at.get().column + 1).to_string()
                aria-selected=move || selected.get().to_string()>{move || text()}</div>
        </div>
    }
}

/// Names of rows beside the plot. Hidden from assistive technology: the grid has them, too.
#[component]
fn Labels(scene: Memo<Option<Shared<Scene>>>) -> impl IntoView {
    let one = |label: &scene::RowLabel| {
        view! { <span style:top=format!("{}px", label.y) title=label.name.clone()><bdi dir="ltr">{label.name.clone()}</bdi></span> }.into_any()
    };
    let all = move || scene.with(|s| s.as_ref().map(|s| list(s.labels.iter().map(one))));
    view! { <div class="heat-rows" aria-hidden="true">{move || all()}</div> }
}

/// Ticks of the time axis.
#[component]
fn Ticks(scene: Memo<Option<Shared<Scene>>>, zone: Signal<String>) -> impl IntoView {
    let one = |(share, text): &(f64, String)| {
        view! { <span style:left=format!("{}%", share * 100.0)>{text.clone()}</span> }.into_any()
    };
    let all = move || scene.with(|s| s.as_ref().map(|s| list(s.ticks.iter().map(one))));
    view! {
        <span class="heat-zone" aria-hidden="true">{move || zone.get()}</span>
        <div class="heat-times" aria-hidden="true">{move || all()}</div>
    }
}

/// Outlines of the selections, of the one being drawn, and the cursor.
#[component]
fn Marks(state: Controller) -> impl IntoView {
    let place = move |rect: &Rect, class: &'static str, name: &'static str| {
        let [x, y, w, h] = state.scene.with(|s| s.as_ref().map_or([0.0; 4], |s| s.grid.place(rect)));
        let px = |v: f64| format!("{v}px");
        view! { <div class=class style:left=px(x) style:top=px(y) style:width=px(w) style:height=px(h)>{name}</div> }
            .into_any()
    };
    let selected = move || {
        let marks = state.heat.marks.get();
        let named = ["1", "2"].into_iter().zip(["heat-mark first", "heat-mark second"]).zip(marks);
        list(named.flat_map(|((name, class), rects)| {
            let named =
                (0..).zip(rects).map(move |(i, rect)| place(&rect, class, if i == 0 { name } else { "" }));
            named.collect::<Vec<_>>()
        }))
    };
    let cursor = move || {
        let Cursor { at, anchor, dragging } = state.cursor.get();
        let at = at?;
        let drawn = anchor.filter(|_| dragging).and_then(|from| {
            let shape = state.heat.shape.get();
            state.heat.data.with(|d| Some(d.as_ref()?.between(shape, from, at)))
        });
        let rects = drawn.unwrap_or_else(|| vec![Rect::between(at, at)]);
        let class = if dragging { "heat-mark" } else { "heat-cursor" };
        Some(list(rects.iter().map(|rect| place(rect, class, ""))))
    };
    view! { {move || selected()}{move || cursor()} }
}
