//! The controls of Explore and Home that open something. The first program has stand-ins for them, see docs/decisions/0009-two-programs.md.

use super::state::ExploreState;
use crate::pages::home::state::HomeState;
use crate::pages::question::PageQuestion;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::lent_part::LentPart;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use leptos::prelude::{AnyView, ViewFn, use_context};

/// See [`Controls::range`].
type RangeControl = fn(Signal<TimeRange>, Memo<Span>, Signal<bool>, Callback<TimeRange>) -> AnyView;

/// In the context of the whole app. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Controls {
    /// Label filters of a question with both ends of its time; the question with another filter goes to the callback.
    pub(crate) filter: fn(Memo<Query>, Memo<Span>, Callback<Query>) -> AnyView,
    /// The time range: as chosen, both ends of it, whether that of the link cannot be taken, and what receives another.
    pub(crate) range: RangeControl,
    /// The picker of the service; the question about another goes to the callback.
    pub(super) service: fn(PageQuestion, Callback<Query>) -> AnyView,
    /// That of the profile type.
    pub(super) profile_type: fn(PageQuestion, Callback<Query>) -> AnyView,
    /// What is done less often with the answer.
    pub(super) more: fn(ExploreState) -> AnyView,
    /// The label that the timeline is grouped by; takes its words.
    pub(super) group_by: fn(ExploreState, Signal<String>) -> AnyView,
    /// Home's services as a treemap.
    pub(crate) treemap: fn(HomeState) -> AnyView,
    /// What the full program shows, for a question as text: in an element of its own, or lent by the first one.
    pub(crate) lent: fn(LentPart, Signal<String>) -> AnyView,
    /// The page of a server without profiles.
    pub(crate) first_run: fn() -> AnyView,
    /// See [`QueryLine`](crate::components::query_line::QueryLine).
    pub(crate) sheet: fn(RwSignal<bool>, ViewFn) -> AnyView,
}

impl Controls {
    /// Those of the program that runs. As [`Utc::of_page`](crate::context::utc::Utc::of_page).
    #[inline(never)]
    pub(crate) fn of_program() -> Controls {
        use_context().expect("both programs provide them")
    }
}
