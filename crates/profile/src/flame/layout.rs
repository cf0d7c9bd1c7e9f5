//! Layout of a call tree as rows of boxes.
//!
//! Row 0 is the root, row d holds the nodes of depth d. Boxes are numbered row by row, in a row from left to
//! right, so that the children of a box lie next to each other: `child_start(b)..child_start(b + 1)`.
//!
//! x is in value units: the root covers `0..total`. Children lie side by side from the left edge of their
//! parent; what the parent spent itself is the gap at its **right end**. Coordinates are sums of integers kept
//! as f64: exact up to 2^53 (104 days of nanoseconds), and good to 1 in 10^15 beyond.
//!
//! Any other weights lay out a tree as well ([`Layout::weighted`]), such as the sums of both sides of a
//! [`crate::diff::DiffTree`]; x is in their unit then.
//!
//! Widths must not be negative. A negative total (the difference of two heaps, say) gets no width, and a
//! parent is at least as wide as its children.
//!
//! 28 bytes a box.

use crate::call_tree::{CallTree, NodeId, Shape};

/// Index of a box in a [`Layout`]. 0 is the root's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BoxId(pub u32);

impl BoxId {
    /// The position in the columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Order of siblings, from the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Largest total first; equal ones as in the tree.
    #[default]
    ByTotal,
    /// As in the tree: by name, then file.
    ByName,
}

/// Where each node of a tree is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    x0: Vec<f64>,
    x1: Vec<f64>,
    node: Vec<NodeId>,
    /// One entry more than there are boxes.
    child_start: Vec<u32>,
    box_of: Vec<BoxId>,
    /// First box of each row, and the number of boxes at the end.
    row_start: Vec<u32>,
}

impl Layout {
    /// Lays out a tree by its totals. O(nodes), plus sorting siblings.
    pub fn new(tree: &CallTree, order: Order) -> Layout {
        Layout::weighted(tree.shape(), &widths(tree), order)
    }

    /// Lays out a tree by its totals, with siblings in the order of other numbers, one a node, the largest first; equal ones as in the tree.
    ///
    /// # Panics
    /// When there are fewer numbers than nodes.
    pub fn ordered(tree: &CallTree, by: &[f64]) -> Layout {
        Layout::placed(tree.shape(), &widths(tree), Some(by))
    }

    /// Lays out a tree of any kind. `width` has one entry a node, not negative, and a node's is at least the sum
    /// of its children's; whole numbers below 2^53 keep this exact.
    ///
    /// Goes through the tree depth first and appends to one row for each depth, so that what is read and what
    /// is written lies close together; row by row it would jump through the whole tree for every row (1.3
    /// times slower at 5 million nodes).
    ///
    /// # Panics
    /// When there are fewer widths than nodes.
    pub fn weighted(tree: Shape<'_>, width: &[f64], order: Order) -> Layout {
        Layout::placed(tree, width, (order == Order::ByTotal).then_some(width))
    }

    /// Siblings are sorted by `by`, the largest first.
    fn placed(tree: Shape<'_>, width: &[f64], by: Option<&[f64]>) -> Layout {
        let mut rows = Rows::new(tree);
        rows.place(0, NodeId::ROOT, 0.0, width[0]);
        // For each row from the root down to where we are, the boxes whose children are still to be placed.
        let root: std::ops::Range<usize> = 0..1;
        let mut open = vec![root];
        let mut siblings = Vec::new();
        while let Some(todo) = open.last_mut() {
            let Some(at) = todo.next() else {
                open.pop();
                continue;
            };
            let row = open.len();
            let start = rows.end(row);
            rows.layout.child_start[at] = start as u32;
            siblings.clear();
            siblings.extend(tree.children(rows.layout.node[at]));
            if let Some(by) = by.filter(|_| siblings.len() > 1) {
                // Of equal width in the order of the tree. Not a stable sort: that is twice the code.
                siblings.sort_unstable_by(|a, b| by[b.index()].total_cmp(&by[a.index()]).then(a.cmp(b)));
            }
            let mut x = rows.layout.x0[at];
            for &child in &siblings {
                let next = x + width[child.index()];
                rows.place(row, child, x, next);
                x = next;
            }
            if !siblings.is_empty() {
                open.push(start..start + siblings.len());
            }
        }
        rows.layout
    }

