//! Pickers of service, profile type and time range, with the refresh control: what the query lines of all pages begin with.

use super::PageQuestion;
use crate::api::explore::Counted;
use crate::components::combobox::{Choice, Combobox};
use crate::components::refresh_control::RefreshControl;
use crate::components::time_picker::TimePicker;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, Signal};
use crate::state::profile_types::{best_type, type_name};
use crate::state::query::Query;
use crate::state::services::ServiceInfo;
use crate::state::time_range::{Span, TimeRange};
use leptos::prelude::*;

/// Id, which is that of the command, and label of the picker of the service.
pub(crate) const SERVICE: (&str, &str) = ("service", "Service");

/// The same of the profile type.
pub(crate) const TYPE: (&str, &str) = ("profile-type", "Profile type");

/// What the picker of the service shows.
pub(crate) fn shown_service(question: PageQuestion) -> Signal<String> {
    Signal::derive(move || question.query.with(|q| q.service.clone().unwrap_or_default()))
}

/// What that of the profile type shows.
pub(crate) fn shown_type(question: PageQuestion) -> Signal<String> {
    Signal::derive(move || {
        question.query.with(|q| q.profile_type.as_deref().map(type_name).unwrap_or_default())
    })
}

/// The service.
#[component]
pub(crate) fn ServicePicker(
    question: PageQuestion,
    /// Receives the question about another service.
    on_subject: Callback<Query>,
) -> impl IntoView {
    let query = question.query;
    let service = shown_service(question);
    let services = Signal::derive(move || question.services.data.with(service_choices));
    let choose = Callback::new(move |name: String| {
        let query = query.get_untracked();
        let types = question.services.data.with_untracked(|all| types_of(all, &name));
        let profile_type = type_in(&types, query.profile_type.clone());
        on_subject.run(Query { service: Some(name), profile_type, ..query });
    });
    view! { <Combobox id=SERVICE.0 label=SERVICE.1 shown=service choices=services on_choose=choose command=SERVICE.0 /> }
}

/// The profile type.
#[component]
pub(crate) fn TypePicker(
    question: PageQuestion,
    /// Receives the question about another profile type.
    on_subject: Callback<Query>,
) -> impl IntoView {
    let query = question.query;
    let types = Signal::derive(move || {
        let service = query.with(|q| q.service.clone().unwrap_or_default());
        question.services.data.with(|all| type_choices(&types_of(all, &service)))
    });
    let shown = shown_type(question);
    let choose = Callback::new(move |id| {
        on_subject.run(Query { profile_type: Some(id), ..query.get_untracked() });
    });
    view! { <Combobox id=TYPE.0 label=TYPE.1 shown choices=types on_choose=choose command=TYPE.0 /> }
}

/// The profile type to show of a service that has `types`: `before` where it has it.
pub(crate) fn type_in(types: &[String], before: Option<String>) -> Option<String> {
    let kept = before.clone().filter(|id| types.contains(id));
    kept.or_else(|| best_type(types).map(str::to_owned)).or(before)
}

/// Time range and refresh.
#[component]
pub(crate) fn TimeControls(
    question: PageQuestion,
    /// Both ends of its time.
    span: Memo<Span>,
    /// Whether an answer is awaited.
    busy: Signal<bool>,
    /// Receives the question about another time.
    on_query: Callback<Query>,
) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    with_refresh(question, busy, on_query, move |range, invalid, on_range| {
        view! { <TimePicker range span utc on_range invalid /> }.into_any()
    })
}

/// A picker of the time range, made from the range, whether it cannot be taken and what receives another; with refresh.
pub(crate) fn with_refresh(
    question: PageQuestion,
    busy: Signal<bool>,
    on_query: Callback<Query>,
    picker: impl FnOnce(Signal<TimeRange>, Signal<bool>, Callback<TimeRange>) -> AnyView,
) -> AnyView {
    let query = question.query;
    let range = Signal::derive(move || query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR));
    let invalid = Signal::derive(move || question.time_problem.with(Option::is_some));
    let on_range = Callback::new(move |range| {
        on_query.run(Query { range: Some(range), ..query.get_untracked() });
    });
    let picker = picker(range, invalid, on_range);
    view! {
        {picker}
        <RefreshControl busy live=Signal::derive(move || range.get().is_relative())
            on_refresh=Callback::new(move |()| question.refresh()) />
    }
    .into_any()
}

/// Services to choose from.
pub(crate) fn service_choices(services: &Option<Vec<ServiceInfo>>) -> Vec<Choice> {
    let choice = |s: &ServiceInfo| counted(&s.name, s.series);
    services.iter().flatten().map(choice).collect()
}

/// The profile types of a service.
pub(crate) fn types_of(services: &Option<Vec<ServiceInfo>>, name: &str) -> Vec<String> {
    let found = services.iter().flatten().find(|s| s.name == name);
    found.map(|s| s.profile_types.clone()).unwrap_or_default()
}

/// Profile types to choose from.
pub(crate) fn type_choices(ids: &[String]) -> Vec<Choice> {
    let choice = |id: &String| Choice { label: type_name(id), detail: id.clone(), value: id.clone() };
    ids.iter().map(choice).collect()
}

/// Labels to choose from, without those that are internal.
pub(crate) fn label_choices(names: &Option<Vec<Counted>>) -> Vec<Choice> {
    let shown = names.iter().flatten().filter(|c| !c.text.starts_with("__"));
    shown.map(|c| counted(&c.text, c.series)).collect()
}

fn counted(text: &str, series: u64) -> Choice {
    Choice { value: text.to_owned(), label: text.to_owned(), detail: format!("{series} series") }
}
