//! The values of all lines at an instant: as a tooltip, and as a sentence for screen readers.

use super::scene::line_colours;
use crate::reactive::list;
use crate::state::clock_text::Zone;
use crate::state::css_length::px;
use crate::state::line_chart::LineChart;
use flarepath_charts::{MOST_LINES, TimeAxis};
use leptos::prelude::*;

/// Distance between the crosshair and the tooltip, in CSS pixels.
const OFFSET: f64 = 12.0;

/// What is said of an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readout {
    time: String,
    /// Of each line that is drawn: name, number of its colour, value.
    rows: Vec<(String, usize, String)>,
    marks: Vec<String>,
}

/// Reads an instant of a chart; lines whose names are `hidden` are left out.
pub(super) fn readout(chart: &LineChart, hidden: &[String], at: usize, zone: Zone) -> Readout {
    let scale = chart.scale();
    let drawn = chart.lines.iter().zip(line_colours(chart)).take(MOST_LINES);
    let shown = drawn.filter(|(line, _)| !hidden.contains(&line.name));
    let rows = shown.map(|(line, colour)| (line.name.clone(), colour, line.value_text(at, &scale)));
    let marks = chart.marks_at(at).into_iter().map(str::to_owned).collect();
    Readout { time: chart.time_text(at, zone), rows: rows.collect(), marks }
}

impl Readout {
    /// `03:05 UTC: checkout-a 1.2 cores, checkout-b no data; v2 deployed`.
    pub(super) fn sentence(&self) -> String {
        let values: Vec<String> =
            self.rows.iter().map(|(name, _, value)| format!("{name} {value}")).collect();
        let mut text = format!("{}: {}", self.time, values.join(", "));
        for mark in &self.marks {
            text.push_str("; ");
            text.push_str(mark);
        }
        text
    }

    /// The tooltip beside the crosshair, on the side with more room. Hidden from assistive technology, which has the sentence.
    pub(super) fn tooltip(self, axis: TimeAxis, at: usize, width: f64) -> AnyView {
        let x = axis.x(at as f64);
        let to_left = x > width / 2.0;
        let row = |(name, colour, value): (String, usize, String)| {
            view! {
                <li class=format!("legend-{colour}")>
                    <span class="legend-swatch"></span><span class="chart-name"><bdi>{name}</bdi></span><span class="chart-value">{value}</span>
                </li>
            }
            .into_any()
        };
        let mark = |name: String| view! { <p class="tooltip-note">{name}</p> }.into_any();
        view! {
            <div class="tooltip chart-tooltip" aria-hidden="true"
                style:left=(!to_left).then(|| px(x + OFFSET)) style:right=to_left.then(|| px(width - x + OFFSET))>
                <p class="tooltip-title">{self.time}</p>
                <ul>{list(self.rows.into_iter().map(row))}</ul>
                {list(self.marks.into_iter().map(mark))}
            </div>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::line_chart::tests::{T, chart};

    #[test]
    fn an_instant_is_a_sentence() {
        let marks = vec![(T + 61_000, "v2 deployed".to_owned())];
        let chart = LineChart {
            marks,
            ..chart(&[("a", &[Some(1.0), Some(0.5)]), ("b", &[Some(1.0), None]), ("c", &[Some(2.0); 2])])
        };
        let said = |hidden: &[String]| readout(&chart, hidden, 1, Zone::UTC).sentence();
        assert_eq!(said(&[]), "16:01 UTC: a 0.5 cores, b no data, c 2 cores; v2 deployed");
        assert_eq!(said(&["a".to_owned(), "c".to_owned()]), "16:01 UTC: b no data; v2 deployed");
    }

    #[test]
    fn lines_that_are_not_drawn_are_not_read() {
        let names: Vec<String> = (0..300).map(|i| i.to_string()).collect();
        let values: [Option<f64>; 1] = [Some(1.0)];
        let lines: Vec<(&str, &[Option<f64>])> =
            names.iter().map(|name| (name.as_str(), &values[..])).collect();
        assert_eq!(readout(&chart(&lines), &[], 0, Zone::UTC).rows.len(), MOST_LINES);
    }
}
