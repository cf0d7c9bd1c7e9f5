//! The banner of a snapshot: when it was taken, by whom, of which time range, and what was removed.

use super::ShareState;
use crate::api::shares::{self, Opened, SnapshotData};
use crate::browser::download;
use crate::reactive::{RwSignal, handler, list};
use crate::state::clock_text::{civil, span_text};
use crate::state::share::Visibility;
use crate::views::share::created_share::save_page;
use crate::views::share::sanitize_preview::sanitize_preview;
use flarepath_profile::units::{Unit, format_value};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// `2026-11-21 14:05 UTC`: people in different places read the same.
pub(crate) fn utc(ms: i64) -> String {
    let at = civil(ms, 0);
    format!("{} {:02}:{:02} UTC", at.date(), at.hour, at.minute)
}

#[component]
pub(crate) fn Banner(state: ShareState) -> impl IntoView {
    let facts = move || {
        let opened = state.opened.data.get();
        let snapshot = state.snapshot.data.get();
        opened.zip(snapshot).map(|(opened, snapshot)| facts(&opened, &snapshot)).unwrap_or_default()
    };
    let removed = move || {
        let report = state.snapshot.data.with(|f| f.as_ref().and_then(|f| f.report.clone()))?;
        let many = report.removed_lines().len();
        let head = match many {
            0 => "Nothing was removed".to_owned(),
            1 => "1 kind of data was removed".to_owned(),
            many => format!("{many} kinds of data were removed"),
        };
        Some(view! { <details class="share-names"><summary>{format!("{head} (policy: {})", report.policy)}</summary>{sanitize_preview(&report)}</details> }.into_any())
    };
    let one = |text: String| view! { <span>{text}</span> }.into_any();
    view! {
        <div class="snapshot-banner" role="note" aria-label="Snapshot">
            <p><strong>"Snapshot"</strong>{move || list(facts().into_iter().map(one))}</p>
            {move || removed()}
            <Files state />
        </div>
    }
}

fn facts(opened: &Opened, snapshot: &SnapshotData) -> Vec<String> {
    let by = if opened.owner.is_empty() { String::new() } else { format!(" by {}", opened.owner) };
    let mut facts = vec![format!("taken {}{by}", utc(opened.created_ms))];
    let many = snapshot.sides.len() > 1;
    for side in &snapshot.sides {
        let what = if many { format!("{} ", side.label) } else { String::new() };
        if let Some(span) = side.span {
            facts.push(format!("{what}{} UTC", span_text(span.from_ms, span.until_ms, 0)));
        }
        if !side.selector.is_empty() && side.selector != "{}" {
            facts.push(format!("{what}{}", side.selector));
        }
        let covered = (side.covered_ns > 0).then(|| {
            let time = format_value(side.covered_ns as f64, &Unit::parse("nanoseconds"));
            let all = if side.replicas > 1 {
                format!(" by {} replicas together", side.replicas)
            } else {
                String::new()
            };
            format!("{time} covered{all}")
        });
        let known: Vec<String> = covered.into_iter().chain(side.facts.iter().cloned()).collect();
        if !known.is_empty() {
            facts.push(format!("{what}{}", known.join(", ")));
        }
    }
    facts.extend(snapshot.facts.iter().cloned());
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
    let id = move || state.place.with(|p| p.id.clone());
    let save = move |_| {
        let id = state.place.with_untracked(|p| p.id.clone());
        status.set("Preparing the page …".to_owned());
        spawn_local(async move {
            status.set(download::outcome(save_page(&id).await));
        });
    };
    view! {
        <div class="share-row">
            <a class="button" href=move || shares::pprof_path(&id()) download="">"Download pprof"</a>
            <button class="button" type="button" on:click=handler(save)>"Download offline page (HTML)"</button>
            <span role="status">{move || status.get()}</span>
        </div>
    }
}
