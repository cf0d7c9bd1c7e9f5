//! Keeps the focus from falling to the body when the element that has it is removed, or its dialog closes: it moves to the next control
//! after its place, or else to the one before, or else to those around; failing all, to the heading of the page.

use super::page_focus;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, HtmlElement, MutationObserver, MutationObserverInit};

/// What can take the focus without asking for input.
const CONTROLS: &str = "button:enabled, a[href], summary, [tabindex='0']";
/// The focus is not moved beyond these: what is outside of them is about something else.
const LIMITS: &str = "main, dialog, body > header";

/// Where an element was: each element around it, innermost first, with the position of the child that led to it.
type Place = Vec<(Element, u32)>;

/// The last focus.
struct Last {
    element: Element,
    place: Place,
    /// The path of its page. Pages may share elements: one that is still there does not say which page it is of.
    path: Option<String>,
    /// Where the focus was before it entered the dialog that the element is in.
    outside: Option<Box<Last>>,
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// Watches the focus of the document from now on.
pub(crate) fn start() {
    let Some(document) = document() else { return };
    let on_focus: Closure<dyn FnMut(Event)> = Closure::new(|event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.into_iter().for_each(remember);
    });
    drop(document.add_event_listener_with_callback("focusin", on_focus.as_ref().unchecked_ref()));
    let on_change: Closure<dyn FnMut()> = Closure::new(restore);
    let observer = MutationObserver::new(on_change.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(body)) = (&observer, document.body()) {
        let init = MutationObserverInit::new();
        init.set_child_list(true);
        init.set_subtree(true);
        init.set_attribute_filter(&js_sys::Array::of1(&"open".into()));
        // Observing an existing element cannot fail.
        drop(observer.observe_with_options(&body, &init));
    }
    // All live as long as the page.
    on_focus.forget();
    on_change.forget();
    std::mem::forget(observer);
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn path() -> Option<String> {
    web_sys::window()?.location().pathname().ok()
}

/// The dialog that an element is in.
fn dialog_of(element: &Element) -> Option<Element> {
    element.closest("dialog").ok().flatten()
}

fn remember(element: Element) {
    LAST.with_borrow_mut(|last| {
        let outside = match (dialog_of(&element), last.take()) {
            (None, _) | (_, None) => None,
            (dialog, Some(before)) if dialog_of(&before.element) == dialog => before.outside,
            (_, Some(before)) => Some(Box::new(before)),
        };
        *last = Some(Last { place: place_of(&element), element, path: path(), outside });
    });
}

fn place_of(element: &Element) -> Place {
    let mut place = Vec::new();
    let mut child = element.clone();
    while let Some(parent) = child.parent_element().filter(|parent| parent.tag_name() != "BODY") {
        let siblings = parent.children();
        let at = (0..siblings.length()).find(|at| siblings.item(*at).as_ref() == Some(&child));
        place.push((parent.clone(), at.unwrap_or_default()));
        if parent.matches(LIMITS).unwrap_or(true) {
            break;
        }
        child = parent;
    }
    place
}

fn is_shown(element: &Element) -> bool {
    element.is_connected() && element.get_bounding_client_rect().width() > 0.0
}

/// Moves a lost focus.
fn restore() {
    let active = document().and_then(|d| d.active_element());
    if active.is_some_and(|active| active.tag_name() != "BODY") {
        return;
    }
    let target = LAST.with_borrow(|last| {
        let last = last.as_ref().filter(|last| !is_shown(&last.element))?;
        if last.path != path() {
            // Another page.
            return Some(None);
        }
        // A closed dialog shows nothing: the search goes on where it was opened from.
        Some(std::iter::successors(Some(last), |last| last.outside.as_deref()).find_map(near))
    });
    match target {
        None => {}
        Some(Some(target)) => drop(target.focus()),
        Some(None) => page_focus::heading(),
    }
}

/// The element itself, or the control nearest to where it was.
fn near(last: &Last) -> Option<HtmlElement> {
    let itself = Some(&last.element).filter(|element| is_shown(element)).and_then(control_in);
    itself.or_else(|| last.place.iter().find_map(|(around, at)| beside(around, *at)))
}

/// The first control of `around` from child `at` on, or else the last one before it.
fn beside(around: &Element, at: u32) -> Option<HtmlElement> {
    let children = around.children();
    let after = (at..children.length()).find_map(|at| control_in(&children.item(at)?));
    after.or_else(|| (0..at).rev().find_map(|at| control_in(&children.item(at)?)))
}

/// The element, if it is a control on screen, or else the first one inside of it.
fn control_in(element: &Element) -> Option<HtmlElement> {
    let own = element.matches(CONTROLS).unwrap_or(false).then(|| element.clone());
    let inside = || element.query_selector(CONTROLS).ok().flatten();
    own.or_else(inside).filter(is_shown)?.dyn_into().ok()
}
