//! A message in place of data, or above it.

use crate::api::ApiError;
use crate::reactive::{Callback, handler};
use leptos::prelude::*;

/// A request failed: what happened, and a button that tries again.
#[component]
pub(crate) fn FailedNotice(
    /// What could not be loaded, as in "The timeline".
    what: String,
    /// Why.
    error: ApiError,
    /// Tries again.
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="message failed" role="alert">
            <div>
                <strong>{what} " could not be loaded: " {error.title}</strong>
                <p>{error.detail}</p>
            </div>
            <button class="button" type="button" on:click=handler(move |_| on_retry.run(()))>"Try again"</button>
        </div>
    }
}
