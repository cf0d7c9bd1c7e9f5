//! Panel of the selections of a heat map, with links to their flame graphs.

use crate::reactive::{Callback, Signal, handler, list};
use leptos::prelude::*;

/// A selection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// Rows, time and value.
    pub(crate) text: String,
    /// Address of its flame graph, when that is on another page.
    pub(crate) path: Option<String>,
    /// Address of what changed in its time, when that is on another page.
    pub(crate) changed: Option<String>,
}

/// The panel; empty without a selection.
#[component]
pub(crate) fn Panel(
    /// The first and the second selection.
    items: Signal<Vec<Item>>,
    /// Address of their comparison, when that is on another page.
    compare: Signal<Option<String>>,
    /// Receives the index of a selection to remove.
    on_remove: Callback<usize>,
) -> impl IntoView {
    let body = move || {
        let items = items.get();
        let both = items.len() > 1;
        if items.is_empty() {
            return None;
        }
        let end = match compare.get() {
            Some(path) => Some(view! { <a class="button" href=path>"Compare"</a> }.into_any()),
            None if both => None,
            None => Some(view! { <p class="heat-hint">"Select a second area to compare."</p> }.into_any()),
        };
        let rows = items.into_iter().enumerate().map(|(i, item)| row(i, item, both, on_remove));
        Some(
            view! { <section class="heat-panel" aria-label="Selection"><ul>{list(rows)}</ul>{end}</section> }
                .into_any(),
        )
    };
    let summary = move || {
        let items = items.get();
        let texts = items.iter().zip(1..).map(|(item, i)| format!("Selection {i}: {}", item.text));
        texts.collect::<Vec<_>>().join(". ")
    };
    view! {
        {move || body()}
        <p class="visually-hidden" role="status">{move || summary()}</p>
    }
}

fn row(index: usize, item: Item, both: bool, on_remove: Callback<usize>) -> AnyView {
    let name = match (both, index) {
        (false, _) => "Selected",
        (true, 0) => "Baseline",
        (true, _) => "Comparison",
    };
    let number = index + 1;
    view! {
        <li>
            <span class="heat-number" aria-hidden="true">{number.to_string()}</span>
            <span class="heat-text"><strong>{name}</strong>" "{item.text}</span>
            {item.path.map(|path| view! { <a class="button" href=path aria-label=format!("Flame graph of selection {number}")>"Flame graph"</a> }.into_any())}
            {item.changed.filter(|_| !both).map(|path| view! { <a class="button" href=path>"What changed here?"</a> }.into_any())}
            <button class="button quiet icon-only" type="button" aria-label=format!("Remove selection {number}")
                on:click=handler(move |_| on_remove.run(index))>"✕"</button>
        </li>
    }
    .into_any()
}
