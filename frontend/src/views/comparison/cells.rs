//! The cells of a row in the table of a comparison.

use super::largest::Largest;
use super::sparks::Sparks;
use super::table::Table;
use crate::browser::event::MouseEvent;
use crate::reactive::handler;
use crate::views::change_text::{self, NONE};
use crate::views::picture::Measure;
use crate::views::scales::Scales;
use crate::views::top_table::swatch_and_name;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::rank::{RankedRow, is_placeholder};
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::diff::{DiffTree, Side, color};
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

/// The CSS class of the cells and the head of a column.
pub(super) fn class(column: DiffColumn) -> &'static str {
    match column {
        DiffColumn::Name => "top-name",
        DiffColumn::Delta(Cost::SelfValue) => "top-cost change-self",
        DiffColumn::Delta(Cost::Total) => "top-cost",
        DiffColumn::Cost(_, Cost::SelfValue) => "top-cost side-cost side-self",
        DiffColumn::Cost(_, Cost::Total) => "top-cost side-cost",
    }
}

/// The cells of a row.
pub(super) struct Cells<'a> {
    pub(super) table: Table,
    pub(super) ranked: RankedRow,
    pub(super) both: &'a DiffTree,
    pub(super) measure: Measure,
    pub(super) scales: Scales,
    pub(super) largest: Largest,
}

impl Cells<'_> {
    fn row(&self) -> &DiffRow {
        &self.ranked.row
    }

    pub(super) fn of(&self, column: DiffColumn) -> AnyView {
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
        let (pair, like) = (self.row().cost(cost), self.largest.of_change(cost));
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

    pub(super) fn part(&self) -> AnyView {
        let (whole, is_significant) =
            (self.both.total(NodeId::ROOT), self.table.comparison.is_significant.get());
        let (text, about) = match self.is_merged() {
            true => (NONE.to_owned(), "Merged for privacy: it is not one function."),
            false => change_text::part_of_change(&self.scales, self.row().total, whole, is_significant),
        };
        let title = (!about.is_empty()).then_some(about);
        view! { <span role="gridcell" class="top-cost change-part" title=title><span class="top-value">{text}</span></span> }
            .into_any()
    }

    /// What the function cost over time. The server knows neither merged functions nor what transforms leave.
    pub(super) fn spark(&self, sparks: Sparks) -> AnyView {
        let name = self.both.frames().name(self.row().frame).to_owned();
        let is_known = !name.is_empty() && !self.is_merged() && !self.table.is_transformed();
        let shown = is_known.then(|| (move || sparks.picture(&name)).into_any());
        view! { <span role="gridcell" class="change-spark">{shown}</span> }.into_any()
    }

    fn cost(&self, column: DiffColumn, side: Side, cost: Cost) -> AnyView {
        let value = self.row().cost(cost).of(side);
        let like = self.largest.of_cost(cost);
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
