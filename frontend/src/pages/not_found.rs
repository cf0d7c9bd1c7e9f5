//! The page of unknown addresses.

use leptos::prelude::*;

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <div class="empty-page">
            <h1>"Page not found"</h1>
            <p>"There is no page at this address."</p>
            <a class="button primary" href="/">"Open Home"</a>
        </div>
    }
}
