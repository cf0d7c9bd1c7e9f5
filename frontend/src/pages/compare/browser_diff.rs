//! Comparisons that the browser makes: of local files, and of two profile types.

use super::state::CompareState;
use super::summary::summary_line;
use crate::api::explore::TreeAnswer;
use crate::components::notice::message;
use crate::context::local_files::LocalSides;
use crate::local_file::job::Job;
use crate::reactive::{Callback, Memo, Signal, list, shown};
use crate::state::compare::DiffView;
use crate::state::compare_source::{Fit, Source, fit};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::profile_types::type_name;
use crate::state::side_summary::{SideSummary, side_texts};
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::comparison::verdict::NO_VERDICT;
use crate::views::side_by_side::SideBySideView;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

type Loaded = Signal<Option<LoadedProfile>>;

/// The profile of a side, stored or local.
fn loaded(state: CompareState, side: Side) -> Loaded {
    let files = expect_context::<LocalSides>().0;
    Memo::new(move || match state.sources.with(|s| s.on(side)) {
        Source::File(at) => files[at].profile.get(),
        Source::Stored => state.trees[side as usize]
            .data
            .with(|answer| answer.as_ref().filter(|a| a.profile.profiles > 0).map(|a| a.profile.clone())),
    })
}

/// The title of a side.
pub(super) fn title(state: CompareState, side: Side) -> String {
    let files = expect_context::<LocalSides>().0;
    let query = state.sides.with(|s| s.of(side).clone());
    match state.sources.with(|s| (s.on(side), s.second_type.is_some())) {
        (Source::File(at), _) => files[at].job.with(|job| match job {
            Job::Open { name, .. } => name.clone(),
            _ => "no file".to_owned(),
        }),
        (_, true) => query.profile_type.as_deref().map(type_name).unwrap_or_default(),
        (Source::Stored, false) => query.service.unwrap_or_default(),
    }
}

/// Why a side has no profile; `None` when it has one, or when its panel says why.
fn missing(state: CompareState, side: Side, what: &str) -> Option<String> {
    let files = expect_context::<LocalSides>().0;
    match state.sources.with(|s| s.on(side)) {
        Source::File(at) => files[at].job.with(|job| match job {
            Job::None => Some(format!("Choose a file for the {what} above.")),
            Job::Failed { text } => Some(format!("The file for the {what}: {text}")),
            Job::Open { building: false, .. } => None,
            job => Some(format!("The {what}: {}", job.phase())),
        }),
        Source::Stored => {
            let tree = state.trees[side as usize];
            if tree.error.with(Option::is_some) {
                return Some(format!("The {what} appears here once it has been loaded."));
            }
            tree.data.with(|answer| empty(answer.as_ref(), what))
        }
    }
}

fn empty(answer: Option<&TreeAnswer>, what: &str) -> Option<String> {
    let why = match answer {
        None => return Some(format!("Loading the {what} …")),
        Some(answer) if answer.profile.profiles > 0 => return None,
        Some(TreeAnswer { service_known: false, .. }) => "this store has no profiles of its service",
        Some(TreeAnswer { type_known: false, .. }) => "its service has no profiles of this type",
        Some(_) => "no profiles match its filters in this time range",
    };
    Some(format!("The {what} is empty: {why}."))
}

/// The diff, both side by side, or what is missing.
#[component]
pub(crate) fn BrowserDiff(state: CompareState) -> impl IntoView {
    let sides = Side::BOTH.map(|side| loaded(state, side));
    let titles = Side::BOTH.map(|side| Signal::derive(move || title(state, side)));
    let types = Memo::new(move || state.sources.with(|s| s.second_type.is_some()));
    let fits = Memo::new(move || {
        let [baseline, comparison] = sides.map(|side| side.get());
        Some(fit(&baseline?, &comparison?))
    });
    let is_beside = move || types.get() || matches!(fits.get(), Some(Fit::OtherUnit(_)));
    let profile: Loaded = Memo::new(move || {
        let [baseline, comparison] = sides.map(|side| side.get());
        let (baseline, comparison) = (baseline?, comparison?);
        let durations = LoadedProfile::durations(&baseline, &comparison);
        (!is_beside()).then(|| LoadedProfile::diff_of(&baseline, &comparison, durations))
    });
    let mismatch = move || match fits.get()? {
        _ if types.get() => None,
        Fit::Same => None,
        Fit::OtherKind(text) | Fit::OtherUnit(text) => Some(text),
    };
    let waiting = move || {
        let named = if types.get() { ["second type", "first type"] } else { ["baseline", "comparison"] };
        let texts = Side::BOTH.into_iter().zip(named).filter_map(|(side, what)| missing(state, side, what));
        list(texts.map(message))
    };
    let inner = Memo::new(move || state.view.with(|v| v.view.clone()));
    let on_inner = Callback::new(move |(view, mode): (View, HistoryMode)| {
        state.show(&DiffView { view, ..state.view.get_untracked() }, mode);
    });
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| state.show(&view, mode));
    // The first type is the comparison's, and goes first.
    let order = move || if types.get() { [1, 0] } else { [0, 1] };
    let files = expect_context::<LocalSides>();
    let left_out = move || {
        let text = files.left_out();
        (!text.is_empty()).then(|| view! { <p class="side-hint" role="status">{text}</p> }.into_any())
    };
    view! {
        {move || left_out()}
        {move || waiting()}
        {move || mismatch().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
        {shown(move || fits.get().is_some() && !is_beside(), move || view! {
            {move || summary(sides, titles)}
            <p class="side-hint">{NO_VERDICT}</p>
            <ComparisonView profile view=state.view on_view />
        }.into_any())}
        {shown(move || fits.get().is_some() && is_beside(), move || {
            let [left, right] = order();
            view! {
                <SideBySideView profiles=[sides[left], sides[right]] titles=[titles[left], titles[right]] view=inner on_view=on_inner />
            }.into_any()
        })}
    }
}

/// The totals of both sides. Files have no verdict: nothing says how much they vary.
fn summary(sides: [Loaded; 2], titles: [Signal<String>; 2]) -> AnyView {
    let [Some(baseline), Some(comparison)] = sides.map(|side| side.get()) else { return ().into_any() };
    let [first, second] = titles.map(|title| title.get());
    let side = |what: &str, title: String, of: &LoadedProfile| SideSummary {
        name: format!("{what} {title}"),
        total: of.tree.total(NodeId::ROOT),
        profiles: of.profiles,
        replicas: 0,
        covered_ns: of.seconds.map_or(0, |seconds| (seconds * 1e9) as i64),
    };
    let sides = [side("baseline", first, &baseline), side("comparison", second, &comparison)];
    summary_line(side_texts(&sides, comparison.profile_type.as_ref(), &comparison.unit).to_vec())
}
