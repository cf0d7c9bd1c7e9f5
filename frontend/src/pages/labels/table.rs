//! The table of a label's values: two can be picked for comparison, each links to Explore.

use super::rows::{Row, Rows, rows};
use super::state::LabelsState;
use crate::browser::clock;
use crate::components::notice::message;
use crate::context::utc::Utc;
use crate::reactive::{Memo, handler, list, shown};
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::labels::{LabelSort, LabelsView, narrowed};
use crate::state::query::explore_path;
use crate::state::view::{HistoryMode, View};
use flarepath_profile::units::{Unit, UnitScale, format_share};
use leptos::prelude::*;

/// The table, or why there is none.
#[component]
pub(crate) fn ValuesTable(state: LabelsState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let found = Memo::new(move || {
        let zone = clock::zone(utc.get());
        let counted = state.values.data.get().unwrap_or_default();
        // Picking a value reorders nothing.
        let view = LabelsView { picked: [None, None], ..state.view.get() };
        state
            .series
            .data
            .with(|d| d.as_ref().map(|d| rows(d, &counted, &view, zone, state.question.now_ms.get())))
    });
    let full = Memo::new(move || found.with(|f| f.as_ref().is_some_and(|f| !f.rows.is_empty())));
    let why_empty = move || {
        if full.get() {
            return None;
        }
        let failed = [state.series.error.get(), state.question.services.error.get(), state.names.error.get()];
        let no_label = state.names.data.with(Option::is_some) && state.query.with(|q| q.by.is_none());
        Some(if state.query.with(|q| q.matchers().is_err()) {
            "Fix the error in the filter above."
        } else if failed.iter().any(Option::is_some) {
            "The values appear here once they have been loaded."
        } else if state.question.no_services() {
            "No service has sent a profile yet."
        } else if no_label {
            "The series of this service have no labels in this time range."
        } else if found.with(Option::is_some) {
            "No matching profiles. Choose a longer time range or another filter."
        } else {
            "Loading …"
        })
    };
    view! {
        {move || why_empty().map(message)}
        {shown(move || full.get(), move || view! { <Picked state /><Full state found /> }.into_any())}
    }
}

/// The link that compares the picked values.
#[component]
fn Picked(state: LabelsState) -> impl IntoView {
    let link = move || {
        let (query, [Some(baseline), Some(comparison)]) = (state.query.get(), state.view.get().picked) else {
            return None;
        };
        let label = query.by.clone()?;
        let side = |value: &str| narrowed(&query, &label, value);
        let sides = Sides { baseline: side(&baseline), comparison: side(&comparison) };
        (baseline != comparison).then(|| {
            (
                compare_path(&sides, &DiffView::default()),
                format!("Compare {} with {}", named(&baseline), named(&comparison)),
            )
        })
    };
    let body = move || match link() {
        Some((href, text)) => view! { <a class="button primary" href=href>{text}</a> }.into_any(),
        None => view! { <span class="muted">"Select a baseline and a comparison."</span> }.into_any(),
    };
    view! { <p class="picked" role="status">{move || body()}</p> }
}

#[component]
fn Full(state: LabelsState, found: Memo<Option<Rows>>) -> impl IntoView {
    let unit = move || {
        state
            .series
            .data
            .with(|d| d.as_ref().map_or_else(|| Unit::parse(""), |d| Unit::of(&d.sample_type, &d.unit)))
    };
    let body = move || {
        let Some(found) = found.get() else { return ().into_any() };
        let (whole, width) = (found.whole, found.width);
        let Rows { label, rows, .. } = found;
        let scale = UnitScale::for_values(&unit(), rows.iter().map(|row| row.total));
        list(rows.into_iter().map(|row| one(state, &label, row, &scale, whole, width)))
    };
    let more = move || found.with(|f| f.as_ref().map_or(0, |f| f.more));
    let header = move |label: &'static str, sort: LabelSort| {
        let order =
            move || state.view.with(|v| (v.sort == sort).then_some((sort == LabelSort::Value) != v.reversed));
        let name = move || match order() {
            None => "none",
            Some(true) => "ascending",
            Some(false) => "descending",
        };
        let arrow = move || match order() {
            None => "",
            Some(true) => " ▲",
            Some(false) => " ▼",
        };
        let sort_by = move |_| {
            let view = state.view.get_untracked();
            let reversed = view.sort == sort && !view.reversed;
            state.show(&LabelsView { sort, reversed, ..view }, HistoryMode::Push);
        };
        view! {
            <th scope="col" class=format!("values-{}", label.to_lowercase()) aria-sort=name>
                <button type="button" on:click=handler(sort_by)>{label}<span aria-hidden="true">{move || arrow()}</span></button>
            </th>
        }
        .into_any()
    };
    view! {
        <table class="values">
            <caption class="visually-hidden">"Values of the label"</caption>
            <thead><tr>
                <th scope="col"><abbr title="Baseline">"B"</abbr></th><th scope="col"><abbr title="Comparison">"C"</abbr></th>
                {header("Value", LabelSort::Value)}<th scope="col">"Over time"</th>{header("Total", LabelSort::Total)}
                {header("Series", LabelSort::Series)}
            </tr></thead>
            <tbody>{move || body()}</tbody>
        </table>
        {shown(move || more() > 0, move || view! {
            <p class="muted">{move || format!("{} more values not shown. Narrow the filter to see them.", more())}</p>
        }.into_any())}
    }
}

fn one(state: LabelsState, label: &str, row: Row, scale: &UnitScale, whole: f64, width: usize) -> AnyView {
    let alone = explore_path(&narrowed(&state.query.get_untracked(), label, &row.value), &View::default());
    let name = named(&row.value);
    let pick = |side: usize, what: &'static str| {
        let (value, mine) = (row.value.clone(), row.value.clone());
        let checked = move || state.view.with(|v| v.picked[side].as_ref() == Some(&mine));
        let choose = move |_| {
            let mut view = state.view.get_untracked();
            view.picked[side] = Some(value.clone());
            state.show(&view, HistoryMode::Replace);
        };
        view! {
            <td class="values-pick"><input type="radio" name=what aria-label=format!("{what}: {name}") prop:checked=checked
                on:change=handler(choose) /></td>
        }
        .into_any()
    };
    let series = row.series.map_or_else(String::new, |n| n.to_string());
    let share = if row.total == 0.0 { String::new() } else { format_share(row.total, whole) };
    view! {
        <tr>
            {pick(0, "Baseline")}{pick(1, "Comparison")}
            <th scope="row" class="values-value"><a href=alone title=format!("Explore {label} {name}")>{name.clone()}</a></th>
            <td class="values-time"><svg viewBox=format!("0 0 {width} 100") preserveAspectRatio="none" role="img" aria-label=row.summary>
                <path class="spark-gaps" d=row.gaps></path><path class="spark-bars" d=row.bars></path></svg></td>
            <td class="values-total"><span>{scale.text(row.total)}</span>" "<span class="muted">{share}</span></td>
            <td class="values-series">{series}</td>
        </tr>
    }
    .into_any()
}

/// The displayed form of a value.
fn named(value: &str) -> String {
    if value.is_empty() { "(none)".to_owned() } else { value.to_owned() }
}
