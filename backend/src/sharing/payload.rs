//! The bytes of a share: a [`Snapshot`] as protobuf, compressed with zstd, addressed by BLAKE3 of the compressed bytes.
//!
//! The stored message is the one that the browser opens; therefore this module alone in `sharing` names the wire, and the
//! others import the types from here. The hash is checked before decompression, so that only bytes that this program has
//! written are ever inflated; the limits hold for those, too.

pub(crate) use flarepath_wire::call_tree::CallTreeColumns;
pub(crate) use flarepath_wire::chart::FlameChart;
pub(crate) use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
pub(crate) use flarepath_wire::offsets::OffsetCells;
pub(crate) use flarepath_wire::own_code::OwnCodePattern;
pub(crate) use flarepath_wire::snapshot::{
    Facts, Gap, ReportLine, SanitizeReport, Snapshot, SnapshotKind, SnapshotSide, TopMover, VERSION,
};
#[cfg(test)]
pub(crate) use flarepath_wire::verdict::VerdictFigure;
pub(crate) use flarepath_wire::verdict::{
    VerdictFunction, VerdictNumber, VerdictResponse, VerdictSelection, VerdictSide,
};

use crate::ingest::inflate::{Compression, InflateError, Limits, bounded};
use flarepath_profile::call_tree::CallTree;
use flarepath_wire::call_tree::InvalidColumns;
use flarepath_wire::snapshot::InvalidSnapshot;
use prost::Message;

/// Most bytes of a stored payload.
pub(crate) const MAX_PAYLOAD_BYTES: usize = 64 << 20;
/// Most bytes after decompression.
pub(crate) const MAX_SNAPSHOT_BYTES: usize = 512 << 20;
/// Trees are columns of small numbers: higher levels take several times as long and save a few percent.
const LEVEL: i32 = 9;
/// Base-2 logarithm of the largest window: 8 MiB, the most that this level and the decoders of browsers use.
const WINDOW_LOG: u32 = 23;

/// A stored payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    /// BLAKE3 of `bytes`, 64 lower-case hexadecimal digits.
    pub(crate) hash: String,
    /// One zstd frame.
    pub(crate) bytes: Vec<u8>,
}

