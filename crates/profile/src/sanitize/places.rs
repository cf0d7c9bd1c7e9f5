//! Places, in a tree, of the nodes that it was assembled from.

use crate::call_tree::{CallTree, NodeId};
use crate::frame_table::{FrameId, FrameTable};
use rustc_hash::FxHashMap;

/// For each node of columns with parents before their children its node in the tree that was assembled from them. `None`
/// where that has none, as neither the node nor what is below it has a value. O(nodes).
pub(super) fn places(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    tree: &CallTree,
) -> Vec<Option<NodeId>> {
    let ids = (1..tree.frames().len() as u32).map(FrameId);
    let by_text: FxHashMap<_, FrameId> = ids.map(|id| (identity(tree.frames(), id), id)).collect();
    let own = (0..frames.len() as u32).map(FrameId);
    let ids: Vec<Option<FrameId>> = own.map(|id| by_text.get(&identity(frames, id)).copied()).collect();
    let (frame_of, parent_of, ..) = tree.columns();
    let below: FxHashMap<(NodeId, FrameId), NodeId> =
        (1..tree.len()).map(|i| ((parent_of[i], frame_of[i]), NodeId(i as u32))).collect();
    let mut places = Vec::with_capacity(parent.len());
    places.push(Some(NodeId::ROOT));
    for (up, frame) in parent.iter().zip(frame).skip(1) {
        let above: Option<NodeId> = places[up.index()];
        places.push(above.zip(ids[frame.index()]).and_then(|key| below.get(&key).copied()));
    }
    places
}

/// What makes frames of different tables the same.
fn identity(frames: &FrameTable, id: FrameId) -> (&str, &str, &str) {
    let text = frames.text(id);
    (text.name, text.file, text.mapping)
}
