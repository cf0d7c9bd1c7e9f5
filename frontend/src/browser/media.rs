//! Size of the window, pointer, preferences for less motion and less data, and the page's clock.

use super::event::on_window_resize;
use crate::reactive::RwSignal;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Width below which the page is laid out for a phone; the style sheets use the same.
const NARROW: &str = "(max-width: 640px)";

/// Height below which the picture needs all room there is, as in a small window or at a large zoom; the style sheets use the same.
const SHORT: &str = "(max-height: 600px)";

/// Whether the window is so low that the picture needs all of it.
pub(crate) fn is_short() -> bool {
    matches(SHORT)
}

/// Whether the window is as narrow as a phone.
pub(crate) fn is_narrow() -> bool {
    matches(NARROW)
}

/// Whether the window is as narrow as a phone, followed as it changes.
pub(crate) fn narrow() -> RwSignal<bool> {
    let narrow = RwSignal::new(is_narrow());
    on_window_resize(move || {
        let now = is_narrow();
        if narrow.try_get_untracked().is_some_and(|n| n != now) {
            narrow.set(now);
        }
    });
    narrow
}

/// Whether a finger is what points, so that what is pressed is higher; the style sheets use the same.
pub(crate) fn is_pointer_coarse() -> bool {
    matches("(pointer: coarse)")
}

/// Whether the person asked their system for less motion.
pub(crate) fn is_motion_reduced() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether the person asked their browser to save data (`Save-Data`). Browsers without that setting do not.
pub(crate) fn is_saving_data() -> bool {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let connection = web_sys::window().and_then(|w| get(&w.navigator(), "connection"));
    connection.and_then(|connection| get(&connection, "saveData")).is_some_and(|saves| saves.is_truthy())
}

fn matches(query: &str) -> bool {
    web_sys::window().and_then(|w| w.match_media(query).ok().flatten()).is_some_and(|m| m.matches())
}

/// Milliseconds since the page was opened.
pub(crate) fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}
