//! Profiles that only this browser holds, prepared for upload: a local file, two of them, two types.

use crate::state::loaded_profile::LoadedProfile;
use crate::state::share::{LocalSide, SanitizeReport};
use crate::views::on_screen;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::Side;
use flarepath_profile::sanitize::{Policy, Report, Sanitizer};
use std::sync::Arc;

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
    if sides.is_empty() { Err("there is no profile on screen".to_owned()) } else { Ok(sides) }
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

/// The sanitization report of a share of these profiles.
pub(super) fn preview(sides: &[LocalSide], policy: &Policy) -> SanitizeReport {
    let mut sanitizer = Sanitizer::new(policy);
    match sides {
        [one, two] => drop(sanitizer.sides(&one.tree, &two.tree)),
        sides => sides.iter().for_each(|side| drop(sanitizer.tree(&side.tree))),
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
