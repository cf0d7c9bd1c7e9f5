//! Order of siblings in pictures of two trees beside each other.
//!
//! Sorted by its own totals, each picture has its own order, and what grew is somewhere else in the other. Sorted by name, the largest is
//! anywhere. Here siblings are sorted by the **larger of their shares** of both totals: the largest of either side come first, and what
//! both sides have is in the same order on both. Shares, because each picture is as wide as its total, whatever its unit.

use crate::call_tree::{CallTree, NodeId};

/// For each node of two trees what to sort it by, the largest first, as [`crate::flame::Layout::ordered`] does: the larger share of the total
/// that its path, by names and files, has on either side. Siblings of the same function count together. O(nodes), plus sorting siblings.
pub fn larger_shares(trees: [&CallTree; 2]) -> [Vec<f64>; 2] {
    let share = |at: usize, node: NodeId| match trees[at].total(NodeId::ROOT) {
        whole if whole > 0 => trees[at].total(node).max(0) as f64 / whole as f64,
        _ => 0.0,
    };
    let text = |&(at, node): &(usize, NodeId)| {
        let text = trees[at].frames().text(trees[at].frame(node));
        (text.name, text.file)
    };
    let mut larger = trees.map(|tree| vec![0.0; tree.len()]);
    // Nodes of the same path, each with the side that has it.
    let mut open = vec![vec![(0, NodeId::ROOT), (1, NodeId::ROOT)]];
    while let Some(same) = open.pop() {
        let mut below = Vec::new();
        for (at, node) in same {
            below.extend(trees[at].children(node).map(|child| (at, child)));
        }
        below.sort_by(|a, b| text(a).cmp(&text(b)));
        for same in below.chunk_by(|a, b| text(a) == text(b)) {
            let mut sums = [0.0; 2];
            for &(at, node) in same {
                sums[at] += share(at, node);
            }
            for &(at, node) in same {
                larger[at][node.index()] = f64::max(sums[0], sums[1]);
            }
            open.push(same.to_vec());
        }
    }
    larger
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::flame::{BoxId, Layout};
    use proptest::prelude::*;

    /// The names of the children of a box, from left to right.
    fn names<'t>(tree: &'t CallTree, layout: &Layout, id: BoxId) -> Vec<&'t str> {
        layout.children(id).map(|child| tree.name(layout.node(BoxId(child as u32)))).collect()
    }

    #[test]
    fn both_sides_have_the_order_of_the_larger_one() {
        let before = tree("a 70\n b 20\n d 10");
        let after = tree("a 300\n c 500\n d 200");
        let [of_before, of_after] = larger_shares([&before, &after]);
        let first = |tree: &CallTree, larger: &[f64]| {
            let layout = Layout::ordered(tree, larger);
            names(tree, &layout, BoxId(0)).join(" ")
        };
        assert_eq!(first(&before, &of_before), "a b d", "70 %, 20 % with d, whose name is later");
        assert_eq!(first(&after, &of_after), "a c d", "a has 70 % on the other side");
        let swapped = larger_shares([&after, &before]);
        assert_eq!(swapped, [of_after, of_before]);
    }

    #[test]
    fn values_of_other_units_and_empty_sides_are_compared_by_share() {
        let (time, space) = (tree("a 1\n b 3"), tree("a 9000000\n b 1000000"));
        assert_eq!(larger_shares([&time, &space]), [vec![0.0, 0.9, 0.75], vec![0.0, 0.9, 0.75]]);
        assert_eq!(larger_shares([&CallTree::empty(), &time])[1], [0.0, 0.25, 0.75]);
    }

    proptest! {
        #[test]
        fn what_both_sides_have_is_in_the_same_order(before in any_paths(), after in any_paths()) {
            let trees = [from_paths(&before), from_paths(&after)];
            let larger = larger_shares([&trees[0], &trees[1]]);
            let layouts = [0, 1].map(|at| Layout::ordered(&trees[at], &larger[at]));
            let mut open = vec![[BoxId(0); 2]];
            while let Some(ids) = open.pop() {
                let [left, right] = [0, 1].map(|at| names(&trees[at], &layouts[at], ids[at]));
                let shared_left: Vec<&&str> = left.iter().filter(|name| right.contains(name)).collect();
                let shared_right: Vec<&&str> = right.iter().filter(|name| left.contains(name)).collect();
                prop_assert_eq!(&shared_left, &shared_right);
                for name in shared_left {
                    let child = |at: usize, names: &[&str]| {
                        let place = names.iter().position(|other| other == name).unwrap();
                        BoxId((layouts[at].children(ids[at]).start + place) as u32)
                    };
                    open.push([child(0, &left), child(1, &right)]);
                }
            }
        }
    }
}
