//! The head of an incident: the service, the alert and the window in words, the profile type, and what can be done with the page.

use super::markdown::CopyMarkdown;
use super::state::IncidentState;
use crate::browser::clock;
use crate::components::combobox::Combobox;
use crate::components::query_line::QueryLine;
use crate::components::query_sheet::query_sheet;
use crate::components::refresh_control::RefreshControl;
use crate::components::share_button::ShareButton;
use crate::components::store_picker::store_picker;
use crate::context::utc::Utc;
use crate::pages::question::pickers::{type_choices, types_of};
use crate::reactive::{Callback, Signal, shown};
use crate::state::compare::DiffView;
use crate::state::heatmap::{HeatView, heatmap_path};
use crate::state::incident::Incident;
use crate::state::profile_types::type_name;
use crate::state::query::explore_path;
use crate::state::service_page::service_page;
use crate::state::view::View;
use leptos::prelude::*;

/// A window that ended longer ago does not grow any more.
const LIVE_MS: i64 = 60_000;

/// See the module.
#[component]
pub(super) fn Head(state: IncidentState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let zone = Signal::derive(move || clock::zone(utc.get()));
    let can_ask = move || state.question.time_problem.with(Option::is_none);
    let window = move || {
        let span = state.window.get();
        zone.get().range(span.from_ns, span.until_ns)
    };
    let subject = move || {
        view! {
            <div class="incident-title">
                <h1>{move || state.title(zone.get())}</h1>
                {shown(can_ask, move || view! { <span>"Window: "{move || window()}</span> }.into_any())}
            </div>
        }
        .into_any()
    };
    let busy = Signal::derive(move || state.is_busy());
    let live = Signal::derive(move || {
        let now_ms = state.question.now_ms.get();
        state.window.get().end_ms() >= now_ms.saturating_sub(LIVE_MS)
    });
    let on_refresh = Callback::new(move |()| state.question.refresh());
    let controls = move || {
        view! {
            {store_picker(state.question.address.query.into())}
            <TypePicker state />
            <RefreshControl busy live on_refresh />
            {shown(can_ask, move || view! { <Links state /> }.into_any())}
        }
        .into_any()
    };
    let path = Signal::derive(move || state.compare_path(&state.view.get()));
    let actions =
        move || shown(can_ask, move || view! { <ShareButton path /><CopyMarkdown state /> }.into_any());
    view! { <QueryLine subject controls sheet=query_sheet actions /> }
}

/// The profile type of the same incident.
#[component]
fn TypePicker(state: IncidentState) -> impl IntoView {
    let shown = Signal::derive(move || {
        state.incident.with(|i| i.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let choices = Signal::derive(move || {
        let service = state.incident.with(|i| i.service.clone().unwrap_or_default());
        state.question.services.data.with(|all| type_choices(&types_of(all, &service)))
    });
    let choose = Callback::new(move |id| {
        state.go(&Incident { profile_type: Some(id), ..state.incident.get_untracked() });
    });
    view! { <Combobox id="profile-type" label="Profile type" shown choices on_choose=choose /> }
}

/// Other pages about the same window.
#[component]
fn Links(state: IncidentState) -> impl IntoView {
    let explore = move || state.query.with(|query| explore_path(query, &View::default()));
    let compare = move || state.compare_path(&DiffView::default());
    let heatmap = move || state.query.with(|query| heatmap_path(query, &HeatView::default()));
    let service =
        move || state.query.with(|query| service_page(query.service.as_deref().unwrap_or_default(), query));
    view! {
        <nav class="incident-links" aria-label="This window on other pages">
            <a href=explore>"Explore"</a>
            <a href=compare data-command="compare">"Compare"</a>
            <a href=heatmap>"Heat map"</a>
            <a href=service>"Service"</a>
        </nav>
    }
}
