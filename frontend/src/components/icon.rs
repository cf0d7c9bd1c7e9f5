//! Icons, 16 × 16, in the colour of the text. Decorative: the accessible name is on the control.

use leptos::prelude::*;

/// An icon from its path data.
#[component]
pub(crate) fn Icon(
    /// Path data on a 16 × 16 grid, stroked.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=path fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

pub(crate) const CHEVRON_DOWN: &str = "M4 6.5 8 10.5 12 6.5";
pub(crate) const CHEVRON_LEFT: &str = "M9.5 4 5.5 8 9.5 12";
pub(crate) const CHEVRON_RIGHT: &str = "M6.5 4 10.5 8 6.5 12";
pub(crate) const CLOCK: &str = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.8V8l2.2 1.6";
pub(crate) const CROSS: &str = "M4.5 4.5l7 7M11.5 4.5l-7 7";
pub(crate) const FILTER: &str = "M2.5 3.5h11L9.5 8.5v4l-3 1v-5z";
pub(crate) const PLUS: &str = "M8 3.5v9M3.5 8h9";
pub(crate) const REFRESH: &str = "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3";
pub(crate) const SEARCH: &str = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2";
pub(crate) const SLIDERS: &str = "M2.5 5h5M11 5h2.5M2.5 11H5M8.5 11h5M9.2 3.2v3.6M6.8 9.2v3.6";
pub(crate) const SWAP: &str = "M5 2.8 2.5 5.3 5 7.8M2.5 5.3h10M11 8.2l2.5 2.5L11 13.2M13.5 10.7h-10";
pub(crate) const SHARE: &str = "M8 9.5v-7M5 5l3-3 3 3M4 7.5H3v6h10v-6h-1";
pub(crate) const ZOOM_OUT: &str = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2M5 7h4";
pub(crate) const TEXT: &str = "M3 4h10M3 8h10M3 12h6";
