//! The moving part of a flame graph: holds what the pointer, the clock and the data say between frames,
//! and draws. Everything it decides is decided in [`super::camera`], [`super::scene`] and
//! [`super::interaction`]; profile data never enters a signal.

use super::camera::{Flight, is_same_window};
use super::painter;
use super::scene::{Input, ROW, RestSummary, Scene, row_at};
use crate::browser::media;
use crate::canvas::frame_loop::Next;
use crate::canvas::palette::Palette;
use crate::canvas::surface;
use crate::canvas::surface::{Size, Surface};
use crate::state::identity::Shared;
use crate::state::view::Window;
use crate::views::on_screen::{Drawn, Shown};
use crate::views::picture::Picture;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::{Bounds, BoxId, Content, Viewport, VisibleBox, visible};
use std::cell::RefCell;
use std::rc::Rc;

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// A box.
    Node(NodeId),
    /// Boxes drawn together.
    Rest {
        /// The leftmost.
        first: BoxId,
        /// How many.
        count: u32,
        /// Their value.
        value: f64,
    },
}

/// Where a box is on the surface, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Left edge.
    pub(crate) x: f64,
    /// Top edge.
    pub(crate) y: f64,
    /// Width.
    pub(crate) w: f64,
}

/// Boxes narrower than this, in CSS pixels, are drawn together.
const MIN_PX: f64 = 1.0;

/// See the module.
pub(crate) struct Stage {
    surface: Rc<Surface>,
    palette: Palette,
    advance: f64,
    size: Size,
    /// What is shown.
    pub(crate) picture: Option<Shared<Picture>>,
    /// Colour of each frame.
    pub(crate) colours: Option<Shared<Vec<u8>>>,
    /// Frames that are marked.
    pub(crate) found: Option<Shared<Vec<bool>>>,
    /// Whether the root is at the bottom.
    pub(crate) upward: bool,
    /// The box that fills the width, or contains what does.
    pub(crate) zoomed: NodeId,
    camera: Viewport,
    flight: Option<Flight>,
    boxes: Vec<VisibleBox>,
    scene: Scene,
}

impl Stage {
    /// An empty stage.
    pub(crate) fn new(surface: Rc<Surface>, palette: Palette, upward: bool) -> Stage {
        Stage {
            surface,
            palette,
            advance: 0.0,
            size: Size::default(),
            picture: None,
            colours: None,
            found: None,
            upward,
            zoomed: NodeId::ROOT,
            camera: Viewport::default(),
            flight: None,
            boxes: Vec::new(),
            scene: Scene::default(),
        }
    }

