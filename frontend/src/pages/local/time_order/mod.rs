//! The flame chart of a local file: its threads, search and colours, and the chart itself.

use crate::browser::clock::zone_min;
use crate::browser::event::{Event, KeyboardEvent, on_window_key, value_of};
use crate::browser::focus;
use crate::components::context_menu::{ContextMenu, MenuItem, OpenMenu};
use crate::components::search_bar::{SearchBar, SearchStatus};
use crate::context::local_files::LocalFiles;
use crate::context::local_files::chart::ChartAnswer;
use crate::context::utc::Utc;
use crate::local_file::job::Job;
use crate::local_file::protocol::request;
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect, handler, list, shown};
use crate::state::identity::Shared;
use crate::state::local_view::{LocalView, Shows};
use crate::state::view::{HistoryMode, View};
use crate::views::derive;
use crate::views::flame::boxes::path;
use crate::views::flame::chart::{CallMenuRequest, ChartProps, FlameChart, search};
use crate::views::menu::copy;
use crate::views::picture::Measure;
use crate::views::search::{marks, step};
use crate::views::toolbar::colour_select;
use flarepath_profile::flame::{BoxId, Chart};
use leptos::html::Input;
use leptos::prelude::*;

type Marks = Result<Option<Shared<Vec<bool>>>, String>;

/// What the parts of the view share. Copied freely.
#[derive(Clone, Copy)]
struct TimeOrder {
    files: LocalFiles,
    view: Signal<LocalView>,
    on_view: Callback<(LocalView, HistoryMode)>,
    /// Index of the selected thread.
    lane: Memo<Option<usize>>,
    answer: Memo<Option<ChartAnswer>>,
    chart: Memo<Option<Shared<Chart>>>,
    marks: Memo<Marks>,
    found: Memo<Shared<Vec<BoxId>>>,
    step_at: RwSignal<Option<usize>>,
    jump: RwSignal<Option<(u64, BoxId)>>,
}

/// The selected profile and sample type.
fn chosen(files: LocalFiles) -> Option<(usize, usize)> {
    files.job.with(|job| match job {
        Job::Open { chosen, .. } => Some(*chosen),
        _ => None,
    })
}

impl TimeOrder {
    #[inline(never)]
    fn new(
        files: LocalFiles,
        view: Signal<LocalView>,
        on_view: Callback<(LocalView, HistoryMode)>,
    ) -> TimeOrder {
        let chosen = Memo::new(move || chosen(files));
        let thread = Memo::new(move || view.with(|v| v.thread.clone()));
        let lane = Memo::new(move || {
            let of = chosen.get()?.0;
            files.chart.lanes.with(|lanes| {
                let (profile, lanes) = lanes.as_ref().filter(|(profile, _)| *profile == of)?;
                let named = thread.with(|name| lanes.iter().position(|l| Some(&l.name) == name.as_ref()));
                (*profile == of && !lanes.is_empty()).then(|| named.unwrap_or(0))
            })
        });
        let wanted = Memo::new(move || {
            let (profile, sample_type) = chosen.get()?;
            Some((profile, sample_type, lane.get()?))
        });
        effect(move || {
            if let Some((profile, _)) = chosen.get() {
                files.request(request::LANES, &[profile]);
            }
        });
        effect(move || {
            if let Some((profile, sample_type, lane)) = wanted.get()
                && files.chart.answer.with_untracked(|m| m.as_ref().map(|m| m.of)) != wanted.get_untracked()
            {
                files.request(request::CHART, &[profile, sample_type, lane]);
            }
        });
        let answer =
            Memo::new(move || files.chart.answer.get().filter(|answer| Some(answer.of) == wanted.get()));
        let chart = Memo::new(move || Some(Shared::from_arc(answer.get()?.result.ok()?)));
        let search = Memo::new(move || view.with(|v| (v.view.search.clone(), v.view.regex)));
        let marks = Memo::new(move || {
            let (text, regex) = search.get();
            let Some(chart) = chart.get() else { return Ok(None) };
            let marks = marks(chart.tree.frames(), &text, regex).map_err(|e| e.to_string())?;
            Ok(marks.map(Shared::new))
        });
        let found = Memo::new(move || {
            let marks = marks.get().ok().flatten();
            Shared::new(match (chart.get(), marks) {
                (Some(chart), Some(marks)) => search::boxes(&chart, &marks),
                _ => Vec::new(),
            })
        });
        let (step_at, jump) = (RwSignal::new(None), RwSignal::new(None));
        TimeOrder { files, view, on_view, lane, answer, chart, marks, found, step_at, jump }
    }

