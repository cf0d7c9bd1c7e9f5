//! Freezing: sanitizes evidence into the stored message, and computes its one-line verdict.

use super::evidence::{Evidence, EvidenceSide, GridRows};
use super::payload::{
    self, Facts, HeatmapResponse, ReportLine, SanitizeReport, Snapshot, SnapshotKind, SnapshotSide, TopMover,
};
use super::postmortem::{self, Mover, Movers};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Scale, diff};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sanitize::{Field, Report, Sanitizer};
use flarepath_profile::units::Unit;
use flarepath_profile::unix_nanos::UnixNanos;
use serde::{Deserialize, Serialize};

/// Summary of a share for lists. Sanitized like the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Summary {
    /// `explore`, `compare`, `heatmap` or `local`.
    pub(crate) kind: String,
    /// One-line verdict.
    pub(crate) verdict: String,
    /// The service; empty if several or unknown.
    pub(crate) service: String,
    /// Profile type of the comparison, or the only one.
    pub(crate) profile_type: String,
    /// Start of its range; 0 if unknown.
    pub(crate) from_ns: UnixNanos,
    /// End of its range.
    pub(crate) until_ns: UnixNanos,
    /// The kind of rows of a heat map; see [`GridRows::text`].
    pub(crate) rows: String,
    /// BLAKE3 of the snapshot, even after it is purged.
    pub(crate) snapshot: String,
}

/// A snapshot without its sanitization report, and its trees.
pub(crate) struct Frozen {
    pub(crate) snapshot: Snapshot,
    pub(crate) summary: Summary,
    /// Data for the preview image.
    pub(crate) preview: PreviewData,
}

/// Data for the preview image.
pub(crate) enum PreviewData {
    /// One tree.
    Tree(CallTree, Unit),
    /// A diff of two trees, by share of the total.
    Diff(Box<DiffTree>, Scale, Unit),
    /// The heat map of the snapshot.
    Grid,
    /// No data.
    Nothing,
}

/// Sanitizes evidence into a snapshot. The caller takes the report from the sanitizer after all texts.
pub(crate) fn freeze(evidence: &Evidence, sanitizer: &mut Sanitizer<'_>) -> Frozen {
    let trees = match &evidence.sides[..] {
        [baseline, comparison] => Vec::from(sanitizer.sides(&baseline.tree, &comparison.tree)),
        sides => sides.iter().map(|side| sanitizer.tree(&side.tree)).collect(),
    };
    let mut sides: Vec<SnapshotSide> =
        evidence.sides.iter().zip(&trees).map(|(side, tree)| frozen_side(side, tree, sanitizer)).collect();
    if evidence.kind == SnapshotKind::Heatmap {
        // Without a selection, the side only names the origin of the grid.
        sides
            .iter_mut()
            .zip(&trees)
            .filter(|(_, tree)| tree.is_empty())
            .for_each(|(side, _)| side.tree = None);
    }
    let heatmap = evidence.grid.as_ref().map(|(grid, rows)| frozen_grid(grid, rows, sanitizer));
    let mut facts = frozen_facts(&evidence.facts, sanitizer);
    let rows = evidence.grid.as_ref().map_or_else(String::new, |(_, rows)| clean_rows(rows, sanitizer));
    let main = sides.last();
    let sample_type =
        main.and_then(|side| side.profile_type.parse::<ProfileType>().ok()).map(|t| t.sample_type);
    let sample_type = sample_type.unwrap_or_default();
    let unit = Unit::of(&sample_type, main.map_or("", |side| &side.unit));
    let (movers, preview) = movers_and_preview(evidence.kind, comparable(evidence, trees), &unit);
    let verdict = match (&movers, &heatmap) {
        (_, Some(grid)) => grid_verdict(grid),
        (Some(movers), None) => postmortem::verdict(movers, &sample_type, &unit),
        (None, None) => String::new(),
    };
    facts.top_movers = movers.map(|movers| top_movers(&movers)).unwrap_or_default();
    let summary = Summary {
        kind: kind_name(evidence.kind).to_owned(),
        verdict,
        service: facts.service.clone(),
        profile_type: main.map_or_else(String::new, |side| side.profile_type.clone()),
        from_ns: UnixNanos(main.map_or(0, |side| side.from_ns)),
        until_ns: UnixNanos(main.map_or(0, |side| side.until_ns)),
        rows,
        snapshot: String::new(),
    };
    let snapshot = Snapshot {
        version: payload::VERSION,
        kind: evidence.kind.into(),
        sides,
        heatmap,
        facts: Some(facts),
        report: None,
    };
    Frozen { snapshot, summary, preview }
}

/// The name of a kind in requests and lists.
pub(crate) fn kind_name(kind: SnapshotKind) -> &'static str {
    match kind {
        SnapshotKind::Explore => "explore",
        SnapshotKind::Compare => "compare",
        SnapshotKind::Heatmap => "heatmap",
        SnapshotKind::Local => "local",
        SnapshotKind::Unspecified => "",
    }
}

