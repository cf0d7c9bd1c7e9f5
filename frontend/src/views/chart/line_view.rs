//! The component of line charts.

use super::legend::legend;
use super::readout::readout;
use super::scene::{LINES_HEIGHT, lines};
use super::{new_id, painter, twin};
use crate::browser::event::{KeyboardEvent, PointerEvent};
use crate::browser::{clock, element, node, observe};
use crate::context::utc::Utc;
use crate::reactive::{Callback, RwSignal, Signal, attribute, effect, handler, shown};
use crate::state::clock_text::Zone;
use crate::state::css_length::px;
use crate::state::line_chart::LineChart;
use crate::views::timeline::interaction::{Cursor, Input, update};
use crate::views::timeline::key_input;
use flarepath_charts::TimeAxis;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

/// State of one chart. Copied freely.
#[derive(Clone, Copy)]
struct LineState {
    chart: Signal<Option<LineChart>>,
    zone: Signal<Zone>,
    canvas: NodeRef<Canvas>,
    pad: NodeRef<Div>,
    /// Names of lines that are switched off.
    hidden: RwSignal<Vec<String>>,
    cursor: RwSignal<Cursor>,
    /// Whether the cursor was moved by keyboard: only then is the instant said.
    by_keyboard: RwSignal<bool>,
    redraw: RwSignal<u32>,
    on_select: Option<Callback<(i64, i64)>>,
}

/// Draws a chart; nothing while there is none.
#[component]
pub(crate) fn LineChartView(
    chart: Signal<Option<LineChart>>,
    /// Receives a selected range, in milliseconds since the epoch. Without it, nothing can be selected.
    #[prop(optional)]
    on_select: Option<Callback<(i64, i64)>>,
) -> impl IntoView {
    let utc = Utc::of_page().0;
    let state = LineState {
        chart,
        zone: Signal::derive(move || clock::zone(utc.get())),
        canvas: NodeRef::new(),
        pad: NodeRef::new(),
        hidden: RwSignal::new(Vec::new()),
        cursor: RwSignal::new(Cursor::default()),
        by_keyboard: RwSignal::new(false),
        redraw: RwSignal::new(0),
        on_select,
    };
    effect(move || {
        state.redraw.track();
        let Some(canvas) = state.canvas.get() else { return };
        let (width, zone) = (element::width(&canvas), state.zone.get());
        let cursor = flarepath_charts::Cursor { at: state.at(), anchor: state.cursor.get().anchor };
        // Without a canvas the table still has the numbers.
        chart.with(|chart| {
            let drawn = state.hidden.with(|hidden| chart.as_ref().map(|c| lines(c, hidden, zone, width)));
            drawn.and_then(|drawn| painter::paint_lines(&canvas, &drawn, cursor))
        });
    });
    observe::size_and_theme(state.canvas, move || state.redraw.update(|n| *n = n.wrapping_add(1)));
    shown(move || chart.with(Option::is_some), move || figure(state))
}

