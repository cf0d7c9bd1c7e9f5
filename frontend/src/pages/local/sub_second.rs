//! Sub-second offsets of a local file: each second a column, and what was sampled in its parts. A part of it leads to its
//! flame graph below, two to their difference.

use crate::browser::history::Address;
use crate::local_file::job::Job;
use crate::local_file::offsets::{MapAsk, MapMessage, PartAsk};
use crate::local_file::opened::OpenedType;
use crate::local_file::protocol::ask;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::compare::DiffView;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::local_files::LocalFiles;
use crate::state::local_offsets::MadePart;
use crate::state::local_view::LocalView;
use crate::state::offsets_view::{Ends, OffsetsView, ROWS};
use crate::state::view::{HistoryMode, View};
use crate::views::comparison::ComparisonView;
use crate::views::function_panel::slot::Source;
use crate::views::heatmap::data::{Axis, HeatData, Shape};
use crate::views::heatmap::interaction::Outcome;
use crate::views::heatmap::panel::{Item, Panel};
use crate::views::heatmap::{Heat, HeatmapView};
use crate::views::picture::Shared;
use crate::views::profile_view::ProfileView;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::diff;
use flarepath_profile::heatmap::{Cell, Heatmap, Origin, Scale};
use flarepath_profile::units::{Unit, format_share, format_value};
use leptos::ev::Event;
use leptos::prelude::*;
use std::sync::Arc;

/// What the parts of the view share. Copied freely.
#[derive(Clone, Copy)]
struct SubSecond {
    files: LocalFiles,
    address: Address,
    local: Memo<LocalView>,
    view: Memo<OffsetsView>,
    /// The map that is wanted.
    asked: Memo<Option<MapAsk>>,
    /// The map, or why there is none; `None` while it is made.
    data: Memo<Option<Result<Shared<HeatData>, String>>>,
}

impl SubSecond {
    #[inline(never)]
    fn new(files: LocalFiles, address: Address, local: Memo<LocalView>) -> SubSecond {
        let view = Memo::new(move || address.query.with(|text| OffsetsView::parse(text)));
        let chosen = Memo::new(move || chosen(files));
        let thread = Memo::new(move || local.with(|v| v.thread.clone()));
        let lane = Memo::new(move || {
            let name = thread.get()?;
            files.chart.lanes.with(|lanes| lanes.as_ref()?.1.iter().position(|lane| lane.name == name))
        });
        let asked = Memo::new(move || {
            let (profile, sample_type, _) = chosen.get()?;
            let (rows, by_value) = view.with(|v| (v.rows, v.by_value));
            Some(MapAsk { profile, sample_type, lane: lane.get(), rows, by_value })
        });
        effect(move || {
            if let Some((profile, ..)) = chosen.get() {
                files.ask(ask::LANES, &[profile]);
            }
        });
        effect(move || {
            if let Some(map) = asked.get()
                && files.offsets.map.with_untracked(|m| m.as_ref().map(|m| m.of)) != Some(map)
            {
                files.ask(ask::OFFSETS, &map.numbers());
            }
        });
        let data = Memo::new(move || {
            let (asked, (.., kind)) = (asked.get()?, chosen.get()?);
            let made = files.offsets.map.get().filter(|made| made.of == asked)?;
            Some(made.made.map(|map| Shared::new(heat_data(&map, asked, &kind))))
        });
        let state = SubSecond { files, address, local, view, asked, data };
        effect(move || {
            let wanted: Vec<PartAsk> = state.parts_asked().into_iter().flatten().collect();
            files.offsets.keep(&wanted).iter().for_each(|part| files.ask(ask::PART, &part.numbers()));
        });
        state
    }

    /// The parts that are selected of the map that is there.
    fn parts_asked(self) -> [Option<PartAsk>; 2] {
        let (of, map) = (self.asked.get(), self.data.get().and_then(Result::ok));
        let (band, picked) = self.view.with(|v| (v.band, v.picked));
        picked.map(|ends| {
            let ((from, to), of, map) = (ends?, of?, map.as_ref()?);
            let inside = |cell: Cell| cell.row < map.map.rows() && cell.column < map.map.columns();
            (inside(from) && inside(to)).then_some(PartAsk { of, band, from, to })
        })
    }

    /// The trees of the selected parts, as far as they are there.
    fn parts(self) -> [Option<MadePart>; 2] {
        let made = self.files.offsets.parts.get();
        self.parts_asked().map(|asked| made.iter().find(|part| Some(part.of) == asked).cloned())
    }

    fn shape(self) -> Shape {
        if self.view.with(|v| v.band) { Shape::Rectangle } else { Shape::Time }
    }

