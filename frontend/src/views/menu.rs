//! Context menu of a function: its entries, and their keys.

use super::model::Model;
use crate::browser::clipboard;
use crate::components::context_menu::{MenuItem, OpenMenu};
use crate::reactive::{Callback, RwSignal};
use crate::state::transform::{Kind, Transform};
use crate::state::view::{HistoryMode, Mode};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::package::package;

/// The view in which the function was selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// The whole tree.
    Tree,
    /// The callees of a sandwich, which share the zoom of the whole tree.
    Callees,
    /// The callers of a sandwich.
    Callers,
    Table,
}

/// The function that a menu is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    name: String,
    /// Its package; empty if none.
    package: String,
    /// Its stack, outermost function first; empty in a table and for the root.
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
enum Command {
    Zoom(Vec<String>),
    Transform(Transform),
    Sandwich(String),
    Details(String),
    Mark(String),
    Copy(String),
}

/// An entry: its label, its key, what it does.
type Entry = (&'static str, &'static str, Command);

fn entries(subject: Subject, sandwich: bool) -> Vec<Entry> {
    let Subject { name, package, stack, seen } = subject;
    let mut entries: Vec<Entry> = Vec::new();
    let root = stack.is_empty() && seen != Seen::Table;
    if matches!(seen, Seen::Tree | Seen::Callees) {
        entries.push(("Zoom here", "", Command::Zoom(stack.clone())));
    }
    if !root {
        let step = |kind| Command::Transform(Transform::of(kind, name.clone()));
        if sandwich {
            entries.push(("Function details", "o", Command::Details(name.clone())));
            entries.push(("Sandwich view", "s", Command::Sandwich(name.clone())));
        }
        entries.push(("Highlight everywhere", "", Command::Mark(name.clone())));
        entries.push(("Focus on function", "f", step(Kind::Focus)));
        if seen == Seen::Tree {
            let path = Transform { kind: Kind::Path, about: stack.clone() };
            entries.push(("Focus on subtree only", "F", Command::Transform(path)));
        }
        entries.push(("Merge into caller", "h", step(Kind::Merge)));
        entries.push(("Drop stacks with this function", "x", step(Kind::Drop)));
        entries.push(("Collapse recursion", "c", step(Kind::Recursion)));
        if !package.is_empty() {
            entries.push((
                "Collapse package",
                "p",
                Command::Transform(Transform::of(Kind::Package, package)),
            ));
        }
    }
    entries.push(("Copy name", "", Command::Copy(name)));
    if !stack.is_empty() {
        entries.push(("Copy stack", "", Command::Copy(stack.join("\n"))));
    }
    entries
}

/// The menus of one profile view. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Menus {
    pub(super) model: Model,
    /// The open menu.
    pub(super) open: RwSignal<Option<OpenMenu>>,
    /// Result of the last command, for screen readers.
    pub(super) status: RwSignal<String>,
}

impl Menus {
    /// No menu is open.
    pub(super) fn new(model: Model) -> Menus {
        Menus { model, open: RwSignal::new(None), status: RwSignal::new(String::new()) }
    }

    /// Opens the menu of `subject` at a point of the window.
    pub(super) fn open(self, subject: Subject, at: (f64, f64), closed: Callback<()>) {
        self.open_with(Vec::new(), subject, at, closed);
    }

    /// The same, with entries of the view before those of the function.
    pub(super) fn open_with(
        self,
        mut items: Vec<MenuItem>,
        subject: Subject,
        (x, y): (f64, f64),
        closed: Callback<()>,
    ) {
        let title = subject.name.clone();
        let item = |(label, key, command): Entry| {
            let run = Callback::new(move |()| self.run(command.clone()));
            MenuItem { label: label.to_owned(), key, run }
        };
        items.extend(self.entries(subject).into_iter().map(item));
        self.open.set(Some(OpenMenu { x, y, title, items, closed }));
    }

    /// Runs the entry of `subject` that has a key, if there is one.
    pub(super) fn press(self, subject: Subject, key: char) {
        let entry = self.entries(subject).into_iter().find(|(_, k, _)| k.starts_with(key));
        if let Some((_, _, command)) = entry {
            self.run(command);
        }
    }

    fn entries(self, subject: Subject) -> Vec<Entry> {
        entries(subject, self.model.trees.diff.get_untracked().is_none())
    }

    fn run(self, command: Command) {
        let model = self.model;
        match command {
            Command::Zoom(path) => {
                model.change(HistoryMode::Push, |v| (v.zoom, v.window) = (path, None));
            }
            Command::Transform(step) => model.transform(step),
            Command::Sandwich(function) => open_sandwich(model, function),
            Command::Details(function) => model.change(HistoryMode::Push, |v| v.details = Some(function)),
            Command::Mark(function) => model.marked.set(Some(function)),
            Command::Copy(text) => copy(self.status, text),
        }
    }
}

/// Opens the sandwich view of a function.
pub(super) fn open_sandwich(model: Model, function: String) {
    model.reshape(|v| {
        v.mode = Some(Mode::Sandwich);
        v.function = Some(function);
    });
}

/// Copies a text to the clipboard and puts the result into `status`.
pub(crate) fn copy(status: RwSignal<String>, text: String) {
    clipboard::copy(text, move |copied| {
        status.set(if copied { "Copied." } else { "Clipboard access denied." }.to_owned());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::menu_key::key_of;

    fn subject(seen: Seen, stack: &[&str]) -> Subject {
        let stack: Vec<String> = stack.iter().map(|s| (*s).to_owned()).collect();
        Subject { name: "f".into(), package: "p".into(), stack, seen }
    }

    #[test]
    fn keys_of_entries_are_distinct() {
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
    fn offers_only_entries_that_apply() {
        let has = |seen, stack: &[&str], key: &str| {
            entries(subject(seen, stack), true).iter().any(|(_, k, _)| *k == key)
        };
        assert!(has(Seen::Tree, &["f"], "F") && !has(Seen::Callees, &["f"], "F"));
        // The root is not a function.
        assert!(!has(Seen::Tree, &[], "f") && has(Seen::Table, &[], "f"));
    }
}
