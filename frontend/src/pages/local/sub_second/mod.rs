//! Sub-second offsets of a local file: a heat map with a column per second. A selection shows its flame graph below, two
//! selections their diff.

mod state;

use crate::browser::event::{Event, is_checked, value_of};
use crate::context::local_files::LocalFiles;
use crate::local_file::chart::LaneInfo;
use crate::reactive::{Callback, Memo, Signal, handler, list, shown};
use crate::state::clock_text::Zone;
use crate::state::compare::DiffView;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::local_view::LocalView;
use crate::state::offsets_view::{OffsetsView, ROWS};
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::function_panel::source::Source;
use crate::views::heatmap::panel::{Item, Panel};
use crate::views::heatmap::{Heat, HeatmapView};
use crate::views::profile_view::ProfileView;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::diff;
use flarepath_profile::heatmap::Scale;
use leptos::prelude::*;
use state::{SubSecond, chosen};
use std::sync::Arc;

/// The view of the open file.
#[component]
pub(crate) fn SubSecondView(
    files: LocalFiles,
    /// Query string of the page.
    query: Signal<String>,
    /// Receives the query string as it should become.
    on_query: Callback<(String, HistoryMode)>,
) -> impl IntoView {
    let state = SubSecond::new(files, query, on_query);
    view! { <Options state />{map_and_parts(state, panel)} }
}

/// A map that cannot be built anew: no other rows, and no other selections than those with a call tree.
#[component]
pub(crate) fn FrozenSubSecond(
    files: LocalFiles,
    /// The state of the view.
    query: Signal<String>,
    /// Receives the state as it should become.
    on_query: Callback<(String, HistoryMode)>,
) -> impl IntoView {
    let picked = move |text: &str| OffsetsView::parse(text).picked;
    let on_query = Callback::new(move |(changed, mode): (String, HistoryMode)| {
        if picked(&changed) == query.with_untracked(|text| picked(text)) {
            on_query.run((changed, mode));
        }
    });
    map_and_parts(SubSecond::new(files, query, on_query), selections)
}

/// The selections as text, with a button to remove each.
fn panel(state: SubSecond) -> AnyView {
    let items = Signal::derive(move || {
        state
            .selections()
            .into_iter()
            .map(|text| Item { text, path: None, changed: None })
            .collect::<Vec<_>>()
    });
    let on_remove = Callback::new(move |index| {
        state.show(&state.view.get_untracked().without_part(index), HistoryMode::Push);
    });
    view! { <Panel items compare=Signal::derive(|| None) on_remove /> }.into_any()
}

/// The selections as text.
fn selections(state: SubSecond) -> AnyView {
    let one = |(name, text): (&'static str, String)| {
        view! { <li><span class="heat-text"><strong>{name}</strong>" "{text}</span></li> }.into_any()
    };
    let all = move || {
        let texts = state.selections();
        let names = if texts.len() > 1 { ["Baseline", "Comparison"] } else { ["Selected", ""] };
        (!texts.is_empty()).then(|| {
            let rows = list(names.into_iter().zip(texts).map(one));
            view! { <section class="heat-panel" aria-label="Selection"><ul>{rows}</ul></section> }.into_any()
        })
    };
    view! { {move || all()} }.into_any()
}

/// The map with its selections, and their call trees below.
fn map_and_parts(state: SubSecond, selections: fn(SubSecond) -> AnyView) -> AnyView {
    let data = Signal::derive(move || state.data.get().and_then(Result::ok));
    let marks = Memo::new(move || {
        let picked = state.view.with(|v| v.picked);
        let asked = state.parts_asked();
        let (map, shape) = (data.get(), state.shape());
        let mut found = [Vec::new(), Vec::new()];
        for (i, (ends, _)) in
            picked.into_iter().zip(asked).enumerate().filter(|(_, (_, asked))| asked.is_some())
        {
            if let (Some((a, b)), Some(map)) = (ends, &map) {
                found[i] = map.between(shape, a, b);
            }
        }
        found
    });
    let heat = Heat {
        data,
        scale: Memo::new(move || state.view.with(|v| v.scale)),
        zone: Signal::derive(|| Zone::UTC),
        shape: Signal::derive(move || state.shape()),
        marks,
        on_outcome: Callback::new(move |outcome| state.apply(outcome)),
    };
    let message = move || {
        match state.data.get() {
        None => Some(
            view! { <p class="message" role="status">"Building the heat map …"</p> }
                .into_any(),
        ),
        Some(Err(text)) => Some(
            view! { <p class="notice" role="alert">{format!("The heat map could not be built: {text}.")}</p> }.into_any(),
        ),
        Some(Ok(_)) => None,
    }
    };
    view! {
        {move || message()}
        {shown(move || data.with(Option::is_some), move || view! {
            <section class="profile-section heat-section" aria-label="Sub-second offsets">
                <HeatmapView label="Sub-second offsets" heat />
                {selections(state)}
            </section>
            <Selected state />
        }.into_any())}
    }
    .into_any()
}

