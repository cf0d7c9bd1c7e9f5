//! The moving part of a flame chart: holds what the pointer, the clock and the data say between frames, and draws.

use crate::browser::media;
use crate::canvas::frame_loop::Next;
use crate::canvas::palette::Palette;
use crate::canvas::surface;
use crate::canvas::surface::{Size, Surface};
use crate::state::chart_view::Look;
use crate::state::identity::Shared;
use crate::views::flame_graph::camera::{Flight, is_same_window};
use crate::views::flame_graph::painter;
use crate::views::flame_graph::scene::{Input, ROW, RestSummary, Scene, row_at};
use crate::views::on_screen::{Drawn, Shown};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::{Bounds, BoxId, Chart, Content, Viewport, VisibleBox, visible};
use std::cell::RefCell;
use std::rc::Rc;

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// A box.
    Box(BoxId),
    /// Boxes drawn together.
    Rest {
        /// The leftmost.
        first: BoxId,
        /// How many.
        count: u32,
        /// Their nanoseconds.
        nanos: f64,
    },
}

/// Where a box is on the surface, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
}

/// Boxes narrower than this, in CSS pixels, are drawn together.
const MIN_PX: f64 = 1.0;

/// See the module.
pub(super) struct Stage {
    surface: Rc<Surface>,
    palette: Palette,
    advance: f64,
    size: Size,
    pub(super) chart: Option<Shared<Chart>>,
    pub(super) colours: Option<Shared<Vec<u8>>>,
    pub(super) found: Option<Shared<Vec<bool>>>,
    camera: Viewport,
    flight: Option<Flight>,
    boxes: Vec<VisibleBox>,
    scene: Scene,
}

impl Stage {
    pub(super) fn new(surface: Rc<Surface>, palette: Palette) -> Stage {
        Stage {
            surface,
            palette,
            advance: 0.0,
            size: Size::default(),
            chart: None,
            colours: None,
            found: None,
            camera: Viewport::default(),
            flight: None,
            boxes: Vec::new(),
            scene: Scene::default(),
        }
    }

