//! Profiles with edges between functions instead of samples.

use super::{File, StackprofError, Weight};
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_graph::CallGraph;
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;

/// Builds stacks out of who called whom how often.
pub(super) fn read(
    file: &File,
    weight: &Weight,
    frames: &FxHashMap<&str, LocationId>,
    builder: &mut ProfileBuilder,
) -> Result<(), StackprofError> {
    let mut graph = CallGraph::default();
    let ids: FxHashMap<&str, u32> = file.frames.keys().map(String::as_str).zip(0..).collect();
    for (id, frame) in &file.frames {
        let (function, place) = (ids[id.as_str()], frames[id.as_str()]);
        graph.spend(function, place, &[frame.samples, frame.samples.saturating_mul(weight.each)]);
        for (callee, &times) in &frame.edges {
            // Frames that a filter took out are still named by edges.
            if let Some(&callee) = ids.get(callee.as_str()) {
                graph.call(function, place, callee, times);
            }
        }
    }
    Ok(graph.build(builder)?)
}
