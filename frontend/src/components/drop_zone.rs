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
                    <p>"Drop a profile to open it, or two to compare them"<br /><small>"They are never uploaded."</small></p>
                </div>
            }
            .into_any()
        },
    )
}

/// A button, and the hidden input that picks files for it.
#[component]
pub(crate) fn FilePicker(
    /// Text of the button.
    label: &'static str,
    /// Accessible name of the input.
    name: String,
    /// Whether several can be picked.
    #[prop(default = false)]
    multiple: bool,
    /// Receives them; never none.
    on_files: Callback<Vec<PickedFile>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let pick = move |_| input.get_untracked().iter().for_each(|input| element::click(input));
    let on_change = move |_| {
        let files = input.get_untracked().map(|input| file_drop::picked(&input));
        files.into_iter().filter(|files| !files.is_empty()).for_each(|files| on_files.run(files));
    };
    view! {
        <button type="button" class="button" on:click=handler(pick)>{label}</button>
        <input type="file" class="visually-hidden" tabindex="-1" aria-label=name multiple=multiple node_ref=input on:change=handler(on_change) />
    }
}

/// A button that opens a file, or two for a comparison. Needs [`FileOpener`] in the context.
#[component]
pub(crate) fn OpenFileButton(#[prop(default = "Open file…")] label: &'static str) -> impl IntoView {
    let open = use_opener();
    view! { <FilePicker label name=label.to_owned() multiple=true on_files=Callback::new(open) /> }
}
