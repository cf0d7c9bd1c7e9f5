//! No data: says why, and where there is some.

use super::state::ExploreState;
use crate::browser::clock;
use crate::browser::clock::zone_min;
use crate::context::utc::Utc;
use crate::reactive::handler;
use crate::state::clock_text::{civil, span_text};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use leptos::prelude::*;

/// No data: says why, and where there is some.
#[component]
pub(crate) fn Empty(
    /// What Explore knows.
    state: ExploreState,
) -> impl IntoView {
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
        Some(
            view! { <button class="button primary" type="button" on:click=handler(go)>{label}</button> }
                .into_any(),
        )
    };
    let unfilter = move || {
        let filtered = state.query.with(|q| !q.filter.is_empty());
        let go = move |_| state.go(&Query { filter: String::new(), ..state.query.get_untracked() });
        filtered
            .then(|| view! { <button class="button" type="button" on:click=handler(go)>"Remove the filters"</button> }.into_any())
    };
    view! {
        <div class="empty" role="status">
            <h2>{move || heading()}</h2>
            <p>{move || body()}</p>
            <div class="empty-actions">{move || latest()}{move || unfilter()}</div>
        </div>
    }
}