    fn show(self, view: &OffsetsView, mode: HistoryMode) {
        self.address.go(&view.path(&self.local.get_untracked()), mode);
    }

    fn change(self, change: impl FnOnce(&mut OffsetsView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        self.show(&view, HistoryMode::Push);
    }

    fn hear(self, outcome: Outcome) {
        let view = self.view.get_untracked();
        match outcome {
            Outcome::Select { from, to, grows } => {
                let mode = if grows { HistoryMode::Replace } else { HistoryMode::Push };
                self.show(&view.with_part((from, to), grows), mode);
            }
            Outcome::Clear if view.picked[0].is_some() => self.change(|view| view.picked = [None, None]),
            // What is selected is open already.
            Outcome::Open(Some(at)) if view.picked[0].is_none() => {
                self.show(&view.with_part((at, at), false), HistoryMode::Push);
            }
            Outcome::Clear | Outcome::Open(_) => {}
        }
    }

    /// A selection in words: from when to when, and how much.
    fn text(self, data: &HeatData, (from, to): Ends) -> String {
        let (a, b) = (from.column.min(to.column), from.column.max(to.column));
        if b >= data.map.columns() {
            return "outside of this map".to_owned();
        }
        let rects = data.between(self.shape(), from, to);
        let (value, _) = data.sum(&rects);
        let what = if self.view.with(|v| v.by_value) { "" } else { " samples" };
        let share = format_share(value, data.map.total());
        let amount = format!("{}{what}, {share}", format_value(value, &data.unit));
        let row = |row: usize| data.map.row_name(row).to_owned();
        let time = if self.shape() == Shape::Rectangle {
            let (low, high) = (from.row.min(to.row), from.row.max(to.row));
            format!("seconds {a} to {b}, from {} on to the end of the row of {}", row(low), row(high))
        } else {
            let (first, last) =
                if (from.column, from.row) <= (to.column, to.row) { (from, to) } else { (to, from) };
            format!("from {a} s {} to the end of {b} s {}", row(first.row), row(last.row))
        };
        format!("{time}: {amount} of all")
    }
}

/// Profile and sample type that are looked at, and what the type is.
fn chosen(files: LocalFiles) -> Option<(usize, usize, OpenedType)> {
    files.job.with(|job| match job {
        Job::Open { opened, chosen, .. } => {
            let kind = opened.profiles.get(chosen.0)?.types.get(chosen.1)?;
            Some((chosen.0, chosen.1, kind.clone()))
        }
        _ => None,
    })
}

fn heat_data(message: &MapMessage, ask: MapAsk, kind: &OpenedType) -> HeatData {
    let (rows, columns) = (message.rows.len(), message.columns as usize);
    let mut map = Heatmap::new(message.rows.clone(), columns);
    let mut totals = vec![0.0; columns];
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| Cell { row, column }));
    for (cell, value) in cells.zip(&message.values) {
        map.add(cell, *value);
        totals[cell.column] += value;
    }
    let what = if ask.by_value { kind.kind.clone() } else { "Samples".to_owned() };
    let untimed = match message.untimed {
        0 => String::new(),
        n => format!("; {n} samples say no time and are left out"),
    };
    HeatData {
        map,
        unit: if ask.by_value { Unit::of(&kind.kind, &kind.unit) } else { Unit::parse("count") },
        totals,
        rest: false,
        axis: Axis::Seconds,
        origin: Origin::Bottom,
        caption: format!("{what} in each {} ms; a column is a second{untimed}", 1000 / ask.rows),
    }
}

/// The view of the open file.
#[component]
pub fn SubSecondView(
    /// The open file.
    files: LocalFiles,
    /// Where the page is.
    address: Address,
    /// What is seen of the file.
    local: Memo<LocalView>,
) -> impl IntoView {
    let state = SubSecond::new(files, address, local);
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
        zone: Signal::derive(|| 0),
        shape: Signal::derive(move || state.shape()),
        marks,
        on_outcome: Callback::new(move |outcome| state.hear(outcome)),
    };
    let items = Signal::derive(move || {
        let Some(data) = data.get() else { return Vec::new() };
        let item = |ends| Item { text: state.text(&data, ends), path: None };
        state.view.with(|v| v.picked).into_iter().flatten().map(item).collect::<Vec<_>>()
    });
    let on_remove = Callback::new(move |index| {
        state.show(&state.view.get_untracked().without_part(index), HistoryMode::Push);
    });
    let message = move || match state.data.get() {
        None => Some(
            view! { <p class="message" role="status">"Sorting the samples into parts of seconds …"</p> }
                .into_any(),
        ),
        Some(Err(text)) => Some(
            view! { <p class="notice" role="alert">{format!("There is no map: {text}.")}</p> }.into_any(),
        ),
        Some(Ok(_)) => None,
    };
    view! {
        <Options state />
        {move || message()}
        {shown(move || data.with(Option::is_some), move || view! {
            <section class="profile-section heat-section" aria-label="Sub-second offsets">
                <HeatmapView label="Sub-second offsets" heat />
                <Panel items compare=Signal::derive(|| None) on_remove />
            </section>
            <Selected state />
        }.into_any())}
    }
}

