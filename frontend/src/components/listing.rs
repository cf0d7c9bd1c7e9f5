//! A list that is fetched, in its four states: on its way, failed, empty, full.

use super::notice::FailedNotice;
use crate::api::Fetch;
use crate::reactive::{Callback, list};
use leptos::prelude::*;

/// What stands where a list is. `what` names it, as in "The users"; `full` builds it when it has something in it.
pub(crate) fn listing<T: Clone + Send + Sync + 'static>(
    what: &'static str,
    fetch: Fetch<Vec<T>>,
    retry: Callback<()>,
    empty: &'static str,
    full: impl Fn(Vec<T>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let failed =
        move || {
            list(
                fetch.error.get().into_iter().map(|error| {
                    view! { <FailedNotice what=what.to_owned() error on_retry=retry /> }.into_any()
                }),
            )
        };
    let body = move || match fetch.data.get() {
        None if fetch.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(rows) if rows.is_empty() => view! { <p class="muted">{empty}</p> }.into_any(),
        Some(rows) => full(rows),
    };
    view! { {move || failed()}{move || body()} }.into_any()
}
