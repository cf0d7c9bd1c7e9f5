//! Values of a form, read on submit: including those that a password manager filled in.
//!
//! Calls the browser by name: the types of all this would only make the page larger.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Event;

fn control(sent: &Event, name: &str) -> Option<JsValue> {
    let form = sent.current_target().or_else(|| sent.target())?;
    let controls = Reflect::get(&form, &"elements".into()).ok()?;
    Reflect::get(&controls, &name.into()).ok().filter(JsValue::is_object)
}

/// The text of the control of that name in the form that was sent; empty when there is none.
pub(crate) fn text(sent: &Event, name: &str) -> String {
    let value = control(sent, name).and_then(|control| Reflect::get(&control, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Resets the form of this id.
pub(crate) fn reset_by_id(id: &str) {
    let form = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id));
    let Some(form) = form else { return };
    let reset = Reflect::get(&form, &"reset".into()).ok().map(js_sys::Function::from);
    // Only fails for what is no form.
    drop(reset.map(|reset| reset.call0(&form)));
}
