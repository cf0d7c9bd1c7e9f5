//! The flags of markers as buttons over a canvas: Tab goes to the first, arrow keys go to the others, Enter opens what is known.
//! Pointed at or focused, a flag has a tooltip.

use super::flags::Flag;
use super::markers::{MarkerRequest, Markers, flag_command};
use crate::browser::event::{FocusEvent, KeyboardEvent, PointerEvent};
use crate::browser::{node, page};
use crate::components::tooltip::{Tip, Tooltip};
use crate::reactive::{Memo, RwSignal, Signal, attribute, handler, list, shown};
use crate::state::clock_text::Zone;
use crate::state::css_length::px;
use leptos::html::Div;
use leptos::prelude::*;

/// Height of the lane of the flags.
const LANE: f64 = 20.0;
/// Where the tooltip is said to be in its room, so that it opens below the lane.
const LOW: f64 = 1000.0;

/// The buttons of one chart. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct FlagButtons {
    pub(super) markers: Markers,
    pub(super) flags: Memo<Vec<Flag>>,
    /// The zone of times, and the millisecond from whose day on dates are left out.
    pub(super) seen: Signal<(Zone, i64)>,
    /// Room beside the plot in the positioned ancestor, left and right, in CSS pixels.
    pub(super) margins: (f64, f64),
    /// Prefix of the DOM ids.
    pub(super) id: &'static str,
}

/// Shows the buttons.
pub(super) fn show(buttons: FlagButtons) -> AnyView {
    let layer = NodeRef::<Div>::new();
    let pointed = RwSignal::new(None::<usize>);
    // They stay the same elements while time passes and flags move, and so keep the focus.
    let names = Memo::new(move || buttons.names());
    let all = move || {
        let all = names.get().into_iter().enumerate();
        list(all.map(|(at, (name, command))| button(buttons, at, name, command, layer, pointed)))
    };
    let tip = Signal::derive(move || pointed.get().and_then(|at| buttons.tip(at, layer)));
    let group = move || {
        view! {
            <div class="timeline-markers" role="group" aria-label="Markers" node_ref=layer>{move || all()}</div>
            <Tooltip tip />
        }
        .into_any()
    };
    shown(move || names.with(|names| !names.is_empty()), group)
}

fn button(
    buttons: FlagButtons,
    at: usize,
    name: String,
    command: String,
    layer: NodeRef<Div>,
    pointed: RwSignal<Option<usize>>,
) -> AnyView {
    let place = move || buttons.of(at, Flag::target).unwrap_or_default();
    let tabindex = if at == 0 { "0" } else { "-1" };
    let leave = move || {
        if pointed.get_untracked() == Some(at) {
            pointed.set(None);
        }
    };
    view! {
        <button type="button" class="timeline-marker" id=buttons.id_of(at) {..attribute("aria-haspopup", "dialog")} data-command=command
            aria-label=name
            tabindex=tabindex
            style:left=move || px(place().0) style:width=move || px(place().1)
            on:click=handler(move |_| buttons.ask(at, layer))
            on:pointerenter=handler(move |_: PointerEvent| pointed.set(Some(at)))
            on:pointerleave=handler(move |_: PointerEvent| leave())
            on:focus=handler(move |_: FocusEvent| pointed.set(Some(at)))
            on:blur=handler(move |_: FocusEvent| leave())
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

    fn id_of(self, at: usize) -> String {
        format!("{}-marker-{at}", self.id)
    }

    /// Names and commands.
    fn names(self) -> Vec<(String, String)> {
        let (zone, seen_from_ms) = self.seen.get();
        let one = |flag: &Flag| (flag.name(zone, seen_from_ms), flag_command(&flag.markers));
        self.flags.with(|flags| flags.iter().map(one).collect())
    }

    fn ask(self, at: usize, layer: NodeRef<Div>) {
        let Some(rect) = node::rect(layer) else { return };
        let details = |flag: &Flag| MarkerRequest::Details {
            markers: flag.markers.clone(),
            at: (rect.x + flag.x, rect.y + LANE),
            flag: self.id_of(at),
        };
        self.markers.asked.set(self.flags.with_untracked(|flags| flags.get(at).map(details)));
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
        let (width, (left, right)) = (node::rect(layer)?.width, self.margins);
        self.of(at, |flag| {
            let (rows, note) = flag.rows(zone, seen_from_ms);
            let (x, room) = (left + flag.x, (left + width + right, LOW));
            Tip { x, y: LANE / 2.0, room, title: flag.name(zone, seen_from_ms), rows, note }
        })
    }
}
