//! What is asked: service, type, filter, grouping and time; and what can be done with the answer.

use super::Utc;
use super::state::ExploreState;
use crate::components::combobox::{Choice, Combobox};
use crate::components::copy_link::CopyLink;
use crate::components::export_menu::ExportMenu;
use crate::components::filter_bar::FilterBar;
use crate::components::refresh_control::RefreshControl;
use crate::components::share_button::ShareButton;
use crate::components::time_picker::TimePicker;
use crate::reactive::{Callback, Signal};
use crate::state::profile_types::{best_type, type_name};
use crate::state::query::Query;
use crate::state::services::ServiceInfo;
use crate::state::time_range::TimeRange;
use leptos::prelude::*;

/// Service, type, filter, time and what can be done with the answer.
#[component]
pub(crate) fn Toolbar(
    /// What Explore knows.
    state: ExploreState,
) -> impl IntoView {
    let services = Signal::derive(move || {
        state.services.data.with(|s| s.iter().flatten().map(service_choice).collect::<Vec<_>>())
    });
    let service_name = Signal::derive(move || state.query.with(|q| q.service.clone().unwrap_or_default()));
    let types = Signal::derive(move || {
        let name = service_name.get();
        let types = state.services.data.with(|s| service_types(s.as_deref().unwrap_or(&[]), &name));
        types.into_iter().map(|id| Choice { label: type_name(&id), detail: id.clone(), value: id }).collect()
    });
    let type_shown = Signal::derive(move || {
        state.query.with(|q| q.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let choose_service = Callback::new(move |name: String| {
        let query = state.query.get_untracked();
        let types = state.services.data.with_untracked(|s| service_types(s.as_deref().unwrap_or(&[]), &name));
        let kept = query.profile_type.clone().filter(|id| types.contains(id));
        let profile_type =
            kept.or_else(|| best_type(&types).map(str::to_owned)).or(query.profile_type.clone());
        state.go_elsewhere(&Query { service: Some(name), profile_type, ..query });
    });
    let choose_type = Callback::new(move |id| {
        state.go_elsewhere(&Query { profile_type: Some(id), ..state.query.get_untracked() });
    });
    let utc = expect_context::<Utc>().0;
    let range = Signal::derive(move || state.query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR));
    let on_range = Callback::new(move |range| {
        state.go(&Query { range: Some(range), ..state.query.get_untracked() });
    });
    let path = Signal::derive(move || state.pinned_path());
    let busy = Signal::derive(move || state.tree.pending.get() || state.series.pending.get());
    view! {
        <div class="toolbar" role="region" aria-label="What is shown">
            <Combobox id="service" label="Service" shown=service_name choices=services on_choose=choose_service />
            <Combobox id="profile-type" label="Profile type" shown=type_shown choices=types on_choose=choose_type />
            <TimePicker range span=state.span utc on_range />
            <RefreshControl busy live=Signal::derive(move || range.get().is_relative()) on_refresh=Callback::new(move |()| state.refresh()) />
            <div class="toolbar-end">
                <a class="button" href=move || state.compare_path() title="Compare with the same length of time just before">"Compare"</a>
                <a class="button" href=move || state.heatmap_path() title="Where the time went over the range, by function or by label">"Heat map"</a>
                <CopyLink path />
                <ShareButton path />
                <ExportMenu ask=state.ask />
            </div>
        </div>
        <div class="subbar">
            <FilterBar query=state.query span=state.span on_query=Callback::new(move |query: Query| state.go(&query)) />
            <GroupBy state />
        </div>
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }}</p>
    }
}

fn service_choice(service: &ServiceInfo) -> Choice {
    let detail = format!("{} series", service.series);
    Choice { value: service.name.clone(), label: service.name.clone(), detail }
}

fn service_types(services: &[ServiceInfo], name: &str) -> Vec<String> {
    services.iter().find(|s| s.name == name).map(|s| s.profile_types.clone()).unwrap_or_default()
}

/// Splits the timeline by a label.
#[component]
fn GroupBy(state: ExploreState) -> impl IntoView {
    use crate::api::{Fetch, explore};
    let names = Fetch::<Vec<explore::Counted>>::new();
    let shown = Signal::derive(move || {
        state.query.with(|q| q.by.as_ref().map_or("Not grouped".to_owned(), |by| format!("By {by}")))
    });
    let choices = Signal::derive(move || {
        let plain = Choice { value: String::new(), label: "Not grouped".into(), detail: String::new() };
        let label = |c: &explore::Counted| Choice {
            value: c.text.clone(),
            label: format!("By {}", c.text),
            detail: format!("{} series", c.series),
        };
        let of_names = |data: &Option<Vec<explore::Counted>>| {
            data.iter().flatten().filter(|c| !c.text.starts_with("__")).map(label).collect::<Vec<_>>()
        };
        [vec![plain], names.data.with(of_names)].concat()
    });
    let open = Callback::new(move |()| {
        let selector = state.query.with_untracked(|q| q.selector().unwrap_or_default());
        names.start(|_| explore::label_names(selector, state.span.get_untracked()));
    });
    let choose = Callback::new(move |name: String| {
        let by = Some(name).filter(|n| !n.is_empty());
        state.go(&Query { by, ..state.query.get_untracked() });
    });
    view! { <div class="group-by"><Combobox id="group-by" label="Group the timeline by" shown choices on_choose=choose on_open=open /></div> }
}
