//! Timeline: totals over time as bars on a canvas. Dragging, or Shift and arrow keys, select a time range; a click, the context menu
//! or `m` offers a link to what changed there.

mod band_drag;
pub(crate) mod bands;
mod buckets;
pub(super) mod colours;
mod controller;
mod flag_buttons;
pub(crate) mod flag_layer;
mod flag_painter;
mod flags;
pub(crate) mod interaction;
pub(crate) mod markers;
pub(crate) mod painter;
pub(crate) mod pinch;
mod point_link;
mod ranges;
pub(crate) mod scene;
pub(crate) mod shades;

use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent};
use crate::browser::{clock, element, observe};
use crate::reactive::{Callback, Memo, RwSignal, Signal, attribute, effect, handler, list};
use crate::state::css_length::percent;
use crate::state::markers::MarkerList;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use crate::state::timeline::TimelineData;
use controller::Controller;
pub(super) use controller::key_input;
use flag_buttons::FlagButtons;
use flags::Flag;
use interaction::Cursor;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use markers::Markers;
use pinch::Fingers;
use scene::Scene;

/// Builds what lies over a chart, which keeps it out of the first program.
pub(crate) type Overlay = Box<dyn FnOnce(Memo<Option<Scene>>) -> AnyView>;

/// See the module.
#[component]
pub(crate) fn Timeline(
    data: RwSignal<Option<TimelineData>>,
    /// Whether times are shown in UTC.
    utc: Signal<bool>,
    /// Receives a selected range.
    #[prop(optional)]
    on_range: Option<Callback<TimeRange>>,
    /// What lies over the chart.
    #[prop(optional)]
    overlay: Option<Overlay>,
    /// The question that it answers, where it offers a link to what changed.
    #[prop(optional)]
    about: Option<Signal<Query>>,
    /// The markers of its service.
    #[prop(default = None)]
    markers: Option<Markers>,
    /// DOM id prefix, unique on the page.
    #[prop(default = "timeline")]
    id: &'static str,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let zone = move || clock::zone(utc.get());
    let (scene, flags) = drawn(canvas, data, utc, markers);
    // The place that the link is about; other data has other buckets.
    let place = RwSignal::new(None::<point_link::Place>);
    effect(move || {
        data.with(|_| ());
        place.set(None);
    });
    let state = Controller {
        scene,
        plot: NodeRef::<Div>::new(),
        cursor: RwSignal::new(Cursor::default()),
        fingers: StoredValue::new(Fingers::default()),
        on_range,
        place: about.map(|_| place),
        asked: markers.map(|markers| markers.asked),
        id,
    };
    let readout = move || {
        let at = state.cursor.get().at;
        scene.with(|s| Some(s.as_ref()?.readout(at?, zone()))).unwrap_or_default()
    };
    let seen = Signal::derive(move || (zone(), scene.with(|s| s.as_ref().map_or(0, |s| s.until_ms))));
    let told = move || {
        let (zone, seen_from_ms) = seen.get();
        flags.with(|flags| flags::summary(flags, zone, seen_from_ms))
    };
    let margins = (painter::LEFT, painter::RIGHT);
    view! {
        <div class="timeline" class:has-markers=move || flags.with(|flags| !flags.is_empty())>
            <canvas class="timeline-canvas" node_ref=canvas aria-hidden="true"></canvas>
            {plot(state)}
            {overlay.map(|show| show(scene))}
            {about.map(|about| point_link::view(about, place, scene, utc))}
            {markers.map(|markers| flag_buttons::show(FlagButtons { markers, flags, seen, margins, id }))}
            <output class="timeline-readout" {..attribute("aria-live", "polite")}>{move || readout()}</output>
            <p class="visually-hidden" id=format!("{id}-summary")>
                {move || scene.with(|s| s.as_ref().map_or_else(String::new, |s| s.summary(zone())))}{move || told()}
            </p>
        </div>
        <Legend scene />
    }
}

