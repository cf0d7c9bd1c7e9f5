//! What the page shows beside the picture: tooltip, foot note, names of the twin's elements.

use super::controller::Controller;
use super::stage::Target;
use super::{scene, tip};
use crate::components::tooltip::Tip;
use crate::reactive::Signal;
use flarepath_profile::call_tree::NodeId;
use leptos::prelude::*;

impl Controller {
    /// The tooltip: of the box under the pointer, or of the selection when the keyboard moves it.
    pub(super) fn tip(self) -> Signal<Option<Tip>> {
        Signal::derive(move || {
            // The stage is no signal; this one tells when it is there.
            if !self.started.get() {
                return None;
            }
            let picture = self.flame.picture.get()?;
            let room = self.live.try_get_value().flatten()?.stage.borrow().size();
            let (x, y, target) = match self.pointer.get() {
                Some(pointed) => pointed,
                None if self.by_keyboard.get() && self.has_focus.get() => {
                    let place = self.overlay.get().1?;
                    (place.x + place.w.min(40.0), place.y + scene::ROW, Target::Node(self.selected.get()?))
                }
                None => return None,
            };
            let measure = self.flame.measure.get();
            let (title, rows, note) = tip::describe(&picture, &measure, self.zoomed.get(), target);
            Some(Tip { x, y, room: (room.width, room.height), title, rows, note })
        })
    }

    /// What the picture leaves out, in words.
    pub(super) fn foot(self) -> String {
        let rest = self.rest.get();
        if rest.boxes == 0 {
            return String::new();
        }
        let total = self.flame.picture.with(|p| p.as_ref().map_or(0, |p| p.layout.width() as i64));
        let share = self.flame.measure.get().share(rest.value as i64, total);
        let (boxes, are) = if rest.boxes == 1 { ("box", "is") } else { ("boxes", "are") };
        format!(
            "{} {boxes} under 1 px {are} drawn together: {share} of the total. Zoom in to see them.",
            rest.boxes
        )
    }

    /// DOM id of a node's item in the text twin.
    pub(super) fn item_id(self, node: u32) -> String {
        format!("flame-{}-{node}", self.number)
    }

    /// DOM id of the selected item.
    pub(super) fn active_id(self) -> String {
        self.item_id(self.selected.get().unwrap_or(NodeId::ROOT).0)
    }
}
