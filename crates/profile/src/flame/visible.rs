//! Culling: the boxes that are visible in a window, down to a minimum width.
//!
//! Goes from the root down with a frontier of ranges of siblings, and only into boxes that are in the window and
//! wide enough. What is too narrow is not dropped: neighbours become one [`Content::Rest`] box with their
//! number and value. So each frame costs what is on the screen and not what is in the tree.
//!
//! In every row drawn below a drawn box, its children's boxes and rests cover its children exactly.
//!
//! Bound: a row has at most `width / min_px + 2` nodes, and a rest only next to one or below one of the row
//! above.

use super::layout::{BoxId, Layout};
use super::within::within;
use crate::call_tree::NodeId;
use std::ops::Range;

/// The window: what part of the layout is shown, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Left edge in value units.
    pub x0: f64,
    /// Right edge in value units.
    pub x1: f64,
    /// First row shown.
    pub row_start: usize,
    /// One past the last row shown.
    pub row_end: usize,
    /// Width of the window in pixels.
    pub width_px: f64,
    /// Boxes narrower than this, in pixels, are drawn together as rest.
    pub min_px: f64,
}

/// Something to draw. Pixels count from the left edge of the window; boxes are clipped to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisibleBox {
    /// Row in the layout.
    pub row: u32,
    /// Left edge in pixels.
    pub x: f32,
    /// Width in pixels.
    pub w: f32,
    /// What it stands for.
    pub content: Content,
}

/// What a [`VisibleBox`] stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// A node.
    Node {
        /// The node.
        node: NodeId,
        /// Its box in the layout.
        id: BoxId,
    },
    /// Neighbouring siblings, each too narrow to be seen. What is below them is not drawn.
    Rest {
        /// The leftmost.
        first: BoxId,
        /// How many siblings; those outside of the window are not counted.
        count: u32,
        /// Their totals together, in value units.
        value: f64,
    },
}

/// Fills `out` (cleared first, so that it can be used again) with what to draw, row by row from the top, each
/// row from left to right. Empty when the window has no width.
pub fn visible(layout: &Layout, view: &View, out: &mut Vec<VisibleBox>) {
    out.clear();
    let scale = view.width_px / (view.x1 - view.x0);
    if !(scale.is_finite() && scale > 0.0 && view.min_px >= 0.0) {
        return;
    }
    let (x0, x1) = layout.edges();
    let mut row = Row { x0, x1, layout, view, scale, min: view.min_px / scale, index: 0, next: Vec::new() };
    let mut frontier = vec![layout.row(0)];
    for index in 0..view.row_end.min(layout.rows()) {
        row.index = index;
        for siblings in &frontier {
            row.siblings(siblings.clone(), out);
        }
        std::mem::swap(&mut frontier, &mut row.next);
        row.next.clear();
        if frontier.is_empty() {
            break;
        }
    }
}

/// One row on its way from the frontier above to the frontier below.
struct Row<'a> {
    x0: &'a [f64],
    x1: &'a [f64],
    layout: &'a Layout,
    view: &'a View,
    /// Pixels a value unit.
    scale: f64,
    /// Smallest width in value units.
    min: f64,
    index: usize,
    next: Vec<Range<usize>>,
}

impl Row<'_> {
    fn siblings(&mut self, siblings: Range<usize>, out: &mut Vec<VisibleBox>) {
        let Range { mut start, mut end } = siblings;
        // Only siblings at an edge of the window can be outside of it.
        if start < end && self.x0[start] < self.view.x0 {
            start += self.x1[start..end].partition_point(|&right| right <= self.view.x0);
        }
        if start < end && self.x1[end - 1] > self.view.x1 {
            end = start + self.x0[start..end].partition_point(|&left| left < self.view.x1);
        }
        let mut at = start;
        while at < end {
            if self.x1[at] - self.x0[at] >= self.min {
                self.node(at, out);
                at += 1;
            } else {
                let narrow_end = self.skip_narrow(at, end);
                self.rest(at..narrow_end, out);
                at = narrow_end;
            }
        }
    }

    /// One past the last of the narrow siblings that begin at `at`. Whatever ends within `min` of where a
    /// narrow one begins is narrow too, so each jump but the last goes `min` to the right in two steps.
    ///
    /// A gap as wide as that ends the run: in a chart nothing happened there, and nothing is to be drawn over it.
    fn skip_narrow(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.x1[at] - self.x0[at] < self.min {
            let reach = self.x0[at] + self.min;
            at = gallop(at + 1, end, |i| self.x1[i] <= reach);
            if at < end && self.x0[at] - self.x1[at - 1] >= self.min {
                break;
            }
        }
        at
    }

    fn node(&mut self, at: usize, out: &mut Vec<VisibleBox>) {
        let id = BoxId(at as u32);
        if self.index >= self.view.row_start {
            out.push(self.clip(at..at + 1, Content::Node { node: self.layout.node(id), id }));
        }
        let children = self.layout.children(id);
        if !children.is_empty() {
            self.next.push(children);
        }
    }

    fn rest(&self, boxes: Range<usize>, out: &mut Vec<VisibleBox>) {
        let value = self.x1[boxes.end - 1] - self.x0[boxes.start];
        // Siblings without any value have nothing to be drawn.
        if self.index >= self.view.row_start && value > 0.0 {
            let (first, count) = (BoxId(boxes.start as u32), boxes.len() as u32);
            out.push(self.clip(boxes, Content::Rest { first, count, value }));
        }
    }

    /// Pixels are computed from the edges and not from the width, so that neighbours meet without a seam.
    fn clip(&self, boxes: Range<usize>, content: Content) -> VisibleBox {
        let px = |x: f64| within((x - self.view.x0) * self.scale, 0.0, self.view.width_px);
        let (left, right) = (px(self.x0[boxes.start]), px(self.x1[boxes.end - 1]));
        VisibleBox { row: self.index as u32, x: left as f32, w: (right - left) as f32, content }
    }
}

