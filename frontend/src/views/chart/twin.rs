//! Charts as tables, for screen readers: every line with its least, largest and last value, every point with its value.

use crate::reactive::list;
use crate::state::line_chart::{ChartLine, LineChart};
use crate::state::strip_plot::{StripPlot, StripPoint};
use leptos::prelude::*;

/// The table of a line chart: all lines, those that are not drawn too.
pub(super) fn lines(chart: &LineChart) -> AnyView {
    let scale = chart.scale();
    let row = |line: &ChartLine| {
        let cells = match line.summary(&scale) {
            Some(found) => [found.min, found.max, found.last],
            None => ["no data"; 3].map(str::to_owned),
        };
        row(line.name.clone(), cells)
    };
    table(chart.title.clone(), ["Line", "Min", "Max", "Last"], list(chart.lines.iter().map(row)))
}

/// The table of a strip plot.
pub(super) fn points(plot: &StripPlot) -> AnyView {
    let scale = plot.scale();
    let row = |point: &StripPoint| row(point.name.clone(), [scale.amount(point.value), point.remark()]);
    table(plot.title.clone(), ["Replica", "Value", "Note"], list(plot.points.iter().map(row)))
}

fn row<const N: usize>(name: String, cells: [String; N]) -> AnyView {
    let cell = |text: String| view! { <td>{text}</td> }.into_any();
    view! { <tr><th scope="row">{name}</th>{list(cells.map(cell))}</tr> }.into_any()
}

fn table<const N: usize>(caption: String, columns: [&'static str; N], rows: AnyView) -> AnyView {
    let header = |name: &'static str| view! { <th scope="col">{name}</th> }.into_any();
    view! {
        <div class="visually-hidden">
            <table>
                <caption>{caption}</caption>
                <thead><tr>{list(columns.map(header))}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
