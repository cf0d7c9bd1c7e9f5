//! The head of a service's page: its name, where it runs, profile type, time, and other pages about the same.

use super::state::ServiceState;
use crate::components::query_line::QueryLine;
use crate::components::query_sheet::query_sheet;
use crate::components::store_picker::store_picker;
use crate::pages::question::pickers::{TimeControls, TypePicker};
use crate::reactive::{Callback, Signal, shown};
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::heatmap::{HeatView, heatmap_path};
use crate::state::incident_link::incident_link;
use crate::state::query::{Query, explore_path};
use crate::state::service_page::service_page;
use crate::state::view::View;
use leptos::prelude::*;

/// Namespaces that are named, at most.
const MOST_NAMESPACES: usize = 3;

/// See the module.
#[component]
pub(super) fn Head(state: ServiceState) -> impl IntoView {
    let can_ask = move || state.question.time_problem.with(Option::is_none) && !state.is_unknown();
    let name = move || state.query.with(|query| query.service.clone().unwrap_or_default());
    let place = Signal::derive(move || place(state));
    let subject = move || {
        view! {
            <div class="incident-title">
                <h1>{move || name()}</h1>
                {shown(move || place.with(|text| !text.is_empty()), move || view! { <span>{move || place.get()}</span> }.into_any())}
            </div>
        }
        .into_any()
    };
    let busy = Signal::derive(move || state.is_busy());
    let on_time = Callback::new(move |query: Query| state.go(&query));
    let on_type = Callback::new(move |query: Query| {
        state.question.go(&service_page(query.service.as_deref().unwrap_or_default(), &query));
    });
    let controls = move || {
        view! {
            {store_picker(state.question.address.query.into())}
            <TypePicker question=state.question on_subject=on_type />
            <TimeControls question=state.question span=state.span busy on_query=on_time />
            {shown(can_ask, move || view! { <Links state /> }.into_any())}
        }
        .into_any()
    };
    view! { <QueryLine subject controls sheet=query_sheet actions=|| ().into_any() /> }
}

/// Namespaces, and how many replicas sent profiles.
fn place(state: ServiceState) -> String {
    let namespaces = state.namespaces.data.with(|values| {
        let names = values.iter().flatten().map(|value| value.text.as_str()).filter(|name| !name.is_empty());
        names.take(MOST_NAMESPACES).collect::<Vec<_>>().join(", ")
    });
    let replicas = state.pods.data.with(|pods| pods.as_ref().map_or(0, |pods| pods.values));
    let namespaces = Some(namespaces).filter(|names| !names.is_empty()).map(|names| format!("in {names}"));
    let replicas = match replicas {
        0 => None,
        1 => Some("1 replica".to_owned()),
        n => Some(format!("{n} replicas")),
    };
    namespaces.into_iter().chain(replicas).collect::<Vec<_>>().join(" · ")
}

/// Other pages about the service at this time.
#[component]
fn Links(state: ServiceState) -> impl IntoView {
    let explore = move || state.query.with(|query| explore_path(query, &View::default()));
    let compare = move || state.query.with(|query| compare_path(&Sides::open(query), &DiffView::default()));
    let heatmap = move || state.query.with(|query| heatmap_path(query, &HeatView::default()));
    view! {
        <nav class="incident-links" aria-label="This service on other pages">
            <a href=explore>"Explore"</a>
            <a href=compare data-command="compare">"Compare"</a>
            <a href=heatmap>"Heat map"</a>
            <a href=move || incident(state)>"What changed here?"</a>
        </nav>
    }
}

/// What changed at the end of the time.
fn incident(state: ServiceState) -> String {
    let until_ns = state.span.get().until_ns;
    state.query.with(|query| {
        let [service, profile_type] =
            [&query.service, &query.profile_type].map(|part| part.as_deref().unwrap_or_default());
        incident_link(query, service, profile_type, until_ns, None)
    })
}
