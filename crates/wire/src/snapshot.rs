//! Snapshot: the frozen content of a share, as stored and as opened by the browser.
//!
//! One message, compressed with zstd, addressed by the hash of its bytes and never changed. What may change about a
//! share (title, note, who may open it, annotations) is not in here. It holds all that a view needs, so that it opens
//! after the profiles and their storage are gone.
//!
//! [`VERSION`] grows when an older reader would show something wrong; fields that it may ignore are added without.

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
    /// could not be computed, its outcome is `unavailable`, and its headline says why.
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

/// Where the numbers are from, as it was known when the snapshot was taken.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facts {
    /// The service; empty if several or unknown.
    #[prost(string, tag = "1")]
    pub service: String,
    /// Its versions in the range, sorted.
    #[prost(string, repeated, tag = "2")]
    pub versions: Vec<String>,
    /// Distance of two samples in units of `sampling_unit`; 0 if unknown.
    #[prost(sint64, tag = "3")]
    pub sampling_period: i64,
    /// Unit of the sampling period, such as `nanoseconds`.
    #[prost(string, tag = "4")]
    pub sampling_unit: String,
    /// How many samples were taken; 0 if unknown.
    #[prost(uint64, tag = "5")]
    pub samples: u64,
    /// Instances that sent profiles in the range.
    #[prost(uint64, tag = "6")]
    pub instances_covered: u64,
    /// Instances of the service that the storage knew; 0 if unknown.
    #[prost(uint64, tag = "7")]
    pub instances_known: u64,
    /// Parts of the range without any profile, in order.
    #[prost(message, repeated, tag = "8")]
    pub gaps: Vec<Gap>,
    /// How long the storage kept profiles, in nanoseconds; absent if `kept_forever`, or if unknown.
    #[prost(sint64, optional, tag = "9")]
    pub retention_ns: Option<i64>,
    /// The functions that changed most, or that cost most when there is one side; at most a handful.
    #[prost(message, repeated, tag = "10")]
    pub top_movers: Vec<TopMover>,
    /// Whether the storage kept profiles forever. Snapshots from before this field do not say.
    #[prost(bool, tag = "11")]
    #[serde(default)]
    pub kept_forever: bool,
    /// Whether the sampling period is the time of all samples by their number, as no profiler states it.
    #[prost(bool, tag = "12")]
    #[serde(default)]
    pub sampling_derived: bool,
    /// Names and versions of profilers, SDKs and runtimes, as labels tell them, such as `runtime go go1.26.8`; at most 20. Empty if none
    /// is sent, and in snapshots from before this field.
    #[prost(string, repeated, tag = "13")]
    #[serde(default)]
    pub profilers: Vec<String>,
    /// Sample types of the profiles with their units, such as `cpu (nanoseconds)`; at most 20. Empty in snapshots from before this field.
    #[prost(string, repeated, tag = "14")]
    #[serde(default)]
    pub sample_types: Vec<String>,
}

/// A time without profiles.
#[derive(Clone, Copy, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// Start, nanoseconds since the epoch.
    #[prost(sint64, tag = "1")]
    pub from_ns: i64,
    /// End, excluded, nanoseconds since the epoch.
    #[prost(sint64, tag = "2")]
    pub until_ns: i64,
}

/// What a function cost before and after, in the unit of the sides. With one side, `*_before` is 0.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopMover {
    /// Name.
    #[prost(string, tag = "1")]
    pub function: String,
    /// Spent in the function itself, baseline.
    #[prost(sint64, tag = "2")]
    pub self_before: i64,
    /// Spent in the function itself, comparison.
    #[prost(sint64, tag = "3")]
    pub self_after: i64,
    /// Spent in the function and what it called, baseline; recursion counts once.
    #[prost(sint64, tag = "4")]
    pub total_before: i64,
    /// Spent in the function and what it called, comparison.
    #[prost(sint64, tag = "5")]
    pub total_after: i64,
}

/// What sanitising took out and what it left. Never holds what was taken out.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SanitizeReport {
    /// Name of the policy: `strict` or `light`.
    #[prost(string, tag = "1")]
    pub policy: String,
    /// Version of the policy's rules.
    #[prost(uint32, tag = "2")]
    pub policy_version: u32,
    /// What was found, by rule; rules that found nothing are absent.
    #[prost(message, repeated, tag = "3")]
    pub lines: Vec<ReportLine>,
    /// How many functions there are in what stays.
    #[prost(uint64, tag = "4")]
    pub functions: u64,
    /// Names that stay and are worth a look: the longest and the most random.
    #[prost(string, repeated, tag = "5")]
    pub notable_names: Vec<String>,
    /// Names of labels that stay.
    #[prost(string, repeated, tag = "6")]
    pub labels_kept: Vec<String>,
    /// Names of labels whose values stay as hashes, which only this share's own can be compared with.
    #[prost(string, repeated, tag = "7")]
    pub labels_hashed: Vec<String>,
    /// Names of labels that were dropped.
    #[prost(string, repeated, tag = "8")]
    pub labels_dropped: Vec<String>,
    /// How many nodes too small to be shown alone were merged into others.
    #[prost(uint64, tag = "9")]
    pub nodes_merged: u64,
}

