//! Numbers about a whole tree: how large it is and how much of it has names.

use crate::call_tree::{CallTree, NodeId};

/// See the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeStats {
    /// Sum of all values.
    pub total: i64,
    /// Nodes, the root excluded.
    pub nodes: usize,
    /// Functions that have a node, the root excluded.
    pub functions: usize,
    /// Functions among these whose name is only an address.
    pub functions_without_symbol: usize,
    /// Frames in the deepest stack.
    pub max_depth: usize,
    /// Spent in functions without a symbol themselves.
    pub self_without_symbol: i64,
    /// Spent in and below functions without a symbol: in all stacks in which a name is missing.
    pub total_without_symbol: i64,
}

impl TreeStats {
    /// Share of the whole value that was spent in functions without a symbol, from 0 to 1.
    pub fn share_without_symbol(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.self_without_symbol as f64 / self.total as f64 }
    }
}

/// Counts. O(nodes).
pub fn tree_stats(tree: &CallTree) -> TreeStats {
    let (frame, parent, ..) = tree.columns();
    let mut seen = vec![false; tree.frames().len()];
    let mut depth = vec![0u32; tree.len()];
    for i in 1..tree.len() {
        seen[frame[i].index()] = true;
        depth[i] = depth[parent[i].index()] + 1;
    }
    let without_symbol: Vec<bool> = tree.frames().iter().map(|f| !f.symbolized).collect();
    let matches = crate::search::search(tree, &without_symbol);
    let functions = || (1..seen.len()).filter(|&f| seen[f]);
    TreeStats {
        total: tree.total(NodeId::ROOT),
        nodes: tree.len() - 1,
        functions: functions().count(),
        functions_without_symbol: functions().filter(|&f| without_symbol[f]).count(),
        max_depth: depth.into_iter().max().unwrap_or(0) as usize,
        self_without_symbol: matches.self_value,
        total_without_symbol: matches.total,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::TreeBuilder;
    use crate::frame_table::FrameText;

    #[test]
    fn counts_what_has_no_name() {
        let mut builder = TreeBuilder::new();
        let text = |name, symbolized| FrameText { name, symbolized, ..FrameText::default() };
        let [main, address] = [text("main", true), text("libc.so+0x10", false)].map(|t| builder.frame(t));
        builder.add_path([main], 1);
        builder.add_path([main, address], 2);
        builder.add_path([main, address, main], 5);
        let stats = tree_stats(&builder.finish());
        let expected = TreeStats {
            total: 8,
            nodes: 3,
            functions: 2,
            functions_without_symbol: 1,
            max_depth: 3,
            self_without_symbol: 2,
            total_without_symbol: 7,
        };
        assert_eq!(stats, expected);
        assert_eq!(stats.share_without_symbol(), 0.25);
        assert_eq!(tree_stats(&CallTree::empty()).share_without_symbol(), 0.0);
    }
}
