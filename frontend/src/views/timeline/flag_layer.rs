//! The flags of markers over another chart of time, such as a heat map: in a lane above its plot, with their lines through it.

use super::flag_buttons::{self, FlagButtons};
use super::flags::{self, Ends};
use super::markers::Markers;
use super::{flag_painter, painter};
use crate::browser::{element, observe};
use crate::reactive::{Memo, RwSignal, Signal, effect};
use crate::state::clock_text::Zone;
use leptos::html::Canvas;
use leptos::prelude::*;

/// Covers its positioned ancestor, which is the plot. Presses beside the flags go through it.
#[component]
pub(crate) fn FlagLayer(
    markers: Markers,
    /// The times of the chart; `None` while it has none.
    ends: Memo<Option<Ends>>,
    /// In which times are shown.
    zone: Signal<Zone>,
    /// DOM id prefix, unique on the page.
    id: &'static str,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let redraw = RwSignal::new(0_u32);
    let flags = Memo::new(move || {
        redraw.track();
        let width = canvas.get().map_or(900.0, |c| element::width(&c));
        let known = markers.answer.data.get().zip(ends.get());
        known.map(|(list, ends)| flags::flags(&list.markers, ends, width.max(1.0))).unwrap_or_default()
    });
    effect(move || {
        redraw.track();
        let Some((canvas, ends)) = canvas.get().zip(ends.get()) else { return };
        flags.with(|flags| {
            let plot = painter::Plot::below_flags(&canvas, ends);
            plot.and_then(|plot| flag_painter::paint(&canvas, &plot, flags))
        });
    });
    observe::size_and_theme(canvas, move || redraw.update(|n| *n = n.wrapping_add(1)));
    let seen = Signal::derive(move || (zone.get(), ends.get().map_or(0, |(_, until_ms)| until_ms)));
    view! {
        <div class="flag-layer">
            <canvas class="flag-canvas" aria-hidden="true" node_ref=canvas></canvas>
            {flag_buttons::show(FlagButtons { markers, flags, seen, margins: (0.0, 0.0), id })}
        </div>
    }
}
