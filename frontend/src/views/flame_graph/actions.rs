//! Does what a person means: an [`Action`] becomes another look, another selection, or a wish told to the owner.
//!
//! Each step that one would call a step (a click, a key) enters the browser's history; what moves with the
//! hand (pan, wheel) changes the present entry once it rests.

use super::controller::{Controller, set_if_new};
use super::interaction::Action;
use super::stage::Target;
use super::{Asked, MenuRequest, Zoom, scene};
use crate::reactive::Callback;
use crate::state::view::{HistoryMode, Window};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::{Bounds, BoxId, Move, Viewport, step};
use leptos::prelude::*;

impl Controller {
    /// See the module.
    pub(super) fn act(self, action: Action) {
        match action {
            Action::Hover(x, y) => self.hover(x, y),
            Action::Leave => self.leave(),
            Action::Click(x, y) => self.click(x, y),
            Action::DoubleClick(..) => self.double_click(),
            Action::Pan(dx, dy) => {
                self.move_camera(|camera, width, bounds| camera.pan(-dx / width, -dy / scene::ROW, bounds))
            }
            Action::Zoom { x, factor } => self
                .move_camera(|camera, width, bounds| camera.zoom(factor, camera.value_at(x, width), bounds)),
            Action::Settle => self.settle(),
            Action::Menu(x, y) => self.menu_at(x, y),
            Action::Select(to) => self.step(to),
            Action::SelectRoot => self.select_by_key(NodeId::ROOT),
            Action::ZoomToSelection => self.zoom_to(self.selected.get_untracked().unwrap_or(NodeId::ROOT)),
            Action::ZoomOut => self.zoom_out(),
            Action::Reset => self.tell(Zoom::default(), HistoryMode::Push),
            Action::MenuOfSelection => self.menu_of_selection(),
            Action::Key(key) => {
                let node = self.selected.get_untracked().unwrap_or(self.zoomed.get_untracked());
                self.flame.on_menu.run(MenuRequest { node, what: Asked::Key(key) });
            }
        }
    }

    fn tell(self, zoom: Zoom, mode: HistoryMode) {
        if zoom != self.flame.zoom.get_untracked() {
            self.flame.on_zoom.run((zoom, mode));
        }
    }

    fn zoom_to(self, node: NodeId) {
        let names = self.flame.picture.with_untracked(|p| p.as_ref().map(|p| p.names(node)));
        if let Some(path) = names {
            self.tell(Zoom { path, window: None }, HistoryMode::Push);
        }
    }

    fn zoom_out(self) {
        let zoom = self.flame.zoom.get_untracked();
        let mut path = zoom.path;
        if zoom.window.is_none() {
            path.pop();
        }
        self.tell(Zoom { path, window: None }, HistoryMode::Push);
    }

    fn move_camera(self, f: impl FnOnce(Viewport, f64, &Bounds) -> Viewport) {
        self.stage(|stage| {
            let to = f(stage.camera(), stage.size().width.max(1.0), &stage.bounds());
            stage.look(to, false);
        });
    }

    /// Writes where one looks now into the URL.
    pub(super) fn settle(self) {
        let zoom = self.ask(|stage| {
            let picture = stage.picture.clone()?;
            let Viewport { x0, x1, .. } = stage.camera();
            let node = picture.deepest_covering(x0, x1);
            let window = stage.window_beside(node);
            Some(Zoom { path: picture.names(node), window })
        });
        if let Some(zoom) = zoom.flatten() {
            self.tell(zoom, HistoryMode::Replace);
        }
    }

    fn hover(self, x: f64, y: f64) {
        let target = self.ask(|stage| stage.target(x, y)).flatten();
        self.pointer.set(target.map(|t| (x, y, t)));
        self.ask(|stage| self.publish(stage));
        set_if_new(self.by_keyboard, false);
    }

    pub(super) fn leave(self) {
        if self.pointer.get_untracked().is_some() {
            self.pointer.set(None);
            self.ask(|stage| self.publish(stage));
        }
    }

    fn click(self, x: f64, y: f64) {
        let target = self.ask(|stage| stage.target(x, y)).flatten();
        self.missed.set(target.is_none());
        match target {
            Some(Target::Node(node)) => {
                self.choose(node);
                self.zoom_to(node);
            }
            Some(Target::Rest { first, count, .. }) => self.zoom_to_rest(first, count),
            None => {}
        }
    }

    /// Beside the boxes it shows everything. On a box the first click has zoomed to it, which is what a person
    /// who clicks twice wants too.
    fn double_click(self) {
        if self.missed.get_untracked() {
            self.tell(Zoom::default(), HistoryMode::Push);
        }
    }

    fn zoom_to_rest(self, first: BoxId, count: u32) {
        let Some(picture) = self.flame.picture.get_untracked() else { return };
        let (layout, total) = (&picture.layout, picture.layout.width());
        let last = BoxId(first.0 + count.saturating_sub(1));
        let window = Window { from: layout.x0(first) / total, to: layout.x1(last) / total };
        if window.to > window.from {
            let parent = picture.tree.parent(layout.node(first));
            self.tell(Zoom { path: picture.names(parent), window: Some(window) }, HistoryMode::Push);
        }
    }

    fn step(self, to: Move) {
        let Some(picture) = self.flame.picture.get_untracked() else { return };
        let Some(at) = self.selected.get_untracked() else {
            return self.select_by_key(self.zoomed.get_untracked());
        };
        let layout = &picture.layout;
        let next = step(layout, picture.tree.shape(), layout.box_of(at), to);
        self.select_by_key(next.map_or(at, |b| layout.node(b)));
    }

    fn select_by_key(self, node: NodeId) {
        set_if_new(self.by_keyboard, true);
        self.select(node);
    }

    /// Selects a box that is in sight already.
    fn choose(self, node: NodeId) {
        self.selected.set(Some(node));
        self.ask(|stage| self.publish(stage));
    }

    pub(super) fn menu_at(self, x: f64, y: f64) {
        if let Some(Target::Node(node)) = self.ask(|stage| stage.target(x, y)).flatten() {
            self.choose(node);
            self.open_menu(node, x, y);
        }
    }

    fn menu_of_selection(self) {
        let node = self.selected.get_untracked().unwrap_or(self.zoomed.get_untracked());
        if let Some(place) = self.ask(|stage| stage.place(node)).flatten() {
            self.open_menu(node, place.x + 8.0, place.y + scene::ROW);
        }
    }

    fn open_menu(self, node: NodeId, x: f64, y: f64) {
        let Some(pad) = self.pad.get_untracked() else { return };
        let rect = pad.get_bounding_client_rect();
        self.leave();
        let closed = Callback::new(move |()| {
            if let Some(pad) = self.pad.try_get_untracked().flatten() {
                drop(pad.focus());
            }
        });
        let what = Asked::Menu { x: rect.x() + x, y: rect.y() + y, closed };
        self.flame.on_menu.run(MenuRequest { node, what });
    }
}
