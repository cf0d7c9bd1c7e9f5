//! All pictures of one profile: flame graph, table, both, sandwich.

use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::{HistoryMode, View};
use leptos::prelude::*;

/// Shows `profile` as `view` says and reports what the person did through `on_view`.
#[component]
pub fn ProfileView(
    /// The data; `None` while there is none.
    #[prop(into)]
    profile: Signal<Option<LoadedProfile>, LocalStorage>,
    /// What to show of it.
    #[prop(into)]
    view: Signal<View>,
    /// Receives the view as it should become.
    on_view: Callback<(View, HistoryMode)>,
) -> impl IntoView {
    let _ = (view, on_view);
    view! { <div class="profile-view">{move || profile.with(|p| p.as_ref().map(|p| p.tree.len()))}</div> }
}
