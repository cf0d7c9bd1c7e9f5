//! Time axis above a flame chart: ticks at round times since the first sample.

use crate::reactive::{Memo, Signal, list};
use crate::state::identity::Shared;
use flarepath_profile::flame::Chart;
use flarepath_profile::units::{Tick, Unit, ticks};
use leptos::prelude::*;

/// Number of ticks aimed at; a phone has room for as many.
const TICKS: usize = 5;

/// Ticks between two shares of `width` nanoseconds, each with its place as a share of the part seen.
fn axis_ticks(width: f64, (from, to): (f64, f64)) -> Vec<(f64, String)> {
    let (low, high) = (from * width, to * width);
    let place = |tick: Tick| ((tick.value - low) / (high - low), tick.label);
    // A label at the very end would not fit.
    ticks(low, high, TICKS, &Unit::parse("nanoseconds"))
        .into_iter()
        .map(place)
        .filter(|(x, _)| *x < 0.94)
        .collect()
}

/// Draws the axis. Hidden from assistive technology: the text view says when each call starts.
#[component]
pub(super) fn Axis(
    chart: Signal<Option<Shared<Chart>>>,
    /// The part seen, as shares of the whole time.
    #[prop(into)]
    window: Signal<(f64, f64)>,
) -> impl IntoView {
    let shown = Memo::new(move || {
        let width = chart.with(|c| c.as_ref().map_or(0.0, |c| c.layout.width()));
        axis_ticks(width, window.get())
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
    fn ticks_lie_in_the_part_seen() {
        let all = axis_ticks(10e9, (0.0, 1.0));
        assert_eq!(all[0], (0.0, "0".to_owned()));
        assert!(all.len() >= 3 && all.iter().all(|(x, _)| (0.0..1.0).contains(x)), "{all:?}");
        assert_eq!(axis_ticks(0.0, (0.0, 1.0)), []);
    }
}
