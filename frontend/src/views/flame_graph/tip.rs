//! What the tooltip says of a box.

use super::stage::Target;
use crate::views::change_text;
use crate::views::picture::{Measure, Picture};
use flarepath_profile::call_tree::{CallTree, NodeId};

/// Title, rows and hint for what is under the pointer.
pub(super) fn describe(
    picture: &Picture,
    measure: &Measure,
    zoomed: NodeId,
    target: Target,
) -> (String, Vec<(&'static str, String)>, String) {
    let tree = &picture.tree;
    match target {
        Target::Node(node) if picture.changes.is_some() => {
            let mut rows = change_text::rows(picture, measure, node);
            rows.extend(source_rows(tree, node));
            (tree.name(node).to_owned(), rows, String::new())
        }
        Target::Node(node) => {
            (tree.name(node).to_owned(), node_rows(tree, measure, zoomed, node), String::new())
        }
        Target::Rest { count, value, .. } => {
            let whole = picture.layout.width() as i64;
            let mut rows = vec![("of total", measure.share(value as i64, whole))];
            if picture.changes.is_none() {
                rows.insert(0, ("total", measure.value(value as i64)));
            }
            let title = format!("{count} boxes, each under one pixel wide");
            (title, rows, "Click to zoom in to them.".to_owned())
        }
    }
}

fn node_rows(
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
        rows.push(("of zoomed", measure.share(total, tree.total(zoomed))));
    }
    rows.extend(source_rows(tree, node));
    rows
}

fn source_rows(tree: &CallTree, node: NodeId) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let frames = tree.frames();
    let frame = frames.get(tree.frame(node));
    let file = frames.file(tree.frame(node));
    if !file.is_empty() {
        let line = if frame.line > 0 { format!(":{}", frame.line) } else { String::new() };
        rows.push(("source", format!("{file}{line}")));
    }
    let mapping = frames.mapping(tree.frame(node));
    if !mapping.is_empty() {
        rows.push(("binary", mapping.to_owned()));
    }
    if !frame.symbolized {
        rows.push(("symbol", "none found".to_owned()));
    }
    rows
}
