//! A secret that is shown now and never again.

use crate::browser::clipboard;
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A text to be copied, with its button.
#[component]
pub(crate) fn CopyText(
    /// What it is, such as "The token".
    #[prop(into)]
    name: String,
    /// The text.
    text: String,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copied = text.clone();
    let copy = move |_| {
        let text = copied.clone();
        spawn_local(async move {
            said.set(if clipboard::write(text).await {
                "Copied"
            } else {
                "Not allowed here: select the text and copy it"
            });
        });
    };
    let label = format!("Copy: {name}");
    view! {
        <div class="copy-text">
            <pre tabindex="0" aria-label=name><code>{text}</code></pre>
            <button class="button" type="button" aria-label=label on:click=handler(copy)>"Copy"</button>
            <span class="copy-said" role="status">{move || said.get()}</span>
        </div>
    }
}
