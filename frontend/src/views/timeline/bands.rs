//! Two spans of time over a timeline, one for each side of a comparison. Their edges are sliders for pointer and keyboard, and a
//! grip moves a whole span. A change is told once it is released.

use super::band_drag::{Part, moved};
use super::scene::Scene;
use crate::browser::event::{KeyboardEvent, PointerEvent};
use crate::browser::node;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::clock_text::Zone;
use crate::state::time_range::Span;
use leptos::html::Div;
use leptos::prelude::*;

const NAMES: [&str; 2] = ["baseline", "comparison"];

/// What the bands show. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Bands {
    /// Of the baseline and of the comparison.
    pub(crate) spans: [Memo<Span>; 2],
    /// In which times are told.
    pub(crate) zone: Signal<Zone>,
    /// Instants to mark, each with its text.
    pub(crate) ticks: Signal<Vec<(i64, String)>>,
    /// Receives the position in [`Bands::spans`] of what has changed, and its new span.
    pub(crate) on_span: Callback<(usize, Span)>,
}

/// A part of a band under the pointer.
#[derive(Clone, Copy)]
struct Grip {
    side: usize,
    part: Part,
    /// The span before.
    span: Span,
    /// Where the pointer went down, in CSS pixels of the window.
    x: i32,
}

/// The bands over one chart. Copied freely.
#[derive(Clone, Copy)]
struct Layer {
    bands: Bands,
    scene: Memo<Option<Scene>>,
    element: NodeRef<Div>,
    held: RwSignal<Option<Grip>>,
    /// A span that is being changed.
    changed: RwSignal<Option<(usize, Span)>>,
}

/// Shows the bands over the chart of `scene`.
pub(crate) fn show(bands: Bands, scene: Memo<Option<Scene>>) -> AnyView {
    let (held, changed) = (RwSignal::new(None), RwSignal::new(None));
    let layer = Layer { bands, scene, element: NodeRef::new(), held, changed };
    let tick = move |(ms, text): (i64, String)| {
        view! { <span class="band-tick" style:left=move || layer.percent(ms)>{text}</span> }.into_any()
    };
    view! {
        <div class="bands" node_ref=layer.element
            on:pointermove=handler(move |e: PointerEvent| layer.drag(&e))
            on:pointerup=handler(move |_| layer.release())
            on:pointercancel=handler(move |_| layer.cancel())
        >
            {move || list(bands.ticks.get().into_iter().map(tick))}
            {band(layer, 0)}
            {band(layer, 1)}
        </div>
    }
    .into_any()
}

fn band(layer: Layer, side: usize) -> AnyView {
    let end =
        move || layer.scene.with(|s| s.as_ref().map_or(1.0, |s| 1.0 - s.share_of(layer.span(side).end_ms())));
    view! {
        <div class=format!("band band-{}", NAMES[side]) style:left=move || layer.percent(layer.span(side).start_ms())
            style:right=move || format!("{}%", end() * 100.0)>
            <div class="band-grip" title=format!("Move the {}", NAMES[side])
                on:pointerdown=handler(move |e: PointerEvent| layer.press(side, Part::Whole, &e))></div>
            {edge(layer, side, Part::From)}
            {edge(layer, side, Part::Until)}
        </div>
    }
    .into_any()
}

/// The slider at an end of a band.
fn edge(layer: Layer, side: usize, part: Part) -> AnyView {
    let (word, class) = match part {
        Part::Until => ("End", "band-edge band-until"),
        _ => ("Start", "band-edge band-from"),
    };
    let at = move || {
        let Span { from_ns, until_ns } = layer.span(side);
        if part == Part::Until { until_ns } else { from_ns }
    };
    let seconds = |ns: i64| ns.div_euclid(1_000_000_000).to_string();
    let limit = move |end: fn(Span) -> i64| layer.scene.with(|s| s.as_ref().map(|s| seconds(end(s.span))));
    let text = move || {
        let civil = layer.bands.zone.get().civil(at().div_euclid(1_000_000));
        format!("{} {}", civil.date(), civil.time())
    };
    view! {
        <div class=class role="slider" tabindex="0" aria-label=format!("{word} of the {}", NAMES[side])
            aria-valuemin=move || limit(|span| span.from_ns) aria-valuemax=move || limit(|span| span.until_ns)
            aria-valuenow=move || seconds(at()) aria-valuetext=text
            on:pointerdown=handler(move |e: PointerEvent| layer.press(side, part, &e))
            on:keydown=handler(move |e: KeyboardEvent| layer.key(side, part, &e))
            on:keyup=handler(move |_| layer.release())
            on:blur=handler(move |_| layer.release())
        ></div>
    }
    .into_any()
}

impl Layer {
    /// The span of a side, as it is being changed.
    fn span(self, side: usize) -> Span {
        let changed = self.changed.get().filter(|(of, _)| *of == side);
        changed.map_or_else(|| self.bands.spans[side].get(), |(_, span)| span)
    }

    fn percent(self, ms: i64) -> String {
        let share = self.scene.with(|s| s.as_ref().map_or(0.0, |s| s.share_of(ms)));
        format!("{}%", share * 100.0)
    }

    fn press(self, side: usize, part: Part, event: &PointerEvent) {
        if event.button() == 0 {
            node::capture_pointer(self.element, event.pointer_id());
            let span = self.bands.spans[side].get_untracked();
            self.held.set(Some(Grip { side, part, span, x: event.client_x() }));
        }
    }

    fn drag(self, event: &PointerEvent) {
        let Some(Grip { side, part, span, x }) = self.held.get_untracked() else { return };
        let Some(rect) = node::rect(self.element) else { return };
        let share = f64::from(event.client_x() - x) / rect.width.max(1.0);
        let moved = self.scene.with_untracked(|s| {
            let s = s.as_ref()?;
            let by_ms = share * (s.until_ms - s.from_ms) as f64;
            Some(moved(span, part, (by_ms as i64).saturating_mul(1_000_000), s.span))
        });
        self.changed.set(moved.map(|span| (side, span)));
    }

    fn key(self, side: usize, part: Part, event: &KeyboardEvent) {
        let steps: i64 = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => -1,
            "ArrowRight" | "ArrowUp" => 1,
            "PageDown" => -10,
            "PageUp" => 10,
            "Home" => -100_000,
            "End" => 100_000,
            "Escape" => return self.cancel(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let changed = self.changed.get_untracked().filter(|(of, _)| *of == side);
        let now = changed.map_or_else(|| self.bands.spans[side].get_untracked(), |(_, span)| span);
        let moved = self.scene.with_untracked(|s| {
            let s = s.as_ref()?;
            let by_ns = s.step_ms.saturating_mul(1_000_000).saturating_mul(steps);
            Some(moved(now, part, by_ns, s.span))
        });
        self.changed.set(moved.map(|span| (side, span)));
    }

    fn release(self) {
        self.held.set(None);
        if let Some((side, span)) = self.changed.try_get_untracked().flatten() {
            self.changed.set(None);
            if self.bands.spans[side].get_untracked() != span {
                self.bands.on_span.run((side, span));
            }
        }
    }

    fn cancel(self) {
        self.held.set(None);
        self.changed.set(None);
    }
}
