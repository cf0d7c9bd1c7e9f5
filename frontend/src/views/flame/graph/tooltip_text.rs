//! Tooltip of a box in a flame graph.

use crate::views::flame::owner::TooltipText;
use crate::views::flame::stage::Target;
use crate::views::picture::{Measure, Picture};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::FrameId;

/// Title, rows and hint of a target, while `zoomed` fills the width.
pub(super) fn describe(picture: &Picture, measure: &Measure, zoomed: NodeId, target: Target) -> TooltipText {
    let tree = &picture.tree;
    match target {
        Target::Box(id) => {
            let node = picture.layout.node(id);
            let mut rows = match &picture.changes {
                Some(changes) => (changes.texts.rows)(picture, measure, node),
                None => cost_rows(tree, measure, zoomed, node),
            };
            rows.extend(source_rows(tree, tree.frame(node)));
            (tree.name(node).to_owned(), rows, "")
        }
        Target::Rest { count, value, .. } => {
            let whole = picture.layout.width() as i64;
            let mut rows = vec![("of total", measure.share(value as i64, whole))];
            if picture.changes.is_none() {
                rows.insert(0, ("total", measure.value(value as i64)));
            }
            let title = format!("{count} boxes under 1 px wide");
            (title, rows, "Click to zoom in.")
        }
    }
}

fn cost_rows(
    tree: &CallTree,
    measure: &Measure,
    zoomed: NodeId,
    node: NodeId,
) -> Vec<(&'static str, String)> {
    let (total, whole) = (tree.total(node), tree.total(NodeId::ROOT));
    let with_rate = |value: i64| match measure.rate(value) {
        Some(rate) => format!("{} ({rate})", measure.value(value)),
        None => measure.value(value),
    };
    let mut rows = vec![
        ("self", with_rate(tree.self_value(node))),
        ("total", with_rate(total)),
        ("of total", measure.share(total, whole)),
    ];
    if zoomed != NodeId::ROOT && node != zoomed {
        rows.push(("of zoomed box", measure.share(total, tree.total(zoomed))));
    }
    rows
}

/// Where a function is defined: file and line, binary, and whether it has a symbol.
pub(crate) fn source_rows(tree: &CallTree, id: FrameId) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let frames = tree.frames();
    let (frame, file, mapping) = (frames.get(id), frames.file(id), frames.mapping(id));
    if !file.is_empty() {
        let line = if frame.line > 0 { format!(":{}", frame.line) } else { String::new() };
        rows.push(("source", format!("{file}{line}")));
    }
    if !mapping.is_empty() {
        rows.push(("binary", mapping.to_owned()));
    }
    if !frame.symbolized {
        rows.push(("symbol", "none found".to_owned()));
    }
    rows
}
