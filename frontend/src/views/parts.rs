//! The parts of the views that the first program leaves out. Where one of them is needed, the full program takes over. See
//! docs/decisions/0009-two-programs.md.

use super::derive::Scaling;
use super::flame::graph::Flame;
use super::function_panel::source::Source;
use super::menu::Menus;
use super::model::Model;
use super::picture::Picture;
use super::sandwich::Sides;
use super::top_table::Table;
use crate::reactive::Signal;
use crate::state::identity::Shared;
use crate::state::transform::Transform;
use crate::state::view::OrderBy;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::DiffTree;
use leptos::prelude::*;
use std::sync::Arc;

/// In the context of the whole app. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// Computations beyond the first picture.
    pub(crate) kernels: Option<Kernels>,
    /// The sandwich view.
    pub(crate) sandwich: Option<fn(Menus, Flame, Table) -> AnyView>,
    /// The details of the function that the view names.
    pub(crate) function_panel: Option<fn(Model, Source) -> AnyView>,
    /// The line with the verdict on what Explore shows; takes a [`VerdictQuestion`](crate::state::verdict_question::VerdictQuestion)
    /// as text, or an empty text.
    pub(crate) verdict_line: fn(Signal<String>) -> AnyView,
    /// Stands in for a missing part, and has the full program take over.
    pub(crate) missing: fn() -> AnyView,
}

type Steps<T, R> = fn(&Arc<T>, &[Transform]) -> Result<R, String>;
type DiffPicture = fn(&Shared<DiffTree>, &Shared<CallTree>, Scaling, OrderBy) -> Shared<Picture>;

/// Transforms, differences and sandwiches, see [`super::derive`] and [`super::transforms`].
#[derive(Clone, Copy)]
pub(crate) struct Kernels {
    pub(super) steps: Steps<CallTree, Arc<CallTree>>,
    pub(super) inverted: fn(&CallTree) -> Result<CallTree, String>,
    pub(super) sides: fn(&CallTree, &str, OrderBy) -> Result<Sides, String>,
    pub(super) diff_steps: Steps<DiffTree, Shared<DiffTree>>,
    pub(super) sums: fn(&DiffTree) -> Result<Shared<CallTree>, String>,
    pub(super) diff_picture: DiffPicture,
}

impl Kernels {
    const ALL: Kernels = Kernels {
        steps: super::transforms::apply,
        inverted: super::transforms::inverted,
        sides: super::derive::sides,
        diff_steps: super::derive::transformed_diff,
        sums: super::derive::sums,
        diff_picture: super::derive::diff_picture,
    };
}

impl Parts {
    /// Every part: those of the full program.
    pub(crate) const FULL: Parts = Parts {
        kernels: Some(Kernels::ALL),
        sandwich: Some(super::profile_view::sandwich),
        function_panel: Some(super::function_panel::function_panel),
        verdict_line: |question| {
            view! { <div class="verdict-line">{super::verdict_line::verdict_line(question)}</div> }.into_any()
        },
        missing: || ().into_any(),
    };

    /// The parts of the program that runs.
    pub(crate) fn of_program() -> Option<Parts> {
        use_context()
    }

    pub(super) fn sandwich(self, menus: Menus, flame: Flame, table: Table) -> AnyView {
        self.sandwich.map_or_else(self.missing, |show| show(menus, flame, table))
    }

    pub(super) fn function_panel(self, model: Model, source: Source) -> AnyView {
        self.function_panel.map_or_else(self.missing, |show| show(model, source))
    }
}
