//! Menus of functions, in any view of a profile: requests to them. Their entries are in [`super::menu_entries`].

use super::flame::graph::MenuRequestKind;
use super::model::Model;
use crate::browser::clipboard;
use crate::components::context_menu::OpenMenu;
use crate::reactive::{Callback, RwSignal};
use crate::state::view::Mode;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::frame_table::FrameId;

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
    pub(super) name: String,
    /// What tells its package: the file of its source, that of its binary, and whether the name is of a symbol.
    pub(super) file: String,
    pub(super) mapping: String,
    pub(super) symbolized: bool,
    /// Its stack, outermost function first; empty in a table and for the root.
    pub(super) stack: Vec<String>,
    pub(super) seen: Seen,
}

impl Subject {
    /// A function of `tree` at the end of `stack`.
    pub(super) fn new(tree: &CallTree, frame: FrameId, stack: Vec<String>, seen: Seen) -> Subject {
        let text = tree.frames().text(frame);
        Subject {
            name: text.name.to_owned(),
            file: text.file.to_owned(),
            mapping: text.mapping.to_owned(),
            symbolized: text.symbolized,
            stack,
            seen,
        }
    }
}

/// The menus of one profile view. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Menus {
    pub(super) model: Model,
    /// What was asked last, until it is done.
    pub(super) asked: RwSignal<Option<(Subject, MenuRequestKind)>>,
    /// The open menu.
    pub(super) open: RwSignal<Option<OpenMenu>>,
    /// Result of the last command, for screen readers.
    pub(super) status: RwSignal<String>,
}

impl Menus {
    /// No menu is open.
    pub(super) fn new(model: Model) -> Menus {
        let (asked, open) = (RwSignal::new(None), RwSignal::new(None));
        Menus { model, asked, open, status: RwSignal::new(String::new()) }
    }

    /// Opens the menu of `subject` at a point of the window.
    pub(super) fn open(self, subject: Subject, at: (f64, f64), closed: Callback<()>) {
        self.ask(subject, MenuRequestKind::Open { at, closed });
    }

    /// Runs the entry of `subject` that has a key, if there is one.
    pub(super) fn press(self, subject: Subject, key: char) {
        self.ask(subject, MenuRequestKind::Key(key));
    }

    pub(super) fn ask(self, subject: Subject, kind: MenuRequestKind) {
        self.asked.set(Some((subject, kind)));
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
