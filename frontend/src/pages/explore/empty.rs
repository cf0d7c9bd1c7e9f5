//! In place of a profile without samples: why there are none, and where some are.

use super::state::ExploreState;
use crate::browser::clock;
use crate::context::utc::Utc;
use crate::reactive::handler;
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use leptos::prelude::*;

/// The message, with ways to a profile.
#[component]
pub(crate) fn Empty(state: ExploreState) -> impl IntoView {
    let utc = Utc::of_page().0;
    let newest = move || {
        let name = state.query.with(|q| q.service.clone())?;
        let of = |name: &str| {
            state
                .question
                .services
                .data
                .with(|s| s.iter().flatten().find(|s| s.name == name).map(|s| s.newest_ms))
        };
        of(&name)
    };
    // Whether the service and its profile type are known.
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
            (false, _) => format!("Unknown service “{service}”"),
            (true, false) => format!("“{service}” has no {kind} profiles"),
            (true, true) => "No profiles in this time range".to_owned(),
        }
    };
    let body = move || {
        let span = state.span.get();
        match known() {
            (false, _) => {
                "This store has no profiles of it. Choose another service, or check the name.".to_owned()
            }
            (true, false) => "Choose another profile type.".to_owned(),
            (true, true) => {
                let filters =
                    if state.query.with(|q| q.filter.is_empty()) { "" } else { " matching these filters" };
                let range = clock::zone(utc.get()).range(span.from_ns, span.until_ns);
                format!("No profiles{filters} in {range}.")
            }
        }
    };
    let latest = move || {
        let newest = newest().filter(|_| known() == (true, true))?;
        let at = clock::zone(utc.get()).civil(newest);
        // Enough around the newest profile to see what led to it.
        let until_ms = (newest + 5 * 60_000).min(clock::now_ms()).max(newest + 60_000);
        let range = Some(TimeRange::between_ms((until_ms - 3_600_000).max(0), until_ms));
        let go = move |_| state.go(&Query { range, ..state.query.get_untracked() });
        let label = format!("Show the hour before the latest profile ({} {})", at.date(), at.time());
        Some(view! { <button class="button" type="button" on:click=handler(go)>{label}</button> }.into_any())
    };
    let unfilter = move || {
        let filtered = state.query.with(|q| !q.filter.is_empty());
        let go = move |_| state.go(&Query { filter: String::new(), ..state.query.get_untracked() });
        filtered.then(|| {
            view! { <button class="button" type="button" on:click=handler(go)>"Clear filters"</button> }
                .into_any()
        })
    };
    view! {
        <div class="empty" role="status">
            <h2>{move || heading()}</h2>
            <p>{move || body()}</p>
            <div class="empty-actions">{move || latest()}{move || unfilter()}</div>
        </div>
    }
}
