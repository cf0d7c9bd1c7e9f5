//! Diff of two call trees: the **baseline** and the **comparison**.
//!
//! A [`DiffTree`] is the union of both: every path that either has, with the self value and the total of each
//! side. Exact, on the whole trees, O(nodes) plus sorting siblings.
//!
//! Functions are the same when their name and source file are. Unlike in [`crate::call_tree::merge`] the mapping
//! does not count: two versions of a program are two binaries, and every function would be gone and new.
//!
//! Transforms come before the union: apply those of [`crate::call_tree::transform`] or
//! [`crate::call_tree::invert`] to each tree (or to [`DiffTree::side`]) and unite the results. So a path means
//! the same on both sides.
//!
//! [`scale`] says what is compared (shares or values) and what changed, [`table`] lists functions, [`rank`] orders them by what
//! explains the change, [`part`] says how much of it each is, [`width`] and [`color`] draw, [`side`] takes the sides apart again for pictures beside each other, and
//! [`side_order`] orders them.

pub mod color;
mod columns;
pub mod part;
pub mod rank;
pub mod scale;
pub mod search;
pub mod side;
pub mod side_order;
pub mod table;
mod union;
pub mod width;
mod zip;

pub use scale::{Change, Mode, Scale};
pub use table::{DiffRow, diff_table};
pub use union::diff;

use crate::call_tree::{InvalidTree, NodeId, Shape, check_pre_order, totals_and_ends};
use crate::frame_table::{FrameId, FrameTable};

/// One of the two trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// What it was.
    Baseline,
    /// What it is.
    Comparison,
}

impl Side {
    /// Both, in the order of all columns.
    pub const BOTH: [Side; 2] = [Side::Baseline, Side::Comparison];
}

/// A number of each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Of the baseline.
    pub baseline: i64,
    /// Of the comparison.
    pub comparison: i64,
}

impl Pair {
    /// The number of one side.
    pub fn of(self, side: Side) -> i64 {
        match side {
            Side::Baseline => self.baseline,
            Side::Comparison => self.comparison,
        }
    }

    /// Side by side, saturating.
    pub fn plus(self, other: Pair) -> Pair {
        Pair {
            baseline: self.baseline.saturating_add(other.baseline),
            comparison: self.comparison.saturating_add(other.comparison),
        }
    }
}

/// Which sides have something at all: a path or a function is there when it or anything below it has a value of
/// its own, even if these add up to zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Presence {
    /// On the baseline.
    pub baseline: bool,
    /// On the comparison.
    pub comparison: bool,
}

impl Presence {
    /// Whether one side has it.
    pub fn on(self, side: Side) -> bool {
        match side {
            Side::Baseline => self.baseline,
            Side::Comparison => self.comparison,
        }
    }

    fn or(self, other: Presence) -> Presence {
        Presence {
            baseline: self.baseline || other.baseline,
            comparison: self.comparison || other.comparison,
        }
    }
}

/// The union of two call trees; the same encoding as [`crate::call_tree::CallTree`], with two values a node.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffTree {
    frames: FrameTable,
    frame: Vec<FrameId>,
    parent: Vec<NodeId>,
    end: Vec<u32>,
    presence: Vec<Presence>,
    /// Self and total: baseline, then comparison.
    self_value: [Vec<i64>; 2],
    total: [Vec<i64>; 2],
}

impl DiffTree {
    /// A tree from its columns, nodes in pre-order, root first; self values of the baseline, then of the
    /// comparison. Totals and presence are computed.
    ///
    /// # Errors
    /// [`InvalidTree`] when the columns are not a tree in pre-order.
    pub fn from_columns(
        frames: FrameTable,
        frame: Vec<FrameId>,
        parent: Vec<NodeId>,
        self_value: [Vec<i64>; 2],
    ) -> Result<DiffTree, InvalidTree> {
        let n = frame.len();
        let wrong = self_value.iter().map(Vec::len).find(|&len| len != n).unwrap_or(n);
        if n == 0 || parent.len() != n || wrong != n {
            return Err(InvalidTree::Lengths { frame: n, parent: parent.len(), self_value: wrong });
        }
        if let Some(i) = (0..n).find(|&i| frame[i].index() >= frames.len()) {
            return Err(InvalidTree::Frame(i, frame[i].0));
        }
        check_pre_order(&parent)?;
        Ok(DiffTree::of_pre_order(frames, frame, parent, self_value))
    }

    fn of_pre_order(
        frames: FrameTable,
        frame: Vec<FrameId>,
        parent: Vec<NodeId>,
        self_value: [Vec<i64>; 2],
    ) -> DiffTree {
        let (before, end) = totals_and_ends(&parent, &self_value[0]);
        let (after, _) = totals_and_ends(&parent, &self_value[1]);
        let presence = presence(&parent, &self_value);
        DiffTree { frames, frame, parent, end, presence, self_value, total: [before, after] }
    }

    /// The frames that nodes name.
    pub fn frames(&self) -> &FrameTable {
        &self.frames
    }

    /// How many nodes there are, the root included.
    pub fn len(&self) -> usize {
        self.frame.len()
    }

    /// True when neither side has anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 1 && self.self_value(NodeId::ROOT) == Pair::default()
    }

    /// The frame of a node.
    pub fn frame(&self, node: NodeId) -> FrameId {
        self.frame[node.index()]
    }

    /// The name of a node's frame.
    pub fn name(&self, node: NodeId) -> &str {
        self.frames.name(self.frame(node))
    }

    /// What was spent in the node itself.
    pub fn self_value(&self, node: NodeId) -> Pair {
        let [baseline, comparison] = self.self_value.each_ref().map(|side| side[node.index()]);
        Pair { baseline, comparison }
    }

    /// What was spent in the node and all below it.
    pub fn total(&self, node: NodeId) -> Pair {
        let [baseline, comparison] = self.total.each_ref().map(|side| side[node.index()]);
        Pair { baseline, comparison }
    }

    /// Which sides have the node. The root is on both.
    pub fn presence(&self, node: NodeId) -> Presence {
        self.presence[node.index()]
    }

    /// What became of a node: its total is compared.
    pub fn change(&self, node: NodeId, scale: &Scale) -> Change {
        scale.change(self.total(node), self.presence(node))
    }

    /// Who is below whom.
    pub fn shape(&self) -> Shape<'_> {
        Shape::new(&self.parent, &self.end)
    }

    /// The columns: frame, parent, and the self values of baseline and comparison; one entry a node, in pre-order.
    pub fn columns(&self) -> (&[FrameId], &[NodeId], [&[i64]; 2]) {
        (&self.frame, &self.parent, self.self_value.each_ref().map(Vec::as_slice))
    }

    /// The same with the sides exchanged.
    pub fn swapped(mut self) -> DiffTree {
        self.self_value.swap(0, 1);
        self.total.swap(0, 1);
        for p in &mut self.presence {
            std::mem::swap(&mut p.baseline, &mut p.comparison);
        }
        self
    }
}

fn presence(parent: &[NodeId], self_value: &[Vec<i64>; 2]) -> Vec<Presence> {
    let [before, after] = self_value;
    let of = |(&b, &c): (&i64, &i64)| Presence { baseline: b != 0, comparison: c != 0 };
    let mut presence: Vec<Presence> = before.iter().zip(after).map(of).collect();
    for i in (1..parent.len()).rev() {
        let up = parent[i].index();
        presence[up] = presence[up].or(presence[i]);
    }
    presence[0] = Presence { baseline: true, comparison: true };
    presence
}
