//! One value in the table.

use super::state::LabelsState;
use crate::reactive::handler;
use crate::state::breakdown::{Breakdown, ValueRow};
use crate::state::clock_text::Zone;
use crate::state::labels::{LabelsView, Picked, labels_path, narrowed};
use crate::state::query::{Query, explore_path};
use crate::state::spark::BUCKET;
use crate::state::view::{HistoryMode, View};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::units::{Unit, UnitScale, format_share, format_value};
use leptos::prelude::*;

/// A share of nothing, as in the other columns.
const NONE: &str = "–";

/// What all rows of a table have in common.
pub(super) struct Columns {
    /// The answer that they are from.
    pub(super) data: Breakdown,
    /// Of rates, and of totals: each column has one unit.
    pub(super) scales: [UnitScale; 2],
    /// The largest rate of any bucket.
    pub(super) top: f64,
    pub(super) zone: Zone,
    /// Whether values of all services are shown.
    pub(super) all: bool,
}

/// The row of a value.
pub(super) fn value_row(state: LabelsState, columns: &Columns, row: ValueRow) -> AnyView {
    let Columns { data, scales: [rates, totals], .. } = columns;
    let (name, label) = (row.name(), data.label.clone());
    let (href, title) = link(&state.query.get_untracked(), &label, &row, columns.all);
    let picture = data.frame.spark(&row.spark, columns.top);
    let text = data.frame.summary(&row.spark, columns.zone, |rate| rates.amount(rate));
    let view_box = format!("0 0 {} 100", data.frame.buckets * BUCKET);
    let facts = facts(&row, columns.all && label != SERVICE_NAME);
    let (rate, total) = (rates.text(row.rate), totals.text(row.total));
    let share = if row.share == 0.0 { NONE.to_owned() } else { format_share(row.share, 1.0) };
    let buttons = buttons(state, &row, &name, columns.all);
    view! {
        <tr class:odd=row.is_odd>
            <th scope="row" class="values-value"><a href=href title=title><bdi>{name}</bdi></a><span class="values-facts">{facts}</span></th>
            <td class="values-rate">{rate}</td>
            <td class="values-total">{total}</td>
            <td class="values-share">{share}</td>
            <td class="values-deviation">{row.sentence}</td>
            <td class="values-time"><svg viewBox=view_box preserveAspectRatio="none" role="img" aria-label=text>
                <path class="spark-gaps" d=picture.gaps></path><path class="spark-bars" d=picture.bars></path>
                <path class="spark-filling" d=picture.filling></path><path class="spark-hatch" d=picture.hatch></path></svg></td>
            <td class="values-pick">{buttons}</td>
        </tr>
    }
    .into_any()
}

/// Where a value leads: to its profiles, or to the services that have it.
fn link(query: &Query, label: &str, row: &ValueRow, all: bool) -> (String, String) {
    let name = row.name();
    if all && row.service.is_empty() {
        let query = Query { by: Some(SERVICE_NAME.to_owned()), ..narrowed(query, label, &row.value) };
        let view = LabelsView::default().of_services(all);
        return (labels_path(&query, &view), format!("Services with {label} {name}"));
    }
    let service = if all { Some(row.service.clone()) } else { query.service.clone() };
    let alone = narrowed(&Query { service, ..query.clone() }, label, &row.value);
    (explore_path(&alone, &View::default()), format!("Explore {label} {name}"))
}

/// What the numbers are from.
fn facts(row: &ValueRow, with_service: bool) -> String {
    let counted = |n: u64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let covered = format_value(row.covered_ms as f64, &Unit::parse("ms"));
    let own =
        format!("{}, {} of {covered}", counted(row.replicas, "replica"), counted(row.profiles, "profile"));
    match row.service.as_str() {
        "" if with_service => format!("several services, {own}"),
        service if with_service => format!("{service}, {own}"),
        _ => own,
    }
}

/// Buttons that select the value for comparison. There are none for a value of several services.
fn buttons(state: LabelsState, row: &ValueRow, name: &str, all: bool) -> AnyView {
    if all && row.service.is_empty() {
        return ().into_any();
    }
    let mine = Picked { value: row.value.clone(), service: all.then(|| row.service.clone()) };
    let pick = |side: usize, what: &'static str| {
        let (shown, chosen) = (mine.clone(), mine.clone());
        let pressed = move || state.view.with(|v| v.picked[side].as_ref() == Some(&shown)).to_string();
        let choose = move |_| {
            let mut view = state.view.get_untracked();
            // Pressed again, it is no longer selected.
            let other = (view.picked[side].as_ref() != Some(&chosen)).then(|| chosen.clone());
            view.picked[side] = other;
            state.show(&view, HistoryMode::Replace);
        };
        view! {
            <button type="button" class="button" aria-pressed=pressed aria-label=format!("{what}: {name}")
                on:click=handler(choose)>{what}</button>
        }
        .into_any()
    };
    view! { <div>{pick(0, "Baseline")}{pick(1, "Comparison")}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(service: &str) -> ValueRow {
        ValueRow {
            value: "eu".into(),
            service: service.into(),
            replicas: 3,
            profiles: 1,
            covered_ms: 3_600_000,
            ..ValueRow::default()
        }
    }

    #[test]
    fn a_value_leads_to_its_own_service() {
        let query = Query { service: Some("shop".into()), by: Some("region".into()), ..Query::default() };
        let (href, title) = link(&query, "region", &row("cart"), true);
        assert!(href.starts_with("/explore?service=cart&filter="), "{href}");
        assert_eq!(title, "Explore region eu");
        assert!(link(&query, "region", &row("shop"), false).0.starts_with("/explore?service=shop&"));
        let (href, title) = link(&query, "region", &row(""), true);
        assert!(href.contains("by=service_name&services=all"), "{href}");
        assert_eq!(title, "Services with region eu");
    }

    #[test]
    fn facts_name_the_service_where_there_are_several() {
        assert_eq!(facts(&row("cart"), false), "3 replicas, 1 profile of 1 h");
        assert_eq!(facts(&row("cart"), true), "cart, 3 replicas, 1 profile of 1 h");
        assert_eq!(facts(&row(""), true), "several services, 3 replicas, 1 profile of 1 h");
    }
}
