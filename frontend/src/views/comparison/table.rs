//! The table of functions with their costs in baseline and comparison.
//!
//! Without a chosen column, functions are in the order of what explains the change, with library code folded below the function
//! that own code calls. All amounts of the table have one unit.

use super::Comparison;
use super::sparks::Sparks;
use crate::browser::event::MouseEvent;
use crate::components::virtual_grid::{GridKey, MenuAnchor, VirtualGrid, column_head};
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::compare::{COLUMNS, FILTERS};
use crate::state::identity::Shared;
use crate::state::terms;
use crate::views::change_text::{self, Like, NONE};
use crate::views::menu::{Menus, Seen, Subject};
use crate::views::menu_key::key_of;
use crate::views::picture::Measure;
use crate::views::scales::{Scales, Scaling, scales};
use crate::views::top_table::swatch_and_name;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::rank::{RankedRow, is_placeholder};
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::diff::{DiffTree, Scale, Side, color};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

/// What the table shows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(super) comparison: Comparison,
    /// Those on screen: without the folded ones.
    pub(super) rows: Signal<Shared<Vec<RankedRow>>>,
    /// The largest amounts.
    pub(super) largest: Memo<Largest>,
    /// Names of the functions below which others are unfolded.
    pub(super) open: RwSignal<Vec<String>>,
    /// How many functions are of each kind.
    pub(super) counts: Memo<[usize; FILTERS.len()]>,
    /// How many rows are left out until all are asked for.
    pub(super) left_out: Memo<usize>,
    /// How many there are with those.
    pub(super) all_rows: Memo<usize>,
    pub(super) whole: RwSignal<bool>,
    pub(super) menus: Menus,
}

/// The largest amounts. That of all decides the unit of the table; that of a column, its digits, and the smallest one, the place of its point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Largest {
    all: f64,
    /// Changes of self and total.
    delta: [f64; 2],
    /// Costs of self and total, of both sides.
    cost: [f64; 2],
    /// The smallest changes but zero, of self and total.
    least_delta: [f64; 2],
    /// The smallest costs.
    least_cost: [f64; 2],
}

/// The smaller one of what is not zero.
fn least(of: f64, other: f64) -> f64 {
    let (of, other) = (of.abs(), other.abs());
    if of == 0.0 || other == 0.0 { of.max(other) } else { of.min(other) }
}

impl Largest {
    /// Of these rows. Merged functions count: their numbers are on screen, too.
    pub(super) fn of(rows: &[RankedRow], both: &DiffTree, scaling: Scaling) -> Largest {
        let scale = scales(both, scaling).amounts.unwrap_or_else(Scale::absolute);
        let mut largest = Largest::default();
        for row in rows {
            for (at, cost) in [Cost::SelfValue, Cost::Total].into_iter().enumerate() {
                let pair = row.row.cost(cost);
                largest.all = largest.all.max(change_text::largest(&scale, [pair]));
                let delta = scale.delta(pair);
                largest.delta[at] = largest.delta[at].max(delta.abs());
                largest.least_delta[at] = least(largest.least_delta[at], delta);
                for side in Side::BOTH {
                    let cost = scale.value(side, pair.of(side));
                    largest.cost[at] = largest.cost[at].max(cost.abs());
                    largest.least_cost[at] = least(largest.least_cost[at], cost);
                }
            }
        }
        largest
    }

    /// The same for rows of two lines, in which no points are below each other.
    fn unaligned(self) -> Largest {
        Largest { least_delta: [0.0; 2], least_cost: [0.0; 2], ..self }
    }

    /// What decides how amounts of a column are written; `columns` are the largest and the smallest ones of self and total.
    fn like(&self, [most, least]: [[f64; 2]; 2], cost: Cost) -> Like {
        let at = usize::from(cost == Cost::Total);
        Like { most: self.all, column: most[at], least: least[at] }
    }
}

impl Table {
    fn subject(self, frame: FrameId) -> Option<Subject> {
        let tree = self.comparison.model.trees.get_untracked()?;
        Some(Subject::new(&tree, frame, Vec::new(), Seen::Table))
    }

    fn menu(self, frame: FrameId, (at, closed): MenuAnchor) {
        self.subject(frame).into_iter().for_each(|subject| self.menus.open(subject, at, closed));
    }

    fn name(self, frame: FrameId) -> Option<String> {
        let both = self.comparison.model.trees.diff.get_untracked().and_then(Result::ok)?;
        Some(both.frames().name(frame).to_owned())
    }

    fn mark(self, frame: FrameId) {
        let name = self.name(frame);
        self.comparison.model.marked.update(|m| *m = if *m == name { None } else { name });
    }

