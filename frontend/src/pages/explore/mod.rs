//! Explore: one service, profile type and time range as timeline, flame graph and table.

pub(crate) mod controls;
pub(crate) mod empty;
pub(crate) mod full_controls;
pub(crate) mod profile_section;
mod stand_ins;
mod state;
pub(crate) mod timeline_section;
pub(crate) mod toolbar;

use crate::browser::history::Address;
use crate::browser::{clock, page, timer};
use crate::components::notice::by_cause;
use crate::components::print_head::PrintHead;
use crate::context::utc::Utc;
use crate::reactive::{Memo, Signal, effect, shown};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use controls::Controls;
use leptos::prelude::*;
use profile_section::ProfileSection;
use state::ExploreState;
use timeline_section::TimelineSection;
use toolbar::Toolbar;

#[component]
pub(crate) fn Explore(address: Address) -> impl IntoView {
    let state = ExploreState::new(address);
    let no_service =
        Memo::new(move || state.question.no_services() && state.query.with(|q| q.service.is_none()));
    // Poll for the first profile.
    timer::every(2000, move || {
        if no_service.try_get_untracked() == Some(true) && !page::is_hidden() {
            state.question.refresh();
        }
    });
    effect(move || page::set_title(&title(&state.query.get())));
    state.question.on_shortcuts();
    let errors = Memo::new(move || {
        by_cause([
            ("the profile", state.tree.error.get()),
            ("the timeline", state.series.error.get()),
            ("the list of services", state.question.services.error.get()),
        ])
    });
    view! {
        <h1 class="visually-hidden">"Explore"</h1>
        {shown(move || no_service.get(), || (Controls::of_program().first_run)())}
        {shown(move || !no_service.get(), move || view! {
            {printed(state)}
            <Toolbar state />
            {state.question.failures(errors)}
            <TimelineSection state />
            <ProfileSection state />
        }.into_any())}
    }
}

/// What paper shows in place of the toolbar.
fn printed(state: ExploreState) -> AnyView {
    let utc = Utc::of_page().0;
    let lines = Signal::derive(move || {
        let (span, zone) = (state.span.get(), clock::zone(utc.get()));
        vec![state.query.with(Query::subject), zone.range(span.from_ns, span.until_ns)]
    });
    view! { <PrintHead lines path=Signal::derive(move || state.pinned_path()) /> }.into_any()
}

fn title(query: &Query) -> String {
    match (&query.service, &query.profile_type) {
        (Some(service), Some(id)) => format!("{service} · {} · Flarepath", type_name(id)),
        (Some(service), None) => format!("{service} · Flarepath"),
        _ => "Flarepath".to_owned(),
    }
}