    pub(super) fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.advance = 0.0;
    }

    /// Draws; says whether it wants to be called again.
    pub(super) fn draw(&mut self, now: f64) -> Next {
        let surface = self.surface.clone();
        let (context, size) = surface.begin();
        let resized = size != self.size;
        self.size = size;
        let (Some(chart), true) = (self.chart.clone(), size.width >= 1.0) else { return Next::Rest };
        if self.advance == 0.0 {
            self.advance = surface::char_advance(context, &self.palette.font);
        }
        let next = self.fly(now);
        if resized {
            self.camera = self.camera.clamped(&self.bounds());
        }
        let view = self.camera.view(&self.bounds(), size.width, MIN_PX);
        visible(&chart.layout, &view, &mut self.boxes);
        self.scene.build(&Input {
            tree: &chart.tree,
            boxes: &self.boxes,
            colours: self.colours.as_ref().map_or(&[], |c| c.as_slice()),
            changes: None,
            found: self.found.as_ref().map(|f| f.as_slice()),
            zoomed: NodeId::ROOT,
            height: size.height,
            scroll: self.camera.top * ROW,
            upward: false,
            advance: self.advance,
        });
        painter::paint(context, size, &self.scene, &self.palette, &chart.tree);
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

    pub(super) fn size(&self) -> Size {
        if self.size.width > 0.0 { self.size } else { self.surface.size() }
    }

    pub(super) fn bounds(&self) -> Bounds {
        let rows_shown = self.size().height / ROW;
        match &self.chart {
            Some(chart) => Bounds::of(&chart.layout, rows_shown),
            None => Bounds { width: 0.0, rows: 1, rows_shown },
        }
    }

    /// Whether the chart is higher than its surface.
    pub(super) fn overflows(&self) -> bool {
        let bounds = self.bounds();
        bounds.rows as f64 > bounds.rows_shown + 0.01
    }

    /// Looks at `camera`, at once or by a short flight.
    pub(super) fn look(&mut self, camera: Viewport, animated: bool) {
        let to = camera.clamped(&self.bounds());
        let still = is_same_window(&to, &self.camera) && to.top == self.camera.top;
        if animated && !still && !media::is_motion_reduced() {
            self.flight = Some(Flight { from: self.camera, to, start: media::now_ms() });
        } else {
            (self.camera, self.flight) = (to, None);
        }
    }

    /// Where one looks, or is about to.
    pub(super) fn camera(&self) -> Viewport {
        self.flight.map_or(self.camera, |f| f.to)
    }

    /// The part seen now as shares of the whole time, for what is drawn beside the chart.
    pub(super) fn window(&self) -> (f64, f64) {
        let width = self.bounds().width;
        if width > 0.0 { (self.camera.x0 / width, self.camera.x1 / width) } else { (0.0, 1.0) }
    }

    /// The view of what the address says.
    pub(super) fn camera_for(&self, look: Look) -> Viewport {
        let bounds = self.bounds();
        let fit = Viewport { top: f64::from(look.row), ..Viewport::fit(&bounds) };
        let window = look.window.map_or(fit, |(from, to)| Viewport { x0: from as f64, x1: to as f64, ..fit });
        window.clamped(&bounds)
    }

    /// What the address is to say of where one looks.
    pub(super) fn look_now(&self) -> Look {
        let (camera, bounds) = (self.camera(), self.bounds());
        let all = is_same_window(&camera, &Viewport::fit(&bounds));
        let from = camera.x0.round() as u64;
        // A window of nothing would be read as none.
        let window = (!all).then(|| (from, (camera.x1.round() as u64).max(from + 1)));
        Look { window, row: camera.top.round() as u32 }
    }

    /// What is drawn at a point.
    pub(super) fn target(&self, x: f64, y: f64) -> Option<Target> {
        let row = row_at(y, self.size.height, self.camera.top * ROW, false)? as u32;
        let behind = self.boxes.partition_point(|b| (b.row, f64::from(b.x)) <= (row, x));
        let b = self.boxes.get(behind.checked_sub(1)?)?;
        if b.row != row || x > f64::from(b.x + b.w) {
            return None;
        }
        Some(match b.content {
            Content::Node { id, .. } => Target::Box(id),
            Content::Rest { first, count, value } => Target::Rest { first, count, nanos: value },
        })
    }

    /// Where a box is now, clipped to the surface; `None` when it is out of sight.
    pub(super) fn place(&self, id: BoxId) -> Option<Place> {
        let layout = &self.chart.as_ref()?.layout;
        if id.index() >= layout.len() {
            return None;
        }
        let px = |x: f64| self.camera.pixel_of(x, self.size.width).clamp(0.0, self.size.width);
        let (left, right) = (px(layout.x0(id)), px(layout.x1(id)));
        let y = (layout.row_of(id) as f64 - self.camera.top) * ROW;
        let seen = y > -ROW && y < self.size.height && right > left;
        seen.then_some(Place { x: left, y, w: (right - left).max(2.0) })
    }

    /// What the last drawing left out.
    pub(super) fn rest(&self) -> RestSummary {
        self.scene.rest
    }

    /// Scrolls and pans as little as it takes to see a box.
    pub(super) fn reveal(&mut self, id: BoxId) {
        let Some(chart) = self.chart.clone() else { return };
        self.look(self.camera().reveal(&chart.layout, id, &self.bounds()), true);
    }
}

impl Shown for RefCell<Stage> {
    fn drawn(&self, see: &mut dyn FnMut(Drawn<'_>)) {
        let stage = self.borrow();
        if let (Some(chart), true) = (&stage.chart, stage.size.width >= 1.0) {
            let (scene, palette, at) = (&stage.scene, &stage.palette, stage.surface.place());
            let (tree, size, advance) = (&chart.tree, stage.size, stage.advance);
            see(Drawn { scene, palette, tree, label: stage.surface.label(), size, at, advance });
        }
    }
}
