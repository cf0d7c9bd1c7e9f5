//! Moving parts of a flame canvas: camera, animation and the boxes drawn last. Decisions are made in [`super::camera`] and
//! [`super::scene`]; profile data never enters a signal.

use super::boxes::Boxes;
use super::camera::{Flight, is_same_window};
use super::painter;
use super::scene::{Input, ROW, RestSummary, Scene, row_at};
use crate::browser::media;
use crate::canvas::frame_loop::Next;
use crate::canvas::palette::Palette;
use crate::canvas::surface;
use crate::canvas::surface::{Size, Surface};
use crate::state::identity::Shared;
use crate::views::on_screen::{Drawn, Shown};
use crate::views::picture::Measure;
use flarepath_profile::flame::{Bounds, BoxId, Content, Viewport, VisibleBox, visible, within};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Box(BoxId),
    /// Boxes drawn together.
    Rest {
        /// The leftmost.
        first: BoxId,
        /// How many.
        count: u32,
        value: f64,
    },
}

/// A box on the surface, in CSS pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
}

/// A camera (or the end of its flight) and the bounds it moves in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    pub(crate) camera: Viewport,
    pub(crate) bounds: Bounds,
}

/// Boxes narrower than this, in CSS pixels, are drawn together.
const MIN_PX: f64 = 1.0;

/// See the module.
pub(crate) struct Stage {
    surface: Rc<Surface>,
    palette: Palette,
    /// Width of a character; 0 until it is measured.
    advance: f64,
    size: Size,
    pub(super) boxes: Option<Arc<dyn Boxes>>,
    /// Whether the camera has not been placed since the boxes were replaced.
    pub(super) fresh: bool,
    pub(super) colours: Option<Shared<Vec<u8>>>,
    pub(super) found: Option<Shared<Vec<bool>>>,
    /// The unit of values in boxes.
    pub(super) measure: Measure,
    /// Whether the root is at the bottom.
    upward: bool,
    /// The box that fills the width, or contains what does.
    pub(super) zoomed: BoxId,
    camera: Viewport,
    flight: Option<Flight>,
    visible: Vec<VisibleBox>,
    scene: Scene,
}

impl Stage {
    /// An empty stage.
    pub(super) fn new(surface: Rc<Surface>, palette: Palette, upward: bool) -> Stage {
        Stage {
            surface,
            palette,
            advance: 0.0,
            size: Size::default(),
            boxes: None,
            fresh: false,
            colours: None,
            found: None,
            measure: Measure::unknown(),
            upward,
            zoomed: BoxId(0),
            camera: Viewport::default(),
            flight: None,
            visible: Vec::new(),
            scene: Scene::default(),
        }
    }

