//! Draw list of a flame canvas: visible boxes in, rectangles and labels out. Pure.
//!
//! A [`Fill`] is a role that the painter looks up in the palette. Units are CSS pixels from the top left corner of the
//! surface.

use super::label_text::fit;
use crate::canvas::palette::{CHANGES, FILLS};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::flame::{Content, Groups, VisibleBox};
use std::ops::Range;

/// Height of a row, the gap below the box included.
pub(crate) const ROW: f64 = 20.0;
/// Gap between rows, and between boxes that are wide enough for one.
const GAP: f64 = 1.0;
/// Space between the edge of a box and its text.
const PAD: f64 = 5.0;
/// Shorter labels are left out.
const MIN_CHARS: usize = 3;

/// The fill of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// One of the palette's colours.
    Colour(u8),
    /// Boxes too small to be drawn on their own.
    Rest,
    Root,
    /// Matched by the search.
    Found,
    /// Not matched by the search.
    Dim,
    /// An ancestor of the box that fills the width.
    Above,
    /// A change between two profiles, see [`flarepath_profile::diff::color`].
    Change(u8),
}

impl Fill {
    /// Number of fills.
    pub(crate) const COUNT: usize = FILLS + 5 + CHANGES;

    /// A number below [`Fill::COUNT`].
    pub(crate) fn index(self) -> usize {
        match self {
            Fill::Colour(i) => usize::from(i) % FILLS,
            Fill::Rest => FILLS,
            Fill::Root => FILLS + 1,
            Fill::Found => FILLS + 2,
            Fill::Dim => FILLS + 3,
            Fill::Above => FILLS + 4,
            Fill::Change(i) => FILLS + 5 + usize::from(i) % CHANGES,
        }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) w: f32,
    pub(crate) h: f32,
}

/// A line of text in a box.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// Left edge of the text.
    pub(crate) x: f32,
    /// Top edge of the row; the painter knows where its font's baseline is.
    pub(crate) y: f32,
    /// The node named; `None` for the number of boxes in a rest.
    pub(crate) node: Option<NodeId>,
    /// Bytes of the name that fit.
    pub(crate) part: Range<usize>,
    /// Whether an ellipsis follows.
    pub(crate) cut: bool,
    /// Number of boxes, for a rest.
    pub(crate) count: u32,
    /// Whether the box is dimmed (above the zoom, not matched).
    pub(crate) dim: bool,
    /// Room for the text.
    pub(crate) room: f64,
}

/// What [`Scene::build`] draws from.
pub(crate) struct Input<'a> {
    pub(crate) tree: &'a CallTree,
    /// The visible boxes, from [`flarepath_profile::flame::visible`].
    pub(crate) boxes: &'a [VisibleBox],
    /// Colour of each frame.
    pub(crate) colours: &'a [u8],
    /// Colour of each node, where two trees are compared.
    pub(crate) changes: Option<&'a [u8]>,
    /// For each frame whether the search matches it; `None` without a search.
    pub(crate) found: Option<&'a [bool]>,
    /// Row of the box that fills the width; rows above are dimmed.
    pub(crate) zoomed_row: u32,
    /// Height of the surface.
    pub(crate) height: f64,
    /// Pixels scrolled down.
    pub(crate) scroll: f64,
    /// Whether the root is at the bottom.
    pub(crate) upward: bool,
    /// Width of a character; 0 draws no text.
    pub(crate) advance: f64,
}

/// The draw list. Kept between frames to reuse its memory.
#[derive(Default)]
pub(crate) struct Scene {
    rects: Vec<(Fill, Rect)>,
    groups: Groups,
    /// Text, drawn after all rectangles.
    pub(crate) labels: Vec<Label>,
    /// What is not drawn box by box.
    pub(crate) rest: RestSummary,
}

/// Boxes too narrow to be drawn one by one, in the rows on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct RestSummary {
    /// Boxes drawn as rests; those below them are not counted.
    pub(crate) boxes: u64,
    /// Their value together.
    pub(crate) value: f64,
}

impl Scene {
    /// The rectangles by fill ([`Fill::index`]): changing the colour of a canvas costs more than drawing a box.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = &Rect>)> {
        self.groups.iter().map(|(fill, rects)| {
            let rects = rects.iter().map(|&i| &self.rects[i as usize].1);
            (usize::from(fill), rects)
        })
    }

    /// Rebuilds the list.
    pub(crate) fn build(&mut self, input: &Input<'_>) {
        self.labels.clear();
        self.rects.clear();
        self.rest = RestSummary::default();
        for b in input.boxes {
            let y = row_y(input, b.row);
            if y + ROW < 0.0 || y > input.height {
                continue;
            }
            let fill = fill_of(input, b);
            if let Content::Rest { count, value, .. } = b.content {
                self.rest.boxes += u64::from(count);
                self.rest.value += value;
            }
            self.rects.push((fill, rect(b, y)));
            self.labels.extend(label(input, b, y, fill));
        }
        self.groups.group(&self.rects, Fill::COUNT as u8, |(fill, _)| fill.index() as u8);
    }
}

/// Top edge of a row.
fn row_y(input: &Input<'_>, row: u32) -> f64 {
    let from_root = f64::from(row) * ROW - input.scroll;
    if input.upward { input.height - from_root - ROW } else { from_root }
}

/// The row at `y`, counted from the root; `None` beyond the root.
pub(crate) fn row_at(y: f64, height: f64, scroll: f64, upward: bool) -> Option<usize> {
    let from_root = if upward { height - y } else { y } + scroll;
    (from_root >= 0.0).then_some((from_root / ROW) as usize)
}

