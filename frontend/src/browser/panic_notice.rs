//! Notice for a page that has failed itself. Plain DOM: the framework may be what broke.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// From now on a panic is written to the console and shown with a button that reloads.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Nothing can be done about a failure to show the failure.
        let _ = show();
    }));
}

fn show() -> Option<()> {
    let document = web_sys::window()?.document()?;
    if document.get_element_by_id("page-failed").is_some() {
        return None;
    }
    let notice = document.create_element("div").ok()?;
    notice.set_id("page-failed");
    notice.set_class_name("page-failed");
    notice.set_attribute("role", "alert").ok()?;
    let text = document.create_element("p").ok()?;
    text.set_text_content(Some(
        "This page stopped because of a bug. Nothing on the server is lost, and the address still names the view \
         that was on screen.",
    ));
    let button = document.create_element("button").ok()?;
    button.set_class_name("button primary");
    button.set_text_content(Some("Reload the page"));
    let reload: Closure<dyn FnMut()> = Closure::new(crate::browser::page::reload);
    button.add_event_listener_with_callback("click", reload.as_ref().unchecked_ref()).ok()?;
    reload.forget();
    notice.append_child(&text).ok()?;
    notice.append_child(&button).ok()?;
    document.body()?.append_child(&notice).ok()?;
    Some(())
}
