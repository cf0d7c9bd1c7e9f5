//! Skeletons: grey shapes in place of what is being loaded. Hidden from assistive technology, which is told in words.

use leptos::prelude::*;

/// Grey bars in the shape of a flame graph.
pub(crate) fn flame_skeleton() -> AnyView {
    view! {
        <div class="skeleton-flame" aria-hidden="true">
            <span></span><span></span><span></span><span></span><span></span><span></span>
        </div>
    }
    .into_any()
}

/// A page: its controls, and a flame graph below them.
pub(crate) fn page_skeleton() -> AnyView {
    view! {
        <div class="skeleton-page" aria-hidden="true"><span></span><span></span>{flame_skeleton()}</div>
    }
    .into_any()
}
