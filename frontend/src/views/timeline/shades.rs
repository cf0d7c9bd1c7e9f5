//! Spans of time and instants that lie over a timeline and cannot be moved: the window of an incident and its baseline.
//!
//! Assistive technology is told the same times in words elsewhere on the page.

use super::scene::Scene;
use crate::reactive::{Memo, Signal, list};
use crate::state::time_range::Span;
use leptos::prelude::*;

/// Of two ticks with a text each, in percent of the chart's width: room for a version.
const LEAST_DISTANCE: f64 = 8.0;

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
    let tick = move |(place, text): (f64, String)| {
        view! { <span class="band-tick" style:left=format!("{place}%")>{text}</span> }.into_any()
    };
    let places = move || shades.ticks.get().into_iter().map(|(ms, text)| (share(ms), text)).collect();
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
            {move || list(apart(places()).into_iter().map(tick))}
            {band("band band-baseline", baseline)}
            {band("band band-comparison", comparison)}
        </div>
    }
    .into_any()
}

/// Ticks in order. Those whose texts would lie over each other are named at the last of them.
fn apart(mut ticks: Vec<(f64, String)>) -> Vec<(f64, String)> {
    ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
    for at in 1..ticks.len() {
        if ticks[at].0 - ticks[at - 1].0 < LEAST_DISTANCE {
            let before = std::mem::take(&mut ticks[at - 1].1);
            ticks[at].1 = format!("{before}, {}", ticks[at].1);
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_near_each_other_have_one_text() {
        let ticks =
            |places: &[(f64, &str)]| apart(places.iter().map(|(at, text)| (*at, (*text).into())).collect());
        let found = ticks(&[(80.5, "alert"), (80.0, "v2"), (10.0, "v1")]);
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["v1", "", "v2, alert"]);
        assert_eq!(ticks(&[(1.0, "a"), (50.0, "b")]).len(), 2);
    }
}
