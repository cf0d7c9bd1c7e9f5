//! Two profiles of one type over each other: two versions, two times, two replicas.

pub(crate) mod file_side;
pub(crate) mod mixed;
pub(crate) mod presets;
pub(crate) mod side;
mod state;
pub(crate) mod summary;

use crate::browser::history::Address;
use crate::browser::{keys, page};
use crate::components::combobox::{Choice, Combobox};
use crate::components::notice::FailedNotice;
use crate::components::share_button::ShareButton;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::compare::{BEFORE, DiffView, Sides};
use crate::state::compare_source::{Source, Sources};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::view::HistoryMode;
use crate::views::comparison::ComparisonView;
use crate::views::save::dialog::SaveButton;
use flarepath_profile::diff::Side;
use leptos::prelude::*;
use mixed::MixedBody;
use presets::MorePresets;
use side::SidePanel;
use state::CompareState;
use summary::{DiffSummary, empty_sides};

/// The page.
#[component]
pub(crate) fn Compare(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let state = CompareState::new(address);
    effect(move || {
        let service = state.sides.with(|s| s.comparison.service.clone()).unwrap_or_default();
        page::set_title(&format!("Compare {service} · Flarepath"));
    });
    keys::on_page_key(move |key| {
        if key == "r" {
            state.refresh();
        }
        key == "r"
    });
    let busy = move || state.answer.pending.get() || state.trees.iter().any(|tree| tree.pending.get());
    let types = Memo::new(move || state.sources.with(|s| s.second_type.is_some()));
    let plain = Memo::new(move || state.sources.with(Sources::is_plain));
    let body = move || match plain.get() {
        true => view! { <Body state /> }.into_any(),
        false => view! { <MixedBody state /> }.into_any(),
    };
    // One cause is told once, whatever it hit.
    let failed = Memo::new(move || {
        let answer = state.answer.error.get().map(|error| ("The difference".to_owned(), error));
        let services = || state.services.error.get().map(|error| ("The list of services".to_owned(), error));
        let [baseline, comparison] = state.trees.map(|tree| tree.error);
        answer
            .or_else(services)
            .or_else(|| baseline.get().map(|error| ("The baseline".to_owned(), error)))
            .or_else(|| comparison.get().map(|error| ("The comparison".to_owned(), error)))
    });
    let retry = Callback::new(move |()| state.refresh());
    let notice = move || {
        let (what, error) = failed.get()?;
        Some(view! { <FailedNotice what error on_retry=retry /> }.into_any())
    };
    view! {
        <h1 class="visually-hidden">"Compare"</h1>
        <div class="sides">
            {shown(move || !types.get(), move || view! { <SidePanel state side=Side::Baseline /> }.into_any())}
            <SidePanel state side=Side::Comparison />
        </div>
        <Presets state />
        {move || notice()}
        <section class="profile-section" class:stale=move || busy() aria-label="Difference" aria-busy=move || busy().to_string()>
            {move || body()}
        </section>
        <p class="visually-hidden" role="status">{move || if busy() { "Loading" } else { "" }}</p>
    }
}

