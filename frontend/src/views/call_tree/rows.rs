//! Cells of the rows of a call tree.

use super::Tree;
use super::columns::Column;
use crate::browser::event::MouseEvent;
use crate::components::virtual_grid::MenuAnchor;
use crate::reactive::{Callback, handler, list};
use crate::state::identity::Shared;
use crate::views::change_text::{self, NONE};
use crate::views::picture::{Changes, Measure, Picture};
use crate::views::top_table::swatch_and_name;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::diff::{Pair, Side};
use flarepath_profile::top_table::Cost;
use flarepath_profile::tree_table::TreeRow;
use leptos::prelude::*;

/// Indentation of a level in CSS pixels, and of those below a depth at which names would have no room.
const STEP: u32 = 14;
const DEEP: u32 = 20;
const DEEP_STEP: u32 = 4;

impl Tree {
    /// The row at an index.
    pub(super) fn row(self, index: usize) -> Option<AnyView> {
        let picture = self.expanded.with(|expanded| expanded.picture.clone())?;
        let row = self.rows.with(|rows| rows.get(index).copied())?;
        let node = row.node;
        let cells = Cells { tree: self, picture: &picture, row, measure: self.measure() };
        let on_menu = Callback::new(move |anchor| self.menu(node, anchor));
        let marked = self.selected_row(node);
        let cells = cells.all(index, on_menu);
        Some(self.grid.row_in(
            (index, Some(row)),
            marked,
            Callback::new(move |()| self.select(node)),
            on_menu,
            cells,
        ))
    }
}

/// The cells of a row.
struct Cells<'a> {
    tree: Tree,
    picture: &'a Shared<Picture>,
    row: TreeRow,
    measure: Measure,
}

