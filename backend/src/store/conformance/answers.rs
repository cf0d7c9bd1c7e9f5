//! Brings answers into a form in which two stores can be compared, and picks functions to ask about.

use super::Nonconformity;
use super::cases::{HOUR, MINUTE, Question};
use crate::store::{CostsQuery, Function, ProfilePiece, ProfileStore, Selection, SeriesInfo, StoreError};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use std::collections::BTreeMap;
use std::fmt::Debug;

pub(super) fn same<T: PartialEq + Debug>(
    what: &str,
    question: &impl Debug,
    found: T,
    expected: T,
) -> Result<(), Nonconformity> {
    if found == expected {
        return Ok(());
    }
    Err(Nonconformity::Answer {
        question: format!("{what} of {question:?}"),
        expected: format!("{expected:?}"),
        found: format!("{found:?}"),
    })
}

type Node = (String, String, String, NodeId, i64, i64);

/// The columns of a tree with frames as text, as frame ids may differ.
pub(super) fn nodes(tree: &CallTree) -> Vec<Node> {
    let (frames, parents, selfs, totals) = tree.columns();
    let table = tree.frames();
    (0..tree.len())
        .map(|i| {
            let text =
                [table.name(frames[i]), table.file(frames[i]), table.mapping(frames[i])].map(str::to_owned);
            let [name, file, mapping] = text;
            (name, file, mapping, parents[i], selfs[i], totals[i])
        })
        .collect()
}

/// Sum by call path, each call site as text.
pub(super) fn paths(profile: &Profile) -> BTreeMap<Vec<String>, i64> {
    let mut sums = BTreeMap::new();
    for i in 0..profile.samples.len() {
        let stack = profile.stacks.get(profile.samples.stack(i));
        let path = stack.iter().map(|l| {
            let location = profile.locations.get(l.index());
            let mapping = location.mapping.map(|m| profile.str(profile.mappings[m as usize].file));
            let lines = location.lines.iter().map(|line| {
                let f = profile.functions[line.function.index()];
                (
                    profile.str(f.name),
                    profile.str(f.system_name),
                    profile.str(f.file),
                    f.start_line,
                    line.line,
                )
            });
            format!("{mapping:?} {:#x} {:?}", location.address, lines.collect::<Vec<_>>())
        });
        *sums.entry(path.collect()).or_insert(0) += profile.samples.values(i)[0];
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

pub(super) fn facts(profile: &Profile) -> (i64, i64, i64, Vec<(String, String)>) {
    let text = |t: &ValueType| (profile.str(t.kind).to_owned(), profile.str(t.unit).to_owned());
    let types = profile.sample_types.iter().chain([&profile.period_type]).map(text).collect();
    (profile.time_nanos, profile.duration_nanos, profile.period, types)
}

/// Starts and totals of all profiles, sorted.
pub(super) async fn all_totals(
    store: &dyn ProfileStore,
    selection: &Selection,
    wanted: &ProfileType,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found = Vec::new();
    store.each_total(selection, wanted, &mut |start, total| found.push((start.0, total))).await?;
    found.sort_unstable();
    Ok(found)
}

/// Labels, starts and totals of all profiles, sorted, and durations by series.
pub(super) type Pieces = (Vec<(Labels, i64, i64)>, BTreeMap<Labels, i64>);

/// All that the store visits in pieces. The width of its blocks is its own.
pub(super) async fn all_pieces(
    store: &dyn ProfileStore,
    selection: &Selection,
    wanted: &ProfileType,
) -> Result<Pieces, StoreError> {
    let (mut profiles, mut durations) = (Vec::new(), BTreeMap::new());
    let mut visit = |labels: &Labels, piece: &ProfilePiece<'_>| {
        let pairs = piece.starts.iter().zip(piece.totals);
        profiles.extend(pairs.map(|(start, total)| (labels.clone(), *start, *total)));
        *durations.entry(labels.clone()).or_insert(0) += piece.duration_ns;
    };
    store.each_piece(selection, wanted, &mut visit).await?;
    profiles.sort();
    Ok((profiles, durations))
}

/// and never so small that the oracle is asked for more than some hundred trees.
pub(super) fn costs_query(question: &Question, tree: &CallTree) -> CostsQuery {
    let function = |id: u32| {
        let text = tree.frames().text(FrameId(id));
        let [name, file, mapping] = [text.name, text.file, text.mapping].map(str::to_owned);
        Function { name, file, mapping }
    };
    let some: Vec<Function> = (1..tree.frames().len() as u32).step_by(2).take(9).map(function).collect();
    let mut rows: Vec<Vec<Function>> = some.chunks(2).map(<[Function]>::to_vec).collect();
    let [name, file, mapping] = ["nonexistent", "", ""].map(str::to_owned);
    rows.push(vec![Function { name, file, mapping }]);
    let length = question.range.end.0.abs_diff(question.range.start.0) as i64;
    let step_ns = match question.by % 4 {
        0 => 5 * MINUTE,
        1 => HOUR,
        _ => question.step_ns,
    };
    let cost = if question.by & 4 == 0 { Cost::Total } else { Cost::SelfValue };
    CostsQuery { step_ns: step_ns.max(length / 300), cost, rows }
}

/// The names of some functions of a tree, and one that does not exist.
pub(super) fn some_functions(tree: &CallTree) -> Vec<String> {
    let names = (1..tree.frames().len() as u32).step_by(3).take(4);
    let mut names: Vec<String> = names.map(|id| tree.frames().name(FrameId(id)).to_owned()).collect();
    names.push("nonexistent".to_owned());
    names
}

/// Series in the order of their labels.
pub(super) fn by_labels(mut series: Vec<SeriesInfo>) -> Vec<SeriesInfo> {
    series.sort_by(|a, b| a.labels.cmp(&b.labels));
    series
}
