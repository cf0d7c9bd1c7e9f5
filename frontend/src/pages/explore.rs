//! The page people live in: one service, one profile type, one stretch of time, seen as timeline, flame graph
//! and table.

use super::explore_state::ExploreState;
use super::first_run::FirstRun;
use crate::api::ApiError;
use crate::browser::history::Address;
use crate::browser::{clock, keys, page, timer};
use crate::components::combobox::{Choice, Combobox};
use crate::components::copy_link::CopyLink;
use crate::components::export_menu::ExportMenu;
use crate::components::filter_bar::FilterBar;
use crate::components::notice::FailedNotice;
use crate::components::refresh_control::RefreshControl;
use crate::components::summary_line::SummaryLine;
use crate::components::time_picker::{TimePicker, stored_utc};
use crate::state::choice::{ServiceInfo, best_type, type_name};
use crate::state::clock_text::{civil, span_text};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use crate::state::view::{HistoryMode, View};
use crate::views::profile_view::ProfileView;
use crate::views::timeline::{Timeline, zone_min};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Explore(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let state = ExploreState::new(address);
    let no_service = Memo::new(move |_| {
        let none_known = state.services.data.with(|s| s.as_ref().is_some_and(Vec::is_empty));
        none_known && state.query.with(|q| q.service.is_none())
    });
    // Until the first profile the page looks for it by itself.
    timer::every(2000, move || {
        if no_service.try_get_untracked() == Some(true) && !page::is_hidden() {
            state.refresh();
        }
    });
    Effect::new(move |_| page::set_title(&title(&state.query.get())));
    keys::on_page_key(move |key| {
        match key {
            "r" => state.refresh(),
            "g" => page::focus("service"),
            _ => return false,
        }
        true
    });
    view! {
        <h1 class="visually-hidden">"Explore"</h1>
        <Show when=move || !no_service.get() fallback=|| view! { <FirstRun /> }>
            <Toolbar state />
            <ServicesNotice state />
            <TimelineSection state />
            <ProfileSection state />
        </Show>
    }
}

fn title(query: &Query) -> String {
    match (&query.service, &query.profile_type) {
        (Some(service), Some(id)) => format!("{service} · {} · Flarepath", type_name(id)),
        (Some(service), None) => format!("{service} · Flarepath"),
        _ => "Flarepath".to_owned(),
    }
}

/// Service, type, filter, time and what can be done with the answer.
#[component]
fn Toolbar(state: ExploreState) -> impl IntoView {
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
    let busy = Signal::derive(move || state.tree.pending.get() || state.series.pending.get());
    view! {
        <div class="toolbar" role="region" aria-label="What is shown">
            <Combobox id="service" label="Service" shown=service_name choices=services on_choose=choose_service />
            <Combobox id="profile-type" label="Profile type" shown=type_shown choices=types on_choose=choose_type />
            <TimePicker range span=state.span utc on_range />
            <RefreshControl busy live=Signal::derive(move || range.get().is_relative()) on_refresh=move |()| state.refresh() />
            <div class="toolbar-end">
                <CopyLink path=Signal::derive(move || state.pinned_path()) />
                <ExportMenu ask=state.ask />
            </div>
        </div>
        <div class="subbar">
            <FilterBar query=state.query span=state.span on_query=move |query: Query| state.go(&query) />
            <GroupBy state />
        </div>
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }}</p>
    }
}

/// Whether times are shown in UTC, for all of the page.
#[derive(Clone, Copy)]
pub struct Utc(pub RwSignal<bool>);

