//! The difference of an incident: the functions that moved most in a table, and the flame graph below it; or why there is none.

use super::state::IncidentState;
use crate::api::compare::DiffAnswer;
use crate::pages::compare::summary::{DiffSummary, empty_sides};
use crate::reactive::{Callback, Memo, Signal, list, shown};
use crate::state::compare::DiffView;
use crate::state::view::HistoryMode;
use crate::views::comparison::ComparisonView;
use leptos::prelude::*;

/// See the module.
#[component]
pub(super) fn Difference(state: IncidentState) -> impl IntoView {
    let both = Memo::new(move || {
        state.sides.with(Result::is_ok)
            && state.answer.data.with(|a| a.as_ref().is_some_and(DiffAnswer::has_both))
    });
    let profile = Signal::derive(move || state.answer.data.with(|a| a.as_ref().map(|a| a.profile.clone())));
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| state.show(&view, mode));
    let (verdict, over_time) = (state.verdict(), state.requests());
    let why = Memo::new(move || why_none(state));
    let reason = |text: String| view! { <p>{text}</p> }.into_any();
    let is_busy = move || state.answer.pending.get();
    view! {
        <section class="profile-section" class:stale=move || is_busy() && both.get() aria-label="Diff" aria-busy=move || is_busy().to_string()>
            {shown(move || why.with(|texts| !texts.is_empty()), move || view! {
                <div class="message" role="status"><div>{move || list(why.get().into_iter().map(reason))}</div></div>
            }.into_any())}
            {shown(move || both.get(), move || view! {
                <div class="profile-head"><DiffSummary answer=state.answer.data.into() /></div>
                <ComparisonView profile view=state.view on_view verdict over_time=Some(over_time) table_first=true />
            }.into_any())}
        </section>
    }
}

/// What is said in place of a difference, or nothing.
fn why_none(state: IncidentState) -> Vec<String> {
    if let Err(why) = state.sides.get() {
        let label = state.baseline().label();
        return vec![format!("{label}: {why} Choose another baseline above.")];
    }
    if let Some(texts) = state.answer.data.with(|a| a.as_ref().map(empty_sides)) {
        let is_expired = !texts.is_empty() && state.is_expired();
        let expired = "This window is older than what this server keeps: its profiles have been dropped.";
        return texts.into_iter().chain(is_expired.then(|| expired.to_owned())).collect();
    }
    vec![waiting(state).to_owned()]
}

/// What is said before there is an answer.
fn waiting(state: IncidentState) -> &'static str {
    let services = state.question.services;
    let has_failed = state.answer.error.with(Option::is_some)
        || services.error.with(Option::is_some) && state.incident.with(|i| i.profile_type.is_none());
    match has_failed {
        true => "The diff appears here once it has been loaded.",
        false if state.chosen.pending.get() => "Choosing a baseline …",
        false => "Loading both sides …",
    }
}
