//! The controls of the full program.

use super::controls::Controls;
use super::state::ExploreState;
use crate::api::{Fetch, explore};
use crate::components::combobox::{Choice, Combobox};
use crate::components::filter_bar::FilterBar;
use crate::components::more_menu::MoreMenu;
use crate::components::query_sheet::query_sheet;
use crate::components::store_picker::store_picker;
use crate::components::time_picker::TimePicker;
use crate::context::utc::Utc;
use crate::pages::first_run::FirstRun;
use crate::pages::home::metrics::metrics;
use crate::pages::home::recent_shares::recent_shares;
use crate::pages::home::treemap::cores_by_service;
use crate::pages::question::pickers::{ServicePicker, TypePicker, label_choices};
use crate::reactive::{Callback, Signal};
use crate::state::incident::incident_of;
use crate::state::lent_part::LentPart;
use crate::state::query::Query;
use crate::state::service_page::service_page;
use crate::views::verdict_line::verdict_line;
use leptos::prelude::*;

impl Controls {
    /// Those of the full program.
    pub(crate) const FULL: Controls = Controls {
        filter: |query, span, on_query| view! { <FilterBar query span on_query /> }.into_any(),
        range: |range, span, invalid, on_range| {
            let utc = Utc::of_page().0;
            view! { <TimePicker range span utc on_range invalid /> }.into_any()
        },
        service: |question, on_subject| view! { <ServicePicker question on_subject /> }.into_any(),
        profile_type: |question, on_subject| view! { <TypePicker question on_subject /> }.into_any(),
        more: |state| {
            let heatmap = Signal::derive(move || state.heatmap_path());
            let incident =
                Signal::derive(move || state.query.with(|query| incident_of(query, state.span.get())));
            let service = Signal::derive(move || {
                state.query.with(|query| {
                    query.service.as_deref().map_or(String::new(), |name| service_page(name, query))
                })
            });
            view! {
                <MoreMenu
                    heatmap=Some(heatmap)
                    incident=Some(incident)
                    service=Some(service)
                    request=Some(state.request)
                    on_marker=Some(state.on_marker())
                />
            }
            .into_any()
        },
        group_by,
        treemap: cores_by_service,
        lent: |part, question| {
            let asked = move || question.with(|text| !text.is_empty());
            view! { <div class=part.class() class:is-asked=asked>{lent_part(part, question)}</div> }
                .into_any()
        },
        first_run: || view! { <FirstRun /> }.into_any(),
        sheet: query_sheet,
    };
}

/// What is shown in an element of [`Controls::lent`].
pub(crate) fn lent_part(part: LentPart, question: Signal<String>) -> AnyView {
    match part {
        LentPart::Verdict => verdict_line(question),
        LentPart::HomeMetrics => metrics(question),
        LentPart::HomeShares => recent_shares(question),
        LentPart::Stores => store_picker(question),
    }
}

/// Splits the timeline by a label.
fn group_by(state: ExploreState, shown: Signal<String>) -> AnyView {
    let names = Fetch::<Vec<explore::Counted>>::new();
    let choices = Signal::derive(move || {
        let none = Choice { value: String::new(), label: "Not grouped".into(), detail: String::new() };
        let labels = names.data.with(label_choices);
        let labels = labels.into_iter().map(|c| Choice { label: format!("By {}", c.label), ..c });
        [none].into_iter().chain(labels).collect::<Vec<_>>()
    });
    let open = Callback::new(move |()| {
        let query = state.query.get_untracked();
        let selector = query.selector().unwrap_or_default();
        names.start(|_| explore::label_names(query.store, selector, state.span.get_untracked()));
    });
    let choose = Callback::new(move |name: String| {
        let by = Some(name).filter(|n| !n.is_empty());
        state.go(&Query { by, ..state.query.get_untracked() });
    });
    view! {
        <Combobox id="group-by" label="Group the timeline by" shown choices on_choose=choose on_open=open command="group-by" />
    }
    .into_any()
}
