//! The content of a snapshot in the views of the live pages: a profile, a diff, two side by side, or a heat map.

use super::heatmap::SnapshotHeatmap;
use super::{ShareState, in_time};
use crate::api::shares::{DataKind, SideData, SnapshotData};
use crate::components::summary_line::SummaryLine;
use crate::local_file::in_time::InTime;
use crate::pages::compare::summary::summary_line;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::compare::DiffView;
use crate::state::compare_source::{Fit, fit};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::profile_types::type_name;
use crate::state::share_view::{read, write};
use crate::state::verdict::Verdict;
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::comparison::verdict::VerdictCard;
use crate::views::function_panel::source::Source;
use crate::views::profile_view::ProfileView;
use crate::views::share::snapshot_facts::{side_lines, without_verdict};
use crate::views::side_by_side::SideBySideView;
use flarepath_profile::diff::Pair;
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
    match snapshot.in_time.clone() {
        Some(InTime::Chart(chart, lane)) => {
            let side = snapshot.sides.into_iter().next();
            return side.map_or_else(nothing, |side| in_time::chart(state, side, chart, lane));
        }
        Some(InTime::Offsets(cells)) => return in_time::offsets(state, &snapshot.sides, cells),
        None => {}
    }
    match snapshot.kind {
        DataKind::Heatmap => view! { <SnapshotHeatmap state snapshot /> }.into_any(),
        DataKind::Difference => two(state, snapshot),
        DataKind::Profile => {
            let side = snapshot.sides.into_iter().find(|side| side.profile.is_some());
            side.map_or_else(nothing, |side| one(state, side, snapshot.verdict))
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

fn one(state: ShareState, side: SideData, verdict: Option<Verdict>) -> AnyView {
    let (view, on_view) = plain(state);
    let (profile, replicas) = (held(side.profile), held(side.replicas));
    view! { {change_above(verdict)}<SummaryLine profile replicas /><ProfileView profile view on_view source=Source::Saved /> }
        .into_any()
}

/// The change that Explore stated above a profile, where there was one.
pub(crate) fn change_above(verdict: Option<Verdict>) -> Option<AnyView> {
    verdict.map(|verdict| {
        view! { <VerdictCard verdict=held(Some(verdict)) instead=held(String::new()) /> }.into_any()
    })
}

fn two(state: ShareState, snapshot: SnapshotData) -> AnyView {
    let (instead, totals) = (without_verdict(&snapshot).to_owned(), side_lines(&snapshot));
    let SnapshotData { verdict, sides, .. } = snapshot;
    let mut sides = sides.into_iter();
    let (Some(baseline), Some(comparison)) = (sides.next(), sides.next()) else { return nothing() };
    let titles = [&baseline, &comparison].map(title);
    let covered_ns = Pair { baseline: baseline.covered_ns, comparison: comparison.covered_ns };
    let (Some(baseline), Some(comparison)) = (baseline.profile, comparison.profile) else { return nothing() };
    if matches!(fit(&baseline, &comparison), Fit::OtherUnit(_)) {
        let (view, on_view) = plain(state);
        let profiles = [held(Some(baseline)), held(Some(comparison))];
        return view! { <SideBySideView profiles titles=titles.map(held) view on_view /> }.into_any();
    }
    let profile = held(Some(LoadedProfile::diff_of(&baseline, &comparison, Some(covered_ns))));
    let view = Memo::new(move || state.state.with(|s| read(s, DiffView::from_params)));
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| {
        state.show(&write(view.to_params()), mode)
    });
    let verdict = held(verdict);
    view! {
        <VerdictCard verdict instead=held(instead) />
        {summary_line(totals)}
        <ComparisonView profile view on_view verdict />
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
