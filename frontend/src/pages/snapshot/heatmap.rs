//! The heat map of a snapshot with its selections, and the flame graph of each selected region.

use super::ShareState;
use crate::api::heatmap::HeatAnswer;
use crate::api::shares::SnapshotData;
use crate::browser::clock;
use crate::browser::event::{Event, value_of};
use crate::components::summary_line::SummaryLine;
use crate::context::utc::Utc;
use crate::pages::heatmap::panel::items;
use crate::pages::heatmap::region::{after_drag, marks_of, shape};
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler};
use crate::state::clock_text::Zone;
use crate::state::heatmap::{HeatView, Region};
use crate::state::loaded_profile::LoadedProfile;
use crate::state::share_view::{read, write};
use crate::state::transform::{Kind, Transform};
use crate::state::view::{HistoryMode, View};
use crate::views::function_panel::source::Source;
use crate::views::heatmap::interaction::Outcome;
use crate::views::heatmap::panel::Panel;
use crate::views::heatmap::{Heat, HeatmapView};
use crate::views::profile_view::ProfileView;
use flarepath_profile::heatmap::Scale;
use leptos::prelude::*;
use std::sync::Arc;

/// The map and its view. Copied freely.
#[derive(Clone, Copy)]
struct SnapshotMap {
    state: ShareState,
    answer: Signal<Arc<HeatAnswer>>,
    view: Memo<HeatView>,
    zone: Signal<Zone>,
}

impl SnapshotMap {
    fn show(self, view: &HeatView, mode: HistoryMode) {
        // The view of the flame graph below stays.
        let below = self.state.state.with_untracked(|s| read(s, View::from_params));
        self.state.show(&write(view.to_params().into_iter().chain(below.to_params())), mode);
    }

    fn apply(self, outcome: Outcome) {
        let view = self.view.get_untracked();
        match outcome {
            Outcome::Select { from, to, grows } => {
                let after = self.answer.with_untracked(|answer| after_drag(&view, answer, (from, to), grows));
                if let Some((view, mode)) = after {
                    self.show(&view, mode);
                }
            }
            Outcome::Clear => self.show(&HeatView { picked: [None, None], ..view }, HistoryMode::Push),
            // The snapshot has no data of other selections.
            Outcome::Open(_) => {}
        }
    }
}

/// The map and the flame graph below it.
#[component]
pub(crate) fn SnapshotHeatmap(state: ShareState, snapshot: SnapshotData) -> impl IntoView {
    let Some(answer) = snapshot.heat else {
        return view! { <p class="notice" role="alert">"This snapshot has no heat map."</p> }.into_any();
    };
    let utc = expect_context::<Utc>().0;
    let view = Memo::new(move || state.state.with(|s| read(s, HeatView::from_params)));
    let answer: Signal<Arc<HeatAnswer>> = RwSignal::new(Arc::new(answer)).into();
    let map = SnapshotMap { state, answer, view, zone: Signal::derive(move || clock::zone(utc.get())) };
    let marks = Memo::new(move || answer.with(|answer| view.with(|view| marks_of(view, Some(answer)))));
    let heat = Heat {
        data: Signal::derive(move || answer.with(|a| a.data.clone())),
        scale: Memo::new(move || view.with(|v| v.scale)),
        zone: map.zone,
        shape: Memo::new(move || answer.with(|a| shape(a.subject.rows))),
        marks,
        on_outcome: Callback::new(move |outcome| map.apply(outcome)),
    };
    let items = Signal::derive(move || {
        let view = view.get();
        answer.with(|answer| items(&view, answer, marks.get(), map.zone.get(), false)).unwrap_or_default()
    });
    let on_remove = Callback::new(move |index| {
        map.show(&view.get_untracked().without_region(index), HistoryMode::Push);
    });
    let colours = move |e: Event| {
        let scale = if value_of(&e) == "log" { Scale::Log } else { Scale::Linear };
        map.show(&HeatView { scale, ..view.get_untracked() }, HistoryMode::Push);
    };
    let selected = snapshot.sides.into_iter();
    let selected: Vec<_> = selected.filter_map(|side| side.profile.map(|p| (p, side.replicas))).collect();
    let regions: Vec<_> = view.get_untracked().picked.into_iter().flatten().collect();
    // Snapshots from before both were frozen have the last one.
    let last = regions.len().saturating_sub(selected.len());
    let regions = regions.into_iter().skip(last).map(Some).chain(std::iter::repeat(None));
    let parts: Vec<_> = selected.into_iter().zip(regions).collect();
    let names: &[&'static str] = match parts.len() {
        1 => &["Selected region"],
        _ => &["First selected region", "Second selected region"],
    };
    view! {
        <div class="snapshot-options view-options"><label>"Colour scale "
            <select on:change=handler(colours)
                prop:value=move || if view.with(|v| v.scale == Scale::Log) { "log" } else { "linear" }>
                <option value="linear">"linear"</option><option value="log">"log"</option>
            </select></label></div>
        <HeatmapView label="Heat map" heat />
        <Panel items compare=Signal::derive(|| None) on_remove />
        {parts.into_iter().zip(names.iter().copied()).map(|(part, name)| below(map, part, name)).collect::<Vec<_>>()}
    }
    .into_any()
}

/// The flame graph of a selected region.
fn below(
    map: SnapshotMap,
    ((profile, replicas), region): ((LoadedProfile, u64), Option<Region>),
    name: &'static str,
) -> AnyView {
    let state = map.state;
    // Of a row that is a function, the stacks through it, as its own page shows them.
    let function = region.and_then(|region| map.answer.with_untracked(|a| a.subject.function_of(&region)));
    let through: Vec<Transform> = function.into_iter().map(|name| Transform::of(Kind::Focus, name)).collect();
    let view = Memo::new(move || {
        let view = state.state.with(|s| read(s, View::from_params));
        let told = state.state.with(|s| s.contains("steps="));
        let transforms = if told { view.transforms } else { through.clone() };
        View { transforms, ..view }
    });
    let on_view = Callback::new(move |(changed, mode): (View, HistoryMode)| {
        let map = map.view.get_untracked().to_params();
        state.show(&write(map.into_iter().chain(changed.to_params())), mode);
    });
    let profile = RwSignal::new(Some(profile));
    view! {
        <h2 class="snapshot-part">{name}</h2>
        <SummaryLine profile replicas=Signal::derive(move || replicas) />
        <ProfileView profile view on_view source=Source::Saved />
    }
    .into_any()
}
