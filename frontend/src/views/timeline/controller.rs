//! Handles events of a timeline.

use super::interaction::{Cursor, Input, update};
use super::markers::MarkerRequest;
use super::pinch::Fingers;
use super::point_link::{self, Place};
use super::ranges::{between, instant, zoomed};
use super::scene::Scene;
use crate::browser::event::{KeyboardEvent, MouseEvent, PointerEvent};
use crate::browser::{focus, node};
use crate::reactive::{Callback, Memo, RwSignal};
use crate::state::time_range::TimeRange;
use leptos::html::Div;
use leptos::prelude::*;

/// State of one timeline. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct Controller {
    pub(super) scene: Memo<Option<Scene>>,
    pub(super) plot: NodeRef<Div>,
    pub(super) cursor: RwSignal<Cursor>,
    pub(super) fingers: StoredValue<Fingers>,
    /// Receives a selected range.
    pub(super) on_range: Option<Callback<TimeRange>>,
    /// The place that the link to what changed is about, where there is such a link.
    pub(super) place: Option<RwSignal<Option<Place>>>,
    /// Receives what is asked about an instant, where there are markers.
    pub(super) asked: Option<RwSignal<Option<MarkerRequest>>>,
    /// DOM id prefix.
    pub(super) id: &'static str,
}

impl Controller {
    /// Returns whether a range was chosen.
    fn act(self, input: Input) -> bool {
        let chosen = self.scene.with_untracked(|s| {
            let s = s.as_ref()?;
            let (next, chosen) = update(self.cursor.get_untracked(), input, s.buckets.len());
            self.cursor.set(next);
            chosen.map(|(first, last)| between(s, first, last))
        });
        let is_chosen = chosen.is_some();
        if let Some((range, on_range)) = chosen.zip(self.on_range) {
            on_range.run(range);
        }
        is_chosen
    }

    fn choose_place(self) {
        if let Some(place) = self.place {
            place.set(point_link::place_of(self.cursor.get_untracked()));
        }
    }

    /// Where an x of the window is, as a share of the width.
    fn share(self, client_x: i32) -> Option<f64> {
        let rect = node::rect(self.plot)?;
        Some((f64::from(client_x) - rect.x) / rect.width.max(1.0))
    }

    fn bucket(self, client_x: i32) -> Option<usize> {
        let share = self.share(client_x)?;
        self.scene.with_untracked(|s| s.as_ref()?.bucket_at(share))
    }

    /// Whether two fingers are down after `change`: a pinch does not select.
    fn pinches(self, e: &PointerEvent, change: fn(&mut Fingers, i32, f64) -> bool) -> bool {
        let Some(at) = self.share(e.client_x()).filter(|_| is_touch(e)) else { return false };
        let id = e.pointer_id();
        self.fingers.try_update_value(|f| change(f, id, at)) == Some(true)
    }

    pub(super) fn moved(self, e: &PointerEvent) {
        if !self.pinches(e, Fingers::drag)
            && let Some(at) = self.bucket(e.client_x())
        {
            self.act(Input::Hover(at));
        }
    }

    pub(super) fn pressed(self, e: &PointerEvent) {
        if e.button() == 0
            && let Some(at) = self.bucket(e.client_x())
        {
            node::capture_pointer(self.plot, e.pointer_id());
            self.act(if self.pinches(e, Fingers::press) { Input::Cancel } else { Input::Press(at) });
        }
    }

    pub(super) fn released(self, e: &PointerEvent) {
        let part = self.fingers.try_update_value(|f| f.release(e.pointer_id())).flatten();
        match part.and_then(|part| self.scene.with_untracked(|s| s.as_ref().map(|s| zoomed(s, part)))) {
            None => {
                if !self.act(Input::Release) {
                    self.choose_place();
                }
            }
            Some(range) => {
                self.cancelled();
                self.on_range.into_iter().for_each(|on_range| on_range.run(range));
            }
        }
    }

    /// The browser took over the gesture, or the focus left.
    pub(super) fn cancelled(self) {
        self.act(Input::Cancel);
    }

    /// The readout stays after a finger is lifted.
    pub(super) fn left(self, e: &PointerEvent) {
        if !is_touch(e) {
            self.act(Input::Leave);
        }
    }

    /// What can be done at the instant under the pointer or, by keyboard, at the cursor; without markers, the link to what changed.
    pub(super) fn menu(self, e: &MouseEvent) {
        if let Some(asked) = self.asked {
            return self.ask(e, asked);
        }
        if self.place.is_none() {
            return;
        }
        e.prevent_default();
        // Asked for by keyboard or by a long press, it is about where the cursor is.
        if e.button() == 2
            && let Some(at) = self.bucket(e.client_x())
        {
            self.act(Input::Cancel);
            self.act(Input::Hover(at));
        }
        self.choose_place();
    }

    fn ask(self, e: &MouseEvent, asked: RwSignal<Option<MarkerRequest>>) {
        // Of a key, the event tells no place.
        let is_mouse = e.button() == 2;
        let (at, under) = (self.cursor.get_untracked().at.filter(|_| !is_mouse), self.share(e.client_x()));
        let at_ns = self.scene.with_untracked(|s| instant(s.as_ref()?, at, under));
        let Some(at_ns) = at_ns else { return };
        e.prevent_default();
        let at = (e.client_x().into(), e.client_y().into());
        asked.set(Some(MarkerRequest::Instant { at_ns, at, plot: format!("{}-plot", self.id) }));
    }

    pub(super) fn key(self, e: &KeyboardEvent) {
        // With markers, the browser's own event of the menu key opens their menu.
        let asks = e.key() == "m" || self.asked.is_none() && e.key() == "ContextMenu";
        if self.place.is_some() && asks {
            e.prevent_default();
            self.choose_place();
            focus::soon(point_link::LINK);
        } else if let Some(input) = key_input(&e.key(), e.shift_key()) {
            e.prevent_default();
            self.act(input);
            if let (Input::Cancel, Some(place)) = (input, self.place) {
                place.set(None);
            }
        }
    }

    /// The edge of the cursor or of the selection, as a share of the width: of the bucket that `edge` chooses of both ends, and `after`
    /// buckets further.
    pub(super) fn mark(self, edge: fn(usize, usize) -> usize, after: usize) -> Option<f64> {
        let Cursor { at, anchor, .. } = self.cursor.get();
        let (at, anchor) = (at?, anchor.or(at)?);
        let place = |s: &Scene| s.share_of(s.from_ms + (edge(at, anchor) + after) as i64 * s.step_ms);
        self.scene.with(|s| s.as_ref().map(place))
    }
}

fn is_touch(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

pub(in crate::views) fn key_input(key: &str, shift: bool) -> Option<Input> {
    Some(match key {
        "ArrowLeft" => Input::Step(-1, shift),
        "ArrowRight" => Input::Step(1, shift),
        "PageUp" => Input::Step(-10, shift),
        "PageDown" => Input::Step(10, shift),
        "Home" => Input::Edge(false, shift),
        "End" => Input::Edge(true, shift),
        "Enter" => Input::Accept,
        "Escape" => Input::Cancel,
        _ => return None,
    })
}
