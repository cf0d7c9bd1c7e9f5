//! Keyboard navigation from box to box.

use super::layout::{BoxId, Layout};
use crate::call_tree::{NodeId, Shape};

/// A move from a box to one next to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// To the caller.
    Parent,
    /// To the leftmost callee.
    FirstChild,
    /// To the next box to the right with the same parent.
    NextSibling,
    /// To the next box to the left with the same parent.
    PreviousSibling,
}

/// Target of a move; `None` when there is none. Boxes without width are skipped.
pub fn step(layout: &Layout, tree: Shape<'_>, from: BoxId, to: Move) -> Option<BoxId> {
    let node = layout.node(from);
    let parent = (node != NodeId::ROOT).then(|| layout.box_of(tree.parent(node)));
    let seen = |&b: &usize| layout.x1(BoxId(b as u32)) > layout.x0(BoxId(b as u32));
    let siblings = || parent.map(|p| layout.children(p));
    let found = match to {
        Move::Parent => return parent,
        Move::FirstChild => layout.children(from).find(seen),
        Move::NextSibling => (from.index() + 1..siblings()?.end).find(seen),
        Move::PreviousSibling => (siblings()?.start..from.index()).rev().find(seen),
    };
    found.map(|b| BoxId(b as u32))
}

/// Puts `nodes`, each there once, into the order in which they are drawn. They are not sorted but looked up in the order of all boxes,
/// which is one bit a box: a letter is in nearly every name of five million.
pub fn sort_for_drawing(layout: &Layout, nodes: &mut [NodeId]) {
    let mut is_in = vec![0_u64; layout.len().div_ceil(64)];
    for &node in &*nodes {
        let at = layout.box_of(node).index();
        is_in[at / 64] |= 1 << (at % 64);
    }
    let mut slots = nodes.iter_mut();
    for (word, mut bits) in (0_u32..).zip(is_in) {
        while bits != 0 {
            let Some(slot) = slots.next() else { return };
            *slot = layout.node(BoxId(word * 64 + bits.trailing_zeros()));
            bits &= bits - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::flame::layout::Order;

    #[test]
    fn moves_to_adjacent_boxes() {
        let tree = tree("a 5\n b;x 3\n c 2\n b -1");
        let layout = Layout::new(&tree, Order::ByTotal);
        let name = |b: Option<BoxId>| b.map(|b| tree.name(layout.node(b)));
        let walk = |from: u32, to| name(step(&layout, tree.shape(), BoxId(from), to));
        assert_eq!(name(Some(BoxId(1))), Some("a"));
        assert_eq!(walk(0, Move::Parent), None);
        assert_eq!(walk(0, Move::NextSibling), None);
        assert_eq!(walk(0, Move::FirstChild), Some("a"));
        assert_eq!(walk(1, Move::NextSibling), Some("b"));
        assert_eq!(walk(1, Move::PreviousSibling), None);
        assert_eq!(walk(2, Move::FirstChild), Some("x"));
        assert_eq!(walk(3, Move::NextSibling), None);
        assert_eq!(walk(3, Move::PreviousSibling), Some("b"));
        assert_eq!(walk(4, Move::Parent), Some("b"));
    }

    #[test]
    fn sorts_few_and_many_nodes_in_drawing_order() {
        let lines: Vec<String> = (0..200).map(|i| format!("a{};b{i} {}", i % 7, 1 + i * 37 % 100)).collect();
        let tree = tree(&lines.join("\n"));
        let layout = Layout::new(&tree, Order::ByTotal);
        for step in [1, 2, 90] {
            let mut nodes: Vec<NodeId> = (0..tree.len() as u32).step_by(step).map(NodeId).collect();
            let mut boxes: Vec<BoxId> = nodes.iter().map(|&n| layout.box_of(n)).collect();
            boxes.sort_unstable();
            sort_for_drawing(&layout, &mut nodes);
            assert_eq!(nodes.iter().map(|&n| layout.box_of(n)).collect::<Vec<_>>(), boxes);
        }
    }

    #[test]
    fn skips_boxes_without_width() {
        let tree = tree("a 5\n b -3\n c 2");
        let layout = Layout::new(&tree, Order::ByName);
        assert_eq!(step(&layout, tree.shape(), BoxId(1), Move::NextSibling), Some(BoxId(3)));
    }
}
