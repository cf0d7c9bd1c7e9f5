//! What is asked: service, type, time and filter; what the rows are, how wide the columns, what colours say.

use super::state::HeatState;
use crate::api::explore::Counted;
use crate::browser::event::{Event, value_of};
use crate::components::combobox::{Choice, Combobox};
use crate::components::copy_link::CopyLink;
use crate::components::filter_bar::FilterBar;
use crate::components::refresh_control::RefreshControl;
use crate::components::share_button::ShareButton;
use crate::components::time_picker::TimePicker;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Signal, handler, list, shown};
use crate::state::heatmap::{HeatView, ROW_COUNTS, Rows, STEPS, step_ms, steps_for};
use crate::state::profile_types::{best_type, type_name};
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use flarepath_profile::heatmap::Scale;
use flarepath_profile::top_table::Cost;
use leptos::prelude::*;

/// The toolbar.
#[component]
pub(crate) fn Toolbar(
    /// What the page knows.
    state: HeatState,
) -> impl IntoView {
    let service = Signal::derive(move || state.query.with(|q| q.service.clone().unwrap_or_default()));
    let services = Signal::derive(move || {
        let all = state.services.data.get().unwrap_or_default();
        let choice = |name: String| Choice { value: name.clone(), label: name, detail: String::new() };
        all.into_iter().map(|s| choice(s.name)).collect::<Vec<_>>()
    });
    let types_of = move |name: String| {
        let of = |s: &Option<Vec<crate::state::services::ServiceInfo>>| {
            s.iter().flatten().find(|s| s.name == name).map(|s| s.profile_types.clone()).unwrap_or_default()
        };
        state.services.data.with(of)
    };
    let types = Signal::derive(move || {
        let choice = |id: String| Choice { label: type_name(&id), detail: id.clone(), value: id };
        types_of(service.get()).into_iter().map(choice).collect::<Vec<_>>()
    });
    let type_shown = Signal::derive(move || {
        state.query.with(|q| q.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let choose_service = Callback::new(move |name: String| {
        let (query, types) = (state.query.get_untracked(), types_of(name.clone()));
        let kept = query.profile_type.clone().filter(|id| types.contains(id));
        let profile_type =
            kept.or_else(|| best_type(&types).map(str::to_owned)).or(query.profile_type.clone());
        state.go_elsewhere(&Query { service: Some(name), profile_type, ..query }, state.view.get_untracked());
    });
    let choose_type = Callback::new(move |id| {
        let query = Query { profile_type: Some(id), ..state.query.get_untracked() };
        state.go_elsewhere(&query, state.view.get_untracked());
    });
    let utc = expect_context::<Utc>().0;
    let range = Signal::derive(move || state.query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR));
    let on_range = Callback::new(move |range| {
        state.go(&Query { range: Some(range), ..state.query.get_untracked() });
    });
    let busy = Signal::derive(move || state.answer.pending.get());
    view! {
        <div class="toolbar" role="region" aria-label="What is shown">
            <Combobox id="service" label="Service" shown=service choices=services on_choose=choose_service />
            <Combobox id="profile-type" label="Profile type" shown=type_shown choices=types on_choose=choose_type />
            <TimePicker range span=state.span utc on_range />
            <RefreshControl busy live=Signal::derive(move || range.get().is_relative())
                on_refresh=Callback::new(move |()| state.refresh()) />
            <div class="toolbar-end">
                <a class="button" href=move || state.explore_path() title="The same question as flame graph and table">"Explore"</a>
                <CopyLink path=Signal::derive(move || state.pinned_path()) />
                <ShareButton path=Signal::derive(move || state.pinned_path()) />
            </div>
        </div>
        <div class="subbar">
            <FilterBar query=state.query span=state.span on_query=Callback::new(move |query: Query| state.go(&query)) />
        </div>
        <Options state />
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }}</p>
    }
}

/// What the rows are, and how the map is cut and coloured.
#[component]
fn Options(state: HeatState) -> impl IntoView {
    let choose = move |rows: Rows| {
        let view = HeatView { rows: Some(rows), ..state.view.get_untracked() };
        state.go_elsewhere(&state.query.get_untracked(), view);
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
            {pick("Colours", &[("linear", "linear"), ("log", "log")],
                move || if state.view.with(|v| v.scale) == Scale::Log { "log" } else { "linear" }.to_owned(),
                move |word| state.change(|v| v.scale = if word == "log" { Scale::Log } else { Scale::Linear }))}
        </div>
    }
}

/// A small choice of words.
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
    let choices = Signal::derive(move || {
        let choice = |c: &Counted| Choice {
            value: c.text.clone(),
            label: c.text.clone(),
            detail: format!("{} series", c.series),
        };
        state
            .labels
            .data
            .with(|names| names.iter().flatten().filter(|c| !c.text.starts_with("__")).map(choice).collect())
    });
    let open = Callback::new(move |()| state.ask_labels());
    let choose = Callback::new(move |name: String| choose_label(state, name));
    view! { <div class="group-by"><Combobox id="heat-label" label="Label" shown choices on_choose=choose on_open=open placeholder="label" /></div> }
}

/// Shows the values of a label.
pub(super) fn choose_label(state: HeatState, name: String) {
    let view = HeatView { rows: Some(Rows::Label), ..state.view.get_untracked() };
    state.go_elsewhere(&Query { by: Some(name), ..state.query.get_untracked() }, view);
}
