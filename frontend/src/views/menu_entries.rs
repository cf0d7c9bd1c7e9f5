//! The menu of a function: its entries, and their keys.

use super::flame::graph::MenuRequestKind;
use super::menu::{Menus, Seen, Subject, copy, open_sandwich};
use super::menu_request::asked_in;
use crate::browser::focus;
use crate::components::context_menu::{ContextMenu, MenuItem, OpenMenu};
use crate::context::pending_action::PendingViewRequest;
use crate::reactive::{Callback, effect};
use crate::state::transform::{Kind, Transform};
use crate::state::view::HistoryMode;
use flarepath_profile::frame_table::FrameText;
use flarepath_profile::package::package;
use leptos::prelude::*;

/// Shows the menus of a view, and does what is asked of them; first what was asked before the full program took over.
pub(crate) fn function_menu(menus: Menus) -> AnyView {
    let component = Owner::current();
    // Of the callbacks of the open menu: those that this effect owns end when it runs again, which is at once.
    let mut menu = None;
    effect(move || {
        let Some((subject, kind)) = menus.asked.get() else { return };
        menus.asked.set(None);
        let owner = component.as_ref().map(Owner::child).unwrap_or_default();
        owner.with(|| match kind {
            MenuRequestKind::Open { at, closed } => menus.open_with(Vec::new(), subject, at, closed),
            MenuRequestKind::Key(key) => menus.run_entry(subject, key),
        });
        menu.replace(owner);
    });
    let before =
        use_context::<PendingViewRequest>().and_then(|asked| asked.take(|text| asked_in(text, focus_view)));
    before.into_iter().for_each(|(subject, kind)| menus.ask(subject, kind));
    view! { <ContextMenu menu=menus.open /> }.into_any()
}

/// Gives the focus to the view that a menu was opened from in the first program.
fn focus_view(seen: Seen) -> Callback<()> {
    let selector =
        if seen == Seen::Table { ".profile-view [role=grid]" } else { ".profile-view [role=tree]" };
    Callback::new(move |()| focus::soon(selector))
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

impl Subject {
    /// Its package; empty if none.
    fn package(&self) -> &str {
        let Subject { name, file, mapping, symbolized, .. } = self;
        package(FrameText { name, file, mapping, symbolized: *symbolized, line: 0 })
    }
}

fn entries(subject: Subject, sandwich: bool) -> Vec<Entry> {
    let package = subject.package().to_owned();
    let Subject { name, stack, seen, .. } = subject;
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

impl Menus {
    /// Opens the menu of `subject` at a point of the window, with entries of the view before those of the function.
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

    fn run_entry(self, subject: Subject, key: char) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::menu_key::key_of;

    fn subject(seen: Seen, stack: &[&str]) -> Subject {
        let stack: Vec<String> = stack.iter().map(|s| (*s).to_owned()).collect();
        let (file, mapping) = (String::new(), String::new());
        Subject { name: "p::f".into(), file, mapping, symbolized: true, stack, seen }
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
