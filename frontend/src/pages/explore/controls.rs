//! The controls of Explore that open something. The first program has stand-ins for them, see docs/decisions/0009-two-programs.md.

use super::state::ExploreState;
use crate::reactive::{Callback, RwSignal, Signal};
use crate::state::query::Query;
use leptos::prelude::{AnyView, ViewFn};

/// In the context of the whole app. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Controls {
    /// Label filters; the question with another filter goes to the callback.
    pub(super) filter: fn(ExploreState, Callback<Query>) -> AnyView,
    /// Time range and refresh; takes whether an answer is awaited, and what receives the question about another time.
    pub(super) time: fn(ExploreState, Signal<bool>, Callback<Query>) -> AnyView,
    /// What is done less often with the answer.
    pub(super) more: fn(ExploreState) -> AnyView,
    /// The label that the timeline is grouped by; takes its words.
    pub(super) group_by: fn(ExploreState, Signal<String>) -> AnyView,
    /// The page of a server without profiles.
    pub(super) first_run: fn() -> AnyView,
    /// See [`QueryLine`](crate::components::query_line::QueryLine).
    pub(super) sheet: fn(RwSignal<bool>, ViewFn) -> AnyView,
}
