//! Legend of a heat map's colours.

use super::scene::{STEPS, Scene};
use crate::reactive::{Memo, Signal, list};
use crate::state::heatmap::data::HeatData;
use crate::state::identity::Shared;
use leptos::prelude::*;

/// The colours with their numbers, and what zero, gaps and hatched columns look like.
#[component]
pub(crate) fn Legend(
    data: Signal<Option<Shared<HeatData>>>,
    scene: Memo<Option<Shared<Scene>>>,
) -> impl IntoView {
    let caption = move || data.with(|d| d.as_ref().map(|d| d.caption.clone()));
    let numbers = move || {
        let numbers = scene.with(|s| s.as_ref().map(|s| s.legend.clone()).unwrap_or_default());
        list(numbers.into_iter().map(|text| view! { <span>{text}</span> }.into_any()))
    };
    let hatched = move || {
        let reasons = scene.with(|s| s.as_ref().map(|s| s.reasons.clone()).unwrap_or_default());
        let one = |why: &str| {
            view! { <span class="heat-gap"><span class="heat-swatch hatched"></span>{why.to_owned()}</span> }
                .into_any()
        };
        list(reasons.into_iter().map(one))
    };
    let colours =
        (1..=STEPS).map(|step| view! { <i style:background=format!("var(--heat-{step})")></i> }.into_any());
    view! {
        <div class="heat-legend" role="group" aria-label="Legend">
            <span class="heat-caption">{move || caption()}</span>
            <span class="heat-swatch"></span><span>"zero"</span>
            <span class="heat-scale" hidden=move || scene.with(|s| s.as_ref().is_none_or(|s| s.legend.is_empty()))>
                <span class="heat-colours" aria-hidden="true">{list(colours)}</span>
                <span class="heat-numbers">{move || numbers()}</span>
            </span>
            <span class="heat-gap" hidden=move || !scene.with(|s| s.as_ref().is_some_and(|s| s.has_gaps()))>
                <span class="heat-swatch gap"></span>"no data"
            </span>
            {move || hatched()}
        </div>
    }
}
