//! Keys that work anywhere on the page, until the component that listens is gone.

use crate::browser::page;
use leptos::prelude::*;

/// Calls `pressed` with the key's name for keys pressed outside of text fields and without Ctrl, Alt or Meta.
/// `pressed` says whether it took the key.
pub(crate) fn on_page_key(pressed: impl Fn(&str) -> bool + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let chord = event.ctrl_key() || event.alt_key() || event.meta_key();
        if !chord && !event.default_prevented() && !page::is_typing(&event) && pressed(&event.key()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}
