//! Snapshot: the frozen content of a share, as stored and as opened by the browser.
//!
//! One message, compressed with zstd, addressed by the hash of its bytes and never changed. What may change about a
//! share (title, note, who may open it, annotations) is not in here. It holds all that a view needs, so that it opens
//! after the profiles and their storage are gone.
//!
//! [`VERSION`] grows when an older reader would show something wrong; fields that it may ignore are added without.

mod facts;
mod report;
#[cfg(test)]
mod tests;

pub use facts::{Facts, Gap, TopMover};
pub use report::{ReportLine, SanitizeReport};

use crate::call_tree::CallTreeColumns;
use crate::chart::FlameChart;
use crate::heatmap::HeatmapResponse;
use crate::offsets::OffsetCells;
use crate::packed;
use crate::verdict::VerdictResponse;
use prost::Message;
use serde::{Deserialize, Serialize};

/// The version that is written, and the newest that is read.
///
/// Version 2 records how much of each range has data ([`SnapshotSide::covered_ns`]), facts of each side, and the verdict.
/// Snapshots of version 1 open without rates and without a verdict: what they would need was not recorded.
pub const VERSION: u32 = 2;

/// What is frozen.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// See [`VERSION`].
    #[prost(uint32, tag = "1")]
    pub version: u32,
    /// Which view it opens in: a [`SnapshotKind`] as its number; in JSON, too.
    #[prost(enumeration = "SnapshotKind", tag = "2")]
    pub kind: i32,
    /// One; two of a comparison: the baseline, then the comparison. Of a heat map one for each selection with its tree, in the
    /// order of selecting, or one without a tree that names the query.
    #[prost(message, repeated, tag = "3")]
    pub sides: Vec<SnapshotSide>,
    /// The grid of a heat map.
    #[prost(message, optional, tag = "4")]
    pub heatmap: Option<HeatmapResponse>,
    /// What a postmortem tells about where the numbers are from; of the comparison when there are two sides, and of all of a
    /// heat map.
    #[prost(message, optional, tag = "5")]
    pub facts: Option<Facts>,
    /// What was taken out before it was frozen.
    #[prost(message, optional, tag = "6")]
    pub report: Option<SanitizeReport>,
    /// The verdict on the comparison, as it was on screen, sanitised; absent where none was given, and in version 1. Where it
    /// could not be computed, its outcome is `unavailable`, and its headline says why. Of one call tree of the storage: the verdict
    /// against the baseline that the server chose, if it found a change.
    #[prost(message, optional, tag = "7")]
    #[serde(default)]
    pub verdict: Option<VerdictResponse>,
    /// Of a file: the flame chart of one thread; its nodes are those of the only side's tree. Readers from before it show the
    /// tree.
    #[prost(message, optional, tag = "8")]
    #[serde(default)]
    pub chart: Option<FlameChart>,
    /// Of a file: its sub-second offsets. The sides are as those of a heat map. Readers from before it show their trees.
    #[prost(message, optional, tag = "9")]
    #[serde(default)]
    pub offsets: Option<OffsetCells>,
}

/// Which view a snapshot opens in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum SnapshotKind {
    /// Not said; a reader refuses it.
    Unspecified = 0,
    /// One call tree of the storage.
    Explore = 1,
    /// Two call trees.
    Compare = 2,
    /// A heat map.
    Heatmap = 3,
    /// A file that a browser had opened: one call tree, with its flame chart or without, two compared, or sub-second offsets.
    Local = 4,
}

/// A call tree and where it is from.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotSide {
    /// What to call it, such as `baseline` or the name of a file.
    #[prost(string, tag = "1")]
    pub label: String,
    /// The selector that was asked for, sanitised; empty for a file.
    #[prost(string, tag = "2")]
    pub selector: String,
    /// Start of the range, nanoseconds since the epoch; 0 if unknown.
    #[prost(sint64, tag = "3")]
    pub from_ns: i64,
    /// End of the range, excluded, nanoseconds since the epoch; 0 if unknown.
    #[prost(sint64, tag = "4")]
    pub until_ns: i64,
    /// Id of the profile type, such as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.
    #[prost(string, tag = "5")]
    pub profile_type: String,
    /// Unit of the values, such as `nanoseconds`.
    #[prost(string, tag = "6")]
    pub unit: String,
    /// How many profiles were merged.
    #[prost(uint64, tag = "7")]
    pub profiles: u64,
    /// The tree.
    #[prost(message, optional, tag = "8")]
    pub tree: Option<CallTreeColumns>,
    /// Time that profiles cover, of all replicas together, nanoseconds; 0 if unknown, and in version 1. Values divided by it
    /// are rates of one replica.
    #[prost(sint64, tag = "9")]
    #[serde(default)]
    pub covered_ns: i64,
    /// Where this side's numbers are from; absent in files, and in version 1, which knows [`Snapshot::facts`] alone.
    #[prost(message, optional, tag = "10")]
    #[serde(default)]
    pub facts: Option<Facts>,
}

/// Why bytes are not a snapshot that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSnapshot {
    /// Not this message.
    #[error("invalid snapshot: {0}")]
    Message(#[from] prost::DecodeError),
    /// Written by a newer program.
    #[error(
        "snapshot version {0} is newer than the supported version {VERSION}; update Flarepath to open it"
    )]
    Newer(u32),
    /// No version or no kind: written by something else.
    #[error("the snapshot has no {0}; it was not written by Flarepath, or is damaged")]
    Without(&'static str),
}

impl Snapshot {
    /// Reads a snapshot, decompressed. The same as [`Message::decode`], only faster: see [`packed`].
    ///
    /// # Errors
    /// [`InvalidSnapshot`] when the bytes are not this message or of a version or kind that is not known here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidSnapshot> {
        let snapshot = Snapshot::read(bytes).map_or_else(|| Self::decode(bytes), Ok)?;
        match snapshot.version {
            0 => return Err(InvalidSnapshot::Without("version")),
            newer if newer > VERSION => return Err(InvalidSnapshot::Newer(newer)),
            _ => {}
        }
        match SnapshotKind::try_from(snapshot.kind) {
            Ok(SnapshotKind::Unspecified) | Err(_) => Err(InvalidSnapshot::Without("kind")),
            Ok(_) => Ok(snapshot),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut sides = Vec::new();
        let snapshot: Snapshot = packed::read_but(bytes, |tag, bytes| match tag {
            3 => {
                sides.push(SnapshotSide::read(bytes)?);
                Some(true)
            }
            _ => Some(false),
        })?;
        Some(Snapshot { sides, ..snapshot })
    }
}

impl SnapshotSide {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut tree = None;
        let side: SnapshotSide = packed::read_but(bytes, |tag, bytes| match tag {
            8 => tree.replace(CallTreeColumns::read(bytes)?).is_none().then_some(true),
            _ => Some(false),
        })?;
        Some(SnapshotSide { tree, ..side })
    }
}
