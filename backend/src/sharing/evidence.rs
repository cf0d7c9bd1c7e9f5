//! What is to be frozen, as it was found: not yet sanitised, so it must not leave this process.

use super::ShareError;
use super::payload::{self, CallTreeColumns, Facts, HeatmapResponse, Snapshot, SnapshotKind, SnapshotSide};
use crate::problem::ProblemKind;
use flarepath_profile::call_tree::CallTree;

/// Most nodes that the trees of a file may have together.
pub(crate) const MOST_NODES: usize = 8_000_000;
/// Longest text of a file's own: label, type, unit.
const LONGEST_TEXT: usize = 1000;

/// One tree, two trees, or a heat map.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// Which view it opens in.
    pub(crate) kind: SnapshotKind,
    /// As in [`Snapshot::sides`].
    pub(crate) sides: Vec<EvidenceSide>,
    /// The grid of a heat map, and what its rows are.
    pub(crate) grid: Option<(HeatmapResponse, GridRows)>,
    /// Where the numbers are from. The functions in it are made anew.
    pub(crate) facts: Facts,
}

/// A call tree and where it is from, as in [`SnapshotSide`].
#[derive(Clone, Debug)]
pub(crate) struct EvidenceSide {
    /// What to call it.
    pub(crate) label: String,
    /// The selector; empty for a file.
    pub(crate) selector: String,
    /// Range, nanoseconds since the epoch; 0 if unknown.
    pub(crate) range_ns: (i64, i64),
    /// Id of the profile type.
    pub(crate) profile_type: String,
    /// Unit of the values.
    pub(crate) unit: String,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// The tree.
    pub(crate) tree: CallTree,
}

/// What the rows of a heat map are.
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
    /// As a summary keeps it.
    pub(crate) fn text(&self) -> String {
        match self {
            GridRows::Functions => "functions".to_owned(),
            GridRows::Values => "values".to_owned(),
            GridRows::Label(name) => format!("label:{name}"),
        }
    }

    /// From what a summary kept. What is unknown is taken for values of an unknown label, which strict rules hide.
    pub(crate) fn of_text(text: &str) -> GridRows {
        match text {
            "functions" => GridRows::Functions,
            "values" => GridRows::Values,
            other => GridRows::Label(other.strip_prefix("label:").unwrap_or_default().to_owned()),
        }
    }
}

impl Evidence {
    /// What a browser has read from a file, or from two that it compares.
    ///
    /// # Errors
    /// [`ShareError::Invalid`] when it is not one tree, or two, within bounds.
    pub(crate) fn of_file(snapshot: Snapshot) -> Result<Evidence, ShareError> {
        let bad = |message: String| ShareError::invalid(ProblemKind::BadSnapshot, message);
        if snapshot.kind != i32::from(SnapshotKind::Local) || snapshot.heatmap.is_some() {
            return Err(bad("`local`: only a snapshot of kind Local can be uploaded".to_owned()));
        }
        if snapshot.version != payload::VERSION {
            return Err(bad(format!("`local`: expected version {}", payload::VERSION)));
        }
        if !(1..=2).contains(&snapshot.sides.len()) {
            return Err(bad(format!("`local`: expected one side or two, found {}", snapshot.sides.len())));
        }
        let long = |side: &SnapshotSide| {
            [&side.label, &side.profile_type, &side.unit].iter().any(|text| text.len() > LONGEST_TEXT)
        };
        if snapshot.sides.iter().any(long) {
            return Err(bad(format!("`local`: label, type and unit have at most {LONGEST_TEXT} bytes")));
        }
        let of_side = |side: &SnapshotSide| side.tree.as_ref().map_or(0, |tree| tree.node_frame.len());
        let nodes = snapshot.sides.iter().map(of_side).sum::<usize>();
        if nodes > MOST_NODES {
            let message = format!(
                "the call trees have {nodes} nodes, more than the {MOST_NODES} that can be shared; share a part of them"
            );
            return Err(ShareError::TooLarge(message));
        }
        let side = |side: SnapshotSide| {
            let side = read(side).map_err(|e| bad(format!("`local`: {e}")))?;
            Ok(EvidenceSide { selector: String::new(), ..side })
        };
        let sides = snapshot.sides.into_iter().map(side).collect::<Result<Vec<_>, ShareError>>()?;
        Ok(Evidence { kind: SnapshotKind::Local, sides, grid: None, facts: Facts::default() })
    }

    /// What was frozen before, to be frozen by stricter rules. `rows` is what the summary says of a heat map's rows.
    ///
    /// # Errors
    /// [`ShareError::Internal`] when it is damaged.
    pub(crate) fn of_snapshot(snapshot: Snapshot, rows: &str) -> Result<Evidence, ShareError> {
        let kind = SnapshotKind::try_from(snapshot.kind)
            .map_err(|_| ShareError::Internal("a stored snapshot is of an unknown kind".to_owned()))?;
        let grid_only = kind == SnapshotKind::Heatmap;
        let sides = snapshot.sides.into_iter().map(|mut side| {
            // Where a grid is from that nothing was selected in.
            if grid_only && side.tree.is_none() {
                side.tree = Some((&CallTree::empty()).into());
            }
            read(side).map_err(ShareError::from)
        });
        Ok(Evidence {
            kind,
            sides: sides.collect::<Result<_, _>>()?,
            grid: snapshot.heatmap.map(|grid| (grid, GridRows::of_text(rows))),
            facts: snapshot.facts.unwrap_or_default(),
        })
    }

    /// Nodes of all trees.
    pub(crate) fn nodes(&self) -> usize {
        self.sides.iter().map(|side| side.tree.len()).sum()
    }
}

fn read(mut side: SnapshotSide) -> Result<EvidenceSide, payload::PayloadError> {
    let tree: Option<CallTreeColumns> = side.tree.take();
    Ok(EvidenceSide {
        tree: payload::tree_of(tree)?,
        label: side.label,
        selector: side.selector,
        range_ns: (side.from_ns, side.until_ns),
        profile_type: side.profile_type,
        unit: side.unit,
        profiles: side.profiles,
    })
}
