//! Events: their types, the values of the fields they come from, and listeners of the window.
//!
//! Listeners end with the component that added them.

use leptos::ev::EventDescriptor;
use leptos::prelude::*;

pub(crate) use leptos::ev::{
    DragEvent, Event, FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, SubmitEvent, WheelEvent,
};

/// The text of the field or the choice that changed.
pub(crate) fn value_of(event: &Event) -> String {
    event_target_value(event)
}

/// Whether the checkbox that changed is checked.
pub(crate) fn is_checked(event: &Event) -> bool {
    event_target_checked(event)
}

/// Calls `pressed` for every key, wherever the focus is.
pub(crate) fn on_window_key(pressed: impl Fn(KeyboardEvent) + 'static) {
    listen(leptos::ev::keydown, pressed);
}

/// Calls `pressed` for every press of a pointer, wherever it is.
pub(crate) fn on_window_press(pressed: impl Fn(PointerEvent) + 'static) {
    listen(leptos::ev::pointerdown, pressed);
}

/// Calls `resized` when the window changes size.
pub(crate) fn on_window_resize(resized: impl Fn() + 'static) {
    listen(leptos::ev::resize, move |_| resized());
}

fn listen<E>(event: E, heard: impl Fn(E::EventType) + 'static)
where
    E: EventDescriptor + 'static,
    E::EventType: wasm_bindgen::JsCast,
{
    let listener = window_event_listener(event, heard);
    on_cleanup(move || listener.remove());
}
