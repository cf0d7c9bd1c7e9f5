//! The top offender: the function that costs most and who calls it, the replica and the version that cost most.

use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::api::explore::TreeAnswer;
use crate::components::code_text::code_text;
use crate::components::notice::by_cause;
use crate::reactive::{Callback, Memo, Signal, list, shown};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::offender::{Offender, costliest, offender};
use crate::state::query::{Query, explore_path};
use crate::state::view::{HistoryMode, Mode, View};
use crate::views::callers::CallersGraph;
use leptos::prelude::*;

const NO_PROFILES: &str = "No profiles in this time range.";

/// See the module.
pub(super) fn offender_section(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let tree = state.tree;
    let phase = Memo::new(move || {
        let is_known = state.question.services.data.with(Option::is_some);
        if is_known && state.query.with(|query| query.profile_type.is_none()) {
            return Phase::Empty(NO_PROFILES.to_owned());
        }
        let has_failed = tree.error.with(Option::is_some);
        let empty = |answer: &TreeAnswer| (answer.profile.profiles == 0).then(|| NO_PROFILES.to_owned());
        tree.data.with(|answer| Phase::of(answer.as_ref(), has_failed, empty))
    });
    let failed = Memo::new(move || by_cause([("the profile", tree.error.get())]));
    panel(state, section, phase, failed, move || found(state))
}

fn found(state: ServiceState) -> AnyView {
    let profile: Signal<Option<LoadedProfile>> = Memo::new(move || {
        state.tree.data.with(|answer| answer.as_ref().map(|answer| answer.profile.clone()))
    });
    let worst = Memo::new(move || profile.with(|profile| profile.as_ref().and_then(offender)));
    let function = Signal::derive(move || worst.with(|worst| worst.as_ref().map(|worst| worst.name.clone())));
    let sentences = Memo::new(move || {
        let function = worst.with(|worst| worst.as_ref().map(Offender::sentence));
        let replica = state.pods.data.with(|found| costliest(found.as_ref()?, "Replica", ""));
        let version = state.versions.data.with(|found| costliest(found.as_ref()?, "Version", " per replica"));
        let none = "No function has a cost of its own.".to_owned();
        std::iter::once(function.unwrap_or(none)).chain(replica).chain(version).collect::<Vec<_>>()
    });
    let sentence = |text: String| {
        view! { <p class="service-sentence">{code_text(&text, &|name| name.to_owned())}</p> }.into_any()
    };
    let address = state.question.address;
    let on_function = Callback::new(move |name: String| {
        let path = state.query.with_untracked(|query| sandwich_path(query, name));
        address.go(&path, HistoryMode::Push);
    });
    let sandwich = move || {
        let name = function.get().unwrap_or_default();
        state.query.with(|query| sandwich_path(query, name))
    };
    view! {
        {move || list(sentences.get().into_iter().map(sentence))}
        {shown(move || function.with(Option::is_some), move || view! {
            <div class="service-flame"><CallersGraph profile function on_function /></div>
            <p><a href=sandwich>"Callers and callees in Explore"</a></p>
        }.into_any())}
    }
    .into_any()
}

/// The sandwich view of a function.
fn sandwich_path(query: &Query, function: String) -> String {
    explore_path(query, &View { mode: Some(Mode::Sandwich), function: Some(function), ..View::default() })
}