    /// Width of the whole picture in value units.
    pub fn width(&self) -> f64 {
        self.x1[0]
    }

    /// A layout whose rows have been filled elsewhere: for each row its boxes from left to right, and for each box
    /// the position in the row below at which its children begin. `nodes` is how many nodes the tree has; a node
    /// with several boxes is found by its first.
    pub(super) fn of_rows(rows: Vec<ChartRow>, nodes: usize) -> Layout {
        let boxes = rows.iter().map(|row| row.x0.len()).sum();
        let mut layout = Layout {
            x0: Vec::with_capacity(boxes),
            x1: Vec::with_capacity(boxes),
            node: Vec::with_capacity(boxes),
            child_start: Vec::with_capacity(boxes + 1),
            box_of: vec![BoxId::default(); nodes],
            row_start: vec![0],
        };
        for row in rows {
            let below = (layout.x0.len() + row.x0.len()) as u32;
            layout.child_start.extend(row.first_child.iter().map(|first| below + first));
            layout.x0.extend(row.x0);
            layout.x1.extend(row.x1);
            layout.node.extend(row.node);
            layout.row_start.push(below);
        }
        layout.child_start.push(boxes as u32);
        for (i, node) in layout.node.iter().enumerate().rev() {
            layout.box_of[node.index()] = BoxId(i as u32);
        }
        layout
    }

    /// How many rows there are, the root's included.
    pub fn rows(&self) -> usize {
        self.row_start.len() - 1
    }

    /// How many boxes there are: one a node.
    pub fn len(&self) -> usize {
        self.node.len()
    }

    /// True when only the root is there.
    pub fn is_empty(&self) -> bool {
        self.node.len() == 1
    }

    /// The boxes of a row, from left to right; an empty range below the last row.
    pub fn row(&self, row: usize) -> std::ops::Range<usize> {
        match (self.row_start.get(row), self.row_start.get(row + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => self.node.len()..self.node.len(),
        }
    }

    /// The row of a box.
    pub fn row_of(&self, id: BoxId) -> usize {
        self.row_start.partition_point(|&start| start <= id.0) - 1
    }

    /// Left edge in value units.
    pub fn x0(&self, id: BoxId) -> f64 {
        self.x0[id.index()]
    }

    /// Right edge in value units.
    pub fn x1(&self, id: BoxId) -> f64 {
        self.x1[id.index()]
    }

    /// The node drawn in a box.
    pub fn node(&self, id: BoxId) -> NodeId {
        self.node[id.index()]
    }

    /// The box of a node.
    pub fn box_of(&self, node: NodeId) -> BoxId {
        self.box_of[node.index()]
    }

    /// The children of a box, from left to right.
    pub fn children(&self, id: BoxId) -> std::ops::Range<usize> {
        self.child_start[id.index()] as usize..self.child_start[id.index() + 1] as usize
    }

    /// The edges of all boxes.
    pub(super) fn edges(&self) -> (&[f64], &[f64]) {
        (&self.x0, &self.x1)
    }
}

/// A row of a layout made elsewhere, from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct ChartRow {
    pub(super) x0: Vec<f64>,
    pub(super) x1: Vec<f64>,
    pub(super) node: Vec<NodeId>,
    /// Where the children of each box begin in the row below.
    pub(super) first_child: Vec<u32>,
}

impl ChartRow {
    /// An empty row with room for so many boxes.
    pub(super) fn with_capacity(boxes: usize) -> ChartRow {
        ChartRow {
            x0: Vec::with_capacity(boxes),
            x1: Vec::with_capacity(boxes),
            node: Vec::with_capacity(boxes),
            first_child: Vec::with_capacity(boxes),
        }
    }
}

/// A layout being filled, row by row from the left.
struct Rows {
    layout: Layout,
    /// Where the next box of each row goes.
    next: Vec<u32>,
}

