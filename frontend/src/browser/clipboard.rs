//! Writing text to the clipboard.

use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Shown where the browser refused, and the text is on screen.
pub(crate) const DENIED: &str = "Clipboard access denied. Select the text and copy it.";

/// Writes `text`, then calls `then` with whether that worked.
pub(crate) fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move { then(write(text).await) });
}

/// Writes `text`; false when the browser refuses, as it does for pages served without TLS from elsewhere.
async fn write(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}
