//! The profile of Explore in one of its views, or why there is none.

use super::controls::Controls;
use super::empty::Empty;
use super::state::ExploreState;
use crate::api::request::ProfileRequest;
use crate::components::notice::message as text_message;
use crate::components::skeleton::flame_skeleton;
use crate::components::summary_line::SummaryLine;
use crate::reactive::{Callback, Memo, Signal, live_state, shown};
use crate::state::lent_part::LentPart;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::{HistoryMode, View};
use crate::views::function_panel::source::Source;
use crate::views::profile_view::ProfileView;
use leptos::prelude::*;

/// What is shown in the place of the profile.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Pending,
    Failed,
    BadTime,
    BadFilter,
    Empty,
    Full,
}

#[component]
pub(crate) fn ProfileSection(state: ExploreState) -> impl IntoView {
    let phase = Memo::new(move || {
        if state.question.time_problem.with(Option::is_some) {
            return Phase::BadTime;
        }
        let unanswered =
            state.question.services.error.with(Option::is_some) && state.request.with(Option::is_none);
        if unanswered || state.tree.error.with(Option::is_some) {
            return Phase::Failed;
        }
        if state.query.with(|q| q.matchers().is_err()) {
            return Phase::BadFilter;
        }
        // A known service without any profile type has nothing to wait for.
        if state.question.services.data.with(Option::is_some) && state.request.with(Option::is_none) {
            return Phase::Empty;
        }
        state.tree.data.with(|answer| match answer {
            None => Phase::Pending,
            Some(answer) if answer.profile.profiles == 0 => Phase::Empty,
            Some(_) => Phase::Full,
        })
    });
    let profile: Signal<Option<LoadedProfile>> = Signal::derive(move || {
        let profile = state.tree.data.with(|answer| answer.as_ref().map(|a| a.profile.clone()))?;
        (profile.profiles > 0).then_some(profile)
    });
    let replicas = Signal::derive(move || state.tree.data.with(|a| a.as_ref().map_or(0, |a| a.replicas)));
    let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| state.show(&view, mode));
    let shows = Memo::new(move || match phase.get() {
        Phase::Full => true,
        // After a failed refresh the profile before it stays.
        Phase::Failed => state.tree.data.with(|a| a.as_ref().is_some_and(|a| a.profile.profiles > 0)),
        _ => false,
    });
    let message = move || match phase.get() {
        Phase::Full | Phase::BadTime => None,
        Phase::Pending => Some(flame_skeleton()),
        // The notice at the head of the page says what failed and why.
        Phase::Failed if shows.get() => None,
        Phase::Failed => Some(text_message("The profile appears here once it has been loaded.")),
        Phase::BadFilter => Some(text_message("Fix the error in the filter above.")),
        Phase::Empty => Some(view! { <Empty state /> }.into_any()),
    };
    // Another grouping of the timeline leaves the profile as it is.
    let tree_request =
        Memo::new(move || state.request.get().map(|request| ProfileRequest { by: None, ..request }));
    let stale = move || state.tree.pending.get() && phase.get() == Phase::Full;
    view! {
        <section class="profile-section" class:stale=move || stale() class:fills-window=move || shows.get()
            aria-label="Profile" {..live_state("aria-busy", move || state.tree.pending.get())}>
            <div class="profile-head">
                {(Controls::of_program().lent)(LentPart::Verdict, state.verdict_question())}
                {shown(move || shows.get(), move || view! { <SummaryLine profile replicas /> }.into_any())}
            </div>
            {move || message()}
            {shown(move || shows.get(), move || view! {
                <ProfileView profile view=state.view on_view source=Source::Server(tree_request) />
            }.into_any())}
        </section>
    }
}