/// Type of both sides, swap, and baselines that are one press away.
#[component]
fn Presets(state: CompareState) -> impl IntoView {
    let first = Signal::derive(move || {
        state.sides.with(|s| s.comparison.profile_type.as_deref().map(type_name).unwrap_or_default())
    });
    let types = Signal::derive(move || {
        let name = state.sides.with(|s| s.comparison.service.clone());
        let types = state.services.data.with(|s| {
            let found = s.iter().flatten().find(|s| Some(&s.name) == name.as_ref());
            found.map(|s| s.profile_types.clone()).unwrap_or_default()
        });
        types.into_iter().map(|id| Choice { label: type_name(&id), detail: id.clone(), value: id }).collect()
    });
    let choose = Callback::new(move |id| {
        let comparison = state.sides.get_untracked().comparison;
        state.go_side(Side::Comparison, Query { profile_type: Some(id), ..comparison });
    });
    let span = state.span(Side::Comparison);
    let before = move |by_ms: i64| {
        let (sides, span) = (state.sides.get_untracked(), span.get_untracked());
        state.go(&Sides::before(&sides.comparison, span, if by_ms == 0 { span.length_ms() } else { by_ms }));
    };
    let button = move |(label, by_ms): (&'static str, i64)| {
        view! { <button class="button" type="button" on:click=handler(move |_| before(by_ms))>{label}</button> }.into_any()
    };
    // Same time and service, so that only the filters tell the sides apart.
    let same_time = move |_| {
        let sides = state.sides.get_untracked();
        let Query { service, range, .. } = sides.comparison.clone();
        state.go_side(Side::Baseline, Query { service, range, ..sides.baseline });
    };
    let stored = Memo::new(move || state.sources.with(|s| s.of.contains(&Source::Stored)));
    view! {
        <div class="toolbar" role="group" aria-label="What is compared">
            {shown(move || stored.get(), move || view! {
                <Combobox id="profile-type" label="Profile type" shown=first choices=types on_choose=choose />
            }.into_any())}
            <button class="button" type="button" on:click=handler(move |_| state.swap())>"⇄ Swap sides"</button>
            {shown(move || stored.get(), move || view! { <SecondType state types /> }.into_any())}
            <SaveButton />
            <ShareButton path=Signal::derive(move || state.pinned_path()) />
            {shown(move || state.sources.with(Sources::is_plain), move || view! {
                <span class="presets-label">"Baseline:"</span>
                {button(("just before", 0))}
                {list(BEFORE.map(button))}
                <button class="button" type="button" title="For two values of a label: give each side its filter"
                    on:click=handler(same_time)>"same time, other labels"</button>
                <MorePresets state />
            }.into_any())}
        </div>
    }
}

/// Another type of the same service, to be shown beside the first.
#[component]
fn SecondType(
    /// What the page knows.
    state: CompareState,
    /// The types of the service.
    types: Signal<Vec<Choice>>,
) -> impl IntoView {
    let shown = Signal::derive(move || {
        state.sources.with(|s| s.second_type.as_deref().map_or("no second type".to_owned(), type_name))
    });
    let choices = Signal::derive(move || {
        let first = state.sides.with(|s| s.comparison.profile_type.clone());
        let none = Choice {
            value: String::new(),
            label: "no second type".into(),
            detail: "compare over time".into(),
        };
        let others = types.get().into_iter().filter(|choice| Some(&choice.value) != first.as_ref());
        [none].into_iter().chain(others).collect()
    });
    let choose = Callback::new(move |id: String| {
        let second_type = Some(id).filter(|id| !id.is_empty());
        state.go_sources(&Sources { second_type, ..Sources::default() });
    });
    view! { <Combobox id="second-type" label="Beside" shown choices on_choose=choose /> }
}

/// The difference, or why there is none.
#[component]
fn Body(state: CompareState) -> impl IntoView {
    let full = Memo::new(move || {
        state.answer.data.with(|a| a.as_ref().is_some_and(|a| a.sides.iter().any(|s| s.profiles > 0)))
    });
    let bad_filter = Memo::new(move || {
        state.sides.with(|s| s.baseline.matchers().is_err() || s.comparison.matchers().is_err())
    });
    let message = move || {
        if bad_filter.get() {
            return Some("A filter has a mistake; mend it above to see the difference.");
        }
        if full.get() || state.answer.data.with(Option::is_some) {
            return None;
        }
        let failed = state.answer.error.with(Option::is_some) || state.services.error.with(Option::is_some);
        let nothing = state.services.data.with(|s| s.as_ref().is_some_and(Vec::is_empty));
        Some(match (failed, nothing) {
            (true, _) => "There is no difference to show until that is mended.",
            (false, true) => "No service has sent a profile yet.",
            (false, false) => "Loading both sides …",
        })
    };
    let profile = Signal::derive(move || state.answer.data.with(|a| a.as_ref().map(|a| a.profile.clone())));
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| state.show(&view, mode));
    let said = |text: String| view! { <div class="message" role="status"><p>{text}</p></div> }.into_any();
    let empty = move || {
        list(
            state.answer.data.with(|a| a.as_ref().map(empty_sides).unwrap_or_default()).into_iter().map(said),
        )
    };
    view! {
        {move || message().map(|text| said(text.to_owned()))}
        {move || empty()}
        {shown(move || full.get(), move || view! {
            <DiffSummary answer=state.answer.data.into() />
            <ComparisonView profile view=state.view on_view />
        }.into_any())}
    }
}
