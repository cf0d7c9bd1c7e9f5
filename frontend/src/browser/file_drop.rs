//! Dropped and picked files.

use leptos::prelude::*;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

/// Tells when files are dragged over the page (`true`) or away (`false`), and which were dropped, in the browser's order.
pub(crate) fn on_page_drop(dragging: impl Fn(bool) + Clone + 'static, dropped: impl Fn(Vec<File>) + 'static) {
    let over = {
        let dragging = dragging.clone();
        window_event_listener(leptos::ev::dragover, move |event| {
            if has_files(&event) {
                // Without this the browser would leave the page and show the file.
                event.prevent_default();
                dragging(true);
            }
        })
    };
    let leave = {
        let dragging = dragging.clone();
        window_event_listener(leptos::ev::dragleave, move |event| {
            // Leaving the window has no element that is entered.
            if event.related_target().is_none() {
                dragging(false);
            }
        })
    };
    let drop_ = window_event_listener(leptos::ev::drop, move |event| {
        if has_files(&event) {
            dragging(false);
            // Taken by the part of the page it fell on.
            if event.default_prevented() {
                return;
            }
            event.prevent_default();
            let files = all(event.data_transfer().and_then(|d| d.files()));
            if !files.is_empty() {
                dropped(files);
            }
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop_.remove();
    });
}

/// The file that fell on a part of the page, which takes it from the page. Several are left to the page.
pub(crate) fn dropped(event: &DragEvent) -> Option<File> {
    let mut files = all(event.data_transfer().and_then(|d| d.files()));
    let file = files.pop().filter(|_| files.is_empty())?;
    event.prevent_default();
    Some(file)
}

fn all(files: Option<FileList>) -> Vec<File> {
    let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at)));
    files.collect()
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|d| d.types().iter().any(|t| t == "Files"))
}

/// The files picked in an input, which is emptied so that the same ones can be picked again.
pub(crate) fn picked(input: &HtmlInputElement) -> Vec<File> {
    let files = all(input.files());
    input.set_value("");
    files
}

/// A file that is to be opened.
pub(crate) type PickedFile = File;

/// A text as a file; `None` where the browser refuses.
pub(crate) fn of_text(name: &str, text: &str) -> Option<PickedFile> {
    File::new_with_str_sequence(&js_sys::Array::of1(&text.into()), name).ok()
}
