//! Printing: whether the page is on paper, or shown as if it were.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MediaQueryList};

/// Calls `changed` with `true` before the page is printed and with `false` after that, for as long as the document lives. The call
/// before is in time: what it changes, and what effects change, is printed.
pub(crate) fn on_change(changed: impl Fn(bool) + 'static) {
    let (Some(window), Some(query)) = (web_sys::window(), query()) else { return };
    let seen = query.clone();
    let call: Closure<dyn FnMut(Event)> =
        Closure::new(move |event: Event| changed(event.type_() == "beforeprint" || seen.matches()));
    let call: JsValue = call.into_js_value();
    for name in ["beforeprint", "afterprint"] {
        drop(window.add_event_listener_with_callback(name, call.unchecked_ref()));
    }
    drop(query.add_event_listener_with_callback("change", call.unchecked_ref()));
}

/// Whether the page has the styles of paper now.
pub(crate) fn is_printed() -> bool {
    query().is_some_and(|query| query.matches())
}

fn query() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("print").ok().flatten()
}
