//! Computations beyond the first picture, which the first program leaves out. See docs/decisions/0009-two-programs.md.

use super::picture::Picture;
use super::sandwich::Sides;
use super::scales::Scaling;
use crate::state::identity::Shared;
use crate::state::transform::Transform;
use crate::state::view::OrderBy;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::DiffTree;
use flarepath_profile::frame_table::FrameTable;
use flarepath_profile::origin::Origin;
use leptos::prelude::use_context;
use std::sync::Arc;

type Steps<T, R> = fn(&Arc<T>, &[Transform], &[Origin]) -> Result<R, String>;
type DiffPicture = fn(&Shared<DiffTree>, &Shared<CallTree>, Scaling, OrderBy) -> Shared<Picture>;

/// Transforms, differences, sandwiches and origins of functions, see [`super::derive`] and [`super::transforms`]. In the context of the whole app of
/// the full program. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Kernels {
    pub(super) steps: Steps<CallTree, Arc<CallTree>>,
    pub(super) inverted: fn(&CallTree) -> Result<CallTree, String>,
    pub(super) sides: fn(&CallTree, &str, OrderBy) -> Result<Sides, String>,
    pub(super) diff_steps: Steps<DiffTree, Shared<DiffTree>>,
    pub(super) sums: fn(&DiffTree) -> Result<Shared<CallTree>, String>,
    pub(super) diff_picture: DiffPicture,
    pub(super) guessed_origins: fn(&FrameTable) -> Vec<Origin>,
    pub(super) derived_origins: fn(&FrameTable, &[Origin], &FrameTable) -> Vec<Origin>,
}

impl Kernels {
    /// Those of the program that runs; `None` in the first program.
    pub(super) fn of_program() -> Option<Kernels> {
        use_context()
    }
}
