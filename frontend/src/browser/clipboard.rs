//! Writing text to the clipboard, plain or formatted.
//!
//! Safari allows a write only in the handler of a press, Firefox for five seconds after one, Chromium as long as the page has the focus.
//! A text that is not there yet is therefore promised at once ([`copy_when_ready`]): all three accept promises, Firefox from 127 on.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
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

/// A text to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clip {
    pub(crate) text: String,
    /// The same formatted, where it is to be pasted as such.
    pub(crate) html: Option<String>,
}

impl Clip {
    fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let html = self.html.as_deref().map(|html| (HTML, html));
        [(PLAIN, self.text.as_str())].into_iter().chain(html)
    }
}

const PLAIN: &str = "text/plain";
const HTML: &str = "text/html";

/// Writes a text: formatted, with the plain one beside it for programs that take that, or the plain one alone where there is no
/// other or the browser takes no more.
pub(crate) async fn copy_clip(clip: &Clip) -> Copied {
    let formatted = match (clipboard(), &clip.html) {
        (Some(clipboard), Some(_)) => write_parts(&clipboard, clip).await.is_ok(),
        _ => false,
    };
    match formatted {
        true => Copied::Formatted,
        false if write(&clip.text).await => Copied::Plain,
        false => Copied::Nothing,
    }
}

/// Writes a text that is not there yet, and calls `then` with it and with what was written. Must be called in the handler of a press.
/// Where the browser takes no promise, it is asked again when the text is there. `is_formatted` says whether the text will have HTML.
pub(crate) fn copy_when_ready<E: 'static>(
    is_formatted: bool,
    text: impl Future<Output = Result<Clip, E>> + 'static,
    then: impl FnOnce(Result<(Clip, Copied), E>) + 'static,
) {
    let ended: Rc<RefCell<Option<Result<Clip, E>>>> = Rc::default();
    let ending = ended.clone();
    // Blobs by their kind.
    let promised = future_to_promise(async move {
        let text = text.await;
        let blobs = match &text {
            Ok(clip) => by_kind(clip.parts().map(blob_of)),
            Err(_) => Err(JsValue::NULL),
        };
        *ending.borrow_mut() = Some(text);
        blobs.map(JsValue::from)
    });
    let written = clipboard().and_then(|clipboard| write_promised(&clipboard, &promised, is_formatted).ok());
    spawn_local(async move {
        drop(JsFuture::from(promised).await);
        let Some(text) = ended.take() else { return };
        match text {
            Err(error) => then(Err(error)),
            Ok(clip) => {
                let is_written = match written {
                    Some(written) => written.await.is_ok(),
                    None => false,
                };
                let copied = match (is_written, is_formatted) {
                    (true, true) => Copied::Formatted,
                    (true, false) => Copied::Plain,
                    (false, _) => copy_clip(&clip).await,
                };
                then(Ok((clip, copied)));
            }
        }
    });
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

async fn write_parts(clipboard: &Clipboard, clip: &Clip) -> Result<(), JsValue> {
    let parts = by_kind(clip.parts().map(blob_of))?;
    start_writing(clipboard, &parts)?.await.map(drop)
}

/// Asks the browser to write what is promised.
fn write_promised(
    clipboard: &Clipboard,
    promised: &Promise,
    is_formatted: bool,
) -> Result<JsFuture, JsValue> {
    let kinds = if is_formatted { &[PLAIN, HTML][..] } else { &[PLAIN][..] };
    let parts = by_kind(kinds.iter().map(|&kind| Ok((kind, JsValue::from(part_of(promised, kind))))))?;
    start_writing(clipboard, &parts)
}

/// The part of a kind of what is promised.
fn part_of(promised: &Promise, kind: &'static str) -> Promise {
    let promised = promised.clone();
    let part = future_to_promise(async move { Reflect::get(&JsFuture::from(promised).await?, &kind.into()) });
    // A failure is reported for the whole.
    drop(JsFuture::from(part.clone()));
    part
}

fn start_writing(clipboard: &Clipboard, parts: &Object) -> Result<JsFuture, JsValue> {
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(parts)?;
    Ok(JsFuture::from(clipboard.write(&Array::of1(&item))))
}

fn by_kind(parts: impl Iterator<Item = Result<(&'static str, JsValue), JsValue>>) -> Result<Object, JsValue> {
    let all = Object::new();
    for part in parts {
        let (kind, content) = part?;
        Reflect::set(&all, &kind.into(), &content)?;
    }
    Ok(all)
}

fn blob_of((kind, content): (&'static str, &str)) -> Result<(&'static str, JsValue), JsValue> {
    Ok((kind, blob(kind, content)?.into()))
}

fn blob(kind: &str, content: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let bytes = Array::of1(&Uint8Array::from(content.as_bytes()));
    Blob::new_with_u8_array_sequence_and_options(&bytes, &options)
}
