//! What a person wants and only the whole program does: to save or to share what is on screen.

use super::icon::{Icon, SHARE};
use crate::reactive::{Callback, RwSignal, Signal, handler, shown};
use leptos::prelude::*;

/// The wish to save; any other wish is the address of what is to be shared, with both ends of its time written out.
pub(crate) const SAVE: &str = "save";

/// In the context of the whole app: receives wishes. The signal is set when one can't be fulfilled.
#[derive(Clone, Copy)]
pub(crate) struct Wishes(pub(crate) Callback<(String, RwSignal<bool>)>);

/// A button that shares what is at an address.
#[component]
pub(crate) fn ShareButton(
    /// Path and query of what is on screen, with both ends of the time written out.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    let wishes = use_context::<Wishes>();
    let failed = RwSignal::new(false);
    let share = move |_| {
        failed.set(false);
        wishes.iter().for_each(|wishes| wishes.0.run((path.get_untracked(), failed)));
    };
    view! {
        <button class="button" type="button" title="Share what is on screen, also for when its data is gone" on:click=handler(share)>
            <Icon path=SHARE />"Share"
        </button>
        {shown(move || failed.get(), missing)}
    }
}

/// Says that the whole program can't be had.
pub(crate) fn missing() -> AnyView {
    view! { <p class="notice" role="alert">"That part of the page can't be loaded; the server does not answer. Try again."</p> }
        .into_any()
}
