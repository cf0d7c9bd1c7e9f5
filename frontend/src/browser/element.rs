//! Elements: their width, and clicks.

use web_sys::{Element, HtmlElement};

/// Width of an element's content, in CSS pixels.
pub(crate) fn width(element: &Element) -> f64 {
    element.client_width().into()
}

/// Clicks an element, such as the hidden input behind a button.
pub(crate) fn click(element: &HtmlElement) {
    element.click();
}
