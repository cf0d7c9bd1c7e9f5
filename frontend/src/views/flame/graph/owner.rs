//! The flame graph's side of the canvas: nodes, paths in the URL, menus of functions.

use super::pins::Pins;
use super::tooltip_text;
use super::{Flame, MenuRequest, MenuRequestKind, Zoom};
use crate::reactive::{Callback, RwSignal};
use crate::state::identity::Shared;
use crate::state::view::{HistoryMode, Window};
use crate::views::flame::boxes::Boxes;
use crate::views::flame::camera::is_same_window;
use crate::views::flame::owner::{FramePaint, Owner, TooltipText};
use crate::views::flame::scene::RestSummary;
use crate::views::flame::stage::{Framing, Place, Stage, Target};
use crate::views::picture::Picture;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::{BoxId, Viewport, within};
use std::sync::Arc;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct GraphOwner {
    pub(super) flame: Flame,
    pub(super) pins: Option<Pins>,
    /// Places of the pinned boxes, each with its number.
    pub(super) pinned: RwSignal<Vec<(usize, Place)>>,
}

impl GraphOwner {
    fn go(&self, zoom: Zoom, mode: HistoryMode) {
        if zoom != self.flame.zoom.get_untracked() {
            self.flame.on_zoom.run((zoom, mode));
        }
    }

    fn picture(&self) -> Option<Shared<Picture>> {
        self.flame.picture.get_untracked()
    }
}

/// The camera that a box or a window of shares fills.
fn camera_for(picture: &Picture, now: Framing, id: BoxId, window: Option<Window>) -> Viewport {
    let layout = &picture.layout;
    let on_box = now.camera.on_box(layout, id, &now.bounds);
    let Some(Window { from, to }) = window else { return on_box };
    Viewport { x0: from * layout.width(), x1: to * layout.width(), ..on_box }.clamped(&now.bounds)
}

/// The camera's window as shares of the whole, when it is not exactly the box.
fn window_beside(picture: &Picture, now: Framing, id: BoxId) -> Option<Window> {
    let (camera, total) = (now.camera, now.bounds.width);
    // Twelve digits are more than a screen shows, and keep links short.
    let share = |x: f64| within((x / total * 1e12).round() / 1e12, 0.0, 1.0);
    let exact = is_same_window(&camera, &camera_for(picture, now, id, None));
    (!exact && total > 0.0).then(|| Window { from: share(camera.x0), to: share(camera.x1) })
}

impl Owner for GraphOwner {
    fn boxes(&self) -> Option<Arc<dyn Boxes>> {
        let picture = self.flame.picture.get()?;
        Some(picture.arc().clone())
    }

    fn paint(&self) -> FramePaint {
        (self.flame.colours.get(), self.flame.found.get(), self.flame.measure.get())
    }

    fn jump(&self) -> Option<BoxId> {
        let (_, node) = self.flame.jump.get()?;
        Some(self.picture()?.layout.box_of(node))
    }

    fn location(&self, now: Framing, fresh: bool) -> (BoxId, Viewport) {
        let zoom = self.flame.zoom.get();
        let Some(picture) = self.flame.picture.get() else { return (BoxId(0), Viewport::default()) };
        let node = picture.resolve(&zoom.path);
        let id = picture.layout.box_of(node.unwrap_or(NodeId::ROOT));
        let camera = camera_for(&picture, now, id, zoom.window.filter(|_| node.is_some()));
        // The row scrolled to is not part of the URL.
        let keeps_row = !fresh && is_same_window(&camera, &now.camera);
        let top = if keeps_row { now.camera.top } else { camera.top };
        (id, Viewport { top, ..camera })
    }

    fn carry_over(&self, old: &dyn Boxes, id: BoxId) -> Option<BoxId> {
        let picture = self.picture()?;
        let path = old.tree().path(old.layout().node(id));
        let names: Vec<String> = path.into_iter().map(|node| old.tree().name(node).to_owned()).collect();
        Some(picture.layout.box_of(picture.resolve(&names)?))
    }

