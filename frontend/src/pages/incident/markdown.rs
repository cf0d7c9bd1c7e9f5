//! The button that copies an incident as Markdown. What it copies is on screen: nothing is stored, and no one else can see it.

use super::state::IncidentState;
use crate::browser::{clipboard, clock, page};
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, handler};
use crate::state::compare::DiffView;
use crate::state::incident::Incident;
use crate::state::incident_text::{IncidentFacts, markdown};
use crate::state::profile_types::type_name;
use crate::state::time_text::End;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

/// See the module.
#[component]
pub(super) fn CopyMarkdown(state: IncidentState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let verdict = state.verdict();
    let text = Memo::new(move || {
        let facts = facts(state, utc.get());
        verdict.with(|verdict| verdict.as_ref().map(|verdict| markdown(&facts, verdict)))
    });
    let status = RwSignal::new(String::new());
    let copy = move |_| {
        let Some(text) = text.get_untracked() else { return };
        clipboard::copy(text, move |copied| {
            let said = if copied { "Markdown copied." } else { "Clipboard access denied by the browser." };
            status.set(said.to_owned());
        });
    };
    view! {
        <button class="button" type="button" data-command="markdown" disabled=move || text.with(Option::is_none)
            title="Copy the verdict, its functions and a link as Markdown" on:click=handler(copy)>"Copy Markdown"</button>
        <span class="copy-status" role="status">{move || status.get()}</span>
    }
}

/// The incident in words, with relative times written out.
fn facts(state: IncidentState, utc: bool) -> IncidentFacts {
    let (zone, window) = (clock::zone(utc), state.window.get());
    let now_ms = state.question.now_ms.get();
    let incident = state.incident.get();
    let baseline = state.sides.get().ok().flatten().map(|sides| {
        let span = state.span_in(&sides, Side::Baseline);
        let name = state.baseline_name().unwrap_or_default();
        ("Baseline", format!("{name}, {}", zone.range(span.from_ns, span.until_ns)))
    });
    let profile_type = incident.profile_type.as_deref().map(|id| ("Profile type", type_name(id)));
    let selector = Some(incident.selector.clone()).filter(|text| !text.is_empty());
    let times = ("Window", zone.range(window.from_ns, window.until_ns));
    let selector = selector.map(|text| ("Selector", text));
    let pinned = |end: Option<End>| end.map(|end| End::At(end.resolve(now_ms)));
    let exact = Incident { at: pinned(incident.at), until: pinned(incident.until), ..incident };
    IncidentFacts {
        title: state.title(zone),
        rows: profile_type.into_iter().chain(selector).chain([times]).chain(baseline).collect(),
        link: format!("{}{}", page::origin(), exact.path(&DiffView::default())),
    }
}
