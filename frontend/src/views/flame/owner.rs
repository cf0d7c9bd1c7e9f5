//! Owner of a flame canvas, where flame graph and flame chart differ: their boxes, their location in the URL, their texts and menus.

use super::boxes::Boxes;
use super::scene::RestSummary;
use super::stage::{Framing, Stage, Target};
use crate::reactive::Callback;
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use crate::views::picture::Measure;
use flarepath_profile::flame::{BoxId, Viewport};
use std::sync::Arc;

/// Title, rows and hint of a tooltip.
pub(crate) type TooltipText = (String, Vec<(&'static str, String)>, &'static str);

/// For each frame its colour, and for each frame whether the search matches it; the unit of values.
pub(crate) type FramePaint = (Option<Shared<Vec<u8>>>, Option<Shared<Vec<bool>>>, Measure);

/// The side of a flame canvas that knows what its boxes mean. Methods marked “tracked” run inside effects and follow the
/// signals that they read.
///
/// Zooming either changes the URL, and the camera follows; or it returns the camera to move to, which is saved in the URL.
pub(crate) trait Owner {
    /// Tracked: the boxes; `None` before there are any.
    fn boxes(&self) -> Option<Arc<dyn Boxes>>;
    /// Tracked: colours, search matches, unit.
    fn paint(&self) -> FramePaint;
    /// Tracked: the box to go to.
    fn jump(&self) -> Option<BoxId>;
    /// Tracked: the box that is zoomed to, and the camera for it. `fresh` boxes have no camera of their own yet.
    fn location(&self, now: Framing, fresh: bool) -> (BoxId, Viewport);
    /// The box of the same stack as `id` in `old`, which the current boxes have replaced.
    fn carry_over(&self, old: &dyn Boxes, id: BoxId) -> Option<BoxId>;

    /// Whether nothing is zoomed or panned.
    fn shows_all(&self) -> bool;
    /// Shows everything.
    fn reset(&self);
    /// Zooms to a box.
    fn zoom_to(&self, now: Framing, id: BoxId) -> Option<Viewport>;
    /// Zooms to neighbouring boxes, from the first to the last.
    fn zoom_to_run(&self, now: Framing, first: BoxId, last: BoxId) -> Option<Viewport>;
    /// Zooms out one level.
    fn zoom_out(&self, now: Framing) -> Option<Viewport>;
    /// Saves the camera in the URL.
    fn save_location(&self, now: Framing, mode: HistoryMode);
    /// Whether the URL follows when the keyboard or a search brings a box into sight.
    fn selection_moves_url(&self) -> bool;
    /// Called after each drawing.
    fn drawn(&self, stage: &Stage);

    /// Opens the menu of a box at a point of the window; `closed` gives the focus back.
    fn open_menu(&self, id: BoxId, at: (f64, f64), closed: Callback<()>);
    /// Runs the menu entry with this key; returns whether menus have keys here.
    fn press_key(&self, id: BoxId, key: char) -> bool;

    /// Tracked: the tooltip of a target, while `zoomed` fills the width.
    fn tooltip(&self, zoomed: BoxId, target: Target) -> Option<TooltipText>;
    /// Tracked: name and costs of a box as one sentence.
    fn sentence(&self, id: BoxId) -> String;
    /// Tracked: note about boxes too narrow to draw.
    fn rest_note(&self, rest: RestSummary) -> String;
}
