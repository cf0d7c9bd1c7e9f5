//! Carries out [`Action`]s: moves the camera, the selection or the location in the URL.
//!
//! A discrete step (a click, a key) adds an entry to the browser's history; what moves with the hand (pan, wheel) replaces
//! the current entry once it rests.

use super::host::{Host, set_if_new};
use super::interaction::Action;
use super::owner::Owner;
use super::scene::ROW;
use super::stage::{Framing, Stage, Target};
use crate::browser::{focus, node};
use crate::state::view::HistoryMode;
use flarepath_profile::flame::{Bounds, BoxId, Move, Viewport};

impl Host {
    pub(super) fn act(self, action: Action) {
        match action {
            Action::Hover(x, y) => self.hover(x, y),
            Action::Leave => self.leave(),
            Action::Click(x, y) => self.click(x, y),
            // On a box the first click has zoomed to it already; outside of the boxes it shows everything.
            Action::DoubleClick(..) if self.missed.get_untracked() => self.reset(),
            // Keys of menu entries are handled where their event is.
            Action::DoubleClick(..) | Action::Key(_) => {}
            Action::Pan(dx, dy) => {
                self.move_camera(|camera, width, bounds| camera.pan(-dx / width, -dy / ROW, bounds))
            }
            Action::Zoom { x, factor } => self
                .move_camera(|camera, width, bounds| camera.zoom(factor, camera.value_at(x, width), bounds)),
            Action::Settle => self.settle(),
            Action::Menu(x, y) => self.menu_at(x, y),
            Action::Select(to) => self.step(to),
            Action::SelectRoot => self.select_by_key(BoxId(0)),
            Action::ZoomToSelection => {
                let selected = self.selected.get_untracked().unwrap_or(BoxId(0));
                self.zoom(|owner, now| owner.zoom_to(now, selected));
            }
            Action::ZoomOut => self.zoom(|owner, now| owner.zoom_out(now)),
            Action::Reset => self.reset(),
            Action::MenuOfSelection => self.menu_of_selection(),
        }
    }

    /// The selected box, or else the one zoomed to.
    pub(super) fn current(self) -> BoxId {
        self.selected.get_untracked().unwrap_or(self.zoomed.get_untracked())
    }

    fn zoom(self, f: impl FnOnce(&dyn Owner, Framing) -> Option<Viewport>) {
        let (Some(owner), Some(now)) = (self.owner(), self.read(Stage::framing)) else { return };
        if let Some(camera) = f(&*owner, now) {
            self.update(|stage| stage.look(camera, true));
            self.save_location(HistoryMode::Push);
        }
    }

    /// Shows everything.
    pub(super) fn reset(self) {
        self.owner().into_iter().for_each(|owner| owner.reset());
    }

    /// Saves the camera in the URL, once it rests.
    pub(super) fn settle(self) {
        self.save_location(HistoryMode::Replace);
    }

    fn save_location(self, mode: HistoryMode) {
        if let (Some(owner), Some(now)) = (self.owner(), self.read(Stage::framing)) {
            owner.save_location(now, mode);
        }
    }

    /// Shows the part between two shares of the whole width.
    pub(super) fn show_part(self, from: f64, to: f64) {
        self.move_camera(|camera, _, bounds| {
            Viewport { x0: from * bounds.width, x1: to * bounds.width, ..camera }.clamped(bounds)
        });
    }

    fn move_camera(self, f: impl FnOnce(Viewport, f64, &Bounds) -> Viewport) {
        self.update(|stage| {
            let Framing { camera, bounds } = stage.framing();
            stage.look(f(camera, stage.size().width.max(1.0), &bounds), false);
        });
    }

    fn target(self, x: f64, y: f64) -> Option<Target> {
        self.read(|stage| stage.target(x, y)).flatten()
    }

    fn hover(self, x: f64, y: f64) {
        self.pointer.set(self.target(x, y).map(|t| (x, y, t)));
        self.read(|stage| self.publish(stage));
        set_if_new(self.by_keyboard, false);
    }

    pub(super) fn leave(self) {
        if self.pointer.get_untracked().is_some() {
            self.pointer.set(None);
            self.read(|stage| self.publish(stage));
        }
    }

    fn click(self, x: f64, y: f64) {
        let target = self.target(x, y);
        self.missed.set(target.is_none());
        match target {
            Some(Target::Box(id)) => {
                self.select_in_sight(id);
                self.zoom(|owner, now| owner.zoom_to(now, id));
            }
            Some(Target::Rest { first, count, .. }) => {
                let last = BoxId(first.0 + count.saturating_sub(1));
                self.zoom(|owner, now| owner.zoom_to_run(now, first, last));
            }
            None => {}
        }
    }

    fn step(self, to: Move) {
        let boxes = self.read(|stage| stage.boxes.clone()).flatten();
        if let Some(boxes) = boxes {
            self.select_by_key(match self.selected.get_untracked() {
                None => self.current(),
                Some(at) => boxes.step(at, to).unwrap_or(at),
            });
        }
    }

    fn select_by_key(self, id: BoxId) {
        set_if_new(self.by_keyboard, true);
        self.select(id);
    }

    fn select_in_sight(self, id: BoxId) {
        self.selected.set(Some(id));
        self.read(|stage| self.publish(stage));
    }

    pub(super) fn menu_at(self, x: f64, y: f64) {
        if let Some(Target::Box(id)) = self.target(x, y) {
            self.select_in_sight(id);
            self.open_menu(id, x, y);
        }
    }

    fn menu_of_selection(self) {
        let id = self.current();
        if let Some(place) = self.read(|stage| stage.place(id)).flatten() {
            self.open_menu(id, place.x + 8.0, place.y + ROW);
        }
    }

    fn open_menu(self, id: BoxId, x: f64, y: f64) {
        let Some(pad) = node::rect(self.pad) else { return };
        self.leave();
        if let Some(owner) = self.owner() {
            owner.open_menu(id, (pad.x + x, pad.y + y), focus::give_back(self.pad));
        }
    }
}
