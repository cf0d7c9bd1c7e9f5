//! Labels: what each value of a label costs, over one service or over all, and which value differs from the others. Two values can
//! be compared.

mod own_code;
mod picked;
mod row;
mod state;
mod table;
mod toolbar;

use crate::browser::history::Address;
use crate::browser::page;
use crate::components::notice::by_cause;
use crate::reactive::{Memo, effect};
use leptos::prelude::*;
use own_code::OwnCodeOfService;
use state::LabelsState;
use table::Values;
use toolbar::Toolbar;

#[component]
pub(crate) fn Labels(address: Address) -> impl IntoView {
    let state = LabelsState::new(address);
    effect(move || {
        let label = state.query.with(|q| q.by.clone()).unwrap_or_else(|| "Labels".to_owned());
        page::set_title(&format!("{label} · Flarepath"));
    });
    state.question.on_shortcuts();
    let errors = Memo::new(move || {
        by_cause([
            ("the values", state.first.error.get()),
            ("more values", state.more.error.get()),
            ("the list of labels", state.names.error.get()),
            ("the list of services", state.question.services.error.get()),
        ])
    });
    let busy = move || state.first.pending.get() || state.more.pending.get() || state.names.pending.get();
    view! {
        <h1 class="visually-hidden">"Labels"</h1>
        <Toolbar state />
        {state.question.failures(errors)}
        <section class="profile-section" aria-label="Values" aria-busy=move || busy().to_string()
            class:stale=move || state.first.pending.get() && state.first.data.with(Option::is_some)>
            <Values state />
        </section>
        <OwnCodeOfService state />
        <p class="visually-hidden" role="status">{move || if busy() { "Loading" } else { "" }}</p>
    }
}