    fn shows_all(&self) -> bool {
        self.flame.zoom.get_untracked() == Zoom::default()
    }

    fn reset(&self) {
        self.go(Zoom::default(), HistoryMode::Push);
    }

    fn zoom_to(&self, _: Framing, id: BoxId) -> Option<Viewport> {
        let picture = self.picture()?;
        let path = picture.names(picture.layout.node(id));
        self.go(Zoom { path, window: None }, HistoryMode::Push);
        None
    }

    fn zoom_to_run(&self, _: Framing, first: BoxId, last: BoxId) -> Option<Viewport> {
        let picture = self.picture()?;
        let (layout, total) = (&picture.layout, picture.layout.width());
        let window = Window { from: layout.x0(first) / total, to: layout.x1(last) / total };
        if window.to > window.from {
            let path = picture.names(picture.tree.parent(layout.node(first)));
            self.go(Zoom { path, window: Some(window) }, HistoryMode::Push);
        }
        None
    }

    fn zoom_out(&self, _: Framing) -> Option<Viewport> {
        let Zoom { mut path, window } = self.flame.zoom.get_untracked();
        if window.is_none() {
            path.pop();
        }
        self.go(Zoom { path, window: None }, HistoryMode::Push);
        None
    }

    fn save_location(&self, now: Framing, mode: HistoryMode) {
        if let Some(picture) = self.picture() {
            let node = picture.deepest_covering(now.camera.x0, now.camera.x1);
            let window = window_beside(&picture, now, picture.layout.box_of(node));
            self.go(Zoom { path: picture.names(node), window }, mode);
        }
    }

    fn selection_moves_url(&self) -> bool {
        false
    }

    fn drawn(&self, stage: &Stage) {
        if let Some(pins) = self.pins {
            (pins.place)(pins, &self.flame, self.pinned, stage);
        }
    }

    fn open_menu(&self, id: BoxId, at: (f64, f64), closed: Callback<()>) {
        self.request_menu(id, MenuRequestKind::Open { at, closed });
    }

    fn press_key(&self, id: BoxId, key: char) -> bool {
        self.request_menu(id, MenuRequestKind::Key(key));
        true
    }

    fn tooltip(&self, zoomed: BoxId, target: Target) -> Option<TooltipText> {
        let picture = self.flame.picture.get()?;
        let zoomed = picture.layout.node(zoomed);
        Some(tooltip_text::describe(&picture, &self.flame.measure.get(), zoomed, target))
    }

    fn sentence(&self, id: BoxId) -> String {
        let Some(picture) = self.flame.picture.get() else { return String::new() };
        let (measure, tree, node) = (self.flame.measure.get(), &picture.tree, picture.layout.node(id));
        let name = tree.name(node);
        if let Some(changes) = &picture.changes {
            return format!("{name}, {}", (changes.texts.sentence)(&picture, &measure, node));
        }
        let share = measure.share(tree.total(node), tree.total(NodeId::ROOT));
        let (own, total) = (measure.value(tree.self_value(node)), measure.value(tree.total(node)));
        format!("{name}, self {own}, total {total}, {share}")
    }

    fn rest_note(&self, rest: RestSummary) -> String {
        let total = self.flame.picture.with(|p| p.as_ref().map_or(0, |p| p.layout.width() as i64));
        let share = self.flame.measure.get().share(rest.value as i64, total);
        match rest.boxes {
            1 => format!(
                "1 box under 1 px wide ({share} of the total) is not drawn separately. Zoom in to see it."
            ),
            boxes => format!(
                "{boxes} boxes under 1 px wide ({share} of the total) are drawn as one. Zoom in to see them."
            ),
        }
    }
}

impl GraphOwner {
    fn request_menu(&self, id: BoxId, kind: MenuRequestKind) {
        if let Some(picture) = self.picture() {
            self.flame.on_menu.run(MenuRequest { node: picture.layout.node(id), kind });
        }
    }
}
