//! The query line of Compare: what both sides share, a button for each side, baselines to choose from, and what can be done with
//! the difference.

use super::presets::Baselines;
use super::side_button::SideButton;
use super::state::CompareState;
use crate::components::combobox::Combobox;
use crate::components::filter_bar::FilterBar;
use crate::components::icon::{Icon, SWAP};
use crate::components::more_menu::MoreMenu;
use crate::components::query_line::QueryLine;
use crate::components::query_sheet::query_sheet;
use crate::components::share_button::ShareButton;
use crate::components::store_picker::store_picker;
use crate::components::time_picker::TimePicker;
use crate::context::utc::Utc;
use crate::pages::question::pickers::{service_choices, type_choices, type_in, types_of};
use crate::reactive::{Callback, Memo, Signal, handler, shown};
use crate::state::compare::{DiffMode, DiffView, Sides};
use crate::state::compare_both::{at, common, with_filter};
use crate::state::compare_source::Source;
use crate::state::incident::incident_of;
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use crate::state::view::HistoryMode;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(crate) fn CompareLine(state: CompareState) -> impl IntoView {
    let path = Signal::derive(move || state.pinned_path());
    let stored = Memo::new(move || state.sources.with(|s| s.of.contains(&Source::Stored)));
    let types = Memo::new(move || state.sources.with(|s| s.second_type.is_some()));
    let on_graph = Callback::new(move |()| {
        let view = DiffView { mode: Some(DiffMode::Overlay), ..state.view.get_untracked() };
        state.show(&view, HistoryMode::Push);
    });
    let subject = move || shown(move || stored.get(), move || view! { <BothServices state /> }.into_any());
    let controls = move || {
        view! {
            {shown(move || stored.get(), move || view! {
                {store_picker(state.question.address.query.into())}
                <BothTypes state />
            }.into_any())}
            <div class="query-sides">
                {shown(move || !types.get(), move || view! { <SideButton state side=Side::Baseline /> }.into_any())}
                <button class="button quiet icon-only" type="button" data-command="swap" aria-label="Swap sides" title="Swap sides"
                    on:click=handler(move |_| state.swap())><Icon path=SWAP /></button>
                <SideButton state side=Side::Comparison />
            </div>
            {shown(move || stored.get(), move || view! {
                <Baselines state />
                <BothTimes state />
                <BothFilters state />
            }.into_any())}
        }
        .into_any()
    };
    let incident = Signal::derive(move || {
        let span = state.span(Side::Comparison).get();
        match stored.get() {
            true => state.sides.with(|sides| incident_of(&common(sides), span)),
            false => String::new(),
        }
    });
    let actions = move || view! { <ShareButton path /><MoreMenu incident=Some(incident) /> }.into_any();
    view! { <QueryLine subject controls sheet=query_sheet actions on_graph /> }
}

/// The service of both sides. Another one has other versions and replicas: its baseline is chosen anew.
#[component]
fn BothServices(state: CompareState) -> impl IntoView {
    let services = state.question.services.data;
    let shown =
        Signal::derive(move || state.sides.with(|s| s.comparison.service.clone().unwrap_or_default()));
    let choices = Signal::derive(move || services.with(service_choices));
    let choose = Callback::new(move |name: String| {
        let query = state.sides.with_untracked(common);
        let types = services.with_untracked(|all| types_of(all, &name));
        let profile_type = type_in(&types, query.profile_type.clone());
        state.go(&Sides::open(&Query { service: Some(name), profile_type, ..query }));
    });
    view! { <Combobox id="service" label="Service" shown choices on_choose=choose /> }
}

/// The profile type of both sides.
#[component]
fn BothTypes(state: CompareState) -> impl IntoView {
    let shown = Signal::derive(move || {
        state.sides.with(|s| s.comparison.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let choices = Signal::derive(move || {
        let name = state.sides.with(|s| s.comparison.service.clone()).unwrap_or_default();
        state.question.services.data.with(|all| type_choices(&types_of(all, &name)))
    });
    let choose = Callback::new(move |id| {
        let comparison = state.sides.get_untracked().comparison;
        state.go_side(Side::Comparison, Query { profile_type: Some(id), ..comparison });
    });
    view! { <Combobox id="profile-type" label="Profile type" shown choices on_choose=choose /> }
}

/// The time of the comparison, with which that of the baseline moves.
#[component]
fn BothTimes(state: CompareState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let range =
        Signal::derive(move || state.sides.with(|s| s.comparison.range).unwrap_or(TimeRange::LAST_HOUR));
    let invalid = Signal::derive(move || state.question.time_problem.with(Option::is_some));
    let on_range = Callback::new(move |range| {
        let now_ms = state.question.now_ms.get_untracked();
        state.go(&state.sides.with_untracked(|sides| at(sides, range, now_ms)));
    });
    view! {
        <TimePicker range span=state.span(Side::Comparison) utc on_range invalid ids=["both-from", "both-until"] />
    }
}

/// The filters that both sides have.
#[component]
fn BothFilters(state: CompareState) -> impl IntoView {
    let query = Memo::new(move || state.sides.with(common));
    let on_query = Callback::new(move |changed: Query| {
        state.go(&state.sides.with_untracked(|sides| with_filter(sides, &changed)));
    });
    view! { <FilterBar query span=state.span(Side::Comparison) on_query /> }
}
