//! The legend of a line chart: a button a line, which shows or hides it.

use super::scene::{line_colours, not_drawn};
use crate::reactive::{Memo, RwSignal, Signal, handler, list, live_state, shown};
use crate::state::line_chart::LineChart;
use flarepath_charts::MOST_LINES;
use leptos::prelude::*;

/// Shows the legend of a chart with several lines. `hidden` are the names of those that are switched off.
pub(super) fn legend(chart: Signal<Option<LineChart>>, hidden: RwSignal<Vec<String>>) -> AnyView {
    // The buttons stay the same elements while values change, and so keep the focus.
    let entries = Memo::new(move || chart.with(|chart| chart.as_ref().map(entries).unwrap_or_default()));
    let rest = Memo::new(move || chart.with(|chart| chart.as_ref().map(not_drawn).unwrap_or_default()));
    let all = move || list(entries.get().into_iter().map(|entry| button(chart, entry, hidden)));
    shown(
        move || entries.with(|entries| entries.len() > 1),
        move || {
            view! {
                <div class="chart-legend" role="group" aria-label="Lines">{move || all()}<span class="chart-rest">{move || rest.get()}</span></div>
            }
            .into_any()
        },
    )
}

/// Names of the lines that are drawn, with the numbers of their colours.
fn entries(chart: &LineChart) -> Vec<(String, usize)> {
    let lines = chart.lines.iter().zip(line_colours(chart)).take(MOST_LINES);
    lines.map(|(line, colour)| (line.name.clone(), colour)).collect()
}

fn button(
    chart: Signal<Option<LineChart>>,
    (name, colour): (String, usize),
    hidden: RwSignal<Vec<String>>,
) -> AnyView {
    let (own, toggled, named) = (name.clone(), name.clone(), name.clone());
    let is_shown = move || hidden.with(|hidden| !hidden.contains(&own));
    let toggle = move |_| hidden.update(|hidden| toggle(hidden, &toggled));
    let title = move || chart.with(|chart| chart.as_ref().map(|chart| title(chart, &named)));
    view! {
        <button type="button" class=format!("chart-line legend-{colour}") title=title on:click=handler(toggle)
            {..live_state("aria-pressed", is_shown)}>
            <span class="legend-swatch"></span><span class="chart-name"><bdi>{name}</bdi></span>
        </button>
    }
    .into_any()
}

/// A line in words: `checkout-a: min 0.2 cores, max 1.4 cores, last 0.9 cores`.
fn title(chart: &LineChart, name: &str) -> String {
    let line = chart.lines.iter().find(|line| line.name == name);
    let summary = line.and_then(|line| line.summary(&chart.scale()));
    format!("{name}: {}", summary.map_or_else(|| "no data".to_owned(), |found| found.text()))
}

fn toggle(hidden: &mut Vec<String>, name: &str) {
    match hidden.iter().position(|other| other == name) {
        Some(at) => drop(hidden.remove(at)),
        None => hidden.push(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::line_chart::tests::chart;

    #[test]
    fn a_button_sums_its_line_up() {
        let chart = chart(&[("a", &[Some(0.5), Some(1.5)]), ("b", &[None; 2])]);
        assert_eq!(title(&chart, "a"), "a: min 0.5 cores, max 1.5 cores, last 1.5 cores");
        assert_eq!([title(&chart, "b"), title(&chart, "c")], ["b: no data", "c: no data"]);
    }

    #[test]
    fn a_line_is_hidden_and_shown_again() {
        let mut hidden = vec!["b".to_owned()];
        toggle(&mut hidden, "a");
        assert_eq!(hidden, ["b", "a"]);
        toggle(&mut hidden, "b");
        assert_eq!(hidden, ["a"]);
    }
}
