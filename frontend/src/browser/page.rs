//! The document: title, origin, visibility, dialogs, elements by id.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Sets the title of the tab.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// True while the tab is in the background.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|d| d.hidden())
}

/// The address's scheme and host.
pub(crate) fn origin() -> String {
    web_sys::window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
}

/// Loads the page again.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        drop(window.location().reload());
    }
}

/// Removes the skeleton shown while loading.
pub(crate) fn remove_skeleton() {
    if let Some(element) = document().and_then(|d| d.get_element_by_id("skeleton")) {
        element.remove();
    }
}

/// Gives the focus to the element of this id.
pub(crate) fn focus(id: &str) {
    let element = document().and_then(|d| d.get_element_by_id(id));
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// Scrolls as little as needed to bring the element of this id into its list.
pub(crate) fn reveal(id: &str) {
    if let Some(element) = document().and_then(|d| d.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the event came from something that text is typed into.
pub(crate) fn is_typing(event: &web_sys::Event) -> bool {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return false };
    target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some()
}

/// Whether what has the focus now lies inside of `element`.
pub(crate) fn holds_focus(element: &Element) -> bool {
    let active = document().and_then(|d| d.active_element());
    active.is_some_and(|active| element.contains(Some(&active)))
}

/// Whether nothing has the focus, as after a click on plain text.
pub(crate) fn nothing_focused() -> bool {
    active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// The element that has the focus, or the body.
pub(super) fn active_element() -> Option<Element> {
    document()?.active_element()
}

/// Whether the event happened inside of `element`.
pub(crate) fn is_within(event: &web_sys::Event, element: &Element) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
    target.is_some_and(|target| element.contains(Some(&target)))
}

/// Gives the focus to the first button inside of `element`.
pub(crate) fn focus_first_button(element: Option<&HtmlElement>) {
    let button = element.and_then(|e| e.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
        drop(button.focus());
    }
}

/// Selects the text of the field that the event came from, of one line or of several.
pub(crate) fn select_text(event: &web_sys::Event) {
    let Some(target) = event.target() else { return };
    match target.dyn_into::<web_sys::HtmlInputElement>() {
        Ok(input) => input.select(),
        Err(other) => {
            other.dyn_into::<web_sys::HtmlTextAreaElement>().into_iter().for_each(|text| text.select());
        }
    }
}

/// The text of the field of this id.
pub(crate) fn field_text(id: &str) -> String {
    let element = document().and_then(|d| d.get_element_by_id(id));
    let input = element.and_then(|e| e.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Gives the focus to the element of this id once it is on the page, unless somebody has begun to fill in another field.
pub(crate) fn focus_soon(id: &'static str) {
    let before = focused_field();
    crate::browser::timer::after(0, move || {
        let now = focused_field();
        if now.is_none() || now == before {
            focus(id);
        }
    });
}

/// The field that has the focus.
fn focused_field() -> Option<Element> {
    active_element().filter(|element| element.matches("input, select, textarea").unwrap_or(false))
}

/// Opens the dialog of this id above the page, if it is there and not open.
pub(crate) fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        drop(dialog.show_modal());
    }
}

/// Closes the dialog of this id, if it is there.
pub(crate) fn close_dialog(id: &str) {
    dialog(id).into_iter().for_each(|dialog| dialog.close());
}
