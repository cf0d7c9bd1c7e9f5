//! Spans of time and instants that lie over a timeline and cannot be moved: the window of an incident and its baseline.
//!
//! Assistive technology is told the same times in words elsewhere on the page.

use super::scene::Scene;
use crate::reactive::{Memo, Signal, list};
use crate::state::time_range::Span;
use leptos::prelude::*;

/// What lies over the chart. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Shades {
    /// Of the baseline and of the comparison; `None` for one that is not in the chart.
    pub(crate) spans: [Signal<Option<Span>>; 2],
    /// Instants to mark, in milliseconds since the epoch, each with its text.
    pub(crate) ticks: Signal<Vec<(i64, String)>>,
}

/// Shows them over the chart of `scene`.
pub(crate) fn show(shades: Shades, scene: Memo<Option<Scene>>) -> AnyView {
    let share = move |ms: i64| scene.with(|s| s.as_ref().map_or(0.0, |s| s.share_of(ms))) * 100.0;
    let tick = move |(ms, text): (i64, String)| {
        view! { <span class="band-tick" style:left=move || format!("{}%", share(ms))>{text}</span> }
            .into_any()
    };
    let band = move |class: &'static str, span: Signal<Option<Span>>| {
        let shown = move || {
            let span = span.get()?;
            let (left, right) = (share(span.start_ms()), 100.0 - share(span.end_ms()));
            Some(view! { <div class=class style:left=format!("{left}%") style:right=format!("{right}%")></div> }.into_any())
        };
        (move || shown()).into_any()
    };
    let [baseline, comparison] = shades.spans;
    view! {
        <div class="bands" aria-hidden="true">
            {move || list(shades.ticks.get().into_iter().map(tick))}
            {band("band band-baseline", baseline)}
            {band("band band-comparison", comparison)}
        </div>
    }
    .into_any()
}
