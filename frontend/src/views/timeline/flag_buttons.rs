//! The flags of markers as buttons over the canvas: one is reached by Tab, arrow keys go to the others, Enter opens what is known.
//! Pointed at or focused, a flag has a tooltip.

use super::flags::Flag;
use super::markers::{MarkerRequest, Markers, flag_command};
use super::painter::{LEFT, RIGHT};
use crate::browser::event::{FocusEvent, KeyboardEvent, PointerEvent};
use crate::browser::{node, page};
use crate::components::tooltip::{Tip, Tooltip};
use crate::reactive::{Memo, RwSignal, Signal, handler, list, shown};
use crate::state::clock_text::Zone;
use leptos::html::Div;
use leptos::prelude::*;

/// Height of the lane of the flags.
const LANE: f64 = 20.0;
/// Where the tooltip is said to be in its room, so that it opens below the lane.
const LOW: f64 = 1000.0;

/// The buttons of one timeline. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct FlagButtons {
    pub(super) markers: Markers,
    pub(super) flags: Memo<Vec<Flag>>,
    /// The zone of times, and the millisecond from whose day on dates are left out.
    pub(super) seen: Signal<(Zone, i64)>,
    /// Prefix of the DOM ids.
    pub(super) id: &'static str,
}

/// Shows the buttons.
pub(super) fn show(buttons: FlagButtons) -> AnyView {
    let layer = NodeRef::<Div>::new();
    // The flag that Tab goes to, and the one that has a tooltip.
    let (current, pointed) = (RwSignal::new(0_usize), RwSignal::new(None::<usize>));
    // By their number: a button stays the same element while time passes and its flag moves.
    let count = Memo::new(move || buttons.flags.with(Vec::len));
    let all = move || list((0..count.get()).map(|at| button(buttons, at, layer, current, pointed)));
    let tip = Signal::derive(move || pointed.get().and_then(|at| buttons.tip(at, layer)));
    let group = move || {
        view! {
            <div class="timeline-markers" role="group" aria-label="Markers" node_ref=layer>{move || all()}</div>
            <Tooltip tip />
        }
        .into_any()
    };
    shown(move || count.get() > 0, group)
}

fn button(
    buttons: FlagButtons,
    at: usize,
    layer: NodeRef<Div>,
    current: RwSignal<usize>,
    pointed: RwSignal<Option<usize>>,
) -> AnyView {
    let place = move || buttons.of(at, Flag::target).unwrap_or_default();
    // The last of them takes the place of one that is gone.
    let is_current = move || current.get().min(buttons.flags.with(Vec::len).saturating_sub(1)) == at;
    let point = move |to: Option<usize>| {
        if to.is_some() || pointed.get_untracked() == Some(at) {
            pointed.set(to);
        }
    };
    view! {
        <button type="button" class="timeline-marker" id=buttons.id_of(at) aria-haspopup="dialog"
            data-command=move || buttons.of(at, |flag| flag_command(&flag.markers))
            aria-label=move || buttons.name(at)
            tabindex=move || if is_current() { "0" } else { "-1" }
            style:left=move || format!("{}px", place().0) style:width=move || format!("{}px", place().1)
            on:click=handler(move |_| buttons.ask(at, layer))
            on:pointerenter=handler(move |_: PointerEvent| point(Some(at)))
            on:pointerleave=handler(move |_: PointerEvent| point(None))
            on:focus=handler(move |_: FocusEvent| { current.set(at); point(Some(at)); })
            on:blur=handler(move |_: FocusEvent| point(None))
            on:keydown=handler(move |e: KeyboardEvent| buttons.key(at, &e))
        ></button>
    }
    .into_any()
}

impl FlagButtons {
    /// What `read` makes of a flag; `None` if it is gone.
    fn of<T>(self, at: usize, read: impl FnOnce(&Flag) -> T) -> Option<T> {
        self.flags.with(|flags| flags.get(at).map(read))
    }

    /// As [`FlagButtons::of`], without following.
    fn now<T>(self, at: usize, read: impl FnOnce(&Flag) -> T) -> Option<T> {
        self.flags.with_untracked(|flags| flags.get(at).map(read))
    }

    fn id_of(self, at: usize) -> String {
        format!("{}-marker-{at}", self.id)
    }

    fn name(self, at: usize) -> String {
        let (zone, seen_from_ms) = self.seen.get();
        self.of(at, |flag| flag.name(zone, seen_from_ms)).unwrap_or_default()
    }

    fn ask(self, at: usize, layer: NodeRef<Div>) {
        let Some(rect) = node::rect(layer) else { return };
        let request = self.now(at, |flag| MarkerRequest::Details {
            markers: flag.markers.clone(),
            at: (rect.x + flag.x, rect.y + LANE),
            flag: self.id_of(at),
        });
        self.markers.asked.set(request);
    }

    fn key(self, at: usize, event: &KeyboardEvent) {
        let last = self.flags.with_untracked(Vec::len).saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowRight" => (at + 1).min(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        page::focus(&self.id_of(to));
    }

    fn tip(self, at: usize, layer: NodeRef<Div>) -> Option<Tip> {
        let (zone, seen_from_ms) = self.seen.get();
        let width = node::rect(layer)?.width;
        self.of(at, |flag| {
            let (rows, note) = flag.rows(zone, seen_from_ms);
            let (x, room) = (LEFT + flag.x, (LEFT + width + RIGHT, LOW));
            Tip { x, y: LANE / 2.0, room, title: flag.name(zone, seen_from_ms), rows, note }
        })
    }
}