impl Rows {
    fn new(tree: Shape<'_>) -> Self {
        let parent = tree.parents();
        let n = tree.len();
        let mut depth = vec![0u32; n];
        let mut row_start = vec![0, 1];
        for i in 1..n {
            let row = depth[parent[i].index()] + 1;
            depth[i] = row;
            if row_start.len() == row as usize + 1 {
                row_start.push(0);
            }
            row_start[row as usize + 1] += 1;
        }
        for row in 1..row_start.len() {
            row_start[row] += row_start[row - 1];
        }
        let layout = Layout {
            x0: vec![0.0; n],
            x1: vec![0.0; n],
            node: vec![NodeId::ROOT; n],
            child_start: vec![n as u32; n + 1],
            box_of: vec![BoxId::default(); n],
            row_start,
        };
        let next = layout.row_start.clone();
        Rows { layout, next }
    }

    /// Where the next box of a row goes; behind all boxes for the row below the last.
    fn end(&self, row: usize) -> usize {
        self.next.get(row).map_or(self.layout.node.len(), |&next| next as usize)
    }

    fn place(&mut self, row: usize, node: NodeId, x0: f64, x1: f64) {
        let at = self.next[row] as usize;
        self.next[row] += 1;
        self.layout.x0[at] = x0;
        self.layout.x1[at] = x1;
        self.layout.node[at] = node;
        self.layout.box_of[node.index()] = BoxId(at as u32);
    }
}

/// Width of each node: its total where nothing is negative.
fn widths(tree: &CallTree) -> Vec<f64> {
    let (_, parent, self_value, total) = tree.columns();
    if self_value.iter().all(|&v| v >= 0) {
        return total.iter().map(|&v| v as f64).collect();
    }
    let mut width: Vec<f64> = self_value.iter().map(|&v| v.max(0) as f64).collect();
    for i in (1..width.len()).rev() {
        width[parent[i].index()] += width[i];
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use proptest::prelude::*;

    #[test]
    fn siblings_are_sorted_by_total_with_self_rightmost() {
        let tree = tree("a 2\n b;x 5\n b 1\n (root) 3");
        let layout = Layout::new(&tree, Order::ByTotal);
        let boxes: Vec<_> = (0..layout.len() as u32)
            .map(|b| (tree.name(layout.node(BoxId(b))), layout.x0(BoxId(b)), layout.x1(BoxId(b))))
            .collect();
        assert_eq!(boxes, [("total", 0.0, 11.0), ("b", 0.0, 6.0), ("a", 6.0, 8.0), ("x", 0.0, 5.0)]);
        let by_name = Layout::new(&tree, Order::ByName);
        assert_eq!(tree.name(by_name.node(BoxId(1))), "a");
    }

    #[test]
    fn negative_totals_have_no_width() {
        let layout = Layout::new(&tree("a;b 5\n a -4\n c -2"), Order::ByTotal);
        assert_eq!(layout.width(), 5.0);
        assert_eq!((layout.x0(BoxId(1)), layout.x1(BoxId(1))), (0.0, 5.0));
        assert_eq!((layout.x0(BoxId(2)), layout.x1(BoxId(2))), (5.0, 5.0));
    }

    proptest! {
        #[test]
        fn children_lie_side_by_side_within_their_parent(paths in any_paths(), by_name: bool) {
            let tree = from_paths(&paths);
            let layout = Layout::new(&tree, if by_name { Order::ByName } else { Order::ByTotal });
            prop_assert_eq!(layout.len(), tree.len());
            prop_assert_eq!(layout.row(layout.rows() - 1).end, tree.len());
            for id in (0..layout.len() as u32).map(BoxId) {
                let node = layout.node(id);
                prop_assert_eq!(layout.box_of(node), id);
                prop_assert_eq!(layout.x1(id) - layout.x0(id), tree.total(node) as f64);
                let mut x = layout.x0(id);
                for child in layout.children(id).map(|c| BoxId(c as u32)) {
                    prop_assert_eq!(tree.parent(layout.node(child)), node);
                    prop_assert_eq!(layout.row_of(child), layout.row_of(id) + 1);
                    prop_assert_eq!(layout.x0(child), x);
                    x = layout.x1(child);
                }
                prop_assert_eq!(layout.x1(id) - x, tree.self_value(node) as f64);
                prop_assert_eq!(layout.children(id).len(), tree.children(node).count());
            }
        }
    }
}
