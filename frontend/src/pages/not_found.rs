//! An address that leads nowhere.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <div class="empty-page">
            <h1>"There is no such page"</h1>
            <p>"The address leads nowhere in this version of Flarepath."</p>
            <a class="button primary" href="/explore">"Go to Explore"</a>
        </div>
    }
}
