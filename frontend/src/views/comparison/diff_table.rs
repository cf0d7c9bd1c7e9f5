//! The table of functions with their costs in baseline and comparison.
//!
//! Without a chosen column, functions are in the order of what explains the change, with library code folded below the function
//! that own code calls. All amounts of the table have one unit.
//!
//! The column of parts of the change goes back to that order. Where no function has a part, there is no such column, and another press
//! on the column that is sorted by does it.

use super::cells::{Cells, class};
use super::sparks::Sparks;
use super::table::Table;
use crate::components::virtual_grid::{GridKey, VirtualGrid, column_head};
use crate::reactive::{Callback, Signal, list, shown};
use crate::state::compare::COLUMNS;
use crate::state::terms;
use crate::views::menu_key::key_of;
use crate::views::scales::scales;
use flarepath_profile::diff::DiffTree;
use flarepath_profile::diff::rank::RankedRow;
use flarepath_profile::diff::table::DiffColumn;
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

/// Draws the table.
#[component]
pub(crate) fn DiffTable(table: Table) -> impl IntoView {
    let grid = VirtualGrid::new("diff", Signal::derive(move || table.rows.with(|r| r.len())));
    let sparks = table.sparks(grid);
    let row = move |index: usize| {
        let both = table.comparison.model.trees.diff.get()?.ok()?;
        let ranked = table.rows.with(|r| r.get(index).copied())?;
        Some(function_row((table, sparks), grid, index, ranked, &both))
    };
    let on_key = move |index: usize, key: GridKey<'_>| {
        let Some(row) = table.rows.with_untracked(|r| r.get(index).copied()) else { return false };
        let frame = row.row.frame;
        match key {
            GridKey::Other(arrow @ ("ArrowRight" | "ArrowLeft")) if row.folded > 0 => {
                table.unfold(frame, arrow == "ArrowRight");
            }
            GridKey::Choose => table.mark(frame),
            GridKey::Menu(anchor) => table.menu(frame, anchor),
            GridKey::Other(key) => match key_of(key).zip(table.subject(frame)) {
                Some((key, subject)) => table.menus.press(subject, key),
                None => return false,
            },
        }
        true
    };
    let head = COLUMNS.into_iter().flat_map(|(_, label, column)| {
        let is_last_change = column == DiffColumn::Delta(Cost::Total);
        let has_parts = move || table.comparison.has_parts.get();
        let part = is_last_change.then(|| shown(has_parts, move || cause_head(table)));
        let spark = sparks
            .filter(|_| is_last_change)
            .map(|_| view! { <span role="columnheader" class="change-spark">"Over time"</span> }.into_any());
        [Some(sort_head(table, column, label)), part, spark].into_iter().flatten()
    });
    let look = if sparks.is_some() { "top-table diff-table with-sparks" } else { "top-table diff-table" };
    let texts = ("Functions", look, "No matching functions");
    grid.view(texts, list(head), Box::new(row), Box::new(on_key))
}

fn meaning(column: DiffColumn) -> &'static str {
    match column {
        DiffColumn::Name => "",
        DiffColumn::Delta(Cost::SelfValue) => terms::DELTA_SELF,
        DiffColumn::Delta(Cost::Total) => terms::DELTA_TOTAL,
        DiffColumn::Cost(_, Cost::SelfValue) => terms::SELF,
        DiffColumn::Cost(_, Cost::Total) => terms::TOTAL,
    }
}

fn sort_head(table: Table, column: DiffColumn, label: &'static str) -> AnyView {
    let ascending = Signal::derive(move || {
        let (by, reversed) = table.comparison.view.with(|v| (v.sort, v.sort_reversed));
        (by == Some(column)).then_some((column == DiffColumn::Name) != reversed)
    });
    let sort = Callback::new(move |()| {
        let has_parts = table.comparison.has_parts.get_untracked();
        table.comparison.change(|v| {
            (v.sort, v.sort_reversed) = sort_after((v.sort, v.sort_reversed), column, has_parts);
        });
    });
    column_head((label, meaning(column)), class(column), ascending, sort)
}

/// The order after a press on the head of `column`, and whether it is reversed; `None` is the order of causes.
fn sort_after(
    (by, reversed): (Option<DiffColumn>, bool),
    column: DiffColumn,
    has_parts: bool,
) -> (Option<DiffColumn>, bool) {
    match by == Some(column) {
        false => (Some(column), false),
        true if reversed && !has_parts => (None, false),
        true => (Some(column), !reversed),
    }
}

/// The head of the part of the change: goes back to the order of causes.
fn cause_head(table: Table) -> AnyView {
    let ascending = Signal::derive(move || table.comparison.view.with(|v| v.sort.is_none().then_some(false)));
    let sort = Callback::new(move |()| {
        table.comparison.change(|v| (v.sort, v.sort_reversed) = (None, false));
    });
    column_head(("Of the change", terms::PART_OF_CHANGE), "top-cost change-part", ascending, sort)
}

fn function_row(
    (table, sparks): (Table, Option<Sparks>),
    grid: VirtualGrid,
    index: usize,
    ranked: RankedRow,
    both: &DiffTree,
) -> AnyView {
    let frame = ranked.row.frame;
    let name = both.frames().name(frame).to_owned();
    let (largest, has_parts) = (table.largest.get(), table.comparison.has_parts.get());
    let cells = Cells {
        table,
        ranked,
        both,
        measure: table.comparison.model.measure.get(),
        scales: scales(both, table.comparison.scaling.get()),
        largest: if grid.has_two_lines() { largest.unaligned() } else { largest },
    };
    let cells = list(COLUMNS.into_iter().flat_map(|(_, _, column)| {
        let is_last_change = column == DiffColumn::Delta(Cost::Total);
        let part = (is_last_change && has_parts).then(|| cells.part());
        let spark = sparks.filter(|_| is_last_change).map(|sparks| cells.spark(sparks));
        [Some(cells.of(column)), part, spark].into_iter().flatten()
    }));
    let marked = Signal::derive(move || table.comparison.model.marked.with(|m| m.as_deref() == Some(&name)));
    let choose = Callback::new(move |()| table.mark(frame));
    grid.row(index, marked, choose, Callback::new(move |anchor| table.menu(frame, anchor)), cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_on_a_head_lead_back_to_the_causes_where_no_other_head_does() {
        let (total, own) = (DiffColumn::Delta(Cost::Total), DiffColumn::Delta(Cost::SelfValue));
        let press = |has_parts| {
            let next = |now: &(Option<DiffColumn>, bool)| Some(sort_after(*now, total, has_parts));
            std::iter::successors(Some((None, false)), next).skip(1).take(3).collect::<Vec<_>>()
        };
        assert_eq!(press(true), [(Some(total), false), (Some(total), true), (Some(total), false)]);
        assert_eq!(press(false), [(Some(total), false), (Some(total), true), (None, false)]);
        assert_eq!(sort_after((Some(own), true), total, false), (Some(total), false));
    }
}
