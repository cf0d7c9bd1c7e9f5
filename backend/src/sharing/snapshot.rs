//! Freezing: sanitizes evidence into the stored message, and describes it: its summary, and the data of its preview image.

use super::basis::{Per, unit_of};
use super::evidence::{Evidence, EvidenceChart, EvidenceSide, GridRows};
use super::functions::{FunctionCost, TopFunctions};
use super::headline::headline;
use super::own_functions::own_functions;
use super::payload::{
    self, Facts, FlameChart, HeatmapResponse, OffsetCells, PayloadError, ReportLine, SanitizeReport,
    Snapshot, SnapshotKind, SnapshotSide, TopMover, VerdictResponse,
};
use super::summary::{COMPARED_FILES, Summary};
use super::verdict;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Scale, diff};
use flarepath_profile::flame::ChartColumns;
use flarepath_profile::lanes::THREAD_LABEL;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sanitize::{Field, Report, Sanitizer};
use flarepath_profile::units::Unit;
use flarepath_profile::unix_nanos::UnixNanos;

/// A snapshot without its sanitization report, and what describes it.
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
    /// A diff of two trees: by covered second, or by share of the total where that is unknown.
    Diff(Box<DiffTree>, Scale, Unit),
    /// The heat map of the snapshot.
    Grid,
    /// No data.
    Nothing,
}

/// Sanitizes evidence into a snapshot. The caller takes the report from the sanitizer after all texts.
pub(crate) fn freeze(evidence: &Evidence, sanitizer: &mut Sanitizer<'_>) -> Frozen {
    let mut chart = None;
    let trees = match (&evidence.chart, &evidence.sides[..]) {
        (Some(of_file), [side]) => {
            let (tree, frozen) = frozen_chart(&side.tree, of_file, sanitizer);
            chart = Some(frozen);
            vec![tree]
        }
        (_, [baseline, comparison]) => Vec::from(sanitizer.sides(&baseline.tree, &comparison.tree)),
        (_, sides) => sides.iter().map(|side| sanitizer.tree(&side.tree)).collect(),
    };
    let mut sides: Vec<SnapshotSide> =
        evidence.sides.iter().zip(&trees).map(|(side, tree)| frozen_side(side, tree, sanitizer)).collect();
    if evidence.kind == SnapshotKind::Heatmap || evidence.offsets.is_some() {
        // Without a selection, the side only names the origin of the grid.
        sides
            .iter_mut()
            .zip(&trees)
            .filter(|(_, tree)| tree.is_empty())
            .for_each(|(side, _)| side.tree = None);
    }
    let profile_type = evidence.sides.last().and_then(|side| side.profile_type.parse::<ProfileType>().ok());
    let sample_type = profile_type.map(|t| t.sample_type).unwrap_or_default();
    // The names in it are counted already.
    let mut again = sanitizer.again();
    let verdict = frozen_verdict(evidence, &sample_type, &trees, &mut again);
    let heatmap = evidence.grid.as_ref().map(|(grid, rows)| frozen_grid(grid, rows, sanitizer));
    let offsets = evidence.offsets.as_ref().map(|cells| frozen_cells(cells, sanitizer));
    let facts = frozen_facts(&evidence.facts, sanitizer);
    let rows = evidence.grid.as_ref().map_or_else(String::new, |(_, rows)| clean_rows(rows, sanitizer));
    let mut snapshot = Snapshot {
        version: evidence.version,
        kind: evidence.kind.into(),
        sides,
        heatmap,
        facts: Some(facts),
        report: None,
        verdict,
        chart,
        offsets,
    };
    let Described { summary, preview, top } = describe(&snapshot, trees, rows);
    if let (Some(facts), Some(top)) = (&mut snapshot.facts, top) {
        facts.top_movers = top.rows.iter().map(top_mover).collect();
    }
    Frozen { snapshot, summary, preview }
}

/// Describes a stored snapshot again, for rows whose summary is outdated. `rows` is the summary's text about a heat map's rows.
///
/// # Errors
/// If its trees are damaged.
pub(crate) fn thaw(snapshot: Snapshot, rows: String) -> Result<Frozen, PayloadError> {
    let columns = snapshot.sides.iter().filter(|side| side.tree.is_some());
    let trees = columns.map(payload::tree).collect::<Result<Vec<_>, _>>()?;
    let Described { summary, preview, .. } = describe(&snapshot, trees, rows);
    Ok(Frozen { snapshot, summary, preview })
}

/// What is told about a snapshot.
struct Described {
    summary: Summary,
    preview: PreviewData,
    top: Option<TopFunctions>,
}

