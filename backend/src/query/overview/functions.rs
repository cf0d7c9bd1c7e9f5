//! Functions of a service by what they cost themselves.

use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::top_table::top_table;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Self costs of a tree by name and file: of two binaries, a function is one.
pub(super) struct Functions<'t> {
    tree: &'t CallTree,
    by_name: BTreeMap<(&'t str, &'t str), i64>,
    without_symbols: i64,
}

impl<'t> Functions<'t> {
    pub(super) fn of(tree: &'t CallTree) -> Functions<'t> {
        let (mut by_name, mut without_symbols) = (BTreeMap::new(), 0_i64);
        for row in top_table(tree) {
            let text = tree.frames().text(row.frame);
            let cost: &mut i64 = by_name.entry((text.name, text.file)).or_default();
            *cost = cost.saturating_add(row.self_value);
            if !text.symbolized {
                without_symbols = without_symbols.saturating_add(row.self_value);
            }
        }
        Functions { tree, by_name, without_symbols }
    }

    /// A part of the total, as a fraction.
    fn share(&self, cost: i64) -> Option<f64> {
        let total = self.tree.total(NodeId::ROOT);
        (total > 0).then(|| cost as f64 / total as f64)
    }

    /// The function of own code with the largest self cost; of several, the first by name.
    pub(super) fn largest_own(&self, own_code: Option<&OwnCode>) -> (String, Option<f64>) {
        let frames = self.tree.frames();
        let guessed;
        let own_code = match own_code {
            Some(set) => set,
            None => {
                guessed = OwnCode::guess(frames);
                &guessed
            }
        };
        let rows = top_table(self.tree);
        let own = rows.iter().map(|row| frames.text(row.frame)).filter(|text| own_code.is_own(*text));
        let cost = |name: &str, file: &str| self.by_name.get(&(name, file)).copied().unwrap_or(0);
        let largest = own
            .map(|text| (cost(text.name, text.file), text.name))
            .filter(|(cost, _)| *cost > 0)
            .min_by_key(|(cost, name)| (Reverse(*cost), *name));
        match largest {
            Some((cost, name)) => (name.to_owned(), self.share(cost)),
            None => (String::new(), None),
        }
    }

    pub(super) fn without_symbols(&self) -> Option<f64> {
        self.share(self.without_symbols)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    #[test]
    fn the_most_expensive_function_of_own_code_is_named() {
        let mut tree = TreeBuilder::new();
        for (name, value) in [("work", 60), ("memcpy", 30), ("app+0x12", 10)] {
            let mapping = if name == "memcpy" { "/usr/lib/libc.so.6" } else { "/app" };
            let symbolized = !name.contains('+');
            let main = FrameText { name: "main", mapping: "/app", symbolized: true, ..FrameText::default() };
            let callee = FrameText { name, mapping, symbolized, ..FrameText::default() };
            let path = [main, callee].map(|text| tree.frame(text)).to_vec();
            tree.add_path(path, value);
        }
        let tree = tree.finish();
        let functions = Functions::of(&tree);
        assert_eq!(functions.largest_own(None), ("work".to_owned(), Some(0.6)));
        assert_eq!(functions.largest_own(Some(&OwnCode::set(Vec::new()))), (String::new(), None));
        assert_eq!(functions.without_symbols(), Some(0.1));
        assert_eq!(Functions::of(&CallTree::empty()).without_symbols(), None);
    }
}
