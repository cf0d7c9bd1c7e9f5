//! Turns DOM events into [`Action`]s.

use super::host::{Host, set_if_new};
use super::interaction::{self, Action, Gesture, LONG_PRESS_MS, Pointer, Wheel};
use super::stage::Framing;
use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use crate::browser::{media, node, timer};
use flarepath_profile::flame::Move;
use leptos::prelude::*;

/// Quiet time after a wheel turn before the URL follows, in milliseconds.
const SETTLE_MS: u32 = 200;

impl Host {
    pub(super) fn press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let pointer = pointer(event);
        node::capture_pointer(self.pad, pointer.id);
        self.gesture.update_value(|g| g.press(pointer));
        if pointer.touch {
            timer::after(LONG_PRESS_MS as u32, move || {
                if let Some(Some(action)) = self.gesture.try_with_value(Gesture::rests) {
                    self.act(action);
                }
            });
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
            // Fingers do not hover: a tap opens the tooltip, too.
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
        let down = if self.upward { -event.delta_y() } else { event.delta_y() };
        let Some(Framing { camera, bounds }) = self.read(|stage| stage.framing()) else { return };
        let below = bounds.rows as f64 - bounds.rows_shown - camera.top;
        let scrolls = if down < 0.0 { camera.top > 0.0 } else { below > 0.01 };
        let pans = camera.span() < bounds.width;
        if let Some(action) = interaction::wheel(wheel_turn(event, scrolls, pans)) {
            event.prevent_default();
            self.leave();
            self.act(match action {
                Action::Pan(dx, dy) if self.upward => Action::Pan(dx, -dy),
                other => other,
            });
            self.settle_soon();
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let width = self.read(|stage| stage.size().width).unwrap_or(1.0);
        let (Some(action), Some(owner)) = (interaction::key(&event.key(), width), self.owner()) else {
            return;
        };
        let taken = match action {
            Action::Key(key) => owner.press_key(self.current(), key),
            Action::ZoomOut => !owner.shows_all(),
            _ => true,
        };
        if !taken {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        self.act(match action {
            Action::Select(Move::Parent) if self.upward => Action::Select(Move::FirstChild),
            Action::Select(Move::FirstChild) if self.upward => Action::Select(Move::Parent),
            other => other,
        });
        if matches!(action, Action::Pan(..) | Action::Zoom { .. }) {
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

    /// Saves the camera in the URL once it has rested.
    pub(super) fn settle_soon(self) {
        let turn = self.settling.get_value() + 1;
        self.settling.set_value(turn);
        timer::after(SETTLE_MS, move || {
            if self.settling.try_get_value() == Some(turn) {
                self.settle();
            }
        });
    }
}

/// A turn of the wheel, in pixels; `scrolls` and `pans` say whether the camera can move that way.
fn wheel_turn(event: &WheelEvent, scrolls: bool, pans: bool) -> Wheel {
    // Some mice report lines or pages.
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

/// A pointer event for [`Gesture`].
fn pointer(event: &PointerEvent) -> Pointer {
    Pointer {
        id: event.pointer_id(),
        x: event.offset_x().into(),
        y: event.offset_y().into(),
        touch: event.pointer_type() == "touch",
        time: media::now_ms(),
    }
}
