//! Writing text to the clipboard.

use wasm_bindgen_futures::JsFuture;

/// Writes `text`; false when the browser refuses, as it does for pages served without TLS from elsewhere.
pub(crate) async fn write(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}
