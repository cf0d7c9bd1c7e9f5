//! Columnar encoding of a flame chart, for handing it from a worker to the page, and for snapshots.
//!
//! Boxes are in the order of the layout. Only what cannot be derived is there: how many boxes a row has, and for each
//! box the nanoseconds between the end of the one before it in its row and its start, its length, and its node. The
//! children of a box are those of the next row that begin before it ends.

use super::Chart;
use crate::call_tree::CallTree;
use crate::call_tree::NodeId;
use crate::flame::layout::{BoxId, ChartRow, Layout};
use std::ops::Range;

/// Where the boxes of a chart are; see the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartColumns {
    /// How many boxes each row has; the first is the root's.
    pub rows: Vec<u32>,
    /// Nanoseconds from the end of the box before it in its row (or from the start of the chart).
    pub gap: Vec<u64>,
    /// Length in nanoseconds.
    pub length: Vec<u64>,
    /// Index of its node in the tree.
    pub node: Vec<u32>,
}

/// The columns do not make a chart. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidChart {
    /// Columns have different lengths, a row is empty, or there is no root.
    #[error("the columns of the flame chart have different lengths")]
    Lengths,
    /// A box names a node that the tree does not have.
    #[error("box {0} of the flame chart refers to a node that is not in its tree")]
    Node(usize),
    /// A box is not inside of one in the row above.
    #[error("box {0} of the flame chart extends beyond its parent")]
    Outside(usize),
    /// The node of a box is not a child of its parent's.
    #[error("box {0} of the flame chart is not a call from the one above it")]
    Parent(usize),
}

impl Chart {
    /// The columns of all boxes.
    pub fn columns(&self) -> ChartColumns {
        let mut columns = ChartColumns::default();
        for row in 0..self.layout.rows() {
            let boxes = self.layout.row(row);
            columns.rows.push(boxes.len() as u32);
            let mut end = 0.0;
            for id in boxes.map(|i| BoxId(i as u32)) {
                let (x0, x1) = (self.layout.x0(id), self.layout.x1(id));
                columns.gap.push((x0 - end) as u64);
                columns.length.push((x1 - x0) as u64);
                columns.node.push(self.layout.node(id).0);
                end = x1;
            }
        }
        columns
    }

    /// The chart whose boxes are in `columns` and whose nodes are those of `tree`.
    ///
    /// # Errors
    /// [`InvalidChart`].
    pub fn from_columns(
        tree: CallTree,
        start_ns: u64,
        columns: &ChartColumns,
    ) -> Result<Chart, InvalidChart> {
        let ChartColumns { rows, gap, length, node } = columns;
        let boxes: u64 = rows.iter().map(|&n| u64::from(n)).sum();
        let same = [gap.len(), length.len(), node.len()].iter().all(|&n| n as u64 == boxes);
        // With a box in each row, what rows take is bounded by the boxes.
        if rows.first() != Some(&1) || rows.contains(&0) || !same {
            return Err(InvalidChart::Lengths);
        }
        if let Some(at) = node.iter().position(|&n| n as usize >= tree.len()) {
            return Err(InvalidChart::Node(at));
        }
        if node[0] != NodeId::ROOT.0 {
            return Err(InvalidChart::Parent(0));
        }
        let mut out: Vec<ChartRow> = Vec::with_capacity(rows.len());
        let mut at = 0;
        for &count in rows {
            let mut row = ChartRow::with_capacity(count as usize);
            let mut end = 0.0;
            for i in at..at + count as usize {
                let x0 = end + gap[i] as f64;
                end = x0 + length[i] as f64;
                row.x0.push(x0);
                row.x1.push(end);
                row.node.push(NodeId(node[i]));
            }
            if let Some(above) = out.last_mut() {
                join(&tree, above, &row, at)?;
            }
            out.push(row);
            at += count as usize;
        }
        if let Some(last) = out.last_mut() {
            last.first_child = vec![0; last.x0.len()];
        }
        Ok(Chart { layout: Layout::of_rows(out, tree.len()), tree, start_ns })
    }
}

impl ChartColumns {
    /// The chart with other nodes: `nodes` has for each of today's its new one, of the same depth and with the new one of its
    /// parent as its parent. Boxes of nodes without one are left out, and so must be those below them. Calls that follow each
    /// other and have become the same node are one. O(boxes).
    ///
    /// # Panics
    /// When a box has a node that `nodes` does not have, or columns differ in length.
    #[must_use]
    pub(crate) fn with_nodes(&self, nodes: &[Option<NodeId>]) -> ChartColumns {
        let boxes = self.node.len();
        let mut out = ChartColumns {
            rows: Vec::with_capacity(self.rows.len()),
            gap: Vec::with_capacity(boxes),
            length: Vec::with_capacity(boxes),
            node: Vec::with_capacity(boxes),
        };
        let (mut above, mut at): (Vec<Span>, usize) = (Vec::new(), 0);
        for &count in &self.rows {
            let boxes = at..at + count as usize;
            at = boxes.end;
            let row = self.row_with_nodes(boxes, nodes, &above);
            if row.is_empty() {
                break;
            }
            out.rows.push(row.len() as u32);
            let mut end = 0;
            for span in &row {
                out.gap.push(span.start - end);
                out.length.push(span.end - span.start);
                out.node.push(span.node.0);
                end = span.end;
            }
            above = row;
        }
        out
    }

    fn row_with_nodes(&self, boxes: Range<usize>, nodes: &[Option<NodeId>], above: &[Span]) -> Vec<Span> {
        let mut row: Vec<Span> = Vec::with_capacity(boxes.len());
        let (mut before, mut parent) = (0u64, 0);
        for i in boxes {
            let start = before.saturating_add(self.gap[i]);
            let end = start.saturating_add(self.length[i]);
            before = end;
            let Some(node) = nodes[self.node[i] as usize] else { continue };
            while above.get(parent).is_some_and(|above| above.end <= start) {
                parent += 1;
            }
            match row.last_mut() {
                Some(last) if last.end == start && last.node == node && last.parent == parent => {
                    last.end = end
                }
                _ => row.push(Span { start, end, node, parent }),
            }
        }
        row
    }
}

/// A box by its time, in nanoseconds since the start of the chart.
struct Span {
    start: u64,
    end: u64,
    node: NodeId,
    /// Position of its parent in the row above.
    parent: usize,
}

/// Finds where the children of each box of `above` begin in `row`, whose first box is number `at` of the chart.
fn join(tree: &CallTree, above: &mut ChartRow, row: &ChartRow, at: usize) -> Result<(), InvalidChart> {
    let mut child = 0;
    for ((&x0, &x1), &node) in above.x0.iter().zip(&above.x1).zip(&above.node) {
        above.first_child.push(child as u32);
        while child < row.x0.len() && row.x0[child] < x1 {
            if row.x0[child] < x0 || row.x1[child] > x1 {
                return Err(InvalidChart::Outside(at + child));
            }
            if tree.parent(row.node[child]) != node || row.node[child] == NodeId::ROOT {
                return Err(InvalidChart::Parent(at + child));
            }
            child += 1;
        }
    }
    if child < row.x0.len() { Err(InvalidChart::Outside(at + child)) } else { Ok(()) }
}
