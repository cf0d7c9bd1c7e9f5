//! The elements of a flame canvas: drawing, overlays, the surface for pointer and keyboard, tooltip and footer.

use super::host::Host;
use super::scene::ROW;
use super::stage::{Place, Target};
use super::text_view::TextView;
use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use crate::components::tooltip::{Tip, Tooltip};
use crate::reactive::{Signal, handler, live_attribute};
use crate::state::css_length::px;
use flarepath_profile::flame::BoxId;
use leptos::prelude::*;

impl Host {
    /// The tooltip: of the box under the pointer, or of the selection while the keyboard moves it.
    fn tooltip(self) -> Signal<Option<Tip>> {
        Signal::derive(move || {
            // The stage is not a signal; this one follows when it exists.
            if !self.started.get() {
                return None;
            }
            let (x, y, target) = match self.pointer.get() {
                Some(pointed) => pointed,
                None if self.by_keyboard.get() && self.has_focus.get() => {
                    let place = self.overlay.get().1?;
                    (place.x + place.w.min(40.0), place.y + ROW, Target::Box(self.selected.get()?))
                }
                None => return None,
            };
            let (owner, room) = (self.owner()?, self.read(|stage| stage.size())?);
            // The boxes may have been replaced by fewer.
            let (count, zoomed) = (owner.boxes()?.layout().len(), self.zoomed.get());
            let gone = |id: BoxId| id.index() >= count;
            if gone(zoomed) || matches!(target, Target::Box(id) if gone(id)) {
                return None;
            }
            let (title, rows, note) = owner.tooltip(zoomed, target)?;
            Some(Tip { x, y, room: (room.width, room.height), title, rows, note: note.to_owned() })
        })
    }

    fn rest_note(self) -> String {
        let rest = self.rest.get();
        let owner = self.owner().filter(|_| rest.boxes > 0);
        owner.map(|owner| owner.rest_note(rest)).unwrap_or_default()
    }

    /// `12 rows deeper ↓`.
    fn beyond_text(self) -> String {
        let (rows, arrow) = (self.beyond.get(), if self.upward { "↑" } else { "↓" });
        let noun = if rows == 1 { "row" } else { "rows" };
        format!("{rows} {noun} deeper {arrow}")
    }

    fn height(self) -> String {
        let rows = self.owner().and_then(|owner| owner.boxes()).map_or(1, |boxes| boxes.layout().rows());
        px(rows as f64 * ROW)
    }
}

fn outline(place: Option<Place>, class: &'static str) -> Option<AnyView> {
    place.map(|p| {
        view! { <div class=class style:left=px(p.x) style:top=px(p.y) style:width=px(p.w)></div> }.into_any()
    })
}

/// The canvas of `host`.
#[component]
pub(super) fn FlameCanvas(
    /// Its name for assistive technology.
    label: &'static str,
    host: Host,
    /// What lies over the drawing, below the pointer.
    overlay: Option<AnyView>,
) -> impl IntoView {
    view! {
        {move || host.failure.get().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
        <div class="flame-surface" style:height=move || host.height()>
            <canvas class="flame-canvas" aria-hidden="true" node_ref=host.canvas></canvas>
            {move || outline(host.overlay.get().0, "flame-hover")}
            {move || outline(host.overlay.get().1, "flame-selected")}
            {overlay}
            <div class="flame-pad" class:scrolls=move || host.scrolls.get() node_ref=host.pad tabindex="0" role="tree"
                {..live_attribute("aria-activedescendant", move || Some(host.active_id()))} aria-label=label
                on:pointerdown=handler(move |e: PointerEvent| host.press(&e))
                on:pointermove=handler(move |e: PointerEvent| host.drag(&e))
                on:pointerup=handler(move |e: PointerEvent| host.release(&e))
                on:pointercancel=handler(move |_| host.cancel())
                on:pointerleave=handler(move |e: PointerEvent| if e.pointer_type() != "touch" { host.leave() })
                on:wheel=handler(move |e: WheelEvent| host.wheel(&e))
                on:contextmenu=handler(move |e: MouseEvent| host.menu_at_pointer(&e))
                on:keydown=handler(move |e: KeyboardEvent| host.key(&e))
                on:focus=handler(move |_| host.has_focus.set(true))
                on:blur=handler(move |_| host.blurred())
            >
                <TextView host />
            </div>
            <div class="flame-beyond" class:is-shown=move || host.beyond.get() != 0 aria-hidden="true">{move || host.beyond_text()}</div>
            <Tooltip tip=host.tooltip() />
        </div>
        <p class="flame-foot">{move || host.rest_note()}</p>
    }
}
