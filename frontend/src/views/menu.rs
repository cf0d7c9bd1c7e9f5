//! What one can do with a function: the entries of the context menu, and their keys.

use super::model::Model;
use crate::browser::clipboard;
use crate::components::context_menu::{MenuItem, OpenMenu};
use crate::reactive::{Callback, RwSignal};
use crate::state::transform::{Kind, Transform};
use crate::state::view::{HistoryMode, Mode};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::package::package;
use leptos::task::spawn_local;

/// In which picture the function was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// In the whole tree.
    Tree,
    /// Among the callees of a sandwich, which share the zoom of the whole tree.
    Callees,
    /// Among its callers.
    Callers,
    /// In a table.
    Table,
}

/// What a menu is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    name: String,
    /// The package it belongs to; empty if none.
    package: String,
    /// The stack it was seen in, outermost first; empty in a table and for the root.
    stack: Vec<String>,
    seen: Seen,
}

impl Subject {
    /// A function of `tree` at the end of `stack`.
    pub(super) fn new(tree: &CallTree, frame: FrameId, stack: Vec<String>, seen: Seen) -> Subject {
        let text = tree.frames().text(frame);
        Subject { name: text.name.to_owned(), package: package(text).to_owned(), stack, seen }
    }
}

/// What an entry does.
#[derive(Clone)]
enum Deed {
    Zoom(Vec<String>),
    Step(Transform),
    Sandwich(String),
    Details(String),
    Mark(String),
    Copy(String),
}

/// An entry: what it says, its key, what it does.
type Entry = (&'static str, &'static str, Deed);

fn entries(subject: Subject, sandwich: bool) -> Vec<Entry> {
    let Subject { name, package, stack, seen } = subject;
    let mut entries: Vec<Entry> = Vec::new();
    let root = stack.is_empty() && seen != Seen::Table;
    if matches!(seen, Seen::Tree | Seen::Callees) {
        entries.push(("Zoom here", "", Deed::Zoom(stack.clone())));
    }
    if !root {
        let step = |kind| Deed::Step(Transform::of(kind, name.clone()));
        if sandwich {
            entries.push(("Details: over time, callers, lines", "o", Deed::Details(name.clone())));
            entries.push(("Sandwich: callers and callees", "s", Deed::Sandwich(name.clone())));
        }
        entries.push(("Mark everywhere", "", Deed::Mark(name.clone())));
        entries.push(("Keep only stacks through it", "f", step(Kind::Focus)));
        if seen == Seen::Tree {
            let path = Transform { kind: Kind::Path, about: stack.clone() };
            entries.push(("Keep only this subtree", "F", Deed::Step(path)));
        }
        entries.push(("Merge it into its caller", "h", step(Kind::Merge)));
        entries.push(("Drop all stacks through it", "x", step(Kind::Drop)));
        entries.push(("Fold its recursion", "c", step(Kind::Recursion)));
        if !package.is_empty() {
            entries.push(("Fold its package", "p", Deed::Step(Transform::of(Kind::Package, package))));
        }
    }
    entries.push(("Copy name", "", Deed::Copy(name)));
    if !stack.is_empty() {
        entries.push(("Copy stack", "", Deed::Copy(stack.join("\n"))));
    }
    entries
}

/// The menus of one profile view. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Menus {
    pub(super) model: Model,
    /// The menu that is open.
    pub(super) open: RwSignal<Option<OpenMenu>>,
    /// What was done, in words.
    pub(super) said: RwSignal<String>,
}

impl Menus {
    /// Nothing open.
    pub(super) fn new(model: Model) -> Menus {
        Menus { model, open: RwSignal::new(None), said: RwSignal::new(String::new()) }
    }

    /// Opens the menu of `subject` at a place in the window.
    pub(super) fn open(self, subject: Subject, (x, y): (f64, f64), closed: Callback<()>) {
        let title = subject.name.clone();
        let item = |(label, key, deed): Entry| {
            let run = Callback::new(move |()| self.run(deed.clone()));
            MenuItem { label: label.to_owned(), key, run }
        };
        let items = self.entries(subject).into_iter().map(item).collect();
        self.open.set(Some(OpenMenu { x, y, title, items, closed }));
    }

    /// Does what a key means to `subject`, if anything.
    pub(super) fn press(self, subject: Subject, key: char) {
        let entry = self.entries(subject).into_iter().find(|(_, k, _)| k.starts_with(key));
        if let Some((_, _, deed)) = entry {
            self.run(deed);
        }
    }

    fn entries(self, subject: Subject) -> Vec<Entry> {
        entries(subject, self.model.both.get_untracked().is_none())
    }

    fn run(self, deed: Deed) {
        let model = self.model;
        match deed {
            Deed::Zoom(path) => {
                model.change(HistoryMode::Push, |v| (v.zoom, v.window) = (path, None));
            }
            Deed::Step(step) => model.transform(step),
            Deed::Sandwich(function) => open_sandwich(model, function),
            Deed::Details(function) => model.change(HistoryMode::Push, |v| v.details = Some(function)),
            Deed::Mark(function) => model.marked.set(Some(function)),
            Deed::Copy(text) => copy(self.said, text),
        }
    }
}

/// Keys that do something with the selected function; see [`entries`].
pub(super) fn key_of(key: &str) -> Option<char> {
    let mut chars = key.chars();
    let first = chars.next().filter(|c| "osfFhxcp".contains(*c));
    first.filter(|_| chars.next().is_none())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(seen: Seen, stack: &[&str]) -> Subject {
        let stack: Vec<String> = stack.iter().map(|s| (*s).to_owned()).collect();
        Subject { name: "f".into(), package: "p".into(), stack, seen }
    }

    #[test]
    fn every_key_of_an_entry_is_a_key_and_means_one_thing() {
        let mut keys: Vec<&str> =
            entries(subject(Seen::Tree, &["f"]), true).into_iter().map(|(_, key, _)| key).collect();
        keys.retain(|key| !key.is_empty());
        assert!(keys.iter().all(|key| key_of(key).is_some()));
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), count), (8, 8));
        assert_eq!((key_of("Shift"), key_of("z"), key_of("")), (None, None, None));
    }

    #[test]
    fn what_makes_no_sense_is_not_offered() {
        let has = |seen, stack: &[&str], key: &str| {
            entries(subject(seen, stack), true).iter().any(|(_, k, _)| *k == key)
        };
        assert!(has(Seen::Tree, &["f"], "F") && !has(Seen::Callees, &["f"], "F"));
        // The root is no function.
        assert!(!has(Seen::Tree, &[], "f") && has(Seen::Table, &[], "f"));
    }
}
