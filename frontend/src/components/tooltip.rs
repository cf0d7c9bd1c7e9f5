//! The tooltip of a canvas: details of what is under the pointer or selected by keyboard.

use crate::reactive::{Signal, list};
use crate::state::css_length::px;
use leptos::prelude::*;

/// Text and position. Positions are CSS pixels in the positioned ancestor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tip {
    /// The point that it describes.
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Size of the ancestor, so that the tooltip opens to the side with more room.
    pub(crate) room: (f64, f64),
    /// First line.
    pub(crate) title: String,
    /// Names and values below it.
    pub(crate) rows: Vec<(&'static str, String)>,
    /// Last line, such as a hint.
    pub(crate) note: String,
}

/// Distance between the point and the tooltip.
const OFFSET: f64 = 14.0;

/// Shows `tip` while there is one. Hidden from assistive technology, which reads the accessible text view.
#[component]
pub(crate) fn Tooltip(#[prop(into)] tip: Signal<Option<Tip>>) -> impl IntoView {
    let note = move || {
        tip.get().map(|tip| {
            let (to_left, to_top) = (tip.x > tip.room.0 / 2.0, tip.y > tip.room.1 / 2.0);
            let rows = tip
                .rows
                .into_iter()
                .map(|(what, value)| view! { <dt>{what}</dt><dd>{value}</dd> }.into_any());
            view! {
                <div class="tooltip" aria-hidden="true"
                    style:left=(!to_left).then(|| px(tip.x + OFFSET))
                    style:right=to_left.then(|| px(tip.room.0 - tip.x + OFFSET))
                    style:top=(!to_top).then(|| px(tip.y + OFFSET))
                    style:bottom=to_top.then(|| px(tip.room.1 - tip.y + OFFSET))
                >
                    <p class="tooltip-title">{tip.title}</p>
                    <dl>{list(rows)}</dl>
                    {(!tip.note.is_empty()).then(|| view! { <p class="tooltip-note">{tip.note}</p> }.into_any())}
                </div>
            }
            .into_any()
        })
    };
    view! { {move || note()} }
}