/// The trees whose values are comparable: with different units, the comparison alone.
fn comparable(evidence: &Evidence, mut trees: Vec<CallTree>) -> Vec<CallTree> {
    if evidence.sides.windows(2).any(|pair| pair[0].unit != pair[1].unit) {
        trees.drain(..trees.len().saturating_sub(1));
    }
    trees
}

fn movers_and_preview(
    kind: SnapshotKind,
    mut trees: Vec<CallTree>,
    unit: &Unit,
) -> (Option<Movers>, PreviewData) {
    match (kind, &mut trees[..]) {
        (SnapshotKind::Heatmap, [tree]) => (Some(Movers::of_tree(tree)), PreviewData::Grid),
        (SnapshotKind::Heatmap, _) => (None, PreviewData::Grid),
        (_, [baseline, comparison]) => {
            let both = diff(baseline, comparison);
            let scale = Scale::share(both.total(NodeId::ROOT));
            (Some(Movers::of_diff(&both, &scale)), PreviewData::Diff(Box::new(both), scale, unit.clone()))
        }
        (_, [tree]) => {
            let tree = std::mem::replace(tree, CallTree::empty());
            (Some(Movers::of_tree(&tree)), PreviewData::Tree(tree, unit.clone()))
        }
        _ => (None, PreviewData::Nothing),
    }
}

fn frozen_side(side: &EvidenceSide, tree: &CallTree, sanitizer: &mut Sanitizer<'_>) -> SnapshotSide {
    SnapshotSide {
        // May be a file name.
        label: sanitizer.text(&side.label, Field::File),
        selector: match side.selector.is_empty() {
            true => String::new(),
            false => sanitizer.selector(&side.selector),
        },
        from_ns: side.range.0.0,
        until_ns: side.range.1.0,
        profile_type: sanitizer.text(&side.profile_type, Field::Text),
        unit: sanitizer.text(&side.unit, Field::Text),
        profiles: side.profiles,
        ..payload::side(tree)
    }
}

fn frozen_grid(grid: &HeatmapResponse, rows: &GridRows, sanitizer: &mut Sanitizer<'_>) -> HeatmapResponse {
    let mut grid = grid.clone();
    let mut hidden = 0;
    for row in &mut grid.rows {
        row.file = sanitizer.text(&row.file, Field::File);
        row.name = match rows {
            GridRows::Values => String::new(),
            GridRows::Functions => sanitizer.text(&row.name, Field::Function),
            GridRows::Label(_) if row.name.is_empty() => String::new(),
            GridRows::Label(label) => sanitizer.label(label, &row.name).unwrap_or_else(|| {
                hidden += 1;
                format!("value {hidden}")
            }),
        };
    }
    if let Some(other) = &mut grid.other {
        (other.name, other.file) = (String::new(), String::new());
    }
    grid.unit = sanitizer.text(&grid.unit, Field::Text);
    grid.bin_unit = sanitizer.text(&grid.bin_unit, Field::Text);
    grid
}

fn clean_rows(rows: &GridRows, sanitizer: &mut Sanitizer<'_>) -> String {
    match rows {
        GridRows::Label(name) => GridRows::Label(sanitizer.text(name, Field::LabelName)).text(),
        other => other.text(),
    }
}

fn frozen_facts(facts: &Facts, sanitizer: &mut Sanitizer<'_>) -> Facts {
    let service = match facts.service.as_str() {
        "" => String::new(),
        service => sanitizer.label("service_name", service).unwrap_or_default(),
    };
    let versions = facts.versions.iter().filter_map(|version| sanitizer.label("version", version));
    Facts {
        service,
        versions: versions.collect(),
        sampling_unit: sanitizer.text(&facts.sampling_unit, Field::Text),
        top_movers: Vec::new(),
        ..facts.clone()
    }
}

fn top_movers(movers: &Movers) -> Vec<TopMover> {
    let mover = |row: &Mover| TopMover {
        function: row.name.clone(),
        self_before: row.self_value.baseline,
        self_after: row.self_value.comparison,
        total_before: row.total.baseline,
        total_after: row.total.comparison,
    };
    movers.rows.iter().map(mover).collect()
}

fn grid_verdict(grid: &HeatmapResponse) -> String {
    let (rows, columns) = (grid.rows.len(), grid.times_ms.len());
    format!("Heat map of {rows} rows over {columns} columns of {} s", grid.step_ms as f64 / 1000.0)
}

/// The report as stored and sent.
pub(crate) fn report_message(report: &Report) -> SanitizeReport {
    let line = |line: &flarepath_profile::sanitize::Line| ReportLine {
        rule: line.rule.clone(),
        count: line.count,
        examples: line.examples.clone(),
    };
    let names = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect();
    SanitizeReport {
        policy: report.policy.to_owned(),
        policy_version: report.version,
        lines: report.lines.iter().map(line).collect(),
        functions: report.functions as u64,
        notable_names: report.notable_names.clone(),
        labels_kept: names(&report.labels_kept),
        labels_hashed: names(&report.labels_hashed),
        labels_dropped: names(&report.labels_dropped),
        nodes_merged: report.nodes_merged as u64,
    }
}
