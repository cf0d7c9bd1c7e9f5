//! The table of functions with their costs in baseline and comparison.

use super::Comparison;
use crate::components::virtual_grid::{GridKey, MenuAnchor, VirtualGrid, column_head};
use crate::reactive::{Callback, Signal, list};
use crate::state::compare::COLUMNS;
use crate::state::identity::Shared;
use crate::views::change_text::{delta, word};
use crate::views::derive;
use crate::views::menu::{Menus, Seen, Subject, key_of};
use crate::views::top_table::swatch_and_name;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::diff::{DiffTree, color};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

/// What the table shows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(super) comparison: Comparison,
    pub(super) rows: Signal<Shared<Vec<DiffRow>>>,
    pub(super) menus: Menus,
}

impl Table {
    fn subject(self, frame: FrameId) -> Option<Subject> {
        let tree = self.comparison.model.trees.get_untracked()?;
        Some(Subject::new(&tree, frame, Vec::new(), Seen::Table))
    }

    fn menu(self, frame: FrameId, (at, closed): MenuAnchor) {
        self.subject(frame).into_iter().for_each(|subject| self.menus.open(subject, at, closed));
    }

    fn mark(self, frame: FrameId) {
        let both = self.comparison.model.trees.diff.get_untracked().and_then(Result::ok);
        let name = both.map(|both| both.frames().name(frame).to_owned());
        self.comparison.model.marked.update(|m| *m = if *m == name { None } else { name });
    }
}

/// Draws the table.
#[component]
pub(crate) fn DiffTable(table: Table) -> impl IntoView {
    let grid = VirtualGrid::new("diff", Signal::derive(move || table.rows.with(|r| r.len())));
    let row = move |index: usize| {
        let both = table.comparison.model.trees.diff.get()?.ok()?;
        Some(function_row(table, grid, index, table.rows.with(|r| r.get(index).copied())?, &both))
    };
    let on_key = move |index: usize, key: GridKey<'_>| {
        let Some(frame) = table.rows.with_untracked(|r| r.get(index).map(|r| r.frame)) else { return false };
        match key {
            GridKey::Choose => table.mark(frame),
            GridKey::Menu(anchor) => table.menu(frame, anchor),
            GridKey::Other(key) => match key_of(key).zip(table.subject(frame)) {
                Some((key, subject)) => table.menus.press(subject, key),
                None => return false,
            },
        }
        true
    };
    let head = COLUMNS.map(|(_, label, column)| sort_head(table, column, label));
    let texts = ("Functions", "top-table diff-table", "No matching functions");
    grid.view(texts, list(head), Box::new(row), Box::new(on_key))
}

fn class(column: DiffColumn) -> &'static str {
    match column {
        DiffColumn::Name => "top-name",
        DiffColumn::Delta(_) => "top-cost",
        DiffColumn::Cost(..) => "top-cost side-cost",
    }
}

fn sort_head(table: Table, column: DiffColumn, label: &'static str) -> AnyView {
    let ascending = Signal::derive(move || {
        let (by, reversed) = table.comparison.view.with(|v| (v.sort, v.sort_reversed));
        (by == column).then_some((column == DiffColumn::Name) != reversed)
    });
    let sort = Callback::new(move |()| {
        table.comparison.change(|v| {
            v.sort_reversed = v.sort == column && !v.sort_reversed;
            v.sort = column;
        });
    });
    column_head(label, class(column), ascending, sort)
}

fn function_row(table: Table, grid: VirtualGrid, index: usize, row: DiffRow, both: &DiffTree) -> AnyView {
    let (measure, scaling) = (table.comparison.model.measure.get(), table.comparison.scaling.get());
    let scale = derive::scale(both, scaling);
    let (frame, whole) = (row.frame, both.total(NodeId::ROOT));
    let (name, file) = (both.frames().name(frame).to_owned(), both.frames().file(frame));
    let change = word(row.change(Cost::Total, &scale));
    let swatch = format!("var(--diff-{})", color::color(&scale, row.total, row.presence));
    let cell = |column: DiffColumn| match column {
        DiffColumn::Name => {
            let swatch = swatch.clone();
            view! {
                <span role="gridcell" class="top-name" title=format!("{name}\n{file}\n{change}")>
                    {swatch_and_name(&name, move || swatch.clone())}
                    <span class="diff-word">{if matches!(change, "new" | "gone") { change } else { "" }}</span>
                </span>
            }
            .into_any()
        }
        DiffColumn::Delta(cost) => {
            let text = delta(&measure, &scale, row.cost(cost));
            view! { <span role="gridcell" class=class(column)>{text}</span> }.into_any()
        }
        DiffColumn::Cost(side, cost) => {
            let value = row.cost(cost).of(side);
            view! {
                <span role="gridcell" class=class(column)>
                    <span class="top-value">{measure.value(value)}</span>
                    <span class="top-share">{measure.share(value, whole.of(side))}</span>
                </span>
            }
            .into_any()
        }
    };
    let cells = list(COLUMNS.map(|(_, _, column)| cell(column)));
    let marked = Signal::derive(move || table.comparison.model.marked.with(|m| m.as_deref() == Some(&name)));
    let choose = Callback::new(move |()| table.mark(frame));
    grid.row(index, marked, choose, Callback::new(move |anchor| table.menu(frame, anchor)), cells)
}