fn fill_of(input: &Input<'_>, b: &VisibleBox) -> Fill {
    let Content::Node { node, .. } = b.content else { return Fill::Rest };
    let frame = input.tree.frame(node);
    if let Some(found) = input.found {
        return if found.get(frame.index()) == Some(&true) { Fill::Found } else { Fill::Dim };
    }
    if b.row < input.zoomed_row {
        return Fill::Above;
    }
    if node == NodeId::ROOT {
        Fill::Root
    } else if let Some(changes) = input.changes {
        Fill::Change(changes.get(node.index()).copied().unwrap_or(0))
    } else {
        Fill::Colour(input.colours.get(frame.index()).copied().unwrap_or(0))
    }
}

fn rect(b: &VisibleBox, y: f64) -> Rect {
    // Narrow boxes get a narrower gap.
    let gap = if b.w >= 4.0 { GAP as f32 } else { (b.w * 0.25).min(0.5) };
    Rect { x: b.x, y: y as f32, w: (b.w - gap).max(0.5), h: (ROW - GAP) as f32 }
}

fn label(input: &Input<'_>, b: &VisibleBox, y: f64, fill: Fill) -> Option<Label> {
    if input.advance <= 0.0 {
        return None;
    }
    let chars = ((f64::from(b.w) - 2.0 * PAD) / input.advance).floor();
    if chars < MIN_CHARS as f64 {
        return None;
    }
    let (x, y) = (b.x + PAD as f32, y as f32);
    let room = f64::from(b.w) - 2.0 * PAD;
    let dim = matches!(fill, Fill::Dim | Fill::Above | Fill::Rest);
    match b.content {
        Content::Node { node, .. } => {
            let (part, cut) = fit(input.tree.name(node), chars as usize);
            Some(Label { x, y, node: Some(node), part, cut, count: 0, dim, room })
        }
        Content::Rest { count, .. } => {
            Some(Label { x, y, node: None, part: 0..0, cut: false, count, dim, room })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::flame::{Layout, Order, View, visible};
    use flarepath_profile::frame_table::FrameText;

    fn tree() -> CallTree {
        let mut builder = TreeBuilder::new();
        let mut frame = |name| builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        let (a, b, c, d) = (frame("alpha"), frame("beta"), frame("c"), frame("d"));
        builder.add_path([a, b], 900);
        builder.add_path([a, c], 1);
        builder.add_path([a, d], 1);
        builder.add_path([c], 98);
        builder.finish()
    }

    fn scene(tree: &CallTree, found: Option<&[bool]>, upward: bool) -> Scene {
        scene_of(tree, None, found, upward)
    }

    fn scene_of(tree: &CallTree, changes: Option<&[u8]>, found: Option<&[bool]>, upward: bool) -> Scene {
        let layout = Layout::new(tree, Order::ByTotal);
        let mut boxes = Vec::new();
        let view =
            View { x0: 0.0, x1: layout.width(), row_start: 0, row_end: 9, width_px: 500.0, min_px: 1.0 };
        visible(&layout, &view, &mut boxes);
        let mut scene = Scene::default();
        scene.build(&Input {
            tree,
            boxes: &boxes,
            colours: &[0, 1, 2, 3, 4],
            changes,
            found,
            zoomed_row: 0,
            height: 100.0,
            scroll: 0.0,
            upward,
            advance: 7.0,
        });
        scene
    }

    fn rects(scene: &Scene, fill: Fill) -> Vec<Rect> {
        let group = scene.groups().find(|(at, _)| *at == fill.index());
        group.map_or(Vec::new(), |(_, rects)| rects.copied().collect())
    }

    #[test]
    fn groups_boxes_by_fill_and_counts_rests() {
        let tree = tree();
        let scene = scene(&tree, None, false);
        assert_eq!(scene.groups().map(|(_, rects)| rects.count()).sum::<usize>(), 5);
        assert_eq!(rects(&scene, Fill::Rest).len(), 1);
        assert_eq!(rects(&scene, Fill::Root).len(), 1);
        assert_eq!(scene.rest, RestSummary { boxes: 2, value: 2.0 });
        assert_eq!(rects(&scene, Fill::Root)[0].y, 0.0);
    }

    #[test]
    fn changes_colour_nodes_not_frames() {
        let tree = tree();
        let changes: Vec<u8> = (0..tree.len() as u8).collect();
        let scene = scene_of(&tree, Some(&changes), None, false);
        assert_eq!(rects(&scene, Fill::Root).len(), 1);
        assert_eq!(rects(&scene, Fill::Change(1)).len(), 1);
        assert!(scene.groups().all(|(at, _)| at >= FILLS));
        assert!(Fill::Change(CHANGES as u8 - 1).index() < Fill::COUNT);
    }

    #[test]
    fn upward_graphs_have_the_root_at_the_bottom() {
        let tree = tree();
        let scene = scene(&tree, None, true);
        assert_eq!(rects(&scene, Fill::Root)[0].y, 80.0);
        assert_eq!(row_at(99.0, 100.0, 0.0, true), Some(0));
        assert_eq!(row_at(79.0, 100.0, 0.0, true), Some(1));
        assert_eq!(row_at(1.0, 100.0, 40.0, false), Some(2));
    }

    #[test]
    fn search_dims_boxes_without_match() {
        let tree = tree();
        let found: Vec<bool> =
            tree.frames().iter().map(|f| tree.frames().strings.get(f.name) == "beta").collect();
        let scene = scene(&tree, Some(&found), false);
        assert_eq!(rects(&scene, Fill::Found).len(), 1);
        assert_eq!(rects(&scene, Fill::Dim).len(), 3);
    }
}
