//! The button that shares what is on screen.

use super::icon::{Icon, SHARE};
use crate::context::pending_action::PendingActions;
use crate::reactive::{RwSignal, Signal, handler, shown};
use leptos::prelude::*;

/// A button that shares what is at an address.
#[component]
pub(crate) fn ShareButton(
    /// Path and query of what is on screen, with both ends of the time written out.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    let share = move |_| {
        failed.set(false);
        actions.iter().for_each(|actions| actions.0.run((path.get_untracked(), failed)));
    };
    view! {
        <button class="button primary" type="button" title="Share this view as a live link or a snapshot" on:click=handler(share)>
            <Icon path=SHARE />"Share"
        </button>
        {shown(move || failed.get(), missing)}
    }
}

/// Says that the full program cannot be loaded.
pub(crate) fn missing() -> AnyView {
    view! { <p class="notice" role="alert">"This part of the page cannot be loaded: the server does not respond. Try again."</p> }
        .into_any()
}
