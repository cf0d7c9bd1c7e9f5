//! Heat maps of one service: time against functions, label values, or sizes of profiles.

pub(crate) mod panel;
pub(crate) mod region;
pub(crate) mod state;
pub(crate) mod toolbar;

use crate::browser::history::Address;
use crate::browser::page;
use crate::components::notice::{by_cause, failure, message};
use crate::pages::question::pickers::label_choices;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::heatmap::Rows;
use crate::state::profile_types::type_name;
use crate::state::timeline::Partial;
use crate::views::heatmap::{Heat, HeatmapView};
use crate::views::markers::marker_dialogs;
use leptos::prelude::*;
use panel::PagePanel;
use state::HeatState;
use toolbar::Toolbar;

#[component]
pub(crate) fn HeatmapPage(address: Address) -> impl IntoView {
    let state = HeatState::new(address);
    effect(move || {
        let service = state.query.with(|q| q.service.clone()).unwrap_or_default();
        page::set_title(&format!("Heat map of {service} · Flarepath"));
    });
    state.question.on_shortcuts();
    let errors = Memo::new(move || {
        by_cause([
            ("the heat map", state.answer.error.get()),
            ("the list of services", state.question.services.error.get()),
        ])
    });
    let busy = move || state.answer.pending.get();
    view! {
        <h1 class="visually-hidden">"Heat map"</h1>
        <Toolbar state />
        {state.question.failures(errors)}
        <section class="profile-section heat-section" class:stale=move || busy() aria-label="Heat map" aria-busy=move || busy().to_string()>
            <Body state />
        </section>
        {marker_dialogs(state.markers)}
    }
}

/// The map, or why there is none.
#[component]
fn Body(state: HeatState) -> impl IntoView {
    let data = Signal::derive(move || state.answer.data.with(|a| a.as_ref().and_then(|a| a.data.clone())));
    let full = Memo::new(move || data.with(Option::is_some));
    let marks = Memo::new(move || state.marks());
    let heat = Heat {
        data,
        scale: Memo::new(move || state.view.with(|v| v.scale)),
        zone: state.zone,
        shape: Memo::new(move || region::shape(state.rows())),
        marks,
        on_outcome: Callback::new(move |outcome| state.apply(outcome)),
    };
    let no_label = Memo::new(move || state.rows() == Rows::Label && state.query.with(|q| q.by.is_none()));
    view! {
        {shown(move || no_label.get(), move || view! { <ChooseLabel state /> }.into_any())}
        {shown(move || !no_label.get() && !full.get(), move || view! { {move || message(why_empty(state))} }.into_any())}
        {shown(move || full.get(), move || view! {
            <Summary state />
            <HeatmapView label="Heat map" heat markers=Some(state.markers) />
            {state.markers.note()}
            <PagePanel state marks />
        }.into_any())}
    }
}

/// Numbers of rows, columns and profiles.
#[component]
fn Summary(state: HeatState) -> impl IntoView {
    let parts = move || {
        state.answer.data.with(|answer| {
            let Some((answer, data)) = answer.as_ref().and_then(|a| Some((a, a.data.as_ref()?))) else {
                return Vec::new();
            };
            let columns = data.totals.iter().filter(|total| !total.is_nan()).count();
            let (names, all) = (answer.subject.names.len(), answer.row_count);
            let what = match answer.subject.rows {
                Rows::Functions => "functions",
                _ => "values",
            };
            let rows = match answer.subject.rows {
                Rows::Values => format!("{} profiles", data.scale.amount(data.map.total())),
                _ if names as u64 == all => format!("All {all} {what}"),
                _ => format!("{names} largest of {all} {what}"),
            };
            let mut parts = vec![rows, format!("{} columns, {columns} with data", data.map.columns())];
            if data.partial.iter().any(|(_, why)| *why == Partial::Filling) {
                parts.push(format!("the last column is {}", Partial::Filling.text()));
            }
            if answer.subject.rows == Rows::Values {
                parts.push("flame graphs include all profiles of a column".to_owned());
            }
            parts
        })
    };
    let one = |text| view! { <span>{text}</span> }.into_any();
    view! { <p class="summary-line" aria-label="Summary">{move || list(parts().into_iter().map(one))}</p> }
}

/// Labels to choose from while none is chosen.
#[component]
fn ChooseLabel(state: HeatState) -> impl IntoView {
    effect(move || {
        if state.request.with(Option::is_none) && state.query.with(|q| q.service.is_some()) {
            state.fetch_labels();
        }
    });
    let one = move |name: String| {
        let value = name.clone();
        view! { <button class="button" type="button" on:click=handler(move |_| toolbar::choose_label(state, value.clone()))>{name}</button> }
            .into_any()
    };
    let names =
        move || list(state.labels.data.with(label_choices).into_iter().map(|choice| one(choice.value)));
    let hint = move || match state.labels.data.with(|names| label_choices(names).is_empty()) {
        _ if state.labels.error.with(Option::is_some) => "",
        _ if state.labels.data.with(Option::is_none) => "Loading the labels …",
        true => "The series of this service have no labels in this time range.",
        false => "Each value becomes a row.",
    };
    let retry = Callback::new(move |()| state.fetch_labels());
    view! {
        {failure("The list of labels", state.labels.error, retry)}
        <div class="empty">
            <h2>"Choose a label"</h2>
            <p role="status">{move || hint()}</p>
            <div class="empty-actions">{move || names()}</div>
        </div>
    }
}

/// Why there is no map: loading, failed, an error in the filter, or no profiles.
fn why_empty(state: HeatState) -> String {
    if state.query.with(|q| q.matchers().is_err()) {
        return "Fix the error in the filter above.".to_owned();
    }
    if state.answer.error.with(Option::is_some) || state.question.services.error.with(Option::is_some) {
        return "The heat map appears here once it has been loaded.".to_owned();
    }
    if state.question.no_services() {
        return "No service has sent a profile yet.".to_owned();
    }
    let known = state.answer.data.with(|a| a.as_ref().map(|a| (a.service_known, a.type_known)));
    let Some(known) = known else { return "Loading the heat map …".to_owned() };
    let query = state.query.get();
    let service = query.service.unwrap_or_default();
    match known {
        (false, _) => {
            format!("Unknown service “{service}”: this store has no profiles of it.")
        }
        (true, false) => {
            format!("“{service}” has no {} profiles.", type_name(&query.profile_type.unwrap_or_default()))
        }
        (true, true) => {
            let (span, zone) = (state.span.get(), state.zone.get());
            let filters = if query.filter.is_empty() { "" } else { " matching these filters" };
            format!("No profiles{filters} in {}.", zone.range(span.from_ns, span.until_ns))
        }
    }
}
