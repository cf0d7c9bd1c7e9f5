//! Leaving the page for another document, and secrets that came in the address.

use crate::state::url_text::encode;
use wasm_bindgen::JsValue;

/// Where one is nobody yet: these pages are not left because of that.
const DOORS: [&str; 4] = ["/login", "/claim", "/invite", "/s/"];

/// Opens `to` in place of this document, so that nothing of it stays in memory.
pub(crate) fn to(to: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(to));
    }
}

/// Goes where one signs in or claims the instance, when an answer of that kind says that this comes first.
pub(crate) fn redirect_if_needed(kind: &str) {
    let door = match kind {
        "signed-out" => "/login",
        "unclaimed" => "/claim",
        _ => return,
    };
    let Some(location) = web_sys::window().map(|w| w.location()) else { return };
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    let here = part(location.pathname()) + &part(location.search());
    if !DOORS.iter().any(|door| here.starts_with(door)) {
        drop(location.assign(&format!("{door}?next={}", encode(&here))));
    }
}

/// Opens `to` and takes this page out of the history: its address holds a secret that has been used.
pub(crate) fn replace(to: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().replace(to));
    }
}

/// The part of the address after `#name=`, which browsers send to no server. It stays there, so that the page can be
/// loaded again, until [`replace`].
pub(crate) fn fragment(name: &str) -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let secret = hash.strip_prefix('#')?.strip_prefix(name)?.strip_prefix('=')?;
    (!secret.is_empty()).then(|| secret.to_owned())
}
