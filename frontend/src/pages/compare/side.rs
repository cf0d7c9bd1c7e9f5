//! The panel of one side: its service, time range and filter, or its local file.

use super::file_side::FileSide;
use super::state::CompareState;
use crate::components::combobox::Combobox;
use crate::components::filter_bar::FilterBar;
use crate::components::time_picker::TimePicker;
use crate::context::local_files::LocalSides;
use crate::context::utc::Utc;
use crate::pages::question::pickers::service_choices;
use crate::reactive::{Callback, Memo, Signal, handler, shown};
use crate::state::compare_source::Source;
use crate::state::query::{Query, explore_path};
use crate::state::time_range::TimeRange;
use crate::state::view::View;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(crate) fn SidePanel(state: CompareState, side: Side) -> impl IntoView {
    let (label, name, id, time_ids, filter_ids) = match side {
        Side::Baseline => {
            let time = ["baseline-from", "baseline-until"];
            let filter = ["baseline-label", "baseline-value", "baseline-selector", "baseline-problem"];
            ("Baseline", "baseline", "baseline-service", time, filter)
        }
        Side::Comparison => {
            let time = ["comparison-from", "comparison-until"];
            let filter =
                ["comparison-label", "comparison-value", "comparison-selector", "comparison-problem"];
            ("Comparison", "comparison", "comparison-service", time, filter)
        }
    };
    let query = Memo::new(move || state.sides.with(|s| s.of(side).clone()));
    let span = state.span(side);
    let services = Signal::derive(move || state.question.services.data.with(service_choices));
    let service = Signal::derive(move || query.with(|q| q.service.clone().unwrap_or_default()));
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
    let files = expect_context::<LocalSides>().0;
    let source = Memo::new(move || state.sources.with(|s| s.on(side)));
    let types = Memo::new(move || state.sources.with(|s| s.second_type.is_some()));
    let to_file = move || state.go_sources(&state.sources.get_untracked().with_file(side));
    let to_stored = move || state.go_sources(&state.sources.get_untracked().with(side, Source::Stored));
    let stored = move || {
        view! {
            <Combobox id=id label="Service" shown=service choices=services on_choose=choose />
            <TimePicker range span utc on_range ids=time_ids />
            <FilterBar ids=filter_ids query span on_query=Callback::new(move |query: Query| state.go_side(side, query)) />
            <a href=alone>"Open in Explore"</a>
        }
        .into_any()
    };
    let body = move || match source.get() {
        Source::Stored => stored(),
        Source::File(at) => view! { <FileSide files=files[at] label=name /> }.into_any(),
    };
    let from = move |label: &'static str, is_file: bool| {
        let pressed = move || (matches!(source.get(), Source::File(_)) == is_file).to_string();
        view! {
            <button type="button" class="mode" aria-pressed=pressed
                on:click=handler(move |_| if is_file { to_file() } else { to_stored() })>{label}</button>
        }
        .into_any()
    };
    view! {
        <section class="side" aria-label=label>
            <div class="side-head">
                <h2>{move || if types.get() { "Query" } else { label }}</h2>
                {shown(move || !types.get(), move || view! {
                    <div class="modes" role="group" aria-label=format!("Source of the {name}")>
                        {from("Stored", false)}{from("Local file", true)}
                    </div>
                }.into_any())}
            </div>
            {move || body()}
        </section>
    }
}
