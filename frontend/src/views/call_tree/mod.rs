//! Call tree: an indented table in which nodes are expanded to their callees, of one profile or of a difference.
//!
//! The selected row is the one that the flame graph zooms to, so that both show the same place and a link keeps it. A match that the
//! search goes to is revealed.

mod columns;
mod expanded;
mod keyboard;
mod rows;

pub(super) use columns::{DIFFERENCE, PROFILE};

use super::derive::layout_order;
use super::menu::{Menus, Seen, Subject};
use super::picture::{Measure, Picture};
use crate::components::context_menu::MenuItem;
use crate::components::virtual_grid::{GridKey, MenuAnchor, VirtualGrid};
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect, list};
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use columns::{Column, Largest};
use expanded::Expanded;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::color::fill;
use flarepath_profile::tree_table::TreeRow;
use leptos::prelude::*;

/// State of the view. Copied freely.
#[derive(Clone, Copy)]
struct Tree {
    menus: Menus,
    columns: &'static [Column],
    grid: VirtualGrid,
    expanded: RwSignal<Expanded>,
    rows: Memo<Shared<Vec<TreeRow>>>,
    largest: Memo<Largest>,
    /// For each frame whether it is highlighted.
    found: Memo<Option<Shared<Vec<bool>>>>,
    /// The node that the URL names; `None` for the root.
    selected: Memo<Option<NodeId>>,
}

/// The call tree of a view, with these columns.
pub(super) fn call_tree(menus: Menus, columns: &'static [Column]) -> AnyView {
    let tree = Tree::new(menus, columns);
    tree.follow();
    let head = list(columns.iter().map(|column| {
        view! { <span role="columnheader" class=column.class()>{column.label()}</span> }.into_any()
    }));
    let head = view! {
        <span role="columnheader" class="tree-name">"Function"</span>
        {head}
        <span role="columnheader" class="tree-tools"><span class="visually-hidden">"Actions"</span></span>
    };
    let class =
        if columns == DIFFERENCE { "top-table tree-table of-difference" } else { "top-table tree-table" };
    let texts = ("Call tree", class, "No functions");
    let row = move |index: usize| tree.row(index);
    let on_key = move |index: usize, key: GridKey<'_>| tree.key(index, key);
    tree.grid.view(texts, head.into_any(), Box::new(row), Box::new(on_key))
}

impl Tree {
    #[inline(never)]
    fn new(menus: Menus, columns: &'static [Column]) -> Tree {
        let model = menus.model;
        let expanded = RwSignal::new(Expanded::default());
        let rows = Memo::new(move || Shared::new(expanded.with(Expanded::rows)));
        let largest = Memo::new(move || {
            model.picture.get().map_or_else(Largest::default, |picture| Largest::of(&picture))
        });
        let selected = Memo::new(move || {
            let path = model.view.with(|view| view.zoom.clone());
            model.picture.get()?.resolve(&path).filter(|node| *node != NodeId::ROOT)
        });
        Tree {
            menus,
            columns,
            grid: VirtualGrid::of_tree("calls", Signal::derive(move || rows.with(|rows| rows.len()))),
            expanded,
            rows,
            largest,
            found: model.marks_in(move || model.picture.get()),
            selected,
        }
    }

    /// Follows the tree, the location in the URL and the search.
    fn follow(self) {
        let model = self.menus.model;
        let order = Memo::new(move || layout_order(model.view.with(|view| view.order)));
        let location = Memo::new(move || model.view.with(|view| view.zoom.clone()));
        let mut shown = Vec::new();
        effect(move || {
            let Some(picture) = model.picture.get() else { return };
            let (order, path, selected) = (order.get(), location.get(), self.selected.get());
            self.expanded.update(|expanded| expanded.show(&picture, order));
            // Not again after each refresh: rows may have been scrolled or collapsed.
            if path != shown {
                shown = path;
                selected.into_iter().for_each(|node| self.reveal(node));
            }
        });
        let mut turn = model.matches.jump.get_untracked().map(|(turn, _)| turn);
        effect(move || {
            let Some((to, node)) = model.matches.jump.get() else { return };
            if turn.replace(to) != Some(to) {
                self.reveal(node);
            }
        });
    }

