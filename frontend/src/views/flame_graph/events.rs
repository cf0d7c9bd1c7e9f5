//! From DOM events to [`Action`]s.

use super::Zoom;
use super::controller::{Controller, set_if_new};
use super::interaction::{self, Action, Gesture, LONG_PRESS_MS, Pointer, Wheel};
use crate::browser::media;
use flarepath_profile::flame::Move;
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
        for action in actions {
            self.act(action);
        }
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
        let down = if self.flame.upward { -event.delta_y() } else { event.delta_y() };
        let Some((scrolls, pans)) = self.ask(|stage| {
            let (camera, bounds) = (stage.camera(), stage.bounds());
            let below = bounds.rows as f64 - bounds.rows_shown - camera.top;
            (if down < 0.0 { camera.top > 0.0 } else { below > 0.01 }, camera.span() < bounds.width)
        }) else {
            return;
        };
        if let Some(action) = interaction::wheel(wheel_turn(event, scrolls, pans)) {
            event.prevent_default();
            self.leave();
            let action = match action {
                Action::Pan(dx, dy) if self.flame.upward => Action::Pan(dx, -dy),
                other => other,
            };
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
        if action == Action::ZoomOut && self.flame.zoom.get_untracked() == Zoom::default() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let action = match action {
            Action::Select(Move::Parent) if self.flame.upward => Action::Select(Move::FirstChild),
            Action::Select(Move::FirstChild) if self.flame.upward => Action::Select(Move::Parent),
            other => other,
        };
        let continuous = matches!(action, Action::Pan(..) | Action::Zoom { .. });
        self.act(action);
        if continuous {
            self.settle_soon();
        }
    }

    pub(super) fn focused(self) {
        self.has_focus.set(true);
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

    fn settle_soon(self) {
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

/// A turn of the wheel over a picture that can scroll that way or not, and pan or not.
pub(crate) fn wheel_turn(event: &WheelEvent, scrolls: bool, pans: bool) -> Wheel {
    // Lines and pages, where a mouse reports those, are brought to pixels.
    let unit = [1.0, 16.0, 400.0][(event.delta_mode() as usize).min(2)];
    Wheel {
        x: event.offset_x().into(),
        dx: if event.shift_key() && event.delta_x() == 0.0 { event.delta_y() } else { event.delta_x() }
            * unit,
        dy: if event.shift_key() { 0.0 } else { event.delta_y() * unit },
        zoom: event.ctrl_key() || event.meta_key() || event.alt_key(),
        scrolls,
        pans,
    }
}

/// A pointer event as the gestures know it.
pub(crate) fn pointer(event: &PointerEvent) -> Pointer {
    Pointer {
        id: event.pointer_id(),
        x: event.offset_x().into(),
        y: event.offset_y().into(),
        touch: event.pointer_type() == "touch",
        time: media::now_ms(),
    }
}
