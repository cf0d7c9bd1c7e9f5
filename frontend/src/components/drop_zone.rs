//! Opening local files, by dropping them anywhere or with a button. They are never uploaded.

use crate::browser::{element, file_drop};
use crate::context::file_opener::use_opener;
use crate::reactive::{RwSignal, handler, shown};
use leptos::html::Input;
use leptos::prelude::*;

/// Accepts dropped files, with an overlay while one is dragged over the page.
#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let dragging = RwSignal::new(false);
    let open = use_opener();
    file_drop::on_page_drop(
        move |over| {
            if dragging.try_get_untracked().is_some_and(|now| now != over) {
                dragging.set(over);
            }
        },
        open,
    );
    shown(
        move || dragging.get(),
        || {
            view! {
                <div class="drop-overlay" aria-hidden="true">
                    <p>"Drop the profile to open it"<br /><small>"It is never uploaded."</small></p>
                </div>
            }
            .into_any()
        },
    )
}

/// A button that opens a file. Needs [`FileOpener`] in the context.
#[component]
pub(crate) fn OpenFileButton(#[prop(default = "Open file…")] label: &'static str) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let open = use_opener();
    let on_change = move |_| {
        if let Some(file) = input.get_untracked().and_then(|i| file_drop::picked(&i)) {
            open(file);
        }
    };
    view! {
        <button type="button" class="button open-file"
            on:click=handler(move |_| if let Some(input) = input.get_untracked() { element::click(&input) })>{label}</button>
        <input type="file" class="visually-hidden" tabindex="-1" aria-label=label node_ref=input on:change=handler(on_change) />
    }
}
