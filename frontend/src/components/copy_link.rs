//! Copies the address. A range that moves with time is pinned first, so that the link shows the same tomorrow.

use super::icon::{Icon, LINK};
use crate::browser::{clipboard, page, timer};
use crate::reactive::{RwSignal, Signal, handler};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button. `path` is the pinned address within this server.
#[component]
pub(crate) fn CopyLink(
    /// Path and query of what is on screen, with both ends of the time written out.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        let link = format!("{}{}", page::origin(), path.get_untracked());
        spawn_local(async move {
            let text = if clipboard::write(link).await {
                "Copied"
            } else {
                "Not allowed here: copy it from the address bar"
            };
            said.set(text);
            timer::after(2500, move || {
                said.set("");
            });
        });
    };
    view! {
        <button class="button" type="button" title="Copy a link to exactly this: its time range is fixed" on:click=handler(copy)>
            <Icon path=LINK />
            <span class="wide-only">"Copy link"</span>
            <span class="visually-hidden narrow-name">"Copy link"</span>
        </button>
        <span class="copied" role="status">{move || said.get()}</span>
    }
}