    fn change(self, mode: HistoryMode, f: impl FnOnce(&mut LocalView)) {
        let before = self.view.get_untracked();
        let mut view = before.clone();
        f(&mut view);
        if view != before {
            self.on_view.run((view, mode));
        }
    }

    fn search(self, text: String, regex: bool) {
        self.step_at.set(None);
        let toggled = self.view.with_untracked(|v| v.view.regex) != regex;
        let mode = if toggled { HistoryMode::Push } else { HistoryMode::Replace };
        self.change(mode, |v| (v.view.search, v.view.regex) = (text, regex));
    }

    fn status(self) -> SearchStatus {
        let (marks, chart) = match (self.marks.get(), self.chart.get()) {
            (Err(error), _) => return SearchStatus { error: Some(error), ..SearchStatus::default() },
            (Ok(Some(marks)), Some(chart)) => (marks, chart),
            _ => return SearchStatus::default(),
        };
        let count = self.found.with(|f| f.len());
        let measure = self.files.profile.with(|p| p.as_ref().map_or_else(Measure::unknown, Measure::of));
        let summary = search::summary(&chart, &measure, &marks, count, self.step_at.get());
        SearchStatus { summary, error: None, any: count > 0 }
    }

    /// Goes to the next call found, or to the one before.
    fn step(self, forward: bool) {
        let found = self.found.get_untracked();
        let at = self.step_at.get_untracked().filter(|at| *at < found.len());
        let Some(to) = step(found.len(), at, forward) else { return };
        self.step_at.set(Some(to));
        let turn = self.jump.get_untracked().map_or(0, |(turn, _)| turn) + 1;
        self.jump.set(Some((turn, found[to])));
    }

    fn choose_lane(self, at: usize) {
        let name = self.files.chart.lanes.with_untracked(|l| Some(l.as_ref()?.1.get(at)?.name.clone()));
        self.change(HistoryMode::Push, |v| {
            (v.thread, v.chart_view) = (name, Default::default());
        });
    }
}

