//! The query line of the heat map page, and its rows, columns and colour scale.

use super::state::HeatState;
use crate::browser::event::{Event, value_of};
use crate::components::combobox::Combobox;
use crate::components::filter_bar::FilterBar;
use crate::components::query_line::QueryLine;
use crate::components::query_sheet::query_sheet;
use crate::components::share_button::ShareButton;
use crate::components::store_picker::store_picker;
use crate::pages::question::pickers::{ServicePicker, TimeControls, TypePicker, label_choices};
use crate::reactive::{Callback, Signal, handler, list, shown};
use crate::state::heatmap::{HeatView, ROW_COUNTS, Rows, STEPS, step_ms, steps_for};
use crate::state::query::Query;
use flarepath_profile::heatmap::Scale;
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

#[component]
pub(crate) fn Toolbar(state: HeatState) -> impl IntoView {
    let busy = Signal::derive(move || state.answer.pending.get());
    let path = Signal::derive(move || state.pinned_path());
    let on_query = Callback::new(move |query: Query| state.go(&query));
    let on_subject =
        Callback::new(move |query: Query| state.go_to_subject(&query, state.view.get_untracked()));
    let subject = move || view! { <ServicePicker question=state.question on_subject /> }.into_any();
    let controls = move || {
        view! {
            {store_picker(state.question.address.query.into())}
            <TypePicker question=state.question on_subject />
            <TimeControls question=state.question span=state.span busy on_query />
            <FilterBar query=state.query span=state.span on_query />
        }
        .into_any()
    };
    let actions = move || {
        view! {
            <a class="button" href=move || state.explore_path() title="The same query as flame graph and table">"Explore"</a>
            <ShareButton path />
        }
        .into_any()
    };
    view! {
        <QueryLine subject controls sheet=query_sheet actions />
        <Options state />
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }}</p>
    }
}

/// Rows, columns and colour scale.
#[component]
fn Options(state: HeatState) -> impl IntoView {
    let choose = move |rows: Rows| {
        let view = HeatView { rows: Some(rows), ..state.view.get_untracked() };
        state.go_to_subject(&state.query.get_untracked(), view);
    };
    let modes = Rows::ALL.map(|rows| {
        view! { <button type="button" class="mode" aria-pressed=move || (state.rows() == rows).to_string()
        on:click=handler(move |_| choose(rows))>{rows.label()}</button> }
        .into_any()
    });
    let is = move |rows: Rows| move || state.rows() == rows;
    view! {
        <div class="heat-options" role="group" aria-label="Rows and columns">
            <div class="modes" role="group" aria-label="Rows">{list(modes)}</div>
            {shown(is(Rows::Label), move || view! { <LabelPicker state /> }.into_any())}
            {shown(is(Rows::Functions), move || pick("Cost", &[("self", "self"), ("total", "total")],
                move || if state.view.with(|v| v.cost) == Cost::Total { "total" } else { "self" }.to_owned(),
                move |word| state.change(|v| v.cost = if word == "total" { Cost::Total } else { Cost::SelfValue })))}
            {shown(is(Rows::Values), move || pick("Bins", &[("log", "log"), ("linear", "linear")],
                move || if state.view.with(|v| v.linear_bins) { "linear" } else { "log" }.to_owned(),
                move |word| state.change(|v| v.linear_bins = word == "linear")))}
            {shown(move || state.rows() != Rows::Values || state.view.with(|v| v.linear_bins), move || row_count(state))}
            {columns(state)}
            {pick("Colour scale", &[("linear", "linear"), ("log", "log")],
                move || if state.view.with(|v| v.scale) == Scale::Log { "log" } else { "linear" }.to_owned(),
                move |word| state.change(|v| v.scale = if word == "log" { Scale::Log } else { Scale::Linear }))}
        </div>
    }
}

/// A labelled select of words.
fn pick(
    label: &'static str,
    options: &'static [(&'static str, &'static str)],
    chosen: impl Fn() -> String + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let chosen = Signal::derive(chosen);
    let option = move |(value, text): &(&'static str, &'static str)| {
        let value = *value;
        view! { <option value=value selected=move || chosen.get() == value>{*text}</option> }.into_any()
    };
    view! {
        <label>{label}" "<select class="input" on:change=handler(move |e: Event| choose(value_of(&e)))>
            {list(options.iter().map(option))}
        </select></label>
    }
    .into_any()
}

fn row_count(state: HeatState) -> AnyView {
    let option = move |count: usize| {
        view! { <option value=count.to_string() selected=move || state.view.with(|v| v.most) == count>{count.to_string()}</option> }
            .into_any()
    };
    let choose = move |e: Event| {
        let most = value_of(&e).parse().ok().filter(|n| ROW_COUNTS.contains(n));
        most.into_iter().for_each(|most| state.change(|v| v.most = most));
    };
    view! {
        <label>"Rows "<select class="input" on:change=handler(choose)>{list(ROW_COUNTS.map(option))}</select></label>
    }
    .into_any()
}

fn columns(state: HeatState) -> AnyView {
    let chosen = move || state.view.with(|v| v.step_ms);
    let word = |ms: i64| STEPS.iter().find(|(step, _)| *step == ms).map_or("", |(_, word)| *word);
    let auto = move || format!("auto ({})", word(step_ms(state.span.get(), None)));
    let option = move |(ms, word): (i64, &'static str)| {
        view! { <option value=word selected=move || chosen() == Some(ms)>{word}</option> }.into_any()
    };
    let choose = move |e: Event| {
        let chosen = value_of(&e);
        let step = STEPS.iter().find(|(_, word)| *word == chosen).map(|(ms, _)| *ms);
        state.change(|v| v.step_ms = step);
    };
    view! {
        <label>"Columns "<select class="input" on:change=handler(choose)>
            <option value="" selected=move || chosen().is_none()>{move || auto()}</option>
            {move || list(steps_for(state.span.get()).map(option))}
        </select></label>
    }
    .into_any()
}

/// The label whose values are the rows.
#[component]
fn LabelPicker(state: HeatState) -> impl IntoView {
    let shown = Signal::derive(move || state.query.with(|q| q.by.clone().unwrap_or_default()));
    let choices = Signal::derive(move || state.labels.data.with(label_choices));
    let open = Callback::new(move |()| state.fetch_labels());
    let choose = Callback::new(move |name: String| choose_label(state, name));
    view! { <div class="group-by"><Combobox id="heat-label" label="Label" shown choices on_choose=choose on_open=open placeholder="Choose a label" /></div> }
}

/// Shows the values of a label.
pub(super) fn choose_label(state: HeatState, name: String) {
    let view = HeatView { rows: Some(Rows::Label), ..state.view.get_untracked() };
    state.go_to_subject(&Query { by: Some(name), ..state.query.get_untracked() }, view);
}
