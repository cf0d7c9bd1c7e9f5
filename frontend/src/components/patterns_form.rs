//! The form that sets what counts as own code of a service.

use super::field::Field;
use super::submit::SubmitForm;
use crate::api::{Sending, own_code};
use crate::browser::event::{Event, SubmitEvent, value_of};
use crate::browser::form;
use crate::reactive::{Callback, RwSignal, handler};
use crate::state::own_code::{OwnCode, from_text, to_text};
use leptos::prelude::*;

#[component]
pub(crate) fn PatternsForm(
    /// What is set; without a service to ask for its name as well.
    found: OwnCode,
    sending: Sending,
    /// Receives what was saved.
    on_saved: Callback<OwnCode>,
    /// Services that have it set already.
    #[prop(optional)]
    taken: Vec<String>,
) -> impl IntoView {
    let text = RwSignal::new(to_text(&found.patterns));
    let service = found.service;
    let name = service
        .is_empty()
        .then(|| view! { <Field id="own-service" label="Service" placeholder="checkout" /> }.into_any());
    let save = Callback::new(move |sent: SubmitEvent| {
        let service = match service.is_empty() {
            true => form::text(&sent, "own-service").trim().to_owned(),
            false => service.clone(),
        };
        if taken.contains(&service) {
            sending.refuse("Already set", "Own code of this service is in the list: edit it there.");
            return;
        }
        let saved = own_code::set(&service, &from_text(&text.get_untracked()));
        sending.send(saved, move |saved| on_saved.run(saved));
    });
    view! {
        <SubmitForm sending submit="Save" on_submit=save>
            {name}
            <div class="field">
                <label for="own-patterns">"Own code, one pattern a line"</label>
                <textarea id="own-patterns" class="input" rows="5" spellcheck="false" aria-describedby="own-hint"
                    placeholder="name: shop::" prop:value=move || text.get()
                    on:input=handler(move |e: Event| text.set(value_of(&e)))></textarea>
                <p id="own-hint" class="field-hint">"name: beginning of a function's name. package: a package and everything in it. \
                    file: part of the path of a source file."</p>
            </div>
        </SubmitForm>
    }
}
