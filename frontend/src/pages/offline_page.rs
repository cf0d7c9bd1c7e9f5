//! A saved page: its profiles without a server. The state of its view is in the fragment of the address.

use super::compare::summary::summary_line;
use super::local::time_order::TimeOrderView;
use super::snapshot::profile::change_above;
use crate::api::verdict::verdict_of;
use crate::browser::history::Address;
use crate::browser::{handover, page, panic_notice, theme};
use crate::components::shortcuts::Shortcuts;
use crate::components::summary_line::SummaryLine;
use crate::context::local_files::LocalFiles;
use crate::context::printing::Printing;
use crate::context::utc::Utc;
use crate::local_file::chart::LaneInfo;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::compare::{DiffView, compare_path};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::local_view::LocalView;
use crate::state::profile_types::type_name;
use crate::state::url_text::parse_pairs;
use crate::state::verdict::Verdict;
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::comparison::verdict::VerdictCard;
use crate::views::function_panel::source::Source;
use crate::views::kernels::Kernels;
use crate::views::parts::Parts;
use crate::views::profile_view::ProfileView;
use crate::views::save::saved::{Saved, SavedHead};
use crate::views::share::snapshot_facts::facts_line;
use crate::views::side_by_side::SideBySideView;
use flarepath_profile::flame::Chart;
use leptos::prelude::*;
use prost::Message;

/// Shows a saved page. `data` is an encoded [`Saved`].
pub(crate) fn start(data: &[u8]) {
    panic_notice::install();
    theme::apply(theme::stored());
    theme::follow_system();
    let saved = Saved::decode(data).map_err(|e| e.to_string());
    handover::mount(move || match saved {
        Ok(saved) => view! { <OfflinePage saved /> }.into_any(),
        Err(text) => broken(text),
    });
}

fn broken(text: String) -> AnyView {
    view! { <p class="notice" role="alert">{format!("This page is corrupt: {text}.")}</p> }.into_any()
}

#[component]
pub(crate) fn OfflinePage(saved: Saved) -> impl IntoView {
    let Saved { title, detail, query, profiles, chart, lane, head } = saved;
    let address = Address::in_fragment(query);
    provide_context(address);
    provide_context(Utc::stored());
    provide_context(Printing::follow());
    provide_context(Parts::FULL);
    provide_context(Kernels::ALL);
    page::set_title(&format!("{title} · Flarepath"));
    let facts = head.as_ref().filter(|told| !told.facts.is_empty()).map(|told| {
        let line = facts_line(told.facts.clone());
        view! { <div class="snapshot-banner" role="note" aria-label="Snapshot">{line}</div> }.into_any()
    });
    let loaded: Result<Vec<LoadedProfile>, String> =
        (1..).zip(profiles).map(|(generation, profile)| profile.load(generation)).collect();
    let body = match loaded {
        Err(text) => broken(text),
        Ok(profiles) => match chart.map(|chart| (chart.chart(), lane.unwrap_or_default())) {
            Some((Err(text), _)) => broken(text),
            Some((Ok(chart), lane)) => timed(address, profiles, Shared::new(chart), lane),
            None => pictures(address, profiles, head),
        },
    };
    view! {
        <header class="header"><strong>"Flarepath"</strong><span class="saved-note">"saved page · works offline"</span></header>
        <main id="main" tabindex="-1">
            <h1 class="saved-title">{title}</h1>
            <p class="saved-detail">{detail}</p>
            {facts}
            <section class="profile-section" aria-label="Profile">{body}</section>
        </main>
        <Shortcuts />
    }
}

fn held<T: Send + Sync + 'static>(value: T) -> Signal<T> {
    RwSignal::new(value).into()
}

fn pictures(address: Address, mut profiles: Vec<LoadedProfile>, head: Option<SavedHead>) -> AnyView {
    let seen = Memo::new(move || address.query.with(|text| LocalView::parse(text)));
    let view = Memo::new(move || seen.with(|s| s.view.clone()));
    let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| {
        address.go(&LocalView { view, ..seen.get_untracked() }.path(), mode);
    });
    if profiles.len() > 1 {
        let (second, first) = (profiles.swap_remove(1), profiles.swap_remove(0));
        let titles = [&first, &second].map(|p| {
            let name = p.profile_type.as_ref().map(|t| type_name(&t.to_string())).unwrap_or_default();
            Signal::derive(move || name.clone())
        });
        let profiles = [held(Some(first)), held(Some(second))];
        return view! { <SideBySideView profiles titles view on_view /> }.into_any();
    }
    let Some(profile) = profiles.pop() else { return broken("it contains no profile".to_owned()) };
    if profile.diff.is_some() {
        return difference(address, profile, head);
    }
    let profile_type = profile.profile_type.as_ref().map(ToString::to_string).unwrap_or_default();
    let frozen = head.as_ref().and_then(|told| told.verdict.clone());
    let change = change_above(frozen.map(|frozen| verdict_of(frozen, &profile_type)));
    let profile = held(Some(profile));
    let replicas = held(head.and_then(|told| told.replicas.first().copied()).unwrap_or(0));
    view! { {change}<SummaryLine profile replicas /><ProfileView profile view on_view source=Source::Saved /> }
        .into_any()
}

/// As on the page of a snapshot or of a live comparison, with its verdict and the totals of both sides.
fn difference(address: Address, profile: LoadedProfile, head: Option<SavedHead>) -> AnyView {
    let view = Memo::new(move || {
        let pairs = address.query.with(|text| parse_pairs(text));
        DiffView::from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
    });
    let on_view = Callback::new(move |(view, mode): (DiffView, HistoryMode)| {
        address.go(&compare_path(&Default::default(), &view), mode);
    });
    let profile_type = profile.profile_type.as_ref().map(ToString::to_string).unwrap_or_default();
    let frozen = head.as_ref().and_then(|told| told.verdict.clone());
    let verdict: Signal<Option<Verdict>> = held(frozen.map(|frozen| verdict_of(frozen, &profile_type)));
    let head = head.map(|told| {
        let instead = held(told.without_verdict);
        let totals = (!told.sides.is_empty()).then(|| summary_line(told.sides));
        view! { <VerdictCard verdict instead />{totals} }.into_any()
    });
    view! { {head}<ComparisonView profile=held(Some(profile)) view on_view verdict /> }.into_any()
}

/// The flame chart, as of an open local file.
fn timed(address: Address, profiles: Vec<LoadedProfile>, chart: Shared<Chart>, lane: LaneInfo) -> AnyView {
    let files = LocalFiles::of_chart(profiles.into_iter().next(), chart, lane);
    let view = Memo::new(move || address.query.with(|text| LocalView::parse(text)));
    let on_view = Callback::new(move |(seen, mode): (LocalView, HistoryMode)| address.go(&seen.path(), mode));
    view! { <TimeOrderView files view on_view /> }.into_any()
}
