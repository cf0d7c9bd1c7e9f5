//! Lists of comparisons that are offered, each with its heading.

use super::offers::Offer;
use super::state::CompareState;
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;

/// A list with its heading.
pub(super) fn group(id: &'static str, heading: &'static str, entries: AnyView) -> AnyView {
    view! {
        <p class="menu-heading" id=id>{heading}</p>
        <ul class="list-menu" aria-labelledby=id>{entries}</ul>
    }
    .into_any()
}

/// A list entry that opens a comparison.
pub(super) fn entry(state: CompareState, open: RwSignal<bool>, (text, sides): Offer) -> AnyView {
    let go = move |_| {
        open.set(false);
        state.go(&sides);
    };
    view! { <li><button class="list-item" type="button" on:click=handler(go)>{text}</button></li> }.into_any()
}

/// A line instead of entries.
pub(super) fn note(text: String) -> AnyView {
    view! { <li class="muted">{text}</li> }.into_any()
}
