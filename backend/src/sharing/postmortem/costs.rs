//! The tables of functions: first those that the verdict names, then those with the largest cost of their own.

use super::sides::label;
use super::table::{Cell, Table, untrusted};
use super::{Facts, Side};
use crate::sharing::basis::Per;
use crate::sharing::functions::{FunctionCost, TopFunctions};
use crate::sharing::payload::{VerdictFunction, VerdictResponse};
use flarepath_profile::diff::{Pair, Side as Place};
use flarepath_profile::frame_table::OTHER;
use flarepath_profile::units::{Unit, format_alike, format_share, format_value};

/// The tables, each of them if there is something in it.
pub(super) fn tables(facts: &Facts<'_>) -> Vec<Table> {
    let largest = match (facts.is_comparison, facts.per) {
        (true, Some(per)) => changes(facts, per),
        (true, None) => values(facts),
        (false, _) => of_tree(facts.top, facts.unit),
    };
    named(facts).into_iter().chain([largest]).filter(|table| !table.rows.is_empty()).collect()
}

/// What was merged for privacy: it is no function, and in none of the tables.
pub(super) fn merged(top: &TopFunctions, is_comparison: bool) -> Option<String> {
    let share = |side: Place| format_share(top.merged.of(side) as f64, top.whole.of(side) as f64);
    if top.merged == Pair::default() {
        return None;
    }
    let baseline = match is_comparison {
        true => format!(" ({} of the baseline)", share(Place::Baseline)),
        false => String::new(),
    };
    Some(format!("{} merged for privacy{baseline}.", share(Place::Comparison)))
}

/// The labels of both sides as heads of columns.
fn heads(sides: &[Side<'_>]) -> [String; 2] {
    let head = |index: usize, otherwise: &str| match sides.get(index).map(label) {
        Some(label) if !label.is_empty() => label,
        _ => otherwise.to_owned(),
    };
    [head(0, "baseline"), head(1, "comparison")]
}

/// Those that the verdict names, with its numbers.
fn named(facts: &Facts<'_>) -> Option<Table> {
    let verdict = facts.verdict?;
    let mut unit = Unit::of(facts.sample_type, &verdict.unit);
    if verdict.per == "second" {
        unit = unit.per_second();
    }
    let [baseline, comparison] = heads(facts.sides);
    let head = ["Named by the verdict (with callees)".to_owned(), baseline, comparison].into_iter();
    let head = head.chain(["Change", "95 % interval", "Share of the total"].map(str::to_owned));
    let functions = verdict.functions.iter().filter(|function| function.name != OTHER);
    let largest = largest_cost(verdict);
    let rows = functions.filter_map(|function| named_row(function, largest, &unit));
    Some(Table { head: head.collect(), rows: rows.collect() })
}

fn largest_cost(verdict: &VerdictResponse) -> f64 {
    let costs = verdict.functions.iter().filter_map(|function| function.cost.as_ref());
    costs.flat_map(|cost| [cost.before, cost.after]).fold(0.0, f64::max)
}

fn named_row(function: &VerdictFunction, largest: f64, unit: &Unit) -> Option<Vec<Cell>> {
    let (cost, share) = (function.cost.as_ref()?, function.share.as_ref()?);
    let alike = |value: f64| alike(value, largest, unit);
    let moved = if function.moved { "; moved" } else { "" };
    Some(vec![
        untrusted(&function.name),
        Cell::Trusted(alike(cost.before)),
        Cell::Trusted(alike(cost.after)),
        Cell::Trusted(format!("{}{moved}", signed(cost.after - cost.before, alike))),
        Cell::Trusted(format!("{} to {}", signed(cost.low, alike), signed(cost.high, alike))),
        Cell::Trusted(shares([share.before, share.after])),
    ])
}

/// The functions of both sides by the change of their rate.
fn changes(facts: &Facts<'_>, per: [Per; 2]) -> Table {
    let TopFunctions { rows, functions, whole, .. } = facts.top;
    let unit = per[1].unit(facts.unit);
    let rates = |value: Pair| Place::BOTH.map(|side| per[side as usize].rate(value.of(side)));
    let largest =
        rows.iter().flat_map(|row| rates(row.self_value)).fold(0.0, |most: f64, v| most.max(v.abs()));
    let alike = |value: f64| alike(value, largest, &unit);
    let row = |row: &FunctionCost| {
        let [before, after] = rates(row.self_value);
        let part = |side: Place| match whole.of(side) {
            0 => 0.0,
            whole => row.self_value.of(side) as f64 / whole as f64,
        };
        vec![
            untrusted(&row.name),
            Cell::Trusted(alike(before)),
            Cell::Trusted(alike(after)),
            Cell::Trusted(signed(after - before, alike)),
            Cell::Trusted(shares(Place::BOTH.map(part))),
        ]
    };
    let [baseline, comparison] = heads(facts.sides);
    let first = format!("Self cost, largest changes ({} of {functions} functions)", rows.len());
    let head = [first, baseline, comparison, "Change".to_owned(), "Share of the total".to_owned()];
    Table { head: head.to_vec(), rows: rows.iter().map(row).collect() }
}

/// The functions of both sides where values cannot be divided by anything: values, and no changes.
fn values(facts: &Facts<'_>) -> Table {
    let TopFunctions { rows, functions, whole, .. } = facts.top;
    let [baseline, comparison] = heads(facts.sides);
    let first = format!("Self cost, largest of {comparison} ({} of {functions} functions)", rows.len());
    let row = |row: &FunctionCost| {
        let value = |side: Place| amount(row.self_value.of(side), whole.of(side), facts.unit);
        vec![untrusted(&row.name), value(Place::Baseline), value(Place::Comparison)]
    };
    Table { head: vec![first, baseline, comparison], rows: rows.iter().map(row).collect() }
}

fn of_tree(top: &TopFunctions, unit: &Unit) -> Table {
    let first = format!("Function (top {} of {})", top.rows.len(), top.functions);
    let row = |row: &FunctionCost| {
        let value = |pair: Pair| amount(pair.comparison, top.whole.comparison, unit);
        vec![untrusted(&row.name), value(row.self_value), value(row.total)]
    };
    Table {
        head: vec![first, "Self".to_owned(), "Total".to_owned()],
        rows: top.rows.iter().map(row).collect(),
    }
}

fn amount(value: i64, whole: i64, unit: &Unit) -> Cell {
    let share = format_share(value as f64, whole as f64);
    Cell::Trusted(format!("{} ({share})", format_value(value as f64, unit)))
}

/// A value in the unit that `largest` is best written in: one unit a table.
fn alike(value: f64, largest: f64, unit: &Unit) -> String {
    let [text, _] = format_alike([value, largest], unit);
    text
}

/// A difference with its sign.
fn signed(difference: f64, write: impl Fn(f64) -> String) -> String {
    match difference {
        d if d > 0.0 => format!("+{}", write(d)),
        d if d < 0.0 => format!("−{}", write(-d)),
        _ => write(0.0),
    }
}

/// `0 % → 62.1 % (+62.1 pp)`
fn shares([before, after]: [f64; 2]) -> String {
    let points = signed(after - before, |part| format!("{:.1} pp", part * 100.0));
    format!("{} → {} ({points})", format_share(before, 1.0), format_share(after, 1.0))
}