/// What one rule found.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportLine {
    /// The rule, for people, such as `e-mail address`.
    #[prost(string, tag = "1")]
    pub rule: String,
    /// How often, in distinct texts.
    #[prost(uint64, tag = "2")]
    pub count: u64,
    /// Where and of which shape, such as `e-mail address in a function name`; at most three.
    #[prost(string, repeated, tag = "3")]
    pub examples: Vec<String>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::{CallTree, TreeBuilder};
    use flarepath_profile::frame_table::FrameText;
    use proptest::prelude::*;

    fn tree(names: &[String]) -> CallTree {
        let mut tree = TreeBuilder::new();
        for (value, name) in (1i64..).zip(names) {
            let frame = tree.frame(FrameText { name, symbolized: true, ..FrameText::default() });
            tree.add_path([frame, frame], value);
        }
        tree.finish()
    }

    fn snapshot(names: &[String]) -> Snapshot {
        let side = |label: &str| SnapshotSide {
            label: label.into(),
            selector: "{service_name=\"checkout\"}".into(),
            from_ns: 1_700_000_000_000_000_000,
            until_ns: 1_700_000_060_000_000_000,
            profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".into(),
            unit: "nanoseconds".into(),
            profiles: 4,
            tree: Some((&tree(names)).into()),
            covered_ns: 180_000_000_000,
            facts: Some(Facts { versions: vec!["2".into()], ..Facts::default() }),
        };
        Snapshot {
            version: VERSION,
            kind: SnapshotKind::Compare.into(),
            sides: vec![side("baseline"), side("comparison")],
            heatmap: Some(HeatmapResponse { times_ms: vec![0, 60_000], ..HeatmapResponse::default() }),
            facts: Some(Facts {
                gaps: vec![Gap { from_ns: 5, until_ns: 9 }],
                retention_ns: Some(0),
                top_movers: vec![TopMover { function: "f".into(), self_before: -3, ..TopMover::default() }],
                ..Facts::default()
            }),
            report: Some(SanitizeReport {
                lines: vec![ReportLine { rule: "e-mail address".into(), count: 2, examples: vec![] }],
                ..SanitizeReport::default()
            }),
            verdict: Some(VerdictResponse {
                headline: "CPU use is 16 % higher.".into(),
                ..Default::default()
            }),
            chart: Some(FlameChart {
                thread: "main".into(),
                start_ns: 1_700_000_000_123_456_789,
                rows: vec![1, 2],
                gap: vec![0, 0, 7],
                length: vec![1_000_000_007, 1, 999_999_999],
                node: vec![0, 1, 1],
            }),
            offsets: Some(OffsetCells {
                thread: Some(String::new()),
                rows: 50,
                columns: 1,
                first: 3,
                values: vec![0, 4, -1],
                untimed: 2,
                ..OffsetCells::default()
            }),
        }
    }

    /// Recorded before version 2: protobuf, not compressed.
    #[test]
    fn version_1_opens_without_what_it_did_not_record() {
        let bytes = include_bytes!("../testdata/snapshot-version-1.pb");
        let snapshot = Snapshot::from_bytes(bytes).unwrap();
        assert_eq!((snapshot.version, snapshot.kind(), snapshot.sides.len()), (1, SnapshotKind::Compare, 2));
        assert!(snapshot.verdict.is_none());
        for side in &snapshot.sides {
            assert_eq!((side.covered_ns, &side.facts), (0, &None));
            assert!(CallTree::try_from(side.tree.clone().unwrap()).is_ok());
        }
        assert_eq!(snapshot.facts.as_ref().unwrap().versions, ["2"]);
        assert!(snapshot.chart.is_none() && snapshot.offsets.is_none());
        assert_eq!(snapshot.encode_to_vec(), bytes, "written again, it is what it was");
    }

    #[test]
    fn rejects_newer_versions_and_suggests_an_update() {
        let newer = Snapshot { version: 7, ..snapshot(&[]) }.encode_to_vec();
        let error = Snapshot::from_bytes(&newer).unwrap_err();
        assert_eq!(error, InvalidSnapshot::Newer(7));
        assert!(error.to_string().contains("update Flarepath"), "{error}");
    }

    #[test]
    fn rejects_snapshots_without_version_or_kind() {
        assert_eq!(Snapshot::from_bytes(&[]).unwrap_err(), InvalidSnapshot::Without("version"));
        for kind in [0, 99] {
            let bytes = Snapshot { kind, ..snapshot(&[]) }.encode_to_vec();
            assert_eq!(Snapshot::from_bytes(&bytes).unwrap_err(), InvalidSnapshot::Without("kind"));
        }
        assert!(matches!(Snapshot::from_bytes(b"\xff\xff").unwrap_err(), InvalidSnapshot::Message(_)));
    }

    #[test]
    fn ignores_unknown_fields() {
        let mut bytes = snapshot(&["f".into()]).encode_to_vec();
        // Field 500, length-delimited, two bytes.
        bytes.extend([0xa2, 0x1f, 2, 1, 2]);
        assert_eq!(Snapshot::from_bytes(&bytes).unwrap(), snapshot(&["f".into()]));
    }

    proptest! {
        #[test]
        fn round_trips_bytes_and_json(names in prop::collection::vec("[a-zé;]{0,6}", 0..8)) {
            let whole = snapshot(&names);
            let bytes = whole.encode_to_vec();
            prop_assert_eq!(&Snapshot::from_bytes(&bytes).unwrap(), &whole);
            let json = serde_json::to_string(&whole).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Snapshot>(&json).unwrap(), &whole);
            prop_assert_eq!(CallTree::try_from(whole.sides[1].tree.clone().unwrap()).unwrap(), tree(&names));
        }

        #[test]
        fn never_panics_on_any_bytes(bytes: Vec<u8>) {
            let _ = Snapshot::from_bytes(&bytes);
        }
    }
}
