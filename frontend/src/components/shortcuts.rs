//! The list of keys, opened by `?`.

use crate::browser::{keys, page};
use crate::reactive::{handler, list};
use crate::views::shortcuts::SHORTCUTS;
use leptos::prelude::*;

const PAGE: &[(&str, &str)] = &[
    ("?", "Show this list"),
    ("g", "Choose the service"),
    ("r", "Refresh"),
    ("← →", "On the timeline: read it out, with Shift select"),
    ("Enter", "On the timeline: look at what is selected"),
];

const DIALOG: &str = "shortcuts";

/// Opens the list.
pub(crate) fn open() {
    if let Some(dialog) = page::dialog(DIALOG) {
        page::open_dialog(&dialog);
    }
}

/// The dialog; put once on the page.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    keys::on_page_key(|key| {
        let wanted = key == "?";
        if wanted {
            open();
        }
        wanted
    });
    let close = move |_| {
        if let Some(dialog) = page::dialog(DIALOG) {
            dialog.close();
        }
    };
    let rows =
        |keys: &'static [(&'static str, &'static str)]| {
            list(keys.iter().map(|(key, what)| {
                view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> }.into_any()
            }))
        };
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="shortcuts-title">
            <header>
                <h2 id="shortcuts-title">"Keyboard"</h2>
                <button class="button" type="button" on:click=handler(close)>"Close"</button>
            </header>
            <h3>"Page"</h3>
            <dl>{rows(PAGE)}</dl>
            <h3>"Profile"</h3>
            <dl>{rows(SHORTCUTS)}</dl>
        </dialog>
    }
}
