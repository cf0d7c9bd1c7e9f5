//! The axis above a flame chart: time since the first sample at round values.

use crate::reactive::{Memo, Signal, list};
use crate::state::identity::Shared;
use flarepath_profile::flame::Chart;

use flarepath_profile::units::{Tick, Unit, ticks};
use leptos::prelude::*;

/// About so many marks; a phone has room for them too.
const TICKS: usize = 5;

/// Marks between two shares of `width` nanoseconds, each with its place as a share of what is seen.
fn marks(width: f64, (from, to): (f64, f64)) -> Vec<(f64, String)> {
    let (low, high) = (from * width, to * width);
    let place = |tick: Tick| ((tick.value - low) / (high - low), tick.label);
    // A label at the very end would reach beyond the picture.
    ticks(low, high, TICKS, &Unit::parse("nanoseconds"))
        .into_iter()
        .map(place)
        .filter(|(x, _)| *x < 0.94)
        .collect()
}

/// Draws the axis. Hidden from assistive technology: the twin says when each box begins.
#[component]
pub(crate) fn Axis(
    /// What it belongs to.
    chart: Signal<Option<Shared<Chart>>>,
    /// The part seen, as shares of the whole time.
    #[prop(into)]
    window: Signal<(f64, f64)>,
) -> impl IntoView {
    let shown = Memo::new(move || {
        let width = chart.with(|c| c.as_ref().map_or(0.0, |c| c.layout.width()));
        marks(width, window.get())
    });
    let one = |(x, label): (f64, String)| {
        view! { <span class="chart-tick" style:left=format!("{:.2}%", x * 100.0)>{label}</span> }.into_any()
    };
    view! { <div class="chart-axis" aria-hidden="true">{move || list(shown.get().into_iter().map(one))}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_lie_inside_of_what_is_seen() {
        let all = marks(10e9, (0.0, 1.0));
        assert_eq!(all[0], (0.0, "0".to_owned()));
        assert!(all.len() >= 3 && all.iter().all(|(x, _)| (0.0..1.0).contains(x)), "{all:?}");
        assert_eq!(marks(0.0, (0.0, 1.0)), []);
    }
}
