//! What the values of a label cost, each with its timeline: which replica is hot, which version is cheaper. Two of them
//! lead to their difference.

pub(crate) mod rows;
mod state;
pub(crate) mod table;

use crate::api::ApiError;
use crate::browser::history::Address;
use crate::browser::{keys, page};
use crate::components::combobox::{Choice, Combobox};
use crate::components::filter_bar::FilterBar;
use crate::components::notice::FailedNotice;
use crate::components::refresh_control::RefreshControl;
use crate::components::time_picker::TimePicker;
use crate::context::utc::Utc;
use crate::pages::explore::failures::by_cause;
use crate::reactive::{Callback, Memo, Signal, effect, list};
use crate::state::profile_types::{best_type, type_name};
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use leptos::prelude::*;
use state::{LabelsState, is_shown};
use table::ValuesTable;

/// The page.
#[component]
pub(crate) fn Labels(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let state = LabelsState::new(address);
    effect(move || {
        let label = state.query.with(|q| q.by.clone()).unwrap_or_else(|| "Labels".to_owned());
        page::set_title(&format!("{label} · Flarepath"));
    });
    keys::on_page_key(move |key| {
        if key == "r" {
            state.refresh();
        }
        key == "r"
    });
    let failed = Memo::new(move || {
        by_cause([
            ("the timelines", state.series.error.get()),
            ("the list of values", state.values.error.get()),
            ("the list of labels", state.names.error.get()),
            ("the list of services", state.services.error.get()),
        ])
    });
    let retry = Callback::new(move |()| state.refresh());
    let notice = move |(what, error): (String, ApiError)| {
        view! { <FailedNotice what error on_retry=retry /> }.into_any()
    };
    let busy = move || state.series.pending.get() || state.names.pending.get();
    view! {
        <h1 class="visually-hidden">"Labels"</h1>
        <Bar state />
        {move || list(failed.get().into_iter().map(notice))}
        <section class="profile-section" aria-label="Values" aria-busy=move || busy().to_string()
            class:stale=move || state.series.pending.get() && state.series.data.with(Option::is_some)>
            <ValuesTable state />
        </section>
        <p class="visually-hidden" role="status">{move || if busy() { "Loading" } else { "" }}</p>
    }
}

/// Service, type, time, filter, and the label.
#[component]
fn Bar(state: LabelsState) -> impl IntoView {
    let plain = |text: String| Choice { value: text.clone(), label: text, detail: String::new() };
    let service = Signal::derive(move || state.query.with(|q| q.service.clone().unwrap_or_default()));
    let services = Signal::derive(move || {
        state.services.data.with(|s| s.iter().flatten().map(|s| plain(s.name.clone())).collect::<Vec<_>>())
    });
    let types_of = move |name: &str| {
        state.services.data.with(|s| {
            let found = s.iter().flatten().find(|s| s.name == name);
            found.map(|s| s.profile_types.clone()).unwrap_or_default()
        })
    };
    let types = Signal::derive(move || {
        let types = types_of(&service.get());
        types.into_iter().map(|id| Choice { label: type_name(&id), detail: id.clone(), value: id }).collect()
    });
    let kind = Signal::derive(move || {
        state.query.with(|q| q.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let choose_service = Callback::new(move |name: String| {
        let types = types_of(&name);
        let query = state.query.get_untracked();
        let kept = query.profile_type.clone().filter(|id| types.contains(id));
        let profile_type = kept.or_else(|| best_type(&types).map(str::to_owned));
        state.go(&Query { service: Some(name), profile_type, by: None, ..query });
    });
    let choose_type = Callback::new(move |id| {
        state.go(&Query { profile_type: Some(id), ..state.query.get_untracked() });
    });
    let label = Signal::derive(move || state.query.with(|q| q.by.clone().unwrap_or_default()));
    let labels = Signal::derive(move || {
        state.names.data.with(|names| {
            let shown = names.iter().flatten().filter(|c| is_shown(&c.text));
            shown
                .map(|c| Choice { detail: format!("{} series", c.series), ..plain(c.text.clone()) })
                .collect::<Vec<_>>()
        })
    });
    let choose_label =
        Callback::new(move |name| state.go(&Query { by: Some(name), ..state.query.get_untracked() }));
    let utc = expect_context::<Utc>().0;
    let range = Signal::derive(move || state.query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR));
    let on_range = Callback::new(move |range| {
        state.go(&Query { range: Some(range), ..state.query.get_untracked() });
    });
    view! {
        <div class="toolbar" role="region" aria-label="What is shown">
            <Combobox id="label" label="Label" shown=label choices=labels on_choose=choose_label placeholder="label" />
            <Combobox id="service" label="Service" shown=service choices=services on_choose=choose_service />
            <Combobox id="profile-type" label="Profile type" shown=kind choices=types on_choose=choose_type />
            <TimePicker range span=state.span utc on_range />
            <RefreshControl busy=Signal::derive(move || state.series.pending.get())
                live=Signal::derive(move || range.get().is_relative()) on_refresh=Callback::new(move |()| state.refresh()) />
        </div>
        <div class="subbar">
            <FilterBar query=state.query span=state.span on_query=Callback::new(move |query: Query| state.go(&query)) />
        </div>
    }
}
