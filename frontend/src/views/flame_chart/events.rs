//! From DOM events to actions.

use super::controller::Controller;
use crate::state::chart_view::Look;
use crate::views::flame_graph::controller::set_if_new;
use crate::views::flame_graph::events::{pointer, wheel_turn};
use crate::views::flame_graph::interaction::{self, Action, Gesture, LONG_PRESS_MS};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;
use std::time::Duration;

/// Quiet time after a wheel turn before the URL follows.
const SETTLE: Duration = Duration::from_millis(200);

impl Controller {
    pub(super) fn press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let pointer = pointer(event);
        if let Some(pad) = self.pad.get_untracked() {
            // Fails when the pointer is gone already.
            drop(pad.set_pointer_capture(pointer.id));
        }
        self.gesture.update_value(|g| g.press(pointer));
        if pointer.touch {
            let long = move || {
                if let Some(Some(action)) = self.gesture.try_with_value(Gesture::rests) {
                    self.act(action);
                }
            };
            set_timeout(long, Duration::from_millis(LONG_PRESS_MS as u64));
        }
    }

    pub(super) fn drag(self, event: &PointerEvent) {
        let pointer = pointer(event);
        let actions = self.gesture.try_update_value(|g| g.drag(pointer)).unwrap_or_default();
        actions.into_iter().for_each(|action| self.act(action));
    }

    pub(super) fn release(self, event: &PointerEvent) {
        let pointer = pointer(event);
        if let Some(action) = self.gesture.try_update_value(|g| g.release(pointer)).flatten() {
            self.act(action);
            // Fingers do not hover: a tap shows the note, too.
            if pointer.touch
                && let Action::Click(x, y) = action
            {
                self.act(Action::Hover(x, y));
            }
        }
    }

    pub(super) fn cancel(self) {
        self.gesture.update_value(Gesture::cancel);
        self.settle();
    }

    pub(super) fn wheel(self, event: &WheelEvent) {
        let Some((scrolls, pans)) = self.ask(|stage| {
            let (camera, bounds) = (stage.camera(), stage.bounds());
            let below = bounds.rows as f64 - bounds.rows_shown - camera.top;
            (
                if event.delta_y() < 0.0 { camera.top > 0.0 } else { below > 0.01 },
                camera.span() < bounds.width,
            )
        }) else {
            return;
        };
        if let Some(action) = interaction::wheel(wheel_turn(event, scrolls, pans)) {
            event.prevent_default();
            self.leave();
            self.act(action);
            self.settle_soon();
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let width = self.ask(|stage| stage.size().width).unwrap_or(1.0);
        let Some(action) = interaction::key(&event.key(), width) else { return };
        if matches!(action, Action::Key(_)) {
            return;
        }
        if action == Action::ZoomOut && self.desk.look.get_untracked() == Look::default() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let continuous = matches!(action, Action::Pan(..) | Action::Zoom { .. });
        self.act(action);
        if continuous {
            self.settle_soon();
        }
    }

    pub(super) fn blurred(self) {
        self.has_focus.set(false);
        set_if_new(self.by_keyboard, false);
    }

    pub(super) fn menu_at_pointer(self, event: &MouseEvent) {
        event.prevent_default();
        self.gesture.update_value(Gesture::cancel);
        self.menu_at(event.offset_x().into(), event.offset_y().into());
    }

    /// Writes where one looks into the URL once it rests.
    pub(super) fn settle_soon(self) {
        let turn = self.settling.get_value() + 1;
        self.settling.set_value(turn);
        set_timeout(
            move || {
                if self.settling.try_get_value() == Some(turn) {
                    self.settle();
                }
            },
            SETTLE,
        );
    }
}
