//! Timers. Those that repeat end with the component that started them.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Runs `tick` every `ms` milliseconds until the current owner is disposed of.
pub(crate) fn every(ms: u32, tick: impl Fn() + 'static) {
    if let Ok(handle) = set_interval_with_handle(tick, Duration::from_millis(ms.into())) {
        on_cleanup(move || handle.clear());
    }
}

/// Runs `then` once, after `ms` milliseconds.
pub(crate) fn after(ms: u32, then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::from_millis(ms.into()));
}

/// Runs `then` once, when the browser has nothing more pressing to do.
pub(crate) fn when_idle(then: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let call = Closure::once_into_js(then);
    // Safari has no idle callbacks.
    if window.request_idle_callback(call.unchecked_ref()).is_err() {
        drop(window.set_timeout_with_callback(call.unchecked_ref()));
    }
}
