//! Does what a person means: an [`Action`] becomes another look, another selection, or a wish told to the owner.

use super::BoxMenu;
use super::controller::Controller;
use super::stage::Target;
use crate::reactive::Callback;
use crate::state::chart_view::Look;
use crate::state::view::HistoryMode;
use crate::views::flame_graph::controller::set_if_new;
use crate::views::flame_graph::interaction::Action;
use crate::views::flame_graph::scene::ROW;
use flarepath_profile::flame::{Bounds, BoxId, Layout, Move, Viewport, hit_test};
use leptos::prelude::*;

/// How much wider a step out makes the view.
const STEP_OUT: f64 = 4.0;

impl Controller {
    /// See the module.
    pub(super) fn act(self, action: Action) {
        match action {
            Action::Hover(x, y) => self.hover(x, y),
            Action::Leave => self.leave(),
            Action::Click(x, y) => self.click(x, y),
            Action::DoubleClick(..) if self.missed.get_untracked() => self.reset(),
            // The keys of the flame graph's menu change a tree; there is none to change here.
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
            Action::ZoomToSelection => self.zoom_to(self.selected.get_untracked().unwrap_or(BoxId(0))),
            Action::ZoomOut => self.zoom_out(),
            Action::Reset => self.reset(),
            Action::MenuOfSelection => self.menu_of_selection(),
        }
    }

    fn tell(self, look: Look, mode: HistoryMode) {
        if look != self.desk.look.get_untracked() {
            self.desk.on_look.run((look, mode));
        }
    }

    /// Shows all of it.
    pub(super) fn reset(self) {
        self.tell(Look::default(), HistoryMode::Push);
    }

    fn go(self, camera: impl FnOnce(Viewport, &Bounds) -> Viewport, mode: HistoryMode) {
        let look = self.stage(|stage| {
            let to = camera(stage.camera(), &stage.bounds());
            stage.look(to, true);
            stage.look_now()
        });
        look.into_iter().for_each(|look| self.tell(look, mode));
    }

    fn zoom_to(self, id: BoxId) {
        let Some(chart) = self.desk.chart.get_untracked() else { return };
        self.go(|camera, bounds| camera.on_box(&chart.layout, id, bounds), HistoryMode::Push);
    }

    fn zoom_out(self) {
        let out = |camera: Viewport, bounds: &Bounds| {
            camera.zoom(1.0 / STEP_OUT, (camera.x0 + camera.x1) / 2.0, bounds)
        };
        self.go(out, HistoryMode::Push);
    }

    /// Shows the part between two shares of the whole time.
    pub(super) fn show_part(self, from: f64, to: f64) {
        self.move_camera(|camera, _, bounds| {
            Viewport { x0: from * bounds.width, x1: to * bounds.width, ..camera }.clamped(bounds)
        });
    }

    fn move_camera(self, f: impl FnOnce(Viewport, f64, &Bounds) -> Viewport) {
        self.stage(|stage| {
            let to = f(stage.camera(), stage.size().width.max(1.0), &stage.bounds());
            stage.look(to, false);
        });
    }

    /// Writes where one looks now into the URL.
    pub(super) fn settle(self) {
        if let Some(look) = self.ask(|stage| stage.chart.is_some().then(|| stage.look_now())).flatten() {
            self.tell(look, HistoryMode::Replace);
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
            Some(Target::Box(id)) => {
                self.choose(id);
                self.zoom_to(id);
            }
            Some(Target::Rest { first, count, .. }) => self.zoom_to_rest(first, count),
            None => {}
        }
    }

    fn zoom_to_rest(self, first: BoxId, count: u32) {
        let Some(chart) = self.desk.chart.get_untracked() else { return };
        let last = BoxId(first.0 + count.saturating_sub(1));
        let (x0, x1) = (chart.layout.x0(first), chart.layout.x1(last));
        self.go(|camera, bounds| Viewport { x0, x1, ..camera }.clamped(bounds), HistoryMode::Push);
    }

    fn step(self, to: Move) {
        let Some(chart) = self.desk.chart.get_untracked() else { return };
        match self.selected.get_untracked() {
            None => self.select_by_key(BoxId(0)),
            Some(at) => self.select_by_key(step(&chart.layout, at, to).unwrap_or(at)),
        }
    }

    fn select_by_key(self, id: BoxId) {
        set_if_new(self.by_keyboard, true);
        self.select(id);
    }

    /// Selects a box that is in sight already.
    fn choose(self, id: BoxId) {
        self.selected.set(Some(id));
        self.ask(|stage| self.publish(stage));
    }

    pub(super) fn menu_at(self, x: f64, y: f64) {
        if let Some(Target::Box(id)) = self.ask(|stage| stage.target(x, y)).flatten() {
            self.choose(id);
            self.open_menu(id, x, y);
        }
    }

    fn menu_of_selection(self) {
        let id = self.selected.get_untracked().unwrap_or(BoxId(0));
        if let Some(place) = self.ask(|stage| stage.place(id)).flatten() {
            self.open_menu(id, place.x + 8.0, place.y + ROW);
        }
    }

    fn open_menu(self, id: BoxId, x: f64, y: f64) {
        let Some(pad) = self.pad.get_untracked() else { return };
        let rect = pad.get_bounding_client_rect();
        self.leave();
        let closed = Callback::new(move |()| {
            if let Some(pad) = self.pad.try_get_untracked().flatten() {
                drop(pad.focus());
            }
        });
        self.desk.on_menu.run(BoxMenu { id, at: (rect.x() + x, rect.y() + y), closed });
    }
}

/// Where a move leads: up to the caller, down to the first call, or to what ran before or after at the same depth,
/// whoever called it.
pub(super) fn step(layout: &Layout, from: BoxId, to: Move) -> Option<BoxId> {
    let row = layout.row_of(from);
    let beside = |at: Option<usize>| at.filter(|at| layout.row(row).contains(at));
    let found = match to {
        Move::Parent => return hit_test(layout, row.checked_sub(1)?, layout.x0(from)),
        Move::FirstChild => layout.children(from).next(),
        Move::NextSibling => beside(from.index().checked_add(1)),
        Move::PreviousSibling => beside(from.index().checked_sub(1)),
    };
    found.map(|at| BoxId(at as u32))
}
