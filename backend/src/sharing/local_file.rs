//! Evidence that a browser uploads: a local file, with the flame chart of a thread or its sub-second offsets, or two compared
//! files. Everything is counted before anything is computed of it.

use super::ShareError;
use super::evidence::{Evidence, EvidenceChart, EvidenceSide, read};
use super::payload::{self, Facts, FlameChart, OffsetCells, Snapshot, SnapshotKind, SnapshotSide};
use crate::problem::ProblemKind;
use crate::request_memory::Reservation;
use flarepath_profile::call_tree::CallTree;

/// Maximum nodes of all trees and boxes of the flame chart together: what is computed of them stays below 64 MiB.
const MAX_NODES: usize = 400_000;
/// Maximum cells of sub-second offsets: 2 h 46 min of 50 rows.
const MAX_CELLS: u64 = 500_000;
/// Maximum rows per second of sub-second offsets.
const MAX_ROWS: u32 = 1000;
/// Maximum length of a flame chart in nanoseconds, 104 days: up to there the edges of boxes are exact.
const MAX_CHART_NS: u64 = 1 << 53;
/// Maximum bytes of a label, type, unit or name of a thread.
const MAX_TEXT_BYTES: usize = 1000;

impl Evidence {
    /// Evidence of an uploaded snapshot of kind `Local`.
    ///
    /// # Errors
    /// [`ShareError::Invalid`] unless its parts belong together, [`ShareError::TooLarge`] beyond the limits.
    pub(crate) fn of_file(mut snapshot: Snapshot, memory: Reservation) -> Result<Evidence, ShareError> {
        check_parts(&snapshot)?;
        check_texts(&snapshot)?;
        check_sizes(&snapshot)?;
        if let Some(cells) = &snapshot.offsets {
            check_cells(cells)?;
        }
        let (chart, offsets) = (snapshot.chart.take(), snapshot.offsets.take());
        let mut sides = Vec::new();
        for mut side in snapshot.sides {
            if offsets.is_some() && side.tree.is_none() {
                side.tree = Some((&CallTree::empty()).into());
            }
            let side = read(side).map_err(|e| bad(format!("`local`: {e}")))?;
            let covered_ns = side.covered_ns.max(0);
            sides.push(EvidenceSide { selector: String::new(), covered_ns, facts: None, ..side });
        }
        let chart = match (chart, sides.first_mut()) {
            (Some(chart), Some(side)) => Some(chart_of(side, chart)?),
            _ => None,
        };
        Ok(Evidence {
            version: payload::VERSION,
            kind: SnapshotKind::Local,
            sides,
            grid: None,
            facts: Facts::default(),
            // What a browser sends is no verdict of this server.
            verdict: None,
            chart,
            offsets,
            _memory: Some(memory),
        })
    }
}

fn bad(message: String) -> ShareError {
    ShareError::invalid(ProblemKind::BadSnapshot, message)
}

fn check_parts(snapshot: &Snapshot) -> Result<(), ShareError> {
    if snapshot.kind != i32::from(SnapshotKind::Local) || snapshot.heatmap.is_some() {
        return Err(bad("`local`: only a snapshot of kind Local can be uploaded".to_owned()));
    }
    if !(1..=payload::VERSION).contains(&snapshot.version) {
        return Err(bad(format!("`local`: expected a version from 1 to {}", payload::VERSION)));
    }
    if !(1..=2).contains(&snapshot.sides.len()) {
        return Err(bad(format!("`local`: expected one side or two, found {}", snapshot.sides.len())));
    }
    if snapshot.chart.is_some() && (snapshot.sides.len() != 1 || snapshot.offsets.is_some()) {
        return Err(bad("`local`: a flame chart has one side, and no sub-second offsets".to_owned()));
    }
    Ok(())
}

fn check_texts(snapshot: &Snapshot) -> Result<(), ShareError> {
    let of_side = |side: &SnapshotSide| [&side.label, &side.profile_type, &side.unit].map(String::len);
    let threads = [
        snapshot.chart.as_ref().map(|chart| chart.thread.len()),
        snapshot.offsets.as_ref().and_then(|cells| cells.thread.as_ref().map(String::len)),
    ];
    let lengths = snapshot.sides.iter().flat_map(of_side).chain(threads.into_iter().flatten());
    match lengths.max() {
        Some(longest) if longest > MAX_TEXT_BYTES => Err(bad(format!(
            "`local`: label, type, unit and name of a thread have at most {MAX_TEXT_BYTES} bytes"
        ))),
        _ => Ok(()),
    }
}

fn check_sizes(snapshot: &Snapshot) -> Result<(), ShareError> {
    let of_side = |side: &SnapshotSide| side.tree.as_ref().map_or(0, |tree| tree.node_frame.len());
    let nodes = snapshot.sides.iter().map(of_side).sum::<usize>();
    let of_chart = |FlameChart { rows, gap, length, node, .. }: &FlameChart| {
        [rows.len(), gap.len(), length.len(), node.len()].into_iter().max().unwrap_or(0)
    };
    let boxes = snapshot.chart.as_ref().map_or(0, of_chart);
    if nodes.saturating_add(boxes) <= MAX_NODES {
        return Ok(());
    }
    let message = match boxes {
        0 => format!(
            "the call trees have {nodes} nodes, more than the {MAX_NODES} that can be shared; share a part of them"
        ),
        _ => format!(
            "the flame chart has {boxes} boxes and its call tree {nodes} nodes, together more than the {MAX_NODES} that can be \
             shared; choose another thread, or share the profile"
        ),
    };
    Err(ShareError::TooLarge(message))
}

fn check_cells(cells: &OffsetCells) -> Result<(), ShareError> {
    let count = cells.cells().map_err(|e| bad(format!("`local`: {e}")))?;
    if cells.rows > MAX_ROWS {
        return Err(bad(format!("`local`: sub-second offsets have at most {MAX_ROWS} rows")));
    }
    if count > MAX_CELLS {
        let message = format!(
            "the heat map has {count} cells, more than the {MAX_CELLS} that can be shared; choose higher rows"
        );
        return Err(ShareError::TooLarge(message));
    }
    Ok(())
}

/// The boxes, once they are known to be of the side's tree.
fn chart_of(side: &mut EvidenceSide, boxes: FlameChart) -> Result<EvidenceChart, ShareError> {
    if boxes.length.first().is_some_and(|&length| length > MAX_CHART_NS) {
        return Err(bad(format!("`local`: a flame chart lasts at most {MAX_CHART_NS} ns")));
    }
    let thread = boxes.thread.clone();
    let tree = std::mem::replace(&mut side.tree, CallTree::empty());
    let chart = boxes.chart(tree).map_err(|e| bad(format!("`local`: {e}")))?;
    let boxes = FlameChart::of(&chart, &thread);
    side.tree = chart.tree;
    Ok(boxes.into())
}
