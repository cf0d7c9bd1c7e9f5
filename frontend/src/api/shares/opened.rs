//! The snapshot of an opened share, which never changes.

use super::create::report_of;
use super::fact_texts::fact_texts;
use super::opened_path;
use crate::api::explore::next_generation;
use crate::api::heatmap::{HeatAnswer, HeatmapRequest, answered};
use crate::api::request::ProfileRequest;
use crate::api::verdict::verdict_of;
use crate::api::{ApiError, get_with};
use crate::local_file::chart::LaneInfo;
use crate::local_file::in_time::InTime;
use crate::state::heatmap::HeatView;
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::query::Query;
use crate::state::share::SanitizeReport;
use crate::state::share_view::{RANGE, ShareKey, range_of_text, read};
use crate::state::time_range::Span;
use crate::state::url_text::parse_pairs;
use crate::state::verdict::Verdict;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::selector::Selector;
use flarepath_wire::chart::FlameChart;
use flarepath_wire::heatmap::HeatmapResponse;
use flarepath_wire::offsets::OffsetCells;
use flarepath_wire::snapshot::{Snapshot, SnapshotKind, SnapshotSide};
use flarepath_wire::verdict::VerdictResponse;
use prost::DecodeError;
use std::sync::Arc;

/// The first version of snapshots that records covered time, facts of each side, and the verdict.
const TIME_SINCE: u32 = 2;

/// The view that a snapshot opens in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataKind {
    /// One call tree.
    Profile,
    /// Two of them.
    Difference,
    /// A heat map.
    Heatmap,
}

/// The data of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SnapshotData {
    pub(crate) kind: DataKind,
    /// One call tree each: one, or baseline and comparison.
    pub(crate) sides: Vec<SideData>,
    pub(crate) heat: Option<HeatAnswer>,
    /// Facts about the origin of the data, as text; empty where each side has its own.
    pub(crate) facts: Vec<String>,
    /// The verdict on a comparison, as it was.
    pub(crate) verdict: Option<Verdict>,
    /// The same as it was frozen, for a file.
    pub(crate) frozen_verdict: Option<VerdictResponse>,
    /// Whether its version records how much time profiles cover, and verdicts.
    pub(crate) knows_time: bool,
    /// Whether it was made of files.
    pub(crate) is_local: bool,
    /// What a file showed in time.
    pub(crate) in_time: Option<InTime>,
    /// What sanitization removed.
    pub(crate) report: Option<SanitizeReport>,
}

/// A call tree and its origin.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SideData {
    /// `baseline`, or the name of a file.
    pub(crate) label: String,
    /// Selector of the query; empty for a file.
    pub(crate) selector: String,
    /// Time range, if known.
    pub(crate) span: Option<Span>,
    /// Profile type id.
    pub(crate) profile_type: String,
    /// Time that profiles cover, of all replicas together, in nanoseconds; 0 if unknown.
    pub(crate) covered_ns: i64,
    /// Replicas that sent profiles; 0 if unknown.
    pub(crate) replicas: u64,
    /// Facts about its origin, as text.
    pub(crate) facts: Vec<String>,
    /// The call tree; absent where the snapshot holds only a heat map.
    pub(crate) profile: Option<LoadedProfile>,
}

/// Loads the snapshot of a share. `state` names the rows of a heat map.
pub(crate) async fn snapshot(key: &ShareKey, state: &str) -> Result<SnapshotData, ApiError> {
    let path = match key {
        ShareKey::Link(_) => opened_path(key),
        ShareKey::Record(_) => format!("{}/snapshot", opened_path(key)),
    };
    // A snapshot of a newer version is a readable response with an error of its own.
    let read = |bytes: &[u8]| Ok::<_, DecodeError>(Snapshot::from_bytes(bytes));
    let snapshot = get_with(&path, None, read).await?.map_err(|e| ApiError::broken(e.to_string()))?;
    decoded(snapshot, state).map_err(ApiError::broken)
}