    fn picture(self) -> Option<Shared<Picture>> {
        self.expanded.with_untracked(|expanded| expanded.picture.clone())
    }

    fn measure(self) -> Measure {
        self.menus.model.measure.get()
    }

    fn index_of(self, node: NodeId) -> Option<usize> {
        self.rows.with_untracked(|rows| rows.iter().position(|row| row.node == node))
    }

    /// Expands the callers of a node and goes to its row.
    fn reveal(self, node: NodeId) {
        self.expanded.update(|expanded| expanded.reveal(node));
        self.index_of(node).into_iter().for_each(|row| self.grid.show(row));
    }

    /// Selects a node, as a click on its box in the flame graph does.
    fn select(self, node: NodeId) {
        let Some(picture) = self.picture() else { return };
        let path = picture.names(node);
        self.menus.model.change(HistoryMode::Push, |view| (view.zoom, view.window) = (path, None));
    }

    /// Whether a node is the selected one.
    fn selected_row(self, node: NodeId) -> Signal<bool> {
        Signal::derive(move || self.selected.get() == Some(node))
    }

    /// Expands the row at an index or collapses it.
    fn set(self, index: usize, node: NodeId, is_expanded: bool) {
        self.expanded.update(|expanded| expanded.set(node, is_expanded));
        self.grid.go(index);
    }

    fn expand_below(self, node: NodeId) {
        let mut is_complete = true;
        self.expanded.update(|expanded| is_complete = expanded.expand_below(node));
        let text =
            if is_complete { "" } else { "Only the largest are expanded: at most 2,000 rows at once." };
        self.menus.status.set(text.to_owned());
    }

    fn expand_hottest(self, node: NodeId) {
        let mut last = node;
        self.expanded.update(|expanded| last = expanded.expand_hottest(node, 0.0));
        self.reveal(last);
    }

    /// The colour of a node: that of its function, or of its change.
    fn colour(self, picture: &Picture, node: NodeId) -> String {
        match &picture.change_colours {
            Some(colours) => format!("var(--diff-{})", fill(colours[node.index()])),
            None => {
                let frame = picture.tree.frame(node).index();
                let colours = self.menus.model.colours.get();
                let bucket = colours.and_then(|colours| colours.get(frame).copied());
                format!("var(--flame-{})", bucket.unwrap_or(0))
            }
        }
    }

    fn subject(self, node: NodeId) -> Option<Subject> {
        let picture = self.picture()?;
        let stack = picture.names(node);
        Some(Subject::new(&picture.tree, picture.tree.frame(node), stack, Seen::Tree))
    }

    /// Runs the menu entry of a node that has this key.
    fn press(self, node: NodeId, key: char) {
        self.subject(node).into_iter().for_each(|subject| self.menus.press(subject, key));
    }

    fn menu(self, node: NodeId, (at, closed): MenuAnchor) {
        let Some(subject) = self.subject(node) else { return };
        let row = self.index_of(node).and_then(|row| self.rows.with_untracked(|rows| rows.get(row).copied()));
        let has_children = row.is_some_and(|row| row.expanded.is_some());
        let item = |label: &str, key, run: fn(Tree, NodeId)| MenuItem {
            label: label.to_owned(),
            key,
            run: Callback::new(move |()| run(self, node)),
        };
        let items = match has_children {
            true => vec![
                item("Expand hottest path", "e", Tree::expand_hottest),
                item("Expand all below", "*", Tree::expand_below),
                item("Collapse all below", "", |tree, node| {
                    tree.expanded.update(|expanded| expanded.collapse_below(node));
                }),
            ],
            false => Vec::new(),
        };
        self.menus.open_with(items, subject, at, closed);
    }
}