    /// Whether the table is of a part of the profiles.
    fn is_transformed(self) -> bool {
        self.comparison.model.view.with(|v| !v.transforms.is_empty())
    }

    /// The sparklines of the functions in sight, where there is a column for them.
    fn sparks(self, grid: VirtualGrid) -> Option<Sparks> {
        let window = Memo::new(move || grid.in_sight());
        let in_sight = move || {
            if self.is_transformed() {
                return Vec::new();
            }
            let Some(both) = self.comparison.model.trees.diff.get().and_then(Result::ok) else {
                return Vec::new();
            };
            self.rows.with(|rows| {
                let shown = window.get().filter_map(|index| rows.get(index));
                let names = shown.map(|row| both.frames().name(row.row.frame));
                let names = names.filter(|name| !name.is_empty() && !is_placeholder(name));
                names.map(str::to_owned).collect::<Vec<_>>()
            })
        };
        Some(Sparks::follow(self.comparison.over_time?, in_sight))
    }

    /// Unfolds what is below a function, or folds it again.
    fn unfold(self, frame: FrameId, on: bool) {
        let Some(name) = self.name(frame) else { return };
        self.open.update(|open| {
            open.retain(|other| *other != name);
            open.extend(on.then_some(name));
        });
    }
}

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
        let part = is_last_change.then(|| cause_head(table));
        let spark = sparks
            .filter(|_| is_last_change)
            .map(|_| view! { <span role="columnheader" class="change-spark">"Over time"</span> }.into_any());
        [Some(sort_head(table, column, label)), part, spark].into_iter().flatten()
    });
    let look = if sparks.is_some() { "top-table diff-table with-sparks" } else { "top-table diff-table" };
    let texts = ("Functions", look, "No matching functions");
    grid.view(texts, list(head), Box::new(row), Box::new(on_key))
}

fn class(column: DiffColumn) -> &'static str {
    match column {
        DiffColumn::Name => "top-name",
        DiffColumn::Delta(Cost::SelfValue) => "top-cost change-self",
        DiffColumn::Delta(Cost::Total) => "top-cost",
        DiffColumn::Cost(_, Cost::SelfValue) => "top-cost side-cost side-self",
        DiffColumn::Cost(_, Cost::Total) => "top-cost side-cost",
    }
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
        table.comparison.change(|v| {
            v.sort_reversed = v.sort == Some(column) && !v.sort_reversed;
            v.sort = Some(column);
        });
    });
    column_head((label, meaning(column)), class(column), ascending, sort)
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
    let largest = table.largest.get();
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
        let part = is_last_change.then(|| cells.part());
        let spark = sparks.filter(|_| is_last_change).map(|sparks| cells.spark(sparks));
        [Some(cells.of(column)), part, spark].into_iter().flatten()
    }));
    let marked = Signal::derive(move || table.comparison.model.marked.with(|m| m.as_deref() == Some(&name)));
    let choose = Callback::new(move |()| table.mark(frame));
    grid.row(index, marked, choose, Callback::new(move |anchor| table.menu(frame, anchor)), cells)
}

/// The cells of a row.
struct Cells<'a> {
    table: Table,
    ranked: RankedRow,
    both: &'a DiffTree,
    measure: Measure,
    scales: Scales,
    largest: Largest,
}

