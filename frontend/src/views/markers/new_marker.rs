//! The dialog that adds a marker. What is wrong is said at its field, whether the page or the server found it.

use crate::api::{Sending, markers};
use crate::browser::event::SubmitEvent;
use crate::browser::{clock, form};
use crate::components::field::Choose;
use crate::components::modal::Modal;
use crate::components::submit::SubmitForm;
use crate::context::utc::Utc;
use crate::reactive::{Callback, RwSignal, Signal, effect};
use crate::state::marker_form::{MarkerForm, Problem, field_of};
use crate::state::markers::Kind;
use crate::state::time_text::End;
use crate::views::timeline::markers::Markers;
use leptos::prelude::*;

#[component]
pub(super) fn NewMarkerDialog(markers: Markers, on_done: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(true);
    effect(move || {
        if !open.get() {
            markers.adding.set(None);
        }
    });
    let service = markers.about.get_untracked().map(|(_, service, _)| service).unwrap_or_default();
    let title = format!("New marker for {service}");
    let at_ns = markers.adding.get_untracked().unwrap_or_default();
    view! {
        <Modal id="new-marker" title=Signal::derive(move || title.clone()) open>
            <Form service=service.clone() at_ns open on_done />
        </Modal>
    }
}

#[component]
fn Form(service: String, at_ns: i64, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let problems = RwSignal::new(Vec::<Problem>::new());
    let utc = expect_context::<Utc>().0;
    // What the server says of a field moves to it.
    effect(move || {
        let Some(error) = sending.error.get() else { return };
        if let Some(field) = field_of(&error.detail) {
            sending.error.set(None);
            problems.set(vec![(field, error.detail)]);
        }
    });
    let create = Callback::new(move |sent: SubmitEvent| {
        let text = |name| form::text(&sent, name).trim().to_owned();
        let filled = MarkerForm {
            kind: text("marker-kind"),
            time: text("marker-time"),
            version: text("marker-version"),
            text: text("marker-text"),
            url: text("marker-url"),
        };
        let zone = clock::zone(utc.get_untracked());
        match filled.checked(service.clone(), zone, clock::now_ms()) {
            Err(found) => problems.set(found),
            Ok(new) => {
                problems.set(Vec::new());
                sending.send(markers::create(new), move |()| {
                    open.set(false);
                    on_done.run(());
                });
            }
        }
    });
    let zone = clock::zone(utc.get_untracked());
    let time = End::At(at_ns).field_text(zone);
    let time_label = format!("Time ({})", zone.name(at_ns.div_euclid(1_000_000)));
    // Deploys are what people mostly add by hand.
    let mut kinds = Kind::ALL;
    kinds.sort_by_key(|kind| *kind != Kind::Deploy);
    let kinds = kinds.map(|kind| (kind.word().to_owned(), kind.noun().to_owned())).to_vec();
    view! {
        <SubmitForm sending submit="Add marker" on_submit=create>
            <Choose id="marker-kind" label="Kind" value="deploy" choices=kinds />
            {line(problems, "time", "marker-time", time_label, time)}
            {line(problems, "version", "marker-version", "Version (optional)".to_owned(), String::new())}
            {line(problems, "text", "marker-text", "Text (optional)".to_owned(), String::new())}
            {line(problems, "url", "marker-url", "Link (optional)".to_owned(), String::new())}
        </SubmitForm>
    }
}

/// A field of text with what is wrong with it.
fn line(
    problems: RwSignal<Vec<Problem>>,
    field: &'static str,
    id: &'static str,
    label: String,
    value: String,
) -> AnyView {
    let problem = Signal::derive(move || {
        problems.with(|all| all.iter().find(|(of, _)| *of == field).map(|(_, text)| text.clone()))
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="input" id=id name=id type="text" autocomplete="off" autocapitalize="none" spellcheck="false" prop:value=value
                aria-invalid=move || problem.with(Option::is_some).then_some("true") aria-describedby=format!("{id}-error") />
            <span class="field-error" id=format!("{id}-error") role="alert">{move || problem.get()}</span>
        </div>
    }
    .into_any()
}
