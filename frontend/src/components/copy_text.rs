//! A text to copy, such as a secret that is shown once.

use crate::browser::clipboard;
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;

/// The text and its button.
#[component]
pub(crate) fn CopyText(
    /// What it is, such as "Token".
    #[prop(into)]
    name: String,
    text: String,
) -> impl IntoView {
    let status = RwSignal::new("");
    let copied = text.clone();
    let copy = move |_| {
        clipboard::copy(copied.clone(), move |copied| {
            status.set(if copied { "Copied" } else { clipboard::DENIED });
        });
    };
    let label = format!("Copy {}", name.to_ascii_lowercase());
    view! {
        <div class="copy-text">
            <pre tabindex="0" aria-label=name><code>{text}</code></pre>
            <button class="button" type="button" aria-label=label on:click=handler(copy)>"Copy"</button>
            <span class="copy-status" role="status">{move || status.get()}</span>
        </div>
    }
}
