//! Draw list of a flame canvas: visible boxes in, rectangles and labels out. Pure.
//!
//! A [`Fill`] is what the painter looks up in the palette. Units are CSS pixels from the top left corner of the surface.

use super::fill::{Fill, Role, Strength};
use super::label_text::fit;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::flame::{BoxId, Content, Groups, VisibleBox};
use std::ops::Range;

/// Height of a row, the gap below the box included.
pub(crate) const ROW: f64 = 20.0;
/// Gap between rows, and between boxes that are wide enough for one.
const GAP: f64 = 1.0;
/// Space between the edge of a box and its text.
const PAD: f64 = 5.0;
/// Shorter labels are left out.
const MIN_CHARS: usize = 3;
/// Boxes from this width on show their value.
const VALUE_FROM: f32 = 180.0;
/// A value leaves room for the function's own name, or for as many characters of it.
const NAME_BESIDE_VALUE: usize = 24;
/// Characters between a name and a value.
const BEFORE_VALUE: usize = 2;
/// Narrower boxes are fainter.
const THIN: f32 = 3.0;
/// Boxes from this width on have round corners.
const ROUND_FROM: f32 = 40.0;
/// Distance of the lines across what is of unknown origin.
const HATCH: f64 = 8.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) w: f32,
    pub(crate) h: f32,
}

impl Rect {
    /// Whether its corners are round.
    pub(crate) fn is_round(&self) -> bool {
        self.w >= ROUND_FROM
    }

    /// Slanted lines across the part of it that a surface of this width shows: from and to, left and top each.
    pub(crate) fn hatch(&self, width: f64) -> impl Iterator<Item = [f64; 4]> {
        let (left, right) = (f64::from(self.x).max(0.0), f64::from(self.x + self.w).min(width));
        let (top, bottom) = (f64::from(self.y), f64::from(self.y + self.h));
        let high = bottom - top;
        // Lines of neighbouring boxes continue each other.
        let first = (left / HATCH).floor() as i64 - (high / HATCH).ceil() as i64;
        let last = (right / HATCH).ceil() as i64;
        (first..last).filter_map(move |at| {
            let foot = at as f64 * HATCH;
            let (from, to) = (foot.max(left), (foot + high).min(right));
            (to > from).then_some([from, bottom - (from - foot), to, bottom - (to - foot)])
        })
    }
}

/// A line of text in a box: a name with its package, and a value; or the number of boxes in a rest.
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
    /// Whether an ellipsis comes before them.
    pub(crate) cut: bool,
    /// Bytes of the part that are the package, and the left edge of what follows.
    pub(crate) package: (usize, f32),
    /// The value, empty where there is no room, and its left edge.
    pub(crate) amount: (String, f32),
    /// Number of boxes, for a rest.
    pub(crate) count: u32,
    /// Whether the box is faded.
    pub(crate) dim: bool,
    /// Room for the name.
    pub(crate) room: f64,
}

