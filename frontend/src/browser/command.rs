//! Controls of the page that keys and the palette click, by their `data-command` attribute; see [`crate::state::command`].

use super::timer;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, HtmlInputElement};

/// Time between two looks for a control that is awaited.
const RETRY_MS: u32 = 50;
/// Looks before it is given up: ten seconds.
const RETRIES: u32 = 200;

/// Whether a control of this command is on screen and enabled.
pub(crate) fn is_offered(id: &str) -> bool {
    !offered(id).is_empty()
}

/// Focuses and clicks the control of this command. Of several, that after the one whose parent has the focus: pressed again, a key goes
/// on to the next. Whether there is one.
pub(crate) fn run(id: &str) -> bool {
    let controls = offered(id);
    let active = document().and_then(|d| d.active_element());
    let holds = |control: &HtmlElement| {
        let parent = control.parent_element();
        parent.zip(active.as_ref()).is_some_and(|(parent, active)| parent.contains(Some(active)))
    };
    let next = controls.iter().position(holds).map_or(0, |at| (at + 1) % controls.len());
    let Some(control) = controls.get(next) else { return false };
    // Only fails for elements that are gone.
    drop(control.focus());
    control.click();
    true
}

/// Waits for the control of a command, then runs it and types into it, unless the text is empty; gives up where it does not appear.
pub(crate) fn run_once_offered(id: String, text: String) {
    attempt(id, text, 0);
}

fn attempt(id: String, text: String, before: u32) {
    let wait_ms = if before == 0 { 0 } else { RETRY_MS };
    timer::after(wait_ms, move || {
        if run(&id) {
            type_into(&id, &text);
        } else if before < RETRIES {
            attempt(id, text, before + 1);
        }
    });
}

/// As if a person typed the text.
fn type_into(id: &str, text: &str) {
    let field = offered(id).into_iter().find_map(|control| control.dyn_into::<HtmlInputElement>().ok());
    let event = document().and_then(|d| d.create_event("Event").ok());
    let Some((field, event)) = field.zip(event).filter(|_| !text.is_empty()) else { return };
    field.set_value(text);
    event.init_event_with_bubbles("input", true);
    // Only fails for events that are being sent already.
    drop(field.dispatch_event(&event));
}

/// Clicks the first control of this command, if there is one; the focus stays.
pub(crate) fn click(id: &str) {
    offered(id).first().into_iter().for_each(HtmlElement::click);
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn offered(id: &str) -> Vec<HtmlElement> {
    let selector = format!("[data-command={id}]:enabled, a[data-command={id}]");
    let found = document().and_then(|d| d.query_selector_all(&selector).ok());
    let all = found.iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    let shown = |element: &HtmlElement| element.get_bounding_client_rect().width() > 0.0;
    all.filter_map(|node| node.dyn_into::<HtmlElement>().ok()).filter(shown).collect()
}
