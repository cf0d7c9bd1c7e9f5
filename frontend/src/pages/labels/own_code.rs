//! Rules for the own code of the service: shown to all, changed by its editors. Requested when they are opened.

use super::state::LabelsState;
use crate::api::{Fetch, Sending, own_code};
use crate::components::notice::{failure, message};
use crate::components::patterns_form::PatternsForm;
use crate::reactive::{Callback, Memo, RwSignal, effect, handler, shown};
use crate::state::own_code::{OwnCode, to_text};
use leptos::prelude::*;

/// The disclosure; there is none while all services are shown.
#[component]
pub(super) fn OwnCodeOfService(state: LabelsState) -> impl IntoView {
    let service = Memo::new(move || {
        let all = state.view.with(|v| v.all);
        state.query.with(|q| q.service.clone()).filter(|_| !all)
    });
    let store = Memo::new(move || state.query.with(|q| q.store.clone()));
    let (open, answer) = (RwSignal::new(false), Fetch::<OwnCode>::new());
    let ask = Callback::new(move |()| match service.get_untracked() {
        Some(service) => answer.start(|_| own_code::own_code(store.get_untracked(), service)),
        None => answer.clear(),
    });
    effect(move || {
        service.get();
        store.get();
        answer.clear();
        if open.get() {
            ask.run(());
        }
    });
    let body = move || match answer.data.get() {
        Some(found) => view! { <Own found answer ask /> }.into_any(),
        None if answer.error.with(Option::is_none) => message("Loading …"),
        None => ().into_any(),
    };
    let press = move |_| open.update(|open| *open = !*open);
    view! {
        {shown(move || service.with(Option::is_some), move || view! {
            <section class="own-code" aria-label="Own code">
                <button type="button" class="button quiet" aria-expanded=move || open.get().to_string() on:click=handler(press)>
                    {move || format!("Own code of {}", service.get().unwrap_or_default())}</button>
                {failure("Own code", answer.error, ask)}
                {shown(move || open.get(), move || view! { <div class="card">{move || body()}</div> }.into_any())}
            </section>
        }.into_any())}
    }
}

/// What is set, or that it is guessed; with the form for those who may change it.
#[component]
fn Own(found: OwnCode, answer: Fetch<OwnCode>, ask: Callback<()>) -> impl IntoView {
    let state = match found.is_set {
        true => format!("Set by {}. All other functions are library code.", found.changed_by),
        false => "Guessed from names, files and binaries.".to_owned(),
    };
    let text = to_text(&found.patterns);
    let body = match (found.editable, text.is_empty()) {
        (true, _) => view! { <Form found answer ask /> }.into_any(),
        (false, false) => view! { <pre>{text}</pre> }.into_any(),
        (false, true) => ().into_any(),
    };
    view! {
        <p class="muted">"Verdicts name the function of own code that explains a change. " {state}</p>
        {body}
    }
}

#[component]
fn Form(found: OwnCode, answer: Fetch<OwnCode>, ask: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let (service, is_set) = (found.service.clone(), found.is_set);
    let on_saved = Callback::new(move |saved: OwnCode| answer.data.set(Some(saved)));
    let reset = move |_| {
        sending.send(own_code::reset(&service), move |()| ask.run(()));
    };
    view! {
        <PatternsForm found sending on_saved />
        {is_set.then(|| view! {
            <button type="button" class="button" on:click=handler(reset)>"Use the guess"</button>
        }.into_any())}
    }
}