impl Label {
    /// The name as shown, in two parts: its package and itself. What has no name is all package.
    pub(crate) fn name<'a>(&self, tree: &'a CallTree) -> (String, &'a str) {
        let Some(node) = self.node else { return (format!("+{}", self.count), "") };
        let (package, own) = tree.name(node)[self.part.clone()].split_at(self.package.0);
        (format!("{}{package}", if self.cut { "…" } else { "" }), own)
    }
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
    /// The value of a box as text.
    pub(crate) amount: &'a dyn Fn(BoxId) -> String,
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
    /// The rectangles by fill: changing the colour of a canvas costs more than drawing a box.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (Fill, impl Iterator<Item = &Rect>)> {
        self.groups.iter().map(|(fill, rects)| {
            let rects = rects.iter().map(|&i| &self.rects[i as usize].1);
            (Fill::at(fill), rects)
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
        self.groups.group(&self.rects, Fill::COUNT, |(fill, _)| fill.index());
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
    let Content::Node { node, .. } = b.content else {
        return Fill { role: Role::Rest, strength: Strength::Full };
    };
    let frame = input.tree.frame(node).index();
    let role = match input.changes {
        _ if node == NodeId::ROOT => Role::Root,
        Some(changes) => Role::Change(changes.get(node.index()).copied().unwrap_or(0)),
        None => Role::Colour(input.colours.get(frame).copied().unwrap_or(0)),
    };
    let is_found = input.found.map(|found| found.get(frame) == Some(&true));
    let strength = match is_found {
        Some(true) => Strength::Full,
        Some(false) => Strength::Faded,
        None if b.row < input.zoomed_row => Strength::Faded,
        None if b.w < THIN => Strength::Thin,
        None => Strength::Full,
    };
    Fill { role, strength }
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
    let room = f64::from(b.w) - 2.0 * PAD;
    let chars = (room / input.advance).floor();
    if chars < MIN_CHARS as f64 {
        return None;
    }
    let dim = fill.strength == Strength::Faded || fill.role == Role::Rest;
    let x = b.x + PAD as f32;
    let blank = Label {
        x,
        y: y as f32,
        node: None,
        part: 0..0,
        cut: false,
        package: (0, x),
        amount: (String::new(), x),
        count: 0,
        dim,
        room,
    };
    match b.content {
        Content::Node { node, id } => {
            let amount = if b.w < VALUE_FROM { String::new() } else { (input.amount)(id) };
            Some(named(input, Label { node: Some(node), ..blank }, chars as usize, amount))
        }
        Content::Rest { count, .. } => Some(Label { count, ..blank }),
    }
}

/// A label with the name of its node in `chars` characters, and with a value if that leaves enough of them.
fn named(input: &Input<'_>, label: Label, chars: usize, amount: String) -> Label {
    let name = label.node.map_or("", |node| input.tree.name(node));
    let needed = amount.chars().count() + BEFORE_VALUE;
    let beside = (!amount.is_empty() && chars >= needed + MIN_CHARS).then(|| fit(name, chars - needed));
    let beside = beside.filter(|fitted| fitted.has_own_name || chars - needed >= NAME_BESIDE_VALUE);
    let shows_amount = beside.is_some();
    let fitted = beside.unwrap_or_else(|| fit(name, chars));
    let x = label.x;
    let at = |chars: usize| x + (chars as f64 * input.advance) as f32;
    let shown = &name[fitted.part.clone()];
    // Characters of other scripts have other widths: their names are drawn in one piece, and the value at the right edge.
    let package = if shown.is_ascii() { fitted.package } else { 0 };
    let ellipsis = usize::from(fitted.cut);
    let amount_at = match shown.is_ascii() {
        true => shown.len() + ellipsis + BEFORE_VALUE,
        false => chars - amount.chars().count().min(chars),
    };
    let room = if shows_amount { label.room - needed as f64 * input.advance } else { label.room };
    Label {
        cut: fitted.cut,
        package: (package, at(package + ellipsis)),
        amount: if shows_amount { (amount, at(amount_at)) } else { label.amount },
        part: fitted.part,
        room,
        ..label
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
            amount: &|id| format!("{} ms", id.0),
        });
        scene
    }

    fn rects(scene: &Scene, role: Role, strength: Strength) -> Vec<Rect> {
        let wanted = Fill { role, strength };
        let group = scene.groups().find(|(fill, _)| *fill == wanted);
        group.map_or(Vec::new(), |(_, rects)| rects.copied().collect())
    }

    #[test]
    fn groups_boxes_by_fill_and_counts_rests() {
        let tree = tree();
        let scene = scene(&tree, None, false);
        assert_eq!(scene.groups().map(|(_, rects)| rects.count()).sum::<usize>(), 5);
        assert_eq!(rects(&scene, Role::Rest, Strength::Full).len(), 1);
        assert_eq!(rects(&scene, Role::Root, Strength::Full)[0].y, 0.0);
        assert_eq!(scene.rest, RestSummary { boxes: 2, value: 2.0 });
    }

    #[test]
    fn changes_colour_nodes_not_frames() {
        let tree = tree();
        let changes: Vec<u8> = (0..tree.len() as u8).collect();
        let scene = scene_of(&tree, Some(&changes), None, false);
        assert_eq!(rects(&scene, Role::Root, Strength::Full).len(), 1);
        assert_eq!(rects(&scene, Role::Change(1), Strength::Full).len(), 1);
        assert!(scene.groups().all(|(fill, _)| !matches!(fill.role, Role::Colour(_))));
    }

    #[test]
    fn upward_graphs_have_the_root_at_the_bottom() {
        let tree = tree();
        let scene = scene(&tree, None, true);
        assert_eq!(rects(&scene, Role::Root, Strength::Full)[0].y, 80.0);
        assert_eq!(row_at(99.0, 100.0, 0.0, true), Some(0));
        assert_eq!(row_at(79.0, 100.0, 0.0, true), Some(1));
        assert_eq!(row_at(1.0, 100.0, 40.0, false), Some(2));
    }

    #[test]
    fn search_fades_boxes_without_match_and_keeps_their_hue() {
        let tree = tree();
        let found: Vec<bool> =
            tree.frames().iter().map(|f| tree.frames().strings.get(f.name) == "beta").collect();
        let scene = scene(&tree, Some(&found), false);
        let strengths =
            |strength: Strength| scene.groups().filter(move |(fill, _)| fill.strength == strength);
        let faded: Vec<Role> = strengths(Strength::Faded).map(|(fill, _)| fill.role).collect();
        assert_eq!(faded.len(), 3);
        assert!(faded.contains(&Role::Root) && faded.contains(&Role::Colour(1)), "{faded:?}");
        assert_eq!(rects(&scene, Role::Colour(2), Strength::Full).len(), 1);
    }

    #[test]
    fn wide_boxes_show_their_value_after_the_name() {
        let tree = tree();
        let scene = scene(&tree, None, false);
        let label = |name: &str| scene.labels.iter().find(|l| l.node.is_some_and(|n| tree.name(n) == name));
        let total = label("total").unwrap();
        assert_eq!(total.amount, ("0 ms".to_owned(), total.x + 7.0 * 7.0));
        assert!(label("c").is_none_or(|label| label.amount.0.is_empty()), "49 px have no room for a value");
        assert_eq!(total.name(&tree), (String::new(), "total"));
    }

    #[test]
    fn hatching_stays_inside_of_the_box_and_the_surface() {
        let rect = Rect { x: -50.0, y: 20.0, w: 90.0, h: 19.0 };
        let lines: Vec<[f64; 4]> = rect.hatch(30.0).collect();
        assert!(lines.len() >= 3);
        let is_inside = |[x0, y0, x1, y1]: &[f64; 4]| *x0 >= 0.0 && *x1 <= 30.0 && *y1 >= 20.0 && *y0 <= 39.0;
        assert!(lines.iter().all(is_inside), "{lines:?}");
    }
}
