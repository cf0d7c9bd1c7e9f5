//! Cells that are filled into the rows of a list. The rows are drawn elsewhere, perhaps by the other program; they come and go as the list
//! is scrolled, and become those of other subjects.

use crate::reactive::{RwSignal, effect};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MutationObserver, MutationObserverInit};

/// The attribute that says what a row is about, at the place of its cells; the head of the list has none.
pub(crate) const SUBJECT: &str = "data-subject";

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FilledCell {
    /// ARIA role.
    pub(crate) role: &'static str,
    pub(crate) class: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Which cells, by classes.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    /// Selects the list.
    pub(crate) list: &'static str,
    /// Given to the list while it has such cells.
    pub(crate) filled: &'static str,
    /// The class of the places in its rows and in its head.
    pub(crate) place: &'static str,
}

/// What makes the cells of a subject; `None` is the head.
type Cells = Box<dyn Fn(Option<&str>) -> Vec<FilledCell>>;

/// Keeps the places in the list around `inside` filled until the current owner is disposed of; follows the signals that `cells` reads.
pub(crate) fn keep_filled(inside: NodeRef<Div>, places: Places, cells: Cells) {
    let changed = RwSignal::new(0_u32);
    let watch = StoredValue::new_local(None::<Watch>);
    effect(move || {
        changed.track();
        let list = inside.get().and_then(|inside| inside.closest(places.list).ok().flatten());
        let Some(list) = list else { return };
        fill(&list, places, &cells);
        if watch.with_value(Option::is_none) {
            let on_change = move || changed.update(|count| *count = count.wrapping_add(1));
            watch.set_value(Watch::new(&list, on_change));
        }
        // Its own changes are none to wait for.
        watch.with_value(|watch| watch.as_ref().map(|watch| watch.observer.take_records()));
    });
}

/// Observes the rows of a list until it is dropped.
struct Watch {
    observer: MutationObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl Watch {
    fn new(list: &Element, on_change: impl FnMut() + 'static) -> Option<Watch> {
        let on_change: Closure<dyn FnMut()> = Closure::new(on_change);
        let observer = MutationObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        let init = MutationObserverInit::new();
        init.set_child_list(true);
        init.set_subtree(true);
        init.set_attribute_filter(&js_sys::Array::of1(&JsValue::from_str(SUBJECT)));
        observer.observe_with_options(list, &init).ok()?;
        Some(Watch { observer, _on_change: on_change })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn fill(list: &Element, places: Places, cells: &Cells) {
    let all = list.get_elements_by_class_name(places.place);
    let mut has_cells = false;
    for place in (0..all.length()).filter_map(|at| all.item(at)) {
        let cells = cells(place.get_attribute(SUBJECT).as_deref());
        has_cells |= !cells.is_empty();
        fill_place(&place, &cells);
    }
    // Fails for a class that is no word.
    drop(list.class_list().toggle_with_force(places.filled, has_cells));
}

/// Changes only what is another, so that a tooltip on screen stays.
fn fill_place(place: &Element, cells: &[FilledCell]) {
    let elements = place.children();
    let mut count = 0;
    for cell in cells {
        let Some(element) = elements.item(count).or_else(|| append_to(place)) else { return };
        put(&element, "role", cell.role);
        put(&element, "class", &cell.class);
        put(&element, "title", &cell.title);
        if element.text_content().as_deref() != Some(&cell.text) {
            element.set_text_content(Some(&cell.text));
        }
        count += 1;
    }
    while let Some(surplus) = elements.item(count) {
        surplus.remove();
    }
}

fn append_to(place: &Element) -> Option<Element> {
    let element = place.owner_document()?.create_element("span").ok()?;
    place.append_child(&element).ok()?;
    Some(element)
}

fn put(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // Fails for an invalid name.
        drop(element.set_attribute(name, value));
    }
}
