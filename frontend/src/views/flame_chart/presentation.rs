//! What the page shows beside the chart: tooltip, foot note, the selected item.

use super::controller::Controller;
use super::stage::Target;
use super::{tip, twin};
use crate::components::tooltip::Tip;
use crate::reactive::Signal;
use crate::views::flame_graph::scene::ROW;
use leptos::prelude::*;

impl Controller {
    /// The tooltip: of the box under the pointer, or of the selection when the keyboard moves it.
    pub(super) fn tip(self) -> Signal<Option<Tip>> {
        Signal::derive(move || {
            // The stage is no signal; this one tells when it is there.
            if !self.started.get() {
                return None;
            }
            let chart = self.desk.chart.get()?;
            let room = self.live.try_get_value().flatten()?.stage.borrow().size();
            let (x, y, target) = match self.pointer.get() {
                Some(pointed) => pointed,
                None if self.by_keyboard.get() && self.has_focus.get() => {
                    let place = self.overlay.get().1?;
                    (place.x + place.w.min(40.0), place.y + ROW, Target::Box(self.selected.get()?))
                }
                None => return None,
            };
            let (title, rows, note) = match target {
                Target::Box(id) => {
                    let name = chart.tree.name(chart.layout.node(id)).to_owned();
                    (name, tip::rows(&chart, id, self.desk.zone_min.get()), "")
                }
                Target::Rest { count, nanos, .. } => {
                    let title = format!("{count} calls, each under one pixel wide");
                    (title, vec![("duration", tip::duration(nanos))], "Click to zoom in to them.")
                }
            };
            Some(Tip { x, y, room: (room.width, room.height), title, rows, note: note.to_owned() })
        })
    }

    /// What the picture leaves out, in words.
    pub(super) fn foot(self) -> String {
        match self.rest.get().boxes {
            0 => String::new(),
            1 => "1 call under 1 px is drawn as a rest. Zoom in to see it.".to_owned(),
            calls => format!("{calls} calls under 1 px are drawn together. Zoom in to see them."),
        }
    }

    /// DOM id of the selected item.
    pub(super) fn active_id(self) -> String {
        twin::item_id(self.selected.get().map_or(0, |id| id.0))
    }
}
