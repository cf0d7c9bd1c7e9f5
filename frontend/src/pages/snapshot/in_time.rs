//! Parts of a snapshot of a local file in time: the flame chart of a thread, or sub-second offsets.

use super::ShareState;
use crate::api::shares::SideData;
use crate::components::summary_line::SummaryLine;
use crate::context::local_files::LocalFiles;
use crate::local_file::chart::LaneInfo;
use crate::local_file::offsets::OffsetCells;
use crate::local_file::opened::OpenedType;
use crate::pages::local::sub_second::FrozenSubSecond;
use crate::pages::local::time_order::TimeOrderView;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::identity::Shared;
use crate::state::local_view::{LocalView, Shows};
use crate::state::offsets_view::OffsetsView;
use crate::state::share_view::write;
use crate::state::view::{HistoryMode, View};
use crate::views::function_panel::source::Source;
use crate::views::profile_view::ProfileView;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::flame::Chart;
use flarepath_profile::heatmap::Cell;
use flarepath_profile::profile_type::ProfileType;
use leptos::prelude::*;
use std::sync::Arc;

/// The flame chart, and the profile of its thread.
pub(super) fn chart(state: ShareState, side: SideData, chart: Shared<Chart>, lane: LaneInfo) -> AnyView {
    let thread = thread_heading(&lane.name);
    let files = LocalFiles::of_chart(side.profile.clone(), chart, lane);
    let seen = Memo::new(move || state.state.with(|s| LocalView::parse(s)));
    let on_seen = Callback::new(move |(seen, mode): (LocalView, HistoryMode)| {
        state.show(&write(seen.to_params()), mode);
    });
    let view = Memo::new(move || seen.with(|s| s.view.clone()));
    let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| {
        on_seen.run((LocalView { view, ..seen.get_untracked() }, mode));
    });
    let shows = Memo::new(move || seen.with(|s| s.shows));
    let (profile, replicas) = (RwSignal::new(side.profile), side.replicas);
    let body = move || match shows.get() {
        Shows::Time => view! { <TimeOrderView files view=seen on_view=on_seen /> }.into_any(),
        Shows::Profile | Shows::SubSecond => {
            view! { <ProfileView profile view on_view source=Source::Saved /> }.into_any()
        }
    };
    let mode = move |(label, to): (&'static str, Shows)| {
        let choose =
            move |_| on_seen.run((LocalView { shows: to, ..seen.get_untracked() }, HistoryMode::Push));
        view! {
            <button type="button" class="mode" aria-pressed=move || (shows.get() == to).to_string()
                on:click=handler(choose)>{label}</button>
        }
        .into_any()
    };
    view! {
        {thread}
        <SummaryLine profile replicas=Signal::derive(move || replicas) />
        <div class="view-bar"><div class="modes" role="group" aria-label="View">
            {list([("Profile", Shows::Profile), ("Time order", Shows::Time)].map(mode))}
        </div></div>
        {move || body()}
    }
    .into_any()
}

/// The map of sub-second offsets, and the call trees of its selections.
pub(super) fn offsets(state: ShareState, sides: &[SideData], cells: Shared<OffsetCells>) -> AnyView {
    let thread = thread_heading(cells.thread.as_deref().unwrap_or_default());
    let kind = sides.last().and_then(|side| side.profile_type.parse::<ProfileType>().ok());
    let kind = kind.map(|of| OpenedType { kind: of.sample_type, unit: of.sample_unit }).unwrap_or_default();
    let (rows, columns, by_value) = (cells.rows as usize, cells.columns as usize, cells.by_value);
    let view = state.state.with_untracked(|s| OffsetsView::parse(s));
    let inside = |cell: &Cell| cell.row < rows && cell.column < columns;
    let picked = view.picked.into_iter().flatten().filter(|(from, to)| inside(from) && inside(to));
    // A selection without samples has no tree.
    let tree = |side: &SideData| {
        side.profile.as_ref().map_or_else(|| Arc::new(CallTree::empty()), |profile| profile.tree.clone())
    };
    let parts = picked.zip(sides.iter().map(tree)).collect();
    let files = LocalFiles::of_offsets(kind, cells, view.band, parts);
    let query = Signal::derive(move || {
        state.state.with(|s| {
            let view = OffsetsView { rows, by_value, ..OffsetsView::parse(s) };
            write(view.to_params(&LocalView::parse(s)))
        })
    });
    let on_query = Callback::new(move |(changed, mode): (String, HistoryMode)| state.show(&changed, mode));
    view! { {thread}<FrozenSubSecond files query on_query /> }.into_any()
}

/// The name of the thread, where there is one.
fn thread_heading(name: &str) -> Option<AnyView> {
    (!name.is_empty()).then(|| view! { <h2 class="snapshot-part">{format!("Thread {name}")}</h2> }.into_any())
}
