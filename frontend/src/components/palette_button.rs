//! The button that opens the command palette, and its keys.

use super::icon::{Icon, SEARCH};
use super::share_button::missing;
use crate::browser::event::{KeyboardEvent, on_window_key};
use crate::browser::focus;
use crate::context::pending_action::{PALETTE, PendingActions};
use crate::reactive::{RwSignal, handler, shown};
use leptos::prelude::*;

/// The button; Ctrl+K and ⌘K do the same, also while somebody types.
#[component]
pub(crate) fn PaletteButton() -> impl IntoView {
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    let open = move || {
        failed.set(false);
        actions.iter().for_each(|actions| actions.0.run((PALETTE.to_owned(), failed)));
    };
    on_window_key(move |event: KeyboardEvent| {
        let chord = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        if chord && event.key().eq_ignore_ascii_case("k") && !focus::is_in_dialog() {
            event.prevent_default();
            open();
        }
    });
    view! {
        <button class="button quiet" type="button" aria-label="Search and commands"
            title="Search services, functions, pages and commands (Ctrl+K or ⌘K)" on:click=handler(move |_| open())>
            <Icon path=SEARCH />
            <span class="wide-only">"Search"</span>
        </button>
        {shown(move || failed.get(), missing)}
    }
}
