//! A list that is fetched, in its four states: loading, failed, empty, full.

use super::notice::failure;
use crate::api::Fetch;
use crate::reactive::Callback;
use leptos::prelude::*;

/// The list. `what` begins a sentence, as in "The list of users"; `full` builds the view of a list that is not empty.
pub(crate) fn listing<T: Clone + Send + Sync + 'static>(
    what: &'static str,
    fetch: Fetch<Vec<T>>,
    retry: Callback<()>,
    empty: &'static str,
    full: impl Fn(Vec<T>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let body = move || match fetch.data.get() {
        None if fetch.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(rows) if rows.is_empty() => view! { <p class="muted">{empty}</p> }.into_any(),
        Some(rows) => full(rows),
    };
    view! { {failure(what, fetch.error, retry)}{move || body()} }.into_any()
}
