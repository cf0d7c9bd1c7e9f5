//! The flame chart of a local file: its threads, search and colours, and the chart itself.

mod state;

use crate::browser::clock::zone_min;
use crate::browser::event::{Event, KeyboardEvent, on_window_key, value_of};
use crate::browser::focus;
use crate::components::context_menu::{ContextMenu, MenuItem, OpenMenu};
use crate::components::search_bar::SearchBar;
use crate::context::local_files::LocalFiles;
use crate::context::utc::Utc;
use crate::local_file::chart::LaneInfo;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list, shown};
use crate::state::identity::Shared;
use crate::state::local_view::{LocalView, Shows};
use crate::state::view::{HistoryMode, View};
use crate::views::derive;
use crate::views::flame::boxes::path;
use crate::views::flame::chart::{CallMenuRequest, ChartProps, FlameChart};
use crate::views::menu::copy;
use crate::views::toolbar::colour_select;
use crate::views::view_menu::ViewMenu;
use flarepath_profile::flame::BoxId;
use leptos::html::Input;
use leptos::prelude::*;
use state::TimeOrder;

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
    let colours = Memo::new(move || {
        let chart = order.chart.get()?;
        let origins = || Shared::new(derive::guessed_origins(chart.tree.frames()));
        Some(derive::colours(&chart.tree, by.get(), origins))
    });
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
                <ViewMenu>
                    {colour_select(by, Callback::new(move |by| order.change(HistoryMode::Push, |v| v.view.colour = by)))}
                </ViewMenu>
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
        let option = move |(i, lane): (usize, LaneInfo)| {
            let text = format!("{} ({} samples)", lane.label(), lane.samples);
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
