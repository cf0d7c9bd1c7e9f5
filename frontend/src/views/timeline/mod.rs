//! Timeline: totals over time as bars on a canvas. Dragging, or Shift and arrow keys, select a time range; a click, the context menu
//! or `m` offers a link to what changed there.

mod band_drag;
pub(crate) mod bands;
mod buckets;
mod colours;
mod flag_buttons;
pub(crate) mod flag_layer;
mod flag_painter;
mod flags;
pub(crate) mod interaction;
pub(crate) mod markers;
pub(crate) mod painter;
pub(crate) mod pinch;
mod point_link;
pub(crate) mod scene;
pub(crate) mod shades;

use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent};
use crate::browser::{clock, element, focus, node, observe};
use crate::reactive::{Callback, Memo, RwSignal, Signal, attribute, effect, handler, list};
use crate::state::css_length::percent;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use crate::state::time_text::MS;
use crate::state::timeline::TimelineData;
use flag_buttons::FlagButtons;
use interaction::{Cursor, Input, update};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use markers::{MarkerRequest, Markers};
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
    let plot = NodeRef::<Div>::new();
    let redraw = RwSignal::new(0_u32);
    let cursor = RwSignal::new(Cursor::default());
    let zone = move || clock::zone(utc.get());
    // When the data was read: drawing it again later does not complete it.
    let read_ms = Memo::new(move || data.with(|_| clock::now_ms()));
    // Colours of the lines on screen, for the next drawing.
    let kept = StoredValue::new(colours::Kept::new());
    let scene = Memo::new(move || {
        redraw.track();
        let width = canvas.get().map_or(900.0, |c| element::width(&c));
        let now_ms = read_ms.get();
        data.with(|d| d.as_ref().map(|d| scene::scene(d, zone(), width, now_ms, &kept.get_value())))
    });
    effect(move || {
        scene.with(|s| s.iter().for_each(|s| kept.set_value(s.kept())));
    });
    let flags = Memo::new(move || {
        redraw.track();
        let width = canvas.get().map_or(900.0, |c| element::width(&c)) - painter::LEFT - painter::RIGHT;
        let known = markers.map(|markers| markers.answer.data.get()).unwrap_or_default();
        scene
            .with(|s| {
                s.as_ref()
                    .zip(known)
                    .map(|(s, list)| flags::flags(&list.markers, (s.from_ms, s.until_ms), width.max(1.0)))
            })
            .unwrap_or_default()
    });
    effect(move || {
        redraw.track();
        let Some(canvas) = canvas.get() else { return };
        // Without a canvas the summary below still has the numbers.
        flags.with(|flags| {
            let plot = scene.with(|s| painter::paint(&canvas, s.as_ref()?, !flags.is_empty()));
            plot.and_then(|plot| flag_painter::paint(&canvas, &plot, flags))
        });
    });
    observe::size_and_theme(canvas, move || {
        redraw.update(|n| *n = n.wrapping_add(1));
    });

    // The place that the link is about; other data has other buckets.
    let place = RwSignal::new(None::<point_link::Place>);
    effect(move || {
        data.with(|_| ());
        place.set(None);
    });
    // Returns whether a range was chosen.
    let play = move |input: Input| {
        let chosen = scene.with_untracked(|s| {
            let s = s.as_ref()?;
            let (next, chosen) = update(cursor.get_untracked(), input, s.buckets.len());
            cursor.set(next);
            chosen.map(|(first, last)| between(s, first, last))
        });
        let is_chosen = chosen.is_some();
        if let Some((range, on_range)) = chosen.zip(on_range) {
            on_range.run(range);
        }
        is_chosen
    };
    let act = move |input: Input| {
        play(input);
    };
    let choose_place = move || {
        if about.is_some() {
            place.set(point_link::place_of(cursor.get_untracked()));
        }
    };
    let share = move |client_x: i32| {
        let rect = node::rect(plot)?;
        Some((f64::from(client_x) - rect.x) / rect.width.max(1.0))
    };
    let bucket = move |client_x: i32| {
        let share = share(client_x)?;
        scene.with_untracked(|s| s.as_ref()?.bucket_at(share))
    };
    let fingers = StoredValue::new(Fingers::default());
    // A pinch does not select.
    let pinches = move |e: &PointerEvent, pressed: bool| {
        let Some(at) = share(e.client_x()).filter(|_| is_touch(e)) else { return false };
        let id = e.pointer_id();
        let change = |f: &mut Fingers| if pressed { f.press(id, at) } else { f.drag(id, at) };
        fingers.try_update_value(change) == Some(true)
    };
    let released = move |e: PointerEvent| {
        let part = fingers.try_update_value(|f| f.release(e.pointer_id())).flatten();
        match part.and_then(|part| scene.with_untracked(|s| s.as_ref().map(|s| zoomed(s, part)))) {
            None => {
                if !play(Input::Release) {
                    choose_place();
                }
            }
            Some(range) => {
                act(Input::Cancel);
                on_range.into_iter().for_each(|on_range| on_range.run(range));
            }
        }
    };
    let readout = move || {
        let at = cursor.get().at;
        scene.with(|s| Some(s.as_ref()?.readout(at?, zone()))).unwrap_or_default()
    };
    let mark = move |edge: fn(usize, usize) -> usize, after: usize| {
        let Cursor { at, anchor, .. } = cursor.get();
        let (at, anchor) = (at?, anchor.or(at)?);
        scene.with(|s| {
            s.as_ref().map(|s| s.share_of(s.from_ms + (edge(at, anchor) + after) as i64 * s.step_ms))
        })
    };
    // What can be done at the instant under the pointer or, by keyboard, at the cursor.
    let ask = move |e: &MouseEvent| {
        let Some(markers) = markers else { return };
        // Of a key, the event tells no place.
        let is_mouse = e.button() == 2;
        let (at, under) = (cursor.get_untracked().at.filter(|_| !is_mouse), share(e.client_x()));
        let at_ns = scene.with_untracked(|s| instant(s.as_ref()?, at, under));
        let Some(at_ns) = at_ns else { return };
        e.prevent_default();
        let at = (e.client_x().into(), e.client_y().into());
        markers.asked.set(Some(MarkerRequest::Instant { at_ns, at, plot: format!("{id}-plot") }));
    };
    let seen = Signal::derive(move || (zone(), scene.with(|s| s.as_ref().map_or(0, |s| s.until_ms))));
    let told = move || {
        let (zone, seen_from_ms) = seen.get();
        flags.with(|flags| flags::summary(flags, zone, seen_from_ms))
    };
    let place_of = |share: Option<f64>| percent(share.unwrap_or(0.0));
    let margins = (painter::LEFT, painter::RIGHT);

    view! {
        <div class="timeline" class:has-markers=move || flags.with(|flags| !flags.is_empty())>
            <canvas class="timeline-canvas" node_ref=canvas aria-hidden="true"></canvas>
            <div
                class="timeline-plot"
                id=format!("{id}-plot")
                node_ref=plot
                role="application"
                tabindex="0"
                aria-label="Timeline. Arrow keys move the cursor, with Shift they select a range, Enter zooms to it."
                {..attribute("aria-describedby", format!("{id}-summary"))}
                on:pointermove=handler(move |e: PointerEvent| {
                    if !pinches(&e, false) && let Some(at) = bucket(e.client_x()) {
                        act(Input::Hover(at));
                    }
                })
                on:pointerdown=handler(move |e: PointerEvent| {
                    if e.button() == 0 && let Some(at) = bucket(e.client_x()) {
                        node::capture_pointer(plot, e.pointer_id());
                        act(if pinches(&e, true) { Input::Cancel } else { Input::Press(at) });
                    }
                })
                on:pointerup=handler(released)
                on:pointercancel=handler(move |_| {
                    fingers.update_value(Fingers::cancel);
                    act(Input::Cancel);
                })
                // The readout stays after a finger is lifted.
                on:pointerleave=handler(move |e: PointerEvent| if !is_touch(&e) { act(Input::Leave) })
                on:blur=handler(move |_| act(Input::Cancel))
                on:contextmenu=handler(move |e: MouseEvent| {
                    if markers.is_some() {
                        return ask(&e);
                    }
                    if about.is_none() {
                        return;
                    }
                    e.prevent_default();
                    // Asked for by keyboard or by a long press, it is about where the cursor is.
                    if e.button() == 2 && let Some(at) = bucket(e.client_x()) {
                        act(Input::Cancel);
                        act(Input::Hover(at));
                    }
                    choose_place();
                })
                on:keydown=handler(move |e: KeyboardEvent| {
                    // With markers, the browser's own event of the menu key opens their menu.
                    let asks = e.key() == "m" || markers.is_none() && e.key() == "ContextMenu";
                    if about.is_some() && asks {
                        e.prevent_default();
                        choose_place();
                        focus::soon(point_link::LINK);
                    } else if let Some(input) = key_input(&e.key(), e.shift_key()) {
                        e.prevent_default();
                        act(input);
                        if input == Input::Cancel {
                            place.set(None);
                        }
                    }
                })
            >
                <div
                    class="timeline-mark"
                    class:range=move || cursor.get().anchor.is_some()
                    prop:hidden=move || cursor.get().at.is_none()
                    style:left=move || place_of(mark(usize::min, 0))
                    style:right=move || place_of(mark(usize::max, 1).map(|share| 1.0 - share))
                ></div>
            </div>
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

/// Names of the lines, if there are several.
#[component]
fn Legend(scene: Memo<Option<Scene>>) -> impl IntoView {
    let names = Memo::new(move || scene.with(|s| s.as_ref().map(|s| s.legend.clone()).unwrap_or_default()));
    // Colours follow the names.
    let item = move |(index, name): (usize, String)| {
        let colour =
            scene.with_untracked(|s| s.as_ref().and_then(|s| s.colours.get(index).copied()).unwrap_or(0));
        view! { <li class=format!("legend-{colour}")><span class="legend-swatch"></span><span class="legend-name" title=name.clone()>{name.clone()}</span></li> }
            .into_any()
    };
    view! { <ul class="legend" aria-label="Legend" prop:hidden=move || names.with(Vec::is_empty)>{move || list(names.get().into_iter().enumerate().map(item))}</ul> }
}

/// The time range of some buckets, as far as it was asked for.
fn between(scene: &Scene, first: usize, last: usize) -> TimeRange {
    let at = |i: usize| scene.from_ms + i as i64 * scene.step_ms;
    TimeRange::Between(scene.span.clamp(Span::of_ms(at(first), at(last + 1))))
}

/// The start of a bucket, or else the instant at a part of the width, in nanoseconds since the epoch. To the second: a pixel is longer.
fn instant(scene: &Scene, bucket: Option<usize>, share: Option<f64>) -> Option<i64> {
    let of_bucket = bucket.and_then(|at| scene.buckets.get(at)).map(|bucket| bucket.from_ms);
    let length = (scene.until_ms - scene.from_ms) as f64;
    let at_ms = of_bucket.or(share.map(|share| scene.from_ms + (share * length) as i64))?;
    Some((at_ms - at_ms.rem_euclid(1000)).saturating_mul(MS))
}

fn is_touch(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

/// The time range of a part of the width.
fn zoomed(scene: &Scene, (from, to): (f64, f64)) -> TimeRange {
    let length = (scene.until_ms - scene.from_ms) as f64;
    let at = |share: f64| (scene.from_ms + (share * length) as i64).max(0);
    let from_ms = at(from);
    TimeRange::Between(scene.span.clamp(Span::of_ms(from_ms, at(to).max(from_ms + SHORTEST_MS))))
}

/// The shortest range of a pinch.
const SHORTEST_MS: i64 = 1000;

fn key_input(key: &str, shift: bool) -> Option<Input> {
    Some(match key {
        "ArrowLeft" => Input::Step(-1, shift),
        "ArrowRight" => Input::Step(1, shift),
        "PageUp" => Input::Step(-10, shift),
        "PageDown" => Input::Step(10, shift),
        "Home" => Input::Edge(false, shift),
        "End" => Input::Edge(true, shift),
        "Enter" => Input::Accept,
        "Escape" => Input::Cancel,
        _ => return None,
    })
}
