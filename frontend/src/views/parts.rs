//! The parts of the views that the first program leaves out. Where one of them is needed, the full program takes over. See
//! docs/decisions/0009-two-programs.md.

use super::flame::graph::Flame;
use super::function_panel::source::Source;
use super::menu::Menus;
use super::model::Model;
use super::timeline::markers::Markers;
use super::top_table::Table;
use leptos::html::Input;
use leptos::prelude::{AnyView, NodeRef, use_context};

/// In the context of the whole app. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// The View menu; takes the search field.
    pub(crate) view_menu: fn(Menus, NodeRef<Input>) -> AnyView,
    /// The transforms and the highlighted function, each with a button that removes it.
    pub(crate) chips: fn(Model) -> AnyView,
    /// Does what is asked of the menus of functions.
    pub(crate) function_menu: fn(Menus) -> AnyView,
    /// The call tree as a table.
    pub(crate) call_tree: Option<fn(Menus) -> AnyView>,
    /// The sandwich view.
    pub(crate) sandwich: Option<fn(Menus, Flame, Table) -> AnyView>,
    /// The details of the function that the view names.
    pub(crate) function_panel: Option<fn(Model, Source) -> AnyView>,
    /// Does what is asked of markers on timelines.
    pub(crate) markers: fn(Markers) -> AnyView,
    /// Stands in for a missing part, and has the full program take over.
    pub(crate) missing: fn() -> AnyView,
}

impl Parts {
    /// The parts of the program that runs.
    pub(crate) fn of_program() -> Option<Parts> {
        use_context()
    }

    pub(super) fn call_tree(self, menus: Menus) -> AnyView {
        self.call_tree.map_or_else(self.missing, |show| show(menus))
    }

    pub(super) fn sandwich(self, menus: Menus, flame: Flame, table: Table) -> AnyView {
        self.sandwich.map_or_else(self.missing, |show| show(menus, flame, table))
    }

    pub(super) fn function_panel(self, model: Model, source: Source) -> AnyView {
        self.function_panel.map_or_else(self.missing, |show| show(model, source))
    }
}
