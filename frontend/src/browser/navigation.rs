//! Navigation to another document, and secrets in the fragment of the address.

use crate::state::url_text::encode;
use wasm_bindgen::JsValue;

/// Pages that need no sign-in: [`redirect_if_needed`] stays on them.
const PUBLIC_PAGES: [&str; 4] = ["/login", "/claim", "/invite", "/s/"];

/// Loads `to` as a new document, so that nothing of this one stays in memory.
pub(crate) fn to(to: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(to));
    }
}

/// Goes to the sign-in or claim page if a problem of that type calls for it.
pub(crate) fn redirect_if_needed(kind: &str) {
    let page = match kind {
        "signed-out" => "/login",
        "unclaimed" => "/claim",
        _ => return,
    };
    let Some(location) = web_sys::window().map(|w| w.location()) else { return };
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    let here = part(location.pathname()) + &part(location.search());
    if !PUBLIC_PAGES.iter().any(|page| here.starts_with(page)) {
        drop(location.assign(&format!("{page}?next={}", encode(&here))));
    }
}

/// Loads `to` in place of this page in the history, whose address holds a used secret.
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
