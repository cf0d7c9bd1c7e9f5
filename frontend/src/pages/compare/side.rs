//! What one side is: service, filter and time, and the way to see it alone.

use super::state::CompareState;
use crate::components::combobox::{Choice, Combobox};
use crate::components::filter_bar::FilterBar;
use crate::components::time_picker::TimePicker;
use crate::pages::explore::Utc;
use crate::reactive::{Callback, Memo, Signal};
use crate::state::query::{Query, explore_path};
use crate::state::time_range::TimeRange;
use crate::state::view::View;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

/// The panel of a side.
#[component]
pub fn SidePanel(
    /// What the page knows.
    state: CompareState,
    /// Which side.
    side: Side,
) -> impl IntoView {
    let (label, id) = match side {
        Side::Baseline => ("Baseline", "baseline-service"),
        Side::Comparison => ("Comparison", "comparison-service"),
    };
    let query = Memo::new(move || state.sides.with(|s| s.of(side).clone()));
    let span = state.span(side);
    let services = Signal::derive(move || {
        let names =
            state.services.data.with(|s| s.iter().flatten().map(|s| s.name.clone()).collect::<Vec<_>>());
        names
            .into_iter()
            .map(|name| Choice { value: name.clone(), label: name, detail: String::new() })
            .collect()
    });
    let shown = Signal::derive(move || query.with(|q| q.service.clone().unwrap_or_default()));
    let choose = Callback::new(move |name| {
        state.go_side(side, Query { service: Some(name), ..query.get_untracked() });
    });
    let utc = expect_context::<Utc>().0;
    let range = Signal::derive(move || query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR));
    let on_range = Callback::new(move |range| {
        state.go_side(side, Query { range: Some(range), ..query.get_untracked() });
    });
    let alone =
        move || explore_path(&query.get(), &View { mode: None, ..state.view.with(|v| v.view.clone()) });
    view! {
        <section class="side" aria-label=label>
            <h2>{label}</h2>
            <div class="toolbar">
                <Combobox id=id label="Service" shown=shown choices=services on_choose=choose />
                <TimePicker range span utc on_range />
                <a class="button" href=alone>"Open in Explore"</a>
            </div>
            <FilterBar query span on_query=Callback::new(move |query: Query| state.go_side(side, query)) />
        </section>
    }
}
