//! The parts of a call tree that tests check.

use serde_json::Value;

/// The parts of a call tree that tests check.
#[derive(Debug)]
pub(crate) struct SeenTree {
    /// Names of all functions.
    pub(crate) functions: Vec<String>,
    /// Sum over all nodes.
    pub(crate) total: i64,
    /// Profiles merged.
    pub(crate) profiles: u64,
}

impl SeenTree {
    pub(crate) fn read(answer: &Value) -> Option<SeenTree> {
        let tree = &answer["tree"];
        let strings = tree["strings"].as_array()?;
        let names = tree["frame_name"].as_array()?.iter().filter_map(Value::as_u64);
        let functions = names.filter_map(|n| strings.get(n as usize)?.as_str().map(str::to_owned)).collect();
        let total = tree["node_self"].as_array()?.iter().filter_map(Value::as_i64).sum();
        Some(SeenTree { functions, total, profiles: answer["profiles"].as_u64()? })
    }
}
