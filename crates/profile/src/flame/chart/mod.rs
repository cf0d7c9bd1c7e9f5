//! Flame chart: the samples of one thread in time order.
//!
//! Neighbouring samples whose stacks begin alike share boxes: a box is a span of time in which a function was on the
//! stack. Where no sample was, nothing is drawn.
//!
//! A chart is a [`Layout`], so everything that draws, zooms and points at flame graphs works on it: x is nanoseconds
//! since the first sample, row 0 the whole time, row d the functions at depth d, sorted by start; children lie
//! inside of their parents. Its nodes are those of [`Chart::tree`], the call tree of the same samples; a node has
//! as many boxes as its function was entered that way. In [`Layout::box_of`] it has its first.

mod columns;
mod minimap;
mod moments;

pub use columns::{ChartColumns, InvalidChart};
pub use minimap::Minimap;

use super::layout::{BoxId, ChartRow, Layout};
use crate::call_tree::build::BuildError;
use crate::call_tree::{CallTree, NodeId, from_samples_with_leaves, stack_nodes};
use crate::profile::Profile;
use moments::{Moment, moments};

/// Boxes of a chart, above which it is given up: about 2 GiB.
const MAX_BOXES: usize = 64 << 20;

/// No chart can be made of the samples.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// No sample has a time.
    #[error("the samples have no timestamps, which a flame chart needs")]
    NoTimes,
    /// No tree can be made of them.
    #[error(transparent)]
    Tree(#[from] BuildError),
    /// Too many calls.
    #[error("the flame chart has more than {MAX_BOXES} boxes; choose a shorter range or a single thread")]
    TooLarge,
}

/// Samples in time order, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Where everything is drawn; x is nanoseconds since [`Chart::start_ns`].
    pub layout: Layout,
    /// The call tree of the same samples: names, colours and sums.
    pub tree: CallTree,
    /// When the first sample was taken, nanoseconds since the epoch (or on the profiler's own clock).
    pub start_ns: u64,
}

impl Chart {
    /// Lays out the samples given by their indices, in any order; those without a time are omitted. They should
    /// be of one thread: of two samples at one time the later one ends the earlier one.
    ///
    /// A sample lasts as long as its value says, when the sample type counts time; otherwise until the next one, but
    /// not over a pause.
    ///
    /// # Errors
    /// [`ChartError`].
    ///
    /// # Panics
    /// When there is no sample with such an index.
    pub fn new(profile: &Profile, sample_type: usize, samples: &[u32]) -> Result<Chart, ChartError> {
        let timed =
            || samples.iter().map(|&i| i as usize).filter(|&i| profile.samples.timestamp(i).is_some());
        let (tree, leaves) = from_samples_with_leaves(profile, sample_type, timed())?;
        let mut order: Vec<usize> = timed().collect();
        order.sort_by_key(|&i| profile.samples.timestamp(i));
        let stacks = order.iter().map(|&i| profile.samples.stack(i));
        let nodes = match leaves {
            Some(leaves) => stacks.map(|stack| Some(leaves[stack.index()])).collect(),
            None => stack_nodes(profile, &tree, stacks),
        };
        let moments = moments(profile, sample_type, &order, &nodes);
        let start_ns = moments.first().ok_or(ChartError::NoTimes)?.start;
        let layout = lay_out(&tree, &moments, start_ns)?;
        Ok(Chart { layout, tree, start_ns })
    }

    /// The time at an x of the layout, nanoseconds since the epoch.
    pub(crate) fn time_at(&self, x: f64) -> u64 {
        self.start_ns.saturating_add(x.max(0.0) as u64)
    }

    /// When a box begins, nanoseconds since the epoch, and how long it lasts, in nanoseconds.
    pub fn span(&self, id: BoxId) -> (u64, u64) {
        let (x0, x1) = (self.layout.x0(id), self.layout.x1(id));
        (self.time_at(x0), (x1 - x0) as u64)
    }
}

/// Opens and closes boxes from one moment to the next. O(boxes + moments × depth).
fn lay_out(tree: &CallTree, moments: &[Moment], start: u64) -> Result<Layout, ChartError> {
    let end = moments.iter().map(|m| m.end).max().unwrap_or(start);
    let mut rows = Rows::new((end - start) as f64);
    let (_, parent, ..) = tree.columns();
    let mut path: Vec<NodeId> = Vec::new();
    let mut leaf_before = None;
    let mut time_before = start;
    for moment in moments {
        if leaf_before != Some(moment.leaf) {
            path.clear();
            let mut at = moment.leaf;
            while at != NodeId::ROOT {
                path.push(at);
                at = parent[at.index()];
            }
            path.reverse();
        }
        let is_new = moment.start > time_before;
        rows.sample(&path, is_new, (moment.start - start) as f64, (moment.end - start) as f64);
        if rows.boxes > MAX_BOXES {
            return Err(ChartError::TooLarge);
        }
        (leaf_before, time_before) = (Some(moment.leaf), moment.end);
    }
    Ok(Layout::of_rows(rows.rows, tree.len()))
}

/// Rows being filled. The boxes open are the last of their rows.
struct Rows {
    rows: Vec<ChartRow>,
    /// Nodes of the open boxes, from row 1.
    open: Vec<NodeId>,
    boxes: usize,
}

impl Rows {
    fn new(width: f64) -> Self {
        let root =
            ChartRow { x0: vec![0.0], x1: vec![width], node: vec![NodeId::ROOT], first_child: vec![0] };
        Rows { rows: vec![root], open: Vec::new(), boxes: 1 }
    }

    /// Adds a sample from `x0` to `x1`. `after_pause`: nothing was sampled right before it.
    fn sample(&mut self, path: &[NodeId], after_pause: bool, x0: f64, x1: f64) {
        let same = self.open.iter().zip(path).take_while(|(a, b)| a == b).count();
        let shared = if after_pause { 0 } else { same };
        self.open.truncate(shared);
        for row in &mut self.rows[1..=shared] {
            if let Some(end) = row.x1.last_mut() {
                *end = x1;
            }
        }
        for (depth, &node) in path.iter().enumerate().skip(shared) {
            let index = depth + 1;
            if self.rows.len() == index {
                self.rows.push(ChartRow::default());
            }
            let below = self.rows.get(index + 1).map_or(0, |row| row.x0.len());
            let row = &mut self.rows[index];
            row.x0.push(x0);
            row.x1.push(x1);
            row.node.push(node);
            row.first_child.push(below as u32);
            self.open.push(node);
            self.boxes += 1;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
