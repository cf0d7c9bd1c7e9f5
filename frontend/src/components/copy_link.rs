//! Copies the address, with relative time ranges made absolute, so that the link keeps showing the same.

use crate::browser::{clipboard, page, timer};
use crate::reactive::{RwSignal, Signal, handler};
use leptos::prelude::*;

/// The entry of a menu. `path` is the pinned address within this server.
#[component]
pub(crate) fn CopyLink(
    /// Path and query of what is on screen, with both ends of the time written out.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    let status = RwSignal::new("");
    let copy = move |_| {
        let link = format!("{}{}", page::origin(), path.get_untracked());
        clipboard::copy(link, move |copied| {
            let denied = "Clipboard access denied. Copy the address bar instead.";
            status.set(if copied { "Copied" } else { denied });
            timer::after(2500, move || status.set(""));
        });
    };
    view! {
        <li>
            <button class="list-item" type="button" title="Copy a link with a fixed time range" on:click=handler(copy)>"Copy link"</button>
            <span class="copied" role="status">{move || status.get()}</span>
        </li>
    }
}