fn figure(state: LineState) -> AnyView {
    let id = new_id();
    let of_chart =
        move |text: fn(&LineChart) -> String| state.chart.with(|c| c.as_ref().map(text)).unwrap_or_default();
    let title = move || of_chart(|chart| chart.title.clone());
    let keys = if state.on_select.is_some() { KEYS_WITH_SELECTION } else { KEYS };
    let summary =
        move || state.chart.with(|c| c.as_ref().map(|c| c.summary(state.zone.get()))).unwrap_or_default();
    let table = move || state.chart.with(|chart| chart.as_ref().map(twin::lines));
    view! {
        <figure class="chart">
            <figcaption class="chart-title">{title}</figcaption>
            <div class="chart-frame" style:height=px(LINES_HEIGHT)>
                <canvas class="chart-canvas" node_ref=state.canvas aria-hidden="true"></canvas>
                <div class="chart-pad" node_ref=state.pad role="application" tabindex="0"
                    aria-label=move || format!("{}. {keys}", title())
                    {..attribute("aria-describedby", id.clone())}
                    on:pointermove=handler(move |e: PointerEvent| state.moved(&e))
                    on:pointerdown=handler(move |e: PointerEvent| state.press(&e))
                    on:pointerup=handler(move |_: PointerEvent| state.act(Input::Release))
                    on:pointercancel=handler(move |_: PointerEvent| state.act(Input::Cancel))
                    // The readout stays after a finger is lifted.
                    on:pointerleave=handler(move |e: PointerEvent| if e.pointer_type() != "touch" { state.act(Input::Leave) })
                    on:blur=handler(move |_| state.act(Input::Cancel))
                    on:keydown=handler(move |e: KeyboardEvent| state.key(&e))
                ></div>
                {move || state.tooltip()}
            </div>
            {legend(state.chart, state.hidden)}
            <p class="visually-hidden" id=id>{summary}</p>
            <output class="visually-hidden" {..attribute("aria-live", "polite")}>{move || state.said()}</output>
            {table}
        </figure>
    }
    .into_any()
}

const KEYS: &str = "Arrow keys move through time.";
const KEYS_WITH_SELECTION: &str =
    "Arrow keys move through time, with Shift they select a range, Enter shows it, Escape clears it.";

impl LineState {
    /// The instant of the cursor. The chart may have become shorter.
    fn at(self) -> Option<usize> {
        let count = self.chart.with(|chart| chart.as_ref().map_or(0, |chart| chart.count));
        self.cursor.get().at.filter(|at| *at < count)
    }

    /// The instant under a pointer.
    fn under(self, event: &PointerEvent) -> Option<usize> {
        let rect = node::rect(self.pad)?;
        let axis =
            self.chart.with_untracked(|chart| Some(TimeAxis::of(rect.width, chart.as_ref()?.count)))?;
        axis.instant_at(f64::from(event.client_x()) - rect.x)
    }

    fn moved(self, event: &PointerEvent) {
        if let Some(at) = self.under(event) {
            self.by_keyboard.set(false);
            self.act(Input::Hover(at));
        }
    }

    fn press(self, event: &PointerEvent) {
        let Some(at) = self.under(event).filter(|_| event.button() == 0) else { return };
        self.by_keyboard.set(false);
        if self.on_select.is_some() {
            node::capture_pointer(self.pad, event.pointer_id());
            self.act(Input::Press(at));
        } else {
            self.act(Input::Hover(at));
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        if let Some(input) = key_input(&event.key(), event.shift_key() && self.on_select.is_some()) {
            event.prevent_default();
            self.by_keyboard.set(true);
            self.act(input);
        }
    }

    fn act(self, input: Input) {
        let chosen = self.chart.with_untracked(|chart| {
            let chart = chart.as_ref()?;
            let (next, chosen) = update(self.cursor.get_untracked(), input, chart.count);
            if next != self.cursor.get_untracked() {
                self.cursor.set(next);
            }
            chosen.map(|instants| chart.range_ms(instants))
        });
        if let Some((range, on_select)) = chosen.zip(self.on_select) {
            on_select.run(range);
        }
    }

    fn tooltip(self) -> Option<AnyView> {
        self.redraw.track();
        let (at, zone) = (self.at()?, self.zone.get());
        let width = node::rect(self.pad)?.width;
        let read = |chart: &LineChart| {
            let found = self.hidden.with(|hidden| readout(chart, hidden, at, zone));
            found.tooltip(TimeAxis::of(width, chart.count), at, width)
        };
        self.chart.with(|chart| chart.as_ref().map(read))
    }

    /// The instant that the keyboard moved to.
    fn said(self) -> String {
        let Some(at) = self.at().filter(|_| self.by_keyboard.get()) else { return String::new() };
        let zone = self.zone.get();
        let read = |chart: &LineChart| self.hidden.with(|hidden| readout(chart, hidden, at, zone).sentence());
        self.chart.with(|chart| chart.as_ref().map(read)).unwrap_or_default()
    }
}
