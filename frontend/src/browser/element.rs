//! Elements: where they are, how far they are scrolled, the focus, pointers.

use web_sys::{Element, HtmlElement, HtmlInputElement};

/// A rectangle in the window, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Where an element is.
pub(crate) fn bounds(element: &Element) -> Bounds {
    let rect = element.get_bounding_client_rect();
    Bounds { left: rect.left(), top: rect.top(), width: rect.width(), height: rect.height() }
}

/// Width of its content, in CSS pixels.
pub(crate) fn width(element: &Element) -> f64 {
    element.client_width().into()
}

/// Height of its content, in CSS pixels.
pub(crate) fn height(element: &Element) -> f64 {
    element.client_height().into()
}

/// How far its content is scrolled down, in CSS pixels.
pub(crate) fn scroll_top(element: &Element) -> f64 {
    element.scroll_top().into()
}

/// Scrolls its content.
pub(crate) fn set_scroll_top(element: &Element, top: f64) {
    element.set_scroll_top(top as i32);
}

/// Focuses an element; does nothing if it has left the page.
pub(crate) fn focus(element: &HtmlElement) {
    drop(element.focus());
}

/// Focuses a field and selects its text.
pub(crate) fn focus_and_select(field: &HtmlInputElement) {
    focus(field);
    field.select();
}

/// Clicks an element, such as the hidden input behind a button.
pub(crate) fn click(element: &HtmlElement) {
    element.click();
}

/// Sends all events of a pointer to an element until it is released.
pub(crate) fn capture_pointer(element: &Element, pointer: i32) {
    // Fails only for a pointer that is gone already.
    drop(element.set_pointer_capture(pointer));
}
