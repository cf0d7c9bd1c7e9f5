//! Elements behind leptos references: place, scroll position, pointer capture.

use leptos::html::ElementType;
use leptos::prelude::{GetUntracked, NodeRef};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A reference to an element that may not be on the page yet, or any more.
pub(crate) trait ElementRef: Copy {
    /// The element, while it is on the page.
    fn element(self) -> Option<HtmlElement>;
}

impl<E> ElementRef for NodeRef<E>
where
    E: ElementType,
    E::Output: JsCast + Clone + Into<HtmlElement> + 'static,
{
    fn element(self) -> Option<HtmlElement> {
        self.try_get_untracked().flatten().map(Into::into)
    }
}

/// A rectangle of the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Where an element is in the window.
pub(crate) fn rect(of: impl ElementRef) -> Option<Rect> {
    let rect = of.element()?.get_bounding_client_rect();
    Some(Rect { x: rect.x(), y: rect.y(), width: rect.width(), height: rect.height() })
}

/// Sends all events of a pressed pointer to an element until it is released.
pub(crate) fn capture_pointer(to: impl ElementRef, pointer_id: i32) {
    // Fails when the pointer is gone already.
    to.element().into_iter().for_each(|element| drop(element.set_pointer_capture(pointer_id)));
}

/// Scroll position and visible height of an element, in CSS pixels.
pub(crate) fn scroll(of: impl ElementRef) -> Option<(f64, f64)> {
    of.element().map(|element| (element.scroll_top().into(), element.client_height().into()))
}

/// Scrolls the content of an element to `top` CSS pixels.
pub(crate) fn scroll_to(of: impl ElementRef, top: f64) {
    of.element().into_iter().for_each(|element| element.set_scroll_top(top as i32));
}