fn describe(snapshot: &Snapshot, trees: Vec<CallTree>, rows: String) -> Described {
    let main = snapshot.sides.last();
    let unit = main.map_or_else(|| Unit::parse(""), unit_of);
    let (top, preview) = top_and_preview(snapshot, comparable(snapshot, trees), &unit);
    let mut summary = Summary {
        version: Summary::VERSION,
        kind: kind_name(snapshot.kind()).to_owned(),
        verdict: String::new(),
        service: snapshot.facts.as_ref().map_or_else(String::new, |facts| facts.service.clone()),
        profile_type: main.map_or_else(String::new, |side| side.profile_type.clone()),
        from_ns: UnixNanos(main.map_or(0, |side| side.from_ns)),
        until_ns: UnixNanos(main.map_or(0, |side| side.until_ns)),
        rows,
        snapshot: String::new(),
    };
    let of_files = snapshot.kind() == SnapshotKind::Local && snapshot.sides.len() == 2;
    let subject = if of_files { COMPARED_FILES.to_owned() } else { summary.subject() };
    summary.verdict = headline(snapshot, &subject, top.as_ref());
    Described { summary, preview, top }
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
fn comparable(snapshot: &Snapshot, mut trees: Vec<CallTree>) -> Vec<CallTree> {
    if snapshot.sides.windows(2).any(|pair| pair[0].unit != pair[1].unit) {
        trees.drain(..trees.len().saturating_sub(1));
    }
    trees
}

fn top_and_preview(
    snapshot: &Snapshot,
    mut trees: Vec<CallTree>,
    unit: &Unit,
) -> (Option<TopFunctions>, PreviewData) {
    let is_map = snapshot.kind() == SnapshotKind::Heatmap || snapshot.offsets.is_some();
    match &mut trees[..] {
        [tree] if is_map => (Some(TopFunctions::of_tree(tree)), PreviewData::Grid),
        _ if is_map => (None, PreviewData::Grid),
        [baseline, comparison] => {
            let both = diff(baseline, comparison);
            let per = Per::of_both(snapshot);
            let ranking = per.map(Per::ranking);
            let top = TopFunctions::of_diff(&both, ranking.as_ref());
            // A level is drawn by share, which does not depend on how many profiles there are.
            let is_rate = matches!(per, Some([Per::Covered(_), _]));
            let scale = ranking.filter(|_| is_rate).unwrap_or_else(|| Scale::share(both.total(NodeId::ROOT)));
            (Some(top), PreviewData::Diff(Box::new(both), scale, unit.clone()))
        }
        [tree] => {
            let tree = std::mem::replace(tree, CallTree::empty());
            (Some(TopFunctions::of_tree(&tree)), PreviewData::Tree(tree, unit.clone()))
        }
        _ => (None, PreviewData::Nothing),
    }
}

/// The verdict, and what is own code in the trees that it is about.
fn frozen_verdict(
    evidence: &Evidence,
    sample_type: &str,
    trees: &[CallTree],
    sanitizer: &mut Sanitizer<'_>,
) -> Option<VerdictResponse> {
    let raw = evidence.verdict.as_ref()?;
    let mut frozen = verdict::frozen(raw, sample_type, trees, sanitizer);
    if let ([one, other], [baseline, comparison]) = (&evidence.sides[..], trees) {
        let clean = [baseline, comparison];
        frozen.own_functions = own_functions([&one.tree, &other.tree], clean, raw, sanitizer);
        frozen.own_functions_known = true;
    }
    Some(frozen)
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
        covered_ns: side.covered_ns,
        facts: side.facts.as_ref().map(|facts| frozen_facts(facts, sanitizer)),
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

/// The tree of a flame chart, and its boxes.
fn frozen_chart(
    tree: &CallTree,
    chart: &EvidenceChart,
    sanitizer: &mut Sanitizer<'_>,
) -> (CallTree, FlameChart) {
    let (tree, ChartColumns { rows, gap, length, node }) = sanitizer.chart(tree, &chart.boxes);
    let thread = thread_name(&chart.thread, sanitizer);
    (tree, FlameChart { thread, start_ns: chart.start_ns, rows, gap, length, node })
}

fn frozen_cells(cells: &OffsetCells, sanitizer: &mut Sanitizer<'_>) -> OffsetCells {
    let thread = cells.thread.as_ref().map(|name| thread_name(name, sanitizer));
    OffsetCells { thread, ..cells.clone() }
}

/// The name of a thread, which is the value of a label.
fn thread_name(name: &str, sanitizer: &mut Sanitizer<'_>) -> String {
    if name.is_empty() { String::new() } else { sanitizer.label(THREAD_LABEL, name).unwrap_or_default() }
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
        // Numbers in them are versions.
        profilers: facts.profilers.iter().map(|text| sanitizer.text(text, Field::Version)).collect(),
        sample_types: facts.sample_types.iter().map(|text| sanitizer.text(text, Field::Text)).collect(),
        top_movers: Vec::new(),
        store: sanitizer.text(&facts.store, Field::Text),
        store_version: sanitizer.text(&facts.store_version, Field::Version),
        ..facts.clone()
    }
}

fn top_mover(row: &FunctionCost) -> TopMover {
    TopMover {
        function: row.name.clone(),
        self_before: row.self_value.baseline,
        self_after: row.self_value.comparison,
        total_before: row.total.baseline,
        total_after: row.total.comparison,
    }
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
