//! The content of a snapshot in the views of the live pages: a profile, a diff, two side by side, or a heat map.

use super::ShareState;
use super::heatmap::SnapshotHeatmap;
use crate::api::shares::{DataKind, SideData, SnapshotData};
use crate::components::summary_line::SummaryLine;
use crate::pages::compare::browser_diff;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::compare::DiffView;
use crate::state::compare_source::{Fit, fit};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::profile_types::type_name;
use crate::state::share_view::{read, write};
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::function_panel::source::Source;
use crate::views::profile_view::ProfileView;
use crate::views::side_by_side::SideBySideView;
use leptos::prelude::*;

#[component]
pub(crate) fn SnapshotProfile(state: ShareState) -> impl IntoView {
    let body = move || state.snapshot.data.get().map(|snapshot| content(state, snapshot));
    view! { {move || body()} }
}

fn held<T: Send + Sync + 'static>(value: T) -> Signal<T> {
    RwSignal::new(value).into()
}

fn content(state: ShareState, snapshot: SnapshotData) -> AnyView {
    match snapshot.kind {
        DataKind::Heatmap => view! { <SnapshotHeatmap state snapshot /> }.into_any(),
        DataKind::Difference => two(state, snapshot.sides),
        DataKind::Profile => {
            let profile = snapshot.sides.into_iter().find_map(|side| side.profile);
            profile.map_or_else(nothing, |profile| one(state, profile))
        }
    }
}

fn nothing() -> AnyView {
    view! { <p class="notice" role="alert">"This snapshot contains no profile."</p> }.into_any()
}

/// The view of one profile, as the address says.
fn plain(state: ShareState) -> (Memo<View>, Callback<(View, HistoryMode)>) {
    let view = Memo::new(move || state.state.with(|s| read(s, View::from_params)));
    let on_view =
        Callback::new(move |(view, mode): (View, HistoryMode)| state.show(&write(view.to_params()), mode));
    (view, on_view)
}

fn one(state: ShareState, profile: LoadedProfile) -> AnyView {
    let (view, on_view) = plain(state);
    let profile = held(Some(profile));
    view! { <SummaryLine profile /><ProfileView profile view on_view source=Source::Saved /> }.into_any()
}

fn two(state: ShareState, sides: Vec<SideData>) -> AnyView {
    let mut sides = sides.into_iter();
    let (Some(baseline), Some(comparison)) = (sides.next(), sides.next()) else { return nothing() };
    let titles = [&baseline, &comparison].map(title);
    let (Some(baseline), Some(comparison)) = (baseline.profile, comparison.profile) else { return nothing() };
    if matches!(fit(&baseline, &comparison), Fit::OtherUnit(_)) {
        let (view, on_view) = plain(state);
        let profiles = [held(Some(baseline)), held(Some(comparison))];
        return view! { <SideBySideView profiles titles=titles.map(held) view on_view /> }.into_any();
    }
    let summary = browser_diff::totals([&baseline, &comparison], titles);
    let profile = held(Some(LoadedProfile::diff_of(&baseline, &comparison)));
    let view = Memo::new(move || state.state.with(|s| read(s, DiffView::from_params)));
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| {
        state.show(&write(view.to_params()), mode)
    });
    view! {
        <p class="summary-line" aria-label="Summary">{summary}</p>
        <ComparisonView profile view on_view />
    }
    .into_any()
}

/// The title of a side: its label, unless that only says which side it is.
fn title(side: &SideData) -> String {
    match side.label.as_str() {
        "baseline" | "comparison" | "" => type_name(&side.profile_type),
        label => label.to_owned(),
    }
}
