//! An entry of the audit log, with the fields that it changed.

use crate::components::timestamp::exact;
use crate::reactive::list;
use crate::state::audit::{ChangedField, changes, summary};
use crate::state::browser_name::browser_name;
use crate::state::people::AuditEntry;
use leptos::prelude::*;

/// The rows of an entry: one for the event, one for its changes.
pub(crate) fn entry(entry: AuditEntry) -> AnyView {
    let ms = entry.at_ns.div_euclid(1_000_000);
    let sentence = summary(&entry.after).map(|text| view! { <span class="audit-summary">{text}</span> });
    let changed = changes(&entry.before, &entry.after);
    let object = if entry.object_name.is_empty() { entry.object_id.clone() } else { entry.object_name };
    let actor = if entry.actor_name.is_empty() { entry.actor_kind.clone() } else { entry.actor_name };
    let request = (!entry.request_id.is_empty()).then(|| format!("request {}", entry.request_id));
    let agent = (!entry.user_agent.is_empty()).then(|| browser_name(&entry.user_agent));
    let small = [agent, request].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let details = (!changed.is_empty()).then(|| {
        view! {
            <tr class="audit-change"><td colspan="5"><details><summary>"Changes"</summary><Changes changed /></details></td></tr>
        }
    });
    view! {
        <tbody>
            <tr>
                <th scope="row">{move || exact(ms)}</th>
                <td data-label="Actor">{actor}<span class="row-small">{entry.actor_kind}</span></td>
                <td data-label="Action"><code>{entry.action}</code>{sentence}</td>
                <td data-label="Object" title=entry.object_id>{object}<span class="row-small">{entry.object_kind}</span></td>
                <td data-label="Source">{entry.ip}<span class="row-small">{small}</span></td>
            </tr>
            {details}
        </tbody>
    }
    .into_any()
}

/// Milliseconds since the epoch, where a value can only be an instant: records keep them in nanoseconds.
fn instant_of(text: &str) -> Option<i64> {
    const YEAR_2001: i64 = 1_000_000_000_000_000_000;
    text.parse::<i64>().ok().filter(|ns| *ns > YEAR_2001).map(|ns| ns / 1_000_000)
}

#[component]
fn Changes(changed: Vec<ChangedField>) -> impl IntoView {
    let side = |text: Option<String>| match text {
        Some(text) => match instant_of(&text) {
            Some(ms) => view! { <code title=text>{move || exact(ms)}</code> }.into_any(),
            None => view! { <code>{text}</code> }.into_any(),
        },
        None => view! { <span class="muted">"–"</span> }.into_any(),
    };
    let row = |field: ChangedField| {
        view! {
            <tr><th scope="row">{field.name}</th><td class="was">{side(field.before)}</td><td class="is">{side(field.after)}</td></tr>
        }
        .into_any()
    };
    view! {
        <table class="changes">
            <thead><tr><th scope="col">"Field"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
            <tbody>{list(changed.into_iter().map(row))}</tbody>
        </table>
    }
}
