//! The functions whose costs are compared.

use crate::store::{Function, MergedTree};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::FrameTable;
use flarepath_profile::top_table::top_table;
use std::collections::HashMap;
use std::sync::Arc;

/// The least share of the total, on any side, that a function is measured from.
const LEAST_SHARE: f64 = 0.001;
/// How many functions are measured at most: the most expensive ones.
const MOST: usize = 400;

/// Functions, told apart by name and file as in a diff: two versions of a program are two binaries.
#[derive(Default)]
pub(super) struct Functions {
    /// For each its functions in the store, of one name and file.
    pub(super) rows: Vec<Vec<Function>>,
    /// For each tree the total cost of each, callees included.
    pub(super) totals: Vec<Vec<i64>>,
    numbers: HashMap<(String, String), usize>,
}

impl Functions {
    /// The functions that matter in any of the trees.
    pub(super) fn of(trees: &[Arc<MergedTree>]) -> Functions {
        let costs: Vec<HashMap<(&str, &str), i64>> = trees.iter().map(|merged| costs(&merged.tree)).collect();
        let mut shares: HashMap<(&str, &str), f64> = HashMap::new();
        for (costs, merged) in costs.iter().zip(trees) {
            let all = merged.tree.total(NodeId::ROOT) as f64;
            for (function, cost) in costs {
                let share = *cost as f64 / all;
                if share >= LEAST_SHARE {
                    let known = shares.entry(*function).or_insert(share);
                    *known = known.max(share);
                }
            }
        }
        let mut names: Vec<((&str, &str), f64)> = shares.into_iter().collect();
        names.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        names.truncate(MOST);
        let of_tree = |costs: &HashMap<(&str, &str), i64>| {
            names.iter().map(|(function, _)| costs.get(function).copied().unwrap_or(0)).collect()
        };
        let totals = costs.iter().map(of_tree).collect();
        let owned = |(number, ((name, file), _)): (usize, &((&str, &str), f64))| {
            (((*name).to_owned(), (*file).to_owned()), number)
        };
        let numbers = names.iter().enumerate().map(owned).collect();
        let mut found = Functions { rows: vec![Vec::new(); names.len()], totals, numbers };
        trees.iter().for_each(|merged| found.add(&merged.tree));
        found
    }

    /// The number of each frame's function, if it is measured.
    pub(super) fn of_frames(&self, frames: &FrameTable) -> Vec<Option<usize>> {
        let number = |id: u32| {
            let text = frames.text(flarepath_profile::frame_table::FrameId(id));
            self.numbers.get(&(text.name.to_owned(), text.file.to_owned())).copied()
        };
        // The root is no function, whatever it is called.
        std::iter::once(None).chain((1..frames.len() as u32).map(number)).collect()
    }

    fn add(&mut self, tree: &CallTree) {
        for (id, number) in (0..).zip(self.of_frames(tree.frames())) {
            let Some(number) = number else { continue };
            let text = tree.frames().text(flarepath_profile::frame_table::FrameId(id));
            let [name, file, mapping] = [text.name, text.file, text.mapping].map(str::to_owned);
            let function = Function { name, file, mapping };
            if !self.rows[number].contains(&function) {
                self.rows[number].push(function);
            }
        }
    }
}

/// The total cost of each function of a tree.
fn costs(tree: &CallTree) -> HashMap<(&str, &str), i64> {
    let mut costs: HashMap<(&str, &str), i64> = HashMap::new();
    for row in top_table(tree) {
        let text = tree.frames().text(row.frame);
        let cost = costs.entry((text.name, text.file)).or_default();
        *cost = cost.saturating_add(row.total);
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    fn tree(mapping: &str, costs: &[(&str, i64)]) -> Arc<MergedTree> {
        let mut tree = TreeBuilder::new();
        for (name, value) in costs {
            let frame = tree.frame(FrameText { name, mapping, symbolized: true, ..FrameText::default() });
            tree.add_path(vec![frame], *value);
        }
        Arc::new(MergedTree { tree: tree.finish(), profiles: 1 })
    }

    #[test]
    fn functions_of_two_binaries_are_one_and_rare_ones_are_left_out() {
        let trees = [tree("/bin/v1", &[("a", 2000), ("rare", 1)]), tree("/bin/v2", &[("a", 1), ("b", 2)])];
        let found = Functions::of(&trees);
        let names: Vec<Vec<&str>> =
            found.rows.iter().map(|row| row.iter().map(|f| f.mapping.as_str()).collect()).collect();
        assert_eq!(names, [vec!["/bin/v1", "/bin/v2"], vec!["/bin/v2"]]);
        assert_eq!(found.of_frames(trees[0].tree.frames()), [None, Some(0), None]);
        assert_eq!(found.totals, [[2000, 0], [1, 2]]);
        assert!(Functions::of(&[]).rows.is_empty());
    }
}
