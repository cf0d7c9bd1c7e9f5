//! Handles events of a heat map, builds its tooltip, and asks what can be done at an instant.

use super::Heat;
use super::interaction::{self, Cursor, Input, update};
use super::scene::Scene;
use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent};
use crate::browser::{node, timer};
use crate::components::tooltip::Tip;
use crate::reactive::{Memo, RwSignal};
use crate::state::identity::Shared;
use crate::views::timeline::markers::{MarkerRequest, Markers};
use flarepath_profile::heatmap::{Cell, Origin, Rect};
use leptos::html::Div;
use leptos::prelude::*;

/// How long a finger rests before the tooltip opens.
const LONG_PRESS_MS: u32 = 500;
/// DOM id of what has the focus of a map, of which a page has one.
pub(super) const PAD: &str = "heat-pad";

/// State of one map. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Controller {
    pub(super) heat: Heat,
    /// What is asked about an instant goes there.
    pub(super) markers: Option<Markers>,
    pub(super) scene: Memo<Option<Shared<Scene>>>,
    pub(super) cursor: RwSignal<Cursor>,
    /// Whether the tooltip is shown: fingers must rest for it.
    pub(super) tips: RwSignal<bool>,
    /// The cell that a finger pressed, and the number of the press.
    pub(super) touch: RwSignal<Option<(Cell, u32)>>,
    pub(super) presses: RwSignal<u32>,
}

impl Controller {
    pub(super) fn act(self, input: Input) {
        let Some(size) = self.scene.with_untracked(|s| s.as_ref().map(|s| (s.grid.rows, s.grid.columns)))
        else {
            return;
        };
        let (next, outcome) = update(self.cursor.get_untracked(), input, size);
        self.cursor.set(next);
        outcome.into_iter().for_each(|outcome| self.heat.on_outcome.run(outcome));
    }

    fn cell(self, e: &MouseEvent) -> Option<Cell> {
        self.scene.with_untracked(|s| s.as_ref()?.grid.cell_near(e.offset_x().into(), e.offset_y().into()))
    }

    pub(super) fn press(self, e: &PointerEvent, pad: NodeRef<Div>) {
        let Some(cell) = self.cell(e).filter(|_| e.button() == 0) else { return };
        node::capture_pointer(pad, e.pointer_id());
        let touch = e.pointer_type() == "touch";
        self.tips.set(!touch);
        self.act(Input::Press(cell));
        if touch {
            let number = self.presses.get_untracked() + 1;
            self.presses.set(number);
            self.touch.set(Some((cell, number)));
            timer::after(LONG_PRESS_MS, move || {
                // Still on the same cell: shows the tooltip instead of selecting.
                if self.touch.try_get_untracked() == Some(Some((cell, number))) {
                    self.act(Input::Break);
                    self.act(Input::Hover(cell));
                    self.tips.set(true);
                }
            });
        }
    }

    pub(super) fn moved(self, e: &PointerEvent) {
        let Some(cell) = self.cell(e) else { return };
        let touch = e.pointer_type() == "touch";
        if self.touch.get_untracked().is_some_and(|(at, _)| at != cell) {
            self.touch.set(None);
        }
        if !touch {
            self.tips.set(true);
        }
        self.act(Input::Hover(cell));
    }

    pub(super) fn release(self) {
        self.touch.set(None);
        self.act(Input::Release);
    }

    /// Hides the cursor; the tooltip of a finger stays until the next press.
    pub(super) fn leave(self, e: &PointerEvent) {
        if e.pointer_type() != "touch" || !self.tips.get_untracked() {
            self.act(Input::Leave);
        }
    }

    pub(super) fn key(self, e: &KeyboardEvent, pad: NodeRef<Div>) {
        if e.alt_key() || e.meta_key() {
            return;
        }
        if e.key() == "m" && !e.ctrl_key() && self.ask_at_cursor(pad) {
            e.prevent_default();
            e.stop_propagation();
            return;
        }
        let upward =
            self.heat.data.with_untracked(|d| d.as_ref().is_some_and(|d| d.origin == Origin::Bottom));
        if let Some(input) = interaction::key(&e.key(), e.shift_key(), e.ctrl_key(), upward) {
            e.prevent_default();
            e.stop_propagation();
            self.tips.set(true);
            self.act(input);
        }
    }

    /// Asks about the column under the pointer or, by the menu key, at the cursor. A finger that rests shows the tooltip instead.
    pub(super) fn ask_under(self, e: &MouseEvent, pad: NodeRef<Div>) {
        if self.touch.get_untracked().is_some() {
            return e.prevent_default();
        }
        // Of a key, the event tells no place.
        let is_asked = match self.cell(e).filter(|_| e.button() == 2) {
            Some(cell) => self.ask(cell, (e.client_x().into(), e.client_y().into())),
            None => self.ask_at_cursor(pad),
        };
        if is_asked {
            e.prevent_default();
        }
    }

    /// Asks about the column at the cursor; says whether it did.
    fn ask_at_cursor(self, pad: NodeRef<Div>) -> bool {
        let Some((at, rect)) = self.cursor.get_untracked().at.zip(node::rect(pad)) else { return false };
        let place = self.scene.with_untracked(|s| s.as_ref().map(|s| s.grid.place(&Rect::between(at, at))));
        let [x, y, w, h] = place.unwrap_or_default();
        self.ask(at, (rect.x + x + w / 2.0, rect.y + y + h))
    }

    /// Asks what can be done at the start of a column. The menu opens at a point of the window.
    fn ask(self, cell: Cell, at: (f64, f64)) -> bool {
        let at_ns = self.heat.data.with_untracked(|d| d.as_ref()?.column_at_ns(cell.column));
        let Some((markers, at_ns)) = self.markers.zip(at_ns) else { return false };
        markers.asked.set(Some(MarkerRequest::Instant { at_ns, at, plot: PAD.to_owned() }));
        true
    }

    /// The tooltip at the cursor.
    pub(super) fn tip(self) -> Option<Tip> {
        let at = self.cursor.get().at.filter(|_| self.tips.get())?;
        let data = self.heat.data.get()?;
        let scene = self.scene.get()?;
        if at.row >= data.map.rows() || at.column >= data.map.columns() {
            return None;
        }
        let [x, y, w, h] = scene.grid.place(&Rect::between(at, at));
        let mut rows =
            vec![("Time", data.column_name(at.column, self.heat.zone.get())), ("Value", data.value(at))];
        rows.extend(data.share(at).map(|share| ("Of the column", share)));
        let partial =
            data.partial(at.column).map_or(String::new(), |why| format!("This column is {}.", why.text()));
        Some(Tip {
            x: x + w / 2.0,
            y: y + h / 2.0,
            room: (scene.grid.width, scene.grid.height()),
            title: data.map.row_name(at.row).to_owned(),
            rows,
            note: partial,
        })
    }
}
