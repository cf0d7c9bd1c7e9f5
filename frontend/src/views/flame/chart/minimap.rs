//! Minimap: the whole recording as a strip, with a window that can be moved and resized.
//!
//! Positions are shares of the strip, 0 to 1. [`grab`] and [`drag`] are pure. The strip is for pointers only; the chart's
//! keys can do the same.

use super::minimap_painter as painter;
use crate::browser::event::PointerEvent;
use crate::browser::{node, observe};
use crate::reactive::{Callback, RwSignal, Signal, effect, handler};
use crate::state::identity::Shared;
use flarepath_profile::flame::Chart;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

/// The narrowest window.
const NARROWEST: f64 = 1e-6;

/// The part of the window being dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Grab {
    /// All of it: how far from its left edge.
    Whole(f64),
    /// Its left edge.
    From,
    /// Its right edge.
    To,
}

/// The part of the window that a press at `x` grabs, and the window after it; `edge` is how near counts as the edge. A
/// press outside of the window moves the window there.
fn grab(x: f64, window: (f64, f64), edge: f64) -> (Grab, (f64, f64)) {
    let (from, to) = window;
    let whole = from <= 0.0 && to >= 1.0;
    // A narrow window is moved rather than resized.
    let edge = edge.min((to - from) / 4.0);
    if (x - from).abs() <= edge && !whole {
        return (Grab::From, window);
    }
    if (x - to).abs() <= edge && !whole {
        return (Grab::To, window);
    }
    if (from..=to).contains(&x) && !whole {
        return (Grab::Whole(x - from), window);
    }
    if whole {
        // With everything in sight a drag draws a new window from here.
        return (Grab::To, (x, x + NARROWEST));
    }
    let span = to - from;
    let moved = (x - span / 2.0).clamp(0.0, 1.0 - span);
    (Grab::Whole(x - moved), (moved, moved + span))
}

/// The window after the pointer moved to `x`.
fn drag(held: Grab, x: f64, (from, to): (f64, f64)) -> (f64, f64) {
    let x = x.clamp(0.0, 1.0);
    match held {
        Grab::Whole(offset) => {
            let span = to - from;
            let from = (x - offset).clamp(0.0, (1.0 - span).max(0.0));
            (from, from + span)
        }
        Grab::From => (x.min(to - NARROWEST).max(0.0), to),
        Grab::To => (from, x.max(from + NARROWEST).min(1.0)),
    }
}

/// Pixels that count as the edge of the window.
const EDGE_PX: f64 = 8.0;

/// The strip with its window.
#[component]
pub(super) fn MinimapStrip(
    chart: Signal<Option<Shared<Chart>>>,
    /// The part seen.
    #[prop(into)]
    window: Signal<(f64, f64)>,
    /// Receives the part to show during a drag.
    on_window: Callback<(f64, f64)>,
    /// Called at the end of a drag.
    on_rest: Callback<()>,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let strip = NodeRef::<Div>::new();
    let redraw = RwSignal::new(0_u32);
    // With the window as dragged: `window` follows a frame later.
    let held = RwSignal::new(None::<(Grab, (f64, f64))>);
    effect(move || {
        redraw.track();
        let (Some(canvas), Some(chart)) = (canvas.get(), chart.get()) else { return };
        // Without a canvas the chart itself shows the failure.
        painter::paint(&canvas, &chart);
    });
    observe::size_and_theme(canvas, move || redraw.update(|n| *n = n.wrapping_add(1)));
    let share = move |event: &PointerEvent| {
        node::rect(strip).map_or((0.0, 1.0), |rect| {
            let width = rect.width.max(1.0);
            ((f64::from(event.client_x()) - rect.x) / width, width)
        })
    };
    let press = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        node::capture_pointer(strip, event.pointer_id());
        let (x, width) = share(&event);
        let before = window.get_untracked();
        let (grabbed, moved) = grab(x, before, EDGE_PX / width);
        held.set(Some((grabbed, moved)));
        if moved != before && matches!(grabbed, Grab::Whole(_)) {
            on_window.run(moved);
        }
    };
    let drags = move |event: PointerEvent| {
        if let Some((grabbed, at)) = held.get_untracked() {
            let moved = drag(grabbed, share(&event).0, at);
            held.set(Some((grabbed, moved)));
            on_window.run(moved);
        }
    };
    let release = move |_: PointerEvent| {
        if held.get_untracked().is_some() {
            held.set(None);
            on_rest.run(());
        }
    };
    let percent = |share: f64| format!("{}%", share * 100.0);
    view! {
        <div class="chart-minimap" node_ref=strip aria-hidden="true"
            on:pointerdown=handler(press) on:pointermove=handler(drags)
            on:pointerup=handler(release) on:pointercancel=handler(release)
        >
            <canvas node_ref=canvas></canvas>
            <div class="chart-window" style:left=move || percent(window.get().0)
                style:right=move || percent(1.0 - window.get().1)></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(window: (f64, f64), xs: &[f64]) -> (f64, f64) {
        let (held, start) = grab(xs[0], window, 0.01);
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        let (from, to) = xs[1..].iter().fold(start, |at, &x| drag(held, x, at));
        (round(from), round(to))
    }

    #[test]
    fn drags_move_and_resize_the_window() {
        assert_eq!(play((0.2, 0.4), &[0.3, 0.5]), (0.4, 0.6));
        assert_eq!(play((0.2, 0.4), &[0.3, 5.0]), (0.8, 1.0));
        assert_eq!(play((0.2, 0.4), &[0.2, 0.1]), (0.1, 0.4));
        assert_eq!(play((0.2, 0.4), &[0.4, 0.9]), (0.2, 0.9));
        assert_eq!(play((0.2, 0.4), &[0.395, 0.1]), (0.2, 0.2), "an edge never passes the other");
    }

    #[test]
    fn press_outside_moves_the_window_there() {
        assert_eq!(play((0.2, 0.4), &[0.7]), (0.6, 0.8));
        assert_eq!(play((0.2, 0.4), &[0.98, 0.5]), (0.32, 0.52));
    }

    #[test]
    fn drag_over_everything_draws_a_window() {
        assert_eq!(play((0.0, 1.0), &[0.3, 0.6]), (0.3, 0.6));
    }
}
