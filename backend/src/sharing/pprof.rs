//! A share's call tree as a pprof file, for other tools.

use super::payload::{self, Snapshot, SnapshotSide};
use super::{Desk, ShareError};
use crate::db::shares::ShareRow;
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

/// Frames of all stacks together that are written: a pprof repeats the whole stack for each node.
const MOST_FRAMES: usize = 100_000_000;

/// Which side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The first.
    Baseline,
    /// The last, also when there is one.
    Comparison,
}

impl FromStr for Which {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Which, ShareError> {
        match text {
            "baseline" => Ok(Which::Baseline),
            "comparison" => Ok(Which::Comparison),
            _ => Err(ShareError::invalid("bad-side", "`side`: expected baseline or comparison")),
        }
    }
}

impl Desk {
    /// One side of a share as a gzipped pprof.
    ///
    /// # Errors
    /// [`ShareError::Empty`] when there is no tree, [`ShareError::TooLarge`] when the file would be.
    pub(crate) async fn pprof(&self, share: &ShareRow, which: Which) -> Result<Vec<u8>, ShareError> {
        let bytes = self.bytes(share).await?;
        let hash = share.snapshot_hash.clone().unwrap_or_default();
        self.work(move || {
            let snapshot = payload::decode(&bytes, &hash)?;
            let side = side(&snapshot, which).ok_or(ShareError::Empty)?;
            let tree = payload::tree(side)?;
            let file = pprof::write(&profile(&tree, side)?);
            gzip(&file).map_err(|e| ShareError::Internal(format!("a file could not be compressed: {e}")))
        })
        .await
    }
}

fn side(snapshot: &Snapshot, which: Which) -> Option<&SnapshotSide> {
    match which {
        Which::Baseline => snapshot.sides.first(),
        Which::Comparison => snapshot.sides.last(),
    }
}

/// One sample a node with a value of its own; one location a frame.
fn profile(tree: &CallTree, side: &SnapshotSide) -> Result<Profile, ShareError> {
    let depths = depths(tree);
    let own = |node: usize| tree.self_value(NodeId(node as u32)) != 0;
    let frames: usize = (0..tree.len()).filter(|&node| own(node)).map(|node| depths[node] as usize).sum();
    if frames > MOST_FRAMES {
        let message = format!(
            "its stacks have {frames} frames, more than the {MOST_FRAMES} that a pprof is written with"
        );
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
    put_frames(&mut profile, tree);
    for node in (0..tree.len()).filter(|&node| own(node)) {
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

fn put_frames(profile: &mut Profile, tree: &CallTree) {
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

/// Frames on the way to each node, its own among them.
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
