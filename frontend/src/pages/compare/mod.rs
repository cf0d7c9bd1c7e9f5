//! Compare: the diff of two profiles, of two versions, times, replicas, files or types.

pub(crate) mod browser_diff;
pub(crate) mod empty_side;
pub(crate) mod file_side;
pub(crate) mod offers;
pub(crate) mod presets;
pub(crate) mod side;
mod state;
pub(crate) mod summary;

use crate::browser::history::Address;
use crate::browser::{clock, page};
use crate::components::combobox::{Choice, Combobox};
use crate::components::notice::{by_cause, message};
use crate::components::print_head::PrintHead;
use crate::components::share_button::ShareButton;
use crate::context::utc::Utc;
use crate::pages::question::pickers::{type_choices, types_of};
use crate::reactive::{Callback, Memo, Signal, effect, handler, shown};
use crate::state::compare::DiffView;
use crate::state::compare_source::{Source, Sources};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::verdict::Verdict;
use crate::state::view::HistoryMode;
use crate::views::comparison::ComparisonView;
use crate::views::comparison::verdict::VerdictCard;
use crate::views::save::dialog::SaveButton;
use browser_diff::BrowserDiff;
use empty_side::EmptySides;
use flarepath_profile::diff::Side;
use leptos::prelude::*;
use presets::Baselines;
use side::SidePanel;
use state::CompareState;
use summary::DiffSummary;

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
    let types = Memo::new(move || state.sources.with(|s| s.second_type.is_some()));
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
        <div class="sides">
            {shown(move || !types.get(), move || view! { <SidePanel state side=Side::Baseline /> }.into_any())}
            <SidePanel state side=Side::Comparison />
        </div>
        <Settings state />
        {shown(move || plain.get(), move || view! { <Baselines state /> }.into_any())}
        {state.question.failures(errors)}
        <section class="profile-section" class:stale=move || busy() aria-label="Diff" aria-busy=move || busy().to_string()>
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

/// The type of both sides, and what applies to both.
#[component]
fn Settings(state: CompareState) -> impl IntoView {
    let first = Signal::derive(move || {
        state.sides.with(|s| s.comparison.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let types = Signal::derive(move || {
        let name = state.sides.with(|s| s.comparison.service.clone()).unwrap_or_default();
        state.question.services.data.with(|all| type_choices(&types_of(all, &name)))
    });
    let choose = Callback::new(move |id| {
        let comparison = state.sides.get_untracked().comparison;
        state.go_side(Side::Comparison, Query { profile_type: Some(id), ..comparison });
    });
    let stored = Memo::new(move || state.sources.with(|s| s.of.contains(&Source::Stored)));
    view! {
        <div class="toolbar" role="group" aria-label="Comparison settings">
            {shown(move || stored.get(), move || view! {
                <Combobox id="profile-type" label="Profile type" shown=first choices=types on_choose=choose />
            }.into_any())}
            <button class="button" type="button" data-command="swap" on:click=handler(move |_| state.swap())>"⇄ Swap sides"</button>
            {shown(move || stored.get(), move || view! { <SecondType state types /> }.into_any())}
            <SaveButton />
            <ShareButton path=Signal::derive(move || state.pinned_path()) />
        </div>
    }
}

/// Picks a second type of the same service, shown side by side with the first.
#[component]
fn SecondType(state: CompareState, types: Signal<Vec<Choice>>) -> impl IntoView {
    let shown = Signal::derive(move || {
        state.sources.with(|s| s.second_type.as_deref().map_or("No second type".to_owned(), type_name))
    });
    let choices = Signal::derive(move || {
        let first = state.sides.with(|s| s.comparison.profile_type.clone());
        let none = Choice {
            value: String::new(),
            label: "No second type".into(),
            detail: "Compare over time".into(),
        };
        let others = types.get().into_iter().filter(|choice| Some(&choice.value) != first.as_ref());
        [none].into_iter().chain(others).collect()
    });
    let choose = Callback::new(move |id: String| {
        let second_type = Some(id).filter(|id| !id.is_empty());
        state.go_sources(&Sources { second_type, ..Sources::default() });
    });
    view! { <Combobox id="second-type" label="Second type" shown choices on_choose=choose /> }
}

/// The verdict and the diff that the server makes, or why there is none.
#[component]
fn ServerDiff(state: CompareState) -> impl IntoView {
    // Nothing is compared with nothing.
    let both = Memo::new(move || {
        state.answer.data.with(|a| a.as_ref().is_some_and(|a| a.sides.iter().all(|s| s.profiles > 0)))
    });
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
            <VerdictCard verdict instead />
            <DiffSummary answer=state.answer.data.into() />
            <ComparisonView profile view=state.view on_view verdict over_time=Some(over_time) />
        }.into_any())}
    }
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