/// The scene of the data and the flags of the markers, which are drawn on the canvas and again when they, its size or the theme change.
fn drawn(
    canvas: NodeRef<Canvas>,
    data: RwSignal<Option<TimelineData>>,
    utc: Signal<bool>,
    markers: Option<Markers>,
) -> (Memo<Option<Scene>>, Memo<Vec<Flag>>) {
    let redraw = RwSignal::new(0_u32);
    // When the data was read: drawing it again later does not complete it.
    let read_ms = Memo::new(move || data.with(|_| clock::now_ms()));
    // Colours of the lines on screen, for the next drawing.
    let kept = StoredValue::new(colours::Kept::new());
    let width = move || {
        redraw.track();
        canvas.get().map_or(900.0, |c| element::width(&c))
    };
    let scene = Memo::new(move || {
        let (width, now_ms, zone) = (width(), read_ms.get(), clock::zone(utc.get()));
        data.with(|d| d.as_ref().map(|d| scene::scene(d, zone, width, now_ms, &kept.get_value())))
    });
    effect(move || {
        scene.with(|s| s.iter().for_each(|s| kept.set_value(s.kept())));
    });
    let flags = Memo::new(move || {
        let width = width() - painter::LEFT - painter::RIGHT;
        let known = markers.map(|markers| markers.answer.data.get()).unwrap_or_default();
        let flags_on = |(s, list): (&Scene, MarkerList)| {
            flags::flags(&list.markers, (s.from_ms, s.until_ms), width.max(1.0))
        };
        scene.with(|s| s.as_ref().zip(known).map(flags_on)).unwrap_or_default()
    });
    effect(move || {
        redraw.track();
        let Some(canvas) = canvas.get() else { return };
        // Without a canvas the summary still has the numbers.
        flags.with(|flags| {
            let plot = scene.with(|s| painter::paint(&canvas, s.as_ref()?, !flags.is_empty()));
            plot.and_then(|plot| flag_painter::paint(&canvas, &plot, flags))
        });
    });
    observe::size_and_theme(canvas, move || {
        redraw.update(|n| *n = n.wrapping_add(1));
    });
    (scene, flags)
}

/// What takes pointer and keyboard, with the cursor or the selection.
fn plot(state: Controller) -> AnyView {
    let place_of = |share: Option<f64>| percent(share.unwrap_or(0.0));
    view! {
        <div
            class="timeline-plot"
            id=format!("{}-plot", state.id)
            node_ref=state.plot
            role="application"
            tabindex="0"
            aria-label="Timeline. Arrow keys move the cursor, with Shift they select a range, Enter zooms to it."
            {..attribute("aria-describedby", format!("{}-summary", state.id))}
            on:pointermove=handler(move |e: PointerEvent| state.moved(&e))
            on:pointerdown=handler(move |e: PointerEvent| state.pressed(&e))
            on:pointerup=handler(move |e: PointerEvent| state.released(&e))
            on:pointercancel=handler(move |_| {
                state.fingers.update_value(Fingers::cancel);
                state.cancelled();
            })
            on:pointerleave=handler(move |e: PointerEvent| state.left(&e))
            on:blur=handler(move |_| state.cancelled())
            on:contextmenu=handler(move |e: MouseEvent| state.menu(&e))
            on:keydown=handler(move |e: KeyboardEvent| state.key(&e))
        >
            <div
                class="timeline-mark"
                class:range=move || state.cursor.get().anchor.is_some()
                prop:hidden=move || state.cursor.get().at.is_none()
                style:left=move || place_of(state.mark(usize::min, 0))
                style:right=move || place_of(state.mark(usize::max, 1).map(|share| 1.0 - share))
            ></div>
        </div>
    }
    .into_any()
}

/// Names of the lines, if there are several.
#[component]
fn Legend(scene: Memo<Option<Scene>>) -> impl IntoView {
    let names = Memo::new(move || scene.with(|s| s.as_ref().map(|s| s.legend.clone()).unwrap_or_default()));
    // Colours follow the names.
    let item = move |(index, name): (usize, String)| {
        let colour =
            scene.with_untracked(|s| s.as_ref().and_then(|s| s.colours.get(index).copied()).unwrap_or(0));
        view! { <li class=format!("legend-{colour}")><span class="legend-swatch"></span><span class="legend-name" title=name.clone()><bdi>{name.clone()}</bdi></span></li> }
            .into_any()
    };
    view! { <ul class="legend" aria-label="Legend" prop:hidden=move || names.with(Vec::is_empty)>{move || list(names.get().into_iter().enumerate().map(item))}</ul> }
}