impl Cells<'_> {
    fn row(&self) -> &DiffRow {
        &self.ranked.row
    }

    fn of(&self, column: DiffColumn) -> AnyView {
        match column {
            DiffColumn::Name => self.name(),
            DiffColumn::Delta(cost) => self.delta(column, cost),
            DiffColumn::Cost(side, cost) => self.cost(column, side, cost),
        }
    }

    fn is_merged(&self) -> bool {
        is_placeholder(self.both.frames().name(self.row().frame))
    }

    fn name(&self) -> AnyView {
        let (frames, frame) = (self.both.frames(), self.row().frame);
        let (name, file) = (frames.name(frame).to_owned(), frames.file(frame));
        let DiffRow { total, presence, .. } = *self.row();
        let change = change_text::change_word(&self.scales, total, presence).unwrap_or("change not known");
        let colour = match self.is_merged() {
            true => color::NEUTRAL,
            false => change_text::change_colour(&self.scales, total, self.both.total(NodeId::ROOT), presence),
        };
        let note = match change {
            _ if self.is_merged() => self.merged(),
            "new" | "gone" => change.to_owned(),
            _ => String::new(),
        };
        let class = match (self.is_merged(), self.ranked.under) {
            (true, _) => "top-name is-merged",
            (false, Some(_)) => "top-name is-folded",
            (false, None) => "top-name",
        };
        view! {
            <span role="gridcell" class=class title=format!("{name}\n{file}\n{change}")>
                {swatch_and_name(&name, move || format!("var(--diff-{})", color::fill(colour)))}
                <span class="diff-word">{note}</span>
                {self.fold_button(&name)}
            </span>
        }
        .into_any()
    }

    /// What merged functions are: `16.4 % merged for privacy`.
    fn merged(&self) -> String {
        let whole = self.both.total(NodeId::ROOT);
        let share = |side: Side| self.measure.share(self.row().total.of(side), whole.of(side));
        let [before, after] = Side::BOTH.map(share);
        match self.row().total.baseline == 0 {
            true => format!("{after} merged for privacy"),
            false => format!("{before} and {after} merged for privacy"),
        }
    }

    /// Shows how many functions of a library are folded below this one, and unfolds them.
    fn fold_button(&self, name: &str) -> Option<AnyView> {
        let (table, frame, folded) = (self.table, self.row().frame, self.ranked.folded);
        let open = self.table.open.with(|open| open.iter().any(|other| other == name));
        let toggle = move |event: MouseEvent| {
            event.stop_propagation();
            table.unfold(frame, !open);
        };
        let functions = if folded == 1 { "function" } else { "functions" };
        let label = format!("{folded} library {functions} below {name}");
        (folded > 0).then(|| {
            view! {
                <button type="button" tabindex="-1" class="fold" aria-expanded=open.to_string() aria-label=label
                    on:click=handler(toggle)>{format!("{} {folded}", if open { "▾" } else { "▸" })}</button>
            }
            .into_any()
        })
    }

    fn delta(&self, column: DiffColumn, cost: Cost) -> AnyView {
        let Largest { delta, least_delta, .. } = self.largest;
        let (pair, like) = (self.row().cost(cost), self.largest.like([delta, least_delta], cost));
        if self.is_merged() {
            return cell(class(column), None, NONE.to_owned(), String::new());
        }
        let points = change_text::points(&self.scales, pair);
        let bar = self.scales.deltas.map(|scale| bar(scale.delta(pair), like.column));
        match change_text::difference_like(&self.measure, &self.scales, pair, like) {
            Some(amount) if amount == NONE && points == NONE => {
                cell(class(column), None, amount, String::new())
            }
            Some(amount) => cell(class(column), bar, amount, points),
            None => cell(class(column), None, points, String::new()),
        }
    }

    fn part(&self) -> AnyView {
        let whole = self.both.total(NodeId::ROOT);
        let text = match self.is_merged() {
            true => NONE.to_owned(),
            false => change_text::part_of_change(&self.scales, self.row().total, whole),
        };
        cell("top-cost change-part", None, text, String::new())
    }

    /// What the function cost over time. The server knows neither merged functions nor what transforms leave.
    fn spark(&self, sparks: Sparks) -> AnyView {
        let name = self.both.frames().name(self.row().frame).to_owned();
        let is_known = !name.is_empty() && !self.is_merged() && !self.table.is_transformed();
        let shown = is_known.then(|| (move || sparks.picture(&name)).into_any());
        view! { <span role="gridcell" class="change-spark">{shown}</span> }.into_any()
    }

    fn cost(&self, column: DiffColumn, side: Side, cost: Cost) -> AnyView {
        let value = self.row().cost(cost).of(side);
        let Largest { cost: most, least_cost, .. } = self.largest;
        let like = self.largest.like([most, least_cost], cost);
        let text = change_text::cost_like(&self.measure, &self.scales, side, value, like);
        let whole = self.both.total(NodeId::ROOT).of(side);
        let share = if value == 0 { String::new() } else { self.measure.share(value, whole) };
        cell(class(column), None, text, share)
    }
}

/// The fill behind a change, as wide as it is beside the largest one of its column.
fn bar(delta: f64, largest: f64) -> AnyView {
    let width = if largest > 0.0 { (delta.abs() / largest * 100.0).min(100.0) } else { 0.0 };
    let class = if delta < 0.0 { "top-bar shrank" } else { "top-bar grew" };
    view! { <span class=class style:width=format!("{width:.2}%")></span> }.into_any()
}

/// A cell with an amount and its share.
fn cell(class: &'static str, bar: Option<AnyView>, value: String, share: String) -> AnyView {
    view! {
        <span role="gridcell" class=class>{bar}<span class="top-value">{value}</span><span class="top-share">{share}</span></span>
    }
    .into_any()
}