fn decoded(snapshot: Snapshot, state: &str) -> Result<SnapshotData, String> {
    let sides = snapshot.sides.into_iter().map(side).collect::<Result<Vec<_>, String>>()?;
    let heat = snapshot.heatmap.map(|map| answered(&heatmap_request(sides.first(), &map, state), map));
    let kind = match (SnapshotKind::try_from(snapshot.kind), sides.len()) {
        (Ok(SnapshotKind::Heatmap), _) => DataKind::Heatmap,
        (_, 2) => DataKind::Difference,
        _ => DataKind::Profile,
    };
    // Each side's own facts say more than those of both together.
    let told = sides.iter().any(|side| !side.facts.is_empty());
    let facts = snapshot.facts.filter(|_| !told).map(|all| fact_texts(&all)).unwrap_or_default();
    let in_time = in_time(snapshot.chart, snapshot.offsets, &sides)?;
    let profile_type = sides.last().map(|side| side.profile_type.clone()).unwrap_or_default();
    Ok(SnapshotData {
        kind,
        heat,
        facts,
        verdict: snapshot.verdict.clone().map(|verdict| verdict_of(verdict, &profile_type)),
        frozen_verdict: snapshot.verdict,
        knows_time: snapshot.version >= TIME_SINCE,
        is_local: snapshot.kind == i32::from(SnapshotKind::Local),
        in_time,
        report: snapshot.report.map(report_of),
        sides,
    })
}

/// The chart has the tree of the only side.
fn in_time(
    chart: Option<FlameChart>,
    offsets: Option<OffsetCells>,
    sides: &[SideData],
) -> Result<Option<InTime>, String> {
    if let Some(boxes) = chart {
        let profile = sides.first().and_then(|side| side.profile.as_ref());
        let tree = &profile.ok_or("the flame chart has no call tree")?.tree;
        let lane = LaneInfo { name: boxes.thread.clone(), samples: 0 };
        let chart = boxes.chart(CallTree::clone(tree)).map_err(|e| e.to_string())?;
        return Ok(Some(InTime::Chart(Shared::new(chart), lane)));
    }
    let Some(cells) = offsets else { return Ok(None) };
    cells.cells().map_err(|e| e.to_string())?;
    Ok(Some(InTime::Offsets(Shared::new(cells))))
}

fn side(side: SnapshotSide) -> Result<SideData, String> {
    let tree = side.tree.map(CallTree::try_from).transpose().map_err(|e| e.to_string())?;
    let span =
        (side.until_ns > side.from_ns).then_some(Span { from_ns: side.from_ns, until_ns: side.until_ns });
    let profile = tree.filter(|tree| !tree.is_empty() || side.profiles > 0).map(|tree| LoadedProfile {
        tree: Arc::new(tree),
        diff: None,
        origins: None,
        unit: side.unit,
        profile_type: side.profile_type.parse().ok(),
        seconds: (side.covered_ns > 0).then_some(side.covered_ns as f64 / 1e9),
        covered_ns: None,
        profiles: side.profiles,
        generation: next_generation(),
    });
    Ok(SideData {
        label: side.label,
        selector: side.selector,
        span,
        profile_type: side.profile_type,
        covered_ns: side.covered_ns.max(0),
        // As live: profiles that no label tells apart are of one replica.
        replicas: match side.covered_ns > 0 {
            true => side.facts.as_ref().map_or(1, |facts| facts.instances_covered.max(1)),
            false => 0,
        },
        facts: side.facts.as_ref().map(fact_texts).unwrap_or_default(),
        profile,
    })
}

/// The query of the map of a snapshot, as far as drawing needs it. The side of a selection has the time range of the selection.
fn heatmap_request(side: Option<&SideData>, map: &HeatmapResponse, state: &str) -> HeatmapRequest {
    let ends = map.times_ms.first().zip(map.times_ms.last());
    let columns = ends.map(|(first, last)| Span::of_ms(*first, last + map.step_ms.max(1)));
    let whole = side.filter(|side| side.profile.is_none()).and_then(|side| side.span);
    let span = range_in(state).or(whole).or(columns).unwrap_or(Span::of_ms(0, 1));
    let profile_type = side.map(|side| side.profile_type.clone()).unwrap_or_default();
    let request = ProfileRequest { store: None, selector: Selector::default(), profile_type, span, by: None };
    HeatmapRequest { profiles: request, query: Query::default(), view: read(state, HeatView::from_params) }
}

