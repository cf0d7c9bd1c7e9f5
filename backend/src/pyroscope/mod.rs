//! Encodes call trees for Pyroscope's clients: as levels of bars, and as a stream of nodes.
//!
//! Pyroscope tells functions apart by name alone and leaves out small ones above a number of nodes, with a node
//! `other` in their place. Both happen here and nowhere else: [`by_name`], then [`Cut`], then [`flame_graph`]
//! or [`tree_bytes`]; for two trees [`of_names`], then [`flame_graph_diff`]. Pure: trees in, numbers and bytes out.

mod by_name;
mod cut;
mod flame_graph;
mod flame_graph_diff;
mod tree_bytes;

pub(crate) use by_name::{by_name, of_names};
pub(crate) use cut::Cut;
pub(crate) use flame_graph::{FlameGraph, flame_graph};
pub(crate) use flame_graph_diff::{FlameGraphDiff, flame_graph_diff};
pub(crate) use tree_bytes::tree_bytes;

#[cfg(test)]
fn text_tree(paths: &[(&str, i64)]) -> flarepath_profile::call_tree::CallTree {
    use flarepath_profile::frame_table::FrameText;
    let mut tree = flarepath_profile::call_tree::TreeBuilder::new();
    for (path, value) in paths {
        let mut frames = Vec::new();
        for part in path.split(';').filter(|part| !part.is_empty()) {
            let (name, file) = part.split_once('@').unwrap_or((part, ""));
            frames.push(tree.frame(FrameText { name, file, symbolized: true, ..FrameText::default() }));
        }
        tree.add_path(frames, *value);
    }
    tree.finish()
}
