//! A share as one HTML file that opens without a server: what everyone sees of it, after sanitization.

use super::snapshot_facts::{origin_facts, removed_text, side_lines, utc, without_verdict};
use crate::api::shares::{DataKind, Opened, SnapshotData};
use crate::local_file::chart::ChartMessage;
use crate::local_file::in_time::InTime;
use crate::state::loaded_profile::LoadedProfile;
use crate::views::save::pack::packed;
use crate::views::save::saved::{Saved, SavedHead, SavedProfile};
use flarepath_profile::diff::Pair;

/// The text of the file.
///
/// # Errors
/// The reason, as the end of a sentence.
pub(super) async fn page(opened: &Opened, snapshot: &SnapshotData) -> Result<String, String> {
    let shown: Vec<&LoadedProfile> = snapshot.sides.iter().filter_map(|side| side.profile.as_ref()).collect();
    let profiles: Vec<SavedProfile> = match (snapshot.kind, shown.as_slice()) {
        (_, []) => {
            return Err("a heat map without a selection has no flame graph to save".to_owned());
        }
        (DataKind::Difference, [baseline, comparison]) if baseline.unit == comparison.unit => {
            vec![SavedProfile::from(&LoadedProfile::diff_of(baseline, comparison, covered_ns(snapshot)))]
        }
        (_, profiles) => profiles.iter().map(|profile| SavedProfile::from(*profile)).collect(),
    };
    let (chart, lane) = match &snapshot.in_time {
        Some(InTime::Chart(chart, lane)) => (Some(ChartMessage::from(&**chart)), Some(lane.clone())),
        Some(InTime::Offsets(_)) | None => (None, None),
    };
    let detail = format!("snapshot {} · {}", opened.hash, opened.note);
    let saved = Saved {
        title: opened.title.clone(),
        detail,
        query: opened.state.clone(),
        profiles,
        chart,
        lane,
        head: Some(told(opened, snapshot)),
    };
    packed(&saved).await
}

/// What the page of the share says, without what concerns the link, and without names of users.
fn told(opened: &Opened, snapshot: &SnapshotData) -> SavedHead {
    let mut facts = vec![format!("taken {}", utc(opened.created_ms))];
    facts.extend(origin_facts(snapshot));
    facts.extend(snapshot.report.as_ref().map(removed_text));
    let shown = snapshot.sides.iter().filter(|side| side.profile.is_some());
    SavedHead {
        facts,
        sides: side_lines(snapshot),
        verdict: snapshot.frozen_verdict.clone(),
        without_verdict: without_verdict(snapshot).to_owned(),
        replicas: shown.map(|side| side.replicas).collect(),
    }
}

/// The time that both sides of a comparison cover, as far as it was recorded.
fn covered_ns(snapshot: &SnapshotData) -> Option<Pair> {
    let [baseline, comparison] = snapshot.sides.as_slice() else { return None };
    Some(Pair { baseline: baseline.covered_ns, comparison: comparison.covered_ns })
}
