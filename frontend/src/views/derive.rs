//! Steps from a profile to what the views draw, each a pure function of the one before it.

use crate::state::compare::{FILTERS, Only};
use crate::state::identity::Shared;
use crate::state::transform::Transform;
use crate::state::view::{ColourBy, OrderBy, SortBy};
use crate::views::change_text::TEXTS;
use crate::views::picture::Picture;
use crate::views::sandwich::Sides;
use crate::views::scales::{Scales, Scaling, scales};
use crate::views::transforms;
use flarepath_profile::call_tree::sandwich::sandwich;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::rank::{RankedRow, is_placeholder, rank};
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::diff::{Change, DiffTree, Side, diff, diff_table, table};
use flarepath_profile::flame::Order;
use flarepath_profile::flame::color::{ColorBy, frame_buckets};
use flarepath_profile::flame::origin_color::{HASHED, origin_colors};
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::origin::{Origin, origins};
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, TopRow, sort, top_table};
use std::sync::Arc;

/// Colour of each frame. `origins`, one a frame, are asked for only where they matter.
pub(crate) fn colours(
    tree: &CallTree,
    by: ColourBy,
    origins: impl FnOnce() -> Shared<Vec<Origin>>,
) -> Shared<Vec<u8>> {
    Shared::new(match by {
        ColourBy::Origin => origin_colors(tree.frames(), &origins()),
        ColourBy::Package => frame_buckets(tree.frames(), ColorBy::Package, HASHED),
        ColourBy::Name => frame_buckets(tree.frames(), ColorBy::Name, HASHED),
    })
}

/// Origin of each frame by its names alone, with own code as it is guessed.
pub(crate) fn guessed_origins(frames: &FrameTable) -> Vec<Origin> {
    origins(frames, &OwnCode::guess(frames))
}

/// Lays out a tree.
pub(crate) fn picture(tree: &Shared<CallTree>, order: OrderBy) -> Shared<Picture> {
    Shared::new(Picture::new(tree.arc().clone(), layout_order(order)))
}

pub(crate) fn layout_order(order: OrderBy) -> Order {
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

/// The matching functions, or all, sorted; what was merged for privacy is last in every order.
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
    let last: Vec<TopRow> =
        rows.extract_if(.., |row| is_placeholder(tree.frames().name(row.frame))).collect();
    rows.extend(last);
    Shared::new(rows)
}

/// The difference of two trees after the same transforms on each. `origins` are those of the functions of both.
///
/// # Errors
/// As [`transforms::apply`].
pub(crate) fn transformed_diff(
    whole: &Arc<DiffTree>,
    steps: &[Transform],
    origins: &[Origin],
) -> Result<Shared<DiffTree>, String> {
    if steps.is_empty() {
        return Ok(Shared::from_arc(whole.clone()));
    }
    let side = |side| transforms::apply(&Arc::new(whole.side(side)), steps, origins);
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

/// Lays out two trees over each other.
pub(crate) fn diff_picture(
    both: &Shared<DiffTree>,
    sums: &Shared<CallTree>,
    scaling: Scaling,
    order: OrderBy,
) -> Shared<Picture> {
    let scales = scales(both, scaling);
    Shared::new(Picture::of_diff(both.clone(), sums.arc().clone(), scales, TEXTS, layout_order(order)))
}

/// What a verdict says about functions, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownCauses {
    /// Name and source file of those that explain the change, the most telling first.
    pub(crate) causes: Vec<(String, String)>,
    /// Names of those between which costs only moved.
    pub(crate) moved: Vec<String>,
    /// What is own code; `None`: it is guessed.
    pub(crate) own_code: Option<OwnCode>,
}

/// What the table of a comparison lists, and in which order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    /// The kind of functions.
    pub(crate) only: Option<Only>,
    /// A column, and whether its order is reversed; `None` orders by what explains the change.
    pub(crate) sort: Option<(DiffColumn, bool)>,
}

/// The functions of both sides: those found and wanted, in order; merged ones last. In the order of causes, library functions are
/// folded unless a search or a filter picks single functions.
pub(crate) fn diff_rows(
    both: &DiffTree,
    found: Option<&[bool]>,
    listing: &Listing,
    scaling: Scaling,
    known: &KnownCauses,
) -> Shared<Vec<RankedRow>> {
    let (kinds, frames) = (Kinds::new(both, scaling, known), both.frames());
    let scales = kinds.scales;
    let mut rows = match listing.sort {
        None => rank(both, &kinds.own, &scales.parts.unwrap_or(scales.shown), &frames_of(frames, known)),
        Some(sort) => sorted(both, &scales, sort),
    };
    if found.is_some() || listing.only.is_some() {
        let is_wanted = |row: &DiffRow| listing.only.is_none_or(|only| kinds.is(row, only));
        rows.retain(|row| is_found(found, row.row.frame) && is_wanted(&row.row));
        rows.iter_mut().for_each(|row| *row = RankedRow::plain(row.row));
    }
    Shared::new(rows)
}

