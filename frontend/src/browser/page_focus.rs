//! The focus after a change of pages: on the heading of the new page, which screen readers then say.

use super::handover;
use super::history::Address;
use super::{focus, page, timer};
use crate::reactive::{Memo, effect};
use crate::routes::Page;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves the focus at each change of pages. At the first load it stays where the browser has it, unless this program takes over from
/// another, whose elements are gone.
pub(crate) fn follow(address: Address) {
    let shown = Memo::new(move || address.path.with(|path| Page::at(path)));
    let mut moves = handover::is_called();
    effect(move || {
        shown.get();
        if std::mem::replace(&mut moves, true) {
            // Once the page is built, and has chosen a field of its own, if it does.
            timer::after(0, || {
                if !focus::is_in_dialog() && !main_has_focus() {
                    heading();
                }
            });
        }
    });
}

fn main_element() -> Option<HtmlElement> {
    let main = web_sys::window()?.document()?.get_element_by_id("main")?;
    main.dyn_into().ok()
}

fn main_has_focus() -> bool {
    main_element().is_some_and(|main| page::holds_focus(&main))
}

/// Focuses the heading of the page, or its main part where there is none yet.
pub(super) fn heading() {
    let Some(main) = main_element() else { return };
    let heading = main.query_selector("h1").ok().flatten().and_then(|h| h.dyn_into::<HtmlElement>().ok());
    let target = heading.unwrap_or(main);
    // Focus from scripts only, and no stop of the Tab key.
    drop(target.set_attribute("tabindex", "-1"));
    drop(target.focus());
}
