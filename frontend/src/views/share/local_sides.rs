//! Data that only this browser holds, prepared for upload: a local file with its flame chart or its sub-second offsets, two of them,
//! two types.

use crate::context::local_files::LocalFiles;
use crate::local_file::chart::LaneInfo;
use crate::local_file::in_time::InTime;
use crate::local_file::job::Job;
use crate::local_file::offsets::{OffsetCells, OffsetPartQuery};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::local_view::LocalView;
use crate::state::offsets_view::OffsetsView;
use crate::state::share::{LocalSide, SanitizeReport};
use crate::views::on_screen;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::Side;
use flarepath_profile::heatmap::Cell;
use flarepath_profile::lanes::THREAD_LABEL;
use flarepath_profile::sanitize::{Policy, Report, Sanitizer};
use std::sync::Arc;

/// Call trees, and what is on screen besides.
pub(super) type Local = (Vec<LocalSide>, Option<InTime>);

const NO_PROFILE: &str = "there is no profile on screen";

/// The flame chart on screen, and the call tree of its thread.
///
/// # Errors
/// Why there is none.
pub(super) fn chart(files: LocalFiles, seen: &LocalView, name: &str) -> Result<Local, String> {
    let profile = files.profile.get_untracked().ok_or(NO_PROFILE)?;
    let chosen = files.job.with_untracked(Job::chosen);
    let lanes = files.chart.lanes.get_untracked().map(|(_, lanes)| lanes).unwrap_or_default();
    let lane = lanes.iter().position(|lane| Some(&lane.name) == seen.thread.as_ref()).unwrap_or(0);
    let wanted = chosen.map(|(profile, sample_type)| (profile, sample_type, lane));
    let answer = files.chart.answer.get_untracked().filter(|answer| Some(answer.of) == wanted);
    let chart = answer.ok_or("the flame chart is still being built")?.result?;
    let lane: LaneInfo = lanes.get(lane).cloned().unwrap_or_default();
    let side = local_side(&profile, name.to_owned(), Arc::new(chart.tree.clone()));
    Ok((vec![side], Some(InTime::Chart(chart, lane))))
}

/// The sub-second offsets on screen, and the call tree of each selection.
///
/// # Errors
/// Why there are none.
pub(super) fn offsets(files: LocalFiles, query: &str, name: &str) -> Result<Local, String> {
    let (profile, view) = (files.profile.get_untracked().ok_or(NO_PROFILE)?, OffsetsView::parse(query));
    let chosen = files.job.with_untracked(Job::chosen);
    let answer = files.offsets.map.get_untracked().filter(|answer| {
        let of = answer.of;
        Some((of.profile, of.sample_type)) == chosen && (of.rows, of.by_value) == (view.rows, view.by_value)
    });
    let answer = answer.ok_or("the heat map is still being built")?;
    let (of, cells) = (answer.of, answer.result?);
    let inside = |cell: Cell| cell.row < cells.rows as usize && cell.column < cells.columns as usize;
    let picked = view.picked.into_iter().flatten().filter(|(from, to)| inside(*from) && inside(*to));
    let parts = files.offsets.parts.get_untracked();
    let trees = picked.map(|(from, to)| {
        let of = OffsetPartQuery { of, band: view.band, from, to };
        let part = parts.iter().find(|part| part.of == of);
        let part = part.ok_or("the call tree of a selection is still being built")?;
        part.result.clone().map(|tree| tree.arc().clone())
    });
    let trees = trees.collect::<Result<Vec<Arc<CallTree>>, String>>()?;
    // Values of a selection are of no known time.
    let side = |label: &str, tree: &Arc<CallTree>| LocalSide {
        covered_ns: 0,
        ..local_side(&profile, label.to_owned(), tree.clone())
    };
    let sides = match &trees[..] {
        [] => vec![side(name, &Arc::new(CallTree::empty()))],
        [one] => vec![side(name, one)],
        [first, second, ..] => vec![side("first selection", first), side("second selection", second)],
    };
    let thread = of.lane.and_then(|_| LocalView::parse(query).thread);
    let cells = Shared::new(OffsetCells { thread, ..OffsetCells::clone(&cells) });
    Ok((sides, Some(InTime::Offsets(cells))))
}

/// The profiles on screen, one or two, named by `names`.
///
/// # Errors
/// When there is none.
pub(super) fn local_sides(names: &[String]) -> Result<Vec<LocalSide>, String> {
    let shown = on_screen::profiles();
    let compared = shown.iter().find_map(|profile| profile.diff.clone().map(|both| (profile, both)));
    let name =
        |at: usize, plain: &str| names.get(at).filter(|n| !n.is_empty()).cloned().unwrap_or(plain.to_owned());
    let sides: Vec<LocalSide> = match compared {
        Some((profile, both)) => Side::BOTH
            .into_iter()
            .zip(["baseline", "comparison"])
            .enumerate()
            .map(|(at, (side, plain))| {
                let covered_ns =
                    profile.covered_ns.filter(|_| !profile.is_level()).map_or(0, |ns| ns.of(side));
                let tree = Arc::new(both.side(side));
                LocalSide { covered_ns, ..local_side(profile, name(at, plain), tree) }
            })
            .collect(),
        None => {
            let one = shown.len() == 1;
            let plain = |at: usize| if one { "local file" } else { ["baseline", "comparison"][at % 2] };
            let all = shown.iter().take(2).enumerate();
            all.map(|(at, profile)| local_side(profile, name(at, plain(at)), profile.tree.clone())).collect()
        }
    };
    if sides.is_empty() { Err(NO_PROFILE.to_owned()) } else { Ok(sides) }
}

fn local_side(profile: &LoadedProfile, label: String, tree: Arc<CallTree>) -> LocalSide {
    let profile_type = profile.profile_type.as_ref().map(ToString::to_string).unwrap_or_default();
    let covered_ns = profile.seconds.map_or(0, |seconds| (seconds * 1e9) as i64);
    LocalSide {
        label,
        unit: profile.unit.clone(),
        profile_type,
        profiles: profile.profiles,
        covered_ns,
        tree,
    }
}

/// The sanitization report of a share of this.
pub(super) fn preview((sides, in_time): &Local, policy: &Policy) -> SanitizeReport {
    let mut sanitizer = Sanitizer::new(policy);
    match &sides[..] {
        [one, two] => drop(sanitizer.sides(&one.tree, &two.tree)),
        sides => sides.iter().for_each(|side| drop(sanitizer.tree(&side.tree))),
    }
    let thread = match in_time {
        Some(InTime::Chart(_, lane)) => lane.name.as_str(),
        Some(InTime::Offsets(cells)) => cells.thread.as_deref().unwrap_or_default(),
        None => "",
    };
    if !thread.is_empty() {
        drop(sanitizer.label(THREAD_LABEL, thread));
    }
    report_of(sanitizer.into_report())
}

fn report_of(report: Report) -> SanitizeReport {
    SanitizeReport {
        policy: report.policy.to_owned(),
        removed: report.lines.into_iter().map(|line| (line.rule, line.count, line.examples)).collect(),
        merged: report.nodes_merged as u64,
        functions: report.functions as u64,
        notable: report.notable_names,
        kept: report.labels_kept.into_iter().collect(),
        hashed: report.labels_hashed.into_iter().collect(),
        dropped: report.labels_dropped.into_iter().collect(),
    }
}