/// How many of the found functions are of each kind of [`FILTERS`].
pub(crate) fn counts(
    both: &DiffTree,
    found: Option<&[bool]>,
    scaling: Scaling,
    known: &KnownCauses,
) -> [usize; FILTERS.len()] {
    let kinds = Kinds::new(both, scaling, known);
    let mut counts = [0; FILTERS.len()];
    for row in diff_table(both).iter().filter(|row| is_found(found, row.frame)) {
        for (count, (_, _, only)) in counts.iter_mut().zip(FILTERS) {
            *count += usize::from(kinds.is(row, only));
        }
    }
    counts
}

fn is_found(found: Option<&[bool]>, frame: FrameId) -> bool {
    found.is_none_or(|found| found.get(frame.index()) == Some(&true))
}

/// What decides of which kinds a function is.
struct Kinds<'a> {
    both: &'a DiffTree,
    scales: Scales,
    own: OwnCode,
    known: &'a KnownCauses,
}

impl<'a> Kinds<'a> {
    fn new(both: &'a DiffTree, scaling: Scaling, known: &'a KnownCauses) -> Kinds<'a> {
        let own = known.own_code.clone().unwrap_or_else(|| OwnCode::guess(both.frames()));
        Kinds { both, scales: scales(both, scaling), own, known }
    }

    fn is(&self, row: &DiffRow, only: Only) -> bool {
        let frames = self.both.frames();
        let name = frames.name(row.frame);
        let is_own = || self.own.is_own(frames.text(row.frame));
        let is = |change: Change| {
            row.change(Cost::Total, &self.scales.changes.unwrap_or(self.scales.shares)) == change
        };
        !is_placeholder(name)
            && match only {
                Only::Own => is_own(),
                Only::Library => !is_own(),
                Only::Moved => self.known.moved.iter().any(|moved| moved == name),
                Only::New => is(Change::New),
                Only::Gone => is(Change::Gone),
                Only::Grew => is(Change::Grew),
                Only::Shrank => is(Change::Shrank),
            }
    }
}

/// All functions by a column, by what is written in it.
fn sorted(both: &DiffTree, scales: &Scales, (column, reversed): (DiffColumn, bool)) -> Vec<RankedRow> {
    let mut rows = diff_table(both);
    let scale = match column {
        DiffColumn::Delta(_) if scales.amounts.is_some() && scales.deltas.is_none() => &scales.shares,
        _ => &scales.shown,
    };
    let ascending = (column == DiffColumn::Name) != reversed;
    let order = if ascending { SortOrder::Ascending } else { SortOrder::Descending };
    table::sort(&mut rows, both, scale, column, order);
    rows.sort_by_key(|row| is_placeholder(both.frames().name(row.frame)));
    rows.into_iter().map(RankedRow::plain).collect()
}

