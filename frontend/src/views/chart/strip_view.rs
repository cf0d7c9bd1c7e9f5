//! The component of strip plots.

use super::scene::{STRIP_HEIGHT, strip};
use super::strip_keys::{StripKey, moved, strip_key};
use super::{new_id, painter, twin};
use crate::browser::event::{KeyboardEvent, PointerEvent};
use crate::browser::{node, observe};
use crate::components::tooltip::{Tip, Tooltip};
use crate::reactive::{Callback, RwSignal, Signal, attribute, effect, handler, shown};
use crate::state::css_length::px;
use crate::state::strip_plot::StripPlot;
use flarepath_charts::StripLayout;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

/// State of one plot. Copied freely.
#[derive(Clone, Copy)]
struct StripState {
    plot: Signal<Option<StripPlot>>,
    canvas: NodeRef<Canvas>,
    pad: NodeRef<Div>,
    /// The point under the pointer or the keyboard's cursor.
    at: RwSignal<Option<usize>>,
    /// Whether it was moved by keyboard: only then is the point said.
    by_keyboard: RwSignal<bool>,
    redraw: RwSignal<u32>,
    on_pick: Option<Callback<String>>,
}

/// Draws a plot; nothing while there is none.
#[component]
pub(crate) fn StripPlotView(
    plot: Signal<Option<StripPlot>>,
    /// Receives the name of a point that is clicked, or chosen by Enter.
    #[prop(optional)]
    on_pick: Option<Callback<String>>,
) -> impl IntoView {
    let state = StripState {
        plot,
        canvas: NodeRef::new(),
        pad: NodeRef::new(),
        at: RwSignal::new(None),
        by_keyboard: RwSignal::new(false),
        redraw: RwSignal::new(0),
        on_pick,
    };
    effect(move || {
        state.redraw.track();
        let Some(canvas) = state.canvas.get() else { return };
        let chosen = state.at.get();
        // Without a canvas the table still has the numbers.
        plot.with(|plot| plot.as_ref().and_then(|plot| painter::paint_strip(&canvas, &strip(plot), chosen)));
    });
    observe::size_and_theme(state.canvas, move || state.redraw.update(|n| *n = n.wrapping_add(1)));
    shown(move || plot.with(Option::is_some), move || figure(state))
}

fn figure(state: StripState) -> AnyView {
    let id = new_id();
    let of_plot =
        move |text: fn(&StripPlot) -> String| state.plot.with(|p| p.as_ref().map(text)).unwrap_or_default();
    let title = move || of_plot(|plot| plot.title.clone());
    let keys = if state.on_pick.is_some() { KEYS_WITH_PICK } else { KEYS };
    let table = move || state.plot.with(|plot| plot.as_ref().map(twin::points));
    view! {
        <figure class="chart">
            <figcaption class="chart-title">{title}</figcaption>
            <div class="chart-frame" style:height=px(STRIP_HEIGHT)>
                <canvas class="chart-canvas" node_ref=state.canvas aria-hidden="true"></canvas>
                <div class="chart-pad" class:picks=move || state.on_pick.is_some() && state.at.get().is_some()
                    node_ref=state.pad role="application" tabindex="0"
                    aria-label=move || format!("{}. {keys}", title())
                    {..attribute("aria-describedby", id.clone())}
                    on:pointermove=handler(move |e: PointerEvent| state.point_at(&e))
                    on:pointerdown=handler(move |e: PointerEvent| state.point_at(&e))
                    on:pointerup=handler(move |e: PointerEvent| if e.button() == 0 { state.pick() })
                    on:pointerleave=handler(move |e: PointerEvent| if e.pointer_type() != "touch" { state.at.set(None) })
                    on:blur=handler(move |_| state.at.set(None))
                    on:keydown=handler(move |e: KeyboardEvent| state.key(&e))
                ></div>
                <Tooltip tip=Signal::derive(move || state.tip()) />
            </div>
            <p class="visually-hidden" id=id>{move || of_plot(StripPlot::summary)}</p>
            <output class="visually-hidden" {..attribute("aria-live", "polite")}>{move || state.said()}</output>
            {table}
        </figure>
    }
    .into_any()
}

const KEYS: &str = "Arrow keys move from replica to replica.";
const KEYS_WITH_PICK: &str = "Arrow keys move from replica to replica, Enter chooses one.";

impl StripState {
    /// The layout in the room that there is now.
    fn layout(self) -> Option<StripLayout> {
        let width = node::rect(self.pad)?.width;
        self.plot.with_untracked(|plot| Some(StripLayout::of(&strip(plot.as_ref()?), (width, STRIP_HEIGHT))))
    }

    fn point_at(self, event: &PointerEvent) {
        let Some((rect, layout)) = node::rect(self.pad).zip(self.layout()) else { return };
        let (x, y) = (f64::from(event.client_x()) - rect.x, f64::from(event.client_y()) - rect.y);
        let found = layout.nearest(x, y);
        self.by_keyboard.set(false);
        if found != self.at.get_untracked() {
            self.at.set(found);
        }
    }

    fn pick(self) {
        let name = |plot: &StripPlot| Some(plot.points.get(self.at.get_untracked()?)?.name.clone());
        let name = self.plot.with_untracked(|plot| plot.as_ref().and_then(name));
        if let Some((name, on_pick)) = name.zip(self.on_pick) {
            on_pick.run(name);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some((key, layout)) = strip_key(&event.key()).zip(self.layout()) else { return };
        event.prevent_default();
        self.by_keyboard.set(true);
        self.at.set(moved(&layout.ascending(), self.at.get_untracked(), key));
        if key == StripKey::Pick {
            self.pick();
        }
    }

    fn tip(self) -> Option<Tip> {
        self.redraw.track();
        let at = self.at.get()?;
        let room = (node::rect(self.pad)?.width, STRIP_HEIGHT);
        self.plot.with(|plot| {
            let plot = plot.as_ref()?;
            let point = plot.points.get(at)?;
            let (x, y) = StripLayout::of(&strip(plot), room).place(at)?;
            let rows = vec![("Value", plot.scale().amount(point.value))];
            Some(Tip { x, y, room, title: point.name.clone(), rows, note: point.remark() })
        })
    }

    /// The point that the keyboard moved to.
    fn said(self) -> String {
        let Some(at) = self.at.get().filter(|_| self.by_keyboard.get()) else { return String::new() };
        let read = |plot: &StripPlot| {
            let point = plot.points.get(at)?;
            let parts = [point.name.clone(), plot.scale().amount(point.value), point.remark()];
            Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
        };
        self.plot.with(|plot| plot.as_ref().and_then(read)).unwrap_or_default()
    }
}
