//! Compare: the diff of two profiles, of two versions, times, replicas, files or types.

pub(crate) mod browser_diff;
pub(crate) mod empty_side;
pub(crate) mod file_side;
pub(crate) mod marker_time;
pub(crate) mod markers;
pub(crate) mod offer_list;
pub(crate) mod offers;
pub(crate) mod presets;
pub(crate) mod query_line;
pub(crate) mod second_type;
pub(crate) mod side;
pub(crate) mod side_button;
mod state;
pub(crate) mod summary;
pub(crate) mod timeline;

use crate::api::compare::DiffAnswer;
use crate::browser::history::Address;
use crate::browser::{clock, page};
use crate::components::notice::{by_cause, message};
use crate::components::print_head::PrintHead;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, Signal, effect, shown};
use crate::state::compare::DiffView;
use crate::state::compare_source::{Source, Sources};
use crate::state::verdict::Verdict;
use crate::state::view::HistoryMode;
use crate::views::comparison::ComparisonView;
use crate::views::comparison::verdict::VerdictCard;
use crate::views::markers::marker_dialogs;
use browser_diff::BrowserDiff;
use empty_side::EmptySides;
use flarepath_profile::diff::Side;
use leptos::prelude::*;
use query_line::CompareLine;
use state::CompareState;
use summary::DiffSummary;
use timeline::CompareTimeline;

#[component]
pub(crate) fn Compare(address: Address) -> impl IntoView {
    let state = CompareState::new(address);
    effect(move || {
        let service = state.sides.with(|s| s.comparison.service.clone()).unwrap_or_default();
        page::set_title(&format!("Compare {service} · Flarepath"));
    });
    state.question.on_shortcuts();
    let busy = move || {
        let answers = state.chosen.pending.get() || state.answer.pending.get();
        answers || state.trees.iter().any(|tree| tree.pending.get())
    };
    let plain = Memo::new(move || state.sources.with(Sources::is_plain));
    let body = move || match plain.get() {
        true => view! { <ServerDiff state /> }.into_any(),
        false => view! { <BrowserDiff state /> }.into_any(),
    };
    let errors = Memo::new(move || {
        let [baseline, comparison] = state.trees.map(|tree| tree.error);
        by_cause([
            ("the diff", state.answer.error.get()),
            ("the verdict", state.verdict.error.get()),
            ("the choice of a baseline", state.chosen.error.get()),
            ("the list of services", state.question.services.error.get()),
            ("the baseline", baseline.get()),
            ("the comparison", comparison.get()),
        ])
    });
    view! {
        <h1 class="visually-hidden">"Compare"</h1>
        {printed(state)}
        <CompareLine state />
        {state.question.failures(errors)}
        <CompareTimeline state />
        {marker_dialogs(state.markers)}
        <section class="profile-section" class:stale=move || busy() class:fills-window=move || plain.get() && has_both(state) aria-label="Diff" aria-busy=move || busy().to_string()>
            {move || body()}
        </section>
        <p class="visually-hidden" role="status">{move || if busy() { "Loading" } else { "" }}</p>
    }
}

/// What paper shows in place of the controls.
fn printed(state: CompareState) -> AnyView {
    let utc = expect_context::<Utc>().0;
    let side = move |(side, name): (Side, &str)| {
        let stored = state.sources.with(|s| s.on(side) == Source::Stored);
        let (span, zone) = (state.span(side).get(), clock::zone(utc.get()));
        let stored = stored.then(|| {
            let subject = state.sides.with(|s| s.of(side).subject());
            format!("{name}: {subject} · {}", zone.range(span.from_ns, span.until_ns))
        });
        stored.unwrap_or_else(|| format!("{name}: a local file"))
    };
    let lines = Signal::derive(move || {
        [(Side::Baseline, "Baseline"), (Side::Comparison, "Comparison")].map(side).to_vec()
    });
    view! { <PrintHead lines path=Signal::derive(move || state.pinned_path()) /> }.into_any()
}

/// The verdict and the diff that the server makes, or why there is none.
#[component]
fn ServerDiff(state: CompareState) -> impl IntoView {
    let both = Memo::new(move || has_both(state));
    let profile = Signal::derive(move || state.answer.data.with(|a| a.as_ref().map(|a| a.profile.clone())));
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| state.show(&view, mode));
    let verdict: Signal<Option<Verdict>> = state.verdict.data.into();
    let over_time = state.requests();
    let instead = Signal::derive(move || match state.verdict.error.with(Option::is_some) {
        true => "The verdict appears here once it has been loaded.".to_owned(),
        false => "Comparing both sides …".to_owned(),
    });
    view! {
        {move || why_empty(state).map(message)}
        <EmptySides state />
        {shown(move || both.get(), move || view! {
            <div class="profile-head">
                <VerdictCard verdict instead />
                <DiffSummary answer=state.answer.data.into() />
            </div>
            <ComparisonView profile view=state.view on_view verdict over_time=Some(over_time) />
        }.into_any())}
    }
}

/// Whether there is an answer with profiles on both sides.
fn has_both(state: CompareState) -> bool {
    state.answer.data.with(|a| a.as_ref().is_some_and(DiffAnswer::has_both))
}

/// What to say before there is an answer.
fn why_empty(state: CompareState) -> Option<&'static str> {
    if state.sides.with(|s| s.baseline.matchers().is_err() || s.comparison.matchers().is_err()) {
        return Some("Fix the error in the filter above.");
    }
    if state.answer.data.with(Option::is_some) {
        return None;
    }
    let services_failed = state.question.services.error.with(Option::is_some);
    Some(match services_failed || state.answer.error.with(Option::is_some) {
        true => "The diff appears here once it has been loaded.",
        false if state.question.no_services() => "No service has sent a profile yet.",
        false if state.chosen.pending.get() => "Choosing a baseline …",
        false => "Loading both sides …",
    })
}
