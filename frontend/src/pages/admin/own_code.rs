//! Services whose own code is set, by whom and when.

use crate::api::{Fetch, Sending, own_code};
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::modal::{Modal, open_while};
use crate::components::patterns_form::PatternsForm;
use crate::components::section::Section;
use crate::components::timestamp::Timestamp;
use crate::reactive::{Callback, RwSignal, Signal, list};
use crate::state::own_code::{OwnCode, OwnPattern, pattern_text};
use leptos::prelude::*;

#[component]
pub(crate) fn OwnCodeOfServices() -> impl IntoView {
    let all = Fetch::<Vec<OwnCode>>::new();
    let reload = Callback::new(move |()| all.start(own_code::all));
    reload.run(());
    let question = RwSignal::new(None::<Question>);
    let editing = RwSignal::new(None::<OwnCode>);
    let status = RwSignal::new(String::new());
    let rows = move |found: Vec<OwnCode>| {
        let rows = found.into_iter().map(move |own| row(own, question, editing));
        data_table("Own code", &["Service", "Patterns", "Set"], rows)
    };
    let open = open_while(editing);
    let title = Signal::derive(move || {
        let service = editing.with(|own| own.as_ref().map(|own| own.service.clone()).unwrap_or_default());
        if service.is_empty() { "Set own code".to_owned() } else { format!("Own code of {service}") }
    });
    let on_saved = Callback::new(move |own: OwnCode| {
        open.set(false);
        status.set(format!("Own code of {} is set.", own.service));
        reload.run(());
    });
    let on_removed = Callback::new(move |()| {
        status.set("Own code of the service is guessed again.".to_owned());
        reload.run(());
    });
    let body = move || {
        let found = editing.get()?;
        let taken: Vec<String> = match found.service.is_empty() {
            true => all.data.get_untracked().into_iter().flatten().map(|own| own.service).collect(),
            false => Vec::new(),
        };
        let sending = Sending::default();
        Some(view! { <div class="patterns"><PatternsForm found sending on_saved taken /></div> }.into_any())
    };
    let add = Callback::new(move |()| editing.set(Some(OwnCode::default())));
    view! {
        <Section id="own-code-title" title="Own code" action="Set own code…" on_action=add main=true>
            <p class="muted about">"Verdicts name the function in a service's own code that explains a change. What counts as own code is guessed, except for these services."</p>
            {listing("The list of own code", all, reload, "Own code is not set for any service: it is guessed for all.", rows)}
            <p role="status">{move || status.get()}</p>
            <Modal id="edit-own-code" title open>{body}</Modal>
            <Confirm id="confirm-own-code" question on_done=on_removed />
        </Section>
    }
}

fn row(own: OwnCode, question: RwSignal<Option<Question>>, editing: RwSignal<Option<OwnCode>>) -> AnyView {
    let OwnCode { service, patterns, changed_by, changed_ms, .. } = own.clone();
    let pattern = |p: &OwnPattern| view! { <code class="row-code">{pattern_text(p)}</code> }.into_any();
    let patterns = match patterns.is_empty() {
        true => view! { <span class="muted">"none: all functions are library code"</span> }.into_any(),
        false => list(patterns.iter().map(pattern)),
    };
    let edit =
        row_action("Edit…", format!("Edit own code of {service}"), move || editing.set(Some(own.clone())));
    let name = service.clone();
    let remove = row_action("Remove…", format!("Remove own code of {service}"), move || {
        let (title, service) = (format!("Remove own code of {name}?"), name.clone());
        let text = "It is guessed again, for everyone. The audit log keeps the patterns.";
        question.set(Some(Question::new(title, text, "Remove", move || own_code::reset(&service))));
    });
    view! {
        <tr>
            <th scope="row">{service}</th>
            <td data-label="Patterns">{patterns}</td>
            <td data-label="Set"><Timestamp ms=changed_ms /><span class="row-small">"by "{changed_by}</span></td>
            <td class="row-actions">{edit}{remove}</td>
        </tr>
    }
    .into_any()
}