impl Cells<'_> {
    fn all(&self, index: usize, on_menu: Callback<MenuAnchor>) -> AnyView {
        let name = self.name();
        let numbers = list(self.tree.columns.iter().map(|column| self.cell(*column)));
        view! {
            {self.function(index)}
            {numbers}
            <span role="gridcell" class="tree-tools">
                <button type="button" tabindex="-1" aria-label=format!("Menu of {name}") title="Menu"
                    on:click=self.tree.grid.menu_handler(index, on_menu)>"⋯"</button>
            </span>
        }
        .into_any()
    }

    fn name(&self) -> &str {
        self.picture.tree.name(self.row.node)
    }

    fn is_merged(&self) -> bool {
        is_placeholder(self.name())
    }

    /// The function's name, indented, behind what expands it.
    fn function(&self, index: usize) -> AnyView {
        let (tree, node, picture) = (self.tree, self.row.node, self.picture.clone());
        let (name, file) = (self.name().to_owned(), picture.tree.frames().file(picture.tree.frame(node)));
        let title = if file.is_empty() { name.clone() } else { format!("{name}\n{file}") };
        let frame = picture.tree.frame(node);
        let found =
            move || tree.found.with(|found| found.as_ref().and_then(|f| f.get(frame.index()).copied()));
        let class = if self.is_merged() { "tree-name is-merged" } else { "tree-name" };
        let colour = {
            let picture = picture.clone();
            move || tree.colour(&picture, node)
        };
        view! {
            <span role="gridcell" class=class class:found=move || found() == Some(true) title=title
                style:padding-left=format!("min({}px, 50%)", indentation(self.row.level))>
                {self.toggle(index, &name)}
                {swatch_and_name(&name, colour)}
                <span class="tree-note">{self.note()}</span>
            </span>
        }
        .into_any()
    }

    /// Expands the row or collapses it; a gap in a row without children.
    fn toggle(&self, index: usize, name: &str) -> AnyView {
        let (tree, node) = (self.tree, self.row.node);
        let Some(is_expanded) = self.row.expanded else {
            return view! { <span class="tree-toggle"></span> }.into_any();
        };
        let run = move |event: MouseEvent| {
            event.stop_propagation();
            tree.set(index, node, !is_expanded);
        };
        let (label, sign) = if is_expanded { ("Collapse", "▾") } else { ("Expand", "▸") };
        view! {
            <button type="button" tabindex="-1" class="tree-toggle" aria-label=format!("{label} {name}")
                on:click=handler(run)>{sign}</button>
        }
        .into_any()
    }

    /// What became of the function in a difference, and what merged functions are.
    fn note(&self) -> &'static str {
        let change = self.picture.changes.as_ref().filter(|_| self.row.node != NodeId::ROOT);
        match change {
            _ if self.is_merged() => "merged for privacy",
            Some(Changes { both, scales, .. }) => {
                let node = self.row.node;
                let word = change_text::change_word(scales, both.total(node), both.presence(node));
                word.filter(|word| matches!(*word, "new" | "gone")).unwrap_or_default()
            }
            None => "",
        }
    }

    fn cell(&self, column: Column) -> AnyView {
        let (value, share) = match (column, &self.picture.changes) {
            (Column::Cost(cost), _) => (self.cost(cost), String::new()),
            (Column::Share, _) => return self.share(column),
            (Column::Delta(cost), Some(changes)) => self.delta(changes, cost),
            (Column::Total(side), Some(changes)) => self.total(changes, side),
            (Column::Delta(_) | Column::Total(_), None) => Default::default(),
        };
        view! {
            <span role="gridcell" class=column.class()><span class="tree-value">{value}</span><span class="tree-part">{share}</span></span>
        }
        .into_any()
    }

    fn cost(&self, cost: Cost) -> String {
        let (tree, node) = (&self.picture.tree, self.row.node);
        let value = if cost == Cost::Total { tree.total(node) } else { tree.self_value(node) };
        self.measure.scale(self.tree.largest.get().cost(cost)).text(value as f64)
    }

    /// The share of the total, as text and as a bar.
    fn share(&self, column: Column) -> AnyView {
        let tree = &self.picture.tree;
        let (total, whole) = (tree.total(self.row.node), tree.total(NodeId::ROOT));
        let width = if whole > 0 { (total as f64 / whole as f64 * 100.0).clamp(0.0, 100.0) } else { 0.0 };
        view! {
            <span role="gridcell" class=column.class()>
                <span class="tree-bar" style:width=format!("{width:.2}%")></span>
                <span class="tree-value">{self.measure.share(total, whole)}</span>
            </span>
        }
        .into_any()
    }

    /// Comparison minus baseline: as an amount, unless amounts are not subtracted, and in percentage points.
    fn delta(&self, changes: &Changes, cost: Cost) -> (String, String) {
        if self.is_merged() {
            return (NONE.to_owned(), String::new());
        }
        let pair = self.pair(changes, cost);
        let like = self.tree.largest.get().delta(cost);
        let points = change_text::points(&changes.scales, pair);
        match change_text::difference_like(&self.measure, &changes.scales, pair, like) {
            Some(amount) if amount == NONE && points == NONE => (amount, String::new()),
            Some(amount) => (amount, points),
            None => (points, String::new()),
        }
    }

    fn total(&self, changes: &Changes, side: Side) -> (String, String) {
        let value = self.pair(changes, Cost::Total).of(side);
        let like = self.tree.largest.get().total();
        let text = change_text::cost_like(&self.measure, &changes.scales, side, value, like);
        let whole = changes.both.total(NodeId::ROOT).of(side);
        let share = if value == 0 { String::new() } else { self.measure.share(value, whole) };
        (text, share)
    }

    fn pair(&self, changes: &Changes, cost: Cost) -> Pair {
        let node = self.row.node;
        if cost == Cost::Total { changes.both.total(node) } else { changes.both.self_value(node) }
    }
}

/// Of a level, in CSS pixels.
fn indentation(level: u32) -> u32 {
    let below_root = level - 1;
    below_root.min(DEEP) * STEP + below_root.saturating_sub(DEEP) * DEEP_STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_levels_are_indented_less() {
        assert_eq!([1, 2, 21, 22, 121].map(indentation), [0, 14, 280, 284, 680]);
    }
}