fn range_in(state: &str) -> Option<Span> {
    let pairs = parse_pairs(state);
    range_of_text(&pairs.iter().find(|(key, _)| key == RANGE)?.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shares::NS_PER_MS;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;
    use flarepath_wire::heatmap::HeatmapRow;
    use flarepath_wire::snapshot::{Facts, VERSION};

    fn snapshot(kind: SnapshotKind, sides: usize) -> Snapshot {
        let mut tree = TreeBuilder::new();
        let frame = tree.frame(FrameText { name: "main", symbolized: true, ..FrameText::default() });
        tree.add_path([frame], 5);
        let tree = tree.finish();
        let side = SnapshotSide {
            label: "all".into(),
            from_ns: 60_000 * NS_PER_MS,
            until_ns: 240_000 * NS_PER_MS,
            profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".into(),
            unit: "nanoseconds".into(),
            covered_ns: 90_000 * NS_PER_MS,
            facts: Some(Facts { instances_covered: 2, ..Facts::default() }),
            tree: Some((&tree).into()),
            ..SnapshotSide::default()
        };
        Snapshot { version: VERSION, kind: kind.into(), sides: vec![side; sides], ..Snapshot::default() }
    }

    #[test]
    fn opens_each_kind_in_its_view() {
        let one = decoded(snapshot(SnapshotKind::Local, 1), "").unwrap();
        assert_eq!((one.kind, one.sides.len()), (DataKind::Profile, 1));
        assert_eq!(one.sides[0].profile.as_ref().unwrap().seconds, Some(90.0), "covered, and not the range");
        let two = decoded(snapshot(SnapshotKind::Compare, 2), "").unwrap();
        assert_eq!((two.kind, one.is_local, two.is_local), (DataKind::Difference, true, false));
    }

    #[test]
    fn the_first_version_has_no_rates_and_no_verdict() {
        let verdict = VerdictResponse { headline: "It is slower.".into(), ..VerdictResponse::default() };
        let new = Snapshot { verdict: Some(verdict), ..snapshot(SnapshotKind::Compare, 2) };
        let opened = decoded(new.clone(), "").unwrap();
        assert_eq!(opened.verdict.map(|v| v.headline).as_deref(), Some("It is slower."));
        assert_eq!(
            (opened.knows_time, opened.sides[0].replicas, opened.sides[0].covered_ns),
            (true, 2, 90_000_000_000)
        );
        assert_eq!(opened.sides[1].facts, ["2 instances"]);
        let mut old = Snapshot { version: 1, verdict: None, ..new };
        old.sides.iter_mut().for_each(|side| (side.covered_ns, side.facts) = (0, None));
        let opened = decoded(old, "").unwrap();
        assert!(!opened.knows_time && opened.verdict.is_none());
        assert_eq!(opened.sides[0].profile.as_ref().unwrap().seconds, None);
    }

    #[test]
    fn opens_what_a_file_showed_in_time() {
        let boxes = FlameChart {
            thread: "main".into(),
            start_ns: 7,
            rows: vec![1, 1],
            gap: vec![0, 1_000_000_001],
            length: vec![1_000_000_003, 2],
            node: vec![0, 1],
        };
        let file = snapshot(SnapshotKind::Local, 1);
        let opened = decoded(Snapshot { chart: Some(boxes.clone()), ..file.clone() }, "").unwrap();
        let Some(InTime::Chart(chart, lane)) = opened.in_time else { panic!("no chart") };
        assert_eq!(FlameChart::of(&chart, &lane.name), boxes);
        let no_tree = Snapshot { sides: vec![SnapshotSide::default()], chart: Some(boxes), ..file.clone() };
        assert!(decoded(no_tree, "").is_err());
        let cells = OffsetCells { rows: 10, columns: 1, first: 9, values: vec![4], ..OffsetCells::default() };
        let opened = decoded(Snapshot { offsets: Some(cells.clone()), ..file.clone() }, "").unwrap();
        assert!(matches!(opened.in_time, Some(InTime::Offsets(found)) if *found == cells));
        let outside = OffsetCells { first: 10, ..cells };
        assert!(decoded(Snapshot { offsets: Some(outside), ..file }, "").is_err());
    }

    #[test]
    fn keeps_columns_and_rows_of_a_map() {
        let map = HeatmapResponse {
            times_ms: vec![60_000, 180_000],
            step_ms: 60_000,
            unit: "nanoseconds".into(),
            rows: vec![HeatmapRow { name: "eu".into(), sum: 3, cells: vec![1, 2], ..HeatmapRow::default() }],
            column_totals: vec![1, 2],
            row_count: 1,
            ..HeatmapResponse::default()
        };
        let snapshot = Snapshot { heatmap: Some(map.clone()), ..snapshot(SnapshotKind::Heatmap, 1) };
        let wide = decoded(snapshot.clone(), "rows=label&w=0-300000").unwrap().heat.unwrap();
        assert_eq!(wide.data.unwrap().map.columns(), 5);
        let data = decoded(snapshot, "rows=label").unwrap();
        let heat = data.heat.unwrap();
        assert_eq!((data.kind, heat.subject.names.len()), (DataKind::Heatmap, 1));
        assert_eq!(heat.data.unwrap().map.columns(), 3);
        let alone =
            Snapshot { sides: Vec::new(), heatmap: Some(map), ..self::snapshot(SnapshotKind::Heatmap, 0) };
        assert_eq!(decoded(alone, "rows=label").unwrap().heat.unwrap().data.unwrap().map.columns(), 3);
    }
}
