//! Table of a function's lines.

use crate::components::term::with_term;
use crate::reactive::{Signal, list};
use crate::views::picture::Measure;
use flarepath_profile::line_costs::LineCost;
use leptos::prelude::*;

/// Lines listed: the most expensive ones.
const LISTED: usize = 50;

/// The lines, as far as they are loaded.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lines {
    Pending,
    /// The reason is shown elsewhere.
    Failed,
    Known(Vec<LineCost>),
}

/// The table, most expensive line first.
pub(super) fn lines_table(lines: Signal<Lines>, measure: Signal<Measure>) -> AnyView {
    let message = |text: &'static str| view! { <p role="status">{text}</p> }.into_any();
    let body = move || match lines.get() {
        Lines::Pending => message("Loading …"),
        Lines::Failed => message("No line data available."),
        Lines::Known(lines) if lines.iter().all(|l| l.line == 0) => {
            message("The profiler recorded no line numbers for this function.")
        }
        Lines::Known(lines) => table(lines, &measure.get()),
    };
    (move || body()).into_any()
}

fn table(mut lines: Vec<LineCost>, measure: &Measure) -> AnyView {
    let own = lines.iter().fold(0i64, |sum, l| sum.saturating_add(l.self_value));
    let most = lines.iter().map(|l| l.total).max().unwrap_or(0);
    let file = lines.first().map(|l| l.file.clone()).unwrap_or_default();
    let one_file = lines.iter().all(|l| l.file == file);
    lines.sort_by(|a, b| (b.total, b.self_value).cmp(&(a.total, a.self_value)).then(a.line.cmp(&b.line)));
    let rest = lines.len().saturating_sub(LISTED);
    let scale = |cost: fn(&LineCost) -> i64| measure.scale(lines.iter().map(cost).max().unwrap_or(0));
    let (own_scale, total_scale) = (scale(|line| line.self_value), scale(|line| line.total));
    let row = |line: &LineCost| {
        let number = if line.line == 0 { "?".to_owned() } else { line.line.to_string() };
        let place = if one_file { number } else { format!("{}:{number}", file_name(&line.file)) };
        let width = format!("{:.1}%", (line.total as f64 / (most as f64).max(1.0) * 100.0).clamp(0.0, 100.0));
        let share = if line.self_value == 0 { String::new() } else { measure.share(line.self_value, own) };
        view! {
            <tr><th scope="row" title=line.file.clone()>{place}</th>
                <td>{own_scale.text(line.self_value as f64)}" "<span class="line-share">{share}</span></td>
                <td><span class="line-bar" style:width=width></span>{total_scale.text(line.total as f64)}</td></tr>
        }
        .into_any()
    };
    let rows = list(lines.iter().take(LISTED).map(row));
    view! {
        <table class="lines">
            <caption class="visually-hidden">"Cost of each line, most expensive first"</caption>
            <thead><tr><th scope="col">"Line"</th><th scope="col">{with_term("Self")}</th><th scope="col">{with_term("Total")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {(rest > 0).then(|| view! { <p>{format!("{rest} more lines with lower cost.")}</p> }.into_any())}
    }
    .into_any()
}

/// The file name of a path.
fn file_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}