    /// Changes the colours, after a change of theme.
    pub(super) fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.advance = 0.0;
    }

    /// Draws; returns whether an animation goes on.
    pub(super) fn draw(&mut self, now: f64) -> Next {
        let surface = self.surface.clone();
        let (context, size) = surface.begin();
        let resized = size != self.size;
        self.size = size;
        let (Some(boxes), true) = (self.boxes.clone(), size.width >= 1.0) else { return Next::Rest };
        if self.advance == 0.0 {
            self.advance = surface::char_advance(context, &self.palette.font);
        }
        let next = self.fly(now);
        if resized {
            self.camera = self.camera.clamped(&self.bounds());
        }
        let view = self.camera.view(&self.bounds(), size.width, MIN_PX);
        visible(boxes.layout(), &view, &mut self.visible);
        self.scene.build(&Input {
            tree: boxes.tree(),
            boxes: &self.visible,
            colours: self.colours.as_ref().map_or(&[], |c| c.as_slice()),
            changes: boxes.change_colours(),
            found: self.found.as_ref().map(|f| f.as_slice()),
            zoomed_row: boxes.layout().row_of(self.zoomed) as u32,
            height: size.height,
            scroll: self.camera.top * ROW,
            upward: self.upward,
            advance: self.advance,
            amount: &|id| boxes.amount(id, &self.measure),
        });
        painter::paint(context, size, &self.scene, &self.palette, boxes.tree());
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
    pub(super) fn size(&self) -> Size {
        if self.size.width > 0.0 { self.size } else { self.surface.size() }
    }

    fn bounds(&self) -> Bounds {
        let rows_shown = self.size().height / ROW;
        match &self.boxes {
            Some(boxes) => Bounds::of(boxes.layout(), rows_shown),
            None => Bounds { width: 0.0, rows: 1, rows_shown },
        }
    }

    /// Camera and bounds; of an animation its end.
    pub(super) fn framing(&self) -> Framing {
        Framing { camera: self.flight.map_or(self.camera, |f| f.to), bounds: self.bounds() }
    }

    /// The part of the width in sight now, as shares of the whole.
    pub(super) fn window(&self) -> (f64, f64) {
        let width = self.bounds().width;
        if width > 0.0 { (self.camera.x0 / width, self.camera.x1 / width) } else { (0.0, 1.0) }
    }

    /// Whether the boxes are higher than the surface.
    pub(super) fn overflows(&self) -> bool {
        let bounds = self.bounds();
        bounds.rows as f64 > bounds.rows_shown + 0.01
    }

    /// How many rows there are beyond those on the surface, while the whole width is in sight.
    pub(super) fn rows_beyond(&self) -> u32 {
        let Framing { camera, bounds } = self.framing();
        let beyond = bounds.rows as f64 - bounds.rows_shown - camera.top;
        let is_whole = camera.span() >= bounds.width * 0.999_999;
        if is_whole && beyond > 0.5 { beyond.ceil() as u32 } else { 0 }
    }

    /// Moves the camera, at once or by a short flight.
    pub(super) fn look(&mut self, camera: Viewport, animated: bool) {
        let to = camera.clamped(&self.bounds());
        let still = is_same_window(&to, &self.camera) && to.top == self.camera.top;
        if animated && !still && !media::is_motion_reduced() {
            self.flight = Some(Flight { from: self.camera, to, start: media::now_ms() });
        } else {
            (self.camera, self.flight) = (to, None);
        }
    }

    /// Scrolls and pans as little as it takes to see a box.
    pub(super) fn reveal(&mut self, id: BoxId) {
        let Some(boxes) = self.boxes.clone() else { return };
        let Framing { camera, bounds } = self.framing();
        self.look(camera.reveal(boxes.layout(), id, &bounds), true);
    }

    /// What is drawn at a point.
    pub(super) fn target(&self, x: f64, y: f64) -> Option<Target> {
        let row = row_at(y, self.size.height, self.camera.top * ROW, self.upward)? as u32;
        let behind = self.visible.partition_point(|b| (b.row, f64::from(b.x)) <= (row, x));
        let b = self.visible.get(behind.checked_sub(1)?)?;
        if b.row != row || x > f64::from(b.x + b.w) {
            return None;
        }
        Some(match b.content {
            Content::Node { id, .. } => Target::Box(id),
            Content::Rest { first, count, value } => Target::Rest { first, count, value },
        })
    }

    /// Where a box is now, clipped to the surface; `None` when it is out of sight.
    pub(super) fn place(&self, id: BoxId) -> Option<Place> {
        let layout = self.boxes.as_ref()?.layout();
        if id.index() >= layout.len() {
            return None;
        }
        let px = |x: f64| within(self.camera.pixel_of(x, self.size.width), 0.0, self.size.width);
        let (left, right) = (px(layout.x0(id)), px(layout.x1(id)));
        let from_root = (layout.row_of(id) as f64 - self.camera.top) * ROW;
        let y = if self.upward { self.size.height - from_root - ROW } else { from_root };
        let seen = y > -ROW && y < self.size.height && right > left;
        seen.then_some(Place { x: left, y, w: (right - left).max(2.0) })
    }

    /// What the last drawing left out.
    pub(super) fn rest(&self) -> RestSummary {
        self.scene.rest
    }
}

impl Shown for RefCell<Stage> {
    fn drawn(&self, see: &mut dyn FnMut(Drawn<'_>)) {
        let stage = self.borrow();
        if let (Some(boxes), true) = (&stage.boxes, stage.size.width >= 1.0) {
            let (scene, palette, at) = (&stage.scene, &stage.palette, stage.surface.place());
            let (tree, size, advance) = (boxes.tree(), stage.size, stage.advance);
            see(Drawn { scene, palette, tree, label: stage.surface.label(), size, at, advance });
        }
    }
}
