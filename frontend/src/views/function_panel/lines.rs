//! The lines of a function as a table.

use crate::reactive::{Signal, list};
use crate::views::picture::Measure;
use flarepath_profile::line_costs::LineCost;
use leptos::prelude::*;

/// Lines listed; the rest cost less than any of them.
const LISTED: usize = 50;

/// What is known of the lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lines {
    Pending,
    /// Said elsewhere why.
    Failed,
    Known(Vec<LineCost>),
}

/// The lines, most expensive first.
pub(super) fn lines_table(lines: Signal<Lines>, measure: Signal<Measure>) -> AnyView {
    let said = |text: &'static str| view! { <p role="status">{text}</p> }.into_any();
    let body = move || match lines.get() {
        Lines::Pending => said("Loading …"),
        Lines::Failed => said("Its lines are not known."),
        Lines::Known(lines) if lines.iter().all(|l| l.line == 0) => {
            said("The profiler has recorded no lines of this function.")
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
    let row = |line: &LineCost| {
        let number = if line.line == 0 { "?".to_owned() } else { line.line.to_string() };
        let place = if one_file { number } else { format!("{}:{number}", end_of(&line.file)) };
        let width = format!("{:.1}%", (line.total as f64 / (most as f64).max(1.0) * 100.0).clamp(0.0, 100.0));
        let share = if own == 0 { String::new() } else { measure.share(line.self_value, own) };
        view! {
            <tr><th scope="row" title=line.file.clone()>{place}</th>
                <td>{measure.value(line.self_value)}" "<span class="line-share">{share}</span></td>
                <td><span class="line-bar" style:width=width></span>{measure.value(line.total)}</td></tr>
        }
        .into_any()
    };
    let rows = list(lines.iter().take(LISTED).map(row));
    view! {
        <table class="lines">
            <caption class="visually-hidden">"Cost of each line, most expensive first"</caption>
            <thead><tr><th scope="col">"Line"</th><th scope="col">"Self"</th><th scope="col">"Total"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {(rest > 0).then(|| view! { <p>{format!("{rest} more lines cost less.")}</p> }.into_any())}
    }
    .into_any()
}

/// The last part of a path.
fn end_of(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}
