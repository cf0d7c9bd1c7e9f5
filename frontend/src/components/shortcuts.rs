//! Dialog of keyboard shortcuts and gestures, opened by `?`.

use crate::browser::{keys, page};
use crate::reactive::{handler, list};
use crate::state::command::{COMMANDS, GO, PAGES};
use leptos::prelude::*;

/// Keys of the page, and what each does.
const PAGE: &[(&str, &str)] = &[
    ("Ctrl+K, ⌘K", "Search services, functions, pages and commands"),
    ("?", "Show keyboard shortcuts"),
    (GO, "Choose a service, after a moment without a second key"),
    ("← →", "Timeline: move the cursor; with Shift: extend the selection"),
    ("Enter", "Timeline: zoom to the selection"),
    ("m, click, right-click", "Timeline: what changed at the cursor, or in the selection"),
];

/// Keys of Home.
const HOME: &[(&str, &str)] = &[
    ("/", "Search services; ↓ or Enter: to the list"),
    ("↑ ↓", "Previous, next service"),
    ("Enter", "Open what changed"),
    ("e, c, s", "Explore, Compare, the service's page"),
];

/// Keys and gestures of the profile views.
const PROFILE: &[(&str, &str)] = &[
    ("1 2 3 4 5", "Flame graph, table, both, call tree, sandwich"),
    ("/", "Search"),
    ("n, Shift+N", "Next, previous match"),
    ("↑ ↓ ← →", "Move to caller, callee, siblings (table: rows)"),
    ("Enter", "Zoom to the selected box (table: highlight the function)"),
    ("→ ←", "Call tree: expand, collapse; to the first callee, to the caller"),
    ("*, e", "Call tree: expand all below; expand the hottest path"),
    ("Esc, Backspace", "Zoom out one level"),
    ("0, double-click outside the boxes", "Reset zoom"),
    ("+ −", "Zoom in, out"),
    ("a d", "Pan left, right"),
    ("m, right-click, long press", "Menu of the selected function"),
    ("o", "Function details: over time, callers, callees, lines"),
    ("s", "Sandwich view: callers and callees"),
    ("f, Shift+F", "Focus on the function; on this subtree only"),
    ("h, x", "Merge the function into its callers; drop stacks containing it"),
    ("c, p", "Collapse recursion; collapse the package"),
    ("i", "Invert: callers below callees"),
    ("Wheel", "Scroll; horizontally or with Shift: pan"),
    ("Ctrl + wheel, pinch", "Zoom at the pointer"),
    ("Drag", "Pan"),
];

const DIALOG: &str = "shortcuts";

/// Opens the list.
pub(crate) fn open() {
    page::open_dialog(DIALOG);
}

/// The dialog; put once on the page.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    keys::on_page_key(|key| {
        let requested = key == "?";
        if requested {
            open();
        }
        requested
    });
    let close = |_| page::close_dialog(DIALOG);
    let row = |key: String, what: &'static str| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> }.into_any()
    };
    let rows = |keys: &'static [(&'static str, &'static str)]| {
        list(keys.iter().map(|(key, what)| row((*key).to_owned(), what)))
    };
    let pages = PAGES.iter().map(|page| row(format!("{GO} {}", page.key), page.name));
    let commands = COMMANDS.iter().map(|command| row(key_text(command.key), command.label));
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="shortcuts-title">
            <header>
                <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
                <button class="button" type="button" on:click=handler(close)>"Close"</button>
            </header>
            <h3>"Page"</h3>
            <dl>{rows(PAGE)}{list(pages)}{list(commands)}</dl>
            <h3>"Home"</h3>
            <dl>{rows(HOME)}</dl>
            <h3>"Profile"</h3>
            <dl>{rows(PROFILE)}</dl>
        </dialog>
    }
}

/// A key as people press it: capital letters with Shift.
fn key_text(key: &str) -> String {
    if key.bytes().all(|b| b.is_ascii_uppercase()) { format!("Shift+{key}") } else { key.to_owned() }
}
