//! A note beside a point: what is under the pointer or the keyboard's selection.

use crate::reactive::{Signal, list};
use leptos::prelude::*;

/// What the note says and where. Positions are CSS pixels in the positioned element around it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tip {
    /// Point it belongs to.
    pub(crate) x: f64,
    /// Point it belongs to.
    pub(crate) y: f64,
    /// Size of the element around it, so that the note opens to the side with more room.
    pub(crate) room: (f64, f64),
    /// First line.
    pub(crate) title: String,
    /// Lines below: what, how much.
    pub(crate) rows: Vec<(&'static str, String)>,
    /// Last line, such as a hint.
    pub(crate) note: String,
}

/// Distance between the point and the note.
const OFFSET: f64 = 14.0;

/// Shows `tip` while there is one. Hidden from assistive technology: the text twin says the same.
#[component]
pub(crate) fn Tooltip(
    /// What to show.
    #[prop(into)]
    tip: Signal<Option<Tip>>,
) -> impl IntoView {
    let note = move || {
        tip.get().map(|tip| {
            let px = |v: f64| format!("{v}px");
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