/// Shows the samples of the local file in the order of time.
#[component]
pub(crate) fn TimeOrderView(
    files: LocalFiles,
    /// What is seen.
    view: Signal<LocalView>,
    /// Receives the view as it should become.
    on_view: Callback<(LocalView, HistoryMode)>,
) -> impl IntoView {
    let order = TimeOrder::new(files, view, on_view);
    let field = NodeRef::<Input>::new();
    on_window_key(move |event| key(&event, order, field));
    let by = Memo::new(move || view.with(|v| v.view.colour));
    let colours = Memo::new(move || order.chart.get().map(|c| derive::colours(&c.tree, by.get())));
    let utc = expect_context::<Utc>().0;
    let zone = Signal::derive(move || {
        let start = order.chart.with(|c| c.as_ref().map_or(0, |c| c.start_ns / 1_000_000));
        zone_min(utc.get(), start as i64)
    });
    let open = RwSignal::new(None::<OpenMenu>);
    let status = RwSignal::new(String::new());
    let props = ChartProps {
        chart: order.chart,
        colours,
        found: Memo::new(move || order.marks.get().ok().flatten()),
        chart_view: Memo::new(move || view.with(|v| v.chart_view)),
        on_chart_view: Callback::new(move |(chart_view, mode)| {
            order.change(mode, |v| v.chart_view = chart_view)
        }),
        on_menu: Callback::new(move |request| open.set(menu(order, status, request))),
        jump: order.jump.into(),
        zone_min: zone,
    };
    let failure = move || order.answer.get().and_then(|answer| answer.result.err());
    let waiting = move || order.answer.with(Option::is_none);
    view! {
        <div class="profile-view">
            <div class="view-bar">
                <Threads order />
                <SearchBar text=Signal::derive(move || view.with(|v| v.view.search.clone()))
                    regex=Signal::derive(move || view.with(|v| v.view.regex)) status=Signal::derive(move || order.status()) field
                    on_change=Callback::new(move |(text, regex)| order.search(text, regex))
                    on_step=Callback::new(move |forward| order.step(forward)) />
                <div class="view-options">
                    {colour_select(by, Callback::new(move |by| order.change(HistoryMode::Push, |v| v.view.colour = by)))}
                </div>
            </div>
            {shown(waiting, || view! { <p class="notice" role="status">"Building the flame chart …"</p> }.into_any())}
            {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            {shown(move || order.chart.with(Option::is_some), move || view! { <FlameChart props /> }.into_any())}
            <p class="status-line" role="status">{move || status.get()}</p>
            <ContextMenu menu=open />
        </div>
    }
}

/// The picker of a thread, where there is a choice.
#[component]
fn Threads(order: TimeOrder) -> impl IntoView {
    let picker = move || {
        let lanes = order.files.chart.lanes.get()?.1;
        let at = order.lane.get().unwrap_or(0);
        let option = move |(i, lane): (usize, crate::local_file::chart::LaneInfo)| {
            let name = if lane.name.is_empty() { "(no thread name)".to_owned() } else { lane.name };
            let text = format!("{name} ({} samples)", lane.samples);
            view! { <option value=i.to_string() selected=i == at>{text}</option> }.into_any()
        };
        (lanes.len() > 1).then(|| {
            view! {
                <label class="chart-threads">"Thread "<select on:change=handler(move |e: Event| {
                    value_of(&e).parse().into_iter().for_each(|at| order.choose_lane(at));
                })>{list(lanes.into_iter().enumerate().map(option))}</select></label>
            }
            .into_any()
        })
    };
    view! { {move || picker()} }
}

/// What one can do with a call.
fn menu(order: TimeOrder, status: RwSignal<String>, request: CallMenuRequest) -> Option<OpenMenu> {
    let chart = order.chart.get_untracked()?;
    let layout = &chart.layout;
    let name_of = |id: BoxId| chart.tree.name(layout.node(id)).to_owned();
    let stack: Vec<String> = path(&*chart, request.id).into_iter().skip(1).map(name_of).collect();
    let name = name_of(request.id);
    let mut items = Vec::new();
    let mut item =
        |label: &str, run: Callback<()>| items.push(MenuItem { label: label.to_owned(), key: "", run });
    let function = name.clone();
    item("Search for this function", Callback::new(move |()| order.search(function.clone(), false)));
    let path = stack.clone();
    item(
        "Show in the flame graph",
        Callback::new(move |()| {
            let zoom = path.clone();
            order.change(HistoryMode::Push, |v| {
                v.shows = Shows::Profile;
                v.view = View { zoom, mode: None, ..v.view.unzoomed() };
            });
        }),
    );
    for (label, text) in [("Copy name", name.clone()), ("Copy stack", stack.join("\n"))] {
        item(label, Callback::new(move |()| copy(status, text.clone())));
    }
    Some(OpenMenu { x: request.at.0, y: request.at.1, title: name, items, closed: request.closed })
}

/// Keys that work wherever the focus is, except in a field.
fn key(event: &KeyboardEvent, order: TimeOrder, field: NodeRef<Input>) {
    let held = event.ctrl_key() || event.meta_key() || event.alt_key();
    if held || event.default_prevented() || focus::is_typing() {
        return;
    }
    match event.key().as_str() {
        "/" => focus::field(field),
        "n" => order.step(true),
        "N" => order.step(false),
        "0" => order.change(HistoryMode::Push, |v| v.chart_view = Default::default()),
        _ => return,
    }
    event.prevent_default();
}
