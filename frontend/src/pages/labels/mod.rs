//! Labels: what each value of a label costs, with its timeline. Two values can be compared.

pub(crate) mod rows;
mod state;
pub(crate) mod table;

use crate::browser::history::Address;
use crate::browser::page;
use crate::components::combobox::Combobox;
use crate::components::filter_bar::FilterBar;
use crate::components::notice::by_cause;
use crate::pages::question::pickers::{QuestionPickers, label_choices};
use crate::reactive::{Callback, Memo, Signal, effect};
use crate::state::query::Query;
use flarepath_profile::labels::SERVICE_NAME;
use leptos::prelude::*;
use state::LabelsState;
use table::ValuesTable;

#[component]
pub(crate) fn Labels(address: Address) -> impl IntoView {
    let state = LabelsState::new(address);
    effect(move || {
        let label = state.query.with(|q| q.by.clone()).unwrap_or_else(|| "Labels".to_owned());
        page::set_title(&format!("{label} · Flarepath"));
    });
    state.question.on_shortcuts("service");
    let errors = Memo::new(move || {
        by_cause([
            ("the timelines", state.series.error.get()),
            ("the list of values", state.values.error.get()),
            ("the list of labels", state.names.error.get()),
            ("the list of services", state.question.services.error.get()),
        ])
    });
    let busy = move || state.series.pending.get() || state.names.pending.get();
    view! {
        <h1 class="visually-hidden">"Labels"</h1>
        <Toolbar state />
        {state.question.failures(errors)}
        <section class="profile-section" aria-label="Values" aria-busy=move || busy().to_string()
            class:stale=move || state.series.pending.get() && state.series.data.with(Option::is_some)>
            <ValuesTable state />
        </section>
        <p class="visually-hidden" role="status">{move || if busy() { "Loading" } else { "" }}</p>
    }
}

/// The label and the question.
#[component]
fn Toolbar(state: LabelsState) -> impl IntoView {
    let label = Signal::derive(move || state.query.with(|q| q.by.clone().unwrap_or_default()));
    let labels = Signal::derive(move || {
        let mut choices = state.names.data.with(label_choices);
        choices.retain(|choice| choice.value != SERVICE_NAME);
        choices
    });
    let choose_label =
        Callback::new(move |name| state.go(&Query { by: Some(name), ..state.query.get_untracked() }));
    let on_query = Callback::new(move |query: Query| state.go(&query));
    let on_subject = Callback::new(move |query: Query| {
        // Another service has other labels.
        let same = query.service == state.query.with_untracked(|q| q.service.clone());
        state.go(&Query { by: query.by.clone().filter(|_| same), ..query });
    });
    view! {
        <div class="toolbar" role="region" aria-label="Query">
            <Combobox id="label" label="Label" shown=label choices=labels on_choose=choose_label placeholder="label" />
            <QuestionPickers question=state.question span=state.span on_subject on_query
                busy=Signal::derive(move || state.series.pending.get()) />
        </div>
        <div class="subbar"><FilterBar query=state.query span=state.span on_query /></div>
    }
}
