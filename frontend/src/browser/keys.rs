//! Keys that work anywhere on the page, until the component that listens is gone.

use crate::browser::{focus, page, timer};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::KeyboardEvent;

/// Time in which the second key of a sequence follows the first.
const SECOND_KEY_MS: u32 = 1000;

/// Whether a key is a command: not part of a chord, not typed into a field, and no dialog is open.
fn is_command(event: &KeyboardEvent) -> bool {
    let chord = event.ctrl_key() || event.alt_key() || event.meta_key();
    !chord && !event.default_prevented() && !page::is_typing(event) && !focus::is_in_dialog()
}

/// Calls `pressed` with the key's name for keys pressed outside of text fields and dialogs and without Ctrl, Alt or Meta.
/// `pressed` says whether it took the key.
pub(crate) fn on_page_key(pressed: impl Fn(&str) -> bool + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if is_command(&event) && pressed(&event.key()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Calls `second` with the key that follows `first`, as [`on_page_key`] does, but before the element that has the focus sees it; calls
/// `alone` when none follows within a second.
pub(crate) fn on_sequence(
    first: &'static str,
    second: impl Fn(&str) -> bool + 'static,
    alone: impl Fn() + Clone + 'static,
) {
    // Number of the last first key, while its second one is awaited.
    let (count, awaited) = (Cell::new(0_u32), Rc::new(Cell::new(None::<u32>)));
    let pressed = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Shift" {
            return;
        }
        let follows = awaited.take().is_some();
        if !is_command(&event) || event.repeat() {
            return;
        }
        if follows {
            if second(&key) {
                event.prevent_default();
                event.stop_propagation();
            }
        } else if key == first {
            event.prevent_default();
            event.stop_propagation();
            let number = count.get().wrapping_add(1);
            count.set(number);
            awaited.set(Some(number));
            let (awaited, alone) = (awaited.clone(), alone.clone());
            timer::after(SECOND_KEY_MS, move || {
                if awaited.get() == Some(number) {
                    awaited.set(None);
                    alone();
                }
            });
        }
    };
    // Kept until the component is gone.
    StoredValue::new_local(Capture::new(pressed));
}

/// A listener of the window that sees keys first.
struct Capture(Closure<dyn FnMut(KeyboardEvent)>);

impl Capture {
    fn new(pressed: impl Fn(KeyboardEvent) + 'static) -> Capture {
        let capture = Capture(Closure::new(pressed));
        let callback = capture.0.as_ref().unchecked_ref();
        // Adding and removing a listener cannot fail.
        drop(window().add_event_listener_with_callback_and_bool("keydown", callback, true));
        capture
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let callback = self.0.as_ref().unchecked_ref();
        drop(window().remove_event_listener_with_callback_and_bool("keydown", callback, true));
    }
}
