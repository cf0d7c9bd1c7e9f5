//! Recent changes: the markers of the time with what they lead to.

use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::browser::clock;
use crate::components::notice::by_cause;
use crate::components::timestamp::Timestamp;
use crate::context::utc::Utc;
use crate::reactive::{Memo, list, shown};
use crate::state::clock_text::Zone;
use crate::state::markers::{MarkerList, time};
use crate::state::service_changes::{ChangeRow, MOST, change_rows};
use crate::state::time_text::MS;
use leptos::prelude::*;

/// See the module.
pub(super) fn changes(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let answer = state.markers.answer;
    let phase = Memo::new(move || {
        let has_failed = answer.error.with(Option::is_some);
        let empty = |found: &MarkerList| {
            found
                .markers
                .is_empty()
                .then(|| "No marker in this time range: no deploy or other change is known.".to_owned())
        };
        answer.data.with(|found| Phase::of(found.as_ref(), has_failed, empty))
    });
    let failed = Memo::new(move || by_cause([("the markers", answer.error.get())]));
    panel(state, section, phase, failed, move || rows(state))
}

fn rows(state: ServiceState) -> AnyView {
    let utc = expect_context::<Utc>().0;
    let rows = Memo::new(move || {
        let now_ns = state.question.now_ms.get().saturating_mul(MS);
        let (query, span) = (state.query.get(), state.span.get());
        state.markers.answer.data.with(|found| {
            found.as_ref().map(|found| change_rows(&found.markers, &query, span, now_ns)).unwrap_or_default()
        })
    });
    let note = Memo::new(move || {
        state.markers.answer.data.with(|found| match found {
            Some(found) if found.markers.len() > MOST => {
                format!("The newest {MOST} of {} markers are shown.", found.markers.len())
            }
            Some(found) => found.note.clone(),
            None => String::new(),
        })
    });
    let row = move |row: ChangeRow| change(row, clock::zone(utc.get()), state.span.get().end_ms());
    view! {
        <ul class="service-changes">{move || list(rows.get().into_iter().map(row))}</ul>
        {shown(move || note.with(|text| !text.is_empty()), move || view! { <p class="muted">{move || note.get()}</p> }.into_any())}
    }
    .into_any()
}

fn change(row: ChangeRow, zone: Zone, seen_from_ms: i64) -> AnyView {
    let ChangeRow { at_ms, title, text, link, compare, incident } = row;
    let text = (!text.is_empty()).then(|| view! { <span>{text}</span> }.into_any());
    let link = (!link.is_empty())
        .then(|| view! { <a href=link target="_blank" rel="noopener noreferrer">"Link"</a> }.into_any());
    view! {
        <li>
            <span class="service-time">{time(zone, at_ms, seen_from_ms)}" ("<Timestamp ms=at_ms />")"</span>
            <strong>{title}</strong>
            {text}
            <a href=compare>"Before and after"</a>
            <a href=incident>"What changed here?"</a>
            {link}
        </li>
    }
    .into_any()
}