/// Thread, rows, cells, colours, and what a drag selects.
#[component]
fn Options(state: SubSecond) -> impl IntoView {
    let view = state.view;
    let threads = move || {
        let lanes = state.files.chart.lanes.get().map(|(_, lanes)| lanes).unwrap_or_default();
        let now = state.local.with(|v| v.thread.clone());
        let one = |name: String| {
            let chosen = now.as_ref() == Some(&name);
            let label = if name.is_empty() { "(no thread)".to_owned() } else { name.clone() };
            view! { <option value=format!("={name}") selected=chosen>{label}</option> }.into_any()
        };
        list(lanes.into_iter().map(|lane| one(lane.name)))
    };
    let choose_thread = move |e: Event| {
        let thread = event_target_value(&e).strip_prefix('=').map(str::to_owned);
        let view = OffsetsView { picked: [None, None], ..state.view.get_untracked() };
        let local = LocalView { thread, ..state.local.get_untracked() };
        state.address.go(&view.path(&local), HistoryMode::Push);
    };
    let several = Memo::new(move || {
        state.files.chart.lanes.with(|lanes| lanes.as_ref().is_some_and(|(_, lanes)| lanes.len() > 1))
    });
    let check = move |label: &'static str, on: fn(&OffsetsView) -> bool, set: fn(&mut OffsetsView, bool)| {
        view! {
            <label class="check"><input type="checkbox" prop:checked=move || view.with(on)
                on:change=handler(move |e: Event| { let on = event_target_checked(&e); state.change(|v| set(v, on)); }) />{label}</label>
        }
        .into_any()
    };
    let rows = ROWS.map(|rows| {
        view! { <option value=rows.to_string() selected=move || view.with(|v| v.rows) == rows>{format!("{} ms", 1000 / rows)}</option> }
            .into_any()
    });
    let choose_rows = move |e: Event| {
        let rows = event_target_value(&e).parse().ok().filter(|rows| ROWS.contains(rows));
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
            <label>"Rows of "<select class="input" on:change=handler(choose_rows)>{list(rows)}</select></label>
            {check("Values, not samples", |v| v.by_value, |v, on| v.by_value = on)}
            {check("Logarithmic colours", |v| v.scale == Scale::Log, |v, on| v.scale = if on { Scale::Log } else { Scale::Linear })}
            {check("Select a band, not a stretch of time", |v| v.band, |v, on| (v.band, v.picked) = (on, [None, None]))}
        </div>
    }
}

/// The flame graph of what is selected, or the difference of two parts.
#[component]
fn Selected(state: SubSecond) -> impl IntoView {
    let parts = Memo::new(move || state.parts());
    let profile = Memo::new(move || {
        let (.., kind) = chosen(state.files)?;
        let [first, second] = parts.get().map(|part| part.and_then(|part| part.made.ok()));
        let wanted = state.view.with(|v| v.picked[1].is_some());
        let (tree, diff) = match (first?, second) {
            (first, Some(second)) if wanted => {
                (Arc::new(CallTree::empty()), Some(Arc::new(diff(&first, &second))))
            }
            (first, None) if !wanted => (first, None),
            _ => return None,
        };
        let profile_type = Some(kind.profile_type());
        let generation = 0;
        Some(LoadedProfile {
            tree,
            diff,
            unit: kind.unit,
            profile_type,
            seconds: None,
            covered_ns: None,
            profiles: 1,
            generation,
        })
    });
    let failed = move || {
        let texts = parts.get().into_iter().flatten().filter_map(|part| part.made.err());
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
            Some(view! { <p class="message" role="status">"Nothing was sampled there."</p> }.into_any())
        }
        (Some(false), _) => {
            let view = Memo::new(move || state.local.with(|v| v.view.clone()));
            let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| {
                let local = LocalView { view, ..state.local.get_untracked() };
                state.address.go(&state.view.get_untracked().path(&local), mode);
            });
            // Lines are known of the whole file only, and would be too many for a part of it.
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
