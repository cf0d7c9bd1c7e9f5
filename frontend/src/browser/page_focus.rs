//! The focus after a change of pages: on the heading of the new page, which screen readers then say.

use super::history::Address;
use super::{focus, page, timer};
use crate::reactive::{Memo, effect};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves the focus at each change of pages. At the first load it stays where it is; where this program takes over from another, whose
/// elements are gone, that may be nowhere, and the focus `moves` then, too.
pub(crate) fn follow(address: Address, mut moves: bool) {
    let shown = Memo::new(move || address.page());
    let mut is_first = true;
    effect(move || {
        shown.get();
        let is_first = std::mem::take(&mut is_first);
        if std::mem::replace(&mut moves, true) {
            let before = page::active_element();
            // Once the page is built, and has chosen a field of its own, if it does.
            timer::after(0, move || {
                let has_moved = main_has_focus() && page::active_element() != before;
                let is_chosen = if is_first { !page::nothing_focused() } else { has_moved };
                if !focus::is_in_dialog() && !is_chosen {
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
