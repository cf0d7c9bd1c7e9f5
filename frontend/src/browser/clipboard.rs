//! Writing text to the clipboard, plain or formatted.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

/// Shown where the browser refused, and the text is on screen.
pub(crate) const DENIED: &str = "Clipboard access denied. Select the text and copy it.";

/// What is on the clipboard afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    Formatted,
    Plain,
    Nothing,
}

/// Writes `text`, then calls `then` with whether that worked.
pub(crate) fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move { then(write(&text).await) });
}

/// Writes `text` and nothing else.
pub(crate) async fn copy_plain(text: &str) -> Copied {
    if write(text).await { Copied::Plain } else { Copied::Nothing }
}

/// Writes `html` as formatted text, with `text` beside it for programs that take plain text; `text` alone where the
/// browser takes no more.
pub(crate) async fn copy_formatted(html: &str, text: &str) -> Copied {
    let formatted = match clipboard() {
        Some(clipboard) => write_formatted(&clipboard, html, text).await.is_ok(),
        None => false,
    };
    if formatted { Copied::Formatted } else { copy_plain(text).await }
}

/// The clipboard; none for pages served without TLS from elsewhere.
fn clipboard() -> Option<Clipboard> {
    let window = web_sys::window().filter(web_sys::Window::is_secure_context)?;
    Some(window.navigator().clipboard())
}

async fn write(text: &str) -> bool {
    let Some(clipboard) = clipboard() else { return false };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

async fn write_formatted(clipboard: &Clipboard, html: &str, text: &str) -> Result<(), JsValue> {
    let parts = Object::new();
    for (kind, content) in [("text/html", html), ("text/plain", text)] {
        Reflect::set(&parts, &kind.into(), &blob(kind, content)?.into())?;
    }
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&parts)?;
    JsFuture::from(clipboard.write(&Array::of1(&item))).await.map(drop)
}

fn blob(kind: &str, content: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let bytes = Array::of1(&Uint8Array::from(content.as_bytes()));
    Blob::new_with_u8_array_sequence_and_options(&bytes, &options)
}