/// The frames of known causes, in their order.
fn frames_of(frames: &FrameTable, known: &KnownCauses) -> Vec<FrameId> {
    let frame_of = |(name, file): &(String, String)| {
        let is = |id: &FrameId| frames.name(*id) == name && (file.is_empty() || frames.file(*id) == file);
        (1..frames.len() as u32).map(FrameId).find(is)
    };
    known.causes.iter().filter_map(frame_of).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::diff::color::{FIRST_GREW, NEUTRAL};
    use flarepath_profile::diff::{Mode as ScaleMode, Pair, Scale};
    use flarepath_profile::frame_table::FrameText;
    use flarepath_profile::own_code::OwnPattern;

    /// A tree of paths from below the root, with their values.
    pub(in crate::views) fn tree(paths: &[(&[&str], i64)]) -> CallTree {
        let mut builder = TreeBuilder::new();
        for (path, value) in paths {
            let mut frames = Vec::new();
            for name in *path {
                frames.push(builder.frame(FrameText { name, symbolized: true, ..FrameText::default() }));
            }
            builder.add_path(frames, *value);
        }
        builder.finish()
    }

    fn both() -> DiffTree {
        let before = tree(&[(&["shop::main", "shop::parse"], 100), (&["shop::main", "shop::gone"], 9)]);
        let compiled = ["shop::main", "regex::new", "regex::compile"];
        let after = [
            (&["shop::main", "shop::parse"][..], 50),
            (&compiled[..], 300),
            (&["shop::main", "(other)"][..], 900),
        ];
        diff(&before, &tree(&after))
    }

    fn names(listing: &Listing, known: &KnownCauses) -> Vec<String> {
        let both = both();
        let rows = diff_rows(&both, None, listing, (ScaleMode::Absolute, None), known);
        let name = |r: &RankedRow| {
            format!("{}{}", if r.under.is_some() { ">" } else { "" }, both.frames().name(r.row.frame))
        };
        rows.iter().map(name).collect()
    }

    #[test]
    fn merged_functions_are_last_in_every_order() {
        for sort in [None, Some((DiffColumn::default(), false)), Some((DiffColumn::Name, false))] {
            let rows = names(&Listing { only: None, sort }, &KnownCauses::default());
            assert_eq!(rows.last().map(String::as_str), Some("(other)"), "{sort:?}");
        }
        let new = Listing { only: Some(Only::New), sort: None };
        assert_eq!(names(&new, &KnownCauses::default()), ["regex::new", "regex::compile"]);
    }

    #[test]
    fn merged_functions_are_last_in_the_table_of_one_profile() {
        let tree = tree(&[(&["main", "(other)"][..], 900), (&["main", "parse"][..], 100)]);
        for (by, reversed) in [(SortBy::SelfValue, false), (SortBy::Total, true), (SortBy::Name, false)] {
            let rows = table_rows(&tree, &top_table(&tree), None, by, reversed);
            let last = rows.last().map(|row| tree.frames().name(row.frame));
            assert_eq!(last, Some("(other)"), "{by:?}");
        }
    }

    #[test]
    fn filters_by_kind_of_code_and_by_the_verdict() {
        let known = KnownCauses {
            causes: vec![("shop::gone".into(), String::new())],
            moved: vec!["shop::parse".into()],
            own_code: None,
        };
        let only = |only| names(&Listing { only: Some(only), sort: None }, &known);
        assert_eq!(only(Only::Moved), ["shop::parse"]);
        assert_eq!(only(Only::Library), ["regex::new", "regex::compile"]);
        assert_eq!(only(Only::Own)[0], "shop::gone", "the verdict's functions come first");
        let all = names(&Listing::default(), &known);
        assert_eq!(all[..3], ["shop::gone", "regex::new", ">regex::compile"]);
        let own_code = Some(OwnCode::set(vec![OwnPattern::Name("regex::compile".into())]));
        let own = Listing { only: Some(Only::Own), sort: None };
        assert_eq!(names(&own, &KnownCauses { own_code, ..known }), ["regex::compile"], "as set");
    }

    /// Twice the time and twice the cost is the same; as raw totals, all would have grown.
    #[test]
    fn colours_of_values_are_those_of_rates() {
        let both = diff(&tree(&[(&["a"], 100), (&["b"], 10)]), &tree(&[(&["a"], 200), (&["b"], 60)]));
        let scaling = |covered| (ScaleMode::Absolute, covered);
        let picture = |scaling| {
            let sums = sums(&both).unwrap();
            diff_picture(&Shared::new(both.clone()), &sums, scaling, OrderBy::Name)
        };
        let colours = |scaling| picture(scaling).change_colours.clone().unwrap();
        let covered = Some(Pair { baseline: 1_000, comparison: 2_000 });
        assert_eq!(colours(scaling(covered))[1..], [NEUTRAL, FIRST_GREW + 4]);
        assert_eq!(colours(scaling(None)), [NEUTRAL; 3]);
        let grew = Listing { only: Some(Only::Grew), sort: None };
        let rows = diff_rows(&both, None, &grew, scaling(covered), &KnownCauses::default());
        assert_eq!(rows.iter().map(|r| both.frames().name(r.row.frame)).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn totals_of_unequal_time_are_not_subtracted() {
        let both = both();
        assert_eq!(scales(&both, (ScaleMode::Share, None)).amounts, None);
        assert_eq!(scales(&both, (ScaleMode::PerSecond, None)).shown.mode, ScaleMode::Share);
        let covered = Some(Pair { baseline: 1_000, comparison: 2_000 });
        let timed = scales(&both, (ScaleMode::Share, covered));
        assert_eq!(timed.amounts.map(|scale| scale.mode), Some(ScaleMode::PerSecond));
        let values = scales(&both, (ScaleMode::Absolute, covered));
        assert_eq!((values.amounts, values.parts), (Some(Scale::absolute()), timed.amounts));
        assert_eq!((values.changes, values.deltas), (timed.amounts, None), "by rate, and not subtracted");
        let equal = Some(Pair { baseline: 1_000, comparison: 1_000 });
        assert_eq!(scales(&both, (ScaleMode::Absolute, equal)).deltas, Some(Scale::absolute()));
        let unknown = scales(&both, (ScaleMode::Absolute, None));
        assert_eq!((unknown.changes, unknown.deltas), (None, Some(Scale::absolute())), "no claim of change");
    }
}
