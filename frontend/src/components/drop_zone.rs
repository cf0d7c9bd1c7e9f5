//! Opening local files, by dropping them anywhere or with a button. They are never uploaded.

use crate::browser::file_drop::PickedFile;
use crate::browser::{element, file_drop};
use crate::context::file_opener::use_opener;
use crate::reactive::{Callback, RwSignal, handler, shown};
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

/// A button, and the hidden input that picks a file for it.
#[component]
pub(crate) fn FilePicker(
    /// Text of the button.
    label: &'static str,
    /// Accessible name of the input.
    name: String,
    on_file: Callback<PickedFile>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let pick = move |_| input.get_untracked().iter().for_each(|input| element::click(input));
    let on_change = move |_| {
        let file = input.get_untracked().and_then(|input| file_drop::picked(&input));
        file.into_iter().for_each(|file| on_file.run(file));
    };
    view! {
        <button type="button" class="button" on:click=handler(pick)>{label}</button>
        <input type="file" class="visually-hidden" tabindex="-1" aria-label=name node_ref=input on:change=handler(on_change) />
    }
}

/// A button that opens a file. Needs [`FileOpener`] in the context.
#[component]
pub(crate) fn OpenFileButton(#[prop(default = "Open file…")] label: &'static str) -> impl IntoView {
    let open = use_opener();
    view! { <FilePicker label name=label.to_owned() on_file=Callback::new(open) /> }
}
