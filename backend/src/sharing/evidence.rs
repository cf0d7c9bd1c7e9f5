//! Evidence to be frozen. Not sanitized yet, so it must not leave the process.

use super::ShareError;
use super::payload::{
    self, CallTreeColumns, Facts, FlameChart, HeatmapResponse, OffsetCells, Snapshot, SnapshotKind,
    SnapshotSide, VerdictResponse,
};
use crate::request_memory::Reservation;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::flame::ChartColumns;
use flarepath_profile::unix_nanos::UnixNanos;

/// One tree, two trees, or a heat map.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// As in [`Snapshot::version`]: what an older version did not record stays unknown.
    pub(crate) version: u32,
    /// The view that it opens in.
    pub(crate) kind: SnapshotKind,
    /// As in [`Snapshot::sides`].
    pub(crate) sides: Vec<EvidenceSide>,
    /// The grid of a heat map, and what its rows are.
    pub(crate) grid: Option<(HeatmapResponse, GridRows)>,
    /// Origin of the numbers, as in [`Snapshot::facts`]. The top functions in it are recomputed.
    pub(crate) facts: Facts,
    /// The verdict on a comparison, or the change that Explore states above a profile.
    pub(crate) verdict: Option<VerdictResponse>,
    /// The flame chart of a file, whose nodes are those of the only side.
    pub(crate) chart: Option<EvidenceChart>,
    /// The sub-second offsets of a file.
    pub(crate) offsets: Option<OffsetCells>,
    /// What is reserved for a file that was sent.
    pub(crate) _memory: Option<Reservation>,
}

/// A call tree and its origin, as in [`SnapshotSide`].
#[derive(Clone, Debug)]
pub(crate) struct EvidenceSide {
    pub(crate) label: String,
    /// The selector; empty for a file.
    pub(crate) selector: String,
    /// Start and end; 0 if unknown.
    pub(crate) range: (UnixNanos, UnixNanos),
    /// Id of the profile type.
    pub(crate) profile_type: String,
    /// Unit of the values.
    pub(crate) unit: String,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    pub(crate) tree: CallTree,
    /// Time that profiles cover, of all replicas together, nanoseconds; 0 if unknown.
    pub(crate) covered_ns: i64,
    /// Where the numbers are from.
    pub(crate) facts: Option<Facts>,
}

/// A flame chart, as in [`FlameChart`].
#[derive(Clone, Debug)]
pub(crate) struct EvidenceChart {
    /// Name of the thread.
    pub(crate) thread: String,
    /// When the first sample was taken.
    pub(crate) start_ns: u64,
    pub(crate) boxes: ChartColumns,
}

impl From<FlameChart> for EvidenceChart {
    fn from(chart: FlameChart) -> EvidenceChart {
        let FlameChart { thread, start_ns, rows, gap, length, node } = chart;
        EvidenceChart { thread, start_ns, boxes: ChartColumns { rows, gap, length, node } }
    }
}

/// The kind of rows in a heat map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GridRows {
    /// Functions.
    Functions,
    /// Bins of values.
    Values,
    /// Values of the label of this name.
    Label(String),
}

impl GridRows {
    /// The text stored in a summary.
    pub(crate) fn text(&self) -> String {
        match self {
            GridRows::Functions => "functions".to_owned(),
            GridRows::Values => "values".to_owned(),
            GridRows::Label(name) => format!("label:{name}"),
        }
    }

    /// From the text stored in a summary. Unknown text counts as values of an unknown label, which the strict policy hides.
    pub(crate) fn of_text(text: &str) -> GridRows {
        match text {
            "functions" => GridRows::Functions,
            "values" => GridRows::Values,
            other => GridRows::Label(other.strip_prefix("label:").unwrap_or_default().to_owned()),
        }
    }
}

impl Evidence {
    /// A stored snapshot, to be frozen again by a stricter policy. `rows` is the summary's text about a heat map's rows.
    ///
    /// # Errors
    /// [`ShareError::Internal`] if it is corrupt.
    pub(crate) fn of_snapshot(snapshot: Snapshot, rows: &str) -> Result<Evidence, ShareError> {
        let kind = SnapshotKind::try_from(snapshot.kind)
            .map_err(|_| ShareError::Internal("stored snapshot has an unknown kind".to_owned()))?;
        let grid_only = kind == SnapshotKind::Heatmap || snapshot.offsets.is_some();
        let sides = snapshot.sides.into_iter().map(|mut side| {
            // The origin of a grid without a selection has no tree.
            if grid_only && side.tree.is_none() {
                side.tree = Some((&CallTree::empty()).into());
            }
            read(side).map_err(ShareError::from)
        });
        Ok(Evidence {
            version: snapshot.version,
            kind,
            sides: sides.collect::<Result<_, _>>()?,
            grid: snapshot.heatmap.map(|grid| (grid, GridRows::of_text(rows))),
            facts: snapshot.facts.unwrap_or_default(),
            verdict: snapshot.verdict,
            chart: snapshot.chart.map(EvidenceChart::from),
            offsets: snapshot.offsets,
            _memory: None,
        })
    }

    /// Total nodes of all trees.
    pub(crate) fn nodes(&self) -> usize {
        self.sides.iter().map(|side| side.tree.len()).sum()
    }
}

pub(super) fn read(mut side: SnapshotSide) -> Result<EvidenceSide, payload::PayloadError> {
    let tree: Option<CallTreeColumns> = side.tree.take();
    Ok(EvidenceSide {
        tree: payload::tree_of(tree)?,
        label: side.label,
        selector: side.selector,
        range: (UnixNanos(side.from_ns), UnixNanos(side.until_ns)),
        profile_type: side.profile_type,
        unit: side.unit,
        profiles: side.profiles,
        covered_ns: side.covered_ns,
        facts: side.facts,
    })
}
