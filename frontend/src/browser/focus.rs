//! Keyboard focus.

use super::node::ElementRef;
use crate::reactive::Callback;
use crate::state::css_length::px;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// Whether keys are input of a field and not commands.
pub(crate) fn is_typing() -> bool {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    active.is_some_and(|e| {
        matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || e.closest("dialog[open]").is_ok_and(|d| d.is_some())
    })
}

/// Whether a dialog is open.
pub(crate) fn is_in_dialog() -> bool {
    let document = web_sys::window().and_then(|w| w.document());
    document.is_some_and(|d| d.query_selector("dialog[open]").is_ok_and(|open| open.is_some()))
}

/// Focuses the child of `parent` at `index`, if it is there.
pub(crate) fn child(parent: &Element, index: u32) {
    if let Some(child) = parent.children().item(index).and_then(|c| c.dyn_into::<HtmlElement>().ok()) {
        // Only fails for elements that are gone.
        drop(child.focus());
    }
}

/// Moves a fixed element so that all of it is in the window, `margin` pixels from the edges.
pub(crate) fn keep_inside(element: &HtmlElement, margin: f64) {
    let Some(window) = web_sys::window() else { return };
    let limit = |v: Result<JsValue, JsValue>| v.ok().and_then(|v| v.as_f64()).unwrap_or(f64::MAX);
    let (width, height) = (limit(window.inner_width()), limit(window.inner_height()));
    let rect = element.get_bounding_client_rect();
    let left = rect.x().min(width - rect.width() - margin).max(margin);
    let top = rect.y().min(height - rect.height() - margin).max(margin);
    let style = element.style();
    // Only fails for names that are no properties.
    drop(style.set_property("left", &px(left)));
    drop(style.set_property("top", &px(top)));
}

/// Focuses the first element that matches a selector, once the page has changed.
pub(crate) fn soon(selector: &'static str) {
    super::timer::after(0, move || {
        let document = web_sys::window().and_then(|w| w.document());
        let found = document.and_then(|d| d.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            // Only fails for elements that are gone.
            drop(element.focus());
        }
    });
}

/// Gives the keyboard back to an element, such as one whose menu closes.
pub(crate) fn give_back(to: impl ElementRef + Send + Sync + 'static) -> Callback<()> {
    Callback::new(move |()| {
        // Only fails for elements that are gone.
        to.element().into_iter().for_each(|element| drop(element.focus()));
    })
}

/// Focuses a field and selects its text.
pub(crate) fn field(node: NodeRef<Input>) {
    if let Some(field) = node.get_untracked() {
        // Only fails for elements that are gone.
        drop(field.focus());
        field.select();
    }
}

/// Takes the keyboard away from a field.
pub(crate) fn leave(node: NodeRef<Input>) {
    if let Some(field) = node.get_untracked() {
        // Only fails for elements that are gone.
        drop(field.blur());
    }
}
