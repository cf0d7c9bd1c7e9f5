//! Timers that end with the component that started them.

use leptos::prelude::*;
use std::time::Duration;

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
