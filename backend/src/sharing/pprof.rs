//! Export of a share's call tree as pprof.

use super::payload::{self, Snapshot, SnapshotSide};
use super::stored_snapshot::with_snapshot;
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::formats::pprof;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashMap;
use std::io::Write;
use std::str::FromStr;

/// Frames of all stacks in total: pprof repeats the whole stack for each node.
const MAX_FRAMES: usize = 100_000_000;

/// A side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShareSide {
    Baseline,
    /// The last side; the only one if there is no baseline.
    Comparison,
}

impl ShareSide {
    /// Both by name, the default first.
    pub(crate) const NAMED: [(&str, ShareSide); 2] =
        [("comparison", ShareSide::Comparison), ("baseline", ShareSide::Baseline)];
}

impl FromStr for ShareSide {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<ShareSide, ShareError> {
        let named = ShareSide::NAMED.into_iter().find(|(name, _)| *name == text);
        named.map(|(_, side)| side).ok_or_else(|| {
            ShareError::invalid(ProblemKind::BadSide, "`side`: expected baseline or comparison")
        })
    }
}

/// One side of a share as a gzipped pprof.
///
/// # Errors
/// [`ShareError::Empty`] without a call tree, [`ShareError::TooLarge`] for a file beyond the limit.
pub(crate) async fn pprof(
    service: &ShareService,
    share: &ShareRow,
    which: ShareSide,
) -> Result<Vec<u8>, ShareError> {
    let file = with_snapshot(service, share, move |snapshot| {
        let side = side(&snapshot, which).ok_or(ShareError::Empty)?;
        let tree = payload::tree(side)?;
        let file = pprof::write(&profile(&tree, side)?);
        gzip(&file).map_err(|e| ShareError::Internal(format!("compressing a pprof file failed: {e}")))
    });
    file.await
}

fn side(snapshot: &Snapshot, which: ShareSide) -> Option<&SnapshotSide> {
    match which {
        ShareSide::Baseline => snapshot.sides.first(),
        ShareSide::Comparison => snapshot.sides.last(),
    }
}

/// One sample per node with a self value; one location per frame.
fn profile(tree: &CallTree, side: &SnapshotSide) -> Result<Profile, ShareError> {
    let depths = depths(tree);
    let has_self = |node: usize| tree.self_value(NodeId(node as u32)) != 0;
    let frames: usize =
        (0..tree.len()).filter(|&node| has_self(node)).map(|node| depths[node] as usize).sum();
    if frames > MAX_FRAMES {
        let message =
            format!("its stacks have {frames} frames, more than the limit of {MAX_FRAMES} for pprof files");
        return Err(ShareError::TooLarge(message));
    }
    let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
    let kind =
        side.profile_type.parse::<ProfileType>().map_or_else(|_| "value".to_owned(), |t| t.sample_type);
    let value_type =
        ValueType { kind: profile.strings.intern(&kind), unit: profile.strings.intern(&side.unit) };
    profile.sample_types = vec![value_type];
    profile.default_sample_type = value_type.kind;
    profile.time_nanos = side.from_ns;
    profile.duration_nanos = side.until_ns.saturating_sub(side.from_ns).max(0);
    add_frames(&mut profile, tree);
    for node in (0..tree.len()).filter(|&node| has_self(node)) {
        let mut leaf_first = Vec::with_capacity(depths[node] as usize);
        let mut at = NodeId(node as u32);
        while at != NodeId::ROOT {
            leaf_first.push(LocationId(tree.frame(at).0));
            at = tree.parent(at);
        }
        let stack = profile.stacks.push(leaf_first);
        profile.samples.push(stack, &[tree.self_value(NodeId(node as u32))], &[]);
    }
    Ok(profile)
}

fn add_frames(profile: &mut Profile, tree: &CallTree) {
    let mut mappings: HashMap<String, u32> = HashMap::new();
    for id in 0..tree.frames().len() as u32 {
        let text = tree.frames().text(FrameId(id));
        let (name, file) = (profile.strings.intern(text.name), profile.strings.intern(text.file));
        let start_line = i64::from(text.line);
        profile.functions.push(Function { name, system_name: name, file, start_line });
        let mapping = (!text.mapping.is_empty()).then(|| {
            *mappings.entry(text.mapping.to_owned()).or_insert_with(|| {
                let file = profile.strings.intern(text.mapping);
                profile.mappings.push(Mapping { file, has_functions: true, ..Mapping::default() });
                (profile.mappings.len() - 1) as u32
            })
        });
        let line = Line { function: FunctionId(id), line: start_line, column: 0 };
        profile.locations.push(mapping, 0, [line]);
    }
}

/// Frames from the root to each node, its own included.
fn depths(tree: &CallTree) -> Vec<u32> {
    let mut depths = vec![0u32; tree.len()];
    for node in 1..tree.len() {
        depths[node] = depths[tree.parent(NodeId(node as u32)).index()].saturating_add(1);
    }
    depths
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}
