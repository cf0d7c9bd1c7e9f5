//! Steps from a profile to what the views draw, each a pure function of the one before it.

use crate::canvas::palette::FILLS;
use crate::state::identity::Shared;
use crate::state::transform::Transform;
use crate::state::view::{ColourBy, OrderBy, SortBy};
use crate::views::picture::Picture;
use crate::views::sandwich::Sides;
use crate::views::transforms;
use flarepath_profile::call_tree::sandwich::sandwich;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::diff::{
    Change, DiffTree, Mode as ScaleMode, Pair, Scale, Side, diff, diff_table, table,
};
use flarepath_profile::flame::Order;
use flarepath_profile::flame::color::{ColorBy, frame_buckets};
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, TopRow, sort, top_table};
use std::sync::Arc;

/// Colour of each frame.
pub(crate) fn colours(tree: &CallTree, by: ColourBy) -> Shared<Vec<u8>> {
    let by = match by {
        ColourBy::Package => ColorBy::Package,
        ColourBy::Name => ColorBy::Name,
    };
    Shared::new(frame_buckets(tree.frames(), by, FILLS as u8))
}

/// Lays out a tree.
pub(crate) fn picture(tree: &Shared<CallTree>, order: OrderBy) -> Shared<Picture> {
    Shared::new(Picture::new(tree.arc().clone(), layout_order(order)))
}

fn layout_order(order: OrderBy) -> Order {
    match order {
        OrderBy::Total => Order::ByTotal,
        OrderBy::Name => Order::ByName,
    }
}

/// Callers and callees of a function.
///
/// # Errors
/// A message when the function is not in the tree or has too many callers.
pub(crate) fn sides(tree: &CallTree, function: &str, order: OrderBy) -> Result<Sides, String> {
    if !tree.frames().named(function).contains(&true) {
        return Err(format!(
            "{function} is not in this profile. One of the transforms above may have removed it."
        ));
    }
    let both = sandwich(tree, function).map_err(|e| e.to_string())?;
    let lay = |tree: CallTree| Shared::new(Picture::new(Arc::new(tree), layout_order(order)));
    Ok(Sides {
        callers: lay(both.callers),
        callees: lay(both.callees),
        self_value: both.self_value,
        total: both.total,
        whole: tree.total(NodeId::ROOT),
    })
}

/// Costs of all functions, in the order of their ids.
pub(crate) fn functions(tree: &CallTree) -> Shared<Vec<TopRow>> {
    Shared::new(top_table(tree))
}

/// The matching functions, or all, sorted.
pub(crate) fn table_rows(
    tree: &CallTree,
    rows: &[TopRow],
    found: Option<&[bool]>,
    by: SortBy,
    reversed: bool,
) -> Shared<Vec<TopRow>> {
    let is_found = |row: &&TopRow| found.is_none_or(|f| f.get(row.frame.index()) == Some(&true));
    let mut rows: Vec<TopRow> = rows.iter().filter(is_found).copied().collect();
    let (column, order) = match by {
        SortBy::SelfValue => (TopColumn::SelfValue, SortOrder::Descending),
        SortBy::Total => (TopColumn::Total, SortOrder::Descending),
        SortBy::Name => (TopColumn::Name, SortOrder::Ascending),
    };
    let order = match (order, reversed) {
        (order, false) => order,
        (SortOrder::Descending, true) => SortOrder::Ascending,
        (SortOrder::Ascending, true) => SortOrder::Descending,
    };
    sort(&mut rows, tree, column, order);
    Shared::new(rows)
}

/// The difference of two trees after the same transforms on each.
///
/// # Errors
/// As [`transforms::apply`].
pub(crate) fn transformed_diff(
    whole: &Arc<DiffTree>,
    steps: &[Transform],
) -> Result<Shared<DiffTree>, String> {
    if steps.is_empty() {
        return Ok(Shared::from_arc(whole.clone()));
    }
    let side = |side| transforms::apply(&Arc::new(whole.side(side)), steps);
    Ok(Shared::new(diff(&*side(Side::Baseline)?, &*side(Side::Comparison)?)))
}

/// A tree of the same nodes with the sums of both sides.
///
/// # Errors
/// A message; never for a diff of valid trees.
pub(crate) fn sums(both: &DiffTree) -> Result<Shared<CallTree>, String> {
    let (frame, parent, [before, after]) = both.columns();
    let sum = before.iter().zip(after).map(|(b, c)| b.saturating_add(*c)).collect();
    let tree = CallTree::from_columns(both.frames().clone(), frame.to_vec(), parent.to_vec(), sum);
    tree.map(Shared::new).map_err(|e| e.to_string())
}

/// How values are compared, and for how many nanoseconds each side has data, if known.
pub(crate) type Scaling = (ScaleMode, Option<Pair>);

/// The scale that makes both sides comparable: shares where durations are needed but not known.
pub(crate) fn scale(both: &DiffTree, scaling: Scaling) -> Scale {
    match scaling {
        (ScaleMode::Absolute, _) => Scale::absolute(),
        (ScaleMode::PerSecond, Some(covered_ns)) => Scale::per_second(covered_ns),
        (ScaleMode::Share | ScaleMode::PerSecond, _) => Scale::share(both.total(NodeId::ROOT)),
    }
}

/// Lays out two trees over each other.
pub(crate) fn diff_picture(
    both: &Shared<DiffTree>,
    sums: &Shared<CallTree>,
    scaling: Scaling,
    order: OrderBy,
) -> Shared<Picture> {
    let scale = scale(both, scaling);
    Shared::new(Picture::of_diff(both.clone(), sums.arc().clone(), scale, layout_order(order)))
}

/// The functions of both sides: matching, with the wanted change, sorted.
pub(crate) fn diff_rows(
    both: &DiffTree,
    found: Option<&[bool]>,
    only: Option<Change>,
    scaling: Scaling,
    (column, reversed): (DiffColumn, bool),
) -> Shared<Vec<DiffRow>> {
    let scale = scale(both, scaling);
    let mut rows = diff_table(both);
    rows.retain(|row| found.is_none_or(|f| f.get(row.frame.index()) == Some(&true)));
    let cost = match column {
        DiffColumn::Cost(_, cost) | DiffColumn::Delta(cost) => cost,
        DiffColumn::Name => Cost::SelfValue,
    };
    let wanted: Vec<Change> = only.into_iter().collect();
    table::keep(&mut rows, &wanted, cost, &scale);
    let order =
        if (column == DiffColumn::Name) != reversed { SortOrder::Ascending } else { SortOrder::Descending };
    table::sort(&mut rows, both, &scale, column, order);
    Shared::new(rows)
}
