//! Writer of speedscope JSON.

use super::SCHEMA;
use crate::call_tree::{CallTree, NodeId};
use serde_json::Value;
use std::fmt::Write;

/// A tree as one sampled profile named `name`, whose values are in `unit`. Units that the format does not know
/// become `none`. Each stack with a value of its own is a sample.
pub fn write(tree: &CallTree, name: &str, unit: &str) -> String {
    let unit = match unit {
        "nanoseconds" | "microseconds" | "milliseconds" | "seconds" | "bytes" => unit,
        _ => "none",
    };
    let name = Value::from(name);
    let total = tree.total(NodeId::ROOT);
    let (samples, weights) = samples(tree);
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"exporter\":\"flarepath\",\"name\":{name},\"activeProfileIndex\":0,\
         \"shared\":{{\"frames\":[{}]}},\
         \"profiles\":[{{\"type\":\"sampled\",\"name\":{name},\"unit\":\"{unit}\",\"startValue\":0,\
         \"endValue\":{total},\"samples\":[{samples}],\"weights\":[{weights}]}}]}}",
        frames(tree)
    )
}

/// The frame table without the root, which no stack names.
fn frames(tree: &CallTree) -> String {
    let table = tree.frames();
    let mut out = String::new();
    for frame in table.iter().skip(1) {
        let mut object = serde_json::Map::new();
        object.insert("name".to_owned(), table.strings.get(frame.name).into());
        match table.strings.get(frame.file) {
            "" => {}
            file => {
                object.insert("file".to_owned(), file.into());
            }
        }
        if frame.line > 0 {
            object.insert("line".to_owned(), frame.line.into());
        }
        comma(&mut out);
        out.push_str(&Value::Object(object).to_string());
    }
    out
}

fn samples(tree: &CallTree) -> (String, String) {
    let (frames, parents, self_values, _) = tree.columns();
    let (mut samples, mut weights) = (String::new(), String::new());
    // The stack of the current node as text, and where each node on the way to it ends there.
    let (mut path, mut open) = (String::new(), Vec::new());
    for i in 0..tree.len() {
        if i > 0 {
            while open.last().is_some_and(|&(node, _)| node != parents[i].index()) {
                open.pop();
            }
            path.truncate(open.last().map_or(0, |&(_, end)| end));
            comma(&mut path);
            // Writing to a string does not fail.
            let _ = write!(path, "{}", frames[i].index().saturating_sub(1));
            open.push((i, path.len()));
        }
        if self_values[i] != 0 {
            comma(&mut samples);
            comma(&mut weights);
            let _ = write!(samples, "[{path}]");
            let _ = write!(weights, "{}", self_values[i]);
        }
    }
    (samples, weights)
}

fn comma(out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
}
