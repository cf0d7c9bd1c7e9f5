//! An entry of the audit log: a sentence, and its details.

use crate::components::timestamp::exact;
use crate::reactive::list;
use crate::state::audit::{ChangedField, changes};
use crate::state::audit_words::sentence;
use crate::state::browser_name::browser_name;
use crate::state::people::AuditEntry;
use leptos::prelude::*;

/// The row of an entry: what happened in words, with codes, ids and changed fields behind a click.
pub(crate) fn entry(entry: AuditEntry) -> AnyView {
    let ms = entry.at_ns.div_euclid(1_000_000);
    let (text, ip) = (sentence(&entry), entry.ip.clone());
    view! {
        <tr>
            <th scope="row">{move || exact(ms)}</th>
            <td data-label="Event"><span class="audit-summary">{text}</span>
                <details><summary>"Details"</summary><Details entry /></details></td>
            <td data-label="Address">{ip}</td>
        </tr>
    }
    .into_any()
}

/// A name with its kind and id, as far as there are any.
fn identity(name: &str, kind: &str, id: &str) -> String {
    let parts = [name, kind, id].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

#[component]
fn Details(entry: AuditEntry) -> impl IntoView {
    let browser = match entry.user_agent.is_empty() {
        true => String::new(),
        false => format!("{} ({})", browser_name(&entry.user_agent), entry.user_agent),
    };
    let facts = [
        ("Action", entry.action.clone()),
        ("Actor", identity(&entry.actor_name, &entry.actor_kind, &entry.actor_id)),
        ("Object", identity(&entry.object_name, &entry.object_kind, &entry.object_id)),
        ("Browser", browser),
        ("Request", entry.request_id.clone()),
    ];
    let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
    let fact = |(name, text): (&'static str, String)| {
        view! { <div><dt>{name}</dt><dd><code>{text}</code></dd></div> }.into_any()
    };
    let changed = changes(&entry.before, &entry.after);
    let changed = (!changed.is_empty()).then(|| view! { <Changes changed /> }.into_any());
    view! {
        <dl class="facts audit-facts">{list(facts.map(fact))}</dl>
        {changed}
    }
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
