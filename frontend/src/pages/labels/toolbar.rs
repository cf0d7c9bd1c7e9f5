//! The query line: the label, one service or all, profile type, time, and filters.

use super::state::LabelsState;
use crate::components::combobox::{Choice, Combobox};
use crate::components::filter_bar::FilterBar;
use crate::components::query_line::QueryLine;
use crate::components::query_sheet::query_sheet;
use crate::components::store_picker::store_picker;
use crate::pages::question::pickers::{TimeControls, label_choices, service_choices, type_choices, types_of};
use crate::reactive::{Callback, Memo, Signal};
use crate::state::profile_types::{best_type, type_name};
use crate::state::query::Query;
use crate::state::services::ServiceInfo;
use flarepath_profile::labels::SERVICE_NAME;
use leptos::prelude::*;

/// The choice of all services; no service has an empty name.
const ALL: &str = "";
const ALL_SERVICES: &str = "All services";

/// The label and the question.
#[component]
pub(super) fn Toolbar(state: LabelsState) -> impl IntoView {
    let query = state.query;
    let all = move || state.view.with(|v| v.all);
    let label = Signal::derive(move || query.with(|q| q.by.clone().unwrap_or_default()));
    let labels = Signal::derive(move || {
        let mut choices = state.names.data.with(label_choices);
        choices.retain(|choice| all() || choice.value != SERVICE_NAME);
        choices
    });
    let choose_label = Callback::new(move |name| {
        state.go(&Query { by: Some(name), ..query.get_untracked() }, state.view.with_untracked(|v| v.all));
    });
    // Filters offer the labels of all services, while all are shown.
    let asked = Memo::new(move || query.with(|q| state.view.with(|v| v.asked(q))));
    let on_query = Callback::new(move |changed: Query| {
        let service = changed.service.clone().or(query.with_untracked(|q| q.service.clone()));
        state.go(&Query { service, ..changed }, state.view.with_untracked(|v| v.all));
    });
    let busy = Signal::derive(move || state.first.pending.get());
    let subject = move || {
        view! {
            <Combobox id="label" label="Label" shown=label choices=labels on_choose=choose_label placeholder="Choose a label" />
            <Subject state />
        }
        .into_any()
    };
    let controls = move || {
        view! {
            {store_picker(state.question.address.query.into())}
            <TimeControls question=state.question span=state.span busy on_query />
            <FilterBar query=asked span=state.span on_query />
        }
        .into_any()
    };
    view! { <QueryLine subject controls sheet=query_sheet actions=|| ().into_any() /> }
}

/// One service or all, and the profile type.
#[component]
fn Subject(state: LabelsState) -> impl IntoView {
    let (query, services) = (state.query, state.question.services.data);
    let all = move || state.view.with(|v| v.all);
    let service = Signal::derive(move || match all() {
        true => ALL_SERVICES.to_owned(),
        false => query.with(|q| q.service.clone().unwrap_or_default()),
    });
    let choices = Signal::derive(move || {
        services.with(|services| {
            let detail = format!("{} services", services.as_ref().map_or(0, Vec::len));
            let every = Choice { value: ALL.to_owned(), label: ALL_SERVICES.to_owned(), detail };
            std::iter::once(every).chain(service_choices(services)).collect()
        })
    });
    let choose_service = Callback::new(move |name: String| {
        let query = query.get_untracked();
        if name == ALL {
            return state.go(&Query { by: Some(SERVICE_NAME.to_owned()), ..query }, true);
        }
        let types = services.with_untracked(|all| types_of(all, &name));
        let kept = query.profile_type.clone().filter(|id| types.contains(id));
        let profile_type =
            kept.or_else(|| best_type(&types).map(str::to_owned)).or(query.profile_type.clone());
        // Another service has other labels.
        state.go(&Query { service: Some(name), profile_type, by: None, ..query }, false);
    });
    let types = Signal::derive(move || {
        services.with(|services| match (all(), query.with(|q| q.service.clone())) {
            (true, _) => type_choices(&all_types(services.as_deref().unwrap_or_default())),
            (false, name) => type_choices(&types_of(services, &name.unwrap_or_default())),
        })
    });
    let type_shown =
        Signal::derive(move || query.with(|q| q.profile_type.as_deref().map(type_name).unwrap_or_default()));
    let choose_type = Callback::new(move |id| {
        let all = state.view.with_untracked(|v| v.all);
        state.go(&Query { profile_type: Some(id), ..query.get_untracked() }, all);
    });
    view! {
        <Combobox id="service" label="Service" shown=service choices=choices on_choose=choose_service />
        <Combobox id="profile-type" label="Profile type" shown=type_shown choices=types on_choose=choose_type />
    }
}

/// The profile types that any service has.
fn all_types(services: &[ServiceInfo]) -> Vec<String> {
    let mut types: Vec<String> = services.iter().flat_map(|s| s.profile_types.iter().cloned()).collect();
    types.sort();
    types.dedup();
    types
}