/// Thread, rows, cells, colour scale, and what a drag selects.
#[component]
fn Options(state: SubSecond) -> impl IntoView {
    let view = state.view;
    let threads = move || {
        let lanes = state.files.chart.lanes.get().map(|(_, lanes)| lanes).unwrap_or_default();
        let now = state.local.with(|v| v.thread.clone());
        let one = |lane: LaneInfo| {
            let chosen = now.as_ref() == Some(&lane.name);
            view! { <option value=format!("={}", lane.name) selected=chosen>{lane.label().to_owned()}</option> }.into_any()
        };
        list(lanes.into_iter().map(one))
    };
    let choose_thread = move |e: Event| {
        let thread = value_of(&e).strip_prefix('=').map(str::to_owned);
        let view = OffsetsView { picked: [None, None], ..state.view.get_untracked() };
        let local = LocalView { thread, ..state.local.get_untracked() };
        state.show_both(&view, &local, HistoryMode::Push);
    };
    let several = Memo::new(move || {
        state.files.chart.lanes.with(|lanes| lanes.as_ref().is_some_and(|(_, lanes)| lanes.len() > 1))
    });
    let check = move |label: &'static str, on: fn(&OffsetsView) -> bool, set: fn(&mut OffsetsView, bool)| {
        view! {
            <label class="check"><input type="checkbox" prop:checked=move || view.with(on)
                on:change=handler(move |e: Event| { let on = is_checked(&e); state.change(|v| set(v, on)); }) />{label}</label>
        }
        .into_any()
    };
    let rows = ROWS.map(|rows| {
        view! { <option value=rows.to_string() selected=move || view.with(|v| v.rows) == rows>{format!("{} ms", 1000 / rows)}</option> }
            .into_any()
    });
    let choose_rows = move |e: Event| {
        let rows = value_of(&e).parse().ok().filter(|rows| ROWS.contains(rows));
        rows.into_iter().for_each(|rows| state.change(|v| (v.rows, v.picked) = (rows, [None, None])));
    };
    view! {
        <div class="heat-options" role="group" aria-label="Rows and cells">
            {shown(move || several.get(), move || view! {
                <label>"Thread "<select class="input" on:change=handler(choose_thread)>
                    <option value="" selected=move || state.local.with(|v| v.thread.is_none())>"all"</option>
                    {move || threads()}
                </select></label>
            }.into_any())}
            <label>"Row height "<select class="input" on:change=handler(choose_rows)>{list(rows)}</select></label>
            {check("Values instead of samples", |v| v.by_value, |v, on| v.by_value = on)}
            {check("Logarithmic colour scale", |v| v.scale == Scale::Log, |v, on| v.scale = if on { Scale::Log } else { Scale::Linear })}
            {check("Select a rectangle instead of a time range", |v| v.band, |v, on| (v.band, v.picked) = (on, [None, None]))}
        </div>
    }
}

/// The flame graph of the selection, or the diff of two.
#[component]
fn Selected(state: SubSecond) -> impl IntoView {
    let parts = Memo::new(move || state.parts());
    let profile = Memo::new(move || {
        let (.., kind) = chosen(state.files)?;
        let [first, second] = parts.get().map(|part| part.and_then(|part| part.result.ok()));
        let wanted = state.view.with(|v| v.picked[1].is_some());
        let (tree, diff) = match (first?, second) {
            (first, Some(second)) if wanted => {
                (Arc::new(CallTree::empty()), Some(Arc::new(diff(&first, &second))))
            }
            (first, None) if !wanted => (first.arc().clone(), None),
            _ => return None,
        };
        let profile_type = Some(kind.profile_type());
        let generation = 0;
        Some(LoadedProfile {
            tree,
            diff,
            origins: None,
            unit: kind.unit,
            profile_type,
            seconds: None,
            covered_ns: None,
            profiles: 1,
            generation,
        })
    });
    let failed = move || {
        let texts = parts.get().into_iter().flatten().filter_map(|part| part.result.err());
        list(texts.map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any()))
    };
    let which = Memo::new(move || {
        let both = profile.with(|p| p.as_ref().map(|p| p.diff.is_some()));
        let empty =
            profile.with(|p| p.as_ref().is_some_and(|p| p.diff.is_none() && p.tree.total(NodeId::ROOT) == 0));
        (both, empty)
    });
    let body = move || match which.get() {
        (None, _) => None,
        (_, true) => {
            Some(view! { <p class="message" role="status">"No samples in the selection."</p> }.into_any())
        }
        (Some(false), _) => {
            let view = Memo::new(move || state.local.with(|v| v.view.clone()));
            let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| {
                let local = LocalView { view, ..state.local.get_untracked() };
                state.show_both(&state.view.get_untracked(), &local, mode);
            });
            // Lines are only known for the whole file.
            Some(view! { <ProfileView profile view on_view source=Source::Saved /> }.into_any())
        }
        (Some(true), _) => {
            let view = Memo::new(move || state.view.with(|v| v.diff.clone()));
            let on_view = Callback::new(move |(diff, mode): (DiffView, HistoryMode)| {
                state.show(&OffsetsView { diff, ..state.view.get_untracked() }, mode);
            });
            Some(view! { <ComparisonView profile view on_view /> }.into_any())
        }
    };
    view! { {move || failed()}{move || body()} }
}
