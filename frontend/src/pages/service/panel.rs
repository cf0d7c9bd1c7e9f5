//! A section of the page with its four states. What failed in one says so there, and leaves the others as they are.

use super::state::ServiceState;
use crate::api::ApiError;
use crate::components::notice::failures;
use crate::reactive::{Memo, live_state, shown};
use leptos::prelude::*;

/// The state of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing has come yet.
    Pending,
    /// Nothing could be loaded: the notice says why.
    Failed,
    /// There is nothing to show, in a sentence.
    Empty(String),
    Full,
}

impl Phase {
    /// The state by the answer, if there is one, and by whether it has failed. Data from before a failed refresh stays.
    pub(super) fn of<T>(
        answer: Option<&T>,
        has_failed: bool,
        empty: impl FnOnce(&T) -> Option<String>,
    ) -> Phase {
        match (answer, has_failed) {
            (Some(answer), _) => empty(answer).map_or(Phase::Full, Phase::Empty),
            (None, true) => Phase::Failed,
            (None, false) => Phase::Pending,
        }
    }
}

/// A section: `id` and title, its state, what has failed in it by what it is called, and what it shows once it is full.
pub(super) fn panel(
    state: ServiceState,
    (id, title): (&'static str, &'static str),
    phase: Memo<Phase>,
    failed: Memo<Vec<(String, ApiError)>>,
    body: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let instead = move || match phase.get() {
        // Without the list, the profile type is not known.
        Phase::Pending if state.question.services.error.with(Option::is_some) => {
            Some("This appears here once the list of services has been loaded.".to_owned())
        }
        Phase::Pending => Some("Loading …".to_owned()),
        Phase::Empty(text) => Some(text),
        Phase::Failed | Phase::Full => None,
    };
    let text = move || instead().map(|text| view! { <p class="muted">{text}</p> }.into_any());
    view! {
        <section id=id class="service-panel" aria-label=title tabindex="-1" {..live_state("aria-busy", move || phase.get() == Phase::Pending)}>
            <h2>{title}</h2>
            {failures(failed, state.on_retry())}
            {move || text()}
            {shown(move || phase.get() == Phase::Full, body)}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_refresh_keeps_what_was_there() {
        let none = |_: &u8| None;
        assert_eq!(Phase::of(None::<&u8>, false, none), Phase::Pending);
        assert_eq!(Phase::of(None::<&u8>, true, none), Phase::Failed);
        assert_eq!(Phase::of(Some(&1), true, none), Phase::Full);
        let empty = |_: &u8| Some("nothing".to_owned());
        assert_eq!(Phase::of(Some(&1), false, empty), Phase::Empty("nothing".to_owned()));
    }
}