/// A payload could not be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayloadError {
    /// Exceeds a limit. The caller can share less.
    #[error(
        "the snapshot has {found} {what}, more than the {limit} that a share may have; share a part of it, such as one subtree or a shorter range"
    )]
    TooLarge {
        /// `bytes` or `compressed bytes`.
        what: &'static str,
        /// Actual number, or a lower bound of it.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The bytes are not those that were stored: a fault of the storage.
    #[error("stored snapshot is corrupt: expected hash {expected}, found {found}")]
    Hash {
        /// Hash of the bytes.
        found: String,
        /// Hash under which they were stored.
        expected: String,
    },
    /// Not compressed as [`encode`] does.
    #[error("the stored snapshot could not be decompressed: {0}")]
    Compression(#[source] InflateError),
    /// Compression failed for lack of memory.
    #[error("the snapshot could not be compressed: {0}")]
    Compress(#[source] std::io::Error),
    /// See [`InvalidSnapshot`].
    #[error(transparent)]
    Snapshot(#[from] InvalidSnapshot),
    /// See [`InvalidColumns`].
    #[error("the stored snapshot has an invalid call tree: {0}")]
    Tree(#[from] InvalidColumns),
    /// A side without a tree.
    #[error("the stored snapshot has a side without a call tree")]
    NoTree,
}

/// The payload of a snapshot. The same snapshot gives the same bytes and hash.
///
/// # Errors
/// [`PayloadError::TooLarge`] beyond [`MAX_PAYLOAD_BYTES`] or [`MAX_SNAPSHOT_BYTES`].
pub(crate) fn encode(snapshot: &Snapshot) -> Result<Payload, PayloadError> {
    within("bytes", snapshot.encoded_len(), MAX_SNAPSHOT_BYTES)?;
    let bytes = compress(&snapshot.encode_to_vec()).map_err(PayloadError::Compress)?;
    within("compressed bytes", bytes.len(), MAX_PAYLOAD_BYTES)?;
    Ok(Payload { hash: hash(&bytes), bytes })
}

/// The snapshot of stored bytes.
///
/// # Errors
/// [`PayloadError`] if the bytes do not have this hash, or are too large, damaged or of a newer version.
pub(crate) fn decode(bytes: &[u8], expected: &str) -> Result<Snapshot, PayloadError> {
    verify(bytes, expected)?;
    inflated(bytes, MAX_SNAPSHOT_BYTES)
}

/// Checks the hash of stored bytes, for callers that send them without decoding.
///
/// # Errors
/// [`PayloadError::TooLarge`] and [`PayloadError::Hash`].
pub(crate) fn verify(bytes: &[u8], expected: &str) -> Result<(), PayloadError> {
    within("compressed bytes", bytes.len(), MAX_PAYLOAD_BYTES)?;
    let found = hash(bytes);
    match found == expected {
        true => Ok(()),
        false => Err(PayloadError::Hash { found, expected: expected.to_owned() }),
    }
}

/// A side with a tree; the caller sets the other fields.
pub(crate) fn side(tree: &CallTree) -> SnapshotSide {
    SnapshotSide { tree: Some(tree.into()), ..SnapshotSide::default() }
}

/// The tree of a side.
///
/// # Errors
/// If there is none, or its columns are invalid.
pub(crate) fn tree(side: &SnapshotSide) -> Result<CallTree, PayloadError> {
    tree_of(side.tree.clone())
}

/// The tree of the columns of a side.
///
/// # Errors
/// If there are none, or they are invalid.
pub(crate) fn tree_of(columns: Option<CallTreeColumns>) -> Result<CallTree, PayloadError> {
    Ok(CallTree::try_from(columns.ok_or(PayloadError::NoTree)?)?)
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), PayloadError> {
    match found <= limit {
        true => Ok(()),
        false => Err(PayloadError::TooLarge { what, found, limit }),
    }
}

fn compress(message: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut frame = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
    frame.window_log(WINDOW_LOG)?;
    frame.set_pledged_src_size(Some(message.len() as u64))?;
    std::io::Write::write_all(&mut frame, message)?;
    frame.finish()
}

/// The decompressed message of stored bytes, for clients without zstd.
///
/// # Errors
/// [`PayloadError`] if the bytes do not have this hash, or are too large or damaged.
pub(crate) fn plain(bytes: &[u8], expected: &str) -> Result<Vec<u8>, PayloadError> {
    verify(bytes, expected)?;
    inflate(bytes, MAX_SNAPSHOT_BYTES)
}

fn inflated(bytes: &[u8], limit: usize) -> Result<Snapshot, PayloadError> {
    Ok(Snapshot::from_bytes(&inflate(bytes, limit)?)?)
}

fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, PayloadError> {
    let limits = Limits { max_bytes: limit, max_ratio: usize::MAX, zstd_window_log: WINDOW_LOG };
    bounded(Compression::Zstd, bytes, &limits, None).map_err(|error| match error {
        InflateError::TooLarge { limit } => PayloadError::TooLarge { what: "bytes", found: limit + 1, limit },
        other => PayloadError::Compression(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    fn a_tree() -> CallTree {
        let mut tree = TreeBuilder::new();
        for i in 0..1000 {
            let name = format!("f{}", i % 37);
            let frame = tree.frame(FrameText { name: &name, symbolized: true, ..FrameText::default() });
            tree.add_path([frame, frame], i);
        }
        tree.finish()
    }

    fn snapshot() -> Snapshot {
        let sides = vec![SnapshotSide { label: "all".into(), ..side(&a_tree()) }];
        Snapshot { version: VERSION, kind: SnapshotKind::Explore.into(), sides, ..Snapshot::default() }
    }

    #[test]
    fn snapshots_round_trip() {
        let payload = encode(&snapshot()).unwrap();
        assert_eq!(payload, encode(&snapshot()).unwrap());
        assert_eq!((payload.hash.len(), &payload.hash), (64, &hash(&payload.bytes)));
        let back = decode(&payload.bytes, &payload.hash).unwrap();
        assert_eq!(back, snapshot());
        assert_eq!(tree(&back.sides[0]).unwrap(), a_tree());
        assert!(matches!(tree(&SnapshotSide::default()), Err(PayloadError::NoTree)));
    }

    #[test]
    fn the_hash_is_blake3() {
        // The hash of no bytes, from the algorithm's published test vectors.
        assert_eq!(hash(b""), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    }

    #[test]
    fn rejects_modified_bytes() {
        let Payload { hash, mut bytes } = encode(&snapshot()).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        assert!(matches!(decode(&bytes, &hash), Err(PayloadError::Hash { .. })));
        assert!(matches!(decode(&bytes[..last], &hash), Err(PayloadError::Hash { .. })));
        assert!(matches!(decode(&bytes, ""), Err(PayloadError::Hash { .. })));
    }

    #[test]
    fn rejects_decompression_bombs_without_allocating() {
        let bytes = compress(&vec![0; 8 << 20]).unwrap();
        let error = inflated(&bytes, 1 << 20).unwrap_err();
        assert!(matches!(error, PayloadError::TooLarge { found, .. } if found == (1 << 20) + 1), "{error}");
        let mut wide = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        wide.window_log(27).unwrap();
        std::io::Write::write_all(&mut wide, &[0; 1 << 10]).unwrap();
        assert!(matches!(inflated(&wide.finish().unwrap(), 1 << 20), Err(PayloadError::Compression(_))));
    }

    #[test]
    fn rejects_malformed_and_newer_snapshots() {
        for bytes in [&b""[..], b"plain text"] {
            assert!(decode(bytes, &hash(bytes)).is_err());
        }
        let newer = Snapshot { version: VERSION + 1, ..snapshot() };
        let payload = encode(&newer).unwrap();
        let error = decode(&payload.bytes, &payload.hash).unwrap_err();
        assert!(matches!(error, PayloadError::Snapshot(InvalidSnapshot::Newer(_))), "{error}");
    }
}