/// The first index in `from..end` for which `holds` is false, given that it never becomes true again. Steps
/// double, so that a short run costs what it is long and a long one its logarithm.
fn gallop(from: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (from, 1);
    while low < end && holds(low) {
        let probe = low + step;
        if probe >= end || !holds(probe) {
            let (mut a, mut b) = (low + 1, probe.min(end));
            while a < b {
                let middle = a + (b - a) / 2;
                if holds(middle) { a = middle + 1 } else { b = middle }
            }
            return a;
        }
        low = probe + 1;
        step *= 2;
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::flame::layout::Order;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn see(layout: &Layout, view: View) -> Vec<VisibleBox> {
        let mut out = Vec::new();
        visible(layout, &view, &mut out);
        out
    }

    fn all(layout: &Layout, width_px: f64, min_px: f64) -> View {
        View { x0: 0.0, x1: layout.width(), row_start: 0, row_end: layout.rows(), width_px, min_px }
    }

    #[test]
    fn narrow_siblings_are_merged() {
        let layout = Layout::new(&tree("a 90\n b 4\n c 3\n d 3"), Order::ByTotal);
        let boxes = see(&layout, all(&layout, 100.0, 5.0));
        let rest = boxes.last().unwrap();
        assert_eq!(boxes.len(), 3);
        assert_eq!((rest.x, rest.w), (90.0, 10.0));
        assert_eq!(rest.content, Content::Rest { first: BoxId(2), count: 3, value: 10.0 });
    }

    #[test]
    fn boxes_are_clipped_to_the_window() {
        let layout = Layout::new(&tree("a 50\n b 30\n c 20"), Order::ByTotal);
        let view = View { x0: 40.0, x1: 60.0, ..all(&layout, 200.0, 1.0) };
        let found: Vec<_> = see(&layout, view).iter().map(|b| (b.row, b.x, b.w)).collect();
        assert_eq!(found, [(0, 0.0, 200.0), (1, 0.0, 100.0), (1, 100.0, 100.0)]);
    }

    #[test]
    fn empty_window_shows_nothing() {
        let layout = Layout::new(&tree("a 50"), Order::ByTotal);
        for (x0, x1) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert_eq!(see(&layout, View { x0, x1, ..all(&layout, 100.0, 1.0) }), []);
        }
    }

    proptest! {
        #[test]
        fn no_value_is_lost_by_merging(
            paths in any_paths(), by_name: bool, min_px in 0.01..200.0, from in 0.0..0.9, part in 0.01..1.0,
            row_start in 0..4usize,
        ) {
            let order = if by_name { Order::ByName } else { Order::ByTotal };
            let layout = Layout::new(&from_paths(&paths), order);
            let x0 = layout.width() * from;
            let x1 = x0 + layout.width() * part;
            let view = View { x0, x1, row_start, ..all(&layout, 1000.0, min_px) };
            let boxes = see(&layout, view);
            let clipped = |id: BoxId| {
                let px = |x: f64| ((x - x0) * 1000.0 / (x1 - x0)).clamp(0.0, 1000.0);
                px(layout.x1(id)) - px(layout.x0(id))
            };
            // Pixels below each drawn parent, by what was drawn and by what is in the layout.
            let parent_of: HashMap<usize, BoxId> = (0..layout.len() as u32)
                .flat_map(|b| layout.children(BoxId(b)).map(move |c| (c, BoxId(b))))
                .collect();
            let mut drawn = HashMap::<BoxId, f64>::new();
            for b in boxes.iter().filter(|b| b.row > 0) {
                let first = match b.content {
                    Content::Node { id, .. } => id,
                    Content::Rest { first, .. } => first,
                };
                prop_assert!(b.row as usize >= row_start);
                prop_assert!(b.x >= 0.0 && b.x + b.w <= 1000.01);
                prop_assert_eq!(layout.row_of(first), b.row as usize);
                *drawn.entry(parent_of[&first.index()]).or_default() += f64::from(b.w);
            }
            for b in &boxes {
                if let Content::Node { id, .. } = b.content {
                    let below: f64 = layout.children(id).map(|c| clipped(BoxId(c as u32))).sum();
                    let drawn = drawn.get(&id).copied().unwrap_or(0.0);
                    prop_assert!((below - drawn).abs() < 0.01, "{below} pixels below {id:?}, {drawn} drawn");
                }
            }
        }

        #[test]
        fn box_count_per_row_is_bounded_by_window_width(wide in 1..3000u32, min_px in 1.0..20.0) {
            let lines: String = (0..wide).map(|i| format!("f{i} {}\n", 1 + i % 7)).collect();
            let layout = Layout::new(&tree(&lines), Order::ByName);
            let nodes = see(&layout, all(&layout, 1000.0, min_px)).len();
            prop_assert!(nodes as f64 <= 2.0 * (1000.0 / min_px + 2.0));
        }
    }

    #[test]
    fn galloping_search_finds_the_first_mismatch() {
        for end in 0..40 {
            for limit in 0..=end {
                assert_eq!(gallop(0, end, |i| i < limit), limit);
            }
        }
    }
}