    /// Uses other colours from now on.
    pub(crate) fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.advance = 0.0;
    }

    /// Draws; says whether it wants to be called again.
    pub(crate) fn draw(&mut self, now: f64) -> Next {
        let surface = self.surface.clone();
        let (context, size) = surface.begin();
        let resized = size != self.size;
        self.size = size;
        let (Some(picture), true) = (self.picture.clone(), size.width >= 1.0) else { return Next::Rest };
        if self.advance == 0.0 {
            self.advance = surface::char_advance(context, &self.palette.font);
        }
        let next = self.fly(now);
        if resized {
            self.camera = self.camera.clamped(&self.bounds());
        }
        let view = self.camera.view(&self.bounds(), size.width, MIN_PX);
        visible(&picture.layout, &view, &mut self.boxes);
        let no_colours = Vec::new();
        self.scene.build(&Input {
            tree: &picture.tree,
            boxes: &self.boxes,
            colours: self.colours.as_ref().map_or(&no_colours, |c| c),
            changes: picture.changes.as_ref().map(|c| c.colours.as_slice()),
            found: self.found.as_ref().map(|f| f.as_slice()),
            zoomed: self.zoomed,
            height: size.height,
            scroll: self.camera.top * ROW,
            upward: self.upward,
            advance: self.advance,
        });
        painter::paint(context, size, &self.scene, &self.palette, &picture.tree);
        next
    }

    fn fly(&mut self, now: f64) -> Next {
        let Some(flight) = self.flight else { return Next::Rest };
        let (camera, over) = flight.at(now);
        self.camera = camera;
        if over {
            self.flight = None;
            return Next::Rest;
        }
        Next::Frame
    }

    /// Size of the surface; before the first drawing, of the element it will cover.
    pub(crate) fn size(&self) -> Size {
        if self.size.width > 0.0 { self.size } else { self.surface.size() }
    }

    /// What one may look at.
    pub(crate) fn bounds(&self) -> Bounds {
        let rows_shown = self.size().height / ROW;
        match &self.picture {
            Some(picture) => Bounds::of(&picture.layout, rows_shown),
            None => Bounds { width: 0.0, rows: 1, rows_shown },
        }
    }

    /// Whether the picture is higher than its surface.
    pub(crate) fn overflows(&self) -> bool {
        let bounds = self.bounds();
        bounds.rows as f64 > bounds.rows_shown + 0.01
    }

    /// Looks at `camera`, at once or by a short flight.
    pub(crate) fn look(&mut self, camera: Viewport, animated: bool) {
        let to = camera.clamped(&self.bounds());
        let still = is_same_window(&to, &self.camera) && to.top == self.camera.top;
        if animated && !still && !media::is_motion_reduced() {
            self.flight = Some(Flight { from: self.camera, to, start: media::now_ms() });
        } else {
            (self.camera, self.flight) = (to, None);
        }
    }

    /// Where one looks, or is about to.
    pub(crate) fn camera(&self) -> Viewport {
        self.flight.map_or(self.camera, |f| f.to)
    }

    /// The view that a node's box or a window of shares fills.
    pub(crate) fn camera_for(&self, node: NodeId, window: Option<Window>) -> Viewport {
        let Some(picture) = &self.picture else { return Viewport::default() };
        let (layout, bounds) = (&picture.layout, self.bounds());
        let on_box = self.camera().on_box(layout, layout.box_of(node), &bounds);
        let Some(Window { from, to }) = window else { return on_box };
        Viewport { x0: from * layout.width(), x1: to * layout.width(), ..on_box }.clamped(&bounds)
    }

    /// What is drawn at a point.
    pub(crate) fn target(&self, x: f64, y: f64) -> Option<Target> {
        let row = row_at(y, self.size.height, self.camera.top * ROW, self.upward)? as u32;
        let behind = self.boxes.partition_point(|b| (b.row, f64::from(b.x)) <= (row, x));
        let b = self.boxes.get(behind.checked_sub(1)?)?;
        if b.row != row || x > f64::from(b.x + b.w) {
            return None;
        }
        Some(match b.content {
            Content::Node { node, .. } => Target::Node(node),
            Content::Rest { first, count, value } => Target::Rest { first, count, value },
        })
    }

    /// Where a node's box is now, clipped to the surface; `None` when it is out of sight.
    pub(crate) fn place(&self, node: NodeId) -> Option<Place> {
        let picture = self.picture.as_ref()?;
        let id = picture.layout.box_of(node);
        let px = |x: f64| self.camera.pixel_of(x, self.size.width).clamp(0.0, self.size.width);
        let (left, right) = (px(picture.layout.x0(id)), px(picture.layout.x1(id)));
        let from_root = (picture.layout.row_of(id) as f64 - self.camera.top) * ROW;
        let y = if self.upward { self.size.height - from_root - ROW } else { from_root };
        let seen = y > -ROW && y < self.size.height && right > left;
        seen.then_some(Place { x: left, y, w: (right - left).max(2.0) })
    }

    /// What the last drawing left out.
    pub(crate) fn rest(&self) -> RestSummary {
        self.scene.rest
    }

    /// The window as shares of the whole, when it is not exactly the box of `node`.
    pub(crate) fn window_beside(&self, node: NodeId) -> Option<Window> {
        let camera = self.camera();
        let exact = self.camera_for(node, None);
        let total = self.bounds().width;
        (!is_same_window(&camera, &exact) && total > 0.0)
            .then(|| Window { from: round(camera.x0 / total), to: round(camera.x1 / total) })
    }

    /// Scrolls and pans as little as it takes to see `node`.
    pub(crate) fn reveal(&mut self, node: NodeId) {
        let Some(picture) = self.picture.clone() else { return };
        let id = picture.layout.box_of(node);
        self.look(self.camera().reveal(&picture.layout, id, &self.bounds()), true);
    }
}

impl Shown for RefCell<Stage> {
    fn drawn(&self, see: &mut dyn FnMut(Drawn<'_>)) {
        let stage = self.borrow();
        if let (Some(picture), true) = (&stage.picture, stage.size.width >= 1.0) {
            let (scene, palette, at) = (&stage.scene, &stage.palette, stage.surface.place());
            let (tree, size, advance) = (&*picture.tree, stage.size, stage.advance);
            see(Drawn { scene, palette, tree, label: stage.surface.label(), size, at, advance });
        }
    }
}

/// Twelve digits are more than a screen shows and keep links short.
fn round(share: f64) -> f64 {
    ((share * 1e12).round() / 1e12).clamp(0.0, 1.0)
}
