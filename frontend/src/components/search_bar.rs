//! The search field for functions, with a summary of the matches.

use crate::browser::event::{Event, KeyboardEvent, value_of};
use crate::browser::focus;
use crate::reactive::{Callback, Signal, attribute, handler, live_attribute, live_state};
use leptos::html::Input;
use leptos::prelude::*;

/// The result of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SearchStatus {
    /// Number and share of the matches.
    pub(crate) summary: String,
    /// Why the pattern is invalid.
    pub(crate) error: Option<String>,
    /// Whether there is anything to step through.
    pub(crate) any: bool,
}

/// The field, a switch for regular expressions, and buttons for the next and previous match.
#[component]
pub(crate) fn SearchBar(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] regex: Signal<bool>,
    #[prop(into)] status: Signal<SearchStatus>,
    /// The field, so that a key can focus it.
    field: NodeRef<Input>,
    /// Receives the new text and switch.
    on_change: Callback<(String, bool)>,
    /// Goes to the next match, or with `false` to the previous one.
    on_step: Callback<bool>,
) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            on_step.run(!event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            if text.with_untracked(String::is_empty) {
                focus::leave(field);
            } else {
                on_change.run((String::new(), regex.get_untracked()));
            }
        }
        _ => {}
    };
    let invalid = move || status.with(|s| s.error.is_some());
    let any = move || status.with(|s| s.any);
    view! {
        <div class="search" role="search">
            <input type="search" class="search-field" node_ref=field
                aria-label="Search functions" placeholder="Search functions ( / )"
                prop:value=move || text.get()
                on:input=handler(move |e: Event| on_change.run((value_of(&e), regex.get_untracked())))
                on:keydown=handler(on_key)
                {..attribute("autocomplete", "off")} {..attribute("spellcheck", "false")}
                {..attribute("aria-describedby", "search-status")}
                {..live_attribute("aria-invalid", move || invalid().then(|| "true".to_owned()))} />
            <button type="button" class="search-regex" aria-label="Regular expression" title="Regular expression"
                {..live_state("aria-pressed", move || regex.get())}
                on:click=handler(move |_| on_change.run((text.get_untracked(), !regex.get_untracked())))>".*"</button>
            <button type="button" class="search-step" aria-label="Previous match" title="Previous match (Shift+N)"
                prop:disabled=move || !any() on:click=handler(move |_| on_step.run(false))>"↑"</button>
            <button type="button" class="search-step" aria-label="Next match" title="Next match (N)"
                prop:disabled=move || !any() on:click=handler(move |_| on_step.run(true))>"↓"</button>
            <span id="search-status" class="search-status" class:failed=move || invalid() role="status">
                {move || status.with(|s| s.error.clone().unwrap_or_else(|| s.summary.clone()))}
            </span>
        </div>
    }
}
