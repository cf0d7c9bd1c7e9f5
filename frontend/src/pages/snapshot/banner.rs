//! The banner of a snapshot: when it was taken, by whom, of which time range, and what was removed.

use super::ShareState;
use crate::api::shares::{self, Opened, SnapshotData};
use crate::browser::download;
use crate::reactive::{RwSignal, handler};
use crate::state::share::Visibility;
use crate::views::share::created_share::save_page;
use crate::views::share::sanitize_preview::sanitize_preview;
use crate::views::share::snapshot_facts::{facts_line, origin_facts, removed_text, utc};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub(crate) fn Banner(state: ShareState) -> impl IntoView {
    let facts = move || {
        let opened = state.opened.data.get();
        let snapshot = state.snapshot.data.get();
        opened.zip(snapshot).map(|(opened, snapshot)| facts(&opened, &snapshot)).unwrap_or_default()
    };
    let removed = move || {
        let report = state.snapshot.data.with(|f| f.as_ref().and_then(|f| f.report.clone()))?;
        Some(view! { <details class="share-names"><summary>{removed_text(&report)}</summary>{sanitize_preview(&report)}</details> }.into_any())
    };
    view! {
        <div class="snapshot-banner" role="note" aria-label="Snapshot">
            {move || facts_line(facts())}
            {move || removed()}
            <Files state />
        </div>
    }
}

fn facts(opened: &Opened, snapshot: &SnapshotData) -> Vec<String> {
    let by = if opened.owner.is_empty() { String::new() } else { format!(" by {}", opened.owner) };
    let mut facts = vec![format!("taken {}{by}", utc(opened.created_ms))];
    facts.extend(origin_facts(snapshot));
    if opened.visibility == Visibility::Link {
        facts.push("anyone with the link".to_owned());
    }
    if let Some(ms) = opened.expires_ms {
        facts.push(format!("expires {}", utc(ms)));
    }
    facts
}

/// Downloads of the snapshot.
#[component]
fn Files(state: ShareState) -> impl IntoView {
    let status = RwSignal::new(String::new());
    let key = move || state.place.with(|p| p.key.clone());
    let save = move |_| {
        let key = state.place.with_untracked(|p| p.key.clone());
        status.set("Preparing the page …".to_owned());
        spawn_local(async move {
            status.set(download::outcome(save_page(&key).await));
        });
    };
    view! {
        <div class="share-row">
            <a class="button" href=move || shares::pprof_path(&key()) download="">"Download pprof"</a>
            <button class="button" type="button" on:click=handler(save)>"Download offline page (HTML)"</button>
            <span role="status">{move || status.get()}</span>
        </div>
    }
}
