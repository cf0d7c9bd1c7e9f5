//! What one can do with a function: the entries of the context menu.

use super::model::Model;
use crate::browser::clipboard;
use crate::components::context_menu::{MenuItem, OpenMenu};
use crate::reactive::{Callback, RwSignal};
use crate::state::view::{HistoryMode, Mode};
use leptos::task::spawn_local;

/// What a menu is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The function.
    pub(super) name: String,
    /// The stack it was seen in, outermost first; empty in a table.
    pub(super) stack: Vec<String>,
    /// Whether the zoom of the page's flame graph can go there.
    pub(super) zoomable: bool,
    /// Whether there is a sandwich to show.
    pub(super) sandwich: bool,
}

/// The menu of `subject` at a place in the window.
pub(super) fn menu(
    model: Model,
    said: RwSignal<String>,
    subject: Subject,
    (x, y): (f64, f64),
    closed: Callback<()>,
) -> OpenMenu {
    let Subject { name, stack, zoomable, sandwich } = subject;
    let mut items = Vec::new();
    let mut item = |label: &str, run: Callback<()>| items.push(MenuItem { label: label.to_owned(), run });
    if zoomable {
        let path = stack.clone();
        item(
            "Zoom here",
            Callback::new(move |()| {
                let path = path.clone();
                model.change(HistoryMode::Push, |v| (v.zoom, v.window) = (path, None));
            }),
        );
    }
    let function = name.clone();
    item(
        "Focus: only stacks through it",
        Callback::new(move |()| {
            let function = function.clone();
            model.reshape(|v| v.focus = Some(function));
        }),
    );
    let function = name.clone();
    if sandwich {
        item(
            "Sandwich: callers and callees",
            Callback::new(move |()| open_sandwich(model, function.clone())),
        );
    }
    let function = name.clone();
    item("Mark everywhere", Callback::new(move |()| model.marked.set(Some(function.clone()))));
    let function = name.clone();
    item(
        "Hide: count it to its caller",
        Callback::new(move |()| {
            let function = function.clone();
            model.reshape(|v| {
                if !v.hidden.contains(&function) {
                    v.hidden.push(function)
                }
            });
        }),
    );
    let text = name.clone();
    item("Copy name", Callback::new(move |()| copy(said, text.clone())));
    if !stack.is_empty() {
        let text = stack.join("\n");
        item("Copy stack", Callback::new(move |()| copy(said, text.clone())));
    }
    OpenMenu { x, y, title: name, items, closed }
}

/// Shows the sandwich of a function.
pub(super) fn open_sandwich(model: Model, function: String) {
    model.reshape(|v| {
        v.mode = Some(Mode::Sandwich);
        v.function = Some(function);
    });
}

fn copy(said: RwSignal<String>, text: String) {
    spawn_local(async move {
        let what = if clipboard::write(text).await {
            "Copied."
        } else {
            "The browser does not let this page copy; select and copy by hand."
        };
        if said.try_get_untracked().is_some() {
            said.set(what.to_owned());
        }
    });
}