impl Utc {
    /// As this person chose before.
    pub fn stored() -> Utc {
        Utc(RwSignal::new(stored_utc()))
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

/// Shown when even the list of services can't be had.
#[component]
fn ServicesNotice(state: ExploreState) -> impl IntoView {
    let retry = Callback::new(move |()| state.refresh());
    let notice = move || {
        let error = state.services.error.get()?;
        Some(view! { <FailedNotice what="The list of services" error on_retry=retry /> })
    };
    view! { {notice} }
}

#[component]
fn TimelineSection(state: ExploreState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let retry = Callback::new(move |()| state.refresh());
    let error = move || {
        let error = state.series.error.get()?;
        Some(view! { <FailedNotice what="The timeline" error on_retry=retry /> })
    };
    let on_range = Callback::new(move |range| {
        state.go(&Query { range: Some(range), ..state.query.get_untracked() });
    });
    let stale = move || state.series.pending.get() && state.series.data.with(Option::is_some);
    view! {
        <section class="timeline-section" class:stale=stale aria-label="Over time" aria-busy=move || state.series.pending.get().to_string()>
            {error}
            <Timeline data=state.series.data utc=utc.into() on_range />
        </section>
    }
}

/// What the lower part of the page shows.
#[derive(Clone, PartialEq)]
enum Phase {
    Pending,
    Failed(ApiError),
    BadFilter,
    Empty,
    Full,
}

#[component]
fn ProfileSection(state: ExploreState) -> impl IntoView {
    let phase = Memo::new(move |_| {
        if let Some(error) = state.tree.error.get() {
            return Phase::Failed(error);
        }
        if state.query.with(|q| q.matchers().is_err()) {
            return Phase::BadFilter;
        }
        // A known service without any profile type has nothing to wait for.
        if state.services.data.with(Option::is_some) && state.ask.with(Option::is_none) {
            return Phase::Empty;
        }
        state.tree.data.with(|answer| match answer {
            None => Phase::Pending,
            Some(answer) if answer.profile.profiles == 0 => Phase::Empty,
            Some(_) => Phase::Full,
        })
    });
    let profile: Signal<Option<LoadedProfile>, LocalStorage> = Signal::derive_local(move || {
        state.tree.data.with(|answer| answer.as_ref().map(|a| a.profile.clone()).filter(|p| p.profiles > 0))
    });
    let retry = Callback::new(move |()| state.refresh());
    let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| state.show(&view, mode));
    let message = move || {
        match phase.get() {
        Phase::Full => None,
        Phase::Pending => Some(view! { <Skeleton /> }.into_any()),
        Phase::Failed(error) => Some(view! { <FailedNotice what="The profile" error on_retry=retry /> }.into_any()),
        Phase::BadFilter => Some(
            view! { <div class="message"><p>"The filter has a mistake; mend it above to see the profile."</p></div> }
                .into_any(),
        ),
        Phase::Empty => Some(view! { <Empty state /> }.into_any()),
    }
    };
    let stale = move || state.tree.pending.get() && phase.get() == Phase::Full;
    let shows = Memo::new(move |_| match phase.get() {
        Phase::Full => true,
        // After a failed refresh the picture before it stays, marked by the notice above it.
        Phase::Failed(_) => state.tree.data.with(|a| a.as_ref().is_some_and(|a| a.profile.profiles > 0)),
        _ => false,
    });
    view! {
        <section class="profile-section" class:stale=stale aria-label="Profile" aria-busy=move || state.tree.pending.get().to_string()>
            {message}
            <Show when=move || shows.get()>
                <SummaryLine profile />
                <ProfileView profile view=state.view on_view />
            </Show>
        </section>
    }
}

/// Grey bars in the shape of what will be here.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton-flame" aria-hidden="true">
            <span></span><span></span><span></span><span></span><span></span><span></span>
        </div>
    }
}

/// No data: says why, and where there is some.
#[component]
fn Empty(state: ExploreState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let newest = move || {
        let name = state.query.with(|q| q.service.clone())?;
        state.services.data.with(|s| s.iter().flatten().find(|s| s.name == name).map(|s| s.newest_ms))
    };
    let known = move || {
        state
            .tree
            .data
            .with(|a| a.as_ref().map_or((newest().is_some(), true), |a| (a.service_known, a.type_known)))
    };
    let heading = move || {
        let (service, kind) = state.query.with(|q| (q.service.clone(), q.profile_type.clone()));
        let (service, kind) =
            (service.unwrap_or_default(), kind.as_deref().map(type_name).unwrap_or_default());
        match known() {
            (false, _) => format!("No service is called “{service}”"),
            (true, false) => format!("“{service}” has never sent {kind}"),
            (true, true) => "No profiles in this range".to_owned(),
        }
    };
    let body = move || {
        let span = state.span.get();
        let zone = zone_min(utc.get(), span.until_ms);
        match known() {
            (false, _) => {
                "It never sent a profile to this server. Choose another above, or check the name.".to_owned()
            }
            (true, false) => "Choose another profile type above.".to_owned(),
            (true, true) => {
                let filtered =
                    if state.query.with(|q| q.filter.is_empty()) { "" } else { " with these filters" };
                format!("Nothing was recorded{filtered} in {}.", span_text(span.from_ms, span.until_ms, zone))
            }
        }
    };
    let latest = move || {
        let newest = newest().filter(|_| known() == (true, true))?;
        let at = civil(newest, zone_min(utc.get(), newest));
        // Enough around the newest profile to see what led to it.
        let until_ms = (newest + 5 * 60_000).min(clock::now_ms()).max(newest + 60_000);
        let range = Some(TimeRange::Between { from_ms: (until_ms - 3_600_000).max(0), until_ms });
        let go = move |_| state.go(&Query { range, ..state.query.get_untracked() });
        let label = format!("Show the hour up to the newest profile ({} {})", at.date(), at.time());
        Some(view! { <button class="button primary" type="button" on:click=go>{label}</button> })
    };
    let unfilter = move || {
        let filtered = state.query.with(|q| !q.filter.is_empty());
        let go = move |_| state.go(&Query { filter: String::new(), ..state.query.get_untracked() });
        filtered
            .then(|| view! { <button class="button" type="button" on:click=go>"Remove the filters"</button> })
    };
    view! {
        <div class="empty" role="status">
            <h2>{heading}</h2>
            <p>{body}</p>
            <div class="empty-actions">{latest}{unfilter}</div>
        </div>
    }
}
