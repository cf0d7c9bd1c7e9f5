//! The state of the table of functions with their costs in baseline and comparison.

use super::Comparison;
use super::largest::Largest;
use super::sparks::Sparks;
use crate::components::virtual_grid::{MenuAnchor, VirtualGrid};
use crate::reactive::{Memo, RwSignal, Signal};
use crate::state::compare::FILTERS;
use crate::state::identity::Shared;
use crate::views::menu::{Menus, Seen, Subject};
use flarepath_profile::diff::rank::{RankedRow, is_placeholder};
use flarepath_profile::frame_table::FrameId;

/// What the table shows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(super) comparison: Comparison,
    /// Those on screen: without the folded ones.
    pub(super) rows: Signal<Shared<Vec<RankedRow>>>,
    /// The largest amounts.
    pub(super) largest: Memo<Largest>,
    /// Names of the functions below which others are unfolded.
    pub(super) open: RwSignal<Vec<String>>,
    /// How many functions are of each kind.
    pub(super) counts: Memo<[usize; FILTERS.len()]>,
    /// How many rows are left out until all are asked for.
    pub(super) left_out: Memo<usize>,
    /// How many there are with those.
    pub(super) all_rows: Memo<usize>,
    pub(super) whole: RwSignal<bool>,
    pub(super) menus: Menus,
}

impl Table {
    pub(super) fn subject(self, frame: FrameId) -> Option<Subject> {
        let tree = self.comparison.model.trees.get_untracked()?;
        Some(Subject::new(&tree, frame, Vec::new(), Seen::Table))
    }

    pub(super) fn menu(self, frame: FrameId, (at, closed): MenuAnchor) {
        self.subject(frame).into_iter().for_each(|subject| self.menus.open(subject, at, closed));
    }

    fn name(self, frame: FrameId) -> Option<String> {
        let both = self.comparison.model.trees.diff.get_untracked().and_then(Result::ok)?;
        Some(both.frames().name(frame).to_owned())
    }

    pub(super) fn mark(self, frame: FrameId) {
        let name = self.name(frame);
        self.comparison.model.marked.update(|m| *m = if *m == name { None } else { name });
    }

    /// Whether the table is of a part of the profiles.
    pub(super) fn is_transformed(self) -> bool {
        self.comparison.model.view.with(|v| !v.transforms.is_empty())
    }

    /// The sparklines of the functions in sight, where there is a column for them.
    pub(super) fn sparks(self, grid: VirtualGrid) -> Option<Sparks> {
        let window = Memo::new(move || grid.in_sight());
        let in_sight = move || {
            if self.is_transformed() {
                return Vec::new();
            }
            let Some(both) = self.comparison.model.trees.diff.get().and_then(Result::ok) else {
                return Vec::new();
            };
            self.rows.with(|rows| {
                let shown = window.get().filter_map(|index| rows.get(index));
                let names = shown.map(|row| both.frames().name(row.row.frame));
                let names = names.filter(|name| !name.is_empty() && !is_placeholder(name));
                names.map(str::to_owned).collect::<Vec<_>>()
            })
        };
        Some(Sparks::follow(self.comparison.over_time?, in_sight))
    }

    /// Unfolds what is below a function, or folds it again.
    pub(super) fn unfold(self, frame: FrameId, on: bool) {
        let Some(name) = self.name(frame) else { return };
        self.open.update(|open| {
            open.retain(|other| *other != name);
            open.extend(on.then_some(name));
        });
    }
}
